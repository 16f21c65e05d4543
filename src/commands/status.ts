import { Command, Option } from 'commander';
import { readDuration } from '../cli/durations.js';
import type { Outcome, RenderContext, Runtime } from '../cli/runtime.js';
import type { AccountRecord } from '../core/account.js';
import type { Diagnosis } from '../core/diagnosis/diagnose.js';
import { type ErrorCode, GsacError } from '../core/errors.js';
import {
  type Foreseeable,
  type ForeseenEnd,
  type ForeseenReason,
  foreseeEnd,
  type PublishingStatus,
} from '../core/foresight.js';
import type { Services } from '../core/services.js';
import { isoTime, localMinute, relativeTime, shortRelativeTime } from '../core/times.js';
import { diagnoseRefresh } from '../flows/diagnose-refresh.js';
import {
  defaultConcurrency,
  everyAccount,
  type RefreshOutcome,
  refreshEach,
} from '../flows/every-account.js';
import { chooseAccount, describeAccount, listAccounts } from '../flows/open-account.js';
import { clean } from '../terminal/clean.js';
import { renderFirstCause } from '../terminal/render-diagnosis.js';
import { toGsacError } from '../terminal/render-error.js';
import type { Style } from '../terminal/style.js';
import { wrap } from '../terminal/wrap.js';

/** The flags of `gsac status`. */
export interface StatusOptions {
  failWithinMs: number;
  online: boolean;
  publishingStatus: PublishingStatus | undefined;
}

/**
 * What is to be thought of an account's refresh token: `ended` by what was stated or foreseen,
 * `dead` by Google's own word.
 */
export type StatusVerdict = 'ok' | 'ends_soon' | 'ended' | 'dead' | 'unknown';

/** One account in JSON. Times are ISO 8601, UTC. */
export interface AccountStatus {
  key: string;
  sub: string | null;
  email: string | null;
  client_id: string;
  store: string;
  /** Null for credentials in the environment that do not say it. */
  issued_at: string | null;
  last_used_at: string | null;
  /** Null where it is not known, and where the token is dead. */
  ends_at: string | null;
  end: {
    reason: ForeseenReason | ErrorCode;
    certainty: 'stated' | 'foreseen' | 'known';
    detail: string;
    fix: string;
  } | null;
  verdict: StatusVerdict;
  /** With `--online`: what came of the refresh; `unavailable` says nothing of the token. */
  online?: {
    result: 'alive' | 'refused' | 'unavailable';
    error: {
      code: ErrorCode;
      message: string;
      hint: string | null;
      /** Where Google refused: the likely causes, the likeliest first. */
      diagnosis: Diagnosis[];
    } | null;
  };
}

/** The JSON document of `gsac status`. */
export interface StatusResult {
  /** The first to end first. */
  accounts: AccountStatus[];
  fail_within_seconds: number;
  /** How many end within the time, have ended, or are refused by Google. */
  failing: number;
}

/** Refusals that no later refresh of the same token will lift. */
const deadly: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'invalid_grant',
  'reauth_required',
  'refresh_token_absent',
  'account_unknown',
]);

/** Declares `gsac status`. */
export function statusCommand(runtime: Runtime, run = runStatus): Command {
  return new Command('status')
    .summary('say when each refresh token will end, and why')
    .description(
      'Say of every stored account, or of the one that --account names, when its refresh token was ' +
        'issued and last used, when it will end and why: stated by Google, seven days for an app in ' +
        'Testing, or six months without use. Offline, without opening any store.',
    )
    .option('--fail-within <time>', 'exit 6 where one ends within this time', '2d')
    .option('--online', 'refresh each account, too, and see which are dead')
    .addOption(
      new Option(
        '--publishing-status <status>',
        'of the project, where it is known (Cloud console, Audience)',
      ).choices(['testing', 'production']),
    )
    .addHelpText(
      'after',
      `
Times are a number and a unit: 90m, 36h, 2d, 1w.

WHY is one of
  stated    Google stated the end with the token (refresh_token_expires_in)
  testing   seven days: the project is in Testing, by --publishing-status or
            since Google gave another account of the project seven days; an app
            that asks for name, email address and profile alone is exempt
  unused    six months after the last use, or after the issue
  dead      Google refused the refresh (--online)

Exit codes:
  0  every token lasts longer than --fail-within
  6  one ends within it, has ended, is dead, or is refused; all are printed
  3  with --online: none of these, but Google could not be asked about some
     account (5: a store could not be opened); the error's JSON has them all
  4  no account is stored

Example:
  $ gsac status --fail-within 3d --json || notify "sign in again"`,
    )
    .action((_options, command: Command) =>
      runtime.run(command, (services) => run(readOptions(command.opts()), services), renderStatus),
    );
}

function readOptions(flags: Record<string, unknown>): StatusOptions {
  const status = flags['publishingStatus'];
  return {
    failWithinMs: readDuration(String(flags['failWithin']), '--fail-within'),
    online: flags['online'] === true,
    publishingStatus: status === 'testing' || status === 'production' ? status : undefined,
  };
}

