import { FORGERIES } from './risc/forgeries.js';
import { EVENT_TYPES } from './risc/security-events.js';

/**
 * What a value must be: JSON Schema (draft-07) as far as `checkValue` knows it, so that the schema
 * of a config file can be made of the same parts, and two words more.
 */
export interface ValueSchema {
  readonly type?: 'string' | 'boolean' | 'integer' | 'array' | 'object';
  readonly description?: string | undefined;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly items?: ValueSchema;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  /** What it must be, in words. */
  readonly 'x-expected'?: string;
  /** Tells what JSON Schema has no words for. */
  readonly test?: (value: unknown) => boolean;
  /** Of a list: the property that must differ in each entry, capital letters or not. */
  readonly unique?: string;
}

const text = (description?: string, more: ValueSchema = {}): ValueSchema => ({
  type: 'string',
  description,
  ...more,
});
const flag = (description?: string): ValueSchema => ({ type: 'boolean', description });
const texts = (description?: string): ValueSchema => ({
  type: 'array',
  description,
  items: { type: 'string', minLength: 1 },
  'x-expected': 'a list of texts',
});
const is = (words: string, test: (value: unknown) => boolean): ValueSchema => ({
  'x-expected': words,
  test,
});
const map = (
  properties: Readonly<Record<string, ValueSchema>>,
  ...required: readonly string[]
): ValueSchema => ({ type: 'object', required, additionalProperties: false, properties });

/** A user, but for the files: a config file writes them in its own way. */
export const USER: ValueSchema = {
  ...map(
    {
      email: text('The email address, by which sign-in and faults name the user.', {
        pattern: '^[^@\\s]+@[^@\\s]+$',
        'x-expected': 'an email address',
      }),
      sub: text('The account ID, 21 digits at Google. Quote it: it is too long for a number.'),
      emailVerified: flag('Default: true.'),
      name: text('The whole name.'),
      givenName: text('The first name.'),
      familyName: text('The last name.'),
      picture: text('The address of a picture.'),
      hd: text('The Workspace domain; a consumer account has none.'),
      locale: text('Such as de; without it, the claims have no locale.'),
      grants: texts(
        'The scopes that the user ticks at consent, such as drive.appdata; default: all. Scopes of name ' +
          'and email have no box and are always granted. In a browser, the boxes decide.',
      ),
    },
    'email',
  ),
  description: 'A user with a Google account. The emulator invents what is missing.',
};

/** An OAuth client. */
export const CLIENT: ValueSchema = {
  ...map(
    {
      clientId: text('<project number>-<32 characters>.apps.googleusercontent.com'),
      kind: {
        enum: ['web', 'ios', 'android', 'installed', 'device'],
        description:
          'Default: web. installed is a desktop client, device one of TVs and limited-input devices. ' +
          'Clients of phones have no secret.',
      },
      clientSecret: text(
        'Of web, desktop and device clients; default: one that protects nothing.',
        {
          minLength: 1,
        },
      ),
      projectId: text('The name of the project.'),
      publishing: {
        enum: ['production', 'testing'],
        description: 'In testing, grants of more than name and email end after seven days.',
      },
      redirectUris: texts('The addresses that a browser may be sent back to.'),
      javascriptOrigins: texts('The origins of web pages.'),
      status: {
        enum: ['active', 'deleted', 'disabled'],
        description: 'Deleted and disabled clients are refused with their own errors.',
      },
    },
    'clientId',
  ),
  description: 'An OAuth client. Its ID names its project.',
};

/** A service account. */
export const SERVICE_ACCOUNT: ValueSchema = {
  ...map(
    {
      email: text('<name>@<project ID>.iam.gserviceaccount.com', {
        pattern: '^[^@\\s]+@[^@\\s]+$',
        'x-expected': 'an email address',
      }),
      uniqueId: text('The account ID, 21 digits at Google. Quote it: it is too long for a number.'),
      projectNumber: text('The number of its project; default: that of the first client.'),
      delegatedScopes: texts(
        'The scopes for which it may act for the users of Workspace domains; default: none.',
      ),
      status: {
        enum: ['active', 'deleted', 'disabled'],
        description: 'Google does not find deleted and disabled service accounts.',
      },
    },
    'email',
  ),
  description: 'A service account. All of them sign with one public test key.',
};

/** Behaviour of Google that nobody has verified. */
export const SWITCHES: ValueSchema = {
  ...map({
    reuseRevokesTokens: flag(
      'Whether a second use of a code revokes the tokens of the first; default: false.',
    ),
    redeemedWording: {
      enum: ['Bad Request', 'Code was already redeemed.'],
      description: 'The description for a code that is used twice; default: Bad Request.',
    },
    revokeBody: { enum: ['{}', ''], description: 'The body of a revocation; default: {}.' },
    mismatchBurnsCode: flag(
      'Whether a wrong redirect URI or verifier spends the code; default: false.',
    ),
    deviceAppdata: flag(
      'Whether devices may ask for drive.appdata: Google documents it, and refused it; default: false.',
    ),
    adminPolicyStatus: {
      enum: [400, 401, 403],
      description: 'The HTTP status of admin_policy_enforced; default: 400.',
    },
  }),
  description: 'Behaviour of Google that nobody has verified.',
};

