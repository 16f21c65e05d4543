import {
  type AccountRecord,
  type Credential,
  describeAccount,
  matchesAccount,
  storeNames,
} from '../core/account.js';
import { type Endpoints, toEndpoints } from '../core/endpoints.js';
import { GsacError } from '../core/errors.js';
import type { AccountListing, BrokenAccountFile } from './account-index.js';
import type { Accounts, AccountWork } from './accounts.js';

/** What opening an account takes. */
export interface Opening {
  readonly context: Pick<AccountWork['context'], 'globals'> & {
    readonly notices: Pick<AccountWork['context']['notices'], 'warn'>;
  };
  readonly accounts: Accounts;
}

/** An account with its store open and its credential read. */
export interface OpenAccount {
  account: AccountRecord;
  store: Awaited<ReturnType<Accounts['store']>>;
  credential: Credential;
  endpoints: Endpoints;
}

/**
 * Opens the account that `--account` or `GSAC_ACCOUNT` names, else the default, else the only one.
 * While a file of the index cannot be read, none is the only one. Credentials in the environment go
 * before stored accounts unless a store was named, which is said.
 *
 * @throws {GsacError} `account_unknown` (4), `account_ambiguous` (2) with the candidates,
 *   `local_file_broken` (1) where the account meant may be in a broken file, or what the store says (5).
 */
export async function openAccount(work: Opening): Promise<OpenAccount> {
  return openRecord(work, await chooseAccount(work));
}

/** Opens the store of a known account and reads its credential. */
export async function openRecord(
  { context, accounts }: Opening,
  account: AccountRecord,
): Promise<OpenAccount> {
  const store = await accounts.store(account.store);
  const credential = await store.read(account.key);
  if (credential === undefined) throw nothingStored(account);
  const endpoints = toEndpoints(credential.tokenUri, context.globals.allowedTokenUris);
  return { account, store, credential, endpoints };
}

/** The error for an account that its store knows nothing of, or no longer. */
export function nothingStored(account: AccountRecord): GsacError {
  return new GsacError(
    'account_unknown',
    `${describeAccount(account)} is on the list of accounts, but ${storeNames[account.store]} has nothing for it.`,
    {
      hint: 'Sign in and exchange a new code, or forget it with `gsac accounts remove`.',
      details: { account: account.key },
    },
  );
}

/** The account that a command is about, without opening its store. */
export async function chooseAccount(
  work: Opening,
  selector = work.context.globals.account,
): Promise<AccountRecord> {
  const { store } = work.context.globals;
  if (store === undefined || store === 'env') {
    const fromEnvironment = await environmentAccount(work, selector);
    if (fromEnvironment !== undefined) return fromEnvironment;
  }
  return selector === undefined ? chooseDefault(work) : findAccount(work, selector);
}

async function environmentAccount(
  { context, accounts: all }: Opening,
  selector: string | undefined,
): Promise<AccountRecord | undefined> {
  const { globals } = context;
  const found = await all.environmentAccount();
  if (found === undefined) {
    if (globals.store !== 'env') return undefined;
    throw new GsacError('store_unavailable', 'The environment holds no credentials.', {
      hint: 'Set GSAC_CREDENTIALS, or GSAC_CLIENT_ID, GSAC_CLIENT_SECRET and GSAC_REFRESH_TOKEN.',
    });
  }
  const { accounts } = await (await all.index()).list();
  if (selector !== undefined && !matchesAccount(found.account, selector)) {
    const stored = accounts.find((account) => matchesAccount(account, selector));
    throw new GsacError(
      'account_unknown',
      `${found.from} is set, and its account is not ${selector}.`,
      {
        hint:
          stored === undefined
            ? `Unset ${found.from} to work on stored accounts; ${selector} is none of them so far.`
            : `Unset ${found.from}, or name the store that has the account: --store ${stored.store}.`,
      },
    );
  }
  if (globals.store === undefined && accounts.length > 0) {
    context.notices.warn(`Using the credentials in ${found.from}, not the stored accounts.`);
  }
  return found.account;
}

