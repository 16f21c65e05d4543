import {
  type AccountKey,
  type AccountRecord,
  type Credential,
  describeAccount,
  isHelperKind,
  nameStore,
  type StoreKind,
} from '../core/account.js';
import type { Notices } from '../core/context.js';
import { GsacError } from '../core/errors.js';
import type { AccountIndex } from './account-index.js';
import {
  aliased,
  type Change,
  type Entry,
  type Granted,
  type KeyedSession,
  type Next,
  type Written,
} from './changes.js';
import type { RefreshLock, SharedRefresh } from './refresh-lock.js';
import type { Rescue } from './rescue.js';
import type { SessionCache } from './session-cache.js';
import type { CredentialStore } from './stores/store.js';

/** A thing worth a person's attention in a result. */
export interface Warning {
  code: string;
  message: string;
  hint: string;
}

/** What a change came to. */
export interface Changed {
  /** What was there before it. */
  now: Entry;
  /** What was written; undefined if all stays as it was. */
  next: Next;
  /** What the person should know of it. */
  warnings: Warning[];
}

/** What a book is kept in. */
export interface BookParts {
  index(): Promise<AccountIndex>;
  store(kind: StoreKind): Promise<CredentialStore>;
  sessions(): Promise<SessionCache>;
  rescue(): Promise<Rescue>;
  lock(): Promise<RefreshLock>;
  /** How long another process's work on an account is waited for, in milliseconds. */
  waitMs: number;
  notices: Pick<Notices, 'warn'>;
}

/** The one door to the accounts: nothing else writes stores, index and sessions. */
export type AccountBook = ReturnType<typeof createAccountBook>;

/** What the lock of the default account is called; no account has such a key. */
const defaultLock = 'default account';
/** What is held while a short name is given: no two accounts may have the same. */
const aliasLock = 'account aliases';

