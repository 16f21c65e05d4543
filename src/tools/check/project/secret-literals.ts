import { maskSecret } from '../../../core/secret.js';
import { createLineAt } from '../locate.js';
import type { LiteralKind, SecretLiteral } from '../model.js';

/** How secrets of one kind are told in a text. */
interface Shape {
  kind: LiteralKind;
  /** What stands in every text with one; bytes are searched for it, which is fast. */
  begins: readonly string[];
  pattern: RegExp;
  /** What else the text must hold, where the pattern alone says too little. */
  beside?: RegExp;
  /** Whether one in a test or an example is to be taken as made up. */
  isInvented(secret: string): boolean;
}

/** Words that a random text of this length practically never holds. */
const word =
  /fake|example|sample|dummy|mock|test|secret|token|client|demo|emulator|abcd|1234|(.)\1{3}/i;

/** Whether a secret lacks the length or the disorder of Google's own. */
function looksInvented(random: string, leastLength: number): boolean {
  return (
    random.length < leastLength ||
    word.test(random) ||
    !/[a-z]/.test(random) ||
    !/[A-Z]/.test(random) ||
    new Set(random).size < 12
  );
}

/** Not followed by what leaves the rest open: `GOCSPX-ab12…`, `GOCSPX-ab12***`, a template's `${`. */
const whole = String.raw`(?![\w-]|\.{2}|\*{2}|…|\$\{|\$\()`;

/** A secret from before 2021 is known only by its name and by the client ID beside it. */
const namedSecret =
  /(?:client|google)(?:[_-]?|["']?\s{0,9}:\s{0,9}\{[^{}]{0,300}?["'\s])secret["']?[ \t]{0,9}[:=,][ \t]{0,9}@?["'\\]{0,3}([\w-]{24})(?![\w-])/gi;

const shapes: readonly Shape[] = [
  {
    kind: 'client_secret',
    begins: ['secret', 'Secret', 'SECRET'],
    pattern: namedSecret,
    beside: /(?<!\d)\d{6,20}-[a-z\d_]{10,64}\.apps\.googleusercontent\.com/,
    isInvented: (secret) => looksInvented(secret, 24),
  },
  {
    kind: 'client_secret',
    begins: ['GOCSPX-'],
    pattern: new RegExp(String.raw`GOCSPX-[\w-]{6,100}${whole}`, 'g'),
    isInvented: (secret) => looksInvented(secret.slice('GOCSPX-'.length), 28),
  },
  {
    kind: 'refresh_token',
    begins: ['1//0', String.raw`1\/\/0`],
    // A path or a number before it makes it a part of something else.
    pattern: new RegExp(String.raw`(?<![\w./-])1\\?/\\?/0[\w-]{20,600}${whole}`, 'g'),
    isInvented: (secret) => looksInvented(secret.slice('1//0'.length), 60),
  },
  {
    kind: 'private_key',
    begins: ['PRIVATE KEY-----'],
    // In code its lines are quoted, joined, or one with `\n` in it.
    pattern: /-----BEGIN (?:RSA )?PRIVATE KEY-----[\s"',+\\nrt]{0,40}[\w+/=]{24}[\w+/=\s"',.…\\]*/g,
    beside: /gserviceaccount\.com|service_account/,
    // A test that signs needs a key that works.
    isInvented: () => true,
  },
];

/** What a text says of one secret in it. */
export type WrittenSecret = Pick<SecretLiteral, 'kind' | 'masked' | 'invented' | 'publicName'> & {
  line: number;
};

/** Whether bytes may hold a secret; a quick look that lets no secret by. */
export function mayHoldSecret(bytes: Buffer): boolean {
  return shapes.some(({ begins }) => begins.some((beginning) => bytes.includes(beginning)));
}

/**
 * Google's secrets written into a text, masked; a placeholder is none.
 *
 * Known by their shape are client secrets (`GOCSPX-`), refresh tokens (`1//0`) and, beside a service
 * account's name, private keys. A client secret from before 2021, which has no prefix, is found by its
 * name beside a client ID. API keys, which an app may ship, are no secrets; what is put together at
 * run time is not found.
 */
export function secretLiterals(text: string): WrittenSecret[] {
  const lineAt = createLineAt(text);
  return shapes.flatMap(({ kind, pattern, beside, isInvented }) => {
    if (beside !== undefined && !beside.test(text)) return [];
    return (
      [...text.matchAll(pattern)]
        // A key is so long that its letters may spell a word further on.
        .filter(({ 0: whole, 1: named }) => !isFiller((named ?? whole).slice(0, 200)))
        .map(({ 0: whole, 1: named, index: start }) => {
          const written = named ?? whole;
          const index = start + whole.length - written.length;
          const secret = kind === 'refresh_token' ? written.replaceAll('\\', '') : written;
          return {
            kind,
            masked: maskSecret(secret),
            invented: isInvented(secret),
            publicName: publicNameBefore(text, index),
            line: lineAt(index),
          };
        })
    );
  });
}

/**
 * Names that bundlers put into what browsers and phones get, each by its prefix: Vite's, Next.js's,
 * Nuxt's, Expo's, Create React App's, Vue CLI's, Gatsby's, SvelteKit's and Astro's.
 */
export const publicName =
  /(?<![\w.])((?:VITE|NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|REACT_APP|VUE_APP|GATSBY|PUBLIC)_\w{1,100})["']?\s{0,9}(?:[=:]\s{0,9}["'`]?)?$/;

function publicNameBefore(text: string, offset: number): string | undefined {
  const before = text.slice(Math.max(0, offset - 200), offset);
  return publicName.exec(before.slice(before.lastIndexOf('\n') + 1))?.[1];
}

/** Whether a secret is one that somebody is meant to replace, or one of the emulator's, which opens nothing. */
export function isFiller(secret: string): boolean {
  return /your|undefined|placeholder|replace|change_?me|insert|todo|example|no-secret|tests?-only|client[-_]secret|x{5}|\.\.\.|[<>{}[\]*…]/i.test(
    secret,
  );
}
