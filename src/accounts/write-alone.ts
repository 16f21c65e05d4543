import type { AccountKey } from '../core/account.js';
import type { Services } from '../wiring.js';
import type { AccountIndex } from './account-index.js';

/**
 * Does what changes an account in its store or in the index while nobody else does, in this process or
 * in another: of two at once, one would write back what the other has just replaced or removed.
 *
 * @throws {GsacError} `refresh_wait_timeout` where another takes twice the time of a request; what
 *   `write` throws.
 */
export async function writeAlone<T>(
  services: Services,
  key: AccountKey,
  write: (index: AccountIndex) => Promise<T>,
): Promise<T> {
  const lock = await services.refreshLock();
  const index = await services.accountIndex();
  return lock.exclusively(key, services.globals.timeoutMs * 2, () => write(index));
}
