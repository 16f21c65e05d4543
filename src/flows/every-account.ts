import type { AccountRecord } from '../core/account.js';
import { GsacError } from '../core/errors.js';
import type { AccountListing } from '../core/ports.js';
import type { Services } from '../core/services.js';
import { type Refreshed, refreshNow } from './access-token.js';
import { listAccounts, openRecord, unreadable } from './open-account.js';

/** How the refresh of one account ended; `failure` is whatever was thrown. */
export type RefreshOutcome =
  | { account: AccountRecord; refreshed: Refreshed }
  | { account: AccountRecord; failure: unknown };

/** How many accounts are refreshed at once unless told. */
export const defaultConcurrency = 16;

/**
 * Every stored account, or those of the store that was named, and the files that cannot be read.
 *
 * @throws {GsacError} `account_unknown` where there is none, `local_file_broken` where no file of
 *   those that there are can be read.
 */
export async function everyAccount(services: Services): Promise<AccountListing> {
  const listing = await listAccounts(services);
  const [file] = listing.broken;
  if (listing.accounts.length > 0) return listing;
  if (file !== undefined) throw unreadable(file, 'there is no other account', []);
  throw new GsacError('account_unknown', 'No account is stored.', {
    hint: 'Exchange a code first: `gsac exchange --client <client_secret_*.json>`.',
  });
}

/**
 * Refreshes accounts, a bounded number at a time, in the order given. One failure does not end the
 * others.
 *
 * @throws {GsacError} `cancelled` alone.
 */
export async function refreshEach(
  services: Services,
  accounts: readonly AccountRecord[],
  concurrency: number,
): Promise<RefreshOutcome[]> {
  const outcomes = new Array<RefreshOutcome>(accounts.length);
  let next = 0;
  let done = 0;
  async function worker(): Promise<void> {
    for (let at = next++; at < accounts.length; at = next++) {
      const account = accounts[at];
      if (account === undefined) return;
      outcomes[at] = await refreshOne(services, account);
      done += 1;
      services.notices.progress(`Refreshing: ${done} of ${accounts.length}`);
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, accounts.length) }, worker));
  return outcomes;
}

async function refreshOne(services: Services, account: AccountRecord): Promise<RefreshOutcome> {
  try {
    const opened = await openRecord(services, account);
    return { account, refreshed: await refreshNow(services, opened) };
  } catch (failure) {
    // A pause that is cancelled ends with Node's own error.
    if (services.signal.aborted) throw failure;
    if (failure instanceof GsacError && failure.code === 'cancelled') throw failure;
    return { account, failure };
  }
}
