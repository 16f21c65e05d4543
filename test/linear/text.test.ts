import { describe, expect, it } from 'vitest';
import { readCount, readDuration } from '../../src/cli/flags.js';
import { parseAuthCode } from '../../src/core/auth-code.js';
import { formatAuthorizedUser, parseAuthorizedUser } from '../../src/core/authorized-user.js';
import { checkClientId, parseClientFile } from '../../src/core/client-config.js';
import { closest } from '../../src/core/closest.js';
import { toEndpoints } from '../../src/core/endpoints.js';
import { GsacError } from '../../src/core/errors.js';
import { createExchangeMasking } from '../../src/core/exchange-masking.js';
import { decodeIdToken, identityOf, judgeIdToken } from '../../src/core/id-token.js';
import { nestsDeeperThan, parseJsonObject } from '../../src/core/json.js';
import {
  expandScope,
  missingScopes,
  parseGrantedScopes,
  parseScopes,
} from '../../src/core/scopes.js';
import { findSecrets, maskText } from '../../src/core/secret.js';
import { isSecretField, maskFieldValue, maskSecretFields } from '../../src/core/secret-fields.js';
import { shellQuote } from '../../src/core/shell-quote.js';
import { parseTokenAnswer, salvageRefreshToken } from '../../src/core/token-answer.js';
import { mimeTypeOf, toSafeFileName } from '../../src/files/file-name.js';
import { clean, toJsonText } from '../../src/terminal/clean.js';
import { renderColumns } from '../../src/terminal/columns.js';
import { renderError } from '../../src/terminal/errors.js';
import { renderChecks, renderPairs, wrap } from '../../src/terminal/layout.js';
import { createStyle } from '../../src/terminal/style.js';
import { readPostedCode } from '../../src/tools/listen/posted-code.js';

const style = createStyle(false, 80);
const json = (value: object) => JSON.stringify(value);
const base64 = (value: object) => Buffer.from(json(value)).toString('base64url');
const jwtOf = (claims: object) => `${base64({ alg: 'RS256', kid: 'k' })}.${base64(claims)}.c2ln`;
const masking = () => createExchangeMasking(false);

/** Everything of the heart that reads or shows a text from outside. */
const readers: Record<string, (text: string) => unknown> = {
  parseAuthCode,
  'parseAuthCode of JSON': (text) => parseAuthCode(json({ code: text })),
  'parseAuthCode of a query': (text) => parseAuthCode(`?code=${text}`),
  'parseAuthCode of an error': (text) => parseAuthCode(`http://x/?error=${text}`),
  maskText: (text) => maskText(text),
  'maskText of a known secret': (text) => maskText(text, [text]),
  findSecrets,
  maskSecretFields,
  'maskSecretFields of a value': (text) => maskSecretFields(`{"code":"${text}"}`),
  maskFieldValue,
  isSecretField,
  'masked address': (text) => masking().url(text),
  'masked address with a user': (text) => masking().url(`https://${text}@host/${text}`),
  'masked form': (text) => masking().sentBody(text),
  'masked answer': (text) => masking().answerBody(text),
  'masked header': (text) => masking().answerHeader('location', text),
  parseTokenAnswer: (text) => parseTokenAnswer(json({ access_token: text, scope: text }), 0),
  salvageRefreshToken,
  'salvageRefreshToken of a value': (text) => salvageRefreshToken(`"refresh_token":"${text}`),
  decodeIdToken,
  identityOf: (text) => identityOf(jwtOf({ sub: text, email: text })),
  judgeIdToken: (text) =>
    judgeIdToken(decodeIdToken(jwtOf({ aud: text, exp: 1, nonce: text })), {
      now: 0,
      clockToleranceSeconds: 0,
      audiences: ['x'],
      issuers: ['y'],
      nonce: 'n',
      hostedDomain: 'h',
      signature: { state: 'good', detail: '' },
    }),
  parseClientFile: (text) => parseClientFile(text, 'f'),
  'parseClientFile of fields': (text) =>
    parseClientFile(json({ web: { client_id: text, client_secret: text } }), 'f'),
  checkClientId: (text) => checkClientId(text, 'f'),
  parseAuthorizedUser: (text) =>
    formatAuthorizedUser(
      parseAuthorizedUser(json({ client_id: text, refresh_token: text, scopes: text }), 'f'),
    ),
  toEndpoints: (text) => toEndpoints(text),
  'toEndpoints of a host': (text) => toEndpoints(`http://${text}/token`, [text]),
  parseScopes,
  parseGrantedScopes,
  expandScope,
  missingScopes: (text) => missingScopes([text], [text]),
  closest: (text) => closest(text, ['exchange', 'token']),
  shellQuote,
  nestsDeeperThan: (text) => nestsDeeperThan(text, 100),
  parseJsonObject,
  readDuration: (text) => readDuration(text, '--x'),
  readCount: (text) => readCount(text, '--x', { least: 0, most: 9 }),
  toSafeFileName,
  mimeTypeOf,
  clean,
  toJsonText,
  wrap: (text) => wrap(text, 80, '  ', 2),
  'wrap of words': (text) => wrap(text.replaceAll(/(.{9})/gs, '$1 '), 80, '  ', 2),
  renderColumns: (text) => renderColumns([{ title: 'a', shrinks: true }], [[text]], style),
  renderPairs: (text) => renderPairs([[text, text]], style, true),
  renderChecks: (text) => renderChecks([{ name: 'n', ok: true, detail: text }], style, true),
  renderError: (text) => renderError(new GsacError('usage', text, { hint: text }), people, style),
  'posted form': (text) => posted('application/x-www-form-urlencoded', text),
  'posted text': (text) => posted('text/plain', text),
};

