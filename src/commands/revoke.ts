import { Command } from 'commander';
import { type AccountWork, proveRevocable } from '../accounts/accounts.js';
import type { Warning } from '../accounts/book.js';
import { revoked } from '../accounts/changes.js';
import { type OpenAccount, openAccount, openRecord } from '../accounts/open.js';
import { readSession } from '../accounts/refresh.js';
import type { Outcome, Provided, RenderContext, Runtime } from '../cli/runtime.js';
import {
  type AccountRecord,
  type AccountReference,
  describeAccount,
  toAccountReference,
} from '../core/account.js';
import { GsacError, withFacts } from '../core/errors.js';
import { clean } from '../terminal/clean.js';
import { confirm } from '../terminal/confirm.js';

/** The JSON document of `gsac revoke`. */
export interface RevokeResult {
  account: AccountReference;
  /** What Google said. */
  google: 'revoked' | 'already_dead';
  /**
   * Whether the account was forgotten on this machine; false for one of the environment, and for one
   * that was signed in anew meanwhile.
   */
  removed: boolean;
  /** What the person should know of it, where there is something. */
  warnings?: Warning[] | undefined;
}

/** Declares `gsac revoke`. */
export function revokeCommand(runtime: Runtime, run = runRevoke): Command {
  return new Command('revoke')
    .summary('end the access at Google, then remove the account')
    .description(
      'Revoke the account’s refresh token at Google, then forget the account on this machine. ' +
        'This ends the access of every client of the same Cloud project to this person’s data. ' +
        'It may take some time until that has full effect.',
    )
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  $ gsac revoke --account tester@example.com --yes')
    .action(({ yes = false }: { yes?: boolean }, command: Command) =>
      runtime.run(command, (provided) => run({ yes }, provided), renderRevoke),
    );
}

/**
 * Revokes and forgets. Where Google says that the token was dead before, the account is forgotten
 * all the same; where Google cannot be reached, nothing is. Nothing is sent before the store has
 * proved that it can be written.
 *
 * @throws {GsacError} `input_required` without a person and without `--yes`; exits 3 to 5.
 */
export async function runRevoke(
  { yes }: { yes: boolean },
  work: Pick<Provided, 'context' | 'accounts' | 'google'>,
): Promise<Outcome<RevokeResult>> {
  const { context, google } = work;
  let opened = await openAccount(work);
  const { account, store } = opened;
  if (!store.readOnly) await proveRevocable(work, account);
  if (!yes) {
    await confirm(context, {
      consequence: `This ends the access of every client of the Cloud project to ${describeAccount(account)}, not only of this client.`,
      question: 'Revoke the access?',
      act: 'revoked',
    });
    // A person takes their time; what is stored by now is what they mean.
    const index = await work.accounts.index();
    if (!store.readOnly) opened = await openRecord(work, (await index.get(account.key)) ?? account);
  }
  const { credential, endpoints } = opened;
  const token = credential.refreshToken ?? (await readSession(work, opened))?.accessToken;
  const outcome =
    token === undefined
      ? 'already_dead'
      : await withFacts(
          () => ({ stage: 'revoke' }),
          async () => (await google.revoke()).revoke(token, endpoints),
        );
  const reference = { account: toAccountReference(account), google: outcome };
  if (store.readOnly) {
    await forgetSession(work, opened);
    return { result: { ...reference, removed: false } };
  }
  const removed = await forget(work, opened, outcome);
  const warnings = removed ? undefined : [newerKept(account)];
  return { result: { ...reference, removed, warnings } };
}

function newerKept(account: AccountRecord): Warning {
  return {
    code: 'newer_token_kept',
    message: `${describeAccount(account)} has signed in again meanwhile. gsac keeps that new token.`,
    hint: 'To revoke it as well, run the command again.',
  };
}

/** Whether the account was forgotten: what was signed in since then is alive, and stays. */
async function forget(
  { accounts }: Pick<AccountWork, 'accounts'>,
  { account, credential }: OpenAccount,
  google: RevokeResult['google'],
): Promise<boolean> {
  const name = describeAccount(account);
  const ended =
    google === 'revoked'
      ? `Google has ended the access to ${name}`
      : `Google says that the token of ${name} was already dead`;
  try {
    const book = await accounts.book();
    const { next } = await book.change(account, revoked(credential.refreshToken));
    return next !== undefined;
  } catch (thrown) {
    if (!(thrown instanceof GsacError)) throw thrown;
    const { code, message, hint = '', details } = thrown;
    throw new GsacError(
      code,
      `${ended}, but gsac could not forget the account on this machine: ${message}`,
      {
        hint: `${hint} Then forget it: \`gsac accounts remove ${account.key}\`.`.trimStart(),
        details: { ...details, revocation: google, removed: false },
      },
    );
  }
}

/** Credentials in the environment stay, but what was made from them here goes. */
async function forgetSession(
  work: Pick<AccountWork, 'context' | 'accounts'>,
  opened: OpenAccount,
): Promise<void> {
  await (await work.accounts.book()).forgetSession(opened.account.key);
  if ((await readSession(work, opened)) === undefined) return;
  work.context.notices.warn(
    'gsac could not remove the access token from its cache. It is dead, but `gsac token` prints it until it expires.',
    'Make the cache folder writable (GSAC_HOME), then run the command again.',
  );
}

function renderRevoke(
  { account, google, removed, warnings = [] }: RevokeResult,
  { style, quiet }: RenderContext,
): string {
  if (quiet) return '';
  const name = clean(describeAccount(account));
  const said =
    google === 'revoked'
      ? `The access of every client of this project to ${name} is revoked.`
      : `The token of ${name} was already dead.`;
  const [kept] = warnings;
  const local = removed
    ? ' The account is forgotten on this machine.'
    : kept === undefined
      ? ' The environment variables still hold the token.'
      : `\n${clean(kept.message)} ${kept.hint}`;
  return `${style().good('✓')} ${said}${local}\n`;
}
