import { createHash } from 'node:crypto';
import type { AccountKey } from './account.js';

/**
 * The name, without an ending, of an account's files: a hash, since a key holds `/` and may hold
 * anything else that a file name cannot. The same key always gives the same name.
 */
export function accountFileName(key: AccountKey): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}
