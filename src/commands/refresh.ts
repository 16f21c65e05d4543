import { Command } from 'commander';
import type { BrokenAccountFile } from '../accounts/account-index.js';
import { openAccount, warnOfBroken } from '../accounts/open.js';
import { accountCircumstances, type Refreshed, refreshNow } from '../accounts/refresh.js';
import { defaultConcurrency, everyAccount, refreshEach } from '../accounts/refresh-all.js';
import { readCount } from '../cli/flags.js';
import type { Outcome, Provided, RenderContext, Runtime } from '../cli/runtime.js';
import {
  type AccountRecord,
  describeAccount,
  nameAccounts,
  toAccountReference,
} from '../core/account.js';
import type { Context } from '../core/context.js';
import { GsacError } from '../core/errors.js';
import { maskSecret } from '../core/secret.js';
import { isoTime, relativeTime } from '../core/times.js';
import { clean } from '../terminal/clean.js';
import { renderFirstCause, toGsacError } from '../terminal/errors.js';
import { wrap } from '../terminal/layout.js';
import type { Style } from '../terminal/style.js';

type Refreshing = Pick<Provided, 'context' | 'accounts' | 'google'>;

/** The JSON document of one refresh. */
export type RefreshResult = ReturnType<typeof toResult>;

/** The JSON document of `gsac refresh --all`. */
export interface RefreshAllResult {
  results: (RefreshResult | Awaited<ReturnType<typeof toFailure>>)[];
  failed: number;
  /** Account files that cannot be read, where there are some: whose they are is not known. */
  broken?: BrokenAccountFile[] | undefined;
}

/** Declares `gsac refresh`. */
export function refreshCommand(
  runtime: Runtime,
  run = runRefresh,
  runAll = runRefreshAll,
): Command {
  return new Command('refresh')
    .summary('refresh now and say what came back')
    .description(
      'Ask Google for a new access token now, even if a valid one is cached, and say what came ' +
        'back. If another process is refreshing at this moment, both share the result.',
    )
    .option('--all', 'every stored account; exits with 6 if one fails')
    .option('--concurrency <count>', 'how many at once with --all', String(defaultConcurrency))
    .addHelpText('after', '\nExample:\n  $ gsac refresh --all --json | jq .failed')
    .action((flags: { all?: true; concurrency: string }, command: Command) => {
      const bounds = { least: 1, most: 256 };
      const concurrency = readCount(flags.concurrency, '--concurrency', bounds);
      if (flags.all !== true) {
        if (command.getOptionValueSource('concurrency') === 'cli') {
          throw new GsacError('usage', '--concurrency goes with --all.');
        }
        return runtime.run(command, run, renderRefresh);
      }
      return runtime.run(command, (provided) => runAll({ concurrency }, provided), renderAll);
    });
}

/** Refreshes the chosen account. @throws {GsacError} exits 2 to 5. */
export async function runRefresh(work: Refreshing): Promise<Outcome<RefreshResult>> {
  const opened = await openAccount(work);
  const refreshed = await refreshNow(work, opened);
  return { result: toResult(work.context, opened.account, refreshed) };
}

/**
 * Refreshes every stored account, a bounded number at a time. One failure does not end the others;
 * it is in the result, and the exit code is 6, as it is where an account's file cannot be read.
 */
export async function runRefreshAll(
  { concurrency }: { concurrency: number },
  work: Refreshing,
): Promise<Outcome<RefreshAllResult>> {
  const { context } = work;
  if (context.globals.account !== undefined) {
    throw new GsacError('usage', '--all and --account exclude each other.', {
      hint: 'Is GSAC_ACCOUNT set? Unset it, or leave --all out.',
    });
  }
  const { accounts, broken } = await everyAccount(work);
  warnOfBroken(context, broken);
  const outcomes = await refreshEach(work, accounts, concurrency);
  const results = await Promise.all(
    outcomes.map((outcome) =>
      'failure' in outcome
        ? toFailure(context, outcome.account, toGsacError(outcome.failure))
        : toResult(context, outcome.account, outcome.refreshed),
    ),
  );
  const failed = results.filter((result) => 'error' in result).length;
  return {
    result: { results, failed, broken: broken.length > 0 ? broken : undefined },
    exitCode: failed > 0 || broken.length > 0 ? 6 : 0,
  };
}

async function toFailure({ diagnose, now }: Context, account: AccountRecord, error: GsacError) {
  const history = accountCircumstances(account, now());
  const diagnosis = await diagnose.failure(error, { ...history, stage: 'refresh' });
  const { code, message, hint } = error;
  return {
    account: toAccountReference(account),
    error: { code, message, hint: hint ?? null, diagnosis },
  };
}

function toResult(
  { globals }: Context,
  account: AccountRecord,
  { session: { accessToken, expiresAt, scopes }, rotated }: Refreshed,
) {
  return {
    account: toAccountReference(account),
    scopes,
    access_token: {
      value: globals.showSecrets ? accessToken : maskSecret(accessToken),
      expires_at: isoTime(expiresAt),
    },
    refresh_token: { status: rotated ? 'rotated' : 'unchanged' },
  };
}

function renderRefresh(
  result: RefreshResult,
  { style, isTty, now, quiet }: RenderContext,
  name = describeAccount(result.account),
): string {
  if (quiet) return '';
  const { value, expires_at: expiresAt } = result.access_token;
  const rotated =
    result.refresh_token.status === 'rotated'
      ? 'Google sent a new refresh token, now stored'
      : 'refresh token unchanged';
  const text = `${name}: ${value}, ends ${relativeTime(Date.parse(expiresAt), now)}; ${rotated}`;
  return `${style().good('✓')} ${within(text, style(), isTty())}\n`;
}

/** A line behind its sign, within the terminal if it goes to one. */
function within(text: string, { columns }: Style, isTty: boolean): string {
  return isTty ? wrap(clean(text), columns, '  ', 2) : clean(text);
}

function renderAll(
  { results, failed, broken = [] }: RefreshAllResult,
  context: RenderContext,
): string {
  const paint = context.style();
  const references = results.map(({ account }) => ({ ...account, clientId: account.client_id }));
  const nameOf = nameAccounts(references);
  const lines = results.map((result) => {
    const name = nameOf(result.account.key);
    return 'error' in result
      ? `${paint.bad('✗')} ${within(`${name}: ${result.error.message}`, paint, context.isTty())}\n${renderFirstCause(result.error.diagnosis, paint)}`
      : renderRefresh(result, context, name);
  });
  const left =
    broken.length === 0
      ? ''
      : `, ${broken.length} left out: ${broken.length === 1 ? 'its account file' : 'their account files'} cannot be read`;
  if (context.quiet && failed + broken.length === 0) return '';
  return `${lines.join('')}${results.length - failed} refreshed, ${failed} failed${left}\n`;
}
