import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { emulatorFetch, useDesk } from '../support/run.js';
import {
  deadFetch,
  expectFailure,
  expectHumanFailure,
  liveRefreshTokens,
  slowFetch,
  tokenRequests,
} from './support.js';

const hour = 3_600_000;

describe('gsac token', () => {
  const desk = useDesk();
  beforeEach(async () => {
    expect((await desk.exchange()).exitCode).toBe(0);
    desk.emulator.requests.clear();
  });

  const token = (...flags: string[]) => desk.run(['token', ...flags]);

  it('prints the cached token and a newline, nothing else, and asks nobody', async () => {
    const first = await token();
    const second = await token();
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).toMatch(/^ya29\.[\w-]+\n$/);
    expect(second.stdout).toBe(first.stdout);
    expect(desk.emulator.requests.count()).toBe(0);
  });

  it('says with --json what belongs to it', async () => {
    desk.now += 600_400;
    const ran = await token('--json');
    expect(ran.json()).toEqual({
      access_token: expect.stringMatching(/^ya29\./),
      token_type: 'Bearer',
      expires_at: new Date(desk.now - 600_400 + 3_599_000).toISOString(),
      expires_in: 2998,
      scopes: expect.arrayContaining(['openid']),
      account: {
        key: expect.stringMatching(/\/104729361850274916385$/),
        sub: '104729361850274916385',
        email: 'tester@example.com',
        client_id: expect.stringContaining('.apps.googleusercontent.com'),
      },
    });
  });

  it.each([
    ['300 seconds without being told', [], 3_299, 0],
    ['no longer than 300 seconds without being told', [], 3_300, 1],
    ['as long as --min-ttl says', ['--min-ttl', '60'], 3_500, 0],
    ['no longer than --min-ttl says', ['--min-ttl', '100'], 3_500, 1],
    ['to its last second', ['--min-ttl', '0'], 3_599, 0],
    ['not beyond its end', ['--min-ttl', '0'], 3_600, 1],
    ['never, where more is asked than any token has', ['--min-ttl', '7200'], 0, 1],
  ])('hands out the cached one %s', async (_what, flags, seconds, requests) => {
    desk.now += seconds * 1000;
    const ran = await token(...flags);
    expect(ran.exitCode).toBe(0);
    expect(tokenRequests(desk)).toBe(requests);
  });

  it('warns where no token lasts as long as was asked', async () => {
    const ran = await token('--min-ttl', '4000');
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toMatch(/^ya29\.[\w-]+\n$/);
    expect(ran.stderr.match(/warning: The token lasts 3599 s, less than the 4000 s/g)).toHaveLength(
      1,
    );
    for (const silent of ['--quiet', '--json']) {
      expect(await token('--min-ttl', '4000', silent)).toMatchObject({ exitCode: 0, stderr: '' });
    }
    expect(await token('--min-ttl', '3599')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('refreshes an expired one once, and keeps the new one', async () => {
    const old = (await token()).stdout;
    desk.now += 2 * hour;
    const fresh = await token();
    expect(fresh.stdout).not.toBe(old);
    expect((await token()).stdout).toBe(fresh.stdout);
    expect(tokenRequests(desk)).toBe(1);
  });

  describe('in the format', () => {
    it('header, that curl takes', async () => {
      const bare = (await token()).stdout.trim();
      expect((await token('--format', 'header')).stdout).toBe(`Authorization: Bearer ${bare}\n`);
    });

    it.each(['ya29.plain', 'ya29.quote\'$(id)`id`$HOME"\\;&|<>*?~#!'])(
      'env, which survives eval in a real shell: %s',
      async (value) => {
        desk.emulator.inject({ name: 'odd-success', set: { access_token: value } });
        desk.now += 2 * hour;
        const { stdout } = await token('--format', 'env');
        const script = `${stdout}printf %s "$GOOGLE_OAUTH_ACCESS_TOKEN"`;
        expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(value);
      },
    );

    it('that nobody knows: none, and the ones there are are named', async () => {
      const ran = await token('--format', 'yaml');
      expectHumanFailure(ran, 'usage');
      expect(ran.stderr).toContain('bare, header, env');
    });

    it('that contradicts --json: none', async () => {
      expectFailure(await token('--format', 'env', '--json'), 'usage');
    });
  });

  describe('where Google has trouble', () => {
    beforeEach(() => {
      desk.now += 2 * hour;
    });

    it('tries again, and says so on stderr alone', async () => {
      desk.emulator.inject({ name: 'status', status: 500, times: 2 });
      const ran = await token();
      expect(ran.exitCode).toBe(0);
      expect(ran.stdout).toMatch(/^ya29\.[\w-]+\n$/);
      expect(ran.stderr.match(/Trying again in \d/g)).toHaveLength(2);
      expect(tokenRequests(desk)).toBe(3);
    });

    it('tries again silently with --quiet', async () => {
      desk.emulator.inject({ name: 'status', status: 503, retryAfter: 0 });
      expect(await token('--quiet')).toMatchObject({ exitCode: 0, stderr: '' });
    });

    it('tries four times at most', async () => {
      desk.emulator.inject({ name: 'status', status: 503, retryAfter: 0, times: 'always' });
      expectFailure(await token('--json'), 'google_unavailable');
      expect(tokenRequests(desk)).toBe(4);
    });

    it('honours Retry-After', async () => {
      desk.emulator.inject({ name: 'status', status: 429, retryAfter: 0 });
      expect((await token()).exitCode).toBe(0);
      expect(tokenRequests(desk)).toBe(2);
    });

    it.each(['61', 'Thu, 15 Jan 2026 15:00:00 GMT'])(
      'ends at once where Retry-After (%s) is longer than twice the timeout',
      async (retryAfter) => {
        desk.emulator.inject({ name: 'status', status: 429, retryAfter, times: 'always' });
        const error = expectFailure(await token('--json'), 'rate_limited');
        expect(error['retry_after_seconds']).toBeGreaterThan(60);
        expect(tokenRequests(desk)).toBe(1);
      },
    );

    it('ends once twice the timeout has gone by', async () => {
      desk.emulator.inject({ name: 'status', status: 503, retryAfter: 0, times: 'always' });
      const fetch = slowFetch(desk, 29);
      expectFailure(await desk.run(['token', '--json'], { fetch }), 'google_unavailable');
      expect(tokenRequests(desk)).toBe(3);
    });

    it('gives its last attempt no more than what is left of twice the timeout', async () => {
      const fetch: ReturnType<typeof emulatorFetch> = (_url, init) =>
        new Promise((_resolve, reject) => {
          if (desk.now % hour === 0) {
            // The first attempt fails with 20 ms left.
            desk.now += 59_980;
            reject(Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } }));
          }
          init.signal.addEventListener('abort', () => {
            desk.now += 1000;
            reject(init.signal.reason);
          });
        });
      // Pauses are random, so the second attempt does not always come about.
      for (let run = 0; run < 400; run += 1) {
        const ran = await desk.run(['token', '--json'], { fetch });
        expect(ran.exitCode).toBe(3);
        if (ran.error().code === 'network_timeout') return;
        desk.now += hour - (desk.now % hour);
      }
      expect.unreachable();
    });

    it.each([
      ['dead-refresh-token', {}, 'invalid_grant'],
      ['bad-grant', {}, 'invalid_grant'],
      ['invalid-rapt', {}, 'reauth_required'],
      ['wrong-secret', {}, 'invalid_client'],
      ['unauthorized-client', {}, 'unauthorized_client'],
      ['deleted-client', {}, 'deleted_client'],
      ['disabled-client', {}, 'disabled_client'],
      ['admin-policy', {}, 'admin_policy_enforced'],
      ['html', { status: 200 }, 'answer_unreadable'],
      ['torn-body', {}, 'answer_unreadable'],
      ['torn-body', { keep: 0 }, 'answer_unreadable'],
      ['huge-body', {}, 'answer_unreadable'],
      ['redirect', {}, 'answer_unreadable'],
      ['odd-success', { set: { access_token: 7 } }, 'answer_unreadable'],
    ] as const)('takes %s %j for what it is, and asks once', async (name, parameters, code) => {
      desk.emulator.inject({ name, times: 'always', ...parameters });
      expectFailure(await token('--json'), code);
      expect(tokenRequests(desk)).toBe(1);
    });

    it('says so where there is no network', async () => {
      const fetch = deadFetch(desk, 'ENOTFOUND');
      expectHumanFailure(await desk.run(['token'], { fetch }), 'network_unreachable');
    });

    it('is cancelled in the middle of a pause', async () => {
      const controller = new AbortController();
      desk.emulator.inject({ name: 'status', status: 503, retryAfter: 20, times: 'always' });
      const ask = emulatorFetch(desk.emulator);
      const fetch: typeof ask = async (url, init) => {
        const answer = await ask(url, init);
        setImmediate(() => controller.abort());
        return answer;
      };
      const { signal } = controller;
      expectFailure(await desk.run(['token', '--json'], { fetch, signal }), 'cancelled');
    });

    it('is cancelled while another process holds the lock', async () => {
      const [name = ''] = readdirSync(join(desk.home, 'accounts'));
      mkdirSync(join(desk.home, 'locks', name.replace('.json', '.lock')), { recursive: true });
      const controller = new AbortController();
      setImmediate(() => controller.abort());
      const { signal } = controller;
      expectFailure(await desk.run(['token', '--json'], { signal }), 'cancelled');
      expect(tokenRequests(desk)).toBe(0);
    });
  });

  describe('where Google rotates the refresh token', () => {
    beforeEach(() => {
      desk.now += 2 * hour;
      desk.emulator.inject({ name: 'rotate-refresh-token' });
    });

    it('stores it before it prints, so that the next refresh works', async () => {
      const [old] = liveRefreshTokens(desk);
      expect((await token()).exitCode).toBe(0);
      expect(liveRefreshTokens(desk)).not.toContain(old);
      desk.now += 2 * hour;
      expect((await token()).exitCode).toBe(0);
    });

    it('stores it even where the rest of the answer was cut off', async () => {
      desk.emulator.inject({ name: 'torn-body', keep: 0.6 });
      expectFailure(await token('--json'), 'answer_unreadable');
      expect((await token()).exitCode).toBe(0);
    });
  });

  it('says that it cannot be cached, since every call asks Google then', async () => {
    rmSync(join(desk.home, 'cache'), { recursive: true, force: true });
    writeFileSync(join(desk.home, 'cache'), 'in the way');
    const ran = await desk.run(['token']);
    expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^ya29\./) });
    expect(ran.stderr).toMatch(/could not be cached/);
  });
});
