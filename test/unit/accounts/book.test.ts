import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createAccountIndex } from '../../../src/accounts/account-index.js';
import { type BookParts, createAccountBook } from '../../../src/accounts/book.js';
import { removed, signedIn, used } from '../../../src/accounts/changes.js';
import { createRefreshLock, type RefreshLock } from '../../../src/accounts/refresh-lock.js';
import { createRescue } from '../../../src/accounts/rescue.js';
import { createSessionCache } from '../../../src/accounts/session-cache.js';
import type { StoreKind } from '../../../src/core/account.js';
import { GsacError } from '../../../src/core/errors.js';
import { createMemoryStore } from '../../support/memory-store.js';
import { sampleCredential } from './support/credential.js';
import { sampleAccount, temporaryFolder } from './support/samples.js';

const account = sampleAccount();
const { key } = account;

/** A book over real files and stores in memory. */
function createBook(withLock: (lock: RefreshLock) => RefreshLock = (lock) => lock) {
  const folder = temporaryFolder();
  const index = createAccountIndex({ directory: join(folder, 'accounts') });
  const stores = { keychain: createMemoryStore(), file: createMemoryStore() };
  const sleep = (milliseconds: number) => delay(milliseconds);
  const real = createRefreshLock({ directory: join(folder, 'locks'), now: Date.now, sleep });
  const warnings: string[] = [];
  const parts: BookParts = {
    index: async () => index,
    store: async (kind: StoreKind) => (kind === 'file' ? stores.file : stores.keychain),
    sessions: async () => createSessionCache({ directory: join(folder, 'sessions') }),
    rescue: async () =>
      createRescue({
        directory: join(folder, 'rescue'),
        tmpDirectory: folder,
        userId: process.geteuid?.(),
        usualStore: 'keychain',
      }),
    lock: async () => withLock(real),
    waitMs: 5_000,
    notices: { warn: (text) => warnings.push(text) },
  };
  return { book: createAccountBook(parts), folder, index, stores, warnings };
}

const session = {
  accessToken: 'ya29.x',
  tokenType: 'Bearer',
  expiresAt: 1,
  scopes: [],
  obtainedAt: 0,
};

function signIn(refreshToken: string | undefined, store: StoreKind = 'keychain') {
  const { refreshToken: _, ...bare } = sampleCredential();
  const credential = refreshToken === undefined ? bare : { ...bare, refreshToken };
  const change = { account: { ...account, store }, credential, scopes: undefined, session };
  return signedIn(change);
}

