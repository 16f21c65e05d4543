import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AccountRecord, EnvironmentAccount, StoreKind } from '../core/account.js';
import type { Context } from '../core/context.js';
import { GsacError } from '../core/errors.js';
import { once } from '../core/promises.js';
import type { CloseToOthers } from '../files/access-list.js';
import type { Google } from '../google/google.js';
import type { AccountIndex } from './account-index.js';
import type { AccountBook } from './book.js';
import type { CodeLedger } from './code-ledger.js';
import type { RefreshLock } from './refresh-lock.js';
import type { Rescue } from './rescue.js';
import type { SessionCache } from './session-cache.js';
import type { CredentialStore } from './stores/store.js';

/** The accounts on this machine. All but the book only read. */
export interface Accounts {
  book(): Promise<AccountBook>;
  index(): Promise<Omit<AccountIndex, 'put' | 'remove' | 'setDefaultKey'>>;
  /** @param timeoutMs bounds each call into the keychain, which else may wait to be unlocked. */
  store(kind: StoreKind, timeoutMs?: number): Promise<Omit<CredentialStore, 'write' | 'remove'>>;
  environmentAccount(): Promise<EnvironmentAccount | undefined>;
  sessions(): Promise<Pick<SessionCache, 'read'>>;
  rescue(): Promise<Omit<Rescue, 'save'>>;
  codeLedger(): Promise<CodeLedger>;
  /** 32 random bytes, base64. */
  newSessionKey(): string;
  /** The same accounts for work that another signal ends. */
  withSignal(signal: AbortSignal): Accounts;
}

/** What the functions of this folder take of what a command is handed. */
export interface AccountWork {
  readonly context: Context;
  readonly accounts: Accounts;
  readonly google: Google;
}

/**
 * Proves, before anything is sent or anybody signs in, that an account could be written: its credential
 * to the store, its record to the list of accounts. Returns which store that is.
 *
 * @param kind which store; the one that new accounts go to unless told.
 * @throws {GsacError} exit 5 for the store, `local_file_broken` for the list of accounts.
 */
export async function proveWritable(
  { context, accounts }: Pick<AccountWork, 'context' | 'accounts'>,
  kind: StoreKind = context.globals.store ?? 'keychain',
): Promise<StoreKind> {
  await (await accounts.store(kind)).proveWritable();
  await (await accounts.index()).proveWritable();
  return kind;
}

/** Reasons why a file cannot be written that do not keep one from being removed. */
const roomOnly: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT']);

/**
 * Proves, before anything is revoked, that an account could be forgotten afterwards, as far as writing
 * beside it tells: one that stays here would go on as if it were alive. A full disk is no hindrance.
 *
 * @throws {GsacError} exit 5 for the store, `local_file_broken` for the list of accounts.
 */
export async function proveRevocable(
  work: Pick<AccountWork, 'context' | 'accounts'>,
  account: AccountRecord,
): Promise<void> {
  try {
    await proveWritable(work, account.store);
  } catch (thrown) {
    if (!(thrown instanceof GsacError)) throw thrown;
    const { code, message, hint, details } = thrown;
    if (roomOnly.has(details['system_code'])) return;
    throw new GsacError(code, `${message} Nothing was revoked.`, { hint, details });
  }
}

/** What accounts are made of. */
export interface AccountsOptions {
  context: Pick<Context, 'globals' | 'now' | 'notices' | 'shell'>;
  signal: AbortSignal;
  folders: () => { data: string; cache: string; rescue: string };
  temporaryFolder: string;
  /** The user's number; undefined if the system has none. */
  userId: number | undefined;
  /** `GSAC_STORE`, or what holds without it. */
  usualStore: string;
  /** What closes files to others on a platform whose modes do not. */
  closeToOthers(): Promise<CloseToOthers | undefined>;
  openStore(kind: StoreKind, timeoutMs?: number): Promise<CredentialStore>;
  environmentAccount(): Promise<EnvironmentAccount | undefined>;
}

/** Opens the accounts; each part is loaded and built when it is first asked for. */
export function createAccounts(options: AccountsOptions): Accounts {
  const { context, folders, openStore, environmentAccount } = options;
  const { now } = context;
  const stores = new Map<StoreKind, Promise<CredentialStore>>();
  const shared = {
    index: once(async () => {
      const { createAccountIndex } = await import('./account-index.js');
      return createAccountIndex({ directory: join(folders().data, 'accounts') });
    }),
    store(kind: StoreKind, timeoutMs?: number) {
      if (timeoutMs !== undefined) return openStore(kind, timeoutMs);
      const opened = stores.get(kind) ?? openStore(kind);
      stores.set(kind, opened);
      return opened;
    },
    environmentAccount,
    sessions: once(async () => {
      const { createSessionCache } = await import('./session-cache.js');
      return createSessionCache({ directory: join(folders().cache, 'sessions') });
    }),
    rescue: once(async () => {
      const { createRescue } = await import('./rescue.js');
      const { temporaryFolder: tmpDirectory, userId, usualStore } = options;
      const places = { directory: folders().rescue, tmpDirectory, userId };
      const closeToOthers = await options.closeToOthers();
      return createRescue({ ...places, usualStore, closeToOthers, shell: context.shell });
    }),
    codeLedger: once(async () => {
      const { createCodeLedger } = await import('./code-ledger.js');
      return createCodeLedger({ directory: join(folders().data, 'codes'), now });
    }),
    newSessionKey: () => randomBytes(32).toString('base64'),
  };

  function withSignal(signal: AbortSignal): Accounts {
    const lock = once(async (): Promise<RefreshLock> => {
      const { createRefreshLock } = await import('./refresh-lock.js');
      const sleep = (milliseconds: number) => delay(milliseconds, undefined, { signal });
      return createRefreshLock({ directory: join(folders().data, 'locks'), now, sleep });
    });
    const book = once(async () => {
      const { createAccountBook } = await import('./book.js');
      const { globals, notices } = context;
      return createAccountBook({ ...shared, lock, notices, waitMs: globals.timeoutMs * 2 });
    });
    return { ...shared, book, withSignal };
  }
  return withSignal(options.signal);
}
