import { constants, type Stats } from 'node:fs';
import { access, lstat, readlink, realpath, stat } from 'node:fs/promises';
import { devNull } from 'node:os';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { GsacError, systemCodeOf } from '../core/errors.js';
import { reasonOf } from './errno.js';
import { isDeviceName } from './file-name.js';
import { proveFolder } from './private-file.js';

/** What stands at a path that a person named for output. */
export type OutputPlace =
  /** A device, a pipe or a socket: it is written to, never replaced, and its mode is its own. */
  | { kind: 'stream' }
  | {
      kind: 'file';
      /** The file itself, where the path is a link: the link stays. */
      final: string;
      /** Whether something stands at the path, be it a link that leads nowhere. */
      taken: boolean;
      /** The permissions of the file; undefined where there is none yet. */
      mode: number | undefined;
    };

/**
 * Looks at what stands at a path, links followed. Opens nothing: to open a pipe is to wait for its
 * other end.
 *
 * @throws the system's error; `EISDIR` for a folder, `ENOENT` for the name of one that is not there;
 *   {@link GsacError} `usage` for the name of a device of Windows.
 */
export async function findPlace(path: string): Promise<OutputPlace> {
  refuseDeviceName(path);
  const found = await look(path, lstat);
  if (found === undefined) {
    if (/[\\/]$/.test(path)) throw Object.assign(new Error('no such folder'), { code: 'ENOENT' });
    return { kind: 'file', final: path, taken: false, mode: undefined };
  }
  const behind = found.isSymbolicLink() ? await look(path, stat) : found;
  if (behind === undefined) {
    const final = resolve(await realpath(dirname(path)), await readlink(path));
    return { kind: 'file', final, taken: true, mode: undefined };
  }
  if (behind.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
  if (!behind.isFile()) return { kind: 'stream' };
  return { kind: 'file', final: await realpath(path), taken: true, mode: behind.mode & 0o777 };
}

/** Node would make a file of that name, which neither Explorer nor cmd could remove. */
function refuseDeviceName(path: string): void {
  if (sep !== '\\' || !isDeviceName(basename(path)) || path.startsWith('\\\\')) return;
  throw new GsacError('usage', `${path} is the name of a device of Windows.`, {
    hint: 'Name a file with -o <file>.',
  });
}

/** A path as people on Windows mean it: NUL is the device there, of which Node would make a file. */
export function meantPath(path: string): string {
  return sep === '\\' && /^nul$/i.test(path) ? devNull : path;
}

/** What `lstat` or `stat` says of a path; undefined if nothing is there. @throws the system's error. */
export async function look(
  path: string,
  ask: (path: string) => Promise<Stats>,
): Promise<Stats | undefined> {
  try {
    return await ask(path);
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

/**
 * Proves that a file could be written at a path that a person named, and returns what tells that file
 * from others: two names of one file, through links, folders or another case, have one answer.
 *
 * Nothing is left behind: the folder takes a short file of another name, which is removed at once.
 * What exists is not opened, a device or a pipe least of all. That the disk has room for the whole,
 * and that all stays as it is until then, it cannot prove.
 *
 * @throws {GsacError} `usage`: the folder is none or takes no files, or the path is a folder.
 */
export async function proveFileTarget(named: string): Promise<string> {
  const path = meantPath(named);
  try {
    const place = await findPlace(path);
    if (place.kind === 'stream') {
      await access(path, constants.W_OK);
      // A pipe that a process was given has a name that leads nowhere.
      return await realpath(path).catch(() => path);
    }
    const folder = await realpath(dirname(place.final));
    let name = basename(place.final);
    try {
      if (proveFolder(folder).ignoresCase) name = name.normalize().toLowerCase();
    } catch (thrown) {
      // A file that is there is written in place then.
      const isThere = place.mode !== undefined;
      if (!isThere || !/^(EACCES|EPERM)$/.test(systemCodeOf(thrown) ?? '')) throw thrown;
      await access(place.final, constants.R_OK | constants.W_OK);
    }
    return join(folder, name);
  } catch (thrown) {
    if (thrown instanceof GsacError) throw thrown;
    throw new GsacError('usage', `${path} cannot be written: ${reasonOf(thrown)}.`, {
      hint: 'Nothing was sent. Name a file in an existing, writable folder.',
      details: { system_code: systemCodeOf(thrown) ?? null },
    });
  }
}

/** The error for a file that is there already and must not be replaced: `file_exists`. */
export function alreadyThere(path: string): GsacError {
  return new GsacError('file_exists', `${path} exists already.`, {
    hint: 'Overwrite it with --force, or name another file with -o <file>.',
    details: { path },
  });
}

/** Paths at which no file can be, whatever the disk and its owner say: they are mistyped. */
const impossible: readonly (string | undefined)[] = [
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOTDIR',
];

/**
 * Says why a file that the person named cannot be begun: `usage` for a path at which none can be,
 * since nothing was sent yet, else as {@link throwNotWritten}. A GsacError passes through.
 */
export function throwNotOpened(path: string, thrown: unknown): never {
  const systemCode = systemCodeOf(thrown);
  if (thrown instanceof GsacError || !impossible.includes(systemCode)) {
    throwNotWritten(path, thrown);
  }
  if (systemCode === 'EISDIR') {
    throw new GsacError('usage', `${path} is a folder.`, { hint: 'Name the file with -o <file>.' });
  }
  throw new GsacError('usage', `${path} cannot be written: ${reasonOf(thrown)}.`, {
    hint: 'Create its folder first, or name another file with -o <file>.',
    details: { system_code: systemCode },
  });
}

/** Says why a file that the person named was not written: `output_failed`. A GsacError passes through. */
export function throwNotWritten(path: string, thrown: unknown): never {
  if (thrown instanceof GsacError) throw thrown;
  throw new GsacError('output_failed', `${path} cannot be written: ${reasonOf(thrown)}.`, {
    hint: 'Name another file with -o <file>.',
    details: { system_code: systemCodeOf(thrown) ?? null },
  });
}
