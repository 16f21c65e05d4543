import type { Stats } from 'node:fs';
import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { systemCodeOf } from '../core/errors.js';

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
 * @throws the system's error; `EISDIR` for a folder, `ENOENT` for the name of one that is not there.
 */
export async function findPlace(path: string): Promise<OutputPlace> {
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

async function look(
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