/** Opens the book. */
export function createAccountBook(parts: BookParts) {
  const { waitMs, notices } = parts;

  async function readCredential(
    kinds: Iterable<StoreKind>,
    key: AccountKey,
    evenUnreadable = false,
  ): Promise<{ credential?: Credential; kind?: StoreKind; unreadable?: GsacError | undefined }> {
    let unreadable: GsacError | undefined;
    for (const kind of kinds) {
      try {
        const credential = await (await parts.store(kind)).read(key);
        if (credential !== undefined) return { credential, kind };
      } catch (thrown) {
        if (!(thrown instanceof GsacError)) throw thrown;
        if (!evenUnreadable && thrown.code !== 'local_file_broken') throw thrown;
        unreadable ??= thrown;
      }
    }
    return { unreadable };
  }

  async function readEntry(account: AccountRecord, change: Change): Promise<Entry> {
    const { key, store } = account;
    // No line of the index is about what the environment holds.
    const line = store === 'env' ? { record: account } : await readLine(await parts.index(), key);
    if (change.reads === 'record') return line;
    const { record } = line;
    const kinds = new Set([record?.store ?? store, store]);
    const { kind, ...found } = await readCredential(kinds, key, change.evenUnreadable);
    return { ...line, ...found, record: record && { ...record, store: kind ?? record.store } };
  }

  async function write(
    account: AccountRecord,
    now: Entry,
    { record, credential, session }: Written,
    isConvenience = false,
  ): Promise<Warning[]> {
    const { key } = account;
    const isListed = account.store !== 'env';
    const isNew = isListed && now.record === undefined && !now.brokenRecord;
    const index = await parts.index();
    if (credential !== undefined) {
      const store = await parts.store((record ?? account).store);
      if (isNew && record !== undefined) await index.put(record);
      try {
        await store.write(key, credential);
      } catch (thrown) {
        if (isNew) await index.remove(key).catch(onlyBroken);
        throw thrown;
      }
    }
    if (record !== undefined && isListed && !(isNew && credential !== undefined)) {
      await index.put(record).catch((thrown) => {
        if (!isConvenience) throw thrown;
        onlyBroken(thrown);
      });
    }
    const old = now.record;
    const hasMoved = old !== undefined && credential !== undefined && record !== undefined;
    const warnings =
      hasMoved && old.store !== record.store ? await removeOld(old, credential.sessionKey) : [];
    if (session !== undefined) await keepSession(key, session);
    return warnings;
  }

  /** @param sessionKey that of the credential which was written; every grant has another. */
  async function removeOld(old: AccountRecord, sessionKey: string): Promise<Warning[]> {
    try {
      const place = await parts.store(old.store);
      // Two helpers may be one, by two names: then what it holds is no old copy.
      const isHelper = isHelperKind(old.store);
      const held = isHelper ? await place.read(old.key) : undefined;
      if (held === undefined || held.sessionKey !== sessionKey) await place.remove(old.key);
      return [];
    } catch (thrown) {
      if (!(thrown instanceof GsacError)) throw thrown;
      const place = nameStore(old.store);
      return [
        {
          code: 'old_copy_left',
          message: `The refresh token that ${describeAccount(old)} had before is still in ${place}: ${thrown.message}`,
          hint:
            old.store === 'keychain'
              ? `Unlock the keychain and remove the entry "gsac", account "${old.key}", from it.`
              : `Mend the store, then exchange or import once more with --store ${old.store}, and remove the account.`,
        },
      ];
    }
  }

  /** A cache: if it takes nothing, that is said and nothing is lost. */
  async function keepSession(key: AccountKey, { sessionKey, session }: KeyedSession) {
    if (await (await parts.sessions()).write(key, sessionKey, session)) return;
    notices.warn('The access token could not be cached; the next command will ask Google again.');
  }

  /**
   * The index goes last, so that a failure can be repeated; the session goes first, so that no token
   * of an account that is half gone is handed out.
   */
  async function forget(account: AccountRecord, { record }: Entry): Promise<void> {
    const { key } = account;
    await (await parts.sessions()).remove(key);
    await (await parts.store((record ?? account).store)).remove(key);
    const index = await parts.index();
    await index.remove(key);
    await (await parts.lock()).exclusively(defaultLock, waitMs, async () => {
      if ((await index.defaultKey()) === key) await index.setDefaultKey(undefined);
    });
  }

  async function rescued({ account, credential }: Granted, thrown: unknown): Promise<GsacError> {
    const error = thrown instanceof GsacError ? thrown : undefined;
    const why = error?.message ?? 'An unexpected failure.';
    const code = error?.exitCode === 5 ? error.code : 'store_refused';
    try {
      const rescue = await parts.rescue();
      const path = await rescue.save(credential, account);
      return new GsacError(
        code,
        `The refresh token could not be stored: ${why} It was saved UNENCRYPTED in ${path}.`,
        {
          hint: `Mend the store, then run \`${rescue.importCommand(path, account)}\`, which removes the file.`,
          details: { rescue_file: path },
        },
      );
    } catch {
      return new GsacError(code, `The refresh token could neither be stored nor saved: ${why}`, {
        hint: 'Mend the store, then sign in again for a new code.',
      });
    }
  }

  /**
   * Runs a change while nobody else changes the account, in this process or another, and writes what
   * it comes to: the refresh token first, read back, then the line of the index, then the session. An
   * account that the index does not know gets its line first: stores cannot be searched. A copy in
   * the store that the account was in before is removed; if that fails, it is told in `warnings`.
   *
   * @param account as the caller knows it; its store is looked into if the index has no line.
   * @throws {GsacError} `refresh_wait_timeout`; what the change throws; what the store (5) or the
   *   index (`local_file_broken`) says. A refresh token that the change brings goes to a rescue file
   *   then, and the error (5) has it in `details.rescue_file`.
   */
  async function change(account: AccountRecord, wish: Change): Promise<Changed> {
    try {
      const lock = await parts.lock();
      return await lock.exclusively(account.key, waitMs, async () => {
        const now = await readEntry(account, wish);
        const next = wish.to(now);
        let warnings: Warning[] = [];
        if (next === 'forgotten') await forget(account, now);
        else if (next) warnings = await write(account, now, next, wish.isConvenience);
        return { now, next, warnings };
      });
    } catch (thrown) {
      throw wish.brings === undefined ? thrown : await rescued(wish.brings, thrown);
    }
  }

  return {
    change,

    /** One refresh for all that want it at once; see {@link RefreshLock}. */
    async share<T>(key: AccountKey, shared: Omit<SharedRefresh<T>, 'waitMs'>): Promise<T> {
      return (await parts.lock()).share(key, { ...shared, waitMs });
    },

    /** Makes an account the default. @throws {GsacError} `account_unknown` if it was removed. */
    async choose(account: AccountRecord): Promise<void> {
      const index = await parts.index();
      await (await parts.lock()).exclusively(defaultLock, waitMs, async () => {
        if ((await index.get(account.key)) === undefined) {
          throw notStored(account);
        }
        await index.setDefaultKey(account.key);
      });
    },

    /**
     * Gives an account a short name that no other has, or takes it away.
     *
     * @throws {GsacError} `usage` if another has it, `account_unknown` if the account was removed.
     */
    async name(account: AccountRecord, alias: string | undefined): Promise<AccountRecord> {
      return (await parts.lock()).exclusively(aliasLock, waitMs, async () => {
        const { accounts } = await (await parts.index()).list();
        const other = accounts.find(
          (one) => one.key !== account.key && one.alias?.toLowerCase() === alias?.toLowerCase(),
        );
        if (alias !== undefined && other !== undefined) {
          throw new GsacError('usage', `${alias} is already the alias of ${other.key}.`, {
            hint: `Choose another name, or take it from that account first: \`gsac accounts alias ${alias} --remove\`.`,
          });
        }
        const { next } = await change(account, aliased(alias));
        if (next === undefined || next === 'forgotten' || next.record === undefined) {
          throw notStored(account);
        }
        return next.record;
      });
    },

    /** Forgets the access token of an account that is not stored here. */
    async forgetSession(key: AccountKey): Promise<void> {
      await (await parts.sessions()).remove(key);
    },
  };
}

function notStored(account: AccountRecord): GsacError {
  return new GsacError('account_unknown', `${describeAccount(account)} is not stored any more.`, {
    hint: 'See which accounts are stored: `gsac accounts`.',
  });
}

async function readLine(index: AccountIndex, key: AccountKey): Promise<Entry> {
  try {
    return { record: await index.get(key) };
  } catch (thrown) {
    onlyBroken(thrown);
    return { brokenRecord: true };
  }
}

/** Passes over a local file that is broken, and nothing else. */
function onlyBroken(thrown: unknown): void {
  if (!(thrown instanceof GsacError) || thrown.code !== 'local_file_broken') throw thrown;
}
