/** Holds a value to what it should be. @throws {TypeError} in words, with the path of what is wrong. */
type Check = (value: unknown, path: string) => void;

type Shape = Readonly<Record<string, Check>>;

const fail = (path: string, wanted: string, value: unknown): never => {
  throw new TypeError(`${path} must be ${wanted}, not ${describe(value)}`);
};

function typed(type: string, wanted: string): Check {
  return (value, path) => {
    if (typeof value !== type) fail(path, wanted, value);
  };
}

const text = typed('string', 'a text');
const flag = typed('boolean', 'true or false');
const anything: Check = () => undefined;

const number: Check = (value, path) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) fail(path, 'a number', value);
};

/** As long as fault parameters may be, which every date survives. */
const lifetime: Check = (value, path) => {
  if (typeof value !== 'number' || !(value >= 0 && value <= 1e10)) {
    fail(path, 'a number of seconds from 0 on', value);
  }
};

const count: Check = (value, path) => {
  if (!Number.isSafeInteger(value) || Number(value) < 0) {
    fail(path, 'a whole number from 0 on', value);
  }
};

const port: Check = (value, path) => {
  if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > 65_535) {
    fail(path, 'a port, 0 to 65535', value);
  }
};

/** Times that a Date holds. */
const time: Check = (value, path) => {
  if (typeof value !== 'number' || Number.isNaN(new Date(value).getTime())) {
    fail(path, 'a time in epoch milliseconds', value);
  }
};

function listOf(one: Check, wanted: string): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return fail(path, wanted, value);
    for (const [at, entry] of value.entries()) one(entry, `${path}[${at}]`);
  };
}

function oneOf(...values: readonly unknown[]): Check {
  const wanted = values.map((one) => JSON.stringify(one)).join(' or ');
  return (value, path) => {
    if (!values.includes(value)) fail(path, wanted, value);
  };
}

/** An object that has no keys but these, and has those that `needed` names. */
function shaped(shape: Shape, needed: readonly string[] = []): Check {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return fail(path, 'an object', value);
    }
    const fields = new Map<string, unknown>(Object.entries(value));
    for (const [name, field] of fields) {
      const check = Object.hasOwn(shape, name) ? shape[name] : undefined;
      if (!check) throw new TypeError(`${path} has no "${name}"${meant(name, Object.keys(shape))}`);
      if (field !== undefined) check(field, `${path}: ${name}`);
    }
    for (const name of needed) {
      if (fields.get(name) === undefined) throw new TypeError(`${path} needs "${name}"`);
    }
  };
}

const texts = listOf(text, 'a list of texts');

const content: Check = (value, path) => {
  if (typeof value !== 'string' && !(value instanceof Uint8Array)) {
    fail(path, 'a text or a Uint8Array', value);
  }
};

const file = shaped({ name: text, mimeType: text, content, createdAt: time, modifiedAt: time }, [
  'name',
  'mimeType',
  'content',
  'createdAt',
  'modifiedAt',
]);

const address: Check = (value, path) => {
  if (typeof value !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(value)) {
    fail(path, 'an email address', value);
  }
};

/** A path of the log. */
const pathname: Check = (value, path) => {
  if (typeof value !== 'string' || !value.startsWith('/')) {
    fail(path, 'a path that begins with /', value);
  }
};

const user = shaped(
  {
    email: address,
    sub: text,
    emailVerified: flag,
    name: text,
    givenName: text,
    familyName: text,
    picture: text,
    hd: text,
    locale: text,
    grants: texts,
    files: listOf(file, 'a list of files'),
  },
  ['email'],
);

const client = shaped(
  {
    clientId: text,
    kind: oneOf('web', 'ios', 'android', 'installed'),
    clientSecret: text,
    projectId: text,
    publishing: oneOf('production', 'testing'),
    redirectUris: texts,
    javascriptOrigins: texts,
    status: oneOf('active', 'deleted', 'disabled'),
  },
  ['clientId'],
);

const fault: Check = (value, path) => {
  const isOrder =
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string';
  if (typeof value !== 'string' && !isOrder) {
    fail(path, 'a text, or an object with the name of a fault', value);
  }
};

const origin: Check = (value, path) => {
  const isOrigin =
    typeof value === 'string' && URL.canParse(value) && /^https?:\/\/[^/]+\/*$/.test(value);
  if (!isOrigin) fail(path, 'an origin such as http://127.0.0.1:8085', value);
};

/** A list whose entries have one name each; the first one is who signs in where nobody is named. */
function peopled(one: Check, key: string, wanted: string): Check {
  const list = listOf(one, wanted);
  return (value, path) => {
    list(value, path);
    const entries = value as readonly Record<string, string>[];
    if (entries.length === 0) fail(path, `${wanted}, one at least`, value);
    const seen = new Set<string>();
    for (const [at, entry] of entries.entries()) {
      const name = String(entry[key]).toLowerCase();
      if (seen.has(name)) throw new TypeError(`${path}[${at}]: ${key} is that of another, too`);
      seen.add(name);
    }
  };
}

const options = shaped({
  clock: typed('function', 'a function that returns epoch milliseconds'),
  origin,
  codeLifetimeSeconds: lifetime,
  accessTokenLifetimeSeconds: lifetime,
  seedFiles: count,
  users: peopled(user, 'email', 'a list of users'),
  clients: peopled(client, 'clientId', 'a list of clients'),
  seed: text,
  faults: listOf(fault, 'a list of faults'),
  // What was saved is looked at where it is read.
  saved: anything,
  onChange: typed('function', 'a function'),
  switches: shaped({
    reuseRevokesTokens: flag,
    redeemedWording: oneOf('Bad Request', 'Code was already redeemed.'),
    revokeBody: oneOf('{}', ''),
    mismatchBurnsCode: flag,
    adminPolicyStatus: oneOf(400, 401, 403),
  }),
  onRequest: typed('function', 'a function'),
  sleep: typed('function', 'a function'),
});

const signIn = shaped({
  clientId: text,
  appClientId: text,
  user: text,
  scopes: texts,
  // Google, too, has an opinion of these.
  source: text,
  redirectUri: text,
  codeChallenge: text,
  codeChallengeMethod: oneOf('S256', 'plain'),
  nonce: text,
  forceConsent: flag,
  accessType: oneOf('offline', 'online'),
});

/** Looks at what the library is given, which no compiler has to have seen. */
export const CHECKS = {
  options: (value: unknown) => options(value, 'createEmulator'),
  listen: (value: unknown) => shaped({ port, host: text })(value, 'listen'),
  signIn: (value: unknown) => signIn(value, 'signIn'),
  inject: (value: unknown) => fault(value, 'inject'),
  path(value: unknown, method: string) {
    if (value !== undefined) pathname(value, `${method}: path`);
  },
  seconds: (value: unknown) => number(value, 'advance: seconds'),
  time,
} as const;

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}

function meant(typed: string, names: readonly string[]): string {
  const near = names.find((name) => isNear(fold(typed), fold(name)));
  return near === undefined ? `; it takes ${names.join(', ')}` : `; did you mean "${near}"?`;
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

/** Whether letters are in another order, or one or two of them are missing or too many. */
function isNear(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 2) return false;
  const sorted = (name: string) => [...name].sort().join('');
  return sorted(one) === sorted(other) || isWithin(one, other) || isWithin(other, one);
}

function isWithin(short: string, long: string): boolean {
  let at = 0;
  for (const letter of long) if (letter === short[at]) at += 1;
  return at === short.length;
}
