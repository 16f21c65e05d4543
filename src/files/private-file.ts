import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rename,
  renameSync,
  type Stats,
  unlinkSync,
  writeFile,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { systemCodeOf } from '../core/errors.js';
import type { CloseToOthers } from './access-list.js';

// All but replacePrivateFile is synchronous: the files are a few hundred bytes, and a synchronous
// read costs 0.02 ms where a promised one costs 0.1 ms and a turn of the thread pool, which a
// keychain call that waits may have filled.

/** How a private file is written. */
export interface WriteOptions {
  /** Flush file and folder to the disk before returning; for what cannot be fetched again. */
  durable?: boolean;
  /** Called with the path of the new file while nothing is in it. */
  closeToOthers?: CloseToOthers | undefined;
}

/**
 * The content of a file, or undefined where there is none.
 *
 * @throws the system's error (`EACCES`, `EISDIR`, …) where there is one that cannot be read.
 */
export function readPrivateFile(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

/**
 * Writes a file of mode 0600 in one step: a reader sees the old content or the new, never a part.
 * Missing folders are made with mode 0700; the modes of those that exist are left alone.
 *
 * @throws the system's error (`EACCES`, `ENOSPC`, `EROFS`, …); nothing is left behind then.
 */
export function writePrivateFile(
  path: string,
  content: string | Uint8Array,
  options: WriteOptions = {},
): void {
  const temporary = temporaryName(path);
  writeNew(temporary, content, options);
  try {
    whileHeld(() => renameSync(temporary, path));
  } catch (thrown) {
    removeQuietly(temporary);
    throw thrown;
  }
  if (options.durable) flushFolder(dirname(path));
}

/**
 * Writes a file as {@link writePrivateFile} does, and lets the process go on meanwhile: a rename over
 * an old file takes a millisecond on some file systems, which many refreshes at once would add up.
 *
 * @throws the system's error (`EACCES`, `ENOSPC`, `EROFS`, …); nothing is left behind then.
 */
export async function replacePrivateFile(
  path: string,
  content: string | Uint8Array,
  { closeToOthers }: Pick<WriteOptions, 'closeToOthers'> = {},
): Promise<void> {
  const temporary = temporaryName(path);
  if (closeToOthers !== undefined) {
    closeSync(openNew(temporary));
    closeToOthers(temporary);
  }
  const flag = closeToOthers === undefined ? 'wx' : 'w';
  // Not of fs/promises, whose file handles cost more than all the rest of it.
  const write = () => promisify(writeFile)(temporary, content, { flag, mode: 0o600 });
  try {
    await write().catch((thrown) => {
      if (systemCodeOf(thrown) !== 'ENOENT') throw thrown;
      makePrivateFolder(dirname(path));
      return write();
    });
    for (let attempt = 1; ; attempt++) {
      try {
        return await promisify(rename)(temporary, path);
      } catch (thrown) {
        if (!isBusy(thrown) || attempt === attempts) throw thrown;
        await delay(attempt * 5);
      }
    }
  } catch (thrown) {
    removeQuietly(temporary);
    throw thrown;
  }
}

/**
 * Writes a file as {@link writePrivateFile} does, durably, but only where there is none: of many
 * processes that try at once exactly one gets true. No reader ever sees a part of it, but on a file
 * system without hard links, where it is written in its place.
 *
 * @throws the system's error where the file can be neither made nor found; nothing is left behind then.
 */
export function createPrivateFile(
  path: string,
  content: string | Uint8Array,
  { closeToOthers }: Pick<WriteOptions, 'closeToOthers'> = {},
): boolean {
  const options = { durable: true, closeToOthers };
  const temporary = temporaryName(path);
  writeNew(temporary, content, options);
  try {
    linkSync(temporary, path);
  } catch (thrown) {
    const code = systemCodeOf(thrown) ?? '';
    if (code === 'EEXIST') return false;
    if (!withoutLinks.test(code)) throw thrown;
    return createInPlace(path, content, options);
  } finally {
    removeQuietly(temporary);
  }
  flushFolder(dirname(path));
  return true;
}

/**
 * Removes a file; false where there was none.
 *
 * @throws the system's error where there is one that cannot be removed.
 */
export function removePrivateFile(path: string): boolean {
  try {
    if (isWindows) whileHeld(() => unlinkSync(path));
    else unlinkSync(path);
    return true;
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'ENOENT') return false;
    throw thrown;
  }
}

