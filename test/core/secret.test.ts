import { describe, expect, it } from 'vitest';
import { maskSecret, maskText } from '../../src/core/secret.js';

const tail = 'aB3_dE5-fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5z';
const secrets = {
  'access token': `ya29.a0${tail}${tail}`,
  'refresh token': `1//0g${tail}${tail}`,
  code: `4/0A${tail}${tail}`,
  'older code': `4/A${tail}`,
  'client secret': `GOCSPX-${tail}`,
  'ID token': `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.${tail}`,
};

describe('A secret', () => {
  it.each([
    [`ya29.${'x'.repeat(213)}`, 'ya29.…(218)'],
    [`1//0${'x'.repeat(99)}`, '1//0…(103)'],
    [`4/0A${'x'.repeat(73)}`, '4/0…(77)'],
    [`GOCSPX-${'x'.repeat(28)}`, 'GOCSPX-…(35)'],
    ['eyJhbGci.e30.c2ln', 'eyJ…(17)'],
    ['no-known-shape', '…(14)'],
    ['', '…(0)'],
  ])('is shown by its prefix and its length: %#', (secret, shown) => {
    expect(maskSecret(secret)).toBe(shown);
  });

  describe.each(Object.entries(secrets))('(%s) in a text', (_name, secret) => {
    it.each<[string, (secret: string) => string]>([
      ['alone', (value) => value],
      ['in a sentence', (value) => `It says ${value}, and that is that.`],
      ['in JSON', (value) => JSON.stringify({ a: { b: [value] } })],
      ['in JSON that escapes slashes', (value) => JSON.stringify(value).replaceAll('/', '\\/')],
      ['in a form', (value) => `x=1&a=${encodeURIComponent(value)}&b=2`],
      ['encoded twice', (value) => `u=${encodeURIComponent(encodeURIComponent(value))}`],
      ['in an address', (value) => `https://x.test/?t=${value}#end`],
      ['in a header', (value) => `Authorization: Bearer ${value}`],
      ['between tags', (value) => `<pre>${value}</pre>`],
      ['twice', (value) => `${value} ${value}`],
      ['in capitals of percent', (value) => encodeURIComponent(value).toLowerCase()],
    ])('is masked %s', (_where, wrap) => {
      const masked = maskText(wrap(secret));
      expect(masked.toLowerCase()).not.toContain(tail.toLowerCase());
      expect(masked).toContain('…(');
    });
  });

  it('of no known shape is masked where it is known, encoded or not', () => {
    const secret = 'd-FL95Q19q/7MQ mFpd7';
    const text = `a ${secret} b ${encodeURIComponent(secret)} c`;
    expect(maskText(text, [secret, ''])).toBe(`a …(${secret.length}) b …(${secret.length}) c`);
  });

  it('does not eat what is none', () => {
    const text =
      'Google answered 4/5 of the time; see https://oauth2.googleapis.com/token, 1//2, key 12-abc.apps.googleusercontent.com, 4/a b.';
    expect(maskText(text)).toBe(text);
  });

  it('is masked in megabytes of anything in bounded time', () => {
    const started = performance.now();
    for (const piece of ['4/', '1//', 'eyJ', 'ya29.', '4%25', 'x']) {
      maskText(piece.repeat(1_000_000 / piece.length));
    }
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
