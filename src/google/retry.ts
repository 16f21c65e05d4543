import { GsacError } from '../core/errors.js';
import type { AnswerHead, Http } from './http.js';

/** What bounds the repetition of a request that may be repeated. Times in milliseconds. */
export interface RetryOptions {
  /** The bound on all attempts and pauses together. */
  budgetMs: number;
  now: () => number;
  /** Waits before something is tried again; rejected if the person cancels. */
  pause: (milliseconds: number) => Promise<void>;
  /** Told before each pause that something is tried again. */
  onPause: (text: string) => void;
}

/**
 * Runs an attempt until it succeeds or trying again is of no use. An attempt is told how many
 * milliseconds are left for it, and may say that it got on: then the count and the time begin anew.
 */
export type Retry = <T>(attempt: (leftMs: number, gotOn: () => void) => Promise<T>) => Promise<T>;

/** What Google's endpoints are reached with. */
export interface Requests {
  http: Http;
  retry: Retry;
  now: () => number;
}

const maxAttempts = 4;
const firstPauseMs = 250;
const longestPauseMs = 8_000;

/** Codes of failures that may pass by themselves. */
const passing: ReadonlySet<string> = new Set([
  'network_unreachable',
  'network_timeout',
  'connection_lost',
  'google_unavailable',
  'rate_limited',
]);

/**
 * Repeats what failed with an error that may pass, at most 4 attempts in all, with exponential
 * pauses and full jitter, within `budgetMs`. The server's `Retry-After`, in the error's details as
 * `retry_after_seconds`, is honoured; one that does not fit the budget ends it.
 *
 * Never for a request that carries a one-time code.
 *
 * @see https://cloud.google.com/storage/docs/retry-strategy#exponential-backoff
 */
export function createRetry(options: RetryOptions): Retry {
  return async (attempt) => {
    let endsAt = options.now() + options.budgetMs;
    for (let count = 1; ; count += 1) {
      try {
        return await attempt(endsAt - options.now(), () => {
          count = 1;
          endsAt = options.now() + options.budgetMs;
        });
      } catch (thrown) {
        if (!(thrown instanceof GsacError) || !passing.has(thrown.code) || count === maxAttempts) {
          throw thrown;
        }
        const asked = thrown.details['retry_after_seconds'];
        const pause =
          typeof asked === 'number'
            ? asked * 1000
            : Math.random() * Math.min(firstPauseMs * 2 ** count, longestPauseMs);
        if (options.now() + pause >= endsAt) throw thrown;
        options.onPause(`${thrown.message} Trying again in ${(pause / 1000).toFixed(1)} s.`);
        await options.pause(pause).catch(() => {
          throw new GsacError('cancelled', 'Cancelled.');
        });
      }
    }
  };
}

/**
 * `Retry-After` in seconds: a number of seconds or an HTTP date.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function retryAfterSeconds({ headers }: AnswerHead, now: number): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}
