import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/core/errors.js';
import { FAULTS } from '../../src/emulator/faults/faults.js';
import { serveEmulator } from '../../src/emulator/serve.js';
import { createDesk, type Desk, emulatorFetch, type Fetch } from '../support/run.js';
import { expectFailure } from './support.js';

let desk: Desk;
beforeEach(() => {
  desk = createDesk();
});
afterEach(() => desk.dispose());

const run = (...argv: string[]) => desk.run(['emulator', ...argv]);

describe('gsac emulator faults', () => {
  const inPipe = async (...words: string[]) => (await run('faults', ...words)).stdout;

  it('lists every fault in one line, with nothing running', async () => {
    const fetch = () => Promise.reject(new Error('nothing may be asked'));
    const env = { GSAC_CLIENT: undefined };
    const { stdout, exitCode } = await desk.run(['emulator', 'faults'], { fetch, env });
    expect(exitCode).toBe(0);
    for (const { name, summary } of FAULTS) {
      expect(stdout).toMatch(new RegExp(`^  ${name} {2,}\\S`, 'm'));
      expect(stdout).toContain(`  ${summary}\n`);
    }
    const { faults } = (await run('faults', '--json')).json<{ faults: { name: string }[] }>();
    expect(faults.map(({ name }) => name)).toEqual(FAULTS.map(({ name }) => name));
    expect(faults[0]).toEqual({
      group: 'On the way',
      name: 'latency',
      summary: 'The response comes late.',
      detail: null,
      answers: null,
      source: 'Everyday networks',
      times: 1,
      parameters: [
        { name: 'ms', kind: 'number', summary: 'milliseconds to wait, 0 to 2,147,483,647 (1000)' },
      ],
    });
  });

  it.each([80, 50])('fits a terminal of %i columns', async (columns) => {
    const narrow = { tty: true, columns, env: { NO_COLOR: '1' } };
    const { stdout } = await desk.run(['emulator', 'faults'], narrow);
    const lines = stdout.split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    const titles = new Set(lines.filter((line) => /^\S/.test(line)));
    if (columns === 80) expect(lines).toHaveLength(FAULTS.length + 2 * titles.size);
    const { stdout: one } = await desk.run(['emulator', 'faults', 'clock'], narrow);
    expect(Math.max(...one.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  it('shows one with its parameters and its source', async () => {
    const stdout = await inPipe('status');
    expect(stdout).toMatch(/^On the way\n {2}status\n {4}The request gets/);
    expect(stdout).toContain('retry_after  Retry-After header');
    expect(stdout).toContain('source: https://');
    // As an order that was copied.
    expect(await inPipe('status:status=500')).toBe(stdout);
    expect(await inPipe('malformed-code')).toContain(
      'answers: invalid_grant: Malformed auth code.',
    );
    expect(await inPipe('clock')).toContain('invalid_grant');
  });

  it('searches names, texts, errors and sources', async () => {
    expect(await inPipe('expired')).toMatch(/expired-id-token .*\n(.*\n)*.*expired-code /);
    expect(await inPipe('Invalid_Audience')).toMatch(/ invalid-audience .*\n.* bad-audience-id /);
    expect(await inPipe('9110')).toContain('  reset-before ');
    const both = await inPipe('drive', 'quota');
    expect(both).toContain('storage-full');
    expect(both).not.toContain('daily-limit');
  });

  it.each([
    ['latncy', 'There is no fault "latncy"; did you mean latency?'],
    ['status=500', '"status=500" is not a fault; write status:status=500.'],
    ['retry_after=5', '"retry_after=5" is not a fault; write status:retry_after=5.'],
    ['xyzzy=5', 'write name or name:parameter=value,parameter=value.'],
  ])('%s finds none, and is told what was meant', async (word, words) => {
    const listed = expectFailure(await run('faults', word, '--json'), 'usage');
    expect(listed.message).toContain(words);
    expect(expectFailure(await run('fault', word, '--json'), 'usage').message).toContain(words);
  });
});

describe('gsac emulator fault', () => {
  it('makes things go wrong, says what is to come, and takes it back', async () => {
    const first = await run(
      'fault',
      'status:status=500,retry_after=7',
      'wrong-issuer:times=always',
    );
    expect(first.stdout).toBe(
      'status:status=500,retry_after=7,times=1\nwrong-issuer:times=always\n',
    );
    expect((await desk.exchange()).exitCode).toBe(3);
    expect((await run('fault')).stdout).toBe('wrong-issuer:times=always\n');
    expect((await run('fault', '--clear', 'wrong-issuer')).stdout).toBe('No fault is active.\n');
    await run('fault', 'latency:ms=1', 'reset');
    expect((await run('fault', '--clear', '--json')).json()).toEqual({ active: [] });
  });

  it('prints what it was given in words that it takes', async () => {
    const order = 'odd-id-token:drop=iat,drop=hd,set.email_verified=false,set.name="A B",times=3';
    expect((await run('fault', order)).stdout).toBe(`${order}\n`);
  });

  it('hits one user, by email or account id', async () => {
    await desk.exchange();
    await desk.exchange({ user: 'qa@example.org' });
    for (const user of ['qa@example.org', '117208453961027584639']) {
      await run('fault', `dead-refresh-token:user=${user}`);
      const { results } = (await desk.run(['refresh', '--all', '--json'])).json<{
        results: { account: { email: string }; error?: unknown }[];
      }>();
      const failed = results.filter(({ error }) => error !== undefined && error !== null);
      expect(failed.map(({ account }) => account.email)).toEqual(['qa@example.org']);
    }
  });

  it.each([
    [['nonsense'], 'There is no fault "nonsense".', 'See `gsac emulator faults`.'],
    [['latency:sec=3'], 'no parameter "sec"; it takes ms, times, user', 'faults latency`'],
    [['status:status=101'], '"status" of status must be a whole number from 200 to 599', ''],
    [['latency:user=nobody@example.com'], 'There is no user "nobody@example.com"', ''],
    [['--clear', 'latency:ms=1'], '--clear takes only names', ''],
    [['--clear', 'latncy'], 'There is no fault "latncy"; did you mean latency?', ''],
  ])('%j is 2, and nothing is ordered', async (argv, words, hint) => {
    const error = expectFailure(await run('fault', ...argv, '--json'), 'usage');
    expect(error.message).toContain(words);
    expect(error.hint).toContain(hint);
    expect(desk.emulator.faults.active).toEqual([]);
  });

  it('orders none of several where one does not exist', async () => {
    expectFailure(await run('fault', 'latency', 'nope', '--json'), 'usage');
    expect(desk.emulator.faults.active).toEqual([]);
  });
});

describe('gsac emulator requests', () => {
  it('prints a log of megabytes', async () => {
    const body = new URLSearchParams({ grant_type: 'refresh_token', padding: 'x'.repeat(3_000) });
    for (let sent = 0; sent < 1_000; sent += 1) {
      await desk.emulator.fetch(
        new Request('http://127.0.0.1:8085/token', { method: 'POST', body }),
      );
    }
    const { stdout, exitCode } = await run('requests');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toHaveLength(1_001);
  });

  it('prints what was asked, one a line, without secrets, and forgets it when told to', async () => {
    const code = desk.code();
    await desk.run(['exchange', code]);
    const { stdout } = await run('requests');
    expect(stdout).toMatch(
      /^2026-01-15T12:00:00\.000Z POST \/token 200 authorization_code tester@example\.com \d+ ms\n/,
    );
    const { count, requests } = (
      await run('requests', '--path', '/token', '--clear', '--json')
    ).json<{
      count: number;
      requests: Record<string, unknown>[];
    }>();
    expect(count).toBe(1);
    expect(requests).toMatchObject([
      {
        at: '2026-01-15T12:00:00.000Z',
        method: 'POST',
        path: '/token',
        status: 200,
        grant_type: 'authorization_code',
        user: 'tester@example.com',
        form: { code: `…(${code.length})`, redirect_uri: '', grant_type: 'authorization_code' },
      },
    ]);
    expect(JSON.stringify(requests)).not.toMatch(/4\/0A|ya29|1\/\/0|GOCSPX/);
    expect((await run('requests', '--json')).json()).toEqual({ count: 0, requests: [] });
  });

  it('prints a time that is no date, and forgets it', async () => {
    desk.now = Number.MAX_VALUE;
    await desk.emulator.fetch(new Request('http://127.0.0.1:8085/oauth2/v3/certs')).catch(() => {});
    desk.now = Date.UTC(2026, 0, 15);
    expect((await run('requests')).stdout).toMatch(/^GET \/oauth2\/v3\/certs 200 \d+ ms\n$/);
    const { requests } = (await run('requests', '--clear', '--json')).json<{
      requests: unknown[];
    }>();
    expect(requests).toMatchObject([{ at: null, path: '/oauth2/v3/certs' }]);
    expect(desk.emulator.requests.count()).toBe(0);
  });

  it('prints the newest, and goes on with each new one until Ctrl-C', async () => {
    const ask = (path: string) => desk.emulator.fetch(new Request(`http://127.0.0.1:8085${path}`));
    for (const path of ['/a', '/b', '/c']) await ask(path);
    expect((await run('requests', '--limit', '2')).stdout).toMatch(/ \/b .*\n.* \/c .*\n$/);
    const controller = new AbortController();
    let seen = '';
    const following = desk.run(['emulator', 'requests', '--follow', '--limit', '1', '--json'], {
      signal: controller.signal,
      onStdout(text) {
        seen += text;
        if (seen.includes('"/d"')) controller.abort();
        else void ask('/d');
      },
    });
    const { exitCode, stdout } = await following;
    expect(exitCode).toBe(0);
    const paths = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).path);
    expect(paths).toEqual(['/c', '/d']);
    expectFailure(await run('requests', '--follow', '--clear', '--json'), 'usage');
    expectFailure(await run('requests', '--limit', '0', '--json'), 'usage');
  });

  it('follows until the emulator has ended', async () => {
    let asked = 0;
    const ran = await desk.run(['emulator', 'requests', '--follow'], {
      fetch: async (url, init) => {
        asked += 1;
        if (asked === 1) return emulatorFetch(desk.emulator)(url, init);
        throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
      },
    });
    expect([ran.exitCode, ran.stdout]).toEqual([0, '']);
    expect(ran.stderr).toContain('The emulator at http://127.0.0.1:8085 has ended.');
  });

  it('does not call an emulator ended whose connection broke', async () => {
    const broken = Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } });
    const controller = new AbortController();
    let asked = 0;
    const once: Fetch = async (url, init) => {
      asked += 1;
      if (asked === 2) throw broken;
      if (asked === 4) controller.abort();
      return emulatorFetch(desk.emulator)(url, init);
    };
    const follow = ['emulator', 'requests', '--follow'];
    const ran = await desk.run(follow, { fetch: once, signal: controller.signal });
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    asked = 0;
    const lasting: Fetch = async (url, init) => {
      asked += 1;
      if (asked > 1) throw broken;
      return emulatorFetch(desk.emulator)(url, init);
    };
    expect((await desk.run(follow, { fetch: lasting })).exitCode).toBe(3);
  });

  it('needs an emulator: a client file of Google’s is 2', async () => {
    const { web } = desk.emulator.clientFile();
    const google = { web: { ...web, token_uri: 'https://oauth2.googleapis.com/token' } };
    const client = desk.file('google.json', JSON.stringify(google));
    for (const command of ['requests', 'fault', 'env', 'user', 'clock', 'revoke']) {
      const ran = await run(command, '--client', client, '--json');
      const { message, hint } = expectFailure(ran, 'usage');
      expect(message).toBe(`--client (${client}) points at Google, not at an emulator.`);
      expect(hint).toContain('gsac emulator start');
    }
  });
});