const people = { json: false, debug: true };
const posted = (type: string, text: string) => readPostedCode(type, Buffer.from(text));

/** One of each class of characters, and what Google's tokens and their encodings are made of. */
const pieces = [
  ...[' ', '\n', '\r\n', '\t', '\u0000', '\u001b[1m', '\u200b', '\u202e', '\ufeff', '\ud800'],
  ...['a', 'A', 'é', '一', '😀', '0', '7', '_', '-', '.', ',', ';', ':', '=', '&', '?', '#', '@'],
  ...[
    '/',
    '\\',
    '\\\\"',
    '"',
    "'",
    '`',
    '“',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '<',
    '>',
    '|',
    '%',
    '+',
  ],
  ...['4/0A', '4/0AX', 'ya29.', '1//0', 'eyJ.', 'eyJa.', 'GOCSPX-', 'AIza', '&quot;', '&#47;'],
  ...['%25', '%2525', '%2F', '4%252F', '%3D', '\\u0026', '\\/', '://', 'a@', 'a.b@', 'Bearer '],
  ...['code=', '&code=', '"code":"', 'code: ', 'authcode', 'refresh_token', '"refresh_token":"'],
  ...['"refresh_token" :', 'Optional(', 'Optional("', '{"a":', '[[', '1s', '1.', '1.5', 'error='],
  ...['.apps.googleusercontent.com', 'com.googleusercontent.apps.', 'a b ', 'a. ', ' .', 'a,'],
];

/** A run of a piece: alone, and between others that keep an end from matching. */
const runsOf = (piece: string, length: number) => {
  const run = piece.repeat(Math.ceil(length / piece.length));
  return [run, `x${run}\u00a1`];
};

function milliseconds(work: () => unknown): number {
  const before = process.cpuUsage();
  try {
    work();
  } catch (thrown) {
    if (!(thrown instanceof GsacError)) throw thrown;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** CPU time that no quadratic reader can do with for 100 kB, and that a linear one hardly takes. */
const suspicious = 100;
/** How many times as long four times the text may take: 4 is linear, 16 quadratic. */
const mostTimes = 10;

/**
 * The kinds of runs that a reader takes longest for. What is quadratic for one of them takes a hundred
 * times as long as the others at 5 kB already, so that only these need be long.
 */
function slowestRuns(read: (text: string) => unknown): ((length: number) => string)[] {
  const kinds = pieces.flatMap((piece) =>
    [0, 1].map((at) => (length: number) => runsOf(piece, length)[at] ?? ''),
  );
  for (const kind of kinds.slice(0, 20)) milliseconds(() => read(kind(5_000)));
  const timed = kinds.map((kind) => {
    const text = kind(5_000);
    return { kind, time: milliseconds(() => read(text)) };
  });
  return timed
    .sort((one, other) => other.time - one.time)
    .slice(0, 2)
    .map(({ kind }) => kind);
}

describe('What reads a text from outside takes time in proportion to its length', () => {
  it.each(Object.entries(readers))('%s', (_name, read) => {
    const time = (text: string) => milliseconds(() => read(text));
    for (const kind of slowestRuns(read)) {
      // What is quadratic shows before the longest, which would take it minutes.
      for (const length of [25_000, 100_000, 400_000]) {
        const [short, long] = [kind(length / 4), kind(length)];
        if (time(long) < suspicious) continue;
        const timesOnce = () => time(long) / Math.max(1, time(short));
        const times = Math.min(timesOnce(), timesOnce());
        expect(times, JSON.stringify(long.slice(0, 30))).toBeLessThan(mostTimes);
      }
    }
  });
});
