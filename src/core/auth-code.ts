import { GsacError } from './errors.js';

/** A one-time code ready to be sent, with what was changed about the pasted text to get it. */
export interface AuthCode {
  code: string;
  /** One short phrase for each change, in the order made; empty where the text was the code. */
  changes: string[];
}

/** The longest code that Google documents, in bytes. */
const maxCodeBytes = 256;

/** Codes that begin like this have more than 70 characters; nothing is known of the length of others. */
const longPrefix = '4/0A';
/** The fewest characters that such a code is sent with. */
const leastCharacters = 60;

// Zero-width characters, soft hyphens and the marks that reorder text.
const invisible = /[\u00AD\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g;
const surroundingQuotes = /^(["'`“”„‘’‚«»])([\s\S]*)(["'`“”‘’«»])$/;
const swiftOptional = /^Optional\(([\s\S]*)\)$/;
const codeFields = ['serverAuthCode', 'server_auth_code', 'authCode', 'auth_code', 'code'] as const;
const codeField = `(?:${codeFields.join('|')})`;
const line = new RegExp(`^["']?${codeField}["']?\\s*[:=]\\s*(\\S[\\s\\S]*)$`, 'i');
const queryStart = new RegExp(`^[a-z][\\w+.-]*:/|^[?#]|(^|[?&#])(${codeField}|error)=`, 'i');

/** One way in which people paste a code; returns undefined where it does not apply. */
type Cleaner = (text: string) => { text: string; change: string } | undefined;

const cleaners: readonly Cleaner[] = [
  (text) => changed(text, text.replace(invisible, ''), 'removed invisible characters'),
  (text) => changed(text, text.trim(), 'removed surrounding whitespace'),
  (text) => extracted(swiftOptional.exec(text)?.[1], 'unwrapped Optional(…)'),
  (text) => extracted(surroundingQuotes.exec(text)?.[2], 'removed quotes'),
  (text) => extracted(codeInJson(text), 'took the code out of a JSON body'),
  (text) => extracted(codeInQuery(text), 'took the code out of a URL or query string'),
  (text) => extracted(line.exec(text)?.[1], 'took the code out of a line of text'),
  (text) => changed(text, text.replace(/[,;]$/, ''), 'removed punctuation at the end'),
  (text) => changed(text, text.replace(/\s+/g, ''), 'removed whitespace inside'),
  // How JSON writes a slash where the writer escapes it.
  (text) => changed(text, text.replace(/^4\\+\//, '4/'), 'removed a backslash'),
  (text) => (/^4%(25)*2F/i.test(text) ? extracted(decodeOnce(text), 'percent-decoded') : undefined),
];

/**
 * Reads a server auth code as people have it: with spaces, line ends and soft wraps, straight or
 * typographic quotes, as Swift's `Optional("…")`, inside a JSON body, a redirect URL or a query
 * string, and percent-encoded any number of times. What already starts with `4/` is never decoded.
 *
 * It does not ask Google: a code that looks right can still be spent, expired or another client's.
 *
 * @throws {GsacError} `code_empty`, `code_unreadable` or `code_not_a_code`; the message names what
 *   the text is instead, never its content.
 * @see https://developers.google.com/identity/protocols/oauth2/web-server#exchange-authorization-code
 */
export function parseAuthCode(pasted: string): AuthCode {
  let text = pasted;
  const changes: string[] = [];
  // Wrappings nest (quotes in Optional in JSON): go on until a whole round changes nothing. Each
  // change shortens the text, so this ends; the bound is for texts built to be slow.
  for (let round = 0; round < 20; round += 1) {
    const before = text;
    for (const clean of cleaners) {
      const cleaned = clean(text);
      if (cleaned === undefined) continue;
      text = cleaned.text;
      if (!changes.includes(cleaned.change)) changes.push(cleaned.change);
    }
    if (text === before) break;
  }
  refuseOthers(text);
  return { code: text, changes };
}

function changed(before: string, after: string, change: string) {
  return after === before ? undefined : { text: after, change };
}

function extracted(text: string | undefined, change: string) {
  return text === undefined ? undefined : { text, change };
}

function decodeOnce(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function codeInJson(text: string): string | undefined {
  if (!text.startsWith('{')) return undefined;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new GsacError('code_unreadable', 'The pasted text starts like JSON but is not JSON.', {
      hint: 'Paste only the value of serverAuthCode; it starts with 4/.',
    });
  }
  const found = findCodeField(body, 3);
  if (found !== undefined) return found;
  const names = Object.keys(body as object)
    .slice(0, 8)
    .join(', ');
  throw new GsacError(
    'code_not_a_code',
    `The pasted JSON has none of the fields that hold a code (${codeFields.join(', ')}).`,
    { hint: names === '' ? 'It is empty.' : `Its fields are: ${names}.` },
  );
}

/** The first field with a code's name, outer ones first; empty where an app printed its null. */
function findCodeField(body: unknown, depth: number): string | undefined {
  if (typeof body !== 'object' || body === null || depth === 0) return undefined;
  const fields = new Map(Object.entries(body));
  for (const name of codeFields) {
    const value: unknown = fields.get(name);
    if (typeof value === 'string') return value;
    if (value === null) return '';
  }
  for (const value of fields.values()) {
    const found = findCodeField(value, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function codeInQuery(text: string): string | undefined {
  if (!queryStart.test(text)) return undefined;
  // A code itself never holds `?`, `&` or `=`, so what follows the first of them is the query.
  const query = text.replace(/^[^?#]*[?#]/, '');
  const parameters = new URLSearchParams(query.replaceAll('#', '&').replaceAll('+', '%2B'));
  for (const name of codeFields) {
    const code = parameters.get(name);
    if (code !== null && code !== '') return code;
  }
  const refused = parameters.get('error');
  if (refused !== null) {
    throw new GsacError(
      'code_not_a_code',
      `The pasted address has no code but the error ${JSON.stringify(refused)}: the sign-in was refused.`,
      { hint: 'Sign in again. If the error is access_denied, allow access on the consent page.' },
    );
  }
  throw new GsacError('code_not_a_code', 'The pasted address has no code= parameter.', {
    hint: 'Paste the address that the browser was sent to after consent, or only the code.',
  });
}

/** What people paste where the code goes, told by its looks, with where it belongs. */
const otherValues: readonly { matches: RegExp; what: string; hint: string }[] = [
  {
    // A code has one slash; another beginning inside is another code.
    matches: /^4\/[^/]+4\//,
    what: 'two codes in one',
    hint: 'Paste one code: the newest.',
  },
  {
    matches: /^1(\/|%(25)*2F){1,2}/i,
    what: 'a refresh token',
    hint: 'A refresh token needs no exchange: import it with `gsac accounts import <file>`.',
  },
  {
    matches: /^ya29\./,
    what: 'an access token',
    hint: 'An access token needs no exchange. The code is what the phone calls serverAuthCode.',
  },
  {
    matches: /^eyJ[\w-]*\.[\w-]+/,
    what: 'a JWT, most likely the ID token',
    hint: 'Read it with `gsac claims --id-token -`. The code is what the phone calls serverAuthCode.',
  },
  {
    matches: /^AIza[\w-]{20,}$/,
    what: 'an API key',
    hint: 'The code is what the phone calls serverAuthCode; it starts with 4/.',
  },
  {
    matches: /^GOCSPX-/,
    what: 'a client secret',
    hint: 'Put the client secret into the client file or GSAC_CLIENT_SECRET. If anyone else may have seen it, make a new one.',
  },
  {
    matches: /\.apps\.googleusercontent\.com$|^com\.googleusercontent\.apps\./i,
    what: 'a client ID',
    hint: 'Pass the client ID with --client or --client-id. The code is what the phone calls serverAuthCode.',
  },
  {
    matches: /^(undefined|null|nil|none|nan|true|false|\[object object\])$/i,
    what: 'an empty value that was printed as text',
    hint: 'The app got no serverAuthCode: set the server client ID (GIDServerClientID, requestServerAuthCode) and sign in interactively.',
  },
  {
    matches:
      /^[<[{$%].*[>\]}]?$|^\$?\{?\{?[\w.]*(auth_?code|server_?auth_?code|your_?code|the_?code)\w*\}?\}?$|^(code|token|xxx+|\.\.\.|…)$|^4\/(\.\.\.|…|xxx+)$/i,
    what: 'a placeholder',
    hint: 'Replace the placeholder with the serverAuthCode that the app got; it starts with 4/.',
  },
];

function refuseOthers(text: string): void {
  if (text === '') {
    throw new GsacError('code_empty', 'The code is empty.', {
      hint: 'Sign in interactively in the app: a restored or silent sign-in returns no serverAuthCode.',
    });
  }
  // Nothing of the kind is longer, and a run of its words would be looked at over and over.
  const start = text.slice(0, 1_000);
  const other = otherValues.find(({ matches }) => matches.test(start));
  if (other !== undefined) {
    throw new GsacError('code_not_a_code', `This is ${other.what}, not a code.`, {
      hint: other.hint,
    });
  }
  if (Buffer.byteLength(text) > maxCodeBytes) {
    throw new GsacError(
      'code_not_a_code',
      `This is ${Buffer.byteLength(text)} bytes long; a code has at most ${maxCodeBytes}.`,
      { hint: 'Paste only the serverAuthCode; it starts with 4/.' },
    );
  }
  if (!text.startsWith('4/')) {
    throw new GsacError('code_not_a_code', 'This is not a code from Google: those start with 4/.', {
      hint: 'Copy the whole serverAuthCode again, including its beginning.',
    });
  }
  if (!/^[\x21-\x7E]+$/.test(text)) {
    throw new GsacError('code_not_a_code', 'The code contains characters that no code has.', {
      hint: 'Copy the serverAuthCode again from where the app printed it.',
    });
  }
  if (text.startsWith(longPrefix) && text.length < leastCharacters) {
    const message = `This code has ${text.length} characters; one that begins with ${longPrefix} has at least ${leastCharacters}.`;
    throw new GsacError('code_not_a_code', message, {
      hint: 'Copy the whole serverAuthCode. It was not sent and may still be good.',
    });
  }
}

/** Where a code comes from, which decides on the redirect URI that it is bound to. */
export const codeSources = ['ios', 'android', 'web-popup', 'web-redirect'] as const;

/** One of {@link codeSources}. */
export type CodeSource = (typeof codeSources)[number];

/**
 * The `redirect_uri` that a code is exchanged with.
 *
 * @param given the one that it was asked for with; that of its source unless told.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3
 */
export function redirectUriOf(source: CodeSource, given: string | undefined): string {
  return given ?? (source === 'web-popup' ? 'postmessage' : '');
}