/** A time that a Date holds. */
export const TIME = is(
  'a time in epoch milliseconds',
  (value) => typeof value === 'number' && !Number.isNaN(new Date(value).getTime()),
);

const content = is(
  'a text or a Uint8Array',
  (value) => typeof value === 'string' || value instanceof Uint8Array,
);
const FILE_FIELDS = { name: text(), mimeType: text(), content, createdAt: TIME, modifiedAt: TIME };
const FILE = map(FILE_FIELDS, ...Object.keys(FILE_FIELDS));

/** A fault as it is ordered; the fault itself knows its parameters. */
export const FAULT = is('a text, or an object with the name of a fault', (value) => {
  const isOrder = typeof value === 'object' && value !== null && 'name' in value;
  return typeof value === 'string' || (isOrder && typeof value.name === 'string');
});

const aFunction = is('a function', (value) => typeof value === 'function');

/** As long as the parameters of faults may be, which every date survives. */
const lifetime = is(
  'a number of seconds from 0 on',
  (value) => typeof value === 'number' && value >= 0 && value <= 1e10,
);

/** A list whose entries have one name each; the first one is who signs in where nobody is named. */
const named = (what: string, items: ValueSchema, unique: string): ValueSchema => ({
  type: 'array',
  items,
  minItems: 1,
  unique,
  'x-expected': `a list of ${what}, one at least`,
});

/** Whether a text is an http(s) address. */
export function isWebAddress(value: unknown): boolean {
  return (
    typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
  );
}

const ADDRESS = is('an http(s) address', isWebAddress);

/** A security event that is posted. */
export const SECURITY_EVENT = map(
  {
    event: { enum: Object.keys(EVENT_TYPES) },
    user: text(),
    clientId: text(),
    receiver: ADDRESS,
    forgery: { enum: Object.keys(FORGERIES) },
    reason: { enum: ['hijacking', 'bulk-account'] },
    state: text(),
    timeoutSeconds: is(
      'a number of seconds, an hour at most',
      (value) => typeof value === 'number' && value > 0 && value <= 3600,
    ),
  },
  'event',
);

/** The options of `createEmulator`. */
export const OPTIONS = map({
  clock: { ...aFunction, 'x-expected': 'a function that returns epoch milliseconds' },
  origin: is(
    'an origin such as http://127.0.0.1:8085',
    (value) =>
      typeof value === 'string' && URL.canParse(value) && /^https?:\/\/[^/]+\/*$/.test(value),
  ),
  codeLifetimeSeconds: lifetime,
  accessTokenLifetimeSeconds: lifetime,
  seedFiles: { type: 'integer', minimum: 0, 'x-expected': 'a whole number from 0 on' },
  users: named(
    'users',
    {
      ...USER,
      properties: {
        ...USER.properties,
        files: { type: 'array', items: FILE, 'x-expected': 'a list of files' },
      },
    },
    'email',
  ),
  clients: named('clients', CLIENT, 'clientId'),
  serviceAccounts: named('service accounts', SERVICE_ACCOUNT, 'email'),
  seed: text(),
  faults: { type: 'array', items: FAULT, 'x-expected': 'a list of faults' },
  // What was saved is looked at where it is read.
  saved: {},
  onChange: aFunction,
  switches: SWITCHES,
  onRequest: aFunction,
  riscReceiver: ADDRESS,
  onDelivery: aFunction,
  sleep: aFunction,
});

/** What a sign-in may ask for. */
export const SIGN_IN = map({
  clientId: text(),
  appClientId: text(),
  user: text(),
  create: flag(),
  scopes: { type: 'array', items: text(), 'x-expected': 'a list of texts' },
  // Google, too, has an opinion of it.
  source: text(),
  redirectUri: text(),
  codeChallenge: text(),
  codeChallengeMethod: { enum: ['S256', 'plain'] },
  nonce: text(),
  forceConsent: flag(),
  accessType: { enum: ['offline', 'online'] },
});

const PORT = is(
  'a port, 0 to 65535',
  (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535,
);

/** Whose access is removed. */
export const REVOKE = map({ user: text(), clientId: text() });

/** How far the clock of a running emulator is set forward. */
export const CLOCK = map(
  {
    advanceSeconds: is(
      'a number of seconds, a century at most',
      (value) => typeof value === 'number' && Math.abs(value) <= 3.2e9,
    ),
  },
  'advanceSeconds',
);

/** Where to listen. */
export const LISTEN = map({
  port: PORT,
  host: text(),
});

/** How it stands between programs and Google. */
export const INTERCEPT = map({
  passThrough: texts(),
  port: PORT,
});

/** A path of the log. */
export const PATHNAME = is(
  'a path that begins with /',
  (value) => typeof value === 'string' && value.startsWith('/'),
);

/** A number that can be reckoned with. */
export const NUMBER = is('a number', (value) => Number.isFinite(value));
