import type { AccountKey, Credential, StoreKind } from '../../core/account.js';

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
