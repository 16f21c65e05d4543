import type { AccountKey, AccountRecord, Credential, Session, StoreKind } from './account.js';
import type { Endpoints } from './endpoints.js';
import type { DecodedIdToken, SignatureFinding } from './id-token.js';
import type { TokenSet } from './token-answer.js';
import type { AccessTokens } from './transfer.js';

/**
 * Where secrets live. Every store gives the same promises, and one suite of tests holds them to it.
 *
 * Every method throws {@link GsacError} with a `store_*` code when the store is unavailable, locked,
 * opened with the wrong key or refuses; none ever hangs, and none ever falls back to another store.
 */
export interface CredentialStore {
  readonly kind: StoreKind;
  /** True where `write` and `remove` always throw `store_read_only`. */
  readonly readOnly: boolean;

  /**
   * Proves that a credential can be written now, by writing, reading and removing a canary that
   * no other process can collide with. Called before anything irreplaceable is asked of Google.
   */
  proveWritable(): Promise<void>;

  /**
   * The credential of an account, or undefined where the store is open and has none. A store that
   * answers "none" because it is locked throws `store_locked` instead.
   */
  read(key: AccountKey): Promise<Credential | undefined>;

  /** Writes and reads back; resolves only when what is stored equals what was given. */
  write(key: AccountKey, credential: Credential): Promise<void>;

  /** Removes; true where there was something to remove. */
  remove(key: AccountKey): Promise<boolean>;
}

/** What a listing of the account index found. */
export interface AccountListing {
  /** Sorted by email address, then key. */
  accounts: AccountRecord[];
  /** Files of the index that could not be read as such. */
  broken: BrokenAccountFile[];
}

/** A file of the account index that could not be read as such; whose account it holds is not known. */
export interface BrokenAccountFile {
  path: string;
  /** Why, as part of a sentence. */
  reason: string;
  /** What to do about it, as a sentence. */
  hint: string;
}

/** The accounts that are known on this machine, one small file each, without secrets. */
export interface AccountIndex {
  list(): Promise<AccountListing>;
  /** One account by its exact key, without listing the others; undefined where unknown. */
  get(key: AccountKey): Promise<AccountRecord | undefined>;
  put(account: AccountRecord): Promise<void>;
  /** Forgets an account, and the default with it where it was this one. */
  remove(key: AccountKey): Promise<boolean>;
  /** Proves that an account could be written now, without leaving a trace. */
  proveWritable(): Promise<void>;
  defaultKey(): Promise<AccountKey | undefined>;
  setDefaultKey(key: AccountKey): Promise<void>;
}

/**
 * Access and ID tokens, encrypted under a key that lives in the credential store. A cache: what is
 * missing, foreign or broken is a miss, and a write that fails loses nothing.
 */
export interface SessionCache {
  read(key: AccountKey, sessionKey: string): Promise<Session | undefined>;
  write(key: AccountKey, sessionKey: string, session: Session): Promise<void>;
  remove(key: AccountKey): Promise<void>;
}

/** How one refresh is shared by all processes that want it. */
export interface SharedRefresh<T> {
  /** How long to wait for another process's refresh, in milliseconds. */
  waitMs: number;
  /** Asked while another process refreshes, and again once it is our turn; an answer ends the wait. */
  settled: () => Promise<T | undefined>;
  /** Does the refresh; called at most once, with the account's lock held. */
  refresh: () => Promise<T>;
}

/** One at a time for each account, across processes. */
export interface RefreshLock {
  /**
   * Runs `refresh` under the account's lock, or returns what `settled` found while another process
   * held it. A failure that another process recorded after this wait began is thrown here too, so
   * that fifty waiters do not try fifty times.
   *
   * Where the lock's folder cannot be written (a read-only disk), the refresh runs without a lock.
   *
   * @throws {GsacError} `refresh_wait_timeout` after `waitMs`.
   */
  share<T>(key: AccountKey, shared: SharedRefresh<T>): Promise<T>;

  /**
   * Runs `write` while nobody else's runs for the account; it shares nothing with the others, and
   * does not wait for a refresh. Where the lock's folder cannot be written, it runs without a lock.
   *
   * @throws {GsacError} `refresh_wait_timeout` after `waitMs` milliseconds; what `write` throws.
   */
  exclusively<T>(key: AccountKey, waitMs: number, write: () => Promise<T>): Promise<T>;
}

/** What became of a code that this machine sent. */
export interface SpentCode {
  /** `unknown` where the answer never came. */
  outcome: 'exchanged' | 'unknown';
  /** Epoch milliseconds. */
  at: number;
}

