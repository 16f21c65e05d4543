import { readDuration } from '../../cli/flags.js';
import { GsacError } from '../../core/errors.js';

/** A clock that is not the machine's: one that stands still, or one that runs ahead or behind. */
export type ClockSetting = { readonly at: number } | { readonly aheadMs: number };

/**
 * Reads a clock from a flag: a time (`2026-01-15T12:00:00Z`), at which it stands still, or an offset
 * with its sign (`+2h`, `-90m`).
 *
 * @returns epoch milliseconds, or milliseconds ahead of the machine's clock.
 * @throws {GsacError} `usage`.
 */
export function readClock(value: string, name: string): ClockSetting {
  const [, sign, length] = /^([+-])(.+)$/s.exec(value.trim()) ?? [];
  if (length !== undefined) {
    const aheadMs = readDuration(length, name);
    return { aheadMs: sign === '-' ? -aheadMs : aheadMs };
  }
  const at = /^\d{4}-\d{2}-\d{2}/.test(value.trim()) ? Date.parse(value.trim()) : Number.NaN;
  if (!Number.isNaN(at)) return { at };
  throw new GsacError('usage', `${name} ${JSON.stringify(value)} is not a time.`, {
    hint: 'Write an offset, such as +2h or -90m, or a time at which the clock stands still, such as 2026-01-15T12:00:00Z.',
  });
}
