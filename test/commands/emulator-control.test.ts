import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FAULTS } from '../../src/emulator/faults/faults.js';
import { serveEmulator } from '../../src/emulator/serve.js';
import { createDesk, type Desk } from '../support/run.js';
import { expectFailure } from './support.js';

let desk: Desk;
beforeEach(() => {
  desk = createDesk();
});
afterEach(() => desk.dispose());

const run = (...argv: string[]) => desk.run(['emulator', ...argv]);

describe('gsac emulator faults', () => {
  it('lists every fault with what it does, its parameters and its source, with nothing running', async () => {
    const fetch = () => Promise.reject(new Error('nothing may be asked'));
    const env = { GSAC_CLIENT: undefined };
    const { stdout, exitCode } = await desk.run(['emulator', 'faults'], { fetch, env });
    expect(exitCode).toBe(0);
    for (const { name, source } of FAULTS) {
      expect(stdout).toContain(`\n  ${name}\n`);
      expect(stdout).toContain(`source: ${source}\n`);
    }
    expect(stdout).toContain('retry_after  Retry-After header');
    const { faults } = (await run('faults', '--json')).json<{ faults: { name: string }[] }>();
    expect(faults.map(({ name }) => name)).toEqual(FAULTS.map(({ name }) => name));
    expect(faults[0]).toEqual({
      group: 'On the way',
      name: 'latency',
      summary: 'The answer comes late.',
      source: 'Everyday networks',
      times: 1,
      parameters: [
        { name: 'ms', kind: 'number', summary: 'milliseconds to wait, 0 to 2,147,483,647 (1000)' },
      ],
    });
  });

  it('shows one, and knows what was meant', async () => {
    const { stdout } = await run('faults', 'quota');
    expect(stdout).toMatch(/^On the way\n {2}quota\n {4}More requests/);
    const error = expectFailure(await run('faults', 'latncy', '--json'), 'usage');
    expect(error.hint).toBe('Did you mean latency?');
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
    [['latncy'], 'There is no fault "latncy".', 'Did you mean latency?'],
    [['latency:sec=3'], 'no parameter "sec"; it takes times, user', ''],
    [['status:status=101'], '"status" of status must be a whole number from 200 to 599', ''],
    [['latency:user=nobody@example.com'], 'There is no user "nobody@example.com"', ''],
    [['--clear', 'latency:ms=1'], '--clear takes names alone', ''],
    [['--clear', 'latncy'], 'There is no fault "latncy"', 'Did you mean latency?'],
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

  it('needs an emulator: a client file of Google’s is 2', async () => {
    const { web } = desk.emulator.clientFile();
    const google = { web: { ...web, token_uri: 'https://oauth2.googleapis.com/token' } };
    const client = desk.file('google.json', JSON.stringify(google));
    for (const command of ['requests', 'fault', 'env']) {
      const ran = await run(command, '--client', client, '--json');
      expect(expectFailure(ran, 'usage').message).toContain('points at Google');
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
    expect(error.hint).toContain('shell, node, python and curl');
  });
});
