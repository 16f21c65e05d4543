import { createLineAt } from '../locate.js';
import type { IdMention, SourceFact } from '../model.js';

/** What an app's source says of sign-in, before it is known where the file lies. */
export interface SourceReading {
  facts: { fact: SourceFact['fact']; line: number }[];
  mentions: Pick<IdMention, 'key' | 'role' | 'value' | 'line'>[];
}

interface Pattern {
  /** What must stand in the file at all for the pattern to be looked for. */
  beside?: RegExp;
  pattern: RegExp;
  fact?: SourceFact['fact'];
  /** Where the pattern has a quoted ID as its last group. */
  mention?: { key: string; role: IdMention['role'] };
}

const literal = `@?(?:"([^"\\n]{1,300})"|'([^'\\n]{1,300})')`;
const quoted = (before: string) => new RegExp(before + literal, 'g');

const apple: readonly Pattern[] = [
  {
    pattern:
      /\bGIDConfiguration(?:\s*\(\s*clientID|\s+alloc\]\s*initWithClientID):(?![\s\S]{0,300}?serverClientID:)/g,
    fact: 'configuration',
  },
  {
    pattern:
      /\bGIDConfiguration(?:\s*\(\s*clientID|\s+alloc\]\s*initWithClientID):[\s\S]{0,300}?serverClientID:/g,
    fact: 'configuration-with-server',
  },
  { pattern: /\bGIDSignIn\b[^\n]{0,300}?\.clientID\s*=[^=]/g, fact: 'configuration' },
  { pattern: /\bGIDSignIn\b[^\n]{0,300}?\.serverClientID\s*=[^=]/g, fact: 'server-id-passed' },
  { pattern: /\bserverAuthCode\b/g, fact: 'server-auth-code' },
  {
    pattern: quoted('\\bGIDConfiguration\\s*\\(\\s*clientID:\\s*'),
    mention: { key: 'clientID', role: 'client' },
  },
  {
    beside: /\bGID(Configuration|SignIn)\b/,
    pattern: quoted('\\bserverClientID\\s*[:=]\\s*'),
    mention: { key: 'serverClientID', role: 'server' },
  },
];

const dart: readonly Pattern[] = [
  {
    beside: /\bGoogleSignIn\b/,
    pattern: /\bserverClientId\s*:(?!\s*null\b)/g,
    fact: 'server-id-passed',
  },
  { beside: /\bGoogleSignIn\b/, pattern: /\bclientId\s*:(?!\s*null\b)/g, fact: 'client-id-passed' },
  { pattern: /\bserverAuthCode\b|\bauthorizeServer\b/g, fact: 'server-auth-code' },
  {
    beside: /\bGoogleSignIn\b/,
    pattern: quoted('\\bserverClientId\\s*[:=]\\s*'),
    mention: { key: 'serverClientId', role: 'server' },
  },
];

const script: readonly Pattern[] = [
  { pattern: /\bGoogleSignin\.configure\s*\(/g, fact: 'configure' },
  { pattern: /\bofflineAccess\s*:(?!\s*false\b)/g, fact: 'offline-access' },
  { pattern: /\bserverAuthCode\b/g, fact: 'server-auth-code' },
  {
    pattern: /\b(webClientId|serverClientId|iOSServerClientId)\b\s*[:,}]/g,
    fact: 'server-id-passed',
  },
  { pattern: /\b(iosClientId|iOSClientId)\b\s*[:,}]/g, fact: 'client-id-passed' },
  {
    beside: /google/i,
    pattern: quoted('\\b(?:webClientId|iOSServerClientId|serverClientId)\\s*[:=]\\s*'),
    mention: { key: 'webClientId', role: 'server' },
  },
  {
    beside: /google/i,
    pattern: quoted('\\b(?:iosClientId|iOSClientId)\\s*[:=]\\s*'),
    mention: { key: 'iosClientId', role: 'client' },
  },
];

const languages: Readonly<Record<string, readonly Pattern[]>> = {
  swift: apple,
  m: apple,
  mm: apple,
  dart,
  js: script,
  jsx: script,
  ts: script,
  tsx: script,
  mjs: script,
  vue: script,
};

/** Endings of the files that are read for what they say of sign-in. */
export const sourceEndings: ReadonlySet<string> = new Set(Object.keys(languages));

/** What a source file must hold to be read for it. */
export const worthReading =
  /GID(?:Configuration|SignIn)|GoogleSign[iI]n|GoogleAuth|[sS]erverAuthCode|authorizeServer|(?:web|ios|iOS|iOSServer|server)ClientI[dD]/;

/**
 * Reads what source says of sign-in, by the plugins' and the SDK's own words. It is no parser: what
 * is put together at run time is not seen, and lines of comment are left out.
 */
export function readSource(text: string, ending: string): SourceReading {
  const reading: SourceReading = { facts: [], mentions: [] };
  const lineAt = createLineAt(text);
  const isComment = commentFinder(text);
  for (const { beside, pattern, fact, mention } of languages[ending] ?? []) {
    if (beside !== undefined && !beside.test(text)) continue;
    for (const found of text.matchAll(pattern)) {
      const line = lineAt(found.index);
      if (isComment(line)) continue;
      if (fact !== undefined) reading.facts.push({ fact, line });
      const value = found[1] ?? found[2];
      if (mention === undefined || value === undefined) continue;
      const key = /\w*[cC]lientI[dD]/.exec(found[0])?.[0] ?? mention.key;
      reading.mentions.push({ ...mention, key, value, line });
    }
  }
  return reading;
}

/** Tells which lines, counted from 1, begin as a comment does. */
function commentFinder(text: string): (line: number) => boolean {
  let lines: string[] | undefined;
  return (line) => {
    lines ??= text.split('\n');
    return /^\s*(\/\/|\*|\/\*|#)/.test(lines[line - 1] ?? '');
  };
}
