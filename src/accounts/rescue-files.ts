import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { maxCredentialFileBytes } from '../core/authorized-user.js';
import { lookAt, namesIn } from '../files/private-file.js';
import { rescueName } from './rescue.js';

/** Where rescue files may lie, and whose they must be. */
export interface RescuePlaces {
  /** gsac's own folder for them, where it has one. */
  directory: string | undefined;
  /** The temporary folder, which is everybody's. */
  tmpDirectory: string;
  /** The user's number; undefined where the system has none, and no modes either. */
  userId: number | undefined;
}

/** What is left of a file whose writing was cut off. */
const temporaryName = /^\.[0-9a-f]{16}\.tmp$/;

/**
 * The paths of rescue files, and in gsac's own folder of what is left of one whose writing was cut
 * off. In the temporary folder anybody may put a file of that name: only what {@link readRescueFile}
 * would read counts there. Nothing is opened.
 */
export function listRescueFiles({ directory, tmpDirectory, userId }: RescuePlaces): string[] {
  const own = directory === undefined ? [] : pathsIn(directory, [rescueName, temporaryName]);
  return [
    ...own.filter((path) => lookAt(path)?.isFile() === true),
    ...pathsIn(tmpDirectory, [rescueName]).filter((path) => {
      const stat = lookAt(path);
      return stat !== undefined && isOurs(stat, userId);
    }),
  ];
}

/**
 * The text of a rescue file, where it is a plain file as gsac writes them: the user's own, closed to
 * everybody else, no larger than a credential may be. A pipe of its name is not waited for, a link
 * not followed.
 *
 * @throws {Error} where it is none such, or cannot be read.
 */
export function readRescueFile(path: string, userId: number | undefined): string {
  // Windows has neither flag, and no pipes among its files.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    if (!isOurs(fstatSync(file), userId)) throw new Error('no rescue file of this user');
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function isOurs(stat: Stats, userId: number | undefined): boolean {
  if (!stat.isFile() || stat.size > maxCredentialFileBytes) return false;
  return userId === undefined || (stat.uid === userId && (stat.mode & 0o077) === 0);
}

function pathsIn(folder: string, names: readonly RegExp[]): string[] {
  return namesIn(folder)
    .filter((name) => names.some((known) => known.test(name)))
    .map((name) => join(folder, name));
}
