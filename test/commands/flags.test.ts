import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import type { Output, Runtime } from '../../src/cli/runtime.js';
import { claimsCommand } from '../../src/commands/claims.js';
import { exchangeCommand } from '../../src/commands/exchange.js';
import { execCommand } from '../../src/commands/exec.js';
import { exportCommand } from '../../src/commands/export.js';
import { refreshCommand } from '../../src/commands/refresh.js';
import { revokeCommand } from '../../src/commands/revoke.js';
import { tokenCommand } from '../../src/commands/token.js';
import { explainPorts, serveMetadata, verifyPorts } from '../../src/program.js';
import { checkCommand } from '../../src/tools/check/command.js';
import { explainCommand } from '../../src/tools/explain/command.js';
import { listenCommand } from '../../src/tools/listen/command.js';
import { loginCommand } from '../../src/tools/login/command.js';
import { statusCommand } from '../../src/tools/status/command.js';
import { verifyCommand } from '../../src/tools/verify/command.js';

/** Stands for a command's logic: the options that it was handed are what is thrown. */
class Handed extends Error {
  constructor(readonly options: unknown) {
    super('the options that a run was handed');
  }
}

function hand(options: unknown): never {
  throw new Handed(options);
}

/** A runtime in which nothing of the outside world is there: what parses a call needs none of it. */
function createRuntime(argv: readonly string[]): Runtime {
  const context = { globals: { json: argv.includes('--json') } };
  const services = { context } as Parameters<Parameters<Runtime['run']>[1]>[0];
  return {
    version: () => '0.0.0',
    columns: () => 80,
    argv: () => argv,
    calling: () => {},
    run: async (_call, work) => void (await work(services)),
    stream: async (_call, work) => void (await work(services, {} as Output)),
  };
}

type Declare = (runtime: Runtime, run: typeof hand) => Command;

/** What a command's logic is handed for such a call. */
async function handed(declare: Declare, argv: readonly string[]): Promise<unknown> {
  try {
    await declare(createRuntime(argv), hand).parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof Handed) return error.options;
    throw error;
  }
  throw new Error('nothing was run');
}

const scope = 'https://www.googleapis.com/auth/drive.appdata';

const signIn = {
  scopes: ['openid', 'email', 'profile', scope],
  includeGrantedScopes: false,
  loginHint: undefined,
  port: undefined,
  redirectPath: undefined,
  browser: true,
  waitMs: 300_000,
};

const claims = {
  idToken: undefined,
  audiences: [],
  nonce: undefined,
  hostedDomain: undefined,
  requireEmailVerified: false,
  verify: true,
  refresh: false,
  clockToleranceSeconds: 300,
};

const exchange = {
  code: undefined,
  source: 'ios',
  redirectUri: undefined,
  codeVerifier: undefined,
  store: true,
  replay: false,
  expectedScopes: [],
};

const listen = {
  host: '127.0.0.1',
  port: 0,
  path: undefined,
  transport: { kind: 'http' },
  source: 'ios',
  once: false,
};

const expectations = {
  scopes: undefined,
  noExtraScopes: false,
  sub: undefined,
  email: undefined,
  hostedDomain: undefined,
  noExpiringGrant: false,
  emailVerified: false,
  clockToleranceSeconds: 300,
  replay: false,
  revoke: false,
  failures: [],
};

const verify = {
  code: undefined,
  login: undefined,
  source: 'ios',
  redirectUri: undefined,
  codeVerifier: undefined,
  keep: false,
  yes: false,
  expectations,
  reports: [],
  har: undefined,
};

const plan = {
  plan: '-',
  concurrency: undefined,
  yes: false,
  reports: [],
  har: undefined,
};

const verifier = 'v'.repeat(43);

const explain = {
  text: undefined,
  contextFile: undefined,
  authUrl: undefined,
  harFile: undefined,
  project: undefined,
  probe: false,
};

