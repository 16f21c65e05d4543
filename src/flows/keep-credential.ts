import type { AccountRecord, Credential } from '../core/account.js';
import { GsacError } from '../core/errors.js';
import type { CredentialStore } from '../core/ports.js';
import type { Services } from '../core/services.js';

/**
 * Stores a credential with its account, so that no refresh token is ever lost: where the store
 * refuses after all, the token goes to a rescue file, and the error says so with the command that
 * imports it.
 *
 * @throws {GsacError} exit 5 with `details.rescue_file` where the store refused.
 */
export async function keepCredential(
  services: Services,
  store: CredentialStore,
  account: AccountRecord,
  credential: Credential,
): Promise<void> {
  try {
    const lock = await services.refreshLock();
    // One writer at a time for each account: of two at once, each would read back the other's.
    await lock.share(`${account.key} write`, {
      waitMs: services.globals.timeoutMs * 2,
      settled: async () => undefined,
      refresh: async () => {
        await store.write(account.key, credential);
        // The store cannot be searched: without its line in the index nobody finds a credential.
        if (!store.readOnly) await (await services.accounts()).put(account);
      },
    });
  } catch (thrown) {
    throw await rescued(services, account, credential, thrown);
  }
}

async function rescued(
  services: Services,
  account: AccountRecord,
  credential: Credential,
  thrown: unknown,
): Promise<GsacError> {
  const why = thrown instanceof GsacError ? thrown.message : 'An unexpected failure.';
  const code = thrown instanceof GsacError && thrown.exitCode === 5 ? thrown.code : 'store_refused';
  try {
    const path = await (await services.rescue()).save(credential, account);
    return new GsacError(
      code,
      `The refresh token could not be stored: ${why} It was saved UNENCRYPTED in ${path}.`,
      {
        hint: `Mend the store, then run \`gsac accounts import '${path}'\`, which removes the file.`,
        details: { rescue_file: path },
      },
    );
  } catch {
    return new GsacError(code, `The refresh token could neither be stored nor saved: ${why}`, {
      hint: 'Mend the store, then sign in again for a new code.',
    });
  }
}
