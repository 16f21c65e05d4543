import { sep } from 'node:path';
import { type ErrorCode, GsacError, messageOf, systemCodeOf } from '../core/errors.js';

const moveOrChoose =
  'Move the file that stands where a folder should be, or set GSAC_HOME to another folder.';

const closeIt =
  'Close it there, or wait until a backup or virus scanner has finished, and run the command again.';

/** What the system says against a file, in words, and what helps where the file is one of gsac's own. */
const refusals: Readonly<Record<string, { said: string; hint?: string }>> = {
  EACCES: {
    said: 'permission denied',
    hint: 'Check who owns it (another user, or root after a sudo?), or set GSAC_HOME to a folder of your own.',
  },
  EBUSY: { said: 'another program has it open', hint: closeIt },
  EDQUOT: { said: 'the disk quota is used up', hint: 'Free some space and run the command again.' },
  EEXIST: { said: 'a part of its path is not a folder', hint: moveOrChoose },
  EFBIG: { said: 'it is too large for the file system' },
  EIO: { said: 'the disk fails' },
  EISDIR: { said: 'it is a folder', hint: 'Move that folder away.' },
  ELOOP: { said: 'its symbolic links go in a circle', hint: 'Mend the links, or set GSAC_HOME.' },
  EMFILE: { said: 'too many files are open', hint: 'Raise the limit of open files.' },
  ENAMETOOLONG: { said: 'its name is too long' },
  ENFILE: { said: 'too many files are open', hint: 'Close other programs and try again.' },
  ENOENT: { said: 'no such file or folder' },
  ENOSPC: { said: 'the disk is full', hint: 'Free some space and run the command again.' },
  ENOTDIR: { said: 'a part of its path is not a folder', hint: moveOrChoose },
  EPERM:
    // What Windows says of a file that another program has open, and of some others.
    sep === '\\'
      ? { said: 'another program has it open, or it is read-only', hint: closeIt }
      : {
          said: 'the system does not permit it',
          hint: 'Check who owns it, or set GSAC_HOME to a folder of your own.',
        },
  EROFS: {
    said: 'the disk is read-only',
    hint: 'Set GSAC_HOME to a folder that can be written.',
  },
};

/** What was being done to a file when it failed. */
export type FileAction = 'read' | 'write' | 'remove' | 'list';

/** Why a file that the person named could not be used, as part of a sentence: `permission denied`. */
export function reasonOf(thrown: unknown): string {
  const code = systemCodeOf(thrown) ?? 'unknown';
  return refusals[code]?.said ?? code;
}

/** The same for a file of gsac's own, with the system's code: `permission denied (EACCES)`. */
export function fileReason(thrown: unknown): string {
  const code = systemCodeOf(thrown);
  const known = refusals[code ?? ''];
  return known === undefined ? messageOf(thrown) : `${known.said} (${code})`;
}

/**
 * Turns a system error into a {@link GsacError} that names the path, the reason in words and what
 * to do. A GsacError passes through unchanged.
 */
export function toFileError(
  thrown: unknown,
  code: ErrorCode,
  action: FileAction,
  path: string,
): GsacError {
  if (thrown instanceof GsacError) return thrown;
  const systemCode = systemCodeOf(thrown);
  const known = refusals[systemCode ?? ''];
  return new GsacError(code, `Cannot ${action} ${path}: ${fileReason(thrown)}.`, {
    hint: known?.hint ?? 'Set GSAC_HOME to a folder that can be read and written.',
    details: { path, system_code: systemCode },
  });
}

/** Runs `work`, and turns a system error that it throws with {@link toFileError}. */
export function withFileErrors<T>(
  code: ErrorCode,
  action: FileAction,
  path: string,
  work: () => T,
): T {
  try {
    return work();
  } catch (thrown) {
    throw toFileError(thrown, code, action, path);
  }
}
