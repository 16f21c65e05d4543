import { codeSources } from '../../../core/auth-code.js';
import type { JsonSchema } from '../../../schema/document.js';
import { EXPECTED } from '../../../schema/expectation.js';
import { checkTitles } from '../run-flow.js';

/** What would be missed if it were blank: a variable that somebody forgot to fill in. */
const word = { type: 'string', pattern: '\\S', [EXPECTED]: 'a text that is not blank' };
const scope = { type: 'string', pattern: '[^\\s,]', [EXPECTED]: 'a scope, such as openid' };
const variableName = {
  type: 'string',
  pattern: '^[A-Za-z_]\\w*$',
  [EXPECTED]: 'the name of a variable',
};

const text = (description: string) => ({ description, type: 'string', minLength: 1 });
const flag = (description: string) => ({ description, type: 'boolean' });
const record = (description: string, properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  description,
  additionalProperties: false,
  properties,
});

const scopes = {
  description: 'Scopes, in full or as shorthands: openid, email, profile, drive.appdata.',
  anyOf: [scope, { type: 'array', minItems: 1, items: scope }],
  [EXPECTED]: 'a list of scopes, or a text with spaces between them',
};

const source = {
  description:
    'Where the code comes from. It decides which redirect_uri is sent: an empty one for phones, postmessage for a popup.',
  enum: codeSources,
};

const redirectUri = {
  description: 'The redirect URI that the code was issued for, instead of the source’s own.',
  type: 'string',
};

const failure = {
  ...record('A check that must fail. If it fails, the flow passes; if it passes, the flow fails.', {
    check: {
      description: 'The ID of the check, as reports show it.',
      enum: Object.keys(checkTitles),
    },
    error: {
      description:
        'The error code of gsac, or the error that the server names, such as invalid_grant. Without it, any error counts.',
      type: 'string',
      pattern: '^[a-zA-Z_]+$',
      [EXPECTED]: 'the name of an error, such as invalid_grant',
    },
  }),
  required: ['check'],
  [EXPECTED]: '{check: <id>, error: <code>}',
};

const expectations = record(
  'What is expected of the flow, beside what is expected of every flow.',
  {
    scopes: {
      ...scopes,
      description: 'Scopes that must be granted. A sign-in must get what it asks for in any case.',
    },
    extra_scopes: flag('false: fail if any other scope is granted.'),
    sub: { ...word, description: 'The sub that the person must have; in quotes.' },
    email: { ...word, description: 'The email address that the person must have.' },
    hosted_domain: { ...word, description: 'The Workspace domain that the person must belong to.' },
    email_verified: flag('true: fail if email_verified is not true.'),
    expiring_grant: flag('false: fail if the refresh token has a stated end.'),
    clock_tolerance_seconds: {
      description: 'The leeway in the ID token’s times, in seconds (300).',
      type: 'number',
      minimum: 0,
      maximum: 86_400,
    },
    failure: {
      description: 'What must fail: one check or a list of them.',
      anyOf: [
        { $ref: '#/definitions/failure' },
        { type: 'array', minItems: 1, items: { $ref: '#/definitions/failure' } },
      ],
    },
  },
);

const fault = {
  description:
    'A fault of the emulator, as `gsac emulator start --fault` takes it: name, or name:parameter=value,parameter=value. `gsac emulator faults` lists them. It hits only the flow’s user (or the flow’s client, if no user is named), unless it names a user, client or path itself.',
  type: 'string',
  pattern: '^\\s*[\\w-]+\\s*(:[\\s\\S]*)?$',
  [EXPECTED]: 'a fault: name, or name:parameter=value,parameter=value',
};

const flow = record('One flow. It begins with exactly one of account, code and sign_in.', {
  name: text('The name of the flow in reports; unique.'),
  client: text(
    'A name from `clients`. Without it, the flow uses the plan’s `client`, else --client.',
  ),
  account: text('A stored account, by email address, sub or key.'),
  code: {
    ...record('A code, from a variable or a file. A code itself never stands in a plan.', {
      env: { ...variableName, description: 'The variable that holds the code.' },
      file: text('The file that holds the code. A relative path begins at the plan’s folder.'),
    }),
    [EXPECTED]: '{env: <variable>} or {file: <path>}: a code itself never stands in a plan',
  },
  source: { ...source, description: `${source.description} Of a code.` },
  redirect_uri: { ...redirectUri, description: `${redirectUri.description} Of a code.` },
  code_verifier: {
    ...record('The PKCE verifier of the code’s authorization request, from a variable.', {
      env: { ...variableName, description: 'The variable that holds it.' },
    }),
    required: ['env'],
    [EXPECTED]: '{env: <variable>}',
  },
  sign_in: record('A sign-in at the emulator that the client file points at.', {
    user: text('The email address of the user; without it, the first user signs in.'),
    scopes: { ...scopes, description: 'The scopes to ask for.' },
    source,
    redirect_uri: redirectUri,
    faults: {
      description:
        'What goes wrong on the way. Flows with faults run after the others, one at a time.',
      type: 'array',
      minItems: 1,
      items: fault,
    },
  }),
  expect: { $ref: '#/definitions/expectations' },
  replay: flag('true: send the code a second time, which must be refused.'),
  revoke: flag('true: revoke at the end; both tokens must be dead afterwards.'),
  keep: flag('true: store the refresh token of a code or sign-in, as `gsac exchange` does.'),
  repeat: {
    description: 'How many times the flow runs.',
    type: 'integer',
    minimum: 1,
    maximum: 10_000,
  },
});

/**
 * The JSON Schema (draft-07) of a plan for `gsac verify --plan`: what plans are read against, and what
 * editors complete and explain by. It does not say which keys exclude each other.
 */
export const planSchema: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'gsac plan',
  ...record('Token flows that `gsac verify --plan` runs, and what you expect of them.', {
    $schema: { description: 'Where an editor finds this schema.', type: 'string' },
    version: { description: 'The version of this format: 1.', const: 1 },
    name: text('The name of the plan in reports; without it, its file name.'),
    client: text(
      'The client file of flows that name none. A relative path begins at the plan’s folder.',
    ),
    clients: {
      description: 'Client files, by the names that flows use for them.',
      type: 'object',
      minProperties: 1,
      additionalProperties: { type: 'string', minLength: 1 },
    },
    defaults: record('Values for every flow that does not set the key itself.', {
      expect: { $ref: '#/definitions/expectations' },
      scopes: { ...scopes, description: 'The scopes that sign-ins ask for.' },
      source,
    }),
    concurrency: {
      description: 'How many flows run at once (16). --concurrency overrides it.',
      type: 'integer',
      minimum: 1,
      maximum: 64,
    },
    flows: {
      description: 'The flows, in the order of the reports.',
      type: 'array',
      minItems: 1,
      maxItems: 10_000,
      items: { $ref: '#/definitions/flow' },
    },
  }),
  required: ['version', 'flows'],
  definitions: { failure, expectations, flow },
};