describe('a running emulator', () => {
  const users = async (...argv: string[]) =>
    (await run('user', ...argv, '--json')).json<{ users: { email: string }[] }>();

  it('is found by --client, else GSAC_EMULATOR, else GSAC_CLIENT', async () => {
    const other = desk.file('other.json', JSON.stringify(desk.emulator.clientFile()));
    writeFileSync(other, readFileSync(other, 'utf8').replaceAll(':8085', ':9999'));
    const asked: string[] = [];
    const fetch: Fetch = (url, init) => {
      asked.push(new URL(url).port);
      return emulatorFetch(desk.emulator)(url, init);
    };
    const list = (argv: string[], env: Record<string, string | undefined>) =>
      desk.run(['emulator', 'user', ...argv], { env, fetch });
    const GSAC_EMULATOR = 'http://127.0.0.1:7777/';
    await list(['--client', other], { GSAC_EMULATOR });
    await list(['--client', other], { GSAC_EMULATOR, GSAC_CLIENT: other });
    await list([], { GSAC_EMULATOR, GSAC_CLIENT: other });
    await list([], { GSAC_CLIENT: other });
    await list([], { GSAC_EMULATOR: '' });
    expect(asked).toEqual(['9999', '9999', '7777', '9999', '8085']);
  });

  it('signs in for the client of GSAC_CLIENT where GSAC_EMULATOR names the address', async () => {
    const desktop = desk.file('d.json', JSON.stringify(desk.emulator.desktopClientFile()));
    const env = { GSAC_EMULATOR: 'http://127.0.0.1:8085', GSAC_CLIENT: desktop };
    const signedIn = async (more: Record<string, string | undefined>) =>
      (await desk.run(['emulator', 'sign-in', '--json'], { env: { ...env, ...more } })).json();
    const { installed } = desk.emulator.desktopClientFile();
    expect(await signedIn({})).toMatchObject({ client_id: installed.client_id });
    const { client_id: web } = desk.emulator.clientFile().web;
    expect(await signedIn({ GSAC_CLIENT: undefined })).toMatchObject({ client_id: web });
    expect(await signedIn({ GSAC_EMULATOR: 'http://127.0.0.1:1' })).toMatchObject({
      client_id: web,
    });
  });

  it.each<[string, Record<string, string | undefined>, ErrorCode, string]>([
    [
      'nothing names it',
      { GSAC_CLIENT: undefined },
      'usage',
      'there is no --client, no GSAC_EMULATOR, no GSAC_CLIENT and no client_secret_emulator.json',
    ],
    ['no such file', { GSAC_CLIENT: '/none.json' }, 'client_file_unreadable', 'GSAC_CLIENT (/none'],
    ['no address', { GSAC_EMULATOR: 'port 8085' }, 'usage', 'GSAC_EMULATOR is not an address'],
  ])('%s: 2, which says how to start one', async (_case, env, code, words) => {
    const ran = await desk.run(['emulator', 'clock', '--json'], { env });
    const { message, hint } = expectFailure(ran, code);
    expect(message).toContain(words);
    expect(`${message} ${hint}`).not.toContain('Cloud console');
    expect(hint).toContain('gsac emulator start');
  });

  it('that does not answer is named with its address', async () => {
    const fetch: Fetch = async () => {
      throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
    };
    const env = { GSAC_EMULATOR: 'http://127.0.0.1:7777' };
    const ran = await desk.run(['emulator', 'user', '--json'], { fetch, env });
    const { message, hint } = expectFailure(ran, 'network_unreachable');
    expect(message).toContain('at http://127.0.0.1:7777, which GSAC_EMULATOR (http');
    expect(hint).toContain('gsac emulator start --port 7777');
    const page: Fetch = async () => new Response('<html>', { status: 200 });
    const odd = await desk.run(['emulator', 'user', '--json'], { fetch: page, env });
    expect(expectFailure(odd, 'answer_unreadable').message).toContain('http://127.0.0.1:7777');
    const closed = { GSAC_EMULATOR: 'http://gsac:hidden@127.0.0.1:7777' };
    for (const other of [fetch, page]) {
      const hidden = await desk.run(['emulator', 'user'], { fetch: other, env: closed });
      expect(hidden.exitCode).toBe(3);
      expect(hidden.stderr).not.toContain('hidden');
    }
    // Another server may well answer with JSON.
    const other: Fetch = async () => new Response('{}');
    const lacking = await desk.run(['emulator', 'user', '--json'], { fetch: other, env });
    expectFailure(lacking, 'answer_unreadable');
  });

  it('is given users, and loses them', async () => {
    const added = await run('user', 'add', 'new@example.org', '--hosted-domain', 'example.org');
    expect(added.stdout).toMatch(/^new@example\.org {2}1\d{20} {2}new {2}example\.org\n$/);
    expect((await run('user')).stdout).toMatch(/^tester@example\.com +1047\d+ +Terry Tester\n/);
    expect((await users('list')).users).toHaveLength(4);
    const again = expectFailure(await run('user', 'add', 'new@example.org', '--json'), 'usage');
    expect(again.message).toContain('There already is a user new@example.org');
    expect((await users('remove', 'NEW@example.org')).users).toHaveLength(3);
    const gone = await run('user', 'remove', 'new@example.org', '--json');
    expect(expectFailure(gone, 'usage').hint).toBe('See `gsac emulator user list`.');
  });

  it('signs somebody in who is added by that', async () => {
    const refused = await run('sign-in', '--user', 'new@example.com', '--json');
    expect(expectFailure(refused, 'usage').hint).toBe(
      'Add the user with `gsac emulator user add new@example.com`, or sign in with `gsac emulator sign-in --create`.',
    );
    const { stdout } = await run('sign-in', '--user', 'new@example.com', '--create');
    const exchanged = await desk.run(['exchange', stdout.trim(), '--json']);
    expect(exchanged.json()).toMatchObject({ account: { email: 'new@example.com' } });
  });

  it('loses a person’s consent', async () => {
    await desk.exchange({ user: 'qa@example.org' });
    expect((await run('revoke')).stdout).toBe('tester@example.com: the app had no access\n');
    expect((await desk.run(['refresh'])).exitCode).toBe(0);
    const ran = await run('revoke', '--user', 'qa@example.org', '--json');
    expect(ran.json()).toEqual({ user: 'qa@example.org', had_access: true });
    expect((await desk.run(['refresh'])).exitCode).toBe(4);
  });

  it('has its clock set forward, back, and as it was', async () => {
    expect((await run('clock')).stdout).toBe('2026-01-15T12:00:00.000Z\n');
    const { stdout: code } = await run('sign-in');
    expect((await run('clock', '+2h')).stdout).toBe(
      '2026-01-15T14:00:00.000Z  set forward by 2 hours\n',
    );
    expect((await desk.run(['exchange', code.trim()])).exitCode).toBe(4);
    expect((await run('clock', '--json', '--', '-90m')).json()).toEqual({
      now: '2026-01-15T12:30:00.000Z',
      ahead_seconds: 1800,
    });
    expect((await run('clock', '30m')).stdout).toContain('13:00');
    expect((await run('clock', 'reset')).stdout).toBe('2026-01-15T12:00:00.000Z\n');
    for (const wrong of ['soon', '2026-01-01', '']) {
      expectFailure(await run('clock', '--json', '--', wrong), 'usage');
    }
  });
});

