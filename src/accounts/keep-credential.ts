import type { AccountRecord, Credential } from '../core/account.js';
import { GsacError } from '../core/errors.js';
import type { Services } from '../wiring.js';
import type { AccountIndex } from './account-index.js';
import { importCommand } from './import-command.js';
import type { OpenAccount } from './open-account.js';
import type { CredentialStore } from './stores/store.js';
import { writeAlone } from './write-alone.js';

/**
 * Stores a credential with its account, so that no refresh token is ever lost: where the store
 * refuses after all, the token goes to a rescue file, and the error says so with the command that
 * imports it. Where the account was in another store, its credential there is removed: nobody would
 * find it any more.
 *
 * @param issued how many refresh tokens Google has just given out with it; none where one is imported.
 * @returns the account with all those that this machine has seen counted.
 * @throws {GsacError} exit 5 with `details.rescue_file` where the store refused.
 */
export async function keepCredential(
  services: Services,
  store: CredentialStore,
  account: Omit<AccountRecord, 'refreshTokensIssued'>,
  credential: Credential,
  issued: 0 | 1,
): Promise<AccountRecord> {
  return writeOrRescue(services, account, credential, async (index) => {
    // A broken file of the index is written anew here.
    const known = await index.get(account.key).catch(() => undefined);
    const record = { ...account, refreshTokensIssued: (known?.refreshTokensIssued ?? 0) + issued };
    await store.write(account.key, credential);
    // The store cannot be searched: without its line in the index nobody finds a credential.
    await index.put(record);
    if (known !== undefined && known.store !== store.kind) {
      await removeFrom(services, known).catch(() => undefined);
    }
    return record;
  });
}

/**
 * Stores a credential whose refresh token was rotated, as {@link keepCredential} does, unless the one
 * that it follows is stored no longer: the person has removed the account meanwhile, or signed in anew.
 * Returns whether it is stored.
 *
 * @param opened the account with the credential that was rotated.
 * @param toRecord the account's new record, out of the one that stands in the index.
 * @throws {GsacError} exit 5 with `details.rescue_file` where the store refused.
 */
export async function keepRotated(
  services: Services,
  opened: Pick<OpenAccount, 'account' | 'store' | 'credential'>,
  credential: Credential,
  toRecord: (known: AccountRecord) => AccountRecord,
): Promise<boolean> {
  const { account, store } = opened;
  return writeOrRescue(services, toRecord(account), credential, async (index) => {
    if (!(await isStillStored(opened))) return false;
    await store.write(account.key, credential);
    await index.put(toRecord((await index.get(account.key).catch(() => undefined)) ?? account));
    return true;
  });
}

/** Whether an account's store holds the refresh token with which it was opened, as far as it tells. */
async function isStillStored({
  account,
  store,
  credential,
}: Pick<OpenAccount, 'account' | 'store' | 'credential'>): Promise<boolean> {
  try {
    return (await store.read(account.key))?.refreshToken === credential.refreshToken;
  } catch {
    // Whoever writes to it next is told why.
    return true;
  }
}

/** As {@link writeAlone}; rescues the token where it fails. */
async function writeOrRescue<T>(
  services: Services,
  account: AccountRecord,
  credential: Credential,
  write: (index: AccountIndex) => Promise<T>,
): Promise<T> {
  try {
    return await writeAlone(services, account.key, write);
  } catch (thrown) {
    throw await rescued(services, account, credential, thrown);
  }
}

async function removeFrom(services: Services, { key, store }: AccountRecord): Promise<void> {
  await (await services.store(store)).remove(key);
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
        hint: `Mend the store, then run \`${importCommand(services, path, account)}\`, which removes the file.`,
        details: { rescue_file: path },
      },
    );
  } catch {
    return new GsacError(code, `The refresh token could neither be stored nor saved: ${why}`, {
      hint: 'Mend the store, then sign in again for a new code.',
    });
  }
}
