import { rm } from 'node:fs/promises';
import { Command } from 'commander';
import { proveWritable } from '../accounts/accounts.js';
import { imported } from '../accounts/changes.js';
import { refuseOtherClient } from '../accounts/open.js';
import type { Outcome, Provided, Runtime } from '../cli/runtime.js';
import { type AccountRecord, nameStore, toAccountKey } from '../core/account.js';
import {
  type AuthorizedUser,
  fingerprintOf,
  maxCredentialFileBytes,
  parseAuthorizedUser,
} from '../core/authorized-user.js';
import type { Notices } from '../core/context.js';
import { googleTokenUri, toEndpoints } from '../core/endpoints.js';
import { systemCodeOf, withFacts } from '../core/errors.js';
import { identityOf } from '../core/id-token.js';
import { type TokenSet, toSession } from '../core/token-answer.js';
import { readNamedFile } from '../files/named-file.js';
import { type AccountResult, renderAccount, toDocument } from './accounts-list.js';

interface ImportOptions {
  /** A path, or `-` for stdin. */
  file: string;
  /** Whether a rescued token is stored over a newer one. */
  force: boolean;
}

/** Declares `gsac accounts import`. */
export function importCommand(runtime: Runtime): Command {
  return new Command('import')
    .argument('<file>', 'an authorized_user JSON, or - for stdin')
    .summary('store the refresh token of an authorized_user file')
    .option('--force', 'store the token of a rescue file over a newer one')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac accounts import ~/.config/gcloud/application_default_credentials.json',
    )
    .action((file: string, { force = false }: { force?: boolean }, command: Command) =>
      runtime.run(
        command,
        (provided) => runAccountsImport({ file, force }, provided),
        renderAccount,
      ),
    );
}

/**
 * Imports an authorized_user file. Whose it is, is asked of Google by one refresh, unless the file
 * is a rescue file, which says so itself and is removed once its token is stored.
 *
 * @throws {GsacError} exit 2 for the file, also if a rescued token is older than the stored one; 3
 *   and 4 for the refresh, 5 for the store.
 */
async function runAccountsImport(
  { file, force }: ImportOptions,
  work: Pick<Provided, 'context' | 'accounts' | 'google'>,
): Promise<Outcome<AccountResult>> {
  const { context, accounts, google } = work;
  const text =
    file === '-'
      ? await context.readStdin(maxCredentialFileBytes)
      : await readNamedFile(file, 'credential_file_invalid');
  const name = file === '-' ? 'standard input' : file;
  const user = parseAuthorizedUser(text, name);
  const credential = {
    clientId: user.clientId,
    clientSecret: user.clientSecret,
    refreshToken: user.refreshToken,
    tokenUri: user.tokenUri ?? googleTokenUri,
    sessionKey: accounts.newSessionKey(),
  };
  await refuseOtherClient(context, name, user.clientId);
  // Before anything is sent: the file's token_uri is untrusted.
  const endpoints = toEndpoints(credential.tokenUri, context.globals.allowedTokenUris);
  const store = await proveWritable(work);
  const askedAt = context.now();
  const answer = user.rescue
    ? undefined
    : await withFacts(
        () => ({ stage: 'refresh' }),
        async () => (await google.token()).refresh(credential, endpoints),
      );
  const now = context.now();
  const tokens = answer?.tokens;
  const refreshToken = tokens?.refreshToken ?? user.refreshToken;
  const account = toRecord({ ...user, refreshToken }, tokens, store, now);
  const session = tokens && toSession(tokens, account.scopes, now);
  const isNew = refreshToken !== user.refreshToken;
  const grounds = user.rescue ? { force } : { askedAt, answeredAt: now, isNew };
  const granted = { account, credential: { ...credential, refreshToken } };
  const change = imported(granted, session, grounds);
  const { warnings } = await (await accounts.book()).change(account, change);
  for (const { message, hint } of warnings) context.notices.warn(message, hint);
  if (user.rescue && file !== '-') await removeRescueFile(context.notices, file, store);
  const isDefault = (await (await accounts.index()).defaultKey()) === account.key;
  return {
    result: {
      account: toDocument(account, isDefault),
      status: 'imported',
      warnings: warnings.length > 0 ? warnings : undefined,
    },
  };
}

/** A file that stays, such as a pipe that a shell made for the command, costs nothing of the import. */
async function removeRescueFile(
  notices: Notices,
  file: string,
  store: AccountRecord['store'],
): Promise<void> {
  const where = `its token is in ${nameStore(store)} now`;
  try {
    await rm(file, { force: true });
    notices.say(`${file} was removed: ${where}.`);
  } catch (thrown) {
    notices.warn(
      `${file} could not be removed (${systemCodeOf(thrown) ?? 'unknown'}); ${where}.`,
      'Remove the file: the token in it is UNENCRYPTED.',
    );
  }
}

/** @param tokens what Google answered; undefined if it was not asked. */
function toRecord(
  user: AuthorizedUser,
  tokens: TokenSet | undefined,
  store: AccountRecord['store'],
  now: number,
): AccountRecord {
  const known = identityOf(tokens?.idToken);
  const sub = known.sub ?? user.sub ?? null;
  return {
    key: toAccountKey(user.clientId, sub, fingerprintOf(user.refreshToken)),
    sub,
    email: known.email ?? user.email ?? null,
    clientId: user.clientId,
    scopes: tokens?.scopes ?? user.scopes ?? [],
    store,
    issuedAt: user.issuedAt ?? now,
    lastUsedAt: tokens === undefined ? null : now,
    refreshTokenExpiresAt: tokens?.refreshTokenExpiresAt ?? user.refreshTokenExpiresAt ?? null,
  };
}
