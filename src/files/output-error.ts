import { GsacError, systemCodeOf } from '../core/errors.js';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'access is denied',
  EDQUOT: 'the quota is used up',
  EFBIG: 'it is too large for the file system',
  EIO: 'the disk fails',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links go in a circle',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'there is no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is no folder',
  EPERM: 'it is not permitted',
  EROFS: 'the disk is read-only',
};

/** Paths at which no file can be, whatever the disk and its owner say: they are mistyped. */
const impossible: readonly string[] = ['EISDIR', 'ELOOP', 'ENAMETOOLONG', 'ENOENT', 'ENOTDIR'];

/** Why a file of the person's own cannot be read or written, as part of a sentence. */
export function reasonOf(thrown: unknown): string {
  const code = systemCodeOf(thrown) ?? 'unknown';
  return reasons[code] ?? code;
}

/**
 * Why a file that the person named cannot be begun: `usage` for a path at which none can be, since
 * nothing was sent yet, else as {@link notWritten}. A GsacError passes through.
 */
export function notOpened(path: string, thrown: unknown): GsacError {
  if (thrown instanceof GsacError) return thrown;
  const systemCode = systemCodeOf(thrown);
  if (systemCode === undefined || !impossible.includes(systemCode)) return notWritten(path, thrown);
  if (systemCode === 'EISDIR') {
    return new GsacError('usage', `${path} is a folder.`, {
      hint: 'Name the file with -o <file>.',
    });
  }
  return new GsacError('usage', `${path} cannot be written: ${reasonOf(thrown)}.`, {
    hint: 'Make its folder first, or name another place with -o <file>.',
    details: { system_code: systemCode },
  });
}

/** Why a file that the person named was not written: `output_failed`. A GsacError passes through. */
export function notWritten(path: string, thrown: unknown): GsacError {
  if (thrown instanceof GsacError) return thrown;
  return new GsacError('output_failed', `${path} cannot be written: ${reasonOf(thrown)}.`, {
    hint: 'Name another place with -o <file>.',
    details: { system_code: systemCodeOf(thrown) ?? null },
  });
}