/** Which codes this machine has sent: hashes only, bounded in number and age. */
export interface CodeLedger {
  /** What is known of a code at a client; undefined where nothing is. */
  find(code: string, clientId: string): Promise<SpentCode | undefined>;
  /** Notes what became of a code; undefined forgets it, since it was refused without being spent. */
  note(code: string, clientId: string, spent: SpentCode | undefined): Promise<void>;
}

/** The last resort for a refresh token that no store would take. */
export interface Rescue {
  /**
   * Writes an authorized_user file, mode 0600, never over an existing file, and returns its path.
   * Whose account it is goes in too, so that the import needs no network.
   *
   * @throws {GsacError} `store_refused` where no folder takes it, or there is no refresh token.
   */
  save(credential: Credential, account: AccountRecord): Promise<string>;
}

/** A grant of the authorization code. */
export interface CodeGrant {
  endpoints: Endpoints;
  clientId: string;
  clientSecret?: string | undefined;
  code: string;
  /** Sent as it is: empty for codes of a phone, `postmessage` for those of a popup. */
  redirectUri: string;
  codeVerifier?: string | undefined;
}

/** What came of sending a code. */
export interface CodeGrantAnswer {
  tokens: TokenSet;
  /** Set where the answer could not be read as a whole and only the refresh token was salvaged. */
  damaged: boolean;
}

/** Google's token endpoint. */
export interface TokenEndpoint {
  /**
   * Sends a one-time code, exactly once, whatever happens.
   *
   * @throws {GsacError} what Google said, or `connection_lost` and its kin with a hint that the
   *   code may be spent.
   */
  exchangeCode(grant: CodeGrant): Promise<CodeGrantAnswer>;

  /**
   * Refreshes. Failures that trying again may mend are tried again, bounded in count and time.
   *
   * @throws {GsacError} what Google said; `refresh_token_absent` where the credential has none.
   */
  refresh(credential: Credential, endpoints: Endpoints): Promise<CodeGrantAnswer>;
}

/** What Google knows of an access token; what it did not say is undefined. */
export interface TokenInfo {
  audience: string | undefined;
  /** Undefined where none were named. */
  scopes: string[] | undefined;
  sub: string | undefined;
  email: string | undefined;
  expiresInSeconds: number | undefined;
}

/** Google's tokeninfo endpoint. */
export interface TokenInfoEndpoint {
  /**
   * Looks an access token up; undefined where Google knows none such, or no longer.
   *
   * @throws {GsacError} where there is no answer, or none that can be read.
   */
  lookUp(accessToken: string, endpoints: Endpoints): Promise<TokenInfo | undefined>;
}

/** The keys that ID tokens are signed with. */
export interface IdTokenKeys {
  /**
   * Checks a token's signature against the issuer's keys. A key id that is unknown has the keys
   * fetched anew once.
   *
   * @throws {GsacError} where the keys cannot be had; the token is then neither good nor bad.
   */
  checkSignature(token: DecodedIdToken, endpoints: Endpoints): Promise<SignatureFinding>;
}

/** A small cache of public documents, by name; what is missing or unreadable is a miss. */
export interface PublicCache {
  read(name: string): Promise<string | undefined>;
  write(name: string, text: string): Promise<void>;
}

/** The revocation endpoint. */
export interface Revocation {
  /** Revokes a token; `already_dead` where Google says that it was dead before. */
  revoke(token: string, endpoints: Endpoints): Promise<'revoked' | 'already_dead'>;
}

/** One of Drive's own file resources, with whatever fields were asked for. */
export type DriveFile = Record<string, unknown>;

/** What a listing is narrowed to. */
export interface ListOptions {
  /** Drive's query language. */
  query?: string | undefined;
  /** Drive's `orderBy`. */
  orderBy?: string | undefined;
  /** At most so many files; undefined for all. */
  limit?: number | undefined;
}

/** One person's application data folder. */
export interface AppFolder {
  /** All files, a page at a time; a page is never empty. */
  list(options: ListOptions): AsyncIterable<DriveFile[]>;
  /** The folder itself. */
  info(): Promise<DriveFile>;
  /** One file by its id; undefined where there is none in this folder. */
  get(id: string): Promise<DriveFile | undefined>;
  /** Every file of exactly this name. */
  named(name: string): Promise<DriveFile[]>;
  /** Removes a file for good; one that is gone already is no failure. */
  remove(id: string): Promise<void>;
  /** An id that a new file may be given, so that making it can be tried again. */
  newId(): Promise<string>;
}

/** Opens the application data folder that an account's access tokens give access to. */
export type OpenAppFolder = (tokens: AccessTokens, endpoints: Endpoints) => AppFolder;

/** One look into a person's application data folder. */
export interface AppFolderProbe {
  /** Lists at most one file and returns how many came. The access token is used as it is. */
  countFirst(accessToken: string, endpoints: Endpoints): Promise<number>;
}
