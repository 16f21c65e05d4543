import { describe, expect, it } from 'vitest';
import { createExchangeMasking } from '../../../src/core/exchange-masking.js';

const opaque = 'Opaque/7vKq 2Lm+X9wZt4';
const tail = 'aB3_dE5-fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5z';

describe('what goes over the wire', () => {
  it.each<[string, (secret: string) => string]>([
    ['as it is', (secret) => `it says ${secret}.`],
    ['percent-encoded', (secret) => `u=${encodeURIComponent(secret)}`],
    [
      'percent-encoded in lower case',
      (secret) => encodeURIComponent(secret).replace(/%../g, (byte) => byte.toLowerCase()),
    ],
    ['percent-encoded twice', (secret) => encodeURIComponent(encodeURIComponent(secret))],
    ['form-encoded', (secret) => new URLSearchParams({ x: secret }).toString()],
    ['in JSON that escapes slashes', (secret) => JSON.stringify(secret).replaceAll('/', '\\/')],
  ])('hides a bearer without a shape that is echoed %s', (_how, echo) => {
    const masking = createExchangeMasking(false);
    expect(masking.field('Authorization', `Bearer ${opaque}`)).toBe(`Bearer …(${opaque.length})`);
    expect(masking.answerBody(echo(opaque))).toContain(`…(${opaque.length})`);
    expect(masking.answerBody(echo(opaque))).not.toMatch(/7vKq|X9wZt4/);
  });

  it('hides the password that Basic holds, and its whole', () => {
    const masking = createExchangeMasking(false);
    const basic = btoa('a-client:Old%2FStyleSecret99');
    expect(masking.field('authorization', `Basic ${basic}`)).toBe(`Basic …(${basic.length})`);
    expect(masking.text(`Old/StyleSecret99 Old%2FStyleSecret99 ${basic}`)).not.toMatch(
      /StyleSecret99|YS1jb/,
    );
  });

  it.each([
    [`https://x.test/files/ya29.${tail}/a?b=1`, 'https://x.test/files/ya29.…('],
    [`https://x.test/files/4/0A${tail}${tail}`, 'https://x.test/files/4/0…(82)'],
    ['https://me:hunter2@x.test/a@b', 'https://…(10)@x.test/a@b'],
    [`https://x.test/?ya29.${tail}&a`, 'https://x.test/?ya29.…(44)&a'],
    [`https://x.test/?ya29.${tail}=1`, 'https://x.test/?ya29.…(44)=1'],
    ['https://x.test/?a=1#id_token=opaque&state=2', 'https://x.test/?a=1#id_token=…(6)&state=2'],
    ['https://x.test/?q=a?b=c&d=e==', 'https://x.test/?q=a?b=c&d=e=='],
    ['https://x.test/?id_token_hint=opaque&y', 'https://x.test/?id_token_hint=…(6)&y'],
  ])('of the address %s shows what is no secret', (url, shown) => {
    const masked = createExchangeMasking(false).url(url);
    expect(masked.startsWith(shown), masked).toBe(true);
    expect(masked).not.toContain(tail);
    expect(createExchangeMasking(true).url(url)).toBe(url);
  });

  it.each(['subject_token', 'client_assertion', 'id_token_hint', 'code_verifier'])(
    'hides the %s of a form, and where it is echoed',
    (name) => {
      const masking = createExchangeMasking(false);
      const body = new URLSearchParams({ a: 'b', [name]: opaque, c: 'd=e' }).toString();
      expect(masking.sentBody(body)).toBe(`a=b&${name}=…(${opaque.length})&c=d%3De`);
      expect(masking.answerBody(`{"error":"${opaque}"}`)).toBe(`{"error":"…(${opaque.length})"}`);
    },
  );

  it.each([
    ['https://x.test/cb?state=1&code=0paque', 'https://x.test/cb?state=1&code=…(6)'],
    [
      'https://x.test/cb#access_token=opaque&id_token=other',
      'https://x.test/cb#access_token=…(6)&id_token=…(5)',
    ],
    ['https://x.test/up?upload_id=opaque&b=1', 'https://x.test/up?upload_id=…(6)&b=1'],
    ['https://x.test/cb?error=access_denied', 'https://x.test/cb?error=access_denied'],
  ])('hides what a Location carries: %s', (value, shown) => {
    expect(createExchangeMasking(false).answerHeader('location', value)).toBe(shown);
  });

  it.each([
    [
      'access_token=opaque&expires_in=3599&refresh_token=other',
      'access_token=…(6)&expires_in=3599&refresh_token=…(5)',
    ],
    [`access_token=4%2F0A${tail}${tail}&x`, 'access_token=4/0…(82)&x'],
    ['{"access_token": "a\\"b", "id_token":"', '{"access_token": "…(4)", "id_token":"'],
    ['{"refresh_token":"torn', '{"refresh_token":"…(4)'],
    [
      '{"body":"{\\"client_secret\\":\\"a\\\\\\"b\\",\\"x\\":1}"}',
      '{"body":"{\\"client_secret\\":\\"…(6)\\",\\"x\\":1}"}',
    ],
    [
      '<a href="https://x.test/?a=b&amp;code=0paque">',
      '<a href="https://x.test/?a=b&amp;code=…(6)">',
    ],
    ["{ code: 'ENOTFOUND', refreshToken: 'abc' }", "{ code: 'ENOTFOUND', refreshToken: '…(3)' }"],
    [
      '{"error":{"code":403},"error_code":"x","pageToken":"y"}',
      '{"error":{"code":403},"error_code":"x","pageToken":"y"}',
    ],
  ])('hides the fields of the answer %s', (text, shown) => {
    const masking = createExchangeMasking(false);
    expect(masking.answerBody(text)).toBe(shown);
    expect(masking.answerBody(shown)).toBe(shown);
  });
});
