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

/** Gathers the values of a flag that may be given more than once. */
export function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}

const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Ten years: beyond them a date says nothing any more. */
const longestMs = 3_650 * 86_400_000;

const longestText = 100;

/**
 * A length of time from a flag, in milliseconds: a number with s, m, h, d or w, or several such
 * (`2d`, `36h`, `90m`, `1w`, `1d12h`); `0` alone needs no unit.
 *
 * @throws {GsacError} `usage`.
 */
export function readDuration(value: string, name: string): number {
  // What is longer is no length of time, and the pattern would look at every run of digits to its end.
  const text = value.length > longestText ? '' : value.trim().toLowerCase();
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhdw])/g)];
  const milliseconds = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ''] ?? 0),
    0,
  );
  const whole = parts.map(([part]) => part).join('') === text;
  if (text === '0' || (parts.length > 0 && whole && milliseconds <= longestMs)) return milliseconds;
  throw new GsacError('usage', `${name} ${JSON.stringify(value)} is not a length of time.`, {
    hint: 'Write a number and a unit, such as 2d, 36h, 90m or 1w; ten years at most.',
  });
}
