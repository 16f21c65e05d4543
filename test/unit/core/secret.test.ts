import { describe, expect, it } from 'vitest';
import { maskSecret, maskText } from '../../../src/core/secret.js';

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
      ['in JSON that writes slashes by number', (value) => value.replaceAll('/', '\\u002F')],
      ['in HTML that writes slashes by number', (value) => value.replaceAll('/', '&#x2F;')],
      ['in HTML that writes slashes in decimals', (value) => value.replaceAll('/', '&#47;')],
      ['in JSON inside JSON', (value) => JSON.stringify(value).replaceAll('/', '\\\\\\/')],
      ['after a line’s end in JSON', (value) => JSON.stringify({ log: `a\n${value}` })],
      ['after a quote in JSON', (value) => JSON.stringify({ log: `"${value}"` })],
      ['after a colour', (value) => `\u001b[31m${value}\u001b[0m`],
      [
        'in the value of a parameter',
        (value) => encodeURIComponent(`https://x.test/?code=${value}`),
      ],
      ['in a list', (value) => `[${value},${value}] (${value}) '${value}' \`${value}\``],
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

  it.each(['/', '-', '~', 'x', '.'])('of full length is masked after %s, too', (before) => {
    for (const secret of [secrets.code, secrets['refresh token']]) {
      expect(maskText(`a${before}${secret}`)).toBe(`a${before}${maskSecret(secret)}`);
    }
  });

  it.each([
    '/srv/x/app4/accounts/index.json',
    '/srv/4/accounts/of-the-year',
    'ubuntu24/androidd',
    'arch-x64/androidx',
    'lib/python3.14/abcdefgh',
    '../4/attachments',
    'https://gmail.example/v4/attachments',
    '.git/objects/a4/0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
    '%2Fsrv%2Fapp4%2Faccounts%2Fx',
    '%2Fsrv%2F4%2Faccounts%2Fx',
    '"\\/srv\\/app4\\/accounts"',
    '/srv/app1//0abc',
    'x//1//0abc',
    'HockeyJerseys2024',
    'serviceAccountKeyJsonFiles',
  ])('does not eat the path or word %s', (path) => {
    expect(maskText(path)).toBe(path);
  });
});
