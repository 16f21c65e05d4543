import { mkdtempSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LockOptions } from 'proper-lockfile';
import { systemCodeOf } from '../core/errors.js';
import { makePrivateFolder } from '../files/private-file.js';

/** How long a lock outlives the last sign of its holder, in milliseconds. */
const stale = 10_000;

/**
 * What an attempt at a lock came to: a function that gives it back (and never throws), `busy` where
 * another holds it, `denied` where the folder lets nobody lock.
 */
export type LockAttempt = (() => Promise<void>) | 'busy' | 'denied';

/**
 * Tries once to take the lock of `path` (a folder `<path>.lock`), without waiting. The holder keeps
 * it fresh; ten seconds after a holder was killed, exactly one of those that try takes it over.
 *
 * A holder that was suspended for longer than that (a laptop asleep) has lost the lock and does not
 * learn of it.
 */
export async function tryLock(path: string): Promise<LockAttempt> {
  const first = await attempt(path, Number.POSITIVE_INFINITY);
  if (first !== 'busy') return first;
  const { check } = await loadLockfile();
  if (await check(path, { stale, realpath: false }).catch(() => true)) return 'busy';

  // proper-lockfile removes a stale lock and takes it in two steps, so that of two that try, one may
  // remove the lock that the other has just taken. A second lock around the two steps prevents it.
  const guard = await attempt(`${path}.takeover`, stale);
  if (typeof guard === 'string') return guard;
  try {
    return await attempt(path, stale);
  } finally {
    await guard();
  }
}

async function attempt(path: string, staleAfter: number): Promise<LockAttempt> {
  const { lock } = await loadLockfile();
  const options: LockOptions = {
    realpath: false,
    stale: staleAfter,
    update: stale / 2,
    // Its own default throws out of a timer. A refresh that lost its lock still ends well: at worst
    // another process refreshes too.
    onCompromised: () => {},
  };
  try {
    return toRelease(await lockInFolder(lock, path, options));
  } catch (thrown) {
    return systemCodeOf(thrown) === 'ELOCKED' || isWritable(dirname(path), thrown)
      ? 'busy'
      : 'denied';
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
 * held; a folder that may not be written says the same, but takes no other folder either.
 */
function isWritable(folder: string, thrown: unknown): boolean {
  const code = systemCodeOf(thrown);
  if (code !== 'EPERM' && code !== 'EACCES') return false;
  try {
    rmdirSync(mkdtempSync(join(folder, '.probe-')));
    return true;
  } catch {
    return false;
  }
}

async function loadLockfile() {
  return (await import('proper-lockfile')).default;
}
