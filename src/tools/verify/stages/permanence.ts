import { relativeTime } from '../../../core/times.js';
import type { Flow } from './stage.js';

/** The check of a refresh token's end. */
export const permanentId = 'refresh_token.permanent';

const expected = 'no refresh_token_expires_in';

/**
 * Judges whether a refresh token has an end. One that is stated is a failure only where somebody
 * asked for that: grants of a project in testing have one.
 *
 * @param endsAt the stated end, epoch milliseconds; undefined where none was stated.
 * @param now epoch milliseconds.
 */
export function judgePermanence(
  { book, expectations }: Pick<Flow, 'book' | 'expectations'>,
  endsAt: number | undefined,
  now: number,
): void {
  const end = endsAt === undefined ? 'no end is stated' : `ends ${relativeTime(endsAt, now)}`;
  if (endsAt !== undefined && !expectations.noExpiringGrant) {
    const why = `it ${end}; judged with --no-expiring-grant`;
    book.skip(permanentId, 'not_asked', why, expected);
  } else {
    book.judge(permanentId, endsAt === undefined, { expected, seen: end });
  }
}

/** Writes down that there is no refresh token to judge. */
export function blockPermanence({ book }: Pick<Flow, 'book'>, why: string): void {
  book.block(permanentId, why, 'refresh_token.present', expected);
}
