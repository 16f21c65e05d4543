import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fetch } from '../support/run.js';
import { createDesk, type Desk, emulatorFetch, type Ran } from '../support/run.js';
import { liveRefreshTokens } from './support.js';

const modes = [[], ['--json'], ['--trace', '--debug']];

describe('No secret', () => {
  let desk: Desk;
  const seen = new Set<string>();
  beforeEach(() => {
    desk = createDesk();
    seen.clear();
  });
  afterEach(() => desk.dispose());

  /** Everything secret that went over the wire so far, encoded forms included. */
  function secrets(): string[] {
    for (const { form, query } of desk.emulator.requests.list()) {
      for (const name of ['code', 'client_secret', 'refresh_token', 'code_verifier', 'token']) {
        for (const value of [form[name], query[name]]) if (value) seen.add(value);
      }
    }
    for (const token of liveRefreshTokens(desk)) seen.add(token);
    return [...seen].flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      secret.replaceAll('/', '\\/'),
      secret.slice(0, 40),
      secret.slice(-20),
    ]);
  }

  /** Answers as the emulator, and remembers every token in the answers. */
  const listening: Fetch = async (url, init) => {
    const answer = await emulatorFetch(desk.emulator)(url, init);
    const text = await new Response(answer.body as ReadableStream).text();
    for (const found of text.matchAll(/"(?:access|refresh|id)_token":\s*"([^"]+)/g)) {
      const [, secret = ''] = found;
      if (secret.length > 20) seen.add(secret);
    }
    return { status: answer.status, headers: answer.headers, body: toBody(text) };
  };

  function expectNone(...runs: readonly Ran[]): void {
    for (const { stdout, stderr } of runs) {
      for (const secret of secrets()) {
        expect(stdout).not.toContain(secret);
        expect(stderr).not.toContain(secret);
      }
    }
  }

  it('is in what any command writes, in any mode', async () => {
    for (const flags of modes) {
      const run = (...argv: string[]) => desk.run([...argv, ...flags], { fetch: listening });
      const runs = [
        await run('exchange', desk.code()),
        await run('refresh'),
        await run('refresh', '--all'),
        await run('claims', '--refresh'),
        await run('files', '--limit', '1'),
        await run('files', 'info'),
        await run('accounts'),
        await run('revoke', '--yes'),
      ];
      expect(runs.map(({ exitCode }) => exitCode)).toEqual(Array(8).fill(0));
      expectNone(...runs);
    }
    expect(seen.size).toBeGreaterThan(12);
  });

  it('but the one that a command exists to print: token, in no trace', async () => {
    await desk.exchange();
    desk.now += 7_200_000;
    const ran = await desk.run(['token', '--trace'], { fetch: listening });
    expectNone({ ...ran, stdout: '' });
    expect(seen.has(ran.stdout.trim())).toBe(true);
    expect(ran.stderr).toContain('> POST http://127.0.0.1:8085/token');
  });

  it.each([
    ['status', { status: 500 }],
    ['html', {}],
    ['html-after', {}],
    ['reset', {}],
    ['torn-body', { keep: 0.2 }],
    ['torn-body', { keep: 0.35 }],
    ['torn-body', { keep: 0.9 }],
    ['huge-body', {}],
    ['redirect', {}],
    ['bad-grant', {}],
    ['wrong-secret', {}],
    ['odd-success', { set: { token_type: 'x' } }],
    ['odd-success', { set: { access_token: 'ya29.broken token-xxxxxxxxxxxxxxxxxx' } }],
  ])('is in what a failed exchange writes: %s %j', async (name, parameters) => {
    for (const flags of modes) {
      desk.emulator.inject({ name, path: '/token', ...parameters });
      expectNone(await desk.run(['exchange', desk.code(), ...flags], { fetch: listening }));
    }
  });

  it('is shown where a server echoes what it was sent', async () => {
    const echoes: ((body: string) => string)[] = [
      (body) => JSON.stringify({ error: 'invalid_grant', error_description: body }),
      (body) => JSON.stringify({ error: new URLSearchParams(body).get('code') }),
      (body) => JSON.stringify({ note: Object.fromEntries(new URLSearchParams(body)) }),
      (body) => `<html>${body}</html>`,
      (body) => `<html>${decodeURIComponent(body)}</html>`,
      (body) => JSON.stringify({ error: decodeURIComponent(body) }).replaceAll('/', '\\/'),
    ];
    for (const echo of echoes) {
      for (const flags of modes) {
        const fetch: Fetch = async (url, init) => {
          await emulatorFetch(desk.emulator)(url, init);
          return new Response(echo(String(init.body)), { status: 400 });
        };
        const ran = await desk.run(['exchange', desk.code(), ...flags], { fetch });
        expect([3, 4]).toContain(ran.exitCode);
        expectNone(ran);
      }
    }
  });

  it('is in the trace of a client whose secret has no known shape', async () => {
    const web = { ...desk.emulator.clientFile().web, client_secret: 'd-FL95Q19q7MQmFpd7hHD0Ty' };
    const client = desk.file('old.json', JSON.stringify({ web }));
    const argv = ['exchange', desk.code(), '--client', client, '--trace'];
    expectNone(await desk.run(argv, { fetch: listening }));
    expect([...seen]).toContain('d-FL95Q19q7MQmFpd7hHD0Ty');
    const fetch: Fetch = async (_url, init) => new Response(`<html>${init.body}`, { status: 403 });
    expectNone(await desk.run(argv, { fetch }));
  });
});

