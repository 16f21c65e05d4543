import { describe, expect, it } from 'vitest';
import { parseAuthCode } from '../../../src/core/auth-code.js';
import { GsacError } from '../../../src/core/errors.js';

const code = '4/0AdQt8qhXz-_yV7c1K3mN5pR9sT2uW4xY6zA8bC0dE1fG3hI5jK7lM9nO1pQ3rS5tU7vW9xY';
const encoded = encodeURIComponent(code);
const jwt = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from('{"sub":"1"}').toString('base64url')}.c2ln`;

function refusal(text: string): GsacError {
  try {
    parseAuthCode(text);
  } catch (thrown) {
    if (thrown instanceof GsacError) return thrown;
    throw thrown;
  }
  throw new Error(`${JSON.stringify(text)} was taken for a code`);
}

describe('A pasted code', () => {
  it('that is one stays as it is', () => {
    expect(parseAuthCode(code)).toEqual({ code, changes: [] });
    // What starts with 4/ is never decoded, whatever follows.
    for (const odd of ['4/P7q7W91a-oMsCeLvIaQm6bTrgtp7', '4/0b%2Fc', '4/%2F0A']) {
      expect(parseAuthCode(odd)).toEqual({ code: odd, changes: [] });
    }
  });

  it.each<[string, string, string[]]>([
    ['blanks around', `  ${code}\t `, ['removed surrounding whitespace']],
    ['line ends', `\r\n${code}\r\n`, ['removed surrounding whitespace']],
    ['a no-break space', `\u00a0${code}\u202f`, ['removed surrounding whitespace']],
    ['soft wraps', `${code.slice(0, 30)}\n    ${code.slice(30)}`, ['removed whitespace inside']],
    [
      'soft wraps of Windows',
      `${code.slice(0, 40)}\r\n${code.slice(40)}`,
      ['removed whitespace inside'],
    ],
    ['straight quotes', `"${code}"`, ['removed quotes']],
    ['single quotes', `'${code}'`, ['removed quotes']],
    ['backticks', `\`${code}\``, ['removed quotes']],
    ['English quotes', `“${code}”`, ['removed quotes']],
    ['German quotes', `„${code}“`, ['removed quotes']],
    ['French quotes', `«${code}»`, ['removed quotes']],
    ['nested quotes', `'"${code}"'`, ['removed quotes']],
    ['Swift’s Optional', `Optional("${code}")`, ['unwrapped Optional(…)', 'removed quotes']],
    [
      'Swift’s Optional twice',
      `Optional(Optional("${code}"))`,
      ['unwrapped Optional(…)', 'removed quotes'],
    ],
    ['a byte-order mark', `\ufeff${code}`, ['removed invisible characters']],
    [
      'zero-width characters',
      `${code.slice(0, 9)}\u200b\u200d\u2060${code.slice(9)}`,
      ['removed invisible characters'],
    ],
    [
      'soft hyphens and marks',
      `\u200e${code.slice(0, 9)}\u00ad${code.slice(9)}\u202c`,
      ['removed invisible characters'],
    ],
    ['percent-encoding', encoded, ['percent-decoded']],
    ['lower-case percent-encoding', code.replace('/', '%2f'), ['percent-decoded']],
    ['double encoding', encodeURIComponent(encoded), ['percent-decoded']],
    ['fourfold encoding', code.replace('/', '%2525252F'), ['percent-decoded']],
    ['an escaped slash', code.replace('/', '\\/'), ['removed a backslash']],
    ['a comma at the end', `"${code}",`, ['removed punctuation at the end', 'removed quotes']],
    ['a line of a log', `serverAuthCode: ${code}`, ['took the code out of a line of text']],
    [
      'a line of JSON',
      `"serverAuthCode": "${code}",`,
      ['took the code out of a line of text', 'removed punctuation at the end', 'removed quotes'],
    ],
  ])('with %s', (_what, pasted, changes) => {
    expect(parseAuthCode(pasted)).toEqual({ code, changes });
  });

  it.each(['serverAuthCode', 'server_auth_code', 'authCode', 'auth_code', 'code'])(
    'in JSON as %s, in a query and in a form',
    (name) => {
      for (const pasted of [
        JSON.stringify({ [name]: code, user: { email: 'a@example.com' } }),
        JSON.stringify({ [name]: encoded }, null, 2),
        JSON.stringify({ type: 'success', data: { [name]: code } }),
        JSON.stringify({ [name]: code }).replace('/', '\\/'),
        `${name}=${encoded}`,
        `scope=openid&${name}=${encoded}&prompt=consent`,
      ]) {
        expect(parseAuthCode(pasted).code, pasted).toBe(code);
      }
    },
  );

  it.each([
    `http://localhost:8080/oauth2callback?code=${encoded}&scope=email%20profile`,
    `http://localhost:8080/oauth2callback?state=x&code=${code}&authuser=0&prompt=none`,
    `https://backend.example.com/callback#code=${encoded}`,
    `com.googleusercontent.apps.123-abc:/oauth2redirect?code=${encoded}`,
    `?code=${encoded}`,
    `code=${encoded}`,
    `"https://backend.example.com/?code=${encoded}"`,
    `https://backend.example.com/?code=${encodeURIComponent(encoded)}`,
  ])('in an address: %s', (pasted) => {
    const parsed = parseAuthCode(pasted);
    expect(parsed.code).toBe(code);
    expect(parsed.changes).toContain('took the code out of a URL or query string');
  });

  it('is judged by its length only where the length is known', () => {
    for (const short of ['4/P7q7W91a', '4/1AbC', code.slice(0, 60)]) {
      expect(parseAuthCode(short)).toEqual({ code: short, changes: [] });
    }
    expect(refusal(code.slice(0, 59)).code).toBe('code_not_a_code');
  });

  it('in any nesting of what people wrap around it', () => {
    const wraps: ((text: string) => string)[] = [
      (text) => `"${text}"`,
      (text) => ` ${text}\n`,
      (text) => `Optional(${text})`,
      (text) => `\ufeff${text}`,
      (text) => `“${text}”`,
      (text) => `${text.slice(0, 5)}\u200b${text.slice(5)}`,
    ];
    for (let seed = 0; seed < 400; seed += 1) {
      let pasted = seed % 2 === 0 ? code : encoded;
      let rest = seed;
      for (let depth = 0; depth < 4; depth += 1) {
        pasted = wraps[rest % wraps.length]?.(pasted) ?? pasted;
        rest = Math.floor(rest / wraps.length);
      }
      expect(parseAuthCode(pasted).code, JSON.stringify(pasted)).toBe(code);
    }
  });

  it.each<[string, string, RegExp, RegExp]>([
    ['a refresh token', `1//0${'g'.repeat(99)}`, /refresh token/, /accounts import/],
    ['an old refresh token', '1/fFAGRNJru1FTz70BzhT3Zg', /refresh token/, /accounts import/],
    ['an encoded refresh token', `1%2F%2F0${'g'.repeat(99)}`, /refresh token/, /accounts import/],
    ['an access token', `ya29.a0${'f'.repeat(200)}`, /access token/, /serverAuthCode/],
    ['an ID token', jwt, /JWT/, /claims --id-token/],
    ['an API key', `AIza${'S'.repeat(35)}`, /API key/, /4\//],
    ['a client secret', `GOCSPX-${'k'.repeat(28)}`, /client secret/, /GSAC_CLIENT_SECRET/],
    ['a client ID', '1234-abc.apps.googleusercontent.com', /client ID/, /--client-id/],
    ['a reversed client ID', 'com.googleusercontent.apps.1234-abc', /client ID/, /--client/],
    ['Swift’s nil', 'Optional(nil)', /empty value/, /GIDServerClientID/],
    ['JavaScript’s undefined', 'undefined', /empty value/, /interactively/],
    ['a null in JSON', '{"serverAuthCode":null}', /empty/, /interactively/],
    ['a placeholder', '<auth code>', /placeholder/, /4\//],
    ['a variable that was not filled in', '$AUTH_CODE', /placeholder/, /4\//],
    ['a template’s placeholder', '{{serverAuthCode}}', /JSON|placeholder/, /4\//],
    ['an example', 'YOUR_AUTH_CODE', /placeholder/, /4\//],
    ['dots', '4/...', /placeholder/, /4\//],
    ['too long a text', `4/0A${'x'.repeat(253)}`, /257 bytes/, /only the serverAuthCode/],
    ['the first line of a code', code.slice(0, 30), /has 30 characters/, /whole serverAuthCode/],
    ['nothing', '', /empty/, /interactively/],
    ['blanks', ' \n\u200b\ufeff', /empty/, /interactively/],
    ['empty quotes', '""', /empty/, /interactively/],
    ['another word', 'hello', /start with 4\//, /beginning/],
    ['letters that no code has', '4/0Aüü', /characters/, /again/],
    ['JSON without a code', '{"idToken":"x"}', /none of the fields/, /idToken/],
    ['broken JSON', '{"code":', /not JSON/, /4\//],
    ['an address without a code', 'https://x.test/?state=1', /no code= parameter/, /consent/],
    ['a refused consent', 'https://x.test/?error=access_denied', /access_denied/, /allow/],
  ])('that is %s is refused by name, with where it belongs', (_what, text, message, hint) => {
    const error = refusal(text);
    expect(error.exitCode).toBe(2);
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
  });

  it('is never quoted in a refusal', () => {
    const secret = 'Zq8Kx2Lm5Np7';
    for (const text of [
      `1//0${secret}`,
      `ya29.${secret}`,
      `GOCSPX-${secret}`,
      secret,
      `{"x":"${secret}"}`,
      `4/0A${secret}ü`,
    ]) {
      const { message, hint, details } = refusal(text);
      expect(JSON.stringify([message, hint, details])).not.toContain(secret);
    }
  });

  it('of any content ends in a code or in a refusal, and soon', () => {
    const pieces = ['4/0A', '%2F', '%', '%25', '"', '{', '}', 'Optional(', ')', 'code=', '?'];
    pieces.push('&', '#', ' ', '\n', ':', '\\/', '“', 'x');
    let state = 42;
    const next = (limit: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state % limit;
    };
    for (let round = 0; round < 3_000; round += 1) {
      let text = '';
      for (let length = next(24); length > 0; length -= 1) text += pieces[next(pieces.length)];
      try {
        expect(parseAuthCode(text).code).toMatch(/^4\/[\x21-\x7e]*$/);
      } catch (thrown) {
        if (!(thrown instanceof GsacError)) throw thrown;
        expect(thrown.exitCode).toBe(2);
      }
    }
  });
});
