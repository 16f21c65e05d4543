import { beforeEach, describe, expect, it } from 'vitest';
import { emulatorFetch, useDesk } from '../support/run.js';
import { expectFailure, expectHumanFailure, liveRefreshTokens, tokenRequests } from './support.js';

describe('gsac refresh', () => {
  const desk = useDesk();
  beforeEach(async () => {
    await desk.exchange();
    desk.emulator.requests.clear();
  });

  it('asks Google although the cached token is good, and says what came', async () => {
    desk.now += 1000;
    const ran = await desk.run(['refresh', '--json']);
    expect(ran.json()).toEqual({
      account: expect.objectContaining({ email: 'tester@example.com' }),
      scopes: expect.arrayContaining(['openid']),
      access_token: {
        value: expect.stringMatching(/^ya29\.…\(\d+\)$/),
        expires_at: new Date(desk.now + 3_599_000).toISOString(),
      },
      refresh_token: { status: 'unchanged' },
    });
    expect(tokenRequests(desk)).toBe(1);
  });

  it('sends the form of RFC 6749 and nothing else', async () => {
    await desk.run(['refresh']);
    const { web } = desk.emulator.clientFile();
    expect(desk.emulator.requests.list('/token')[0]?.form).toEqual({
      client_id: web.client_id,
      client_secret: web.client_secret,
      grant_type: 'refresh_token',
      refresh_token: liveRefreshTokens(desk)[0],
    });
  });

  it('says where the refresh token was rotated', async () => {
    desk.emulator.inject({ name: 'rotate-refresh-token', times: 2 });
    const ran = await desk.run(['refresh', '--json']);
    expect(ran.json()).toMatchObject({ refresh_token: { status: 'rotated' } });
    const human = await desk.run(['refresh']);
    expect(human.stdout).toMatch(
      /^✓ tester@example\.com: ya29\.…\(\d+\), ends in 1 hour; Google sent a new refresh token, now stored\n$/,
    );
  });

  it('shows the token with --show-secrets alone', async () => {
    const ran = await desk.run(['refresh', '--json', '--show-secrets']);
    expect(ran.stdout).toMatch(/"value": "ya29\.[\w-]{100,}"/);
  });

  it('leaves what is stored as it is where Google says no', async () => {
    desk.emulator.inject({ name: 'dead-refresh-token' });
    expectHumanFailure(await desk.run(['refresh']), 'invalid_grant');
    expect((await desk.run(['refresh'])).exitCode).toBe(0);
    desk.emulator.inject({ name: 'dead-refresh-token' });
    const error = expectFailure(await desk.run(['refresh', '--json']), 'invalid_grant');
    expect(error['google']).toEqual({
      status: 400,
      error: 'invalid_grant',
      error_description: 'Token has been expired or revoked.',
    });
  });

  it('takes the scopes of the newest answer', async () => {
    desk.emulator.inject({ name: 'extra-scope', scope: 'drive.file' });
    await desk.run(['refresh']);
    expect((await desk.run(['accounts', '--json'])).stdout).toContain('auth/drive.file');
  });

  it('with nothing stored is 4, with --all too', async () => {
    await desk.run(['accounts', 'remove', 'tester@example.com', '--yes']);
    expectFailure(await desk.run(['refresh', '--json']), 'account_unknown');
    expectFailure(await desk.run(['refresh', '--all', '--json']), 'account_unknown');
  });

  it.each([1, 2])('asks for every account with --all, %i at a time', async (concurrency) => {
    const people = ['qa@example.org', 'newcomer@example.com'];
    for (const user of people) await desk.exchange({ user });
    desk.emulator.requests.clear();
    const ask = emulatorFetch(desk.emulator);
    let out = 0;
    let most = 0;
    const ran = await desk.run(['refresh', '--all', '--json', '--concurrency', `${concurrency}`], {
      async fetch(url, init) {
        out += 1;
        most = Math.max(most, out);
        const answer = await ask(url, init);
        // All that could begin meanwhile has begun.
        await new Promise((resolve) => setTimeout(resolve, 50));
        out -= 1;
        return answer;
      },
    });
    expect(ran.json()).toMatchObject({ failed: 0, results: { length: 3 } });
    expect(tokenRequests(desk)).toBe(3);
    expect(most).toBe(concurrency);
  });

  it('takes its line of progress away before the result, on a terminal', async () => {
    let screen = '';
    const onWrite = (text: string) => {
      screen += text;
    };
    const options = { tty: true, onStdout: onWrite, onStderr: onWrite };
    const argvs = [['refresh', '--all'], ['status', '--online'], ['doctor']];
    for (const argv of argvs) {
      screen = '';
      const { stdout } = await desk.run(argv, options);
      expect(stdout).not.toBe('');
      const before = screen.slice(0, screen.indexOf(stdout));
      const lines = before.split('\r\u001B[K');
      expect(lines.length, argv.join(' ')).toBeGreaterThan(2);
      expect(lines.at(-1), argv.join(' ')).toBe('');
    }
  });
});