/**
 * Judges every account's refresh token by what is known here and, with `online`, by a refresh.
 * A dead account is kept.
 *
 * @throws {GsacError} `account_unknown` (4); where no token is failing and some could not be asked,
 *   why not (3, 5), with the whole result in its details.
 */
export async function runStatus(
  options: StatusOptions,
  services: Services,
): Promise<Outcome<StatusResult>> {
  const startedAt = services.now();
  const chosen = await chooseAccounts(services);
  const outcomes = options.online
    ? await refreshEach(services, chosen, defaultConcurrency)
    : undefined;
  const judged: Judged[] = [];
  // Read after the refreshes, which may have brought a stated end.
  const { accounts } = await (await services.accounts()).list();
  const around = { publishingStatus: options.publishingStatus, accounts };
  for (const [at, chosenAccount] of chosen.entries()) {
    const outcome = outcomes?.[at];
    const account = toCurrent(chosenAccount, accounts, outcome, startedAt);
    const end = foreseeEnd(account, around);
    const now = services.now();
    const judgement = judge(account, end, outcome, now, options.failWithinMs);
    const { document, refused } = judgement;
    if (refused !== undefined && document.online?.error) {
      const { publishingStatus } = options;
      const causes = diagnoseRefresh(chosenAccount, refused, now, { publishingStatus });
      document.online.error.diagnosis = await causes;
    }
    judged.push(judgement);
  }
  judged.sort(byEnd);
  const result: StatusResult = {
    accounts: judged.map(({ document }) => document),
    fail_within_seconds: options.failWithinMs / 1000,
    failing: judged.filter(({ failing }) => failing).length,
  };
  if (result.failing === 0) refuseUnasked(judged, result);
  return { result, exitCode: result.failing > 0 ? 6 : 0 };
}

/** Credentials in the environment go before stored accounts, as in every command, and are shown with them. */
async function chooseAccounts(services: Services): Promise<AccountRecord[]> {
  const { account, store } = services.globals;
  if (account !== undefined || store === 'env') return [await chooseAccount(services)];
  const given = store === undefined ? await services.environmentAccount() : undefined;
  if (given === undefined) return everyAccount(services);
  const stored = await listAccounts(services);
  return [given.account, ...stored.filter(({ key }) => key !== given.account.key)];
}

/** The account as it is now: after a refresh that went well it was used, and may have a new end. */
function toCurrent(
  account: AccountRecord,
  accounts: readonly AccountRecord[],
  outcome: RefreshOutcome | undefined,
  startedAt: number,
): Foreseeable {
  const stored =
    account.store === 'env' ? undefined : accounts.find(({ key }) => key === account.key);
  const current = stored ?? account;
  const usedAt =
    outcome !== undefined && 'refreshed' in outcome ? outcome.refreshed.session.obtainedAt : 0;
  return {
    ...current,
    // Credentials in the environment that do not say when they were issued count as issued now.
    issuedAt: account.store === 'env' && account.issuedAt >= startedAt ? null : current.issuedAt,
    // The index may lag behind: its write may fail, and another process may be about to do it.
    lastUsedAt: Math.max(current.lastUsedAt ?? 0, usedAt) || null,
  };
}

interface Judged {
  document: AccountStatus;
  failing: boolean;
  /** What Google said against the token. */
  refused: GsacError | undefined;
  /** Why Google could not be asked. */
  unavailable: GsacError | undefined;
}

function judge(
  account: Foreseeable,
  foreseen: ForeseenEnd | undefined,
  outcome: RefreshOutcome | undefined,
  now: number,
  failWithinMs: number,
): Judged {
  const error =
    outcome !== undefined && 'failure' in outcome ? toGsacError(outcome.failure) : undefined;
  const unavailable = error?.exitCode === 3 || error?.exitCode === 5 ? error : undefined;
  const refused = unavailable === undefined ? error : undefined;
  const known = refused === undefined ? foreseen : undefined;
  const verdict =
    refused === undefined
      ? toVerdict(foreseen, now, failWithinMs)
      : deadly.has(refused.code)
        ? 'dead'
        : 'unknown';
  return {
    document: {
      key: account.key,
      sub: account.sub,
      email: account.email,
      client_id: account.clientId,
      store: account.store,
      issued_at: isoTime(account.issuedAt),
      last_used_at: isoTime(account.lastUsedAt),
      ends_at: isoTime(known?.at ?? null),
      end: refused === undefined ? toEnd(foreseen) : toRefusal(refused),
      verdict,
      ...(outcome === undefined ? {} : { online: toOnline(refused, unavailable) }),
    },
    failing: refused !== undefined || (verdict !== 'ok' && verdict !== 'unknown'),
    refused,
    unavailable,
  };
}

function toVerdict(
  foreseen: ForeseenEnd | undefined,
  now: number,
  failWithinMs: number,
): StatusVerdict {
  if (foreseen === undefined) return 'unknown';
  if (foreseen.at <= now) return 'ended';
  return foreseen.at <= now + failWithinMs ? 'ends_soon' : 'ok';
}

