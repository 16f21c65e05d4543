import type { CheckBook } from '../check-book.js';
import { shortestLifetimeSeconds } from './stage.js';

/** What an answer of the token endpoint said of its access token. */
export interface AccessTokenWords {
  /** What was odd about the answer, a phrase each. */
  oddities: readonly string[];
  lifetimeSeconds: number;
}

/**
 * Judges what came with an access token, of an exchange or of a refresh: that it is a bearer token, and
 * that it is said to live long enough. Where nothing usable was said, the hour that Google's tokens
 * have stands in, and is no pass.
 *
 * @param ids the two checks.
 */
export function judgeAccessToken(
  book: CheckBook,
  ids: { type: string; lifetime: string },
  { oddities, lifetimeSeconds }: AccessTokenWords,
): void {
  const odd = (field: string) => oddities.find((oddity) => hasWord(oddity, field));
  const oddType = odd('token_type');
  book.judge(ids.type, oddType === undefined, {
    expected: 'token_type Bearer',
    seen: oddType ?? 'Bearer',
  });
  const oddLifetime = odd('expires_in');
  const seconds = Math.round(lifetimeSeconds);
  book.judge(ids.lifetime, oddLifetime === undefined && seconds >= shortestLifetimeSeconds, {
    expected: `expires_in a number, at least ${shortestLifetimeSeconds}`,
    seen: oddLifetime ?? `${seconds} s`,
  });
}

/** `refresh_token_expires_in` is another field. */
function hasWord(phrase: string, word: string): boolean {
  return phrase.split(' ').includes(word);
}
