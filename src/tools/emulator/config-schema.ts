import { COMMON_PARAMETERS } from '../../emulator/faults/parameters.js';
import { toSnakeCase } from '../../emulator/names.js';
import {
  CLIENT,
  SERVICE_ACCOUNT,
  SWITCHES,
  USER,
  type ValueSchema,
} from '../../emulator/options-schema.js';
import type { JsonSchema } from '../../schema/document.js';

const text = (description: string, more: object = {}) => ({ type: 'string', description, ...more });
const seconds = (description: string, most: number) => ({
  type: 'integer',
  minimum: 1,
  maximum: most,
  description,
});
const TIME = {
  pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}:\\d{2}))?$',
  'x-expected': 'a time such as 2026-01-15T12:00:00Z',
};

/** A part of the library's options under the names of a config file; `more` properties come last. */
function inSnakeCase(
  { properties = {}, required = [], ...rest }: ValueSchema,
  more: Readonly<Record<string, object>> = {},
): JsonSchema {
  const renamed = Object.entries(properties).map(([name, { 'x-expected': words, ...one }]) => [
    toSnakeCase(name),
    // The schema of a list says in words what its entries are.
    { ...one, ...(words === undefined || one.type === 'array' ? {} : { 'x-expected': words }) },
  ]);
  return {
    ...rest,
    required: required.map(toSnakeCase),
    properties: { ...Object.fromEntries(renamed), ...more },
  };
}

const file = {
  type: 'object',
  description: 'A file of the application data folder.',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: text('The name; several files may share one.', { minLength: 1 }),
    mime_type: text('Default: text/plain, or application/octet-stream with content_base64.'),
    content: text('The content as text (UTF-8).'),
    content_base64: text('The content as base64, in place of content.', {
      pattern: '^[A-Za-z0-9+/\\s]*(=\\s*){0,2}$',
      'x-expected': 'base64',
    }),
    created_at: text('Default: 2025-01-01T00:00:00Z.', TIME),
    modified_at: text('Default: created_at.', TIME),
  },
};

const user = inSnakeCase(USER, {
  sub: {
    ...USER.properties?.['sub'],
    pattern: '^[\\x21-\\x7e]{1,255}$',
    'x-expected': 'a text of 1 to 255 characters without blanks',
  },
  files: { type: 'array', description: 'In the project of the first client.', items: file },
});

const client = inSnakeCase(CLIENT, {
  client_id: {
    ...CLIENT.properties?.['clientId'],
    pattern: '^[0-9]+-[A-Za-z0-9_-]+\\.apps\\.googleusercontent\\.com$',
    'x-expected': 'a client ID: <project number>-<32 characters>.apps.googleusercontent.com',
  },
});

const fault = {
  anyOf: [
    {
      type: 'string',
      description: 'Such as status:status=429,times=2',
      'x-expected': 'a fault as text',
    },
    {
      type: 'object',
      required: ['name'],
      description: 'A fault with its parameters; see `gsac emulator faults`.',
      properties: {
        name: text('The name of the fault.'),
        ...Object.fromEntries(
          Object.entries(COMMON_PARAMETERS).map(([name, { summary }]) => [name, text(summary)]),
        ),
        times: {
          anyOf: [{ type: 'integer', minimum: 1 }, { const: 'always' }],
          description: 'How many requests it hits; default: 1.',
        },
      },
    },
  ],
};

/** What `gsac emulator start --config` reads. Printed by `gsac emulator config-schema`. */
export const EMULATOR_CONFIG_SCHEMA: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'gsac emulator',
  description: 'The users and clients of the emulated Google, and how it behaves.',
  type: 'object',
  additionalProperties: false,
  properties: {
    $schema: text('For editors; ignored.'),
    seed: text('Makes codes, tokens, IDs and signing keys the same in every run.', {
      minLength: 1,
    }),
    clock: text(
      'A time at which the clock stands still, or how far it runs ahead (+2h) or behind (-90m).',
      {
        pattern: `${TIME.pattern}|^[+-](\\d+(\\.\\d+)?[smhdw])+$`,
        'x-expected': 'a time such as 2026-01-15T12:00:00Z, or an offset such as +2h in quotes',
      },
    ),
    code_lifetime_seconds: seconds('How long a code can be redeemed; default: 600.', 86_400),
    access_token_lifetime_seconds: seconds(
      'How long an access token works; default: 3599.',
      43_200,
    ),
    seed_files: {
      type: 'integer',
      minimum: 0,
      maximum: 1_000_000,
      description: 'How many more files the first user has; default: 0.',
    },
    clients: {
      type: 'array',
      minItems: 1,
      items: client,
      description: 'Replaces the usual clients. The client file is that of the first web client.',
    },
    service_accounts: {
      type: 'array',
      minItems: 1,
      items: inSnakeCase(SERVICE_ACCOUNT),
      description: 'Replaces the usual service account; --service-account-out writes the first.',
    },
    users: {
      type: 'array',
      minItems: 1,
      items: user,
      description: 'Replaces the usual users. The first one signs in by default.',
    },
    faults: { type: 'array', items: fault, description: 'What goes wrong from the start.' },
    switches: inSnakeCase(SWITCHES),
  },
};
