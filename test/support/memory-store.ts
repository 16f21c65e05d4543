import type { CredentialStore } from '../../src/accounts/stores/store.js';
import type { AccountKey, Credential } from '../../src/core/account.js';
import type { GsacError } from '../../src/core/errors.js';

/** A method of a store that may be told to fail. */
export type StoreMethod = 'proveWritable' | 'read' | 'write' | 'remove';

/** A store in memory, held to the same contract as the real ones. */
export interface MemoryStore extends CredentialStore {
  /** What is stored, to be looked at. */
  readonly entries: ReadonlyMap<AccountKey, Credential>;
  /** Every call, in order. */
  readonly calls: readonly StoreMethod[];
  /** Makes a method throw from now on; undefined mends it. */
  failAt(method: StoreMethod, error: GsacError | undefined): void;
}

/** Creates an empty store that says it is the keychain. */
export function createMemoryStore(): MemoryStore {
  const entries = new Map<AccountKey, Credential>();
  const calls: StoreMethod[] = [];
  const failures = new Map<StoreMethod, GsacError>();

  function begin(method: StoreMethod): void {
    calls.push(method);
    const failure = failures.get(method);
    if (failure !== undefined) throw failure;
  }

  return {
    kind: 'keychain',
    readOnly: false,
    entries,
    calls,
    failAt(method, error) {
      if (error === undefined) failures.delete(method);
      else failures.set(method, error);
    },
    async proveWritable() {
      begin('proveWritable');
    },
    async read(key) {
      begin('read');
      const found = entries.get(key);
      return found === undefined ? undefined : { ...found };
    },
    async write(key, credential) {
      begin('write');
      entries.set(key, { ...credential });
    },
    async remove(key) {
      begin('remove');
      return entries.delete(key);
    },
  };
}
