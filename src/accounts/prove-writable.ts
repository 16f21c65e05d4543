import type { StoreKind } from '../core/account.js';
import type { Services } from '../wiring.js';
import type { CredentialStore } from './stores/store.js';

/**
 * Proves, before anything is sent or anybody signs in, that an account could be written: its credential
 * to the store, its record to the list of accounts. Returns the store.
 *
 * @param kind which store; the one that new accounts go to unless told.
 * @throws {GsacError} exit 5 for the store, `local_file_broken` for the list of accounts.
 */
export async function proveWritable(
  services: Services,
  kind: StoreKind = services.globals.store ?? 'keychain',
): Promise<CredentialStore> {
  const store = await services.store(kind);
  await store.proveWritable();
  await (await services.accountIndex()).proveWritable();
  return store;
}
