import { randomUUID } from 'node:crypto';
import type { AccountKey, Credential } from '../../core/account.js';
import { GsacError } from '../../core/errors.js';
import { once } from '../../core/promises.js';
import { formatCredential, parseCredential, sameCredential } from './credential-document.js';
import { keychainTimeout, toKeychainError, toLoadError } from './keychain-error.js';
import type { CredentialStore } from './store.js';

/**
 * The part of keytar that is used. Never `findCredentials`: it crashes on a locked collection, takes
 * seconds with many entries, and on Windows matches by prefix.
 */
export interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

/** How the keychain is used. Times are milliseconds. */
export interface KeychainStoreOptions {
  /** The operating system as Node names it; only hints depend on it. */
  platform: string;
  /** Whether the system may show a dialog to unlock the keychain, which a person needs time for. */
  interactive: boolean;
  /** How long a call is waited for if there is no dialog: 10 s unless told. With one it is 120 s. */
  timeoutMs?: number;
  /** Called once, when a call takes long: a dialog may wait for its answer. */
  onSlow?: () => void;
  /** After how long a call counts as slow: 2 s unless told. */
  slowMs?: number;
  /** Loads keytar; the one that is installed unless told. */
  load?: () => Promise<Keytar>;
}

/** A keychain store, which knows whether a call into the system is stuck. */
export interface KeychainStore extends CredentialStore {
  /**
   * True after a `store_timeout` while the system's call still runs. An ordinary exit would then
   * wait for it, up to 50 s; see keychain-exit.
   */
  readonly stuck: boolean;
  /** Resolves when no call is stuck any more. */
  released(): Promise<void>;
}

/**
 * The service names of entries and canaries. Neither is a prefix of the other: Windows takes a
 * prefix for a match.
 */
const entryService = 'gsac';
const canaryService = 'canary.gsac';

/** Bytes that an entry stays below on every system; Windows refuses more than 2,560. */
const entryLimit = 2_400;

/**
 * A store in the operating system's keychain, through keytar, which is loaded at the first call.
 * One entry per account: a single read serves a refresh, and concurrent writers need no lock.
 *
 * A locked keychain without a dialog says "no such entry". So the first "none" of a process is
 * believed only after a canary entry could be written, and every write is read back.
 *
 * Entries of 2,400 bytes or more are refused (`store_refused`), on every system alike.
 */
export function createKeychainStore(options: KeychainStoreOptions): KeychainStore {
  const timeoutMs = options.interactive ? 120_000 : (options.timeoutMs ?? 10_000);
  const guard = createNativeGuard(timeoutMs, options);
  const load = once(options.load ?? loadKeytar);
  let provedOpen = false;

  async function call<T>(work: (keytar: Keytar) => Promise<T>): Promise<T> {
    const keytar = await load().catch((thrown: unknown) => {
      throw thrown instanceof GsacError ? thrown : toLoadError(options.platform);
    });
    try {
      return await guard.run(() => work(keytar));
    } catch (thrown) {
      throw toKeychainError(thrown, options.platform);
    }
  }

  async function proveWritable(): Promise<void> {
    const canary = randomUUID();
    await call((keytar) => keytar.setPassword(canaryService, canary, canary));
    let found: string | null;
    try {
      found = await call((keytar) => keytar.getPassword(canaryService, canary));
    } finally {
      await call((keytar) => keytar.deletePassword(canaryService, canary));
    }
    if (found !== canary) throw notKept();
    provedOpen = true;
  }

  async function proveOpen(): Promise<void> {
    if (!provedOpen) await proveWritable();
  }

  async function read(key: AccountKey): Promise<Credential | undefined> {
    const text = await call((keytar) => keytar.getPassword(entryService, key));
    if (text === null) {
      await proveOpen();
      return undefined;
    }
    const credential = parseCredential(text);
    if (credential !== undefined) return credential;
    throw new GsacError(
      'store_refused',
      `The keychain's entry for ${key} was not written by gsac.`,
      {
        hint: `Remove the entry "${entryService}" of that name with the keychain's own program, then sign in again; or update gsac, if a newer one wrote it.`,
        details: { account: key },
      },
    );
  }

  return {
    kind: 'keychain',
    readOnly: false,
    proveWritable,
    read,

    async write(key, credential) {
      const text = formatCredential(credential);
      if (text.length >= entryLimit) throw tooLarge(key, text.length);
      await call((keytar) => keytar.setPassword(entryService, key, text));
      const found = await read(key);
      if (found === undefined || !sameCredential(found, credential)) throw notKept();
    },

    async remove(key) {
      if (await call((keytar) => keytar.deletePassword(entryService, key))) return true;
      await proveOpen();
      return false;
    },

    get stuck() {
      return guard.stuck;
    },
    released: guard.released,
  };
}

async function loadKeytar(): Promise<Keytar> {
  // Its named exports type-check, but do not exist at run time.
  return (await import('keytar')).default;
}

function notKept(): GsacError {
  return new GsacError('store_refused', 'The keychain did not give back what was written.', {
    hint: 'Run the command again. If it keeps happening, use `--store file` with GSAC_PASSPHRASE or GSAC_FILE_KEY.',
  });
}

function tooLarge(key: AccountKey, bytes: number): GsacError {
  const size = bytes.toLocaleString('en-US');
  const limit = entryLimit.toLocaleString('en-US');
  return new GsacError(
    'store_refused',
    `The keychain's entry for ${key} would be ${size} bytes; it must stay below ${limit}.`,
    {
      hint: 'Use `--store file` with GSAC_PASSPHRASE or GSAC_FILE_KEY, which has no limit.',
      details: { account: key, bytes, limit: entryLimit },
    },
  );
}

/**
 * Runs native calls that may never return, and cannot be cancelled. One call goes through at a time:
 * each occupies a thread of the pool that files and name look-ups need too, and four that wait for an
 * unlock dialog would stop those. While a call that was given up has not returned, every further one
 * fails at once.
 */
function createNativeGuard(
  timeoutMs: number,
  { onSlow, slowMs = 2_000, platform }: KeychainStoreOptions,
) {
  const saySlow = once(() => onSlow?.());
  let queue: Promise<unknown> = Promise.resolve();
  let stuckCall: Promise<void> | undefined;

  async function bounded<T>(call: () => Promise<T>): Promise<T> {
    if (stuckCall !== undefined) throw keychainTimeout(timeoutMs, platform);
    const running = call();
    const slow = setTimeout(saySlow, slowMs);
    let deadline: NodeJS.Timeout | undefined;
    const expired = new Promise<never>((_, reject) => {
      deadline = setTimeout(() => {
        const forget = () => {
          stuckCall = undefined;
        };
        stuckCall = running.then(forget, forget);
        reject(keychainTimeout(timeoutMs, platform));
      }, timeoutMs);
    });
    try {
      return await Promise.race([running, expired]);
    } finally {
      clearTimeout(slow);
      clearTimeout(deadline);
    }
  }

  return {
    run<T>(call: () => Promise<T>): Promise<T> {
      const result = queue.then(() => bounded(call));
      queue = result.catch(() => {});
      return result;
    },
    get stuck() {
      return stuckCall !== undefined;
    },
    async released() {
      await stuckCall;
    },
  };
}
