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
  [EXPECTED]: 'a variable’s name',
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
  [EXPECTED]: 'a list of scopes, or a text with blanks between them',
};

const source = {
  description:
    'Where the code comes from, which decides on redirect_uri: empty for phones, postmessage for a popup.',
  enum: codeSources,
};

const redirectUri = {
  description: 'The redirect URI that the code is issued for, in place of the source’s own.',
  type: 'string',
};

const failure = {
  ...record('A check that must fail. Where it does, it passes; where it passes, it fails.', {
    check: {
      description: 'The check’s id, as reports show it.',
      enum: Object.keys(checkTitles),
    },
    error: {
      description:
        'The error code of gsac, or the error that the server names: invalid_grant. Any, where it is left out.',
      type: 'string',
      pattern: '^[a-zA-Z_]+$',
      [EXPECTED]: 'an error’s name, such as invalid_grant',
    },
  }),
  required: ['check'],
  [EXPECTED]: '{check: <id>, error: <code>}',
};

const expectations = record('What the flow is held to, beside what every flow is held to.', {
  scopes: {
    ...scopes,
    description: 'Each must be granted. A sign-in is held to what it asks for in any case.',
  },
  extra_scopes: flag('false: a granted scope beyond those is a failure.'),
  sub: { ...word, description: 'Who it must be, by Google’s id; in quotes.' },
  email: { ...word, description: 'Who it must be, by address.' },
  hosted_domain: { ...word, description: 'Which Workspace domain the person must be of.' },
  email_verified: flag('true: the claim must be true.'),
  expiring_grant: flag('false: a refresh token with a stated end is a failure.'),
  clock_tolerance_seconds: {
    description: 'Leeway in the ID token’s times; 300.',
    type: 'number',
    minimum: 0,
    maximum: 86_400,
  },
  failure: {
    description: 'What must fail: one check, or a list of them.',
    anyOf: [
      { $ref: '#/definitions/failure' },
      { type: 'array', minItems: 1, items: { $ref: '#/definitions/failure' } },
    ],
  },
});

const fault = {
  description:
    'A fault of the emulator as `gsac emulator start --fault` takes it: name, or name:parameter=value,parameter=value; `gsac emulator faults` lists them. It hits the flow’s user alone, or client where no user is named, unless it says user, client or path itself.',
  type: 'string',
  pattern: '^\\s*[\\w-]+\\s*(:[\\s\\S]*)?$',
  [EXPECTED]: 'a fault: name, or name:parameter=value,parameter=value',
};

const flow = record('One flow. It begins with exactly one of account, code and sign_in.', {
  name: text('What reports call it; unique.'),
  client: text('A name from `clients`; without it the plan’s `client`, else --client.'),
  account: text('A stored account, by email address, sub or key.'),
  code: {
    ...record('A code, from a variable or a file. A code itself never stands in a plan.', {
      env: { ...variableName, description: 'The variable that holds the code.' },
      file: text('The file that holds the code; a relative path begins at the plan’s folder.'),
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
    user: text('Email address; the first user.'),
    scopes: { ...scopes, description: 'What is asked for.' },
    source,
    redirect_uri: redirectUri,
    faults: {
      description: 'What goes wrong on the way; flows with faults run alone, after the others.',
      type: 'array',
      minItems: 1,
      items: fault,
    },
  }),
  expect: { $ref: '#/definitions/expectations' },
  replay: flag('true: sends the code a second time, which must be refused.'),
  revoke: flag('true: revokes in the end; both tokens must be dead then.'),
  keep: flag('true: stores the refresh token of a code or sign-in, as `gsac exchange` does.'),
  repeat: {
    description: 'How often the flow is run.',
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
  ...record('Token flows that `gsac verify --plan` runs, and what is expected of them.', {
    $schema: { description: 'Where an editor finds this schema.', type: 'string' },
    version: { description: 'Of this format: 1.', const: 1 },
    name: text('What reports call the plan; its file.'),
    client: text(
      'The client file of flows that name none; a relative path begins at the plan’s folder.',
    ),
    clients: {
      description: 'Client files by the names that flows call them.',
      type: 'object',
      minProperties: 1,
      additionalProperties: { type: 'string', minLength: 1 },
    },
    defaults: record('What holds for every flow that does not say otherwise, key by key.', {
      expect: { $ref: '#/definitions/expectations' },
      scopes: { ...scopes, description: 'What sign-ins ask for.' },
      source,
    }),
    concurrency: {
      description: 'How many flows run at once; 16. --concurrency goes before it.',
      type: 'integer',
      minimum: 1,
      maximum: 64,
    },
    flows: {
      description: 'The flows, in the order of reports.',
      type: 'array',
      minItems: 1,
      maxItems: 10_000,
      items: { $ref: '#/definitions/flow' },
    },
  }),
  required: ['version', 'flows'],
  definitions: { failure, expectations, flow },
};
