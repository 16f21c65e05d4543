import { existsSync } from 'node:fs';
import { Ajv } from 'ajv';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planSchema } from '../../src/tools/verify/plan/plan-schema.js';
import { createDesk, type Desk } from '../support/run.js';
import { expectFailure } from './support.js';

/** Wrong plans, each with where it is wrong and what is said of it; one that begins with a flow stands for all of a plan. */
const wrong: readonly [name: string, plan: string, says: string][] = [
  ['nothing', '', '1:1: there is nothing in it'],
  [
    'no YAML',
    'version: 1\nflows:\n\t- sign_in: {}\n',
    '3:1: YAML is indented with blanks, not with tabs',
  ],
  ['another version', 'version: 2\nflows: [{sign_in: {}}]', '1:1: version must be 1'],
  ['no flows', 'version: 1\n', '1:1: it needs flows'],
  ['an empty list of flows', 'version: 1\nflows: []', '2:1: flows must not be empty'],
  [
    'a key that is not known',
    '- sign_in: {}\n    expects: {sub: "1"}',
    '4:5: flows[0].expects is not known; did you mean expect?',
  ],
  [
    'a check that is not known',
    '- sign_in: {}\n    expect:\n      failure:\n        check: refresh.grants',
    '6:9: flows[0].expect.failure.check must be one of',
  ],
  [
    'a sub without quotes',
    '- account: x\n    expect: {sub: 104729361850274916385}',
    '4:14: flows[0].expect.sub must be a text that is not blank: put it in quotes',
  ],
  [
    'a flow without beginning',
    '- sign_in: {}\n  - name: idle',
    '4:5: flows[1] needs one of account, code and sign_in',
  ],
  [
    'a flow with two beginnings',
    '- account: x\n    sign_in: {}',
    '4:5: flows[0].sign_in excludes account: a flow begins once',
  ],
  [
    'a code in the plan',
    '- code: 4/0AfJohXk8sD3xT2vB9nQ',
    '3:5: flows[0].code must be {env: <variable>} or {file: <path>}: a code itself never stands in a plan',
  ],
  ['a code from nowhere', '- code: {}', '3:5: flows[0].code needs either env or file'],
  [
    'a code for a redirect URI that nobody gave',
    '- code: {env: CODE}\n    source: web-redirect',
    '4:5: flows[0].source needs redirect_uri beside web-redirect',
  ],
  [
    'a code that is used more than once',
    '- code: {env: CODE}\n    repeat: 2',
    '4:5: flows[0].repeat excludes code: one works once',
  ],
  [
    'the source beside a sign-in',
    '- sign_in: {}\n    source: ios',
    '4:5: flows[0].source goes with code; here it belongs into sign_in',
  ],
  [
    'replay of a stored account',
    '- account: x\n    replay: true',
    '4:5: flows[0].replay needs a code: a stored account has none any more',
  ],
  [
    'keep and revoke',
    '- sign_in: {}\n    keep: true\n    revoke: true',
    '4:5: flows[0].keep excludes revoke',
  ],
  [
    'the same name twice',
    '- {name: a, sign_in: {}}\n  - {name: a, sign_in: {}}',
    '4:6: flows[1].name is also that of flows[0]',
  ],
  [
    'a client that is not named',
    'version: 1\nclients: {backend: a.json}\nflows:\n  - sign_in: {}\n    client: backends\n',
    '5:5: flows[0].client is no name of clients; did you mean backend?',
  ],
  [
    'a client file that is missing',
    'version: 1\nclients:\n  backend: nowhere.json\nflows:\n  - {sign_in: {}, client: backend}\n',
    '3:3: nowhere.json does not exist.',
  ],
  [
    'a client file of another kind',
    'version: 1\nclient: service.json\nflows:\n  - sign_in: {}\n',
    '2:1: service.json is a service account key.',
  ],
  [
    'a token URI that is neither Google’s nor this machine’s',
    'version: 1\nclient: elsewhere.json\nflows:\n  - code: {env: CODE}\n',
    '2:1: The token_uri names https://login.example.com, which is neither Google nor this machine',
  ],
  [
    'a sign-in at Google',
    'version: 1\nclient: google.json\nflows:\n  - code: {env: CODE}\n  - sign_in: {}\n',
    '5:5: flows[1].sign_in needs the client file of an emulator',
  ],
  [
    'extra scopes beyond nothing',
    '- account: x\n    expect:\n      extra_scopes: false',
    '5:7: flows[0].expect.extra_scopes needs expect.scopes beside extra_scopes: false',
  ],
  [
    'a failure that cannot come',
    '- sign_in: {}\n    expect: {failure: {check: code.replay}}',
    '4:14: flows[0].expect.failure waits for code.replay, which needs replay: true',
  ],
  [
    'a fault that is none',
    '- sign_in:\n      faults: [no refresh token]',
    '4:16: flows[0].sign_in.faults[0] must be a fault: name, or name:parameter=value',
  ],
  [
    'a fault that there is not',
    '- sign_in:\n      faults: [no-id-token, everything]',
    '4:29: flows[0].sign_in.faults[1] cannot be had: There is no fault "everything".',
  ],
  [
    'a misspelt fault',
    '- sign_in: {faults: [no-id-tokn]}',
    '3:24: flows[0].sign_in.faults[0] cannot be had: There is no fault "no-id-tokn"; did you mean no-id-token?',
  ],
  [
    'a fault without the parameter',
    '- sign_in: {faults: ["status:staus=429"]}',
    '3:24: flows[0].sign_in.faults[0] cannot be had: status has no parameter "staus"; it takes times, user, client, path, method, status, retry_after, message.',
  ],
  [
    'a fault whose number is none',
    '- sign_in: {faults: ["status:status=abc"]}',
    '3:24: flows[0].sign_in.faults[0] cannot be had: "status" of status must be a whole number from 200 to 599.',
  ],
  [
    'a fault beyond its bounds',
    '- sign_in: {faults: ["status:status=99999"]}',
    '3:24: flows[0].sign_in.faults[0] cannot be had: "status" of status must be a whole number from 200 to 599.',
  ],
  [
    'a fault that happens half a time',
    '- sign_in: {faults: ["status:times=0.5"]}',
    '3:24: flows[0].sign_in.faults[0] cannot be had: "times" must be a positive whole number or "always".',
  ],
  [
    'a fault with a parameter without value',
    '- sign_in: {faults: ["status:429"]}',
    '3:24: flows[0].sign_in.faults[0] cannot be had: "429" of status is no parameter=value.',
  ],
  [
    'a fault with a text in place of entries',
    '- sign_in: {faults: ["odd-id-token:set=x"]}',
    '3:24: flows[0].sign_in.faults[0] cannot be had: "set" of odd-id-token must be a map.',
  ],
  [
    'blank scopes',
    '- account: x\n    expect: {scopes: " ", extra_scopes: false}',
    '4:14: flows[0].expect.scopes must be a scope, such as openid',
  ],
  [
    'a blank address',
    'version: 1\nclient: client_secret_test.json\nflows:\n  - sign_in: {}\n    expect: {email: " "}\n',
    '5:14: flows[0].expect.email must be a text that is not blank',
  ],
  [
    'a blank scope among others',
    '- sign_in: {scopes: [openid, ""]}',
    '3:32: flows[0].sign_in.scopes[1] must be a scope, such as openid',
  ],
  [
    'a wait for an end that is allowed',
    '- account: x\n    expect: {failure: {check: refresh_token.permanent}}',
    '4:14: waits for refresh_token.permanent, which needs expiring_grant: false',
  ],
  [
    'JSON that was cut off',
    '{"version":1,"flows":[{"sign_in"',
    '1:33: this is no JSON: it ends in the middle of a map',
  ],
  [
    'a comment in JSON',
    '{"version": 1,\n  // the flows\n  "flows": [{"sign_in": {}}]}',
    '2:3: this is no JSON: there are no comments in it',
  ],
  [
    'a version in quotes',
    '{"version": "1", "flows": [{"sign_in": {}}]}',
    '1:2: version must be 1, without quotes',
  ],
  [
    'more flows than are taken',
    '- {sign_in: {}, repeat: 9999}\n  - {sign_in: {}, repeat: 2}',
    '2:1: flows come to 10001; 10000 are taken',
  ],
];

describe('a wrong plan', () => {
  let desk: Desk;
  beforeEach(() => {
    desk = createDesk();
    const { web } = desk.emulator.clientFile();
    const google = { ...web, token_uri: 'https://oauth2.googleapis.com/token' };
    const elsewhere = { ...web, token_uri: 'https://login.example.com/token' };
    desk.file('google.json', JSON.stringify({ web: google }));
    desk.file('elsewhere.json', JSON.stringify({ web: elsewhere }));
    desk.file('service.json', JSON.stringify({ type: 'service_account' }));
  });
  afterEach(() => desk.dispose());

  it.each(wrong)(
    'with %s is refused at its line, and nothing is sent',
    async (_name, plan, says) => {
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
    },
  );

  it('without any client names the flow', async () => {
    const path = desk.file('plan.yaml', 'version: 1\nflows:\n  - sign_in: {}\n');
    const env = { GSAC_CLIENT: undefined };
    const error = expectFailure(
      await desk.run(['verify', '--plan', path, '--json'], { env }),
      'usage',
    );
    expect(error.message).toBe(
      `${path}:3:5: flows[0] has no client; give the plan one (client: <file>), or --client.`,
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
