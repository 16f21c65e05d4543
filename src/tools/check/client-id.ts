/** What a value that should be a client ID is. */
export type IdShape =
  | { shape: 'right'; id: string; projectNumber: string }
  | { shape: 'variable' }
  | { shape: 'not-string' }
  | { shape: 'placeholder' }
  | { shape: 'blank'; id: string }
  | { shape: 'reversed'; id: string }
  | { shape: 'api-key' }
  | { shape: 'secret' }
  | { shape: 'malformed'; how: string };

const suffix = '.apps.googleusercontent.com';
const right = /^(\d{5,})(?:-([a-z0-9_]+))?\.apps\.googleusercontent\.com$/i;
const variable =
  /\$\([^()]*\)|\$\{[^{}]*\}|^\$\w+$|^@[\w-]+\/|^(?!.*your)(?:__[A-Z\d_]+__|%\w+%|#\{\w+\}#|\{\{\s*[\w.]+\s*\}\})$/i;
const filler =
  /[<>{}[\]…]|your|undefined|^null$|placeholder|replace|changeme|paste|insert|todo|x{4}|\.\.\.|^(?:web|ios|android|server|google|oauth)*[_-]?client[_-]?id\b/i;

/**
 * Tells what a value is that stands where a client ID belongs.
 *
 * It does not know whether Google has such a client.
 */
export function toIdShape(value: unknown): IdShape {
  if (typeof value !== 'string') return { shape: 'not-string' };
  if (variable.test(value)) return { shape: 'variable' };
  const bare = value
    .trim()
    .replace(/^["'“”‘’]+|(?<!["'“”‘’])["'“”‘’]+$/g, '')
    .trim();
  if (bare === '') return { shape: 'placeholder' };
  if (/^GOCSPX-/.test(bare)) return { shape: 'secret' };
  if (/^AIza/.test(bare)) return { shape: 'api-key' };
  if (/^com\.googleusercontent\.apps\./i.test(bare)) {
    return { shape: 'reversed', id: toScheme(bare) };
  }
  const parts = right.exec(bare);
  if (parts === null) {
    if (filler.test(bare) || /^[A-Z][A-Z\d]*(_[A-Z\d]+)+$/.test(bare)) {
      return { shape: 'placeholder' };
    }
    return { shape: 'malformed', how: malformation(bare) };
  }
  const hash = parts[2] ?? '';
  if (/x{6}|^(abc(def)?|x+|(example|sample|demo|dummy|test|fake|your)\w{0,12})$/i.test(hash))
    return { shape: 'placeholder' };
  if (bare !== value) return { shape: 'blank', id: bare };
  return { shape: 'right', id: value, projectNumber: parts[1] ?? '' };
}

function malformation(value: string): string {
  if (/^https?:\/\//i.test(value)) return 'has a URL scheme in front';
  if (/@/.test(value)) return 'is an email address';
  if (/(\.apps\.googleusercontent\.com){2}/i.test(value)) return `ends with “${suffix}” twice`;
  if (/^\d+-[a-z0-9_]+$/i.test(value)) return `lacks its ending “${suffix}”`;
  if (/^\d+(-[a-z0-9_]+)?\./i.test(value)) return `does not end with “${suffix}”`;
  return 'has not the form of a client ID';
}

/**
 * The URL scheme that Google answers to: the client ID split on `.`, reversed, lower-cased.
 * The same turns a reversed ID back.
 * @see https://developers.google.com/identity/sign-in/ios/start-integrating
 */
export function toScheme(clientId: string): string {
  return clientId.split('.').reverse().join('.').toLowerCase();
}

/** Whether a text is a build setting or a resource that is filled in later. */
export function isVariable(text: string): boolean {
  return variable.test(text);
}

/** The project number that a right client ID starts with. */
export function projectNumberOf(value: unknown): string | undefined {
  const shape = toIdShape(value);
  return shape.shape === 'right' ? shape.projectNumber : undefined;
}