function toEnd(foreseen: ForeseenEnd | undefined): AccountStatus['end'] {
  if (foreseen === undefined) return null;
  const { reason, certainty, detail, fix } = foreseen;
  return { reason, certainty, detail, fix };
}

function toRefusal({ code, message, hint }: GsacError): AccountStatus['end'] {
  const fix = hint ?? 'Sign in again and exchange the new code.';
  return { reason: code, certainty: 'known', detail: message, fix };
}

function toOnline(
  refused: GsacError | undefined,
  unavailable: GsacError | undefined,
): NonNullable<AccountStatus['online']> {
  const error = refused ?? unavailable;
  return {
    result: refused !== undefined ? 'refused' : unavailable !== undefined ? 'unavailable' : 'alive',
    error:
      error === undefined
        ? null
        : { code: error.code, message: error.message, hint: error.hint ?? null, diagnosis: [] },
  };
}

/** Refused ones first, then by the end, those without a known one last. */
function byEnd({ document: one }: Judged, { document: other }: Judged): number {
  return rank(one) - rank(other) || compare(one.ends_at, other.ends_at);
}

function rank({ verdict, ends_at: endsAt }: AccountStatus): number {
  if (verdict === 'dead') return 0;
  return endsAt === null ? 2 : 1;
}

/** ISO times sort as text. */
function compare(one: string | null, other: string | null): number {
  return (one ?? '') < (other ?? '') ? -1 : one === other ? 0 : 1;
}

/** With nothing failing, an account that could not be asked is what the person must hear of. */
function refuseUnasked(judged: readonly Judged[], result: StatusResult): void {
  const errors = judged.flatMap(({ unavailable }) => unavailable ?? []);
  const worst = errors.find(({ exitCode }) => exitCode === 5) ?? errors[0];
  if (worst === undefined) return;
  const count =
    judged.length === 1 ? '' : `${errors.length} of ${judged.length} accounts were not checked: `;
  throw new GsacError(worst.code, `${count}${worst.message}`, {
    hint: `${worst.hint ?? 'Try again.'} Without --online, what is known here is shown.`,
    details: { ...worst.details, ...result },
  });
}

const whys: Readonly<Record<string, string>> = {
  stated_expiry: 'stated',
  testing_seven_days: 'testing',
  six_months_unused: 'unused',
};

/** What people read. */
export async function renderStatus(
  result: StatusResult,
  { style, isTty, now }: RenderContext,
): Promise<string> {
  // Loaded for listings alone: measuring the width of text takes tables that cost start-up time.
  const { renderColumns, toListingStyle } = await import('../terminal/columns.js');
  const paint = style();
  const ago = (time: string | null, none: string) =>
    time === null ? none : shortRelativeTime(Date.parse(time), now);
  const rows = result.accounts.map((account) => {
    const at = account.ends_at === null ? undefined : Date.parse(account.ends_at);
    return [
      signs[account.verdict],
      describeAccount(account),
      ago(account.issued_at, 'unknown'),
      ago(account.last_used_at, 'never'),
      at === undefined ? '-' : `${localMinute(at)}, ${shortRelativeTime(at, now)}`,
      account.verdict === 'dead'
        ? 'dead'
        : account.end === null
          ? '-'
          : (whys[account.end.reason] ?? 'refused'),
    ];
  });
  const titles = ['', 'ACCOUNT', 'ISSUED', 'LAST USED', 'ENDS', 'WHY'];
  const table = renderColumns(
    titles.map((title) => ({ title, shrinks: title === 'ACCOUNT' })),
    rows,
    toListingStyle(paint, isTty()),
  );
  const remarks = result.accounts.map((account) => renderRemark(account, paint, now)).join('');
  return `${table}${remarks === '' ? '' : `\n${remarks}`}`;
}

const signs: Readonly<Record<StatusVerdict, string>> = {
  ok: '✓',
  ends_soon: '!',
  ended: '✗',
  dead: '✗',
  unknown: '?',
};

/** What is the matter with an account and what to do, where something is. */
function renderRemark(account: AccountStatus, paint: Style, now: number): string {
  const { end, verdict, online } = account;
  const line = (text: string) => wrap(clean(text), paint.columns, '  ', 0);
  const name = describeAccount(account);
  if (online?.result === 'unavailable') {
    return `${line(`${name} was not checked: ${online.error?.message ?? ''}`)}\n`;
  }
  if (end === null || verdict === 'ok') return '';
  const when =
    account.ends_at === null ? undefined : relativeTime(Date.parse(account.ends_at), now);
  const what =
    verdict === 'dead'
      ? paint.bad('dead')
      : verdict === 'ends_soon'
        ? paint.notice(`ends ${when}`)
        : paint.bad(verdict === 'ended' ? `ended ${when}` : 'refused');
  const cause = renderFirstCause(online?.error?.diagnosis ?? [], paint);
  return `${clean(name)}: ${what}\n  ${wrap(clean(end.detail), paint.columns, '  ', 2)}\n${cause}  ${paint.notice('fix:')} ${wrap(clean(end.fix), paint.columns, '  ', 7)}\n`;
}