describe('--trace', () => {
  let desk: Desk;
  beforeEach(() => {
    desk = createDesk();
  });
  afterEach(() => desk.dispose());

  it('shows every request and answer, and stdout stays the same', async () => {
    const ran = await desk.run(['exchange', desk.code(), '--json', '--trace']);
    expect(ran.json()).toMatchObject({ refresh_token: { status: 'stored' } });
    const lines = ran.stderr.split('\n');
    expect(lines.filter((line) => line.startsWith('> '))).toEqual([
      '> POST http://127.0.0.1:8085/token',
      '> accept-encoding: gzip',
      '> content-type: application/x-www-form-urlencoded',
      '> accept: application/json',
      expect.stringMatching(
        /^> client_id=407[\w.-]+&client_secret=GOCSPX-…\(\d+\)&code=4\/0…\(77\)&grant_type=authorization_code&redirect_uri=$/,
      ),
      '> GET http://127.0.0.1:8085/oauth2/v3/certs',
      '> accept-encoding: gzip',
    ]);
    expect(ran.stderr).toMatch(/^< 200 \(\d+ ms\)$/m);
    expect(ran.stderr).toMatch(/^< {3}"refresh_token": "1\/\/0…\(\d+\)",$/m);
    expect(lines.every((line) => line === '' || /^[<>]/.test(line))).toBe(true);
  });

  it('masks the bearer of Drive’s requests', async () => {
    await desk.exchange();
    const { stderr } = await desk.run(['files', '--trace', '--limit', '1', '--json']);
    expect(stderr).toMatch(/^> authorization: Bearer ya29\.…\(\d+\)$/im);
    expect(stderr).toContain('spaces=appDataFolder');
  });

  it('says where a connection broke', async () => {
    desk.emulator.inject({ name: 'reset', path: '/token' });
    const { stderr } = await desk.run(['exchange', desk.code(), '--trace']);
    expect(stderr).toMatch(/^< The connection to 127\.0\.0\.1:8085 broke\. \(\d+ ms\)$/m);
  });

  it('cuts long answers', async () => {
    await desk.exchange();
    desk.emulator.inject({ name: 'html', path: '/drive/v3/*', status: 404 });
    const fetch = async () => new Response(`<html>${'x'.repeat(100_000)}`, { status: 404 });
    const { stderr } = await desk.run(['files', '--trace'], { fetch });
    expect(stderr.length).toBeLessThan(6_000);
    expect(stderr).toContain('… (100006 characters)');
  });

  it('with --show-secrets shows them', async () => {
    const code = desk.code();
    const { stderr } = await desk.run(['exchange', code, '--trace', '--show-secrets']);
    const [refreshToken = ''] = liveRefreshTokens(desk);
    expect(stderr).toContain(refreshToken);
    expect(stderr).toContain(encodeURIComponent(code));
  });
});

async function* toBody(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
