import type { JsonSchema } from '../../schema/document.js';

const text = (description: string, more: object = {}) => ({ type: 'string', description, ...more });
const texts = (description: string, more: object = {}) => ({
  type: 'array',
  description,
  items: { type: 'string', minLength: 1 },
  ...more,
});
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

const file = {
  type: 'object',
  description: 'A file of the application data folder.',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: text('The name; several files may have the same.', { minLength: 1 }),
    mime_type: text('text/plain, or application/octet-stream with content_base64, where left out.'),
    content: text('The content as text (UTF-8).'),
    content_base64: text('The content as base64, in place of content.', {
      pattern: '^[A-Za-z0-9+/\\s]*={0,2}\\s*$',
      'x-expected': 'base64',
    }),
    created_at: text('2025-01-01T00:00:00Z where left out.', TIME),
    modified_at: text('created_at where left out.', TIME),
  },
};

const user = {
  type: 'object',
  description: 'A person with a Google account. What is left out is invented.',
  required: ['email'],
  additionalProperties: false,
  properties: {
    email: text('The address; how sign-in and faults name the person.', {
      pattern: '^[^@\\s]+@[^@\\s]+$',
      'x-expected': 'an email address',
    }),
    sub: text('The account id, 21 digits at Google. In quotes: it is too long for a number.', {
      pattern: '^[\\x21-\\x7e]{1,255}$',
      'x-expected': 'a text of 1 to 255 characters without blanks',
    }),
    email_verified: { type: 'boolean', description: 'true where left out.' },
    name: text('The whole name.'),
    given_name: text('The first name.'),
    family_name: text('The last name.'),
    picture: text('The address of a picture.'),
    hd: text('The Workspace domain; left out for consumer accounts.'),
    locale: text('Such as de; left out of the claims where left out here.'),
    grants: texts(
      'The scopes that the person ticks at consent, such as drive.appdata; those of name and email ' +
        'have no box and are always given. Everything asked where left out. In a browser the boxes decide.',
    ),
    files: { type: 'array', description: 'In the project of the first client.', items: file },
  },
};

const client = {
  type: 'object',
  description: 'An OAuth client. Its id tells its project.',
  required: ['client_id'],
  additionalProperties: false,
  properties: {
    client_id: text('<project number>-<32 characters>.apps.googleusercontent.com', {
      pattern: '^[0-9]+-[A-Za-z0-9_-]+\\.apps\\.googleusercontent\\.com$',
      'x-expected': 'a client id: <project number>-<32 characters>.apps.googleusercontent.com',
    }),
    kind: {
      enum: ['web', 'ios', 'android', 'installed'],
      description: 'web where left out; installed is a desktop client. Phones have no secret.',
    },
    client_secret: text('Of web and desktop clients; one that guards nothing where left out.', {
      minLength: 1,
    }),
    project_id: text('The name of the project.'),
    publishing: {
      enum: ['production', 'testing'],
      description: 'In testing, grants of more than name and email end after seven days.',
    },
    redirect_uris: texts('Where a browser may be sent back to.'),
    javascript_origins: texts('The origins of web pages.'),
    status: {
      enum: ['active', 'deleted', 'disabled'],
      description: 'Deleted and disabled clients are refused with their own errors.',
    },
  },
};

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
        name: text('Which one.'),
        times: {
          anyOf: [{ type: 'integer', minimum: 1 }, { const: 'always' }],
          description: 'How many requests it hits; 1 where left out.',
        },
        user: text('The email or sub of whom it hits.'),
        client: text('The client id that it hits.'),
        path: text('The path that it hits; with * at its end all that begin so.'),
        method: text('The HTTP method that it hits.'),
      },
    },
  ],
};

/** What `gsac emulator start --config` reads. Printed by `gsac emulator config-schema`. */
export const EMULATOR_CONFIG_SCHEMA: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'gsac emulator',
  description: 'Who exists on the emulated Google, and how it behaves.',
  type: 'object',
  additionalProperties: false,
  properties: {
    $schema: text('For editors; ignored.'),
    seed: text('Makes codes, tokens, ids and signing keys the same in every run.', {
      minLength: 1,
    }),
    clock: text(
      'A time at which the clock stands still, or how far it runs ahead (+2h) or behind (-90m).',
      {
        pattern: `${TIME.pattern}|^[+-](\\d+(\\.\\d+)?[smhdw])+$`,
        'x-expected': 'a time such as 2026-01-15T12:00:00Z, or an offset such as +2h in quotes',
      },
    ),
    code_lifetime_seconds: seconds('How long a code can be redeemed; 600.', 86_400),
    access_token_lifetime_seconds: seconds('How long an access token works; 3599.', 43_200),
    seed_files: {
      type: 'integer',
      minimum: 0,
      maximum: 1_000_000,
      description: 'How many files more the first user has; 0.',
    },
    clients: {
      type: 'array',
      minItems: 1,
      items: client,
      description:
        'In place of the usual ones. The first web client is the one of the client file.',
    },
    users: {
      type: 'array',
      minItems: 1,
      items: user,
      description: 'In place of the usual ones. The first one signs in where nobody is named.',
    },
    faults: { type: 'array', items: fault, description: 'What goes wrong from the start.' },
    switches: {
      type: 'object',
      description: 'What Google does where nobody has verified it.',
      additionalProperties: false,
      properties: {
        reuse_revokes_tokens: {
          type: 'boolean',
          description: 'Whether a second use of a code ends the tokens of the first; false.',
        },
        redeemed_wording: {
          enum: ['Bad Request', 'Code was already redeemed.'],
          description: 'What is said to a code that is used twice; Bad Request.',
        },
        revoke_body: { enum: ['{}', ''], description: 'The body of a revocation; {}.' },
        mismatch_burns_code: {
          type: 'boolean',
          description: 'Whether a wrong redirect URI or verifier spends the code; false.',
        },
        admin_policy_status: {
          enum: [400, 401, 403],
          description: 'The HTTP status of admin_policy_enforced; 400.',
        },
      },
    },
  },
};
