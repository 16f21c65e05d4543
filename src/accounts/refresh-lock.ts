import { join } from 'node:path';
import type { AccountKey } from '../core/account.js';
import { accountFileName } from '../core/account-file.js';
import { GsacError } from '../core/errors.js';
import { type LockAttempt, tryLock } from './lock-file.js';
import { forgetFailure, readFailure, recordFailure } from './shared-failure.js';

/** What a refresh lock needs. */
export interface RefreshLockOptions {
  /** Where the locks lie; made when first needed. All processes must name the same one. */
  directory: string;
  /** Epoch milliseconds; the same clock for all processes. */
  now: () => number;
  /** Resolves after so many milliseconds. */
  sleep: (milliseconds: number) => Promise<void>;
  /** How long a lock outlives its holder, in milliseconds; 10 s unless told. */
  staleMs?: number;
}

/** The bounds of the random pause between two looks at a lock that another holds, in milliseconds. */
const pause = { least: 15, most: 150 } as const;

/**
 * A refresh lock over files in `directory`, two locks per account: for refreshes and for writes. They
 * hold between processes of one machine and between callers within one process; the port says what it
 * promises. A lock whose holder was killed is taken over after ten seconds.
 *
 * It knows nothing of other machines that share the folder over a network.
 */
export function createRefreshLock(options: RefreshLockOptions): RefreshLock {
  const pathOf = (name: string) => join(options.directory, accountFileName(name));
  return {
    async share<T>(key: AccountKey, { waitMs, settled, refresh }: SharedRefresh<T>) {
      const path = pathOf(key);
      const failurePath = `${path}.failure.json`;
      const began = options.now();
      let found: T | undefined;
      const isSettled = async (waited: boolean) => {
        found = await settled();
        if (found !== undefined) return true;
        // Only who has found the lock taken shares a failure: a second try in the millisecond of the
        // first one's failure did not wait, and must ask Google again.
        const failure = waited ? readFailure(failurePath) : undefined;
        if (failure !== undefined && failure.at >= began) throw failure.error;
        return false;
      };
      const release = await takeLock(path, { waitMs, doing: 'refreshing', isSettled }, options);
      if (found !== undefined) return found;
      try {
        const answer = await refresh();
        forgetFailure(failurePath);
        return answer;
      } catch (thrown) {
        // Before the lock is given back: who gets it next looks for this.
        recordFailure(failurePath, thrown, options.now());
        throw thrown;
      } finally {
        await release();
      }
    },

    async exclusively(key, waitMs, write) {
      // Of two writers, each has its own to write, whatever became of the other's.
      const wait = { waitMs, doing: 'writing', isSettled: async () => false };
      const release = await takeLock(pathOf(`${key} write`), wait, options);
      try {
        return await write();
      } finally {
        await release();
      }
    },
  };
}

/** How long a lock is waited for, and what is said where that is too long. */
interface Wait {
  waitMs: number;
  /** What the holder is doing to the account. */
  doing: string;
  /**
   * Asked while another holds the lock, and again once it is ours; `true` ends the wait without it.
   *
   * @param waited whether the lock was another's at some time.
   */
  isSettled: (waited: boolean) => Promise<boolean>;
}

/** Waits until the lock is ours, or is not needed any more; returns what gives it back. */
async function takeLock(
  path: string,
  { waitMs, doing, isSettled }: Wait,
  { now, sleep, staleMs }: RefreshLockOptions,
): Promise<() => Promise<void>> {
  const began = now();
  // Counted beside the clock, which may be set back or, in a test, stand still.
  let slept = 0;
  let waited = false;
  for (;;) {
    const attempt: LockAttempt = await tryLock(path, staleMs);
    const release = typeof attempt === 'function' ? attempt : async () => {};
    let settled: boolean;
    try {
      waited ||= attempt === 'busy';
      settled = await isSettled(waited);
    } catch (thrown) {
      await release();
      throw thrown;
    }
    if (settled) {
      await release();
      return async () => {};
    }
    if (attempt !== 'busy') return release;

    if (Math.max(slept, now() - began) >= waitMs) throw waitTimeout(doing, waitMs);
    const next = pause.least + Math.random() * (pause.most - pause.least);
    await sleep(next);
    slept += next;
  }
}

function waitTimeout(doing: string, waitMs: number): GsacError {
  const seconds = Math.round(waitMs / 1000);
  return new GsacError(
    'refresh_wait_timeout',
    `Another gsac process is ${doing} this account, and was not done after ${seconds} s.`,
    { hint: 'Run the command again; look for a gsac process that hangs if it stays so.' },
  );
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