/**
 * Proves that a folder takes a file, and leaves nothing behind. A missing one is made.
 *
 * @returns whether names that differ in case only are one file there.
 * @throws the system's error.
 */
export function proveFolder(folder: string): { ignoresCase: boolean } {
  const probe = temporaryName(join(folder, 'probe'));
  writePrivateFile(probe, 'probe');
  const ignoresCase = existsSync(join(folder, basename(probe).toUpperCase()));
  removePrivateFile(probe);
  return { ignoresCase };
}

/**
 * What lies at a path, links not followed; undefined where there is nothing, or something that cannot
 * be looked at.
 */
export function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // A part of its path is no folder, or closed: that is said where the folder is written to.
    return undefined;
  }
}

/** The names in a folder, sorted; none if it does not exist. @throws the system's error. */
export function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}

/** The names in a folder, sorted; none if it cannot be listed, which `gsac doctor` reports. */
export function namesIn(folder: string): string[] {
  try {
    return listFolder(folder);
  } catch {
    return [];
  }
}

/**
 * Makes a folder of mode 0700, and the missing ones above it; one that exists is left as it is.
 *
 * @throws the system's error.
 */
export function makePrivateFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    // Node then looks whether the folder is there, and tells that it is not: not why (EROFS).
    if (systemCodeOf(thrown) !== 'ENOENT') throw thrown;
    mkdirSync(firstMissing(path), { mode: 0o700 });
    mkdirSync(path, { recursive: true, mode: 0o700 });
  }
}

/** The uppermost folder of a path that is not there. */
function firstMissing(path: string): string {
  const parent = dirname(path);
  return parent === path || existsSync(parent) ? path : firstMissing(parent);
}

/** A name for a file that is not there yet; files that begin so are never taken for ours. */
function temporaryName(path: string): string {
  return join(dirname(path), `.${randomBytes(8).toString('hex')}.tmp`);
}

/** Writes a file that is not there yet; one that fails is removed: a part would pass for the whole. */
function writeNew(
  path: string,
  content: string | Uint8Array,
  { durable, closeToOthers }: WriteOptions,
): void {
  const file = openNew(path);
  try {
    closeToOthers?.(path);
    writeFileSync(file, content);
    if (durable) fsyncSync(file);
  } catch (thrown) {
    removeQuietly(path);
    throw thrown;
  } finally {
    closeSync(file);
  }
}

function openNew(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (thrown) {
    if (systemCodeOf(thrown) !== 'ENOENT') throw thrown;
    makePrivateFolder(dirname(path));
    return openSync(path, 'wx', 0o600);
  }
}

/**
 * How systems say that a file system has no hard links (exFAT, some network shares), or that they are
 * forbidden: Android does so by EACCES, and for exFAT Windows says EISDIR.
 */
const withoutLinks = /^(EACCES|EISDIR|EMLINK|ENOSYS|ENOTSUP|EOPNOTSUPP|EPERM|EXDEV)$/;

function createInPlace(path: string, content: string | Uint8Array, options: WriteOptions): boolean {
  try {
    writeNew(path, content, options);
    return true;
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'EEXIST') return false;
    throw thrown;
  }
}

const isWindows = sep === '\\';
/**
 * Windows neither replaces nor removes a file that another program has open: ours for some
 * milliseconds, a backup or a virus scanner for longer, so five seconds in all. On POSIX these codes
 * cannot come for that reason, and the few tries cost a fifth of a second.
 */
const attempts = isWindows ? 45 : 10;

function isBusy(thrown: unknown): boolean {
  return /^(EACCES|EBUSY|EPERM)$/.test(systemCodeOf(thrown) ?? '');
}

/** Does a thing again while another program keeps it from being done. */
function whileHeld(work: () => void): void {
  for (let attempt = 1; ; attempt++) {
    try {
      work();
      return;
    } catch (thrown) {
      if (!isBusy(thrown) || attempt === attempts) throw thrown;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, attempt * 5);
    }
  }
}

/** Makes a rename durable. Windows cannot open a folder, and some file systems cannot flush one. */
function flushFolder(path: string): void {
  try {
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    // The content itself is already on the disk.
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // A leftover holds nothing that its final place would not hold.
  }
}
