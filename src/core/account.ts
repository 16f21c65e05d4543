import { createHash } from 'node:crypto';

/** Where an account's secrets live. */
export type StoreKind = 'keychain' | 'file' | 'env';

/** The names that `--store` and `GSAC_STORE` take. */
export const storeKinds: readonly StoreKind[] = ['keychain', 'file', 'env'];

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
 * Whether `selector` (from `--account` or `GSAC_ACCOUNT`) means this account: its key, its sub, or
 * its email address, the latter in any case.
 */
export function matchesAccount(
  account: Pick<AccountRecord, 'key' | 'sub' | 'email'>,
  selector: string,
): boolean {
  return (
    account.key === selector ||
    account.sub === selector ||
    account.email?.toLowerCase() === selector.toLowerCase()
  );
}

/** Credentials from the environment, with what is known of their account. */
export interface EnvironmentAccount {
  account: AccountRecord;
  credential: Credential;
  /** The variable that they come from. */
  from: string;
}

/** How a store is called in sentences. */
export const storeNames: Readonly<Record<StoreKind, string>> = {
  keychain: 'the keychain',
  file: 'the encrypted file store',
  env: 'the environment',
};

/** What people call an account: its email address, else its key. */
export function describeAccount(account: Pick<AccountRecord, 'email' | 'key'>): string {
  return account.email ?? account.key;
}

/**
 * The name, without an ending, of an account's files: a hash, since a key holds `/` and may hold
 * anything else that a file name cannot. The same key always gives the same name.
 */
export function accountFileName(key: AccountKey): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}
