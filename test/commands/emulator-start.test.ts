import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createEmulator } from '../../src/emulator/library.js';
import { startReceiver } from '../support/risc-receiver.js';
import type { Fetch } from '../support/run.js';
import { createDesk, type Desk, type Ran, type RunOptions } from '../support/run.js';
import { expectFailure } from './support.js';

const fetch = globalThis.fetch as unknown as Fetch;
const CLIENT = '123456789012-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com';
const CONFIG = `users:
  - email: quality@example.org
    hd: example.org
    grants: [drive.appdata]
    files: [{ name: save.json, content: "{}" }]
clients:
  - client_id: ${CLIENT}
    publishing: testing
access_token_lifetime_seconds: 600
faults:
  - short-lived-token:seconds=77
`;

let desk: Desk;
let clientOut: string;
beforeEach(() => {
  desk = createDesk();
  clientOut = join(desk.home, '..', 'out.json');
});
afterEach(() => desk.dispose());

const start = (...flags: string[]) =>
  desk.run(['emulator', 'start', '--client-out', clientOut, ...flags], { fetch });

/** Runs the emulator while `work` is done, and ends it as Ctrl-C does. */
async function running(
  flags: readonly string[],
  work: (gsac: (...argv: string[]) => Promise<Ran>) => Promise<void>,
  options: Pick<RunOptions, 'platform' | 'env'> = {},
): Promise<Ran> {
  const controller = new AbortController();
  let stdout = '';
  const argv = ['emulator', 'start', '--client-out', clientOut, ...flags];
  const ended = desk.run(argv, {
    ...options,
    signal: controller.signal,
    onStdout: (text) => {
      stdout += text;
    },
  });
  try {
    await vi.waitFor(() => expect(stdout).toContain('\n'), { timeout: 10_000 });
    await work((...inner) => desk.run(inner, { env: { GSAC_CLIENT: clientOut }, fetch }));
  } finally {
    controller.abort();
  }
  return ended;
}

describe('gsac emulator start --config', () => {
  it('makes its users, clients, files, lifetimes and faults', async () => {
    const config = desk.file('emulator.yaml', CONFIG);
    const ran = await running(['--config', config], async (gsac) => {
      const { stdout: code } = await gsac('emulator', 'sign-in');
      const exchanged = await gsac('exchange', code.trim(), '--json');
      expect(exchanged.json()).toMatchObject({
        account: { email: 'quality@example.org', client_id: CLIENT },
        refresh_token: { status: 'stored' },
        access_token: { expires_at: '2026-01-15T12:01:17.000Z' },
      });
      expect((await gsac('files', '--json')).stdout).toContain('save.json');
    });
    expect(ran.exitCode).toBe(0);
  });

  it('gives way to flags, which add their faults', async () => {
    const config = desk.file('emulator.json', JSON.stringify({ seed: 'a', faults: ['no-scope'] }));
    const flags = ['--config', config, '--seed', 'b', '--clock', '2026-01-15T12:00:00Z'];
    const codes: string[] = [];
    for (const extra of [[], ['--fault', 'latency:ms=1', '--fault', 'quota']]) {
      await running([...flags, ...extra], async (gsac) => {
        codes.push((await gsac('emulator', 'sign-in')).stdout);
        const names = (await gsac('emulator', 'fault', '--json')).json<{
          active: { name: string }[];
        }>();
        expect(names.active.map(({ name }) => name)).toEqual(
          extra.length === 0 ? ['no-scope'] : ['no-scope', 'latency', 'quota'],
        );
        const { requests } = (await gsac('emulator', 'requests', '--json')).json<{
          requests: [];
        }>();
        expect(requests).toEqual([]);
      });
    }
    expect(codes[0]).toMatch(/^4\/0A/);
    expect(codes[1]).toBe(codes[0]);
  });

  it.each([
    ['users:\n  - emial: a@b.c\n', ':2:5: users[0].emial is not known; did you mean email?'],
    [
      'faults:\n  - latency\n  - latncy:ms=1\n',
      ':3:5: faults[1] cannot be had: There is no fault "latncy"; did you mean latency?',
    ],
    [
      'faults: [{name: latency, user: x@y.z}]\n',
      ':1:10: faults[0] cannot be had: There is no user "x@y.z"',
    ],
    ['users: [}\n', 'emulator.yaml:1:9: '],
    [`clients: [{client_id: ${CLIENT}, kind: ios}]\n`, 'The config has no web client'],
  ])('%j is 2, with its line', async (text, words) => {
    const config = desk.file('emulator.yaml', text);
    const error = expectFailure(await start('--config', config, '--json'), 'usage');
    expect(error.message).toContain(words);
    expect(existsSync(clientOut)).toBe(false);
  });

  it.each(['web', 'desktop', 'device'])(
    'gives the file of a %s client, or says that there is none',
    async (type) => {
      const kind = type === 'desktop' ? 'installed' : type;
      const flags = ['--client-type', type, '--config'];
      const only = (one: string) =>
        desk.file(`${one}.yaml`, `clients: [{client_id: ${CLIENT}, kind: ${one}}]\n`);
      await running([...flags, only(kind)], async () => {
        expect(readFileSync(clientOut, 'utf8')).toContain(CLIENT);
      });
      const other = kind === 'web' ? 'device' : 'web';
      const error = expectFailure(await start(...flags, only(other), '--json'), 'usage');
      expect(error.message).toContain(`no ${type} client`);
    },
  );

  it.each([
    [['--config', '/no/such/emulator.yaml'], 'does not exist'],
    [['--fault', 'latency:sec=1'], '--fault latency:sec=1: latency has no parameter "sec"'],
    [['--clock', 'tomorrow'], '--clock "tomorrow" is not a time'],
    [['--clock', '+2y'], 'is not a length of time'],
    [['--seed', ''], '--seed is empty'],
    [['--state', '/no/such/state.json'], '/no/such/state.json cannot be written: its folder'],
  ])('%j is 2', async (flags, words) => {
    expect(expectFailure(await start(...flags, '--json'), 'usage').message).toContain(words);
    expect(existsSync(clientOut)).toBe(false);
  });
});

