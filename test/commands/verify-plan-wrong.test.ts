import { existsSync } from 'node:fs';
import { Ajv } from 'ajv';
import { beforeEach, describe, expect, it } from 'vitest';
import { planSchema } from '../../src/tools/verify/plan/plan-schema.js';
import { createDesk, useDesk } from '../support/run.js';
import { expectFailure } from './support.js';

/** Wrong plans, each with where it is wrong and what is said of it; one that begins with a flow stands for all of a plan. */
const wrong: readonly [plan: string, says: string][] = [
  ['', '1:1: there is nothing in it'],
  ['version: 1\nflows:\n\t- sign_in: {}\n', '3:1: YAML is indented with blanks, not with tabs'],
  ['version: 2\nflows: [{sign_in: {}}]', '1:1: version must be 1'],
  ['version: 1\n', '1:1: it needs flows'],
  ['version: 1\nflows: []', '2:1: flows must not be empty'],
  [
    '- sign_in: {}\n    expects: {sub: "1"}',
    '4:5: flows[0].expects is not known; did you mean expect?',
  ],
  [
    '- sign_in: {}\n    expect:\n      failure:\n        check: refresh.grants',
    '6:9: flows[0].expect.failure.check must be one of',
  ],
  [
    '- account: x\n    expect: {sub: 104729361850274916385}',
    '4:14: flows[0].expect.sub must be a text that is not blank: put it in quotes',
  ],
  ['- sign_in: {}\n  - name: idle', '4:5: flows[1] needs one of account, code and sign_in'],
  ['- account: x\n    sign_in: {}', '4:5: flows[0].sign_in excludes account: a flow begins once'],
  [
    '- code: 4/0AfJohXk8sD3xT2vB9nQ',
    '3:5: flows[0].code must be {env: <variable>} or {file: <path>}: a code itself never stands in a plan',
  ],
  ['- {account: x, source: ios}', '3:18: flows[0].source goes with code'],
  ['- {account: x, repeat: 2, revoke: true}', '3:18: flows[0].repeat excludes revoke'],
  ['- {sign_in: {}, code_verifier: {env: V}}', '3:19: flows[0].code_verifier goes with code'],
  [
    '- {account: x, expect: {failure: {check: token.type}}}',
    '3:27: flows[0].expect.failure expects token.type to fail, which needs a code',
  ],
  ['- code: {}', '3:5: flows[0].code needs either env or file'],
  [
    '- code: {env: CODE}\n    source: web-redirect',
    '4:5: flows[0].source needs redirect_uri beside web-redirect',
  ],
  ['- code: {env: CODE}\n    repeat: 2', '4:5: flows[0].repeat excludes code: a code works once'],
  [
    '- sign_in: {}\n    source: ios',
    '4:5: flows[0].source goes with code; here, write it inside sign_in',
  ],
  [
    '- account: x\n    replay: true',
    '4:5: flows[0].replay needs a code or a sign_in: a stored account has no code',
  ],
  ['- sign_in: {}\n    keep: true\n    revoke: true', '4:5: flows[0].keep excludes revoke'],
  [
    '- {name: a, sign_in: {}}\n  - {name: a, sign_in: {}}',
    '4:6: flows[1].name is also that of flows[0]',
  ],
  [
    'version: 1\nclients: {backend: a.json}\nflows:\n  - sign_in: {}\n    client: backends\n',
    '5:5: flows[0].client is not a name in clients; did you mean backend?',
  ],
  [
    'version: 1\nclients:\n  backend: nowhere.json\nflows:\n  - {sign_in: {}, client: backend}\n',
    '3:3: nowhere.json does not exist.',
  ],
  [
    'version: 1\nclient: service.json\nflows:\n  - sign_in: {}\n',
    '2:1: service.json is a service account key.',
  ],
  [
    'version: 1\nclient: elsewhere.json\nflows:\n  - code: {env: CODE}\n',
    '2:1: The token_uri names https://login.example.com, which is neither Google nor this machine',
  ],
  [
    'version: 1\nclient: google.json\nflows:\n  - code: {env: CODE}\n  - sign_in: {}\n',
    '5:5: flows[1].sign_in needs the client file of an emulator',
  ],
  [
    '- account: x\n    expect:\n      extra_scopes: false',
    '5:7: flows[0].expect.extra_scopes needs expect.scopes beside extra_scopes: false',
  ],
  [
    '- sign_in: {}\n    expect: {failure: {check: code.replay}}',
    '4:14: flows[0].expect.failure expects code.replay to fail, which needs replay: true',
  ],
  [
    '- sign_in:\n      faults: [no refresh token]',
    '4:16: flows[0].sign_in.faults[0] must be a fault: name, or name:parameter=value',
  ],
  [
    '- sign_in:\n      faults: [no-id-token, everything]',
    '4:29: flows[0].sign_in.faults[1] cannot be used: There is no fault "everything".',
  ],
  [
    '- sign_in: {faults: [no-id-tokn]}',
    '3:24: flows[0].sign_in.faults[0] cannot be used: There is no fault "no-id-tokn"; did you mean no-id-token?',
  ],
  [
    '- sign_in: {faults: ["status:staus=429"]}',
    '3:24: flows[0].sign_in.faults[0] cannot be used: status has no parameter "staus"; it takes status, retry_after, message, times, user, client, path, method.',
  ],
  [
    '- sign_in: {faults: ["status:status=abc"]}',
    '3:24: flows[0].sign_in.faults[0] cannot be used: "status" of status must be a whole number from 200 to 599.',
  ],
  [
    '- sign_in: {faults: ["status:status=99999"]}',
    '3:24: flows[0].sign_in.faults[0] cannot be used: "status" of status must be a whole number from 200 to 599.',
  ],
  [
    '- sign_in: {faults: ["status:times=0.5"]}',
    '3:24: flows[0].sign_in.faults[0] cannot be used: "times" must be a positive whole number or "always".',
  ],
  [
    '- sign_in: {faults: ["status:429"]}',
    '3:24: flows[0].sign_in.faults[0] cannot be used: "429" of status is not parameter=value.',
  ],
  [
    '- sign_in: {faults: ["odd-id-token:set=x"]}',
    '3:24: flows[0].sign_in.faults[0] cannot be used: "set" of odd-id-token must be a map.',
  ],
  [
    '- account: x\n    expect: {scopes: " ", extra_scopes: false}',
    '4:14: flows[0].expect.scopes must be a scope, such as openid',
  ],
  [
    'version: 1\nclient: client_secret_test.json\nflows:\n  - sign_in: {}\n    expect: {email: " "}\n',
    '5:14: flows[0].expect.email must be a text that is not blank',
  ],
  [
    '- sign_in: {scopes: [openid, ""]}',
    '3:32: flows[0].sign_in.scopes[1] must be a scope, such as openid',
  ],
  [
    '- account: x\n    expect: {failure: {check: refresh_token.permanent}}',
    '4:14: expects refresh_token.permanent to fail, which needs expiring_grant: false',
  ],
  ['{"version":1,"flows":[{"sign_in"', '1:33: this is no JSON: it ends in the middle of a map'],
  [
    '{"version": 1,\n  // the flows\n  "flows": [{"sign_in": {}}]}',
    '2:3: this is no JSON: there are no comments in it',
  ],
  ['{"version": "1", "flows": [{"sign_in": {}}]}', '1:2: version must be 1, without quotes'],
  [
    '- {sign_in: {}, repeat: 9999}\n  - {sign_in: {}, repeat: 2}',
    '2:1: flows come to 10001; at most 10000 are allowed',
  ],
];

