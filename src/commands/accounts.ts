import { Command } from 'commander';
import type { BrokenAccountFile } from '../accounts/account-index.js';
import { keepCredential } from '../accounts/keep-credential.js';
import { findAccount, listAccounts, warnOfBroken } from '../accounts/open-account.js';
import { proveWritable } from '../accounts/prove-writable.js';
import { cacheSession } from '../accounts/refresh.js';
import { removeLocally } from '../accounts/remove-account.js';
import type { CredentialStore } from '../accounts/stores/store.js';
import type { Outcome, RenderContext, Runtime } from '../cli/runtime.js';
import type { EnvironmentAccount } from '../core/account.js';
import {
  type AccountRecord,
  type Credential,
  describeAccount,
  storeNames,
  toAccountKey,
} from '../core/account.js';
import {
  type AuthorizedUser,
  fingerprintOf,
  maxCredentialFileBytes,
  parseAuthorizedUser,
} from '../core/authorized-user.js';
import { googleTokenUri, toEndpoints } from '../core/endpoints.js';
import { systemCodeOf } from '../core/errors.js';
import { identityOf } from '../core/id-token.js';
import { isoTime, relativeTime } from '../core/times.js';
import { readNamedFile } from '../files/named-file.js';
import { clean } from '../terminal/clean.js';
import type { Services } from '../wiring.js';

/** One account in JSON. Times are ISO 8601, UTC. */
export interface AccountDocument {
  key: string;
  sub: string | null;
  email: string | null;
  client_id: string;
  scopes: string[];
  store: string;
  issued_at: string;
  last_used_at: string | null;
  default: boolean;
}

/** The JSON document of `gsac accounts list`. */
export interface AccountsResult {
  accounts: AccountDocument[];
  /** Account files that cannot be read, where there are some: whose they are is not known. */
  broken?: BrokenAccountFile[];
}

/** The JSON document of `use`, `remove` and `import`. */
export interface AccountResult {
  account: AccountDocument;
  /** What was done. */
  status: 'default' | 'removed' | 'imported';
  /** The variable whose credentials go before the account that was chosen. */
  overridden_by?: string;
}

/** Declares `gsac accounts`. */
export function accountsCommand(runtime: Runtime): Command {
  const command = new Command('accounts')
    .summary('list, choose, remove and import accounts')
    .description('The accounts that are stored on this machine.')
    .addHelpText('after', '\nExample:\n  $ gsac accounts use tester@example.com');
  command
    .command('list', { isDefault: true })
    .summary('list the stored accounts')
    .addHelpText('after', '\nExample:\n  $ gsac accounts list --json')
    .action((_options, inner: Command) => runtime.run(inner, runAccountsList, renderAccounts));
  command
    .command('use')
    .argument('<account>', 'email address, sub or key')
    .summary('choose the account that commands work on')
    .addHelpText('after', '\nExample:\n  $ gsac accounts use tester@example.com')
    .action((account: string, _options, inner: Command) =>
      runtime.run(inner, (services) => runAccountsUse(account, services), renderAccount),
    );
  command
    .command('remove')
    .argument('<account>', 'email address, sub or key')
    .summary('forget an account on this machine; Google is not asked')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac accounts remove tester@example.com\n\nTo end the access at Google, too, use gsac revoke.',
    )
    .action((account: string, _options, inner: Command) =>
      runtime.run(inner, (services) => runAccountsRemove(account, services), renderAccount),
    );
  command
    .command('import')
    .argument('<file>', 'an authorized_user JSON, or - for stdin')
    .summary('store the refresh token of an authorized_user file')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac accounts import ~/.config/gcloud/application_default_credentials.json',
    )
    .action((file: string, _options, inner: Command) =>
      runtime.run(inner, (services) => runAccountsImport(file, services), renderAccount),
    );
  return command;
}

/** Lists the accounts. A broken file of the index is told of, not fatal. */
export async function runAccountsList(services: Services): Promise<Outcome<AccountsResult>> {
  if (services.globals.store === 'env') return listEnvironment(services);
  const { accounts, broken } = await listAccounts(services);
  warnOfBroken(services, broken);
  const defaultKey = await (await services.accountIndex()).defaultKey();
  if (accounts.length === 0 && broken.length === 0) {
    services.notices.say(
      'No account is stored. Exchange a code first: gsac exchange --client <client_secret_*.json>',
    );
  }
  const given = await overridingAccount(services);
  if (given !== undefined) {
    const { from, account } = given;
    services.notices.say(
      `${from} is set: commands work on its account${account.email === null ? '' : ` (${account.email})`}, which is not stored, unless --store is given.`,
    );
  }
  return {
    result: {
      accounts: accounts.map((account) => toDocument(account, account.key === defaultKey)),
      ...(broken.length > 0 ? { broken } : {}),
    },
  };
}

