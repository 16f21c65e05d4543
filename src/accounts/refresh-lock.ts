import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LockOptions } from 'proper-lockfile';
import { type AccountKey, accountFileName } from '../core/account.js';
import { type ErrorCode, errorExitCodes, GsacError, systemCodeOf } from '../core/errors.js';
import { parseJsonObject } from '../core/json.js';
import { toFileError } from '../files/errno.js';
import {
  makePrivateFolder,
  proveFolder,
  readPrivateFile,
  removePrivateFile,
  writePrivateFile,
} from '../files/private-file.js';

interface RefreshLockOptions {
  /** Where the locks lie; made when first needed. All processes must name the same one. */
  directory: string;
  /** Epoch milliseconds; the same clock for all processes. */
  now: () => number;
  /** Resolves after so many milliseconds. */
  sleep: (milliseconds: number) => Promise<void>;
  /** How long a lock outlives the last sign of its holder, in milliseconds; at least 2,000. */
  staleMs?: number;
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

/** How long a lock is waited for, and what is said if that is too long. */
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

/** How long a lock outlives the last sign of its holder unless told, in milliseconds. */
export const usualStaleMs = 10_000;
/** The bounds of the random pause between two looks at a lock that another holds, in milliseconds. */
const pause = { least: 15, most: 150 } as const;

/** One at a time for each account, across processes. */
export type RefreshLock = ReturnType<typeof createRefreshLock>;

/**
 * A refresh lock over files in `directory`, two locks per account: for refreshes and for writes. They
 * hold between processes of one machine (not over a network) and between callers within one process.
 * If the folder cannot be written (a read-only disk), the work runs without a lock.
 */
export function createRefreshLock(options: RefreshLockOptions) {
  const pathOf = (name: string) => join(options.directory, accountFileName(name));
  return {
    /**
     * Runs `refresh` under the account's lock, or returns what `settled` found while another process
     * held it. A failure that another process recorded after this wait began is thrown here too, so
     * that fifty waiters do not try fifty times.
     *
     * @throws {GsacError} `refresh_wait_timeout` after `waitMs`.
     */
    async share<T>(key: AccountKey, { waitMs, settled, refresh }: SharedRefresh<T>): Promise<T> {
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

    /**
     * Runs `write` while nobody else's runs for the account. It shares nothing with the others, and
     * does not wait for a refresh.
     *
     * @throws {GsacError} `refresh_wait_timeout` after `waitMs` milliseconds; what `write` throws.
     */
    async exclusively<T>(key: AccountKey, waitMs: number, write: () => Promise<T>): Promise<T> {
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
    const attempt = await tryLock(path, staleMs);
    const release = typeof attempt === 'function' ? attempt : async () => {};
    waited ||= attempt === 'busy';
    let settled = true;
    try {
      settled = await isSettled(waited);
    } finally {
      if (settled) await release();
    }
    if (settled) return async () => {};
    if (attempt !== 'busy') return release;

    if (Math.max(slept, now() - began) >= waitMs) {
      throw new GsacError(
        'refresh_wait_timeout',
        `Another gsac process is ${doing} this account, and was not done after ${Math.round(waitMs / 1000)} s.`,
        {
          hint: 'Run the command again. If it keeps happening, look for a gsac process that hangs.',
        },
      );
    }
    const next = pause.least + Math.random() * (pause.most - pause.least);
    await sleep(next);
    slept += next;
  }
}

/**
 * Failures by which a folder lets nobody lock, now or later: a read-only disk, one without room, a file
 * in the folder's place.
 */
const lasting: ReadonlySet<string | undefined> = new Set(
  'EACCES EDQUOT EEXIST ENOSPC ENOTDIR EPERM EROFS'.split(' '),
);

/**
 * What an attempt at a lock came to: a function that gives it back (and never throws), `busy` if
 * another holds it, `denied` if the folder lets nobody lock.
 */
type LockAttempt = (() => Promise<void>) | 'busy' | 'denied';

/**
 * Tries once to take the lock of `path` (a folder `<path>.lock`), without waiting. The holder keeps
 * it fresh; `staleMs` after a holder was killed, exactly one of those that try takes it over.
 *
 * A holder that was suspended for longer than that (a laptop asleep) has lost the lock and does not
 * learn of it.
 *
 * @throws {GsacError} `local_file_broken` for any other failure of the disk: whoever went on without a
 *   lock then could lose what another writes.
 */
async function tryLock(path: string, staleMs = usualStaleMs): Promise<LockAttempt> {
  const update = staleMs / 2;
  const first = await attempt(path, { stale: Number.POSITIVE_INFINITY, update });
  if (first !== 'busy') return first;
  const { check } = await loadLockfile();
  if (await check(path, { stale: staleMs, realpath: false }).catch(() => true)) return 'busy';

  // proper-lockfile removes a stale lock and takes it in two steps, so that of two that try, one may
  // remove the lock that the other has just taken. A second lock around the two steps prevents it.
  const guard = await attempt(`${path}.takeover`, { stale: staleMs, update });
  if (typeof guard === 'string') return guard;
  try {
    return await attempt(path, { stale: staleMs, update });
  } finally {
    await guard();
  }
}

async function attempt(
  path: string,
  times: Pick<LockOptions, 'stale' | 'update'>,
): Promise<LockAttempt> {
  const { lock } = await loadLockfile();
  // Its own default throws out of a timer. A refresh that lost its lock still ends well: at worst
  // another process refreshes too.
  const options: LockOptions = { ...times, realpath: false, onCompromised: () => {} };
  try {
    const release = await lock(path, options).catch((thrown) => {
      if (systemCodeOf(thrown) !== 'ENOENT') throw thrown;
      makePrivateFolder(dirname(path));
      return lock(path, options);
    });
    // It refuses if the lock was lost meanwhile; there is nothing to give back then.
    return () => release().catch(() => {});
  } catch (thrown) {
    const code = systemCodeOf(thrown);
    if (code === 'ELOCKED' || isWritable(dirname(path), code)) return 'busy';
    if (lasting.has(code)) return 'denied';
    throw toFileError(thrown, 'local_file_broken', 'write', `${path}.lock`);
  }
}

/**
 * Windows answers EPERM for a folder that another process is just removing, which is a lock that is
 * held; a folder that may not be written says the same, but takes no file either.
 */
function isWritable(folder: string, code: string | undefined): boolean {
  if (code !== 'EPERM' && code !== 'EACCES') return false;
  try {
    proveFolder(folder);
    return true;
  } catch {
    return false;
  }
}

async function loadLockfile() {
  return (await import('proper-lockfile')).default;
}

/** Failures that are of one process alone: its keys, its user, its bugs. */
const ownFailures: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'unexpected',
  'output_failed',
  'input_required',
  'usage',
  'store_key_required',
  'store_key_wrong',
  'cancelled',
]);

/**
 * Records a failure for those that wait, unless it concerns only this process. Never throws: if it
 * cannot be written, each waiter tries itself.
 */
function recordFailure(path: string, thrown: unknown, at: number): void {
  if (!(thrown instanceof GsacError) || ownFailures.has(thrown.code)) return;
  const { code, message, hint, details } = thrown;
  try {
    writePrivateFile(path, JSON.stringify({ v: 1, at, code, message, hint, details }));
  } catch {
    // Said above.
  }
}

/** The last recorded failure and its time; undefined if there is none, or none that can be read. */
function readFailure(path: string): { at: number; error: GsacError } | undefined {
  let text: string;
  try {
    text = readPrivateFile(path)?.toString('utf8') ?? '';
  } catch {
    return undefined;
  }
  const { v, at, code, message, hint, details } = parseJsonObject(text) ?? {};
  if (v !== 1 || typeof at !== 'number' || typeof message !== 'string') return undefined;
  if (!isErrorCode(code)) return undefined;
  const error = new GsacError(code, message, {
    hint: typeof hint === 'string' ? hint : undefined,
    details: typeof details === 'object' && details !== null ? { ...details } : undefined,
  });
  return { at, error };
}

/** Forgets a recorded failure. Never throws: an old one is told by its time. */
function forgetFailure(path: string): void {
  try {
    // Mostly there is none, and a look costs far less than a removal that fails.
    if (existsSync(path)) removePrivateFile(path);
  } catch {
    // Said above.
  }
}

function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorExitCodes, value);
}
