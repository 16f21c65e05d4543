import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StatusResult } from '../../src/tools/status/judgement.js';
import type { Fetch } from '../support/run.js';
import { type Desk, emulatorFetch, useDesk } from '../support/run.js';
import { expectFailure } from './support.js';

const day = 86_400_000;
const project = '407408718192';
const webClient = `${project}-webserver0emulator0client0000001.apps.googleusercontent.com`;

/** Fails requests that carry the refresh token of this account, as a dead network would. */
function withoutNetworkFor(desk: Desk, refreshToken: string | undefined, code: string): Fetch {
  const emulator = emulatorFetch(desk.emulator);
  return async (url, init) => {
    const token = new URLSearchParams(init.body).get('refresh_token');
    if (refreshToken === undefined || token === refreshToken) {
      throw Object.assign(new TypeError('fetch failed'), { cause: { code } });
    }
    return emulator(url, init);
  };
}

describe('gsac status', () => {
  const desk = useDesk();

  const status = async (...flags: string[]) => {
    const ran = await desk.run(['status', '--json', ...flags]);
    return { ran, result: ran.stdout === '' ? undefined : ran.json<StatusResult>() };
  };

  it('says that no account is stored, exit 4', async () => {
    const { ran } = await status();
    expect(ran).toMatchObject({ exitCode: 4, stdout: '' });
    expect(ran.error()).toMatchObject({ code: 'account_unknown' });
  });

  it('foresees six months from the issue for a token that was never used', async () => {
    await desk.exchange();
    const { ran, result } = await status();
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result).toEqual({
      accounts: [
        {
          key: `${webClient}/104729361850274916385`,
          sub: '104729361850274916385',
          email: 'tester@example.com',
          client_id: webClient,
          store: 'file',
          issued_at: '2026-01-15T12:00:00.000Z',
          last_used_at: null,
          ends_at: '2026-07-15T12:00:00.000Z',
          end: {
            reason: 'six_months_unused',
            certainty: 'foreseen',
            detail: expect.stringMatching(
              /^Six months after its issue, since it was never used\. Google deletes OAuth clients/,
            ),
            fix: 'Run `gsac refresh` for this account: each use postpones the end.',
          },
          verdict: 'ok',
        },
      ],
      fail_within_seconds: 172_800,
      failing: 0,
    });
  });

  it('opens no store, needs no key and asks nobody', async () => {
    await desk.exchange();
    const before = desk.emulator.requests.count();
    const ran = await desk.run(['status', '--json'], {
      env: { GSAC_FILE_KEY: undefined, GSAC_CLIENT: undefined },
    });
    expect(ran.exitCode).toBe(0);
    expect(desk.emulator.requests.count()).toBe(before);
  });

  it('takes the end that Google stated, and warns in time', async () => {
    desk.emulator.inject({ name: 'expiring-grant' });
    await desk.exchange();
    const early = await status();
    expect(early.ran.exitCode).toBe(0);
    expect(early.result?.accounts[0]).toMatchObject({
      verdict: 'ok',
      ends_at: '2026-01-22T11:59:59.000Z',
      end: { reason: 'stated_expiry', certainty: 'stated' },
    });
    desk.now += 5.5 * day;
    const soon = await status();
    expect(soon.ran.exitCode).toBe(6);
    expect(soon.result).toMatchObject({ failing: 1, accounts: [{ verdict: 'ends_soon' }] });
    desk.now += 2 * day;
    const late = await status();
    expect(late.ran.exitCode).toBe(6);
    expect(late.result).toMatchObject({ failing: 1, accounts: [{ verdict: 'ended' }] });
  });

  it.each([
    ['0', 0],
    ['90m', 5_400],
    ['36h', 129_600],
    ['1w', 604_800],
    ['1d12h', 129_600],
    ['0.5d', 43_200],
  ])('reads --fail-within %s', async (text, seconds) => {
    await desk.exchange();
    const { result } = await status('--fail-within', text);
    expect(result?.fail_within_seconds).toBe(seconds);
  });

  it.each(['2y', 'soon', '', '2d!', '-1d', '2 days', '99999w', 'd'])(
    'refuses --fail-within %j',
    async (text) => {
      const { ran } = await status(`--fail-within=${text}`);
      expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
      expect(ran.error().message).toContain('--fail-within');
    },
  );

  it('fails within what --fail-within says and not beyond', async () => {
    desk.emulator.inject({ name: 'expiring-grant', seconds: 3 * 86_400 });
    await desk.exchange();
    expect((await status('--fail-within', '71h')).ran.exitCode).toBe(0);
    expect((await status('--fail-within', '72h')).ran.exitCode).toBe(6);
  });

  it('foresees seven days where the project is said to be in Testing', async () => {
    await desk.exchange();
    const { result } = await status('--publishing-status', 'testing');
    expect(result?.accounts[0]).toMatchObject({
      ends_at: '2026-01-22T12:00:00.000Z',
      end: { reason: 'testing_seven_days', certainty: 'foreseen' },
    });
  });

  it('foresees seven days where Google gave them to another account of the project', async () => {
    desk.emulator.inject({ name: 'expiring-grant' });
    await desk.exchange();
    await desk.exchange({ user: 'qa@example.org' });
    const { result } = await status();
    expect(result?.accounts.map(({ email, end }) => [email, end?.reason])).toEqual([
      ['tester@example.com', 'stated_expiry'],
      ['qa@example.org', 'testing_seven_days'],
    ]);
    const production = await status('--publishing-status', 'production');
    expect(production.result?.accounts[1]?.end?.reason).toBe('six_months_unused');
    const chosen = await status('-a', 'qa@example.org');
    expect(chosen.result?.accounts).toMatchObject([{ end: { reason: 'testing_seven_days' } }]);
  });

  it('refuses another publishing status', async () => {
    expect((await status('--publishing-status', 'beta')).ran.exitCode).toBe(2);
  });

  it('puts the first to end first', async () => {
    await desk.exchange();
    desk.emulator.inject({ name: 'expiring-grant', seconds: 20 * 86_400 });
    await desk.exchange({ user: 'newcomer@example.com' });
    desk.emulator.inject({ name: 'expiring-grant', seconds: 10 * 86_400 });
    await desk.exchange({ user: 'qa@example.org' });
    const { result } = await status();
    expect(result?.accounts.map(({ email }) => email)).toEqual([
      'qa@example.org',
      'newcomer@example.com',
      'tester@example.com',
    ]);
  });

  it('shows one account with --account, and knows who is unknown', async () => {
    await desk.exchange();
    await desk.exchange({ user: 'qa@example.org' });
    const { result } = await status('-a', 'qa@example.org');
    expect(result?.accounts.map(({ email }) => email)).toEqual(['qa@example.org']);
    expect((await status('-a', 'nobody@example.com')).ran.exitCode).toBe(4);
  });

  describe('after a refresh that Google refused', () => {
    const refuse = async () => {
      await desk.exchange();
      desk.now += day;
      desk.emulator.inject({ name: 'dead-refresh-token' });
      expect((await desk.run(['refresh'])).exitCode).toBe(4);
      desk.now += 3 * 3_600_000;
    };

    it('shows the account as dead without asking, with when that was seen', async () => {
      await refuse();
      const before = desk.emulator.requests.count();
      const { ran, result } = await status();
      expect(desk.emulator.requests.count()).toBe(before);
      expect(ran.exitCode).toBe(6);
      expect(result).toMatchObject({
        failing: 1,
        accounts: [
          {
            verdict: 'dead',
            ends_at: null,
            end: {
              reason: 'invalid_grant',
              certainty: 'known',
              detail: expect.stringContaining('Token has been expired or revoked.'),
              fix: expect.stringContaining('Sign in again'),
              seen_at: '2026-01-16T12:00:00.000Z',
            },
          },
        ],
      });
      const human = await desk.run(['status']);
      expect(human.stdout).toMatch(/^✗ +tester@example\.com .* dead$/m);
      expect(human.stdout).toMatch(/^tester@example\.com: dead, seen 3 hours ago$/m);
    });

    it.each([
      ['a later one that goes well', ['refresh']],
      ['status --online, where it goes well', ['status', '--online']],
    ])('forgets that at %s', async (_what, argv) => {
      await refuse();
      expect((await desk.run(argv)).exitCode).toBe(0);
      const { ran, result } = await status();
      expect(ran.exitCode).toBe(0);
      expect(result?.accounts).toMatchObject([{ verdict: 'ok' }]);
      expect(ran.stdout).not.toContain('seen_at');
    });

    it('forgets that at a new sign-in, not at an answer without refresh token', async () => {
      await refuse();
      desk.emulator.inject({ name: 'no-refresh-token' });
      await desk.exchange();
      expect((await status()).result?.accounts).toMatchObject([{ verdict: 'dead' }]);
      await desk.exchange();
      expect((await status()).result?.accounts).toMatchObject([{ verdict: 'ok' }]);
    });

    it('believes it where Google cannot be asked now, and not where it answers', async () => {
      await refuse();
      const ran = await desk.run(['status', '--online', '--json', '--timeout', '0.1'], {
        fetch: withoutNetworkFor(desk, undefined, 'ENOTFOUND'),
      });
      expect(ran.exitCode).toBe(6);
      expect(ran.json<StatusResult>().accounts).toMatchObject([
        { verdict: 'dead', online: { result: 'unavailable' } },
      ]);
      desk.emulator.inject({ name: 'invalid-client' });
      const { result } = await status('--online');
      expect(result?.accounts).toMatchObject([{ verdict: 'unknown' }]);
      expect(result?.accounts[0]?.end).not.toHaveProperty('seen_at');
    });
  });

  describe('with credentials in the environment', () => {
    const env = {
      GSAC_CREDENTIALS: JSON.stringify({
        type: 'authorized_user',
        client_id: webClient,
        client_secret: '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',
        refresh_token: '1//0nobody-knows-this-one',
        token_uri: 'http://127.0.0.1:8085/token',
        account: 'ci@example.com',
      }),
      GSAC_STORE: undefined,
    };

    it('does not make up when they were issued', async () => {
      const ran = await desk.run(['status', '--json'], { env });
      expect(ran.exitCode).toBe(0);
      expect(ran.json<StatusResult>().accounts).toMatchObject([
        { email: 'ci@example.com', issued_at: null, ends_at: null, end: null, verdict: 'unknown' },
      ]);
    });

    it('asks with --online', async () => {
      const ran = await desk.run(['status', '--json', '--online'], { env });
      expect(ran.exitCode).toBe(6);
      expect(ran.json<StatusResult>().accounts).toMatchObject([{ verdict: 'dead' }]);
    });
  });

  describe('--online', () => {
    const refreshTokens = () => [...desk.emulator.state.grants].map((one) => one.refreshToken);

    it('refreshes each account and sees that it lives', async () => {
      await desk.exchange();
      desk.now += day;
      const { ran, result } = await status('--online');
      expect(ran.exitCode).toBe(0);
      expect(result?.accounts[0]).toMatchObject({
        last_used_at: '2026-01-16T12:00:00.000Z',
        ends_at: '2026-07-16T12:00:00.000Z',
        verdict: 'ok',
        online: { result: 'alive', error: null },
      });
    });

    it('believes Google more than the end that was foreseen', async () => {
      await desk.exchange();
      desk.now += 10 * day;
      const testing = ['--publishing-status', 'testing'];
      expect((await status(...testing)).result?.accounts[0]?.verdict).toBe('ended');
      const online = await status('--online', ...testing);
      expect(online.result?.accounts[0]).toMatchObject({
        verdict: 'ok',
        end: { reason: 'six_months_unused' },
      });
    });

    it('finds a dead token, keeps the account and says what to do', async () => {
      await desk.exchange();
      await desk.exchange({ user: 'qa@example.org' });
      desk.emulator.inject({ name: 'dead-refresh-token', user: 'qa@example.org', times: 'always' });
      const { ran, result } = await status('--online');
      expect(ran.exitCode).toBe(6);
      expect(result).toMatchObject({ failing: 1 });
      expect(result?.accounts[0]).toMatchObject({
        email: 'qa@example.org',
        verdict: 'dead',
        ends_at: null,
        end: {
          reason: 'invalid_grant',
          certainty: 'known',
          fix: expect.stringContaining('Sign in'),
        },
        online: {
          result: 'refused',
          error: {
            code: 'invalid_grant',
            diagnosis: expect.arrayContaining([
              expect.objectContaining({ cause: 'access-revoked-by-user', likelihood: 'likely' }),
            ]),
          },
        },
      });
      const human = await desk.run(['status', '--online']);
      expect(human.stdout).toMatch(
        /revoked\.\)\.\n {2}likely cause: access-revoked-by-user: The person[\s\S]*\n {2}fix:/,
      );
      expect(result?.accounts[1]).toMatchObject({ verdict: 'ok', online: { result: 'alive' } });
      const accounts = await desk.run(['accounts', '--json']);
      expect(accounts.json<{ accounts: unknown[] }>().accounts).toHaveLength(2);
    });

    it('counts another refusal as failing, but not as a dead token', async () => {
      await desk.exchange();
      desk.emulator.inject({ name: 'invalid-client', times: 'always' });
      const { ran, result } = await status('--online');
      expect(ran.exitCode).toBe(6);
      expect(result).toMatchObject({
        failing: 1,
        accounts: [{ verdict: 'unknown', end: { reason: 'invalid_client', certainty: 'known' } }],
      });
    });

    it('takes no broken file of the store for a word of Google’s', async () => {
      await desk.exchange();
      const vault = join(desk.home, 'vault');
      const [file = ''] = readdirSync(vault).filter((name) => name.endsWith('.sealed'));
      writeFileSync(join(vault, file), 'torn');
      const error = expectFailure(
        await desk.run(['status', '--online', '--json']),
        'local_file_broken',
      );
      expect(error).toMatchObject({
        failing: 0,
        accounts: [{ verdict: 'ok', online: { result: 'unavailable' } }],
      });
    });

    it('does not take a dead network for a dead token: exit 3, the accounts in the error', async () => {
      await desk.exchange();
      const ran = await desk.run(['status', '--online', '--json', '--timeout', '0.1'], {
        fetch: withoutNetworkFor(desk, undefined, 'ENOTFOUND'),
      });
      expect(ran).toMatchObject({ exitCode: 3, stdout: '' });
      expect(ran.error()).toMatchObject({
        code: 'network_unreachable',
        failing: 0,
        accounts: [{ verdict: 'ok', online: { result: 'unavailable', error: { diagnosis: [] } } }],
      });
    });

    it('says how many were not checked where others live', async () => {
      await desk.exchange();
      await desk.exchange({ user: 'qa@example.org' });
      const ran = await desk.run(['status', '--online', '--timeout', '0.1'], {
        fetch: withoutNetworkFor(desk, refreshTokens()[0], 'ECONNREFUSED'),
      });
      expect(ran).toMatchObject({ exitCode: 3, stdout: '' });
      expect(ran.stderr).toContain('1 of 2 accounts were not checked');
    });

    it('exits 6 where one is dead, whatever the network did to the others', async () => {
      await desk.exchange();
      await desk.exchange({ user: 'qa@example.org' });
      desk.emulator.inject({ name: 'dead-refresh-token', user: 'qa@example.org', times: 'always' });
      const ran = await desk.run(['status', '--online', '--timeout', '0.1'], {
        fetch: withoutNetworkFor(desk, refreshTokens()[0], 'ETIMEDOUT'),
      });
      expect(ran.exitCode).toBe(6);
      expect(ran.stdout).toContain('tester@example.com was not checked');
    });

    it('exits 5 where the store does not open', async () => {
      await desk.exchange();
      const ran = await desk.run(['status', '--online', '--json'], {
        env: { GSAC_FILE_KEY: undefined },
      });
      expect(ran).toMatchObject({ exitCode: 5, stdout: '' });
      expect(ran.error()).toMatchObject({ code: 'store_key_required' });
    });

    it('shows no secret', async () => {
      await desk.exchange();
      const ran = await desk.run(['status', '--online', '--json', '--trace']);
      for (const secret of refreshTokens()) expect(ran.stdout + ran.stderr).not.toContain(secret);
    });
  });

  it('fits a table into 80 columns, with the reason and what to do below', async () => {
    desk.emulator.inject({ name: 'expiring-grant' });
    await desk.exchange();
    await desk.exchange({ user: 'newcomer@example.com', scopes: ['openid', 'email'] });
    desk.now += 6 * day;
    const ran = await desk.run(['status', '--no-color'], { tty: true });
    expect(ran.exitCode).toBe(6);
    for (const line of ran.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(ran.stdout).toMatch(/^!? *ACCOUNT +ISSUED +USED +ENDS +WHY$/m);
    expect(ran.stdout).toMatch(
      /^! {2}tester@example\.com +6d ago +never +2026-01-22 .*, in 1d +stated$/m,
    );
    expect(ran.stdout).toMatch(/^✓ {2}newcomer@example\.com .* 6 months idle$/m);
    expect(ran.stdout).toContain('tester@example.com: ends in 1 day\n  Google stated it');
    expect(ran.stdout).toContain('  fix: Sign in again');
  });

  it('explains itself', async () => {
    const ran = await desk.run(['status', '--help']);
    expect(ran).toMatchObject({ exitCode: 0 });
    expect(ran.stdout).toContain('Exit codes:');
    const own = ran.stdout.slice(ran.stdout.indexOf('WHY is'));
    for (const line of own.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});