/** The account of the environment where it goes before the stored ones. */
async function overridingAccount(services: Services): Promise<EnvironmentAccount | undefined> {
  if (services.globals.store !== undefined) return undefined;
  // What is wrong with the variables is said by the commands that need them.
  return services.environmentAccount().catch(() => undefined);
}

/** What `--store env` lists: the one account of the environment, which no list holds. */
async function listEnvironment(services: Services): Promise<Outcome<AccountsResult>> {
  const found = await services.environmentAccount();
  if (found !== undefined) return { result: { accounts: [toDocument(found.account, true)] } };
  services.notices.say(
    'The environment holds no credentials. Set GSAC_CREDENTIALS, or GSAC_CLIENT_ID, GSAC_CLIENT_SECRET and GSAC_REFRESH_TOKEN.',
  );
  return { result: { accounts: [] } };
}

/** Makes an account the default. @throws {GsacError} `account_unknown`, `account_ambiguous`. */
export async function runAccountsUse(
  selector: string,
  services: Services,
): Promise<Outcome<AccountResult>> {
  const account = await findAccount(services, selector);
  await (await services.accountIndex()).setDefaultKey(account.key);
  const from = (await overridingAccount(services))?.from;
  if (from !== undefined) {
    services.notices.warn(
      `${from} is set: its credentials go before every account that is chosen.`,
      `Unset ${from}, or name the store in each command: --store ${account.store}.`,
    );
  }
  return {
    result: {
      account: toDocument(account, true),
      status: 'default',
      ...(from === undefined ? {} : { overridden_by: from }),
    },
  };
}

/** Forgets an account: the credential, the session, the line in the index, in this order. */
export async function runAccountsRemove(
  selector: string,
  services: Services,
): Promise<Outcome<AccountResult>> {
  const account = await findAccount(services, selector);
  await removeLocally(services, account);
  return { result: { account: toDocument(account, false), status: 'removed' } };
}

/**
 * Imports an authorized_user file. Whose it is, is asked of Google by one refresh, unless the file
 * is a rescue file, which says so itself and is removed once its token is stored.
 *
 * @throws {GsacError} exit 2 for the file, 3 and 4 for the refresh, 5 for the store.
 */
export async function runAccountsImport(
  file: string,
  services: Services,
): Promise<Outcome<AccountResult>> {
  const text =
    file === '-'
      ? await services.readStdin(maxCredentialFileBytes)
      : await readNamedFile(file, 'credential_file_invalid');
  services.circumstances.stage = 'refresh';
  const user = parseAuthorizedUser(text, file === '-' ? 'standard input' : file);
  const credential: Credential = {
    clientId: user.clientId,
    ...(user.clientSecret === undefined ? {} : { clientSecret: user.clientSecret }),
    refreshToken: user.refreshToken,
    tokenUri: user.tokenUri ?? googleTokenUri,
    sessionKey: services.newSessionKey(),
  };
  // Before anything is sent: the file's token_uri is untrusted.
  const endpoints = toEndpoints(credential.tokenUri, services.globals.allowedTokenUris);
  const store = await proveWritable(services);
  const account = user.rescue
    ? toRescuedAccount(user, store, services.now())
    : await identify(services, store, credential, user, endpoints);
  if (user.rescue) {
    await keepCredential(services, store, account, credential, 0);
    if (file !== '-') await removeRescueFile(services, file, store);
  }
  const isDefault = (await (await services.accountIndex()).defaultKey()) === account.key;
  return { result: { account: toDocument(account, isDefault), status: 'imported' } };
}

/** A file that stays, such as a pipe that a shell made for the command, costs nothing of the import. */
async function removeRescueFile(
  services: Services,
  file: string,
  store: CredentialStore,
): Promise<void> {
  const where = `its token is in ${storeNames[store.kind]} now`;
  try {
    await services.removeFile(file);
    services.notices.say(`${file} was removed: ${where}.`);
  } catch (thrown) {
    services.notices.warn(
      `${file} could not be removed (${systemCodeOf(thrown) ?? 'unknown'}); ${where}.`,
      'Remove the file: the token in it is UNENCRYPTED.',
    );
  }
}

