import { setTimeout as delay } from 'node:timers/promises';
import type { Session } from '../core/account.js';
import { GsacError } from '../core/errors.js';
import type { TokenFile } from '../files/token-file.js';
import type { Services } from '../wiring.js';
import type { OpenAccount } from './open-account.js';
import { freshSession } from './refresh.js';

/** A token is replaced before its last five minutes; one more is for the refresh itself. */
const spareMs = 6 * 60_000;
/** What a token that others read should begin with, so that it is not due at once. */
export const longEnoughMs = 1.25 * spareMs;
/** How often the clock is looked at: a laptop that slept has missed its timers. */
const longestNapMs = 20_000;
const shortestNapMs = 250;
const afterFailureMs = 15_000;

/**
 * Keeps the token in a file fresh until the signal, and never throws: a refresh that fails is said
 * once and tried again, and one that Google refuses is given up, since only a person can mend that.
 * A token that lives hardly longer than those six minutes is replaced when half of its life is left.
 */
export async function keepFresh(
  services: Services,
  opened: OpenAccount,
  first: Session,
  { file, signal }: { file: TokenFile; signal: AbortSignal },
): Promise<void> {
  let session = first;
  let dueAt = dueTime(session, services.now());
  let hasFailed = false;
  while (await napped(dueAt - services.now(), signal)) {
    if (services.now() < dueAt) continue;
    try {
      const job = services.forOneJob();
      const left = session.expiresAt - services.now();
      const next = await freshSession(job, opened, Math.max(spareMs, left + 1));
      if (signal.aborted) return;
      services.announceSecret(next.accessToken);
      await file.write(next.accessToken);
      session = next;
      dueAt = dueTime(next, services.now());
      hasFailed = false;
    } catch (thrown) {
      // Nobody reads the file any more.
      if (signal.aborted) return;
      const error = thrown instanceof GsacError ? thrown : undefined;
      if (!hasFailed) {
        services.notices.warn(
          `The token file could not be renewed: ${error?.message ?? 'an unexpected failure.'}`,
          error?.hint,
        );
      }
      if (error?.exitCode === 4) return;
      hasFailed = true;
      dueAt = services.now() + afterFailureMs;
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
