import { Command } from 'commander';
import { type OpenAccount, openAccount } from '../accounts/open-account.js';
import { readSession } from '../accounts/refresh.js';
import { proveRevocable, removeLocally } from '../accounts/remove-account.js';
import type { Outcome, RenderContext, Runtime } from '../cli/runtime.js';
import {
  type AccountRecord,
  type AccountReference,
  describeAccount,
  toAccountReference,
} from '../core/account.js';
import { GsacError } from '../core/errors.js';
import { clean } from '../terminal/clean.js';
import { confirm } from '../terminal/confirm.js';
import type { Services } from '../wiring.js';

/** The JSON document of `gsac revoke`. */
export interface RevokeResult {
  account: AccountReference;
  /** What Google said. */
  google: 'revoked' | 'already_dead';
  /** Whether the account was forgotten on this machine; false for one of the environment. */
  removed: boolean;
}

/** Declares `gsac revoke`. */
export function revokeCommand(runtime: Runtime, run = runRevoke): Command {
  return new Command('revoke')
    .summary('end the access at Google, then forget the account')
    .description(
      'Revoke the account’s refresh token at Google, then forget the account on this machine. ' +
        'It ends the access of every client of the same Cloud project to this person.',
    )
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  $ gsac revoke --account tester@example.com --yes')
    .action((_options, command: Command) =>
      runtime.run(
        command,
        (services) => run({ yes: command.opts()['yes'] === true }, services),
        renderRevoke,
      ),
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
  services: Services,
): Promise<Outcome<RevokeResult>> {
  const opened = await openAccount(services);
  const { account, credential, store, endpoints } = opened;
  services.circumstances.stage = 'revoke';
  if (!store.readOnly) await proveRevocable(services, account);
  if (!yes) {
    await confirm(services, {
      consequence: `This ends the access of every client of the Cloud project to ${describeAccount(account)}, not of this one alone.`,
      question: 'Revoke it?',
      refusal: 'Nothing was revoked.',
    });
  }
  const token = credential.refreshToken ?? (await readSession(services, opened))?.accessToken;
  const google =
    token === undefined
      ? 'already_dead'
      : await (await services.revocation()).revoke(token, endpoints);
  if (store.readOnly) await forgetSession(services, opened);
  else await forget(services, account, google);
  return {
    result: { account: toAccountReference(account), google, removed: !store.readOnly },
  };
}

async function forget(
  services: Services,
  account: AccountRecord,
  google: RevokeResult['google'],
): Promise<void> {
  try {
    await removeLocally(services, account);
  } catch (thrown) {
    if (!(thrown instanceof GsacError)) throw thrown;
    const { code, message, hint = '', details } = thrown;
    const name = describeAccount(account);
    const ended =
      google === 'revoked'
        ? `The access of ${name} is ended at Google`
        : `The token of ${name} was dead at Google already`;
    throw new GsacError(code, `${ended}; only its entry on this machine remains: ${message}`, {
      hint: `${hint} Then forget it: \`gsac accounts remove ${account.key}\`.`.trimStart(),
      details: { ...details, revocation: google, removed: false },
    });
  }
}

/** Credentials in the environment stay, but what was made from them here goes. */
async function forgetSession(services: Services, opened: OpenAccount): Promise<void> {
  await (await services.sessions()).remove(opened.account.key);
  if ((await readSession(services, opened)) === undefined) return;
  services.notices.warn(
    'The access token in the cache could not be removed: `gsac token` hands it out until it ends, though it is dead.',
    'Mend the folder of the cache (GSAC_HOME), then revoke once more.',
  );
}

function renderRevoke(
  { account, google, removed }: RevokeResult,
  { style }: RenderContext,
): string {
  const name = clean(describeAccount(account));
  const said =
    google === 'revoked'
      ? `The access of every client of this project to ${name} is revoked.`
      : `The token of ${name} was dead already.`;
  const local = removed
    ? 'The account is forgotten on this machine.'
    : 'The environment’s variables still hold the token.';
  return `${style().good('✓')} ${said} ${local}\n`;
}