describe('the line to copy of gsac emulator start', () => {
  it.each([
    [{}, 'set "GSAC_CLIENT='],
    [{ PSModulePath: 'c:\\program files\\powershell\\7\\Modules' }, "$env:GSAC_CLIENT = '"],
  ])('is for the shell at hand on Windows (%j)', async (env, begins) => {
    const { stderr } = await running([], async () => {}, { platform: 'win32', env });
    expect(stderr).toContain(`gsac:   ${begins}${clientOut}`);
  });

  it('prints a line that a shell takes, whatever the path', async () => {
    clientOut = join(desk.home, '..', "sp ace'q", 'd.json');
    mkdirSync(dirname(clientOut));
    const { stderr } = await running([], async () => {});
    const line = /^gsac: {3}(export GSAC_CLIENT=.*)$/m.exec(stderr)?.[1];
    expect(execFileSync('sh', ['-c', `${line}; printf %s "$GSAC_CLIENT"`]).toString()).toBe(
      clientOut,
    );
  });
});

describe('gsac emulator start --host', () => {
  // Not every machine has IPv6.
  const all = Object.values(networkInterfaces()).flat();
  const hasIpv6 = all.some((one) => one?.address === '::1');
  it.each<readonly [string, RegExp]>([
    ['0.0.0.0', /^http:\/\/127\.0\.0\.1:\d+$/],
    ...(hasIpv6 ? [['::', /^http:\/\/\[::1\]:\d+$/] as const] : []),
  ])('%s writes a client file that gsac takes, and warns', async (host, origin) => {
    const { stdout, stderr } = await running(['--host', host], async (gsac) => {
      const { stdout: code } = await gsac('emulator', 'sign-in');
      expect((await gsac('exchange', code.trim())).exitCode).toBe(0);
    });
    expect(stdout.trim()).toMatch(origin);
    expect(stderr).toContain('gsac: warning: Everyone on the network can use this emulator');
  });

  it.each(['127.0.0.1', 'localhost', ...(hasIpv6 ? ['::1'] : [])])(
    '%s is nobody else’s to use',
    async (host) => {
      const { stderr } = await running(['--host', host], async () => {});
      expect(stderr).not.toContain('warning');
    },
  );

  it('warns although it is told to be quiet', async () => {
    const { stderr } = await running(['--host', '0.0.0.0', '--quiet'], async () => {});
    expect(stderr).toContain('Everyone on the network');
  });
});