describe('a wrong plan', () => {
  const desk = useDesk();
  beforeEach(() => {
    const { web } = desk.emulator.clientFile();
    const google = { ...web, token_uri: 'https://oauth2.googleapis.com/token' };
    const elsewhere = { ...web, token_uri: 'https://login.example.com/token' };
    desk.file('google.json', JSON.stringify({ web: google }));
    desk.file('elsewhere.json', JSON.stringify({ web: elsewhere }));
    desk.file('service.json', JSON.stringify({ type: 'service_account' }));
  });

  it.each(wrong)('%j is refused at its line, and nothing is sent', async (plan, says) => {
    const head = plan.startsWith('- ') ? 'version: 1\nflows:\n  ' : '';
    const path = desk.file('plan.yaml', head === '' ? plan : `${head}${plan}\n`);
    const ran = await desk.run(['verify', '--plan', path, '--json']);
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
    const { message } = ran.error();
    const [at = ''] = says.split(': ', 1);
    expect(message.slice(0, path.length + at.length + 2)).toBe(`${path}:${at}:`);
    expect(message).toContain(says.slice(at.length + 2));
    expect(message).not.toContain('4/0AfJ');
    expect(desk.emulator.requests.count()).toBe(0);
    expect(existsSync(desk.home)).toBe(false);
  });

  it('without any client names the flow', async () => {
    const path = desk.file('plan.yaml', 'version: 1\nflows:\n  - sign_in: {}\n');
    const env = { GSAC_CLIENT: undefined };
    const error = expectFailure(
      await desk.run(['verify', '--plan', path, '--json'], { env }),
      'usage',
    );
    expect(error.message).toBe(
      `${path}:3:5: flows[0] has no client; give the plan one (client: <file>), or use --client.`,
    );
  });

  it('has all that is wrong in one error', async () => {
    const path = desk.file(
      'plan.yaml',
      'version: 1\nflows:\n  - {account: a, keep: true}\n  - {account: a, replay: true}\n',
    );
    const error = expectFailure(await desk.run(['verify', '--plan', path, '--json']), 'usage');
    expect(error['problems']).toMatchObject([
      { line: 3, path: 'flows[0].keep' },
      { line: 4, path: 'flows[1].replay' },
    ]);
  });
});

