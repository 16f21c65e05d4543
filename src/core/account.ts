import { createHash } from 'node:crypto';

/** Where an account's secrets live. */
export type StoreKind = 'keychain' | 'file' | 'env' | HelperKind;

/** A program that speaks the protocol of Docker's credential helpers: its name, or its whole path. */
export type HelperKind = `helper:${string}`;

/** The names that `--store` and `GSAC_STORE` take, beside `helper:<name|path>`. */
export const storeKinds = ['keychain', 'file', 'env'] as const;

/** The store of a name; undefined if it names none. A path in it is taken as it is. */
export function toStoreKind(name: unknown): StoreKind | undefined {
  if (typeof name !== 'string') return undefined;
  return isHelperKind(name) ? name : storeKinds.find((kind) => kind === name);
}

export function isHelperKind(name: string): name is HelperKind {
  return /^helper:\P{Cc}{1,4096}$/u.test(name);
}

/** `<client_id>/<sub>`: one person at one OAuth client. */
export type AccountKey = string;

/**
 * What is known of an account without opening its store; nothing in it is secret.
 * Times are epoch milliseconds.
 */
export interface AccountRecord {
  key: AccountKey;
  /** Google's stable id of the person; null where no ID token ever came (no `openid` scope). */
  sub: string | null;
  email: string | null;
  /** The short name that the person gave it. */
  alias?: string | undefined;
  clientId: string;
  /** Granted scopes, as Google expands them. */
  scopes: string[];
  store: StoreKind;
  /** When the refresh token in the store was issued (or imported). */
  issuedAt: number;
  /** When the refresh token was last used with success; null before its first use. */
  lastUsedAt: number | null;
  /** The end that Google stated with `refresh_token_expires_in`, where it did. */
  refreshTokenExpiresAt: number | null;
  /** How many refresh tokens this client gave this person, as far as this machine saw. */
  refreshTokensIssued?: number | undefined;
  /** Google's word against the refresh token, unless a refresh has gone well since. */
  refused?: RefusedRefresh | undefined;
}

/** Which account a result is about, as the JSON documents have it. */
export interface AccountReference {
  key: AccountKey;
  sub: string | null;
  email: string | null;
  client_id: string;
}

/** What of an account's record says which one it is. */
export function toAccountReference(
  account: Pick<AccountRecord, 'key' | 'sub' | 'email' | 'clientId'>,
): AccountReference {
  const { key, sub, email, clientId } = account;
  return { key, sub, email, client_id: clientId };
}

/** The error codes of refusals that no later refresh of the same token will lift. */
export const lastingRefusals = ['invalid_grant', 'reauth_required'] as const;

/** A refresh that Google refused for good, as it was told. Nothing in it is secret. */
export interface RefusedRefresh {
  /** Epoch milliseconds. */
  at: number;
  code: (typeof lastingRefusals)[number];
  message: string;
  hint?: string | undefined;
}

/**
 * What a store keeps for one account: everything that a refresh needs, so that one read serves it.
 */
export interface Credential {
  clientId: string;
  /** Absent for clients that have none (iOS, Android). */
  clientSecret?: string | undefined;
  /** Absent where Google gave none; the account then lasts as long as its access token. */
  refreshToken?: string | undefined;
  tokenUri: string;
  /** 32 random bytes, base64: the key of this account's session cache, new with every grant. */
  sessionKey: string;
}

/** An access token with what belongs to it. Times are epoch milliseconds. */
export interface Session {
  accessToken: string;
  tokenType: string;
  expiresAt: number;
  scopes: string[];
  /** The newest ID token that came. */
  idToken?: string | undefined;
  /** Set where `idToken` came with an earlier access token: refreshes may bring none. */
  idTokenIsOlder?: true | undefined;
  /** When `accessToken` was issued, by our clock. */
  obtainedAt: number;
}

/**
 * The key of an account. Without a `sub` (no ID token came) the account is told apart by
 * `fingerprint`, a short hash of its refresh token.
 */
