import type { AccountRecord } from '../core/account.js';
import { GsacError } from '../core/errors.js';
import type { AccountListing } from './account-index.js';
import type { AccountWork } from './accounts.js';
import { listAccounts, noAccount, type Opening, openRecord, unreadable } from './open.js';
import { type Refreshed, refreshNow } from './refresh.js';

/** How the refresh of one account ended; `failure` is whatever was thrown. */
export type RefreshOutcome =
  | { account: AccountRecord; refreshed: Refreshed }
  | { account: AccountRecord; failure: unknown };

/** How many accounts are refreshed at once unless told. */
export const defaultConcurrency = 16;

/**
 * Every stored account, or those of the store and the client that were named, and the files that cannot
 * be read.
 *
 * @throws {GsacError} `account_unknown` if there is none, `local_file_broken` if no file of those that
 *   there are can be read.
 */
export async function everyAccount(work: Opening): Promise<AccountListing> {
  const { accounts, others, broken } = await listAccounts(work);
  const [file] = broken;
  if (accounts.length > 0) return { accounts, broken };
  if (file !== undefined) throw unreadable(file, 'there is no other account', []);
  throw await noAccount(work, others);
}

/**
 * Refreshes accounts, a bounded number at a time, in the order given. One failure does not end the
 * others. What is kept of an answer is written while the next request is out.
 *
 * @param concurrency how many requests are out at once.
 * @throws {GsacError} `cancelled` alone.
 */
export async function refreshEach(
  work: AccountWork,
  accounts: readonly AccountRecord[],
  concurrency: number,
): Promise<RefreshOutcome[]> {
  const outcomes = new Array<RefreshOutcome>(accounts.length);
  const places = createPlaces(concurrency);
  let next = 0;
  let done = 0;
  async function worker(): Promise<void> {
    for (let at = next++; at < accounts.length; at = next++) {
      const account = accounts[at];
      if (account === undefined) return;
      const leave = await places.take();
      outcomes[at] = await refreshOne(work, account, leave).finally(leave);
      done += 1;
      work.context.notices.progress(`Refreshing: ${done} of ${accounts.length}`);
    }
  }
  await Promise.all(Array.from({ length: Math.min(2 * concurrency, accounts.length) }, worker));
  return outcomes;
}

async function refreshOne(
  work: AccountWork,
  account: AccountRecord,
  onAnswer: () => void,
): Promise<RefreshOutcome> {
  try {
    const opened = await openRecord(work, account);
    return { account, refreshed: await refreshNow(work, opened, onAnswer) };
  } catch (failure) {
    // A pause that is cancelled ends with Node's own error.
    if (work.context.signal.aborted) throw failure;
    if (failure instanceof GsacError && failure.code === 'cancelled') throw failure;
    return { account, failure };
  }
}

/** A number of places. Whoever takes one waits until one is free, and may leave it more than once. */
export function createPlaces(count: number): { take(): Promise<() => void> } {
  let free = count;
  const waiting: (() => void)[] = [];
  return {
    async take() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      let left = false;
      return () => {
        if (left) return;
        left = true;
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      };
    },
  };
}
