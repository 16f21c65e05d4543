import { chmodSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAccountIndex } from '../../../src/accounts/account-index.js';
import {
  asOrdinaryUser,
  errorOf,
  modeOf,
  sampleAccount,
  temporaryFolder,
} from './support/samples.js';

const key = sampleAccount().key;

function createIndex() {
  const directory = join(temporaryFolder(), 'deep', 'accounts');
  return { directory, index: createAccountIndex({ directory }) };
}

/** The one account's file. */
function onlyFile(directory: string): string {
  const [name, ...others] = readdirSync(directory);
  expect(others).toEqual([]);
  return join(directory, name ?? '');
}

describe('account index', () => {
  it('is empty before it is written', async () => {
    const { index } = createIndex();
    expect(await index.list()).toEqual({ accounts: [], broken: [] });
    expect(await index.get(key)).toBeUndefined();
    expect(await index.defaultKey()).toBeUndefined();
    expect(await index.remove(key)).toBe(false);
  });

  it('gives back what was put, whatever the text', async () => {
    const { index } = createIndex();
    const odd = sampleAccount({
      key: '../../é "client"/\n',
      sub: null,
      email: null,
      scopes: [],
      lastUsedAt: 5,
      refreshTokenExpiresAt: Number.MAX_SAFE_INTEGER,
    });
    await index.put(odd);
    await index.put(sampleAccount());
    expect(await index.get(odd.key)).toEqual(odd);
    expect(await index.get(key)).toEqual(sampleAccount());
  });

  it('lists by email address, then key', async () => {
    const { index } = createIndex();
    for (const [email, sub] of [
      ['b@example.com', '1'],
      ['a@example.com', '3'],
      ['a@example.com', '2'],
    ] as const) {
      await index.put(sampleAccount({ key: `client/${sub}`, sub, email }));
    }
    const { accounts } = await index.list();
    expect(accounts.map((account) => account.sub)).toEqual(['2', '3', '1']);
  });

  it('leaves the default alone, which belongs to no account’s lock, until it is told', async () => {
    const { index } = createIndex();
    await index.put(sampleAccount());
    await index.setDefaultKey(key);
    expect(await index.remove(key)).toBe(true);
    expect(await index.defaultKey()).toBe(key);
    await index.setDefaultKey(undefined);
    expect(await index.defaultKey()).toBeUndefined();
    expect(await index.get(key)).toBeUndefined();
  });

  it('keeps files to their owner, and leaves nothing else behind', async () => {
    const { directory, index } = createIndex();
    await index.put(sampleAccount());
    await index.put(sampleAccount({ email: 'new@example.com' }));
    expect(modeOf(directory)).toBe(0o700);
    expect(modeOf(join(directory, '..'))).toBe(0o700);
    expect(modeOf(onlyFile(directory))).toBe(0o600);
    expect(JSON.parse(readFileSync(onlyFile(directory), 'utf8'))).toMatchObject({
      v: 1,
      email: 'new@example.com',
      client_id: sampleAccount().clientId,
    });
  });

  it.each([
    ['', /empty/],
    ['{"v":1,"key"', /not JSON/],
    ['[]', /version/],
    ['null', /not a JSON object/],
    ['{"v":2}', /newer/],
    ['{"v":1,"key":"k","sub":1}', /"sub"/],
    ['{"v":1,"key":"k","sub":null,"email":null,"client_id":"c","scopes":[1]}', /"scopes"/],
    [
      '{"v":1,"key":"k","sub":null,"email":null,"client_id":"c","scopes":[],"store":"x"}',
      /"store"/,
    ],
  ])('reports a broken file (%s) and lists the others', async (content, reason) => {
    const { directory, index } = createIndex();
    await index.put(sampleAccount());
    const path = onlyFile(directory);
    const other = sampleAccount({ key: 'client/other' });
    await index.put(other);
    writeFileSync(path, content);

    const { accounts, broken } = await index.list();
    expect(accounts).toEqual([other]);
    expect(broken).toEqual([
      {
        path,
        reason: expect.stringMatching(reason),
        hint: expect.stringMatching(/^Move the file away/),
      },
    ]);
    const error = await errorOf(index.get(key));
    expect(error.code).toBe('local_file_broken');
    expect(error.message).toContain(path);
    expect(error.hint).toContain('gsac exchange');
    expect(await index.remove(key)).toBe(true);
  });

  it('does not take a copy under another name for an account', async () => {
    const { directory, index } = createIndex();
    await index.put(sampleAccount());
    const copy = join(directory, `${'0'.repeat(32)}.json`);
    renameSync(onlyFile(directory), copy);
    expect(await index.list()).toMatchObject({ accounts: [], broken: [{ path: copy }] });
  });

  it('has nobody move away a file that is sound, only closed', async () => {
    const { directory, index } = createIndex();
    await index.put(sampleAccount());
    const path = onlyFile(directory);
    for (const folder of ['../..', '..', '.']) chmodSync(join(directory, folder), 0o711);
    chmodSync(directory, 0o755);
    chmodSync(path, 0);
    await asOrdinaryUser(async () => {
      const { broken } = await index.list();
      expect(broken).toEqual([
        {
          path,
          reason: 'permission denied (EACCES)',
          hint: expect.stringMatching(/^Check who owns/),
        },
      ]);
    });
  });

  it('keeps a refusal with its account, and an odd one costs nothing', async () => {
    const { directory, index } = createIndex();
    const refused = { at: 7, code: 'invalid_grant', message: 'Dead.', hint: 'Sign in.' } as const;
    await index.put(sampleAccount({ refused }));
    expect(await index.get(key)).toEqual(sampleAccount({ refused }));
    const document = JSON.parse(readFileSync(onlyFile(directory), 'utf8'));
    for (const odd of [null, 'x', {}, { ...refused, at: '7' }, { ...refused, code: 'usage' }]) {
      writeFileSync(onlyFile(directory), JSON.stringify({ ...document, refused: odd }));
      expect(await index.get(key)).toEqual(sampleAccount());
    }
  });

  it('ignores files that are not its own', async () => {
    const { directory, index } = createIndex();
    await index.put(sampleAccount());
    writeFileSync(join(directory, '.torn.tmp'), '{');
    writeFileSync(join(directory, '.hidden.json'), '{');
    expect(await index.list()).toMatchObject({ accounts: [{ key }], broken: [] });
  });

  it('names the path where it may not read or write', async () => {
    const { directory, index } = createIndex();
    await index.put(sampleAccount());
    chmodSync(join(directory, '..', '..'), 0o711);
    chmodSync(join(directory, '..'), 0o711);
    chmodSync(onlyFile(directory), 0);
    chmodSync(directory, 0o111);
    await asOrdinaryUser(async () => {
      for (const call of [
        () => index.get(key),
        () => index.put(sampleAccount()),
        () => index.list(),
      ]) {
        const error = await errorOf(call());
        expect(error.code).toBe('local_file_broken');
        expect(error.message).toContain(directory);
        expect(error.message).toContain('permission denied');
      }
    });
  });
});
