import { GsacError } from '../core/errors.js';

interface Bounds {
  least: number;
  most: number;
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
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
};

/** Ten years: beyond them a date says nothing any more. */
const longestMs = 3_650 * 86_400_000;

const longestText = 100;

/**
 * A length of time from a flag, in whole milliseconds: a number of seconds (`30`, `0.5`), or numbers
 * with s, m, h, d or w (`30s`, `5m`, `2h`, `1d12h`).
 *
 * @param bounds in milliseconds.
 * @throws {GsacError} `usage`.
 */
export function readDuration(
  value: string,
  name: string,
  { least = 0, most = longestMs }: Partial<Bounds> = {},
): number {
  // What is longer is no length of time, and the pattern would look at every run of digits to its end.
  const text = value.length > longestText ? '' : value.trim().toLowerCase();
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhdw]|$)/g)];
  const whole = parts.length > 0 && parts.map(([part]) => part).join('') === text;
  // Only a number that stands alone counts seconds: 1d12 is no length of time.
  const mixed = parts.length > 1 && parts.some(([, , unit]) => unit === '');
  const milliseconds = Math.round(
    parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit || 's'] ?? 0), 0),
  );
  if (whole && !mixed && milliseconds >= least && milliseconds <= most) return milliseconds;
  const range = `from ${spell(least)} to ${spell(most)}`;
  throw new GsacError(
    'usage',
    `${name} ${JSON.stringify(value)} is not a length of time ${range}.`,
    {
      hint: 'Write it in seconds, or with a unit: 30, 30s, 5m, 2h or 1d.',
    },
  );
}

function spell(milliseconds: number): string {
  const [unit = 's', size = 1_000] =
    Object.entries(unitMs).find(([, each]) => milliseconds >= each && milliseconds % each === 0) ??
    [];
  return milliseconds === 0 ? '0' : `${milliseconds / size}${unit}`;
}