describe('gsac emulator config-schema', () => {
  it('prints a schema that editors read', async () => {
    const { stdout } = await run('config-schema');
    expect(JSON.parse(stdout)).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      properties: { users: { type: 'array' } },
    });
    expect((await run('config-schema', '--json')).json()).toEqual(JSON.parse(stdout));
  });
});

describe('gsac emulator env', () => {
  const repository = fileURLToPath(new URL('../..', import.meta.url));
  const execute = promisify(execFile);
  const hasPython = spawnSync('python3', ['--version']).status === 0;

  it('prints variables that a shell takes, and no secret', async () => {
    const { stdout } = await run('env');
    const { stdout: told } = await execute('sh', ['-c', `${stdout}printf %s "$GSAC_CLIENT"`]);
    expect(told).toBe(desk.clientFile);
    expect(stdout).not.toContain('GOCSPX');
    expect((await run('env', '--json')).json()).toMatchObject({
      origin: 'http://127.0.0.1:8085',
      client_file: desk.clientFile,
      endpoints: { token: 'http://127.0.0.1:8085/token' },
      environment: { OAUTHLIB_INSECURE_TRANSPORT: '1' },
    });
  });

  it('needs no client file for a shell, and says so for the others', async () => {
    const env = { GSAC_CLIENT: undefined, GSAC_EMULATOR: 'http://127.0.0.1:8085' };
    const { stdout } = await desk.run(['emulator', 'env'], { env });
    expect(stdout).toMatch(/^export GSAC_EMULATOR=http:\/\/127\.0\.0\.1:8085\n/);
    const { hint } = expectFailure(
      await desk.run(['emulator', 'env', 'curl', '--json'], { env }),
      'usage',
    );
    expect(hint).toContain('http://127.0.0.1:8085/_emulator/client-file');
  });

  it('prints lines for Google’s Node libraries that run as they are', async () => {
    const served = await serveEmulator(desk.emulator);
    try {
      const client = desk.file('served.json', JSON.stringify(desk.emulator.clientFile()));
      const { stdout: program } = await run('env', 'node', '--client', client);
      const code = desk.code({ source: 'web-popup' });
      const argv = ['--input-type=module', '-', code];
      const running = execute(process.execPath, argv, { cwd: repository });
      running.child.stdin?.end(program);
      const { stdout } = await running;
      expect(stdout).toContain("name: 'settings.json'");
    } finally {
      await served.close();
    }
  });

  const programs = hasPython ? ['node', 'python'] : ['node'];
  it.each(programs)('prints a program for %s that says how to run it', async (kind) => {
    const { stdout: program } = await run('env', kind);
    const command = kind === 'node' ? process.execPath : 'python3';
    const argv = kind === 'node' ? ['--input-type=module', '-'] : ['-'];
    const running = execute(command, argv, { cwd: repository });
    running.child.stdin?.end(program);
    await expect(running).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^usage: \w+ <this file>\.\w+ <code>, from gsac emulator sign-in.*\n$/,
      ),
    });
  });

  it('names a client that it does not know as a mistake', async () => {
    const error = expectFailure(await run('env', 'bash', '--json'), 'usage');
    expect(error.message).toBe('There are no settings for "bash".');
    expect(error.hint).toContain('shell, node, python or curl');
  });
});