describe('the schema of plans', () => {
  /** A plan in which every key of the schema stands at least once. */
  const everything = {
    $schema: './gsac-plan.schema.json',
    version: 1,
    name: 'everything',
    client: 'client_secret.json',
    clients: { backend: 'other.json' },
    defaults: { expect: { email_verified: true }, scopes: 'openid email', source: 'ios' },
    concurrency: 8,
    flows: [
      { name: 'one', client: 'backend', account: 'a@example.com', repeat: 2 },
      {
        code: { env: 'CODE' },
        source: 'web-redirect',
        redirect_uri: 'https://example.com/cb',
        code_verifier: { env: 'VERIFIER' },
        keep: true,
      },
      { code: { file: 'code.txt' }, replay: true, revoke: true },
      {
        sign_in: {
          user: 'a@example.com',
          scopes: ['openid'],
          source: 'android',
          redirect_uri: 'postmessage',
          faults: ['no-id-token', 'status:status=429,times=2'],
        },
        expect: {
          scopes: ['openid'],
          extra_scopes: false,
          sub: '1',
          email: 'a@example.com',
          hosted_domain: 'example.com',
          email_verified: true,
          expiring_grant: false,
          clock_tolerance_seconds: 10,
          failure: [{ check: 'refresh.grant', error: 'invalid_grant' }],
        },
      },
    ],
  };

  it('is printed by --plan-schema, is one by the draft, and takes every key', async () => {
    const desk = createDesk();
    const ran = await desk.run(['verify', '--plan-schema']);
    desk.dispose();
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.json()).toEqual(planSchema);
    const ajv = new Ajv({ strict: true, allowUnionTypes: true });
    ajv.addVocabulary(['x-expected']);
    const fits = ajv.compile(ran.json());
    expect(fits(everything), JSON.stringify(fits.errors)).toBe(true);
    expect(keysOf(planSchema)).toEqual(new Set(keysIn(everything)));
  });

  it('has patterns that every dialect of regular expressions knows', () => {
    const patterns = JSON.stringify(planSchema).match(/"pattern":"(?:[^"\\]|\\.)*"/g);
    expect(patterns?.length).toBeGreaterThan(2);
    // To others an empty class, or one that excludes nothing, is an error.
    expect(patterns?.filter((pattern) => /\[\^?\]/.test(pattern))).toEqual([]);
  });

  it('explains every key', () => {
    for (const [key, schema] of propertiesOf(planSchema)) {
      const { $ref: reference } = schema as { $ref?: string };
      const name = reference?.replace('#/definitions/', '');
      const definitions = planSchema['definitions'] as Readonly<Record<string, object>>;
      const resolved = name === undefined ? schema : definitions[name];
      expect(resolved, key).toHaveProperty('description');
    }
  });
});

type Properties = readonly [key: string, schema: object][];

/** The properties that a schema declares, at any depth. */
function propertiesOf(schema: unknown): Properties {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? Object.entries(schema.properties as object) : [];
  return [...own, ...Object.values(schema).flatMap(propertiesOf)];
}

function keysOf(schema: unknown): Set<string> {
  return new Set(propertiesOf(schema).map(([key]) => key));
}

/** The keys of a document at any depth, names of clients left out. */
function keysIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    key,
    ...(key === 'clients' ? [] : keysIn(inner)),
  ]);
}
