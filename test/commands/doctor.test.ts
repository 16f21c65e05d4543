import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Keytar } from '../../src/accounts/stores/keychain.js';

import type { CheckInput } from '../../src/tools/doctor/check.js';
import type { CheckDocument, DoctorResult } from '../../src/tools/doctor/command.js';
import type { Machine } from '../../src/tools/doctor/machine.js';
import { doctorChecks } from '../../src/tools/doctor/run-checks.js';
import { emulatorFetch, type Fetch, type Ran, type RunOptions, useDesk } from '../support/run.js';

const desk = useDesk();

async function doctor(options: RunOptions = {}, ...flags: string[]) {
  const ran = await desk.run(['doctor', '--json', ...flags], options);
  const result = ran.json<DoctorResult>();
  const check = (id: string): CheckDocument => {
    const found = result.checks.find((one) => one.id === id);
    if (found === undefined) throw new Error(`There is no check ${id}.`);
    return found;
  };
  return { ran, result, check };
}

/** What a network does that fails so. */
function failing(code: string): Fetch {
  return async () => {
    throw Object.assign(new TypeError('fetch failed'), { cause: { code } });
  };
}

function answering(status: number, body: string, headers: Record<string, string> = {}): Fetch {
  return async () => new Response(body, { status, headers });
}

/** A keychain in memory, or one whose writes fail with these words. */
function keychain(words?: string): () => Promise<Keytar> {
  const entries = new Map<string, string>();
  return async () => ({
    async setPassword(service, account, password) {
      if (words !== undefined) throw new Error(words);
      entries.set(`${service} ${account}`, password);
    },
    getPassword: async (service, account) => entries.get(`${service} ${account}`) ?? null,
    deletePassword: async (service, account) => entries.delete(`${service} ${account}`),
  });
}

const google = { GSAC_CLIENT: undefined };
const environmentCredentials = JSON.stringify({
  type: 'authorized_user',
  client_id: '1-a.apps.googleusercontent.com',
  client_secret: 'GOCSPX-never-to-be-shown-0000000000',
  refresh_token: '1//0never-to-be-shown',
});

/** A folder of the lock, as a process that took it leaves it. */
function leaveLock(touchedAt: number): void {
  const path = join(desk.home, 'locks', '0123456789abcdef0123456789abcdef.lock');
  mkdirSync(path, { recursive: true, mode: 0o700 });
  utimesSync(path, touchedAt / 1000, touchedAt / 1000);
}

interface Scenario {
  /** Breaks something and says how to run. */
  break?: () => void | Promise<void>;
  env?: () => RunOptions['env'];
  options?: () => RunOptions;
  flags?: string[];
  /** The state, the detail and the fix of the check. */
  finds: ['error' | 'warning', RegExp, RegExp];
}

