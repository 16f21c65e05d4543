import {
  type AccountRecord,
  type Credential,
  matchesAccount,
  type StoreKind,
} from '../core/account.js';
import { type Endpoints, toEndpoints } from '../core/endpoints.js';
import { GsacError } from '../core/errors.js';
import type { CredentialStore } from '../core/ports.js';
import type { Services } from '../core/services.js';

/** An account with its store open and its credential read. */
export interface OpenAccount {
  account: AccountRecord;
  store: CredentialStore;
  credential: Credential;
  endpoints: Endpoints;
}

/** How a store is called in sentences. */
export const storeNames: Readonly<Record<StoreKind, string>> = {
  keychain: 'the keychain',
  file: 'the encrypted file store',
  env: 'the environment',
};

/**
 * Opens the account that `--account` or `GSAC_ACCOUNT` names, else the default, else the only one.
 * Credentials in the environment go before stored accounts unless a store was named, which is said.
 *
 * @throws {GsacError} `account_unknown` (4), `account_ambiguous` (2) with the candidates, or what
 *   the store says (5).
 */
export async function openAccount(services: Services): Promise<OpenAccount> {
  const account = await chooseAccount(services);
  return openRecord(services, account);
}

/** Opens the store of a known account and reads its credential. */
export async function openRecord(services: Services, account: AccountRecord): Promise<OpenAccount> {
  const store = await services.store(account.store);
  const credential = await store.read(account.key);
  if (credential === undefined) {
    throw new GsacError(
      'account_unknown',
      `${describeAccount(account)} is on the list of accounts, but ${storeNames[account.store]} has nothing for it.`,
      {
        hint: 'Sign in and exchange a new code, or forget it with `gsac accounts remove`.',
        details: { account: account.key },
      },
    );
  }
  const endpoints = toEndpoints(credential.tokenUri, services.globals.allowedTokenUris);
  return { account, store, credential, endpoints };
}

/** The account that a command is about, without opening its store. */
export async function chooseAccount(services: Services): Promise<AccountRecord> {
  const { globals } = services;
  if (globals.store === undefined || globals.store === 'env') {
    const fromEnvironment = await environmentAccount(services);
    if (fromEnvironment !== undefined) return fromEnvironment;
  }
  return globals.account === undefined
    ? chooseDefault(services)
    : findAccount(services, globals.account);
}

async function environmentAccount(services: Services): Promise<AccountRecord | undefined> {
  const { globals } = services;
  const found = await services.environmentAccount();
  if (found === undefined) {
    if (globals.store !== 'env') return undefined;
    throw new GsacError('store_unavailable', 'The environment holds no credentials.', {
      hint: 'Set GSAC_CREDENTIALS, or GSAC_CLIENT_ID, GSAC_CLIENT_SECRET and GSAC_REFRESH_TOKEN.',
    });
  }
  if (globals.account !== undefined && !matchesAccount(found.account, globals.account)) {
    throw new GsacError(
      'account_unknown',
      `${found.from} is set, and its account is not ${globals.account}.`,
      { hint: `Unset ${found.from}, or name the store that has the account: --store keychain.` },
    );
  }
  const { accounts } = await (await services.accounts()).list();
  if (globals.store === undefined && accounts.length > 0) {
    services.notices.warn(`Using the credentials in ${found.from}, not the stored accounts.`);
  }
  return found.account;
}

/**
 * The stored account that a selector means: a key, a sub or an email address. The same address at
 * two clients is told apart by the client that was named.
 *
 * @throws {GsacError} `account_unknown` or `account_ambiguous`.
 */
export async function findAccount(services: Services, selector: string): Promise<AccountRecord> {
  const index = await services.accounts();
  if (selector.includes('/')) {
    const exact = await index.get(selector);
    if (exact !== undefined) return exact;
  }
  const accounts = await listAccounts(services);
  const matching = accounts.filter((account) => matchesAccount(account, selector));
  const named = matching.filter(({ clientId }) => clientId === services.globals.clientId);
  const [first, second] = named.length === 1 ? named : matching;
  if (first === undefined) {
    throw new GsacError('account_unknown', `No account ${selector} is stored.`, {
      hint:
        accounts.length === 0
          ? 'None is: exchange a code first, with `gsac exchange`.'
          : `Stored are: ${accounts.slice(0, 10).map(describeAccount).join(', ')}.`,
    });
  }
  if (second !== undefined) throw ambiguous(matching);
  return first;
}

async function chooseDefault(services: Services): Promise<AccountRecord> {
  const index = await services.accounts();
  const { store } = services.globals;
  const key = await index.defaultKey();
  if (key !== undefined) {
    const account = await index.get(key);
    if (account !== undefined && (store === undefined || account.store === store)) return account;
  }
  const accounts = await listAccounts(services);
  const [first, second] = accounts;
  if (first === undefined) {
    const where = store === undefined ? '' : ` in ${storeNames[store]}`;
    throw new GsacError('account_unknown', `No account is stored${where}.`, {
      hint: 'Exchange a code first: `gsac exchange --client <client_secret_*.json>`.',
    });
  }
  if (second !== undefined) throw ambiguous(accounts);
  return first;
}

/**
 * The stored accounts, or those of the store that was named. Broken files of the index are warned
 * about and left out.
 */
export async function listAccounts(services: Services): Promise<AccountRecord[]> {
  const { store } = services.globals;
  const { accounts, broken } = await (await services.accounts()).list();
  for (const { path, reason } of broken) {
    services.notices.warn(
      `${path} is left out: ${reason}.`,
      'Remove the file, then exchange or import again.',
    );
  }
  return store === undefined ? accounts : accounts.filter((account) => account.store === store);
}

function ambiguous(accounts: readonly AccountRecord[]): GsacError {
  // The same address twice is no choice: then only the keys tell them apart.
  const emails = new Set(accounts.map(({ email }) => email));
  const names = accounts.map((account) =>
    emails.size === accounts.length ? describeAccount(account) : account.key,
  );
  return new GsacError('account_ambiguous', 'Several accounts are stored, and none is chosen.', {
    hint: `Name one with --account, or choose with \`gsac accounts use\`: ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}.`,
    details: { candidates: accounts.map(({ key, sub, email }) => ({ key, sub, email })) },
  });
}

/** What people call an account: its email address, else its key. */
export function describeAccount(account: Pick<AccountRecord, 'email' | 'key'>): string {
  return account.email ?? account.key;
}