describe('the page of gsac emulator start', () => {
  const told = /^gsac: To look at it in a browser: (\S+)$/m;

  it('is at the origin itself on this machine', async () => {
    const { stdout, stderr } = await running([], async () => {});
    expect(told.exec(stderr)?.[1]).toBe(`${stdout.trim()}/`);
    const json = await running(['--json'], async () => {});
    expect(json.json()).not.toHaveProperty('page');
  });

  it('has an address that nobody guesses for other machines', async () => {
    const first = await running(['--host', '0.0.0.0'], async () => {});
    const [, page = ''] = told.exec(first.stderr) ?? [];
    expect(page).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}\/$/);
    const json = await running(['--host', '0.0.0.0', '--json'], async () => {});
    const second = json.json<{ page: string }>().page;
    expect(second.slice(-24)).not.toBe(page.slice(-24));
  });
});

describe('gsac emulator start --clock', () => {
  it('runs ahead by an offset', async () => {
    await running(['--clock', '+2h'], async (gsac) => {
      const { stdout: code } = await gsac('emulator', 'sign-in');
      await gsac('exchange', code.trim());
      const { requests } = (await gsac('emulator', 'requests', '--json')).json<{
        requests: { at: string }[];
      }>();
      const ahead = (Date.parse(requests[0]?.at ?? '') - Date.now()) / 1000;
      expect(Math.round(ahead / 60)).toBe(120);
    });
  });
});

describe('gsac emulator start --state', () => {
  it('remembers from run to run', async () => {
    const state = join(desk.home, '..', 'state.json');
    let code = '';
    const first = await running(['--state', state], async (gsac) => {
      code = (await gsac('emulator', 'sign-in')).stdout.trim();
    });
    expect(first.stderr).toContain(`Ctrl-C ends it; ${state} keeps its state.`);
    await running(['--state', state], async (gsac) => {
      expect((await gsac('exchange', code)).exitCode).toBe(0);
    });
    expect(JSON.parse(readFileSync(state, 'utf8'))).toMatchObject({
      codes: [],
      redeemed: [{ code }],
    });
  });

  it.each([
    ['', 'It is not JSON'],
    ['{"format":', 'It is not JSON'],
    ['{"installed":{}}', 'It is not the state of an emulator'],
    ['{"format":"gsac emulator state","version":99}', 'Its version is 99; this gsac reads 2'],
  ])('%j is 1, and stays as it is', async (text, words) => {
    const state = desk.file('state.json', text);
    const error = expectFailure(await start('--state', state, '--json'), 'local_file_broken');
    expect(error.message).toBe(`${state} cannot be used as the state of an emulator: ${words}.`);
    expect(readFileSync(state, 'utf8')).toBe(text);
    expect(existsSync(clientOut)).toBe(false);
  });

  it.each<[string, (state: string) => void, string]>([
    ['a folder', (state) => mkdirSync(state), 'Name a file with --state.'],
    ['a link to itself', (state) => symlinkSync(state, state), 'Name another file with --state.'],
    ['a device', (state) => symlinkSync('/dev/null', state), 'Name a file with --state.'],
  ])('%s in its place is answered with what to do', async (_what, make, hint) => {
    const state = join(desk.home, '..', 'state');
    make(state);
    const error = expectFailure(await start('--state', state, '--json'), 'local_file_broken');
    expect(error.hint).toBe(hint);
  });

  it('a folder in its place is 1, and one that appears there later is said in the end', async () => {
    const folder = join(desk.home, '..', 'folder');
    mkdirSync(folder);
    expectFailure(await start('--state', folder, '--json'), 'local_file_broken');

    const state = join(folder, 'state.json');
    const ran = await running(['--state', state], async (gsac) => {
      // In the file's place, what no rename can replace.
      rmSync(state);
      mkdirSync(state);
      writeFileSync(join(state, 'in-the-way'), '');
      for (let count = 0; count < 2; count += 1) await gsac('emulator', 'sign-in');
    });
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain(`The state was not saved to ${state}`);
  });
});

