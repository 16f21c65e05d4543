import { codeSources } from '../../../core/auth-code.js';
import type { JsonSchema } from '../../../schema/document.js';
import { EXPECTED } from '../../../schema/expectation.js';
import { checkTitles } from '../run-flow.js';

/** Blanks alone are a variable that somebody forgot to fill in: a gate without scopes always passes. */
/** What would be missed if it were blank. */
const word = { type: 'string', pattern: '\\S', [EXPECTED]: 'a text that is not blank' };
const scope = { type: 'string', pattern: '[^\\s,]', [EXPECTED]: 'a scope, such as openid' };

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

const variableName = {
  type: 'string',
  pattern: '^[A-Za-z_]\\w*$',
  [EXPECTED]: 'a variable’s name',
};

const failure = {
  type: 'object',
  description: 'A check that must fail. Where it does, it passes; where it passes, it fails.',
  required: ['check'],
  additionalProperties: false,
  [EXPECTED]: '{check: <id>, error: <code>}',
  properties: {
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
  },
};

const expectations = {
  type: 'object',
  description: 'What the flow is held to, beside what every flow is held to.',
  additionalProperties: false,
  properties: {
    scopes: {
      ...scopes,
      description: 'Each must be granted. A sign-in is held to what it asks for in any case.',
    },
    extra_scopes: {
      description: 'false: a granted scope beyond those is a failure.',
      type: 'boolean',
    },
    sub: { ...word, description: 'Who it must be, by Google’s id; in quotes.' },
    email: { ...word, description: 'Who it must be, by address.' },
    hosted_domain: { ...word, description: 'Which Workspace domain the person must be of.' },
    email_verified: { description: 'true: the claim must be true.', type: 'boolean' },
    expiring_grant: {
      description: 'false: a refresh token with a stated end is a failure.',
      type: 'boolean',
    },
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
  },
};

const fault = {
  description:
    'A fault of the emulator as `gsac emulator start --fault` takes it: name, or name:parameter=value,parameter=value; `gsac emulator faults` lists them. It hits the flow’s user alone, or client where no user is named, unless it says user, client or path itself.',
  type: 'string',
  pattern: '^\\s*[\\w-]+\\s*(:[\\s\\S]*)?$',
  [EXPECTED]: 'a fault: name, or name:parameter=value,parameter=value',
};

const flow = {
  type: 'object',
  description: 'One flow. It begins with exactly one of account, code and sign_in.',
  additionalProperties: false,
  properties: {
    name: { description: 'What reports call it; unique.', type: 'string', minLength: 1 },
    client: {
      description: 'A name from `clients`; without it the plan’s `client`, else --client.',
      type: 'string',
      minLength: 1,
    },
    account: {
      description: 'A stored account, by email address, sub or key.',
      type: 'string',
      minLength: 1,
    },
    code: {
      type: 'object',
      description: 'A code, from a variable or a file. A code itself never stands in a plan.',
      additionalProperties: false,
      [EXPECTED]: '{env: <variable>} or {file: <path>}: a code itself never stands in a plan',
      properties: {
        env: { ...variableName, description: 'The variable that holds the code.' },
        file: {
          description: 'The file that holds the code; a relative path begins at the plan’s folder.',
          type: 'string',
          minLength: 1,
        },
      },
    },
    source: { ...source, description: `${source.description} Of a code.` },
    redirect_uri: { ...redirectUri, description: `${redirectUri.description} Of a code.` },
    code_verifier: {
      type: 'object',
      description: 'The PKCE verifier of the code’s authorization request, from a variable.',
      required: ['env'],
      additionalProperties: false,
      [EXPECTED]: '{env: <variable>}',
      properties: { env: { ...variableName, description: 'The variable that holds it.' } },
    },
    sign_in: {
      type: 'object',
      description: 'A sign-in at the emulator that the client file points at.',
      additionalProperties: false,
      properties: {
        user: { description: 'Email address; the first user.', type: 'string', minLength: 1 },
        scopes: { ...scopes, description: 'What is asked for.' },
        source,
        redirect_uri: redirectUri,
        faults: {
          description: 'What goes wrong on the way; flows with faults run alone, after the others.',
          type: 'array',
          minItems: 1,
          items: fault,
        },
      },
    },
    expect: { $ref: '#/definitions/expectations' },
    replay: {
      description: 'true: sends the code a second time, which must be refused.',
      type: 'boolean',
    },
    revoke: {
      description: 'true: revokes in the end; both tokens must be dead then.',
      type: 'boolean',
    },
    keep: {
      description: 'true: stores the refresh token of a code or sign-in, as `gsac exchange` does.',
      type: 'boolean',
    },
    repeat: {
      description: 'How often the flow is run.',
      type: 'integer',
      minimum: 1,
      maximum: 10_000,
    },
  },
};

/**
 * The JSON Schema (draft-07) of a plan for `gsac verify --plan`: what plans are read against, and what
 * editors complete and explain by. It does not say which keys exclude each other.
 */
export const planSchema: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'gsac plan',
  description: 'Token flows that `gsac verify --plan` runs, and what is expected of them.',
  type: 'object',
  required: ['version', 'flows'],
  additionalProperties: false,
  definitions: { failure, expectations, flow },
  properties: {
    $schema: { description: 'Where an editor finds this schema.', type: 'string' },
    version: { description: 'Of this format: 1.', const: 1 },
    name: { description: 'What reports call the plan; its file.', type: 'string', minLength: 1 },
    client: {
      description:
        'The client file of flows that name none; a relative path begins at the plan’s folder.',
      type: 'string',
      minLength: 1,
    },
    clients: {
      description: 'Client files by the names that flows call them.',
      type: 'object',
      minProperties: 1,
      additionalProperties: { type: 'string', minLength: 1 },
    },
    defaults: {
      description: 'What holds for every flow that does not say otherwise, key by key.',
      type: 'object',
      additionalProperties: false,
      properties: {
        expect: { $ref: '#/definitions/expectations' },
        scopes: { ...scopes, description: 'What sign-ins ask for.' },
        source,
      },
    },
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
  },
};