export function toAccountKey(
  clientId: string,
  sub: string | null,
  fingerprint: string,
): AccountKey {
  return `${clientId}/${sub ?? `unidentified-${fingerprint}`}`;
}

/**
 * Whether `selector` (from `--account` or `GSAC_ACCOUNT`) means this account: its key, its sub, its
 * email address or its alias, the last two in any case.
 */
export function matchesAccount(
  account: Pick<AccountRecord, 'key' | 'sub' | 'email' | 'alias'>,
  selector: string,
): boolean {
  const name = selector.toLowerCase();
  return (
    account.key === selector ||
    account.sub === selector ||
    account.email?.toLowerCase() === name ||
    account.alias?.toLowerCase() === name
  );
}

/** Whether it is known whose account this is; an answer without an ID token does not say. */
export function isIdentified({ sub, email }: Pick<AccountRecord, 'sub' | 'email'>): boolean {
  return sub !== null || email !== null;
}

/** Credentials from the environment, with what is known of their account. */
export interface EnvironmentAccount {
  account: AccountRecord;
  credential: Credential;
  /** The variable that they come from. */
  from: string;
}

/** How a store is called in sentences. */
export function nameStore(kind: StoreKind): string {
  if (kind === 'keychain') return 'the keychain';
  if (kind === 'file') return 'the encrypted file store';
  if (kind === 'env') return 'the environment';
  return `the credential helper ${kind.slice('helper:'.length)}`;
}

/** What says of an account how people call it. */
type Named = Pick<AccountRecord, 'key' | 'email' | 'alias'>;

/** What people call an account: its email address, else its alias, else its key. */
export function describeAccount({ email, alias, key }: Named): string {
  return email ?? alias ?? key;
}

/**
 * Names the accounts of a list, by their keys. Those that would share a name carry their alias, else
 * their client.
 */
export function nameAccounts(
  accounts: readonly (Named & Pick<AccountRecord, 'clientId'>)[],
): (key: AccountKey) => string {
  const short = shortenClientIds(accounts.map(({ clientId }) => clientId));
  const choices = accounts.map((account) => {
    const { key, alias, clientId } = account;
    const name = describeAccount(account);
    const more = alias === undefined ? [] : [`${name} (alias ${alias})`];
    return { key, names: [name, ...more, `${name} (client ${short(clientId)})`] };
  });
  const counts = new Map<string, number>();
  for (const name of choices.flatMap(({ names }) => names)) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const named = new Map(
    choices.map(({ key, names }) => [key, names.find((name) => counts.get(name) === 1) ?? key]),
  );
  return (key) => named.get(key) ?? key;
}

/** A client ID without the ending that all of Google's have. */
export function stemOfClientId(clientId: string): string {
  return clientId.replace(/\.apps\.googleusercontent\.com$/, '');
}

const shortestTail = 6;

/** Cuts client IDs so that different ones still differ: `4074…webser…`. */
export function shortenClientIds(clientIds: readonly string[]): (clientId: string) => string {
  const all = new Set(clientIds);
  const longest = Math.max(0, ...clientIds.map(({ length }) => length));
  let length = shortestTail;
  while (length < longest && new Set([...all].map((id) => cut(id, length))).size < all.size) {
    length += 1;
  }
  return (clientId) => cut(clientId, length);
}

function cut(clientId: string, length: number): string {
  const stem = stemOfClientId(clientId);
  // The number of the project; clients of one project share it.
  const [, number = '', tail = ''] = /^(\d{5,})-(.*)$/s.exec(stem) ?? ['', '', stem];
  const head = number === '' ? '' : `${number.slice(0, 4)}…`;
  return tail.length > length + 1 ? `${head}${tail.slice(0, length)}…` : `${head}${tail}`;
}

/**
 * The name, without an ending, of an account's files: a hash, since a key holds `/` and may hold
 * anything else that a file name cannot. The same key always gives the same name.
 */
export function accountFileName(key: AccountKey): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}
