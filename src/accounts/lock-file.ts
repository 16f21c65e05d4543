import { dirname } from 'node:path';
import type { LockOptions } from 'proper-lockfile';
import { systemCodeOf } from '../core/errors.js';
import { toFileError } from '../files/errno.js';
import { makePrivateFolder, proveFolder } from '../files/private-file.js';

/** How long a lock outlives the last sign of its holder unless told, in milliseconds. */
export const usualStaleMs = 10_000;

/**
 * Failures by which a folder lets nobody lock, now or later: a read-only disk, one without room, a file
 * in the folder's place.
 */
const lasting: ReadonlySet<string | undefined> = new Set([
  'EACCES',
  'EDQUOT',
  'EEXIST',
  'ENOSPC',
  'ENOTDIR',
  'EPERM',
  'EROFS',
]);

/**
 * What an attempt at a lock came to: a function that gives it back (and never throws), `busy` where
 * another holds it, `denied` where the folder lets nobody lock.
 */
export type LockAttempt = (() => Promise<void>) | 'busy' | 'denied';

/**
 * Tries once to take the lock of `path` (a folder `<path>.lock`), without waiting. The holder keeps
 * it fresh; `staleMs` after a holder was killed (at least 2,000), exactly one of those that try takes
 * it over.
 *
 * A holder that was suspended for longer than that (a laptop asleep) has lost the lock and does not
 * learn of it.
 *
 * @throws {GsacError} `local_file_broken` for any other failure of the disk: whoever went on without a
 *   lock then could lose what another writes.
 */
export async function tryLock(path: string, staleMs = usualStaleMs): Promise<LockAttempt> {
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
  times: { stale: number; update: number },
): Promise<LockAttempt> {
  const { lock } = await loadLockfile();
  const options: LockOptions = {
    ...times,
    realpath: false,
    // Its own default throws out of a timer. A refresh that lost its lock still ends well: at worst
    // another process refreshes too.
    onCompromised: () => {},
  };
  try {
    return toRelease(await lockInFolder(lock, path, options));
  } catch (thrown) {
    const code = systemCodeOf(thrown);
    if (code === 'ELOCKED' || isWritable(dirname(path), thrown)) return 'busy';
    if (lasting.has(code)) return 'denied';
    throw toFileError(thrown, 'local_file_broken', 'write', `${path}.lock`);
  }
}

type Lock = typeof import('proper-lockfile')['lock'];

async function lockInFolder(lock: Lock, path: string, options: LockOptions) {
  try {
    return await lock(path, options);
  } catch (thrown) {
    if (systemCodeOf(thrown) !== 'ENOENT') throw thrown;
    makePrivateFolder(dirname(path));
    return await lock(path, options);
  }
}

function toRelease(release: () => Promise<void>): () => Promise<void> {
  // It refuses where the lock was lost meanwhile; there is nothing to give back then.
  return () => release().catch(() => {});
}

/**
 * Windows answers EPERM for a folder that another process is just removing, which is a lock that is
 * held; a folder that may not be written says the same, but takes no file either.
 */
function isWritable(folder: string, thrown: unknown): boolean {
  const code = systemCodeOf(thrown);
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