/** What makes each check fail, by its id. */
const scenarios: Readonly<Record<string, Readonly<Record<string, Scenario>>>> = {
  node: {
    'an old Node': {
      options: () => ({ nodeVersion: '20.18.3' }),
      finds: ['error', /20\.18\.3 is too old/, /20\.19/],
    },
  },
  'client-file': {
    'a file that does not exist': {
      env: () => ({ GSAC_CLIENT: '/nowhere/client.json' }),
      finds: ['error', /\/nowhere\/client\.json does not exist/, /path/],
    },
    'a service account': {
      env: () => ({ GSAC_CLIENT: desk.file('key.json', '{"type":"service_account"}') }),
      finds: ['error', /service account key/, /Web application/],
    },
    'a token_uri of somebody else': {
      env: () => ({ GSAC_CLIENT: clientFile({ token_uri: 'https://evil.example/token' }) }),
      finds: ['error', /evil\.example/, /Download/],
    },
    'a desktop client': {
      env: () => ({ GSAC_CLIENT: clientFile({}, 'installed') }),
      finds: ['warning', /desktop/, /Web application/],
    },
    'a file without a secret': {
      env: () => ({ GSAC_CLIENT: clientFile({ client_secret: undefined }) }),
      finds: ['error', /no client_secret/, /download the file/],
    },
    'a client ID that is a secret': {
      env: () => ({ ...google, GSAC_CLIENT_ID: 'GOCSPX-never-to-be-shown-0000000000' }),
      finds: ['error', /is a client secret/, /Cloud console/],
    },
  },
  account: {
    'an account that nobody knows': {
      env: () => ({ GSAC_ACCOUNT: 'nobody@example.com' }),
      finds: ['error', /nobody@example\.com/, /unset GSAC_ACCOUNT/],
    },
    'an account of another client than the one that is named': {
      break: async () => void (await desk.exchange()),
      env: () => ({ GSAC_ACCOUNT: 'tester@example.com' }),
      flags: ['--client-id', '1-a.apps.googleusercontent.com'],
      finds: ['error', /not for the client that --client-id names/, /gsac accounts/],
    },
  },
  'env-credentials': {
    'GSAC_CREDENTIALS that is no JSON': {
      env: () => ({ GSAC_CREDENTIALS: '{"type":' }),
      finds: ['error', /not JSON/, /authorized_user/],
    },
    'a refresh token without its client': {
      env: () => ({ GSAC_REFRESH_TOKEN: '1//0never-to-be-shown', GSAC_CLIENT: undefined }),
      finds: ['error', /no client is named/, /GSAC_CLIENT_ID/],
    },
    'the environment as store, and nothing in it': {
      env: () => ({ GSAC_STORE: 'env' }),
      finds: ['error', /no credentials/, /Set GSAC_CREDENTIALS/],
    },
  },
  'env-override': {
    'credentials that go before stored accounts': {
      break: async () => void (await desk.exchange()),
      env: () => ({ GSAC_CREDENTIALS: environmentCredentials, GSAC_STORE: undefined }),
      finds: ['warning', /overrides the stored account/, /Unset GSAC_CREDENTIALS/],
    },
    'credentials that are not used': {
      env: () => ({ GSAC_CREDENTIALS: environmentCredentials }),
      finds: ['warning', /does not use it/, /GSAC_STORE/],
    },
    'credentials twice': {
      env: () => ({ GSAC_CREDENTIALS: environmentCredentials, GSAC_REFRESH_TOKEN: '1//0other' }),
      finds: ['warning', /uses GSAC_CREDENTIALS/, /Unset GSAC_REFRESH_TOKEN/],
    },
  },
  'env-client': {
    'two clients': {
      env: () => ({ GSAC_CLIENT_ID: '1-a.apps.googleusercontent.com' }),
      finds: ['warning', /uses the file/, /Unset/],
    },
    'a secret without a client ID': {
      env: () => ({ GSAC_CLIENT_SECRET: 'GOCSPX-never-to-be-shown-0000000000' }),
      finds: ['warning', /does not use it/, /Unset/],
    },
  },
  'env-key': {
    'two keys': {
      env: () => ({ GSAC_PASSPHRASE: 'never to be shown' }),
      finds: ['warning', /both set/, /Unset/],
    },
  },
  'env-unknown': {
    'a mistyped variable': {
      env: () => ({ GSAC_CLIENT_FILE: 'x.json' }),
      finds: ['warning', /GSAC_CLIENT_FILE/, /GSAC_CLIENT,/],
    },
  },
  'tls-verification': {
    'no verification': {
      env: () => ({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }),
      finds: ['error', /turns certificate checks off/, /NODE_EXTRA_CA_CERTS/],
    },
  },
  'ca-certificates': {
    'a file that does not exist': {
      env: () => ({ NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem' }),
      finds: ['error', /\/nowhere\/ca\.pem, which does not exist/, /PEM/],
    },
    'a file without an end': {
      env: () => ({ NODE_EXTRA_CA_CERTS: '/dev/zero' }),
      finds: ['error', /EFBIG/, /PEM/],
    },
    'a file without a certificate': {
      env: () => ({ NODE_EXTRA_CA_CERTS: desk.file('ca.der', '0\u0082') }),
      finds: ['error', /holds no PEM certificate/, /PEM/],
    },
    'a variable that Node does not read': {
      env: () => ({ SSL_CERT_FILE: '/etc/ssl/cert.pem' }),
      finds: ['warning', /does not read SSL_CERT_FILE/, /NODE_EXTRA_CA_CERTS/],
    },
  },
  logging: {
    'Node that prints requests': {
      env: () => ({ NODE_DEBUG: 'fs,https' }),
      finds: ['error', /NODE_DEBUG=https/, /--trace/],
    },
    'Google’s library that prints tokens': {
      env: () => ({ GOOGLE_SDK_NODE_LOGGING: '*' }),
      finds: ['warning', /GOOGLE_SDK_NODE_LOGGING/, /Unset/],
    },
  },
  disk: {
    'a file where the folder should be': {
      break: () => writeFileSync(desk.home, ''),
      finds: ['error', /cannot write/i, /Move the file/],
    },
    'a folder that cannot be made': {
      break: () => writeFileSync(join(dirname(desk.home), 'file'), ''),
      env: () => ({ GSAC_HOME: join(dirname(desk.home), 'file', 'home') }),
      finds: ['error', /cannot write/i, /Move the file/],
    },
    'a relative GSAC_HOME': {
      env: () => ({ GSAC_HOME: 'never-made-by-gsac' }),
      finds: ['warning', /relative/, /absolute/],
    },
  },
  'file-modes': {
    'a file that others may read': {
      break: async () => {
        await desk.exchange();
        const accounts = join(desk.home, 'accounts');
        chmodSync(join(accounts, readdirSync(accounts)[0] ?? ''), 0o644);
      },
      finds: ['error', /\(0644\)/, /^chmod -R go-rwx \//],
    },
    'a folder that others may write': {
      break: () => {
        mkdirSync(join(desk.home, 'vault'), { recursive: true, mode: 0o700 });
        chmodSync(join(desk.home, 'vault'), 0o770);
      },
      finds: ['error', /vault \(0770\)/, /chmod/],
    },
    'a folder that others may look into': {
      break: () => {
        mkdirSync(desk.home);
        chmodSync(desk.home, 0o755);
      },
      finds: ['warning', /\(0755\)/, /chmod/],
    },
  },
  'account-files': {
    'a broken file': {
      break: async () => {
        await desk.exchange();
        writeFileSync(join(desk.home, 'accounts', `${'0'.repeat(32)}.json`), '{', { mode: 0o600 });
      },
      finds: ['error', /0{32}\.json \(it is not JSON\)/, /Move the file away/],
    },
    'a token that no line of the list names': {
      break: async () => {
        await desk.exchange();
        rmSync(join(desk.home, 'accounts'), { recursive: true });
        await desk.exchange({ user: 'qa@example.org' });
      },
      finds: [
        'warning',
        /No account on the list names these stored tokens: \S+\/vault\/[0-9a-f]{32}\.sealed/,
        /Sign in again as those people.*rm /,
      ],
    },
    'a chosen account that is gone': {
      break: async () => {
        await desk.exchange();
        await desk.run(['accounts', 'use', 'tester@example.com']);
        const accounts = join(desk.home, 'accounts');
        for (const name of readdirSync(accounts)) {
          if (name.endsWith('.json')) rmSync(join(accounts, name));
        }
      },
      finds: ['warning', /no longer stored/, /accounts use/],
    },
  },
  'rescue-files': {
    'one in gsac’s own folder': {
      break: () => {
        mkdirSync(join(desk.home, 'rescue'), { recursive: true, mode: 0o700 });
        writeFileSync(join(desk.home, 'rescue', 'gsac-rescue-00ff00ff00ff.json'), '{}', {
          mode: 0o600,
        });
      },
      finds: [
        'error',
        /gsac-rescue-00ff00ff00ff\.json/,
        /gsac accounts import \S*gsac-rescue-00ff00ff00ff\.json /,
      ],
    },
    'one in the temporary folder': {
      break: () => {
        mkdirSync(join(dirname(desk.home), 'tmp'));
        const path = join(dirname(desk.home), 'tmp', 'gsac-rescue-11ee11ee11ee.json');
        writeFileSync(path, '{}', { mode: 0o600 });
      },
      finds: ['error', /tmp\/gsac-rescue-11ee11ee11ee\.json/, /gsac accounts import/],
    },
    'what is left of one that was cut off': {
      break: () => {
        mkdirSync(join(desk.home, 'rescue'), { recursive: true, mode: 0o700 });
        writeFileSync(join(desk.home, 'rescue', '.0123456789abcdef.tmp'), '', { mode: 0o600 });
      },
      finds: ['error', /0123456789abcdef\.tmp/, /^Remove/],
    },
  },
  locks: {
    'one that was left': {
      break: () => leaveLock(desk.now - 60_000),
      finds: ['warning', /Processes that died/, /rm -r \//],
    },
    'one from the future': {
      break: () => leaveLock(desk.now + 3_600_000),
      finds: ['error', /from the future/, /clock/],
    },
  },
  'run-folders': {
    'one of a process that is gone': {
      break: () => {
        const folder = join(dirname(desk.home), 'tmp', 'gsac-intercept-x1');
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        const namespace = existsSync('/proc/self/ns/pid') ? readlinkSync('/proc/self/ns/pid') : '';
        writeFileSync(join(folder, 'run.json'), JSON.stringify({ pid: 2 ** 22 + 1, namespace }));
      },
      finds: ['warning', /gsac-intercept-x1; it is removed/, /nothing more/],
    },
  },
  keychain: {
    'a locked one': {
      options: () => ({ loadKeytar: keychain('Cannot create an item in a locked collection') }),
      flags: ['--store', 'keychain'],
      finds: ['error', /locked/i, /Unlock/],
    },
    'none at all': {
      options: () => ({
        loadKeytar: keychain('Cannot autolaunch D-Bus without X11 $DISPLAY'),
      }),
      flags: ['--store', 'keychain'],
      finds: ['error', /no D-Bus/, /dbus-run-session/],
    },
    'no libsecret': {
      options: () => ({
        loadKeytar: async () => {
          throw new Error('Failed to load keytar native addon');
        },
      }),
      flags: ['--store', 'keychain'],
      finds: ['error', /keytar does not load/, /libsecret-1-0/],
    },
    'one that does not answer': {
      options: () => ({
        loadKeytar: async () => ({
          setPassword: () => new Promise<never>(() => undefined),
          getPassword: async () => null,
          deletePassword: async () => false,
        }),
      }),
      flags: ['--store', 'keychain', '--timeout', '0.05'],
      finds: ['error', /did not answer/, /Unlock/],
    },
    'one that only new accounts would need': {
      break: async () => void (await desk.exchange()),
      options: () => ({
        env: { GSAC_STORE: undefined },
        loadKeytar: keychain('Cannot create an item in a locked collection'),
      }),
      finds: ['warning', /would store new accounts there/, /Unlock/],
    },
  },
  'file-store': {
    'no key': {
      env: () => ({ GSAC_FILE_KEY: undefined }),
      finds: ['error', /no key was given/, /GSAC_PASSPHRASE/],
    },
    'another key than the store’s': {
      break: async () => void (await desk.exchange()),
      env: () => ({ GSAC_FILE_KEY: Buffer.alloc(32, 1).toString('base64') }),
      finds: ['error', /does not open/, /Set GSAC_FILE_KEY/],
    },
    'a key that is none, before there is a store': {
      env: () => ({ GSAC_FILE_KEY: 'short' }),
      finds: ['error', /not 32 bytes/, /openssl rand/],
    },
    'a torn store': {
      break: () => {
        mkdirSync(join(desk.home, 'vault'), { recursive: true, mode: 0o700 });
        writeFileSync(join(desk.home, 'vault', 'vault.json'), '{"v":', { mode: 0o600 });
      },
      finds: ['error', /damaged/, /backup/],
    },
  },
  'helper-store': {
    'one that is not installed': {
      flags: ['--store', 'helper:nowhere'],
      finds: ['error', /docker-credential-nowhere/, /Install it/],
    },
  },
  proxy: {
    'no scheme': {
      env: () => ({ ...google, HTTPS_PROXY: 'me:hunter2@proxy.corp:8080' }),
      finds: ['error', /…@proxy\.corp:8080 has no scheme/, /http:\/\/host:port/],
    },
    'no address': {
      env: () => ({ ...google, https_proxy: 'http://me:hunter2@' }),
      finds: ['error', /not an address/, /https_proxy/],
    },
    'a SOCKS proxy': {
      env: () => ({ ...google, ALL_PROXY: 'socks5://me:hunter2@proxy.corp:1080' }),
      finds: ['error', /not an HTTP proxy/, /ALL_PROXY/],
    },
    'two that differ': {
      env: () => ({
        ...google,
        HTTPS_PROXY: 'http://one:1',
        https_proxy: 'http://me:hunter2@two:2',
      }),
      finds: ['warning', /differ; gsac uses http:\/\/…@two:2/, /Unset/],
    },
    'one for http alone': {
      env: () => ({ ...google, HTTP_PROXY: 'http://me:hunter2@proxy.corp:8080' }),
      finds: ['warning', /HTTPS_PROXY is not/, /HTTPS_PROXY=http:\/\/…@proxy\.corp:8080/],
    },
    'a NO_PROXY that exempts less than it seems': {
      env: () => ({ ...google, HTTPS_PROXY: 'http://proxy.corp:8080', NO_PROXY: 'googleapis.com' }),
      finds: ['warning', /without a leading dot/, /\.googleapis\.com/],
    },
  },
  'endpoint-token': {
    'no name': {
      env: () => google,
      options: () => ({ fetch: failing('ENOTFOUND') }),
      finds: ['error', /oauth2\.googleapis\.com cannot be looked up \(ENOTFOUND\)/, /online/],
    },
    'a captive portal': {
      options: () => ({ fetch: answering(200, '<html>Welcome</html>') }),
      finds: ['error', /answers in its place/, /captive portal/],
    },
    'a proxy that wants a password': {
      options: () => ({ fetch: answering(407, '') }),
      finds: ['error', /407/, /user:password/],
    },
    'a limited address': {
      options: () => ({ fetch: answering(429, 'sorry') }),
      finds: ['warning', /limits/, /Wait/],
    },
  },
  'endpoint-keys': {
    'a connection that is refused': {
      options: () => ({ fetch: failing('ECONNREFUSED') }),
      finds: ['error', /refuses the connection \(ECONNREFUSED\)/, /gsac emulator start/],
    },
    'a page in place of the keys': {
      options: () => ({ fetch: answering(200, '<html></html>') }),
      finds: ['error', /answers in its place/, /--trace/],
    },
  },
  'endpoint-drive': {
    'a certificate that is not trusted': {
      env: () => google,
      options: () => ({ fetch: failing('SELF_SIGNED_CERT_IN_CHAIN') }),
      finds: [
        'error',
        /certificate .* not trusted \(SELF_SIGNED_CERT_IN_CHAIN\)/,
        /NODE_EXTRA_CA_CERTS/,
      ],
    },
    'a server in trouble': {
      break: () => desk.emulator.inject({ name: 'status', path: '/drive/*', status: 503 }),
      finds: ['error', /answers 503: the server has a problem/, /Try again/],
    },
  },
  'endpoint-revoke': {
    'a host that does not answer': {
      options: () => ({ fetch: failing('ETIMEDOUT') }),
      finds: ['error', /does not answer \(ETIMEDOUT\)/, /online/],
    },
    'an answer that takes too long': {
      options: () => ({ fetch: silent }),
      flags: ['--timeout', '0.05'],
      finds: ['error', /within 0\.05 seconds/, /--timeout/],
    },
    'a redirect': {
      break: () => desk.emulator.inject({ name: 'redirect', path: '/revoke' }),
      finds: ['error', /answers 302/, /captive portal/],
    },
  },
  clock: {
    'a clock that is minutes behind': {
      break: () => desk.emulator.inject({ name: 'clock', seconds: 120, times: 'always' }),
      finds: ['warning', /2 minutes behind/, /timedatectl/],
    },
    'a clock that is far ahead': {
      break: () => desk.emulator.inject({ name: 'clock', seconds: -7_200, times: 'always' }),
      options: () => ({ platform: 'darwin' }),
      finds: ['error', /2 hours ahead/, /sntp/],
    },
  },
};

/** Waits until it is cancelled. */
const silent: Fetch = (_url, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });

function clientFile(fields: Record<string, unknown>, section: 'web' | 'installed' = 'web'): string {
  const { web } = desk.emulator.clientFile();
  return desk.file('client_other.json', JSON.stringify({ [section]: { ...web, ...fields } }));
}

function expectNoSecret({ stdout, stderr }: Ran): void {
  for (const secret of ['hunter2', 'never-to-be-shown', 'never to be shown']) {
    expect(stdout + stderr).not.toContain(secret);
  }
  for (const { refreshToken } of desk.emulator.state.grants) {
    expect(stdout + stderr).not.toContain(refreshToken);
  }
}

describe('gsac doctor', () => {
  it('finds nothing wrong on a sound machine', async () => {
    await desk.exchange();
    const { ran, result } = await doctor();
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result).toMatchObject({ errors: 0, warnings: 0 });
    expect(result.checks.map(({ id }) => id)).toEqual(doctorChecks.map(({ id }) => id));
    for (const { state, fix } of result.checks) {
      expect(['ok', 'skipped']).toContain(state);
      expect(fix).toBeNull();
    }
  });

  it('changes nothing, on a machine that gsac never ran on either', async () => {
    const { ran } = await doctor();
    expect(ran.exitCode).toBe(0);
    expect(readdirSync(dirname(desk.home))).not.toContain('home');
  });

  it('knows the variables that gsac sets for others', async () => {
    const { stdout } = await desk.run(['emulator', 'env']);
    const env: Record<string, string> = { GSAC_ACCESS_TOKEN: 'x', GSAC_ACCESS_TOKEN_FILE: 'x' };
    for (const [, name = ''] of stdout.matchAll(/^export (GSAC_\w+)=/gm)) {
      if (name !== 'GSAC_CLIENT') env[name] = 'x';
    }
    expect(Object.keys(env)).toContain('GSAC_EMULATOR');
    expect((await doctor({ env })).check('env-unknown')).toMatchObject({ state: 'ok' });
  });

  it('takes a secret in the environment for that of a client file without one', async () => {
    const env = {
      GSAC_CLIENT: clientFile({ client_secret: undefined }),
      GSAC_CLIENT_SECRET: 'GOCSPX-never-to-be-shown-0000000000',
    };
    const { check } = await doctor({ env });
    expect(check('client-file')).toMatchObject({ state: 'ok' });
    expect(check('env-client')).toMatchObject({ state: 'ok' });
  });

  it.each([
    ['20.20.2', '2026-04-29', false],
    ['20.20.2', '2026-04-30', true],
    ['22.20.0', '2026-04-30', false],
    ['23.1.0', '2026-04-30', true],
    ['27.0.0', '2099-01-01', false],
  ])(
    'takes Node %s on %s, and says that its time is over: %s',
    async (nodeVersion, day, isOver) => {
      desk.now = Date.parse(day);
      const { state, fix, detail } = (await doctor({ nodeVersion })).check('node');
      expect([state, fix, /no security fixes/.test(detail)]).toEqual(['ok', null, isOver]);
    },
  );

  it('has a scenario for every check, and a sentence', () => {
    expect(Object.keys(scenarios).sort()).toEqual(doctorChecks.map(({ id }) => id).sort());
    for (const { looksAt } of doctorChecks) expect(looksAt).toMatch(/^[A-Z].*\.$/);
  });

  for (const [id, those] of Object.entries(scenarios)) {
    describe(id, () => {
      it.each(Object.entries(those))('finds %s', async (_name, scenario) => {
        await scenario.break?.();
        const options = { env: scenario.env?.() ?? {}, ...scenario.options?.() };
        const { ran, result, check } = await doctor(options, ...(scenario.flags ?? []));
        const [state, detail, fix] = scenario.finds;
        expect(check(id)).toMatchObject({
          state,
          detail: expect.stringMatching(detail),
          fix: expect.stringMatching(fix),
        });
        expect(check(id).detail).toMatch(/[.]$/);
        expect(ran.exitCode).toBe(result.errors > 0 ? 6 : 0);
        if (state === 'error') expect(ran.exitCode).toBe(6);
        expectNoSecret(ran);
      });
    });
  }

  it.each([
    [512 * 1024, 'error', /is full/],
    [20 * 1_048_576, 'warning', /only 20 MB left/],
    [undefined, 'ok', /can write/],
  ] as const)('judges a disk with %s bytes left: %s', async (free, state, detail) => {
    const disk = doctorChecks.find(({ id }) => id === 'disk');
    const machine: Partial<Machine> = {
      env: {},
      folders: { data: '/data', cache: '/cache' },
      proveWritable: () => undefined,
      freeBytes: async () => free,
    };
    const finding = await disk?.examine({ machine } as CheckInput);
    expect(finding).toMatchObject({ state, detail: expect.stringMatching(detail) });
  });

  describe('the store in use', () => {
    it('is the keychain where nothing else is said', async () => {
      const { check } = await doctor({ env: { GSAC_STORE: undefined }, loadKeytar: keychain() });
      expect(check('keychain')).toMatchObject({ state: 'ok' });
      expect(check('file-store')).toMatchObject({ state: 'skipped' });
    });

    it('is what an account lies in, too', async () => {
      await desk.exchange();
      const env = { GSAC_STORE: undefined, GSAC_FILE_KEY: undefined };
      const { ran, check } = await doctor({ env, loadKeytar: keychain() });
      expect(check('file-store')).toMatchObject({ state: 'error' });
      expect(ran.exitCode).toBe(6);
    });

    it('makes a missing keychain a note where it is another', async () => {
      const { ran, check } = await doctor({ loadKeytar: keychain('locked') });
      expect(check('keychain')).toMatchObject({ state: 'skipped', fix: null });
      expect(ran.exitCode).toBe(0);
    });

    it('ends the process although the keychain is stuck', async () => {
      const ended: number[] = [];
      const ran = await desk.run(['doctor', '--store', 'keychain', '--timeout', '0.05'], {
        loadKeytar: async () => ({
          setPassword: () => new Promise<never>(() => undefined),
          getPassword: async () => null,
          deletePassword: async () => false,
        }),
        endStuckProcess: async (exitCode) => void ended.push(exitCode),
      });
      expect(ran.exitCode).toBe(6);
      expect(ran.stdout).toContain('keychain');
      expect(ended).toEqual([6]);
    });
  });

  it.each([
    ['ok', (home: string) => dirname(home)],
    ['warning', () => '/somebody'],
  ] as const)(
    'on Windows asks only whether its files are in the profile: %s',
    async (state, profileOf) => {
      mkdirSync(desk.home, { mode: 0o777 });
      const { check } = await doctor({
        platform: 'win32',
        env: { USERPROFILE: profileOf(desk.home) },
      });
      expect(check('file-modes')).toMatchObject({ state });
    },
  );

  it('says nothing against a lock that is held', async () => {
    leaveLock(desk.now - 4_000);
    const { check } = await doctor();
    expect(check('locks')).toMatchObject({ state: 'ok', detail: 'A refresh is in progress.' });
  });

  it('warns of no proxy that works, and shows no password', async () => {
    const env = {
      ...google,
      HTTPS_PROXY: 'http://me:hunter2@proxy.corp:8080',
      NO_PROXY: '.googleapis.com',
    };
    const { ran, check } = await doctor({ env });
    expect(check('proxy')).toMatchObject({
      state: 'ok',
      detail: expect.stringContaining('HTTPS_PROXY=http://…@proxy.corp:8080; NO_PROXY exempts'),
    });
    expectNoSecret(ran);
  });

  describe('the endpoints', () => {
    it('are the emulator’s with its client file', async () => {
      const { check } = await doctor();
      expect(check('endpoint-token')['endpoint']).toEqual({
        url: 'http://127.0.0.1:8085/token',
        name_lookup: 'ok',
        connection: 'ok',
        tls: null,
        http_status: 404,
        milliseconds: 0,
      });
      expect(desk.emulator.requests.count('/revoke')).toBe(1);
    });

    it.each([
      ['ENOTFOUND', { name_lookup: 'failed', connection: null, tls: null }],
      ['ECONNREFUSED', { name_lookup: 'ok', connection: 'failed', tls: null }],
      ['ETIMEDOUT', { name_lookup: 'ok', connection: 'failed', tls: null }],
      ['CERT_HAS_EXPIRED', { name_lookup: 'ok', connection: 'ok', tls: 'failed' }],
    ])('say how far it came with %s', async (code, stages) => {
      const { check } = await doctor({ env: google, fetch: failing(code) });
      expect(check('endpoint-keys')['endpoint']).toMatchObject({ ...stages, http_status: null });
    });

    it('are asked once each, at once, without a secret', async () => {
      await desk.exchange();
      const asked: { method: string; url: string; body: string | undefined }[] = [];
      let open = 0;
      let most = 0;
      const emulator = emulatorFetch(desk.emulator);
      await doctor({
        fetch: async (url, init) => {
          asked.push({ method: init.method, url, body: init.body });
          expect(Object.keys(init.headers).sort()).toEqual(['accept', 'accept-encoding']);
          open += 1;
          most = Math.max(most, open);
          const answer = await emulator(url, init);
          open -= 1;
          return answer;
        },
      });
      expect(asked).toHaveLength(4);
      expect(most).toBe(4);
      for (const { method, body } of asked) expect([method, body]).toEqual(['GET', undefined]);
    });
  });

  it('ends in bounded time without a network, and says so', async () => {
    const ran = await desk.run(['doctor', '--timeout', '0.05'], { fetch: silent });
    expect(ran.exitCode).toBe(6);
    expect(ran.stdout).toContain('gsac reached no endpoint. Is this machine online?');
    expect(ran.stdout).toContain('4 errors, 0 warnings');
    expect(ran.stdout).toMatch(/^- clock +No endpoint told/m);
  });

  describe('the clock', () => {
    it('is read in the middle of a request that takes long', async () => {
      const { check } = await doctor({
        fetch: async () => {
          const date = new Date(desk.now + 100_000).toUTCString();
          desk.now += 200_000;
          return new Response('{}', { status: 404, headers: { date } });
        },
      });
      expect(check('clock')).toMatchObject({ state: 'ok' });
    });

    it('counts how long an answer lay in a cache', async () => {
      const date = new Date(desk.now - 20_000_000).toUTCString();
      const { check } = await doctor({ fetch: answering(404, '{}', { date, age: '20000' }) });
      expect(check('clock')).toMatchObject({ state: 'ok' });
    });

    it('is nothing to warn of within a minute', async () => {
      desk.emulator.inject({ name: 'clock', seconds: 50, times: 'always' });
      expect((await doctor()).check('clock')).toMatchObject({ state: 'ok' });
    });
  });

  it('is cancelled by the person', async () => {
    const ran = await desk.run(['doctor'], { signal: AbortSignal.abort() });
    expect(ran).toMatchObject({ exitCode: 130, stdout: '' });
  });

  it('prints a line for each check within 80 columns, with the fix below', async () => {
    const ran = await desk.run(['doctor'], {
      env: { ...google, NODE_TLS_REJECT_UNAUTHORIZED: '0', SSL_CERT_FILE: '/etc/cert.pem' },
    });
    expect(ran.exitCode).toBe(6);
    for (const line of ran.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(ran.stdout).toMatch(/^✓ node +Node 20\.19\.0\.$/m);
    expect(ran.stdout).toMatch(/^✗ tls-verification +NODE_TLS/m);
    expect(ran.stdout).toMatch(/^ {20}fix: Unset it/m);
    expect(ran.stdout).toMatch(/^! ca-certificates/m);
    expect(ran.stdout).toMatch(/\n\n1 error, 1 warning\n$/);
  });
});
