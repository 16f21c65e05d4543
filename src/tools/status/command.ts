import { Command, Option } from 'commander';
import type { AccountListing } from '../../accounts/account-index.js';
import type { AccountWork } from '../../accounts/accounts.js';
import { chooseAccount, listWithEnvironment } from '../../accounts/open.js';
import { accountCircumstances } from '../../accounts/refresh.js';
import {
  defaultConcurrency,
  everyAccount,
  type RefreshOutcome,
  refreshEach,
} from '../../accounts/refresh-all.js';
import { readDuration } from '../../cli/flags.js';
import type { Outcome, Runtime } from '../../cli/runtime.js';
import type { AccountRecord } from '../../core/account.js';
import { GsacError } from '../../core/errors.js';
import { type Foreseeable, foreseeEnd, type PublishingStatus } from './foresight.js';
import { byEnd, type Judged, judge, type StatusResult } from './judgement.js';
import { renderStatus } from './render.js';

/** The flags of `gsac status`. */
export interface StatusOptions {
  failWithinMs: number;
  online: boolean;
  publishingStatus: PublishingStatus | undefined;
}

/** Declares `gsac status`. */
export function statusCommand(runtime: Runtime, run = runStatus): Command {
  return new Command('status')
    .summary('tell when each refresh token will end, and why')
    .description(
      'Say of every stored account, or of the one that --account names, when its refresh token was ' +
        'issued and last used, when it will end and why: stated by Google, seven days for an app in ' +
        'Testing, or six months without use. Offline, without opening any store.',
    )
    .option('--fail-within <time>', 'exit with 6 if one ends within this time', '2d')
    .option('--online', 'refresh each account, too, and see which are dead')
    .addOption(
      new Option(
        '--publishing-status <status>',
        'of the project, if you know it (Cloud console, Audience)',
      ).choices(['testing', 'production']),
    )
    .addHelpText(
      'after',
      `
WHY is one of
  stated    Google stated the end with the token (refresh_token_expires_in)
  testing   seven days: the project is in Testing, by --publishing-status or
            since Google gave another account of the project seven days; an app
            that asks only for name, email address and profile is exempt
  6 months idle
            Google ends a token that is not used for six months
  dead      Google refused the refresh: now (--online), or when it was last
            asked

Exit codes:
  0  every token lasts longer than --fail-within
  6  one ends within it, has ended, is dead, or is refused; all are printed;
     or an account's file cannot be read
  3  with --online: none of these, but Google could not be asked about some
     account (5: a store could not be opened, 1: what is kept for it is broken);
     the error's JSON has them all
  4  no account is stored

Example:
  $ gsac status --fail-within 3d --json || notify "sign in again"`,
    )
    .action((_options, command: Command) =>
      runtime.run(command, (provided) => run(readOptions(command.opts()), provided), renderStatus),
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
 *   why not (mostly 3 or 5), with the whole result in its details.
 */
export async function runStatus(
  options: StatusOptions,
  work: AccountWork,
): Promise<Outcome<StatusResult>> {
  const { now, diagnose } = work.context;
  const startedAt = now();
  const { accounts: chosen, broken } = await chooseAccounts(work);
  const outcomes = options.online ? await refreshEach(work, chosen, defaultConcurrency) : undefined;
  const judged: Judged[] = [];
  // Read after the refreshes, which may have brought a stated end.
  const { accounts } = await (await work.accounts.index()).list();
  const around = { publishingStatus: options.publishingStatus, accounts };
  for (const [at, chosenAccount] of chosen.entries()) {
    const outcome = outcomes?.[at];
    const account = toCurrent(chosenAccount, accounts, outcome, startedAt);
    const end = foreseeEnd(account, around);
    const judgement = judge(account, end, outcome, now(), options.failWithinMs);
    const { document, refused } = judgement;
    if (refused !== undefined && document.online?.error) {
      document.online.error.diagnosis = await diagnose.failure(refused, {
        ...accountCircumstances(chosenAccount, now()),
        publishingStatus: options.publishingStatus,
        stage: 'refresh',
      });
    }
    judged.push(judgement);
  }
  judged.sort(byEnd);
  const result: StatusResult = {
    accounts: judged.map(({ document }) => document),
    fail_within_seconds: options.failWithinMs / 1000,
    failing: judged.filter(({ failing }) => failing).length,
    ...(broken.length > 0 ? { broken } : {}),
  };
  const fine = result.failing === 0 && broken.length === 0;
  if (fine) refuseUnasked(judged, result);
  return { result, exitCode: fine ? 0 : 6 };
}

/** Credentials in the environment go before stored accounts, as in every command, and are shown with them. */
async function chooseAccounts(work: AccountWork): Promise<AccountListing> {
  const { account, store } = work.context.globals;
  if (account !== undefined || store === 'env') {
    return { accounts: [await chooseAccount(work)], broken: [] };
  }
  const { given, accounts, broken } = await listWithEnvironment(work);
  if (given === undefined) return everyAccount(work);
  const others = accounts.filter(({ key }) => key !== given.account.key);
  return { accounts: [given.account, ...others], broken };
}

/** The account as it is now: after a refresh that went well it was used, and may have a new end. */
function toCurrent(
  account: AccountRecord,
  accounts: readonly AccountRecord[],
  outcome: RefreshOutcome | undefined,
  startedAt: number,
): Foreseeable {
  const isGiven = account.store === 'env';
  const stored = isGiven ? undefined : accounts.find(({ key }) => key === account.key);
  const current = stored ?? account;
  const usedAt =
    outcome !== undefined && 'refreshed' in outcome ? outcome.refreshed.session.obtainedAt : 0;
  return {
    ...current,
    // Credentials in the environment that do not say when they were issued count as issued now.
    issuedAt: isGiven && account.issuedAt >= startedAt ? null : current.issuedAt,
    // The index may lag behind: its write may fail, and another process may be about to do it.
    lastUsedAt: Math.max(current.lastUsedAt ?? 0, usedAt) || null,
  };
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