function toRescuedAccount(
  user: AuthorizedUser,
  store: CredentialStore,
  now: number,
): AccountRecord {
  const sub = user.sub ?? null;
  return {
    key: toAccountKey(user.clientId, sub, fingerprintOf(user.refreshToken)),
    sub,
    email: user.email ?? null,
    clientId: user.clientId,
    scopes: user.scopes ?? [],
    store: store.kind,
    issuedAt: user.issuedAt ?? now,
    lastUsedAt: null,
    refreshTokenExpiresAt: user.refreshTokenExpiresAt ?? null,
  };
}

async function identify(
  services: Services,
  store: CredentialStore,
  credential: Credential,
  user: AuthorizedUser,
  endpoints: ReturnType<typeof toEndpoints>,
): Promise<AccountRecord> {
  const { tokens } = await (await services.tokenEndpoint()).refresh(credential, endpoints);
  const known = identityOf(tokens.idToken);
  const sub = known.sub ?? user.sub ?? null;
  const now = services.now();
  const refreshToken = tokens.refreshToken ?? user.refreshToken;
  const account: AccountRecord = {
    key: toAccountKey(user.clientId, sub, fingerprintOf(refreshToken)),
    sub,
    email: known.email ?? user.email ?? null,
    clientId: user.clientId,
    scopes: tokens.scopes ?? user.scopes ?? [],
    store: store.kind,
    issuedAt: user.issuedAt ?? now,
    lastUsedAt: now,
    refreshTokenExpiresAt: tokens.refreshTokenExpiresAt ?? user.refreshTokenExpiresAt ?? null,
  };
  const kept = { ...credential, refreshToken };
  await keepCredential(services, store, account, kept, 0);
  if (tokens.accessToken !== undefined) {
    await cacheSession(
      services,
      { account, credential: kept },
      {
        accessToken: tokens.accessToken,
        tokenType: tokens.tokenType,
        expiresAt: tokens.expiresAt,
        scopes: account.scopes,
        ...(tokens.idToken === undefined ? {} : { idToken: tokens.idToken }),
        obtainedAt: now,
      },
    );
  }
  return account;
}

function toDocument(account: AccountRecord, isDefault: boolean): AccountDocument {
  const { key, sub, email, clientId, scopes, store, issuedAt, lastUsedAt } = account;
  return {
    key,
    sub,
    email,
    client_id: clientId,
    scopes,
    store,
    issued_at: isoTime(issuedAt),
    last_used_at: isoTime(lastUsedAt),
    default: isDefault,
  };
}

async function renderAccounts(
  { accounts }: AccountsResult,
  { style, isTty, now }: RenderContext,
): Promise<string> {
  if (accounts.length === 0) return '';
  // Loaded for listings alone: measuring the width of text takes tables that cost start-up time.
  const { renderColumns, toListingStyle } = await import('../terminal/columns.js');
  const rows = accounts.map((account) => [
    account.default ? '*' : '',
    describeAccount(account),
    account.store,
    relativeTime(Date.parse(account.issued_at), now),
    account.last_used_at === null ? 'never' : relativeTime(Date.parse(account.last_used_at), now),
    account.client_id.replace(/\.apps\.googleusercontent\.com$/, ''),
  ]);
  const titles = ['', 'ACCOUNT', 'STORE', 'ISSUED', 'LAST USED', 'CLIENT'];
  return renderColumns(
    titles.map((title) => ({ title, shrinks: title === 'CLIENT' })),
    rows,
    toListingStyle(style(), isTty()),
  );
}

function renderAccount(
  { account, status, overridden_by: from }: AccountResult,
  { style }: RenderContext,
): string {
  const name = clean(describeAccount(account));
  const sentences: Record<AccountResult['status'], string> = {
    default:
      from === undefined
        ? `Commands work on ${name} now, unless --account names another.`
        : `Commands work on ${name} once ${from} is unset, unless --account names another.`,
    removed: `${name} was forgotten on this machine. At Google its access goes on; gsac revoke would have ended it.`,
    imported: `${name} is stored.`,
  };
  return `${style().good('✓')} ${sentences[status]}\n`;
}