const table: [name: string, declare: Declare, calls: [line: string, options: unknown][]][] = [
  [
    'check',
    checkCommand,
    [
      ['', { directory: '.', strict: false, ignore: [] }],
      ['ios --strict', { directory: 'ios', strict: true, ignore: [] }],
    ],
  ],
  [
    'claims',
    claimsCommand,
    [
      ['', claims],
      ['--id-token -', { ...claims, idToken: '-' }],
      ['--audience a --audience b --nonce n', { ...claims, audiences: ['a', 'b'], nonce: 'n' }],
      [
        '--hosted-domain example.com --require-email-verified --clock-tolerance 0',
        {
          ...claims,
          hostedDomain: 'example.com',
          requireEmailVerified: true,
          clockToleranceSeconds: 0,
        },
      ],
      ['--no-verify --refresh', { ...claims, verify: false, refresh: true }],
    ],
  ],
  [
    'exchange',
    exchangeCommand,
    [
      ['', exchange],
      ['- --source android', { ...exchange, code: '-', source: 'android' }],
      [
        `4/code --redirect-uri http://localhost --code-verifier ${verifier}`,
        {
          ...exchange,
          code: '4/code',
          redirectUri: 'http://localhost',
          codeVerifier: verifier,
        },
      ],
      ['--no-store --replay', { ...exchange, store: false, replay: true }],
      [
        '--expect-scope drive.appdata --expect-scope openid',
        { ...exchange, expectedScopes: ['drive.appdata', 'openid'] },
      ],
    ],
  ],
  [
    'exec',
    (runtime, run) => execCommand(runtime, serveMetadata, run),
    [
      [
        '-- env',
        {
          command: 'env',
          args: [],
          minTtlMs: 300_000,
          tokenFile: false,
          metadata: false,
          guard: false,
        },
      ],
      [
        '--token-file --min-ttl 60 -- env --min-ttl 5 -- --json',
        {
          command: 'env',
          args: ['--min-ttl', '5', '--', '--json'],
          minTtlMs: 60_000,
          tokenFile: true,
          metadata: false,
          guard: false,
        },
      ],
      [
        '--metadata --guard -- env',
        {
          command: 'env',
          args: [],
          minTtlMs: 300_000,
          tokenFile: false,
          metadata: true,
          guard: true,
        },
      ],
    ],
  ],
  [
    'explain',
    (runtime, run) => explainCommand(runtime, explainPorts, run),
    [
      ['', { ...explain, flags: {} }],
      [
        '--auth-url https://x --har a.har --project app --probe',
        {
          ...explain,
          authUrl: 'https://x',
          harFile: 'a.har',
          project: 'app',
          probe: true,
          flags: {},
        },
      ],
      [
        'invalid_grant --stage refresh --token-age-days 7 --publishing-status testing',
        {
          ...explain,
          text: 'invalid_grant',
          flags: { stage: 'refresh', tokenAgeDays: 7, publishingStatus: 'testing' },
        },
      ],
      [
        '- --context case.json --http-status 403 --granted-scope openid --granted-scope email',
        {
          ...explain,
          text: '-',
          contextFile: 'case.json',
          flags: { httpStatus: 403, grantedScopes: ['openid', 'email'] },
        },
      ],
    ],
  ],
  [
    'export',
    exportCommand,
    [
      ['', { format: 'adc', file: undefined, force: false }],
      ['-o -', { format: 'adc', file: undefined, force: false }],
      ['--format env -o .env --force', { format: 'env', file: '.env', force: true }],
    ],
  ],
  [
    'listen',
    listenCommand,
    [
      ['--http', listen],
      ['--http --host [::1] --port 8080', { ...listen, host: '::1', port: 8080 }],
      [
        '--self-signed --host 0.0.0.0 --path /auth/google --once',
        {
          ...listen,
          host: '0.0.0.0',
          path: '/auth/google',
          transport: { kind: 'self-signed' },
          once: true,
        },
      ],
      [
        '--cert c.pem --key k.pem --source android',
        { ...listen, transport: { kind: 'files', cert: 'c.pem', key: 'k.pem' }, source: 'android' },
      ],
    ],
  ],
  [
    'login',
    loginCommand,
    [
      ['', { ...signIn, device: false, store: true }],
      ['--device', { ...signIn, scopes: signIn.scopes.slice(0, 3), device: true, store: true }],
      ['--device --scope openid', { ...signIn, scopes: ['openid'], device: true, store: true }],
      [
        '--no-store --no-browser --port 8080 --redirect-path /cb --wait 90s --login-hint a@b.example',
        {
          ...signIn,
          device: false,
          store: false,
          browser: false,
          port: 8080,
          redirectPath: '/cb',
          waitMs: 90_000,
          loginHint: 'a@b.example',
        },
      ],
    ],
  ],
  [
    'refresh --all',
    (runtime, run) => refreshCommand(runtime, run, run),
    [
      ['--all', { concurrency: 16 }],
      ['--all --concurrency 4', { concurrency: 4 }],
    ],
  ],
  [
    'revoke',
    revokeCommand,
    [
      ['', { yes: false }],
      ['-y', { yes: true }],
    ],
  ],
  [
    'status',
    statusCommand,
    [
      ['', { failWithinMs: 172_800_000, online: false, publishingStatus: undefined }],
      [
        '--fail-within 12h --online --publishing-status testing',
        { failWithinMs: 43_200_000, online: true, publishingStatus: 'testing' },
      ],
    ],
  ],
  [
    'token',
    tokenCommand,
    [
      ['', { minTtlMs: 300_000, format: 'bare' }],
      ['--min-ttl 0 --format header', { minTtlMs: 0, format: 'header' }],
    ],
  ],
  [
    'verify',
    (runtime, run) => verifyCommand(runtime, verifyPorts, run),
    [
      ['', verify],
      [
        '--code - --source web-popup --keep --replay --report tap --report html=a=b.html --har -',
        {
          ...verify,
          code: '-',
          source: 'web-popup',
          keep: true,
          expectations: { ...expectations, replay: true },
          reports: [
            { format: 'tap', file: undefined },
            { format: 'html', file: 'a=b.html' },
          ],
          har: '-',
        },
      ],
      ['--login --wait 1m', { ...verify, login: { ...signIn, waitMs: 60_000 } }],
      [
        '--expect-scope openid --no-extra-scopes --expect-sub 1 --expect-email a@b.example --expect-hd b.example',
        {
          ...verify,
          expectations: {
            ...expectations,
            scopes: ['openid'],
            noExtraScopes: true,
            sub: '1',
            email: 'a@b.example',
            hostedDomain: 'b.example',
          },
        },
      ],
      [
        '--no-expiring-grant --require-email-verified --clock-tolerance 5 --revoke -y',
        {
          ...verify,
          yes: true,
          expectations: {
            ...expectations,
            noExpiringGrant: true,
            emailVerified: true,
            clockToleranceSeconds: 5,
            revoke: true,
          },
        },
      ],
    ],
  ],
  [
    'verify --plan',
    (runtime, run) => verifyCommand(runtime, verifyPorts, run, run),
    [
      ['--plan -', plan],
      [
        '--plan flows.yaml --concurrency 4 -y --report junit=flows.xml --har flows.har',
        {
          plan: 'flows.yaml',
          concurrency: 4,
          yes: true,
          reports: [{ format: 'junit', file: 'flows.xml' }],
          har: 'flows.har',
        },
      ],
    ],
  ],
];

describe.each(table)('what the run of %s is handed', (_name, declare, calls) => {
  it.each(calls)('for %j', async (line, options) => {
    expect(await handed(declare, line.split(' ').filter(Boolean))).toEqual(options);
  });
});