/**
 * The stored account that a selector means: a key, a sub or an email address. The same address at
 * two clients is told apart by the client that was named.
 *
 * @throws {GsacError} `account_unknown` or `account_ambiguous`; `local_file_broken` where nobody
 *   matches and a file of the index cannot be read.
 */
export async function findAccount(work: Opening, selector: string): Promise<AccountRecord> {
  const { clientId: named, store } = work.context.globals;
  if (selector.includes('/')) {
    const exact = await (await work.accounts.index()).get(selector);
    if (exact !== undefined && (store ?? exact.store) === exact.store) return exact;
  }
  const { accounts, broken } = await listAccounts(work);
  const matching = accounts.filter((account) => matchesAccount(account, selector));
  const ofClient = matching.filter(({ clientId }) => clientId === named);
  const [first, second] = ofClient.length === 1 ? ofClient : matching;
  if (first === undefined) {
    const [file] = broken;
    if (file !== undefined) throw unreadable(file, `${selector} may be in it`, accounts);
    throw new GsacError('account_unknown', `No account ${selector} is stored.`, {
      hint:
        accounts.length === 0
          ? 'None is: exchange a code first, with `gsac exchange`.'
          : `Stored are: ${firstNames(accounts)}.`,
    });
  }
  if (second !== undefined) throw ambiguous(matching);
  return first;
}

async function chooseDefault(work: Opening): Promise<AccountRecord> {
  const index = await work.accounts.index();
  const { store } = work.context.globals;
  const key = await index.defaultKey();
  const chosen = key === undefined ? undefined : await index.get(key);
  if (chosen !== undefined && (store ?? chosen.store) === chosen.store) return chosen;
  const { accounts, broken } = await listAccounts(work);
  const [first, second] = accounts;
  const [file] = broken;
  if (second === undefined && file !== undefined) {
    throw unreadable(file, 'which account is meant is not known', accounts);
  }
  if (first === undefined) {
    const where = store === undefined ? '' : ` in ${storeNames[store]}`;
    throw new GsacError('account_unknown', `No account is stored${where}.`, {
      hint: 'Exchange a code first: `gsac exchange --client <client_secret_*.json>`.',
    });
  }
  if (second !== undefined) throw ambiguous(accounts);
  // Somebody was chosen: another person's account must not stand in for theirs.
  if (key !== undefined && chosen === undefined) {
    throw new GsacError(
      'account_unknown',
      `The account chosen by \`gsac accounts use\` is not stored any more (${key}).`,
      { hint: 'Choose another with `gsac accounts use`, or name one with --account.' },
    );
  }
  return first;
}

/**
 * The stored accounts, or those of the store that was named, and the files of the index that cannot
 * be read, whatever store their accounts are in. Nobody is told of these yet.
 */
export async function listAccounts({ context, accounts }: Opening): Promise<AccountListing> {
  const { store } = context.globals;
  const { accounts: all, broken } = await (await accounts.index()).list();
  return {
    accounts: store === undefined ? all : all.filter((one) => one.store === store),
    broken,
  };
}

/** Warns of the files of the index that a list leaves out. */
export function warnOfBroken(
  { notices }: Pick<AccountWork['context'], 'notices'>,
  broken: readonly BrokenAccountFile[],
): void {
  for (const { path, reason, hint } of broken) {
    notices.warn(`${path} is left out: ${reason}.`, hint);
  }
}

/**
 * The error for a file of the index that keeps a command from its account.
 *
 * @param consequence what follows, as the end of a sentence.
 * @param accounts those that can be read, and be named instead.
 */
export function unreadable(
  { path, reason, hint }: BrokenAccountFile,
  consequence: string,
  accounts: readonly AccountRecord[],
): GsacError {
  const names = firstNames(accounts);
  const others = `Another account can be named with --account, or chosen with \`gsac accounts use\`: ${names}.`;
  return new GsacError(
    'local_file_broken',
    `The account file ${path} cannot be read (${reason}), and ${consequence}.`,
    { hint: names === '' ? hint : `${hint} ${others}`, details: { path } },
  );
}

function firstNames(accounts: readonly AccountRecord[]): string {
  return accounts.slice(0, 10).map(describeAccount).join(', ');
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
