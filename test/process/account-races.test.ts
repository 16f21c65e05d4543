import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAccountIndex } from '../../src/accounts/account-index.js';
import { createEncryptedFileStore } from '../../src/accounts/stores/encrypted-file.js';
import {
  createSandbox,
  type Finished,
  fileKey,
  type RunningEmulator,
  type Sandbox,
  startEmulator,
} from '../support/process.js';

/** How often each pair runs; set it to 200 to see what a few rounds may miss. */
const rounds = Number(process.env['GSAC_RACE_ROUNDS'] ?? 1);
/** An emulator of the tests ends after five minutes. */
const perEmulator = 10;

/** One round of a race: a home folder of its own, at an emulator that serves all of them. */
interface Round {
  run(...argv: string[]): Promise<Finished>;
  /** Signs in as somebody and exchanges the code. */
  signIn(user?: string): Promise<Finished>;
  emulator: RunningEmulator;
  home: string;
  box: Sandbox;
}

const tester = 'tester@example.com';
const other = 'qa@example.org';

/** What is stored: each account's email address with its refresh token, read by the stores themselves. */
async function stored({ home }: Round): Promise<Record<string, string | undefined>> {
  const { accounts, broken } = await createAccountIndex({
    directory: join(home, 'accounts'),
  }).list();
  expect(broken).toEqual([]);
  const store = createEncryptedFileStore({ directory: join(home, 'vault'), fileKey });
  const found: Record<string, string | undefined> = {};
  for (const { key, email } of accounts)
    found[String(email)] = (await store.read(key))?.refreshToken;
  return found;
}

/** The files of credentials and sessions that are left. */
function leftovers({ home }: Round): string[] {
  const files = ['vault', 'cache/sessions', 'locks'].flatMap((folder) => {
    const path = join(home, folder);
    return existsSync(path) ? readdirSync(path) : [];
  });
  return files.filter((name) => /\.(sealed|session|lock|tmp)$/.test(name));
}

function codes(...ran: Finished[]): (number | null)[] {
  return ran.map(({ exitCode }) => exitCode);
}

const races: Readonly<Record<string, (round: Round) => Promise<void>>> = {
  async 'exchange × exchange, of which one brings a refresh token'(round) {
    const { emulator, run } = round;
    const [one, two] = [await emulator.code(), await emulator.code()];
    await emulator.inject({ name: 'no-refresh-token' });
    const ran = await Promise.all([run('exchange', one, '--json'), run('exchange', two, '--json')]);
    expect(codes(...ran)).toEqual([0, 0]);
    expect((await stored(round))[tester]).toBeDefined();
    expect(codes(await run('refresh'))).toEqual([0]);
  },

  async 'exchange × refresh that rotates'(round) {
    const { emulator, run, signIn } = round;
    await signIn();
    const before = (await stored(round))[tester];
    const code = await emulator.code({ forceConsent: true });
    await emulator.inject({ name: 'rotate-refresh-token' });
    const ran = await Promise.all([run('exchange', code), run('refresh')]);
    expect(codes(...ran)).toEqual([0, 0]);
    await emulator.mend();
    const after = (await stored(round))[tester];
    expect(after).toBeDefined();
    expect(after).not.toBe(before);
    expect(codes(await run('refresh'))).toEqual([0]);
  },

  async 'remove × refresh'(round) {
    const { run, signIn } = round;
    await signIn();
    const [removal, refresh] = await Promise.all([
      run('accounts', 'remove', tester, '--yes'),
      run('refresh'),
    ]);
    expect(codes(removal)).toEqual([0]);
    expect([0, 4]).toContain(refresh.exitCode);
    expect(await stored(round)).toEqual({});
    expect(leftovers(round)).toEqual([]);
  },

  async 'import × refresh that rotates'(round) {
    const { box, emulator, run, signIn } = round;
    await signIn();
    const file = join(box.folder, 'user.json');
    writeFileSync(file, (await run('export', '--format', 'adc', '--show-secrets')).stdout);
    await emulator.inject({ name: 'rotate-refresh-token' });
    const [imported] = await Promise.all([run('accounts', 'import', file), run('refresh')]);
    // Rotated before Google was asked, the token of the file is dead.
    expect([0, 4]).toContain(imported.exitCode);
    await emulator.mend();
    const last = await run('refresh', '--json');
    expect(codes(last), `${imported.stdout}${imported.stderr}${last.stderr}`).toEqual([0]);
  },

  async 'use × remove'(round) {
    const { run, signIn } = round;
    await signIn();
    await signIn(other);
    await run('accounts', 'use', tester);
    const ran = await Promise.all([
      run('accounts', 'use', other),
      run('accounts', 'remove', tester, '--yes'),
    ]);
    expect(codes(...ran)).toEqual([0, 0]);
    const list = (await run('accounts', '--json')).json();
    expect(list).toMatchObject({ accounts: [{ email: other, default: true }] });
    expect(Object.keys(await stored(round))).toEqual([other]);
  },

  async 'revoke × token'(round) {
    const { run, signIn } = round;
    await signIn();
    const [revocation, token] = await Promise.all([
      run('revoke', '--yes'),
      run('token', '--min-ttl', '7200'),
    ]);
    expect(codes(revocation)).toEqual([0]);
    expect([0, 4]).toContain(token.exitCode);
    expect(await stored(round)).toEqual({});
    expect(leftovers(round)).toEqual([]);
  },
};

describe('Two commands at the same time on one account', () => {
  // One after the other: what cleans up after a test is told to the test that began last.
  it.each(Object.keys(races))('%s', { timeout: 60_000 + rounds * 10_000 }, async (name) => {
    for (let begun = 0; begun < rounds; begun += perEmulator) {
      const box = await createSandbox();
      const emulator = await startEmulator(box);
      for (let at = begun; at < Math.min(rounds, begun + perEmulator); at += 1) {
        const home = join(box.folder, `home-${at}`);
        const run = (...argv: string[]) => box.run(argv, { env: { GSAC_HOME: home } });
        const signIn = async (user = tester) => {
          const ran = await run('exchange', await emulator.code({ user, forceConsent: true }));
          expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
          return ran;
        };
        await emulator.mend();
        await races[name]?.({ run, signIn, emulator, home, box });
      }
      await emulator.stop();
    }
  });
});
