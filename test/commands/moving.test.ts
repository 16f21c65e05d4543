import { beforeEach, describe, expect, it } from 'vitest';
import type { Keytar } from '../../src/accounts/stores/keychain.js';
import { type RunOptions, useDesk } from '../support/run.js';
import { expectFailure, liveRefreshTokens } from './support.js';

/** A keychain that lies in memory. */
function createKeychain() {
  const entries = new Map<string, string>();
  const refusal: { words?: string } = {};
  const nameOf = (service: string, account: string) => `${service}\n${account}`;
  const keytar: Keytar = {
    getPassword: async (service, account) => entries.get(nameOf(service, account)) ?? null,
    async setPassword(service, account, password) {
      entries.set(nameOf(service, account), password);
    },
    async deletePassword(service, account) {
      if (refusal.words !== undefined) throw new Error(refusal.words);
      return entries.delete(nameOf(service, account));
    },
  };
  return { entries, refusal, load: async () => keytar };
}

describe('An account that moves from one store to another', () => {
  const desk = useDesk();
  let keychain: ReturnType<typeof createKeychain>;
  let inKeychain: RunOptions;
  let inFile: RunOptions;
  beforeEach(async () => {
    keychain = createKeychain();
    const { load: loadKeytar } = keychain;
    inKeychain = { loadKeytar, env: { GSAC_STORE: 'keychain' } };
    inFile = { loadKeytar };
    await desk.run(['exchange', desk.code()], inKeychain);
    expect(keychain.entries.size).toBe(1);
  });

  const userFile = () => {
    const { client_id, client_secret, token_uri } = desk.emulator.clientFile().web;
    const [refresh_token] = liveRefreshTokens(desk);
    const user = { type: 'authorized_user', client_id, client_secret, refresh_token, token_uri };
    return desk.file('user.json', JSON.stringify(user));
  };

  it.each([
    ['exchange', () => ['exchange', desk.code({ forceConsent: true })]],
    ['accounts import', () => ['accounts', 'import', userFile()]],
  ])('leaves nothing behind: %s', async (_how, argv) => {
    const ran = await desk.run(argv(), inFile);
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(keychain.entries.size).toBe(0);
    expect((await desk.run(['accounts', '--json'], inFile)).json()).toMatchObject({
      accounts: [{ store: 'file' }],
    });
  });

  it.each([
    ['exchange', () => ['exchange', desk.code({ forceConsent: true })]],
    ['accounts import', () => ['accounts', 'import', userFile()]],
  ])('is told of the copy that the old store does not let go: %s', async (_how, argv) => {
    keychain.refusal.words = 'The collection is locked';
    const told = await desk.run([...argv(), '--json'], inFile);
    expect(told).toMatchObject({ exitCode: 0, stderr: '' });
    expect(told.json()['warnings']).toMatchObject([
      { code: 'old_copy_left', hint: expect.stringMatching(/entry "gsac", account "\S+\/\d+"/) },
    ]);
    delete keychain.refusal.words;
    await desk.run(['exchange', desk.code({ forceConsent: true })], inKeychain);
    keychain.refusal.words = 'The collection is locked';
    desk.now += 1000;
    const seen = await desk.run(argv(), inFile);
    expect(seen.exitCode).toBe(0);
    expect(`${seen.stdout}${seen.stderr}`).toMatch(/still\s+in\s+the\s+keychain/);
    expect(keychain.entries.size).toBe(1);
  });

  it('stays in the file store when a refresh from before ends', async () => {
    desk.now += 7_200_000;
    let isMoved = false;
    const ran = await desk.run(['token'], {
      ...inKeychain,
      async fetch(url, init) {
        const answer = await desk.emulator.fetch(new Request(url, init as RequestInit));
        if (!isMoved) {
          isMoved = true;
          await desk.run(['exchange', desk.code({ forceConsent: true })], inFile);
        }
        return answer;
      },
    });
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect((await desk.run(['refresh'], inFile)).exitCode).toBe(0);
    expect((await desk.run(['accounts', '--json'], inFile)).json()).toMatchObject({
      accounts: [{ store: 'file' }],
    });
  });

  it('is not found by its key in a store that was named and has it not', async () => {
    const { accounts } = (await desk.run(['accounts', '--json'], inKeychain)).json<{
      accounts: { key: string }[];
    }>();
    const key = accounts[0]?.key ?? '';
    const ran = await desk.run(['token', '--json', '--account', key, '--store', 'file'], inFile);
    expectFailure(ran, 'account_unknown');
    expect((await desk.run(['token', '--account', key], inKeychain)).exitCode).toBe(0);
  });
});
