import type { AccountRecord } from '../core/account.js';
import { GsacError } from '../core/errors.js';
import type { Services } from '../wiring.js';
import { proveWritable } from './prove-writable.js';
import { writeAlone } from './write-alone.js';

/**
 * Forgets an account on this machine. The index goes last, so that a failure can be repeated; the
 * session goes first, so that no token of an account that is half gone is handed out.
 *
 * @throws {GsacError} exit 5 for the store, `local_file_broken` for the list of accounts, or
 *   `refresh_wait_timeout` where another process writes the account for too long.
 */
export async function removeLocally(services: Services, account: AccountRecord): Promise<void> {
  const sessions = await services.sessions();
  const store = await services.store(account.store);
  await writeAlone(services, account.key, async (index) => {
    await sessions.remove(account.key);
    await store.remove(account.key);
    await index.remove(account.key);
  });
}

/** Reasons why a file cannot be written that do not keep one from being removed. */
const roomOnly: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT']);

/**
 * Proves, before anything is revoked, that an account could be forgotten afterwards, as far as writing
 * beside it tells: one that stays here would go on as if it were alive. A full disk is no hindrance.
 *
 * @throws {GsacError} exit 5 for the store, `local_file_broken` for the list of accounts.
 */
export async function proveRevocable(services: Services, account: AccountRecord): Promise<void> {
  try {
    await proveWritable(services, account.store);
  } catch (thrown) {
    if (!(thrown instanceof GsacError)) throw thrown;
    const { code, message, hint, details } = thrown;
    if (roomOnly.has(details['system_code'])) return;
    throw new GsacError(code, `${message} Nothing was revoked.`, { hint, details });
  }
}
