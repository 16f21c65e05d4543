import {
  type AccountRecord,
  type Credential,
  describeAccount,
  type EnvironmentAccount,
  isIdentified,
  matchesAccount,
  nameAccounts,
  nameStore,
  type StoreKind,
  stemOfClientId,
} from '../core/account.js';
import type { ResolvedClient } from '../core/client-config.js';
import type { Context, Globals } from '../core/context.js';
import { type Endpoints, toEndpoints } from '../core/endpoints.js';
import { GsacError } from '../core/errors.js';
import { shellQuote } from '../core/shell-quote.js';
import type { AccountListing, BrokenAccountFile } from './account-index.js';
import type { Accounts } from './accounts.js';

/** What opening an account takes. */
export interface Opening {
  readonly context: Pick<Context, 'globals' | 'client'> & {
    readonly notices: Pick<Context['notices'], 'warn'>;
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
 * Opens the account that `--account` or `GSAC_ACCOUNT` names, else the default, else the only one whose
 * person is known, else the only one: of the client that is named, or none. While a file of the index
 * cannot be read, none is the only one. Credentials in the environment go before stored accounts
 * unless a store was named, and the person is told so.
 *
 * @throws {GsacError} `account_unknown` (4), `account_ambiguous` (2) with the candidates,
 *   `client_mismatch` (2), exit 2 for the client that is named, `local_file_broken` (1) if the account
 *   meant may be in a broken file, or what the store says (5).
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
  const emulator = (await context.client())?.endpoints.origin ?? null;
  if (emulator !== null && endpoints.origin === null) throw ofGoogle(account, emulator);
  return { account, store, credential, endpoints };
}

/** The error for an account that came from Google, where the client named is an emulator's. */
function ofGoogle(account: AccountRecord, emulator: string): GsacError {
  return new GsacError(
    'client_mismatch',
    `${describeAccount(account)} came from Google, but the client that is named is of the emulator at ${emulator}.`,
    {
      hint: 'Sign in at the emulator (`gsac emulator sign-in`), or name the client file that Google gave you.',
      details: { account: account.key, emulator },
    },
  );
}

/** The error for an account that its store knows nothing of, or no longer. */
export function nothingStored(account: AccountRecord): GsacError {
  return new GsacError(
    'account_unknown',
    `${describeAccount(account)} is listed, but ${nameStore(account.store)} has no tokens for it.`,
    {
      hint: 'Sign in and exchange a new code, or remove it with `gsac accounts remove`.',
      details: { account: account.key },
    },
  );
}

/** The account that a command is about, without opening its store. */
export async function chooseAccount(
  work: Opening,
  selector = work.context.globals.account,
): Promise<AccountRecord> {
  const given = await chooseEnvironment(work, selector);
  if (given !== undefined) return given;
  return selector === undefined ? chooseDefault(work) : findAccount(work, selector);
}

/**
 * The account of the environment, unless a store of this machine was named.
 *
 * @throws {GsacError} exit 2 for its variables, `store_unavailable` (5) if `--store env` has none.
 */
async function environmentAccount({
  context,
  accounts,
}: Opening): Promise<EnvironmentAccount | undefined> {
  const { store } = context.globals;
  if (store !== undefined && store !== 'env') return undefined;
  const found = await accounts.environmentAccount();
  // That store says itself that it has none.
  if (found === undefined && store === 'env') await accounts.store(store);
  return found;
}

async function chooseEnvironment(
  work: Opening,
  selector: string | undefined,
): Promise<AccountRecord | undefined> {
  const { context } = work;
  const found = await environmentAccount(work);
  if (found === undefined) return undefined;
  const { account, from } = found;
  const client = await context.client();
  if (!isOf(account, client)) {
    throw mismatch(`The credentials in ${from} belong`, account, client, context.globals, {
      hint: `Unset ${from} to use stored accounts, or name the client that it is for.`,
    });
  }
  const { accounts } = await (await work.accounts.index()).list();
  if (selector !== undefined && !matchesAccount(account, selector)) {
    const stored = accounts.find((one) => matchesAccount(one, selector));
    throw new GsacError('account_unknown', `${from} is set, and its account is not ${selector}.`, {
      hint:
        stored === undefined
          ? `Unset ${from} to use stored accounts; ${selector} is none of them so far.`
          : `Unset ${from}, or name the store that has the account: --store ${stored.store}.`,
    });
  }
  if (context.globals.store === undefined && accounts.length > 0) {
    context.notices.warn(`Using the credentials in ${from}, not the stored accounts.`);
  }
  return account;
}

/**
 * The stored account that a selector means: a key, a sub, an email address or an alias. If a client is
 * named, only its accounts are looked at.
 *
 * @throws {GsacError} `account_unknown`, `account_ambiguous`; `client_mismatch` if only accounts of
 *   other clients match; `local_file_broken` if nobody matches and a file of the index cannot be read.
 */
export async function findAccount(work: Opening, selector: string): Promise<AccountRecord> {
  const { client, globals } = work.context;
  const named = await client();
  if (selector.includes('/')) {
    const exact = await (await work.accounts.index()).get(selector);
    if (exact !== undefined && isIn(exact, globals.store) && isOf(exact, named)) return exact;
  }
  const { accounts, others, broken } = await listAccounts(work);
  const matching = accounts.filter((account) => matchesAccount(account, selector));
  const [first, second] = matching;
  if (second !== undefined) throw ambiguous(matching, selector);
  if (first !== undefined) return first;
  const other = others.find((account) => matchesAccount(account, selector));
  if (other !== undefined) {
    const name = describeAccount(other);
    throw mismatch(`${name} belongs`, other, named, globals, {
      hint:
        accounts.length === 0
          ? `Name the client of ${name}, or sign in with this one: \`gsac exchange\`.`
          : `Name the client of ${name}, or an account of this one: ${firstNames(accounts)}.`,
    });
  }
  const [file] = broken;
  if (file !== undefined) throw unreadable(file, `${selector} may be in it`, accounts);
  if (accounts.length === 0) throw await noAccount(work, others);
  throw new GsacError('account_unknown', `No account ${selector} is stored.`, {
    hint: `Stored are: ${firstNames(accounts)}.`,
  });
}

async function chooseDefault(work: Opening): Promise<AccountRecord> {
  const index = await work.accounts.index();
  const { globals } = work.context;
  const client = (await work.context.client())?.client.clientId;
  const chosen = await index.defaultKey();
  // A default of another client is none of this one's accounts.
  const key = client === undefined || chosen?.startsWith(`${client}/`) ? chosen : undefined;
  const found = key === undefined ? undefined : await index.get(key);
  if (found !== undefined && isIn(found, globals.store)) return found;
  const { accounts, others, broken } = await listAccounts(work);
  const identified = accounts.filter(isIdentified);
  const [first, second] = identified.length > 0 ? identified : accounts;
  const [file] = broken;
  if (second === undefined && file !== undefined) {
    throw unreadable(file, 'which account is meant is not known', accounts);
  }
  if (first === undefined) throw await noAccount(work, others);
  if (second !== undefined) throw ambiguous(accounts);
  // Somebody was chosen: another person's account must not stand in for theirs.
  if (key !== undefined && found === undefined) {
    throw new GsacError(
      'account_unknown',
      `The account that you chose with \`gsac accounts use\` is not stored any more (${key}).`,
      { hint: 'Choose another with `gsac accounts use`, or name one with --account.' },
    );
  }
  return first;
}

/** The error if no account is stored that could be used. @param others those of other clients. */
export async function noAccount(
  { context }: Opening,
  others: readonly AccountRecord[],
): Promise<GsacError> {
  const { store } = context.globals;
  const named = others.length === 0 ? undefined : await context.client();
  const what = named === undefined ? '' : ` of client ${stemOfClientId(named.client.clientId)}`;
  const where = store === undefined ? '' : ` in ${nameStore(store)}`;
  return new GsacError('account_unknown', `No account${what} is stored${where}.`, {
    hint:
      others.length === 0
        ? 'Exchange a code first: `gsac exchange --client <client_secret_*.json>`.'
        : `Exchange a code of this client first: \`gsac exchange\`. Stored for other clients: ${firstNames(others)}.`,
  });
}

/** The stored accounts that a command may use, and those that the named client keeps it from. */
export interface Candidates extends AccountListing {
  others: AccountRecord[];
}

/**
 * The stored accounts: those of the store and of the client that were named, if they were. The files
 * of the index that cannot be read are among them whatever they hold; nobody is told of these yet.
 */
export async function listAccounts({ context, accounts }: Opening): Promise<Candidates> {
  const { store } = context.globals;
  const client = await context.client();
  const listing = await (await accounts.index()).list();
  const stored = listing.accounts.filter((one) => isIn(one, store));
  // A file key of the wrong form is not to be found out by the first sign-in only.
  if (stored.length === 0 && store === 'file') await accounts.store(store);
  return {
    accounts: stored.filter((one) => isOf(one, client)),
    others: stored.filter((one) => !isOf(one, client)),
    broken: listing.broken,
  };
}

/**
 * What a list shows: beside the stored accounts that of the environment, which goes before them, if it
 * is of the client that is named.
 */
export async function listWithEnvironment(
  work: Opening,
): Promise<Candidates & { given: EnvironmentAccount | undefined }> {
  const given = await environmentAccount(work);
  const isShown = given !== undefined && isOf(given.account, await work.context.client());
  return { ...(await listAccounts(work)), given: isShown ? given : undefined };
}

function isIn(account: AccountRecord, store: StoreKind | undefined): boolean {
  return store === undefined || store === account.store;
}

function isOf({ clientId }: AccountRecord, named: ResolvedClient | undefined): boolean {
  return named === undefined || named.client.clientId === clientId;
}

/**
 * Refuses credentials of another client than the one that is named.
 *
 * @param what how the sentence calls the credentials.
 * @throws {GsacError} `client_mismatch`; exit 2 for the client that is named.
 */
export async function refuseOtherClient(
  { globals, client }: Pick<Context, 'globals' | 'client'>,
  what: string,
  clientId: string,
): Promise<void> {
  const named = await client();
  if (named === undefined || named.client.clientId === clientId) return;
  throw mismatch(`${what} belongs`, { clientId }, named, globals, {
    hint: `Name the client of ${what}, or none.`,
  });
}

/** @param whose how the sentence begins. */
function mismatch(
  whose: string,
  { key, clientId }: Partial<AccountRecord> & Pick<AccountRecord, 'clientId'>,
  named: ResolvedClient | undefined,
  { clientFile, clientFrom = '--client' }: Globals,
  { hint }: { hint: string },
): GsacError {
  const other = named?.client.clientId ?? '';
  const from = /(--client|GSAC_CLIENT)$/.test(clientFrom)
    ? `${clientFrom} (${clientFile})`
    : clientFrom;
  return new GsacError(
    'client_mismatch',
    `${whose} to client ${stemOfClientId(clientId)}, but ${from} names ${stemOfClientId(other)}.`,
    { hint, details: { account: key, account_client_id: clientId, client_id: other } },
  );
}

/** Warns of the files of the index that a list leaves out. */
export function warnOfBroken(
  { notices }: Pick<Context, 'notices'>,
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
  const nameOf = nameAccounts(accounts);
  const names = accounts.slice(0, 10).map(({ key }) => nameOf(key));
  return `${names.join(', ')}${accounts.length > 10 ? ', …' : ''}`;
}

/** @param selector what matches all of them; undefined if none was named. */
function ambiguous(accounts: readonly AccountRecord[], selector?: string): GsacError {
  const candidates = accounts.map(({ key, alias = null, sub, email, clientId }) => {
    return { key, alias, sub, email, client_id: clientId };
  });
  const details = { candidates };
  const names = firstNames(accounts);
  if (selector === undefined) {
    const isTwice = new Set(accounts.map(describeAccount)).size < accounts.length;
    const what = 'Several accounts are stored, and none of them is the default.';
    const hint = `Name one with --account, or choose it with \`gsac accounts use\`: ${names}.`;
    const more = isTwice
      ? ' If an address is stored for several clients, add --client <file>.'
      : '';
    return new GsacError('account_ambiguous', what, { hint: `${hint}${more}`, details });
  }
  const clients = new Set(accounts.map(({ clientId }) => clientId)).size;
  if (clients < accounts.length) {
    const what = `${selector} names ${accounts.length} accounts: ${names}.`;
    const hint = 'Name one by its key (`gsac accounts --json`).';
    return new GsacError('account_ambiguous', what, { hint, details });
  }
  const what = `${selector} is stored for ${clients} clients: ${names}.`;
  const hint = `Add --client <file> or --client-id <id>. To give one a short name for --account, run \`gsac accounts alias ${shellQuote(selector)} <name> --client <file>\`.`;
  return new GsacError('account_ambiguous', what, { hint, details });
}
