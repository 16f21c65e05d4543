import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { emulatorFetch, useDesk } from '../support/run.js';
import { asOrdinaryUser } from '../unit/accounts/support/samples.js';
import {
  deadFetch,
  expectFailure,
  expectHumanFailure,
  liveRefreshTokens,
  openHome,
} from './support.js';

describe('gsac revoke', () => {
  const desk = useDesk();
  beforeEach(async () => {
    await desk.exchange();
    desk.emulator.requests.clear();
  });

  const stored = async () =>
    (await desk.run(['accounts', '--json'])).json<{ accounts: unknown[] }>().accounts.length;

  it('revokes at Google, then forgets the account here', async () => {
    const [refreshToken] = liveRefreshTokens(desk);
    const ran = await desk.run(['revoke', '--yes', '--json']);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.json()).toEqual({
      account: expect.objectContaining({ email: 'tester@example.com' }),
      google: 'revoked',
      removed: true,
    });
    expect(desk.emulator.requests.list('/revoke')).toMatchObject([
      { method: 'POST', form: { token: refreshToken }, query: {} },
    ]);
    expect(liveRefreshTokens(desk)).toEqual([]);
    expect(await stored()).toBe(0);
  });

  it('says that it hits every client of the project', async () => {
    const ran = await desk.run(['revoke', '-y']);
    expect(ran.stdout).toContain('every client of this project');
  });

  it('needs --yes where nobody can be asked, and names the consequence', async () => {
    for (const argv of [['revoke'], ['revoke', '--no-input']]) {
      const ran = await desk.run(argv, { tty: argv.length > 1 });
      expect(ran.exitCode).toBe(2);
      expect(ran.stdout).toBe('');
      expect(ran.stderr).toContain('every client of the Cloud project');
      expect(ran.stderr).toContain('--yes');
    }
    expectHumanFailure(await desk.run(['revoke']), 'input_required');
    expectFailure(await desk.run(['revoke', '--json']), 'input_required');
    expect(desk.emulator.requests.count()).toBe(0);
    expect(await stored()).toBe(1);
  });

  it('forgets the account also where its token is dead already', async () => {
    const [grant] = desk.emulator.state.grants;
    if (grant !== undefined) desk.emulator.state.revoke(grant.authorization);
    const ran = await desk.run(['revoke', '--yes', '--json']);
    expect(ran.exitCode).toBe(0);
    expect(ran.json()).toMatchObject({ google: 'already_dead', removed: true });
    expect(await stored()).toBe(0);
  });

  it.each([
    ['html', { status: 200 }, 'answer_unreadable'],
    ['redirect', {}, 'answer_unreadable'],
    ['status', { status: 503, retryAfter: 3600 }, 'google_unavailable'],
    ['status', { status: 400 }, 'request_refused'],
  ] as const)('keeps the account after %s %j', async (name, parameters, code) => {
    desk.emulator.inject({ name, path: '/revoke', times: 'always', ...parameters });
    expectFailure(await desk.run(['revoke', '--yes', '--json']), code);
    expect(await stored()).toBe(1);
    expect((await desk.run(['refresh'])).exitCode).toBe(0);
  });

  it('keeps the account where there is no network', async () => {
    const fetch = deadFetch(desk);
    const ran = await desk.run(['revoke', '--yes', '--json'], { fetch });
    expectFailure(ran, 'network_unreachable');
    expect(await stored()).toBe(1);
  });

  it('tries again what may pass', async () => {
    desk.emulator.inject({ name: 'status', path: '/revoke', status: 503, retryAfter: 0 });
    const ran = await desk.run(['revoke', '--yes', '--json']);
    expect(ran.json()).toMatchObject({ google: 'revoked' });
  });

  it('takes the access token of an account that has no refresh token', async () => {
    await desk.run(['revoke', '--yes']);
    desk.emulator.inject({ name: 'no-refresh-token' });
    await desk.exchange();
    desk.emulator.requests.clear();
    const ran = await desk.run(['revoke', '--yes', '--json']);
    expect(ran.json()).toMatchObject({ google: 'revoked', removed: true });
    expect(desk.emulator.requests.list('/revoke')[0]?.form['token']).toMatch(/^ya29\./);
  });

  it.each(['revoked', 'dead already'])(
    'keeps what was signed in while Google answered: %s',
    async (how) => {
      const [grant] = desk.emulator.state.grants;
      if (how !== 'revoked' && grant) desk.emulator.state.revoke(grant.authorization);
      const ask = emulatorFetch(desk.emulator);
      const revoking = async (flags: string[]) => {
        let isDone = false;
        return desk.run(['revoke', '--yes', ...flags], {
          async fetch(url, init) {
            const answer = await ask(url, init);
            if (!isDone && url.includes('/revoke')) {
              isDone = true;
              await desk.exchange({ forceConsent: true });
            }
            return answer;
          },
        });
      };
      const told = await revoking(['--json']);
      expect(told).toMatchObject({ exitCode: 0, stderr: '' });
      expect(told.json()).toMatchObject({
        removed: false,
        warnings: [{ code: 'newer_token_kept' }],
      });
      expect((await desk.run(['refresh'])).exitCode).toBe(0);
      const seen = await revoking([]);
      expect(seen.stdout).toMatch(/signed in again meanwhile/);
      expect(seen.stdout).not.toMatch(/is forgotten|variables/);
      expect((await desk.run(['refresh'])).exitCode).toBe(0);
    },
  );

  it('means what is stored once the person has answered', async () => {
    let newest: string | undefined;
    const ran = await desk.run(['revoke', '--json'], {
      tty: true,
      async typed() {
        await desk.exchange({ forceConsent: true });
        newest = liveRefreshTokens(desk).at(-1);
        return 'y\n';
      },
    });
    expect(ran.json()).toMatchObject({ google: 'revoked', removed: true });
    const { form } = desk.emulator.requests.list('/revoke')[0] ?? {};
    expect(form?.['token']).toBe(newest);
    expect(await stored()).toBe(0);
  });

  it('keeps what was signed in while verify --revoke was at it', async () => {
    const ask = emulatorFetch(desk.emulator);
    const ran = await desk.run(['verify', '--revoke', '--yes'], {
      async fetch(url, init) {
        const answer = await ask(url, init);
        if (url.includes('/revoke')) await desk.exchange({ forceConsent: true });
        return answer;
      },
    });
    expect(ran.stderr).toMatch(/Another token of tester@example\.com was stored in the meantime/);
    expect((await desk.run(['refresh'])).exitCode).toBe(0);
  });

  describe('where the account cannot be forgotten here', () => {
    const vault = () => join(desk.home, 'vault');
    const sealed = () =>
      join(vault(), readdirSync(vault()).find((name) => name.endsWith('.sealed')) ?? '');

    it.each(['vault', 'accounts'])('sends nothing, since %s is read-only', async (name) => {
      openHome(desk);
      const folder = join(desk.home, name);
      chmodSync(folder, 0o555);
      const ran = await asOrdinaryUser(() => desk.run(['revoke', '--yes', '--json']));
      const code = name === 'vault' ? 'store_refused' : 'local_file_broken';
      const error = expectFailure(ran, code);
      expect(error.message).toMatch(/permission denied .* Nothing was revoked\.$/);
      expect(desk.emulator.requests.count()).toBe(0);
      expect(await stored()).toBe(1);
      expect((await desk.run(['refresh'])).exitCode).toBe(0);
    });

    it('says that the access is ended where only the removal fails', async () => {
      const ask = emulatorFetch(desk.emulator);
      const ran = await desk.run(['revoke', '--yes', '--json'], {
        // Once Google has answered, a folder stands where the account's file was.
        async fetch(url, init) {
          const answer = await ask(url, init);
          const path = sealed();
          rmSync(path);
          mkdirSync(path);
          return answer;
        },
      });
      const error = expectFailure(ran, 'store_refused');
      expect(error.message).toMatch(
        /^Google has ended the access to tester@example\.com, but gsac could not forget the account on this machine: /,
      );
      expect(error.hint).toMatch(/`gsac accounts remove \S+\/104729361850274916385`\.$/);
      expect(error).toMatchObject({ revocation: 'revoked', removed: false });
      rmSync(sealed(), { recursive: true });
      // The token in the cache is gone all the same.
      expect((await desk.run(['token'])).exitCode).not.toBe(0);
      const again = /`gsac (accounts remove \S+)`/.exec(error.hint ?? '')?.[1] ?? '';
      expect((await desk.run([...again.split(' '), '--yes'])).exitCode).toBe(0);
      expect(await stored()).toBe(0);
    });
  });

  it('knows only the one that was meant', async () => {
    await desk.exchange({ user: 'qa@example.org' });
    expectFailure(await desk.run(['revoke', '--yes', '--json']), 'account_ambiguous');
    await desk.run(['revoke', '--yes', '-a', 'qa@example.org']);
    expect((await desk.run(['token'])).exitCode).toBe(0);
  });
});
