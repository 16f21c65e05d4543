import { type ErrorCode, GsacError, messageOf, systemCodeOf } from '../core/errors.js';

const reasons: Readonly<Record<string, { said: string; hint: string }>> = {
  EACCES: {
    said: 'permission denied',
    hint: 'Check who owns it (another user, or root after a sudo?), or set GSAC_HOME to a folder of your own.',
  },
  EPERM: {
    said: 'the system does not permit it',
    hint: 'Check who owns it, or set GSAC_HOME to a folder of your own.',
  },
  EROFS: {
    said: 'the disk is read-only',
    hint: 'Set GSAC_HOME to a folder that can be written.',
  },
  ENOSPC: { said: 'the disk is full', hint: 'Free some space and run the command again.' },
  EDQUOT: { said: 'the disk quota is used up', hint: 'Free some space and run the command again.' },
  EISDIR: { said: 'it is a folder', hint: 'Move that folder away.' },
  ENOTDIR: {
    said: 'a part of its path is not a folder',
    hint: 'Move the file that stands where a folder should be, or set GSAC_HOME.',
  },
  EEXIST: {
    said: 'a part of its path is not a folder',
    hint: 'Move the file that stands where a folder should be, or set GSAC_HOME.',
  },
  ELOOP: { said: 'its symbolic links go in a circle', hint: 'Mend the links, or set GSAC_HOME.' },
  EMFILE: { said: 'too many files are open', hint: 'Raise the limit (ulimit -n).' },
  ENFILE: { said: 'too many files are open', hint: 'Close other programs and try again.' },
};

/** What was being done to a file when it failed. */
export type FileAction = 'read' | 'write' | 'remove' | 'list';

/** Why a file could not be worked with, as part of a sentence: `permission denied (EACCES)`. */
export function fileReason(thrown: unknown): string {
  const systemCode = systemCodeOf(thrown);
  const known = reasons[systemCode ?? ''];
  return known === undefined ? messageOf(thrown) : `${known.said} (${systemCode})`;
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
  const known = reasons[systemCode ?? ''];
  return new GsacError(code, `Cannot ${action} ${path}: ${fileReason(thrown)}.`, {
    hint: known?.hint ?? 'Set GSAC_HOME to a folder that can be read and written.',
    details: { path, ...(systemCode === undefined ? {} : { system_code: systemCode }) },
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
