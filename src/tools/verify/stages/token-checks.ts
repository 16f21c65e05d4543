import { relativeTime } from '../../../core/times.js';
import type { CheckBook } from '../check-book.js';
import { type Flow, notAskedFor } from './stage.js';

/** gsac takes an access token with less than this for used up, and so do Google's libraries. */
const shortestLifetimeSeconds = 300;

/**
 * Judges what came with an access token, of an exchange or of a refresh: that it is a bearer token, and
 * that it is said to live long enough. If nothing usable was said, the hour that Google's tokens have
 * stands in, and is no pass.
 *
 * @param subject what the ids of the two checks begin with.
 * @param oddities what was odd about the answer, a phrase each.
 */
export function judgeAccessToken(
  book: CheckBook,
  subject: 'token' | 'refresh',
  oddities: readonly string[],
  lifetimeMs: number,
): void {
  // By words: `refresh_token_expires_in` is another field.
  const odd = (field: string) => oddities.find((oddity) => oddity.split(' ').includes(field));
  const oddType = odd('token_type');
  book.judge(`${subject}.type`, oddType === undefined, {
    expected: 'token_type Bearer',
    seen: oddType ?? 'Bearer',
  });
  const oddLifetime = odd('expires_in');
  const seconds = Math.round(lifetimeMs / 1000);
  const isLong = seconds >= shortestLifetimeSeconds;
  book.judge(`${subject}.lifetime`, oddLifetime === undefined && isLong, {
    expected: `expires_in a number, at least ${shortestLifetimeSeconds}`,
    seen: oddLifetime ?? `${seconds} s`,
  });
}

/** The check of a refresh token's end. */
export const permanentId = 'refresh_token.permanent';

const expected = 'no refresh_token_expires_in';

/**
 * Judges whether a refresh token has an end. One that is stated is a failure only if somebody asked
 * for that: grants of a project in testing have one.
 *
 * @param endsAt the stated end, epoch milliseconds; undefined where none was stated.
 * @param now epoch milliseconds.
 */
export function judgePermanence(flow: Flow, endsAt: number | undefined, now: number): void {
  const { book, expectations } = flow;
  const end = endsAt === undefined ? 'no end is stated' : `ends ${relativeTime(endsAt, now)}`;
  if (endsAt !== undefined && !expectations.noExpiringGrant) {
    const why = notAskedFor(flow, '--no-expiring-grant', 'expiring_grant: false');
    book.skip(permanentId, 'not_asked', `${why} (the refresh token ${end})`, expected);
  } else {
    book.judge(permanentId, endsAt === undefined, { expected, seen: end });
  }
}

/** Writes down that there is no refresh token to judge. */
export function blockPermanence({ book }: Pick<Flow, 'book'>): void {
  book.block(permanentId, 'there is no refresh token', 'refresh_token.present', expected);
}