describe('The account book', () => {
  it('keeps the token of one of two sign-ins, whatever comes between its own steps', async () => {
    let meanwhile: (() => Promise<unknown>) | undefined;
    const { book, stores } = createBook((lock) => ({
      ...lock,
      async exclusively(name, waitMs, write) {
        const result = await lock.exclusively(name, waitMs, write);
        const next = meanwhile;
        meanwhile = undefined;
        await next?.();
        return result;
      },
    }));
    meanwhile = () => book.change(account, signIn('with'));
    await book.change(account, signIn(undefined));
    expect(stores.keychain.entries.get(key)?.refreshToken).toBe('with');
  });

  it('runs one change of an account at a time', async () => {
    const { book, index, stores } = createBook();
    const tokens = Array.from({ length: 12 }, (_, at) => (at % 3 === 0 ? `t${at}` : undefined));
    await Promise.all(tokens.map((token) => book.change(account, signIn(token))));
    expect(stores.keychain.entries.get(key)?.refreshToken).toMatch(/^t\d+$/);
    expect((await index.get(key))?.refreshTokensIssued).toBe(4);
  });

  it('lets a removal wait that begins while a refresh is written: what was removed stays so', async () => {
    let onAsked: (() => void) | undefined;
    const { book, index } = createBook((lock) => ({
      ...lock,
      exclusively(name, waitMs, write) {
        onAsked?.();
        return lock.exclusively(name, waitMs, write);
      },
    }));
    await book.change(account, signIn('token'));
    const record = await index.get(key);
    const put = index.put;
    let removing: Promise<unknown> | undefined;
    index.put = async (line) => {
      const asked = new Promise<void>((resolve) => {
        onAsked = resolve;
      });
      removing = book.change(account, removed);
      await asked;
      await put(line);
    };
    const usage = { at: 5, scopes: undefined, refreshTokenExpiresAt: undefined };
    const seen = { account: record ?? account, credential: sampleCredential() };
    await book.change(account, used(seen, usage, { ...session }));
    await removing;
    expect(await index.list()).toEqual({ accounts: [], broken: [] });
  });

  it('names a new account in the index before its store has the token: stores cannot be searched', async () => {
    const { book, index, stores } = createBook();
    const write = stores.keychain.write;
    stores.keychain.write = async (...given) => {
      expect(await index.get(key)).toMatchObject({ key });
      await write(...given);
    };
    await book.change(account, signIn('token'));
    expect(stores.keychain.entries.size).toBe(1);
  });

  it('takes the line back where the store refuses, and rescues the token', async () => {
    const { book, folder, index, stores } = createBook();
    stores.keychain.failAt('write', new GsacError('store_locked', 'It is locked.'));
    await expect(book.change(account, signIn('token'))).rejects.toMatchObject({
      code: 'store_locked',
      details: { rescue_file: expect.stringContaining(join(folder, 'rescue')) },
    });
    expect(await index.get(key)).toBeUndefined();
    expect(readdirSync(join(folder, 'rescue'))).toHaveLength(1);
  });

  it('tells of a copy that it cannot remove from the store that the account was in', async () => {
    const { book, stores } = createBook();
    await book.change(account, signIn('old'));
    stores.keychain.failAt('remove', new GsacError('store_locked', 'The keychain is locked.'));
    const { warnings } = await book.change(account, signIn('new', 'file'));
    expect(warnings).toMatchObject([
      { code: 'old_copy_left', hint: expect.stringContaining(`"gsac", account "${key}"`) },
    ]);
    expect(stores.file.entries.get(key)?.refreshToken).toBe('new');
  });

  it('takes no token away in the store that it moves an account to', async () => {
    const { book, index, stores } = createBook();
    await book.change(account, signIn('token', 'file'));
    // As another machine's restored index has it.
    await index.put({ ...account, store: 'keychain' });
    await book.change({ ...account, store: 'file' }, signIn(undefined, 'file'));
    expect(stores.file.entries.get(key)?.refreshToken).toBe('token');
    expect(await index.get(key)).toMatchObject({ store: 'file' });
  });

  it('says that the cache takes nothing, once for each token', async () => {
    const { book, folder, warnings } = createBook();
    await book.change(account, signIn('one'));
    expect(warnings).toEqual([]);
    const { book: other, folder: otherFolder, warnings: said } = createBook();
    mkdirSync(join(otherFolder, 'sessions'));
    mkdirSync(join(otherFolder, 'sessions', readdirSync(join(folder, 'sessions'))[0] ?? ''));
    await other.change(account, signIn('one'));
    expect(said).toEqual([expect.stringMatching(/could not be cached/)]);
  });

  describe('and the default account', () => {
    it('forgets it with its account, and with no other', async () => {
      const { book, index } = createBook();
      const other = { ...account, key: 'client/other', sub: 'other' };
      await book.change(account, signIn('one'));
      await index.put(other);
      await book.choose(account);
      await book.change(other, removed);
      expect(await index.defaultKey()).toBe(key);
      await book.change(account, removed);
      expect(await index.defaultKey()).toBeUndefined();
    });

    it('does not choose an account that was removed meanwhile', async () => {
      const { book, index } = createBook();
      await book.change(account, signIn('one'));
      await book.change(account, removed);
      await expect(book.choose(account)).rejects.toMatchObject({ code: 'account_unknown' });
      expect(await index.defaultKey()).toBeUndefined();
    });

    it.each([0, 1])('keeps one that is chosen while another is removed (%i)', async (step) => {
      let asked = 0;
      let meanwhile: (() => Promise<unknown>) | undefined;
      let running: Promise<unknown> | undefined;
      const { book, index } = createBook((lock) => ({
        ...lock,
        async exclusively(name, waitMs, write) {
          if (asked++ === step) {
            const next = meanwhile;
            meanwhile = undefined;
            running = next?.();
          }
          return lock.exclusively(name, waitMs, write);
        },
      }));
      const other = { ...account, key: 'client/other', sub: 'other' };
      await index.put(account);
      await index.put(other);
      await index.setDefaultKey(key);
      meanwhile = () => book.choose(other);
      await book.change(account, removed);
      await (running ?? book.choose(other));
      expect(await index.defaultKey()).toBe('client/other');
    });
  });

  it('leaves no lock behind', async () => {
    const { book, folder } = createBook();
    await book.change(account, signIn('one'));
    await book.change(account, removed);
    expect(existsSync(join(folder, 'locks')) ? readdirSync(join(folder, 'locks')) : []).toEqual([]);
  });
});
