import { GsacError } from '../core/errors.js';

interface Bounds {
  least: number;
  most: number;
}

/** A number of seconds from a flag, fractions allowed. @throws {GsacError} `usage`. */
export function readSeconds(value: string, name: string, { least, most }: Bounds): number {
  const seconds = Number(value);
  if (/^\d+(\.\d+)?$/.test(value) && seconds >= least && seconds <= most) return seconds;
  throw new GsacError(
    'usage',
    `${name} ${JSON.stringify(value)} is not a number of seconds from ${least} to ${most}.`,
  );
}

/** A whole number from a flag. @throws {GsacError} `usage`. */
export function readCount(value: string, name: string, { least, most }: Bounds): number {
  const count = Number(value);
  if (/^\d+$/.test(value) && count >= least && count <= most) return count;
  throw new GsacError(
    'usage',
    `${name} ${JSON.stringify(value)} is not a whole number from ${least} to ${most}.`,
  );
}