describe('gsac emulator start --client-out', () => {
  const google = (changes: object = {}) =>
    JSON.stringify({
      web: {
        client_id: CLIENT,
        client_secret: 'GOCSPX-abcdefghijklmnopqrstuvwxyz01',
        token_uri: 'https://oauth2.googleapis.com/token',
        ...changes,
      },
    });

  it.each([
    ['a client of Google', google()],
    ['a client without token_uri', google({ token_uri: undefined })],
    ['a client of another host', google({ token_uri: 'https://tokens.example.com/token' })],
    ['notes', 'do not lose me'],
    ['JSON of something else', '{"a":1}'],
    ['what is too large', ' '.repeat(70_000)],
  ])('leaves %s as it is: 2', async (_what, text) => {
    writeFileSync(clientOut, text);
    const error = expectFailure(await start('--json'), 'file_exists');
    expect(error.message).toContain(clientOut);
    expect(error.hint).toContain('--client-out');
    expect(readFileSync(clientOut, 'utf8')).toBe(text);
  });

  it.each([
    ['an emulator’s', google({ token_uri: 'http://127.0.0.1:9/token' })],
    ['an empty file', ''],
  ])('writes over %s', async (_what, text) => {
    writeFileSync(clientOut, text);
    let origin = '';
    const ran = await running(['--json'], async () => {
      origin = JSON.parse(readFileSync(clientOut, 'utf8')).web.token_uri;
    });
    expect(ran.exitCode).toBe(0);
    expect(origin).toBe(`${ran.json<{ origin: string }>().origin}/token`);
  });
});

describe('gsac emulator start --service-account-out', () => {
  it('writes the key of a service account, which leads to this emulator', async () => {
    const key = join(dirname(clientOut), 'key.json');
    const flags = ['--service-account-out', key];
    for (const more of [[], ['--json']]) {
      const ran = await running([...flags, ...more], async () => {
        const { client_email: email, token_uri: address } = JSON.parse(readFileSync(key, 'utf8'));
        const { token_uri: expected } = JSON.parse(readFileSync(clientOut, 'utf8')).web;
        expect({ email, address }).toEqual({
          email: 'backend@emulator-demo-407408.iam.gserviceaccount.com',
          address: expected,
        });
      });
      if (more.length > 0) expect(ran.json()).toMatchObject({ service_account_file: key });
      else expect(ran.stderr).toContain(`export GOOGLE_APPLICATION_CREDENTIALS=${key}\n`);
    }
  });

  it('writes the first account of the config', async () => {
    const key = join(dirname(clientOut), 'key.json');
    const config = desk.file(
      'accounts.yaml',
      'service_accounts:\n  - { email: a@p.iam.gserviceaccount.com, delegated_scopes: [drive] }\n',
    );
    await running(['--service-account-out', key, '--config', config], async () => {
      const file = JSON.parse(readFileSync(key, 'utf8'));
      expect(file).toMatchObject({ client_email: 'a@p.iam.gserviceaccount.com', project_id: 'p' });
      expect(file.client_id).toMatch(/^1\d{20}$/);
    });
  });

  it('leaves a key alone that may be Google’s', async () => {
    const key = desk.file('own.json', '{"type":"service_account","private_key_id":"1"}');
    const ran = await start('--service-account-out', key, '--json');
    expect(expectFailure(ran, 'file_exists').hint).toContain('--service-account-out');
    expect(readFileSync(key, 'utf8')).toContain('"private_key_id":"1"');
  });

  it('names the flag that is empty', async () => {
    const ran = await start('--service-account-out', '', '--json');
    expect(expectFailure(ran, 'usage').message).toBe('--service-account-out is empty.');
  });
});

describe('gsac emulator start --risc-receiver', () => {
  it('posts there what happens to a user, and says so', async () => {
    const keys = await createEmulator().listen();
    onTestFinished(() => keys.close());
    const audience = keys.clientFile().web.client_id;
    const jwks = `${keys.origin}/oauth2/v3/certs`;
    const receiver = await startReceiver({ jwks, audience });
    const ran = await running(['--risc-receiver', receiver.url], async (gsac) => {
      await gsac('emulator', 'sign-in');
      const told = receiver.next();
      expect((await gsac('emulator', 'revoke')).exitCode).toBe(0);
      await told;
      expect(JSON.stringify(receiver.accepted)).toContain('tokens-revoked');
      const sent = await gsac('emulator', 'risc', 'send', 'account-enabled', '--json');
      expect(sent.json()).toMatchObject({ deliveries: [{ status: 202 }] });
    });
    expect(ran.stderr).toContain(`gsac: event tokens-revoked 202 ${receiver.url}\n`);
  });

  it('refuses what is no address', async () => {
    const ran = await start('--risc-receiver', 'localhost:3000', '--json');
    expect(expectFailure(ran, 'usage').message).toContain('--risc-receiver "localhost:3000"');
  });
});
