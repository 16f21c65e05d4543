import { constants, statSync } from 'node:fs';
import { access, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isatty } from 'node:tty';
import { GsacError, systemCodeOf } from '../core/errors.js';
import { orCancelled } from '../core/promises.js';
import type { CloseToOthers } from './access-list.js';
import { createPrivateFile, replacePrivateFile } from './private-file.js';
import { alreadyThere, findPlace, meantPath, throwNotOpened, throwNotWritten } from './target.js';

/** A file that a person named for a secret. */
export interface SecretFileWish {
  path: string;
  /** Whether an existing file gives way. */
  replace: boolean;
  /** Whether a device that is a terminal may show it. */
  terminal: boolean;
  /** Aborted when the person cancels: a pipe may never have a reader. */
  signal: AbortSignal;
  /** What closes a file to others on a platform whose modes do not. */
  closeToOthers?: CloseToOthers | undefined;
}

/** What is longer is not a small file of gsac's own making. */
const mostReadBytes = 65_536;

/**
 * Makes ready to write a secret where a person said, and says how: a file in one step
 * with mode 0600, the target of a link in the link's stead, and a device or a pipe as it is.
 *
 * @throws {GsacError} `file_exists`, `usage` for a path at which no file can be, `output_failed`.
 */
export async function openSecretFile({
  path: named,
  replace,
  terminal,
  signal,
  closeToOthers,
}: SecretFileWish): Promise<SecretTarget> {
  const path = meantPath(named);
  let isClosed = false;
  const close =
    closeToOthers &&
    ((made: string) => {
      isClosed = closeToOthers(made);
      return isClosed;
    });
  try {
    const place = await findPlace(path);
    if (place.kind === 'file') {
      if (place.taken && !replace) throw alreadyThere(path);
      await access(dirname(place.final));
    }
    const write = async (text: string) => {
      if (place.kind === 'stream') await writeThrough(path, text, terminal, signal);
      else if (replace) await put(place.final, text, place.mode !== undefined, close);
      else if (!createPrivateFile(place.final, text, { closeToOthers: close }))
        throw alreadyThere(path);
    };
    return {
      async write(text) {
        await write(text).catch((thrown) => throwNotWritten(path, thrown));
        if (place.kind === 'stream') return 'stream';
        const isPrivate = close ? isClosed : (statSync(place.final).mode & 0o077) === 0;
        return isPrivate ? 'private-file' : 'open-file';
      },
    };
  } catch (thrown) {
    throwNotOpened(path, thrown);
  }
}

/**
 * Writes a file that a person named as {@link openSecretFile} does, over an existing one.
 *
 * @param signal ends the wait for a pipe's reader.
 * @param mayReplace asked about the text of an existing file; false leaves it as it is.
 * @returns false where it was left.
 * @throws the system's error, also if the folder does not exist; {@link GsacError} `cancelled`.
 */
export async function overwriteNamedFile(
  named: string,
  text: string,
  signal: AbortSignal,
  mayReplace?: (text: string) => boolean,
): Promise<boolean> {
  const path = meantPath(named);
  const place = await findPlace(path);
  if (place.kind === 'stream') {
    await writeThrough(path, text, true, signal);
    return true;
  }
  const { final, mode } = place;
  if (mode !== undefined && mayReplace !== undefined) {
    const { size } = await stat(final);
    if (size > mostReadBytes || !mayReplace(await readFile(final, 'utf8'))) return false;
  }
  await access(dirname(final));
  await put(final, text, mode !== undefined);
  return true;
}

/** Writes a report over whatever file a person named. @throws {GsacError} `output_failed`, `cancelled`. */
export async function writeReportFile(
  path: string,
  text: string,
  signal: AbortSignal,
): Promise<void> {
  await overwriteNamedFile(path, text, signal).catch((thrown) => throwNotWritten(path, thrown));
}

/**
 * In one step where that can be. A file that may be written in a folder that may not, and one that is
 * mounted by itself, can only be written in place.
 */
async function put(
  final: string,
  text: string,
  isThere: boolean,
  closeToOthers?: CloseToOthers,
): Promise<void> {
  try {
    await replacePrivateFile(final, text, { closeToOthers });
  } catch (thrown) {
    if (!isThere || !/^(EACCES|EBUSY|EPERM)$/.test(systemCodeOf(thrown) ?? '')) throw thrown;
    const handle = await open(final, 'r+');
    try {
      // Before the secret is in it.
      await handle.chmod(0o600);
      await handle.truncate();
      closeToOthers?.(final);
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
  }
}

/** Nothing is made where the device is gone meanwhile, and nobody's permissions are changed. */
async function writeThrough(
  path: string,
  text: string,
  terminal: boolean,
  signal: AbortSignal,
): Promise<void> {
  const handle = await orCancelled(open(path, constants.O_WRONLY), signal);
  try {
    if (!terminal && isatty(handle.fd)) {
      throw new GsacError('usage', `${path} is a terminal; gsac shows no credentials on one.`, {
        hint: 'Write a file with -o <file>, or add --show-secrets.',
      });
    }
    await orCancelled(handle.writeFile(text), signal);
  } finally {
    // It waits for what is being written, and a process that is cancelled does not.
    await orCancelled(handle.close(), signal);
  }
}

/** Where a secret is to be written. */
export interface SecretTarget {
  /**
   * Writes it, once, and says what became of it: the readers of a device or a pipe are not ours to
   * choose, and some file systems keep neither modes nor access lists.
   *
   * @throws {GsacError} `file_exists` where it is taken meanwhile, `output_failed`.
   */
  write(text: string): Promise<'private-file' | 'open-file' | 'stream'>;
}
