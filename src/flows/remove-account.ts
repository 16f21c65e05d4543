import type { AccountRecord } from '../core/account.js';
import type { Services } from '../core/services.js';

/** Forgets an account on this machine. The index goes last, so that a failure can be repeated. */
export async function removeLocally(services: Services, account: AccountRecord): Promise<void> {
  await (await services.store(account.store)).remove(account.key);
  await (await services.sessions()).remove(account.key);
  await (await services.accounts()).remove(account.key);
}
