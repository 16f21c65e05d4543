import type { AccountRecord } from '../core/account.js';
import { shellQuote } from '../core/shell-quote.js';
import type { Services } from '../wiring.js';

/**
 * The command that imports a file into the store that an account is in. The store is named where the
 * command would take another one by itself: a flag of today's command is gone with it. For an account
 * of the environment, which takes nothing, it is the store of new accounts.
 */
export function importCommand(
  { variable }: Pick<Services, 'variable'>,
  path: string,
  { store }: Pick<AccountRecord, 'store'>,
): string {
  const usual = variable('GSAC_STORE') || 'keychain';
  const writable = usual === 'env' ? 'keychain' : usual;
  const wanted = store === 'env' ? writable : store;
  const where = wanted === usual ? '' : ` --store ${wanted}`;
  return `gsac accounts import ${shellQuote(path)}${where}`;
}
