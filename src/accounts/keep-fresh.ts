import { setTimeout as delay } from 'node:timers/promises';
import type { Session } from '../core/account.js';
import type { Context } from '../core/context.js';
import { GsacError } from '../core/errors.js';
import type { TokenFile } from '../files/token-file.js';

/** A token is replaced before its last five minutes; one more is for the refresh itself. */
const spareMs = 6 * 60_000;
/** What a token that others read should begin with, so that it is not due at once. */
export const longEnoughMs = 1.25 * spareMs;
/** How often the clock is looked at: a laptop that slept has missed its timers. */
const longestNapMs = 20_000;
const shortestNapMs = 250;
const afterFailureMs = 15_000;

/** A token file that is kept fresh. */
export interface FreshFile {
  file: TokenFile;
  /** What is in the file so far. */
  first: Session;
  /** A session with at least so much time left, in milliseconds. */
  renew: (minTtlMs: number) => Promise<Session>;
  /** Aborted when nobody reads the file any more. */
  ended: AbortSignal;
}

/**
 * Keeps the token in a file fresh until its readers have ended, and never throws: it warns once of a
 * refresh that fails and tries again, and it gives up on one that Google refuses, since only a person
 * can mend that. A token that lives hardly longer than those six minutes is replaced when half of its
 * life is left.
 */
export async function keepFresh(
  { now, notices, announceSecret }: Pick<Context, 'now' | 'notices' | 'announceSecret'>,
  { file, first, renew, ended }: FreshFile,
): Promise<void> {
  let session = first;
  let dueAt = dueTime(session, now());
  let hasFailed = false;
  while (await napped(dueAt - now(), ended)) {
    if (now() < dueAt) continue;
    try {
      const left = session.expiresAt - now();
      const next = await renew(Math.max(spareMs, left + 1));
      if (ended.aborted) return;
      announceSecret(next.accessToken);
      await file.write(next.accessToken);
      session = next;
      dueAt = dueTime(next, now());
      hasFailed = false;
    } catch (thrown) {
      if (ended.aborted) return;
      const error = thrown instanceof GsacError ? thrown : undefined;
      if (!hasFailed) {
        notices.warn(
          `The token file could not be renewed: ${error?.message ?? 'an unexpected failure.'}`,
          error?.hint,
        );
      }
      if (error?.exitCode === 4) return;
      hasFailed = true;
      dueAt = now() + afterFailureMs;
    }
  }
}

function dueTime({ expiresAt }: Session, now: number): number {
  const left = expiresAt - now;
  return left > longEnoughMs ? expiresAt - spareMs : now + left / 2;
}

/** Sleeps for a while; false where the signal came. */
async function napped(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  const nap = Math.min(longestNapMs, Math.max(shortestNapMs, milliseconds));
  // Unreferenced: the program that runs is what keeps us alive.
  await delay(nap, undefined, { signal, ref: false }).catch(() => {});
  return !signal.aborted;
}

/** How long a renewal may go on after its reader has ended, and how long it takes once it is cut off. */
const answerMs = 1_500;
const storeMs = 300;

/** Waits for a renewal whose reader has ended: a rotated token must be stored, yet nobody waits long. */
export async function finishRenewal(
  renewal: Promise<unknown>,
  cutOff: AbortController,
): Promise<void> {
  await settledWithin(renewal, answerMs);
  cutOff.abort();
  await settledWithin(renewal, storeMs);
}

async function settledWithin(work: Promise<unknown>, milliseconds: number): Promise<void> {
  const isDone = new AbortController();
  const timer = delay(milliseconds, undefined, { signal: isDone.signal }).catch(() => {});
  await Promise.race([work, timer]);
  isDone.abort();
}
