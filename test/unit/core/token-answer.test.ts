import { describe, expect, it } from 'vitest';
import { parseTokenAnswer, salvageRefreshToken } from '../../../src/core/token-answer.js';

const now = Date.UTC(2026, 0, 15);
const usual = {
  access_token: 'ya29.a',
  expires_in: 3599,
  refresh_token: '1//0r',
  scope: 'openid  email openid',
  token_type: 'Bearer',
  id_token: 'e.y.J',
  refresh_token_expires_in: 604_799,
};
const parse = (changes: object = {}) =>
  parseTokenAnswer(JSON.stringify({ ...usual, ...changes }), now);

describe('An answer of the token endpoint', () => {
  it('as documented is read as such', () => {
    expect(parse()).toEqual({
      accessToken: 'ya29.a',
      tokenType: 'Bearer',
      expiresAt: now + 3_599_000,
      refreshToken: '1//0r',
      refreshTokenExpiresAt: now + 604_799_000,
      scopes: ['openid', 'email'],
      idToken: 'e.y.J',
      oddities: [],
    });
  });

  it.each<[string, object, object]>([
    [
      'a lifetime as text',
      { expires_in: '60' },
      { expiresAt: now + 60_000, oddities: ['expires_in is a string'] },
    ],
    [
      'no lifetime',
      { expires_in: undefined },
      { expiresAt: now + 3_599_000, oddities: ['no usable expires_in'] },
    ],
    ['a negative lifetime', { expires_in: -1 }, { expiresAt: now + 3_599_000 }],
    ['an endless lifetime', { expires_in: 1e300 }, { expiresAt: now + 315_360_000_000 }],
    ['a type in lower case', { token_type: 'bearer' }, { tokenType: 'Bearer', oddities: [] }],
    ['another type', { token_type: 'MAC' }, { oddities: ['token_type is not Bearer'] }],
    [
      'a token with a line break',
      { access_token: 'a\nb' },
      {
        refreshToken: '1//0r',
        oddities: ['access_token is not a token', 'no usable access_token'],
      },
    ],
    [
      'a number as refresh token',
      { refresh_token: 7 },
      { accessToken: 'ya29.a', oddities: ['refresh_token is not a token'] },
    ],
    ['a null as refresh token', { refresh_token: null }, { accessToken: 'ya29.a', oddities: [] }],
    ['a list as scope', { scope: ['a'] }, { refreshToken: '1//0r' }],
  ])('with %s keeps what is usable', (_what, changes, expected) => {
    expect(parse(changes)).toMatchObject(expected);
  });

  it('without a scope says that it named none, and an empty one that it granted none', () => {
    expect(parse({ scope: undefined })?.scopes).toBeUndefined();
    expect(parse({ scope: '' })).toMatchObject({ scopes: [] });
  });

  it.each(['', 'null', '[]', '"x"', '7', '<html>', '{"access_token":"ya'])('%j is none', (text) => {
    expect(parseTokenAnswer(text, now)).toBeUndefined();
  });

  it('never loses a refresh token, whatever else is in it', () => {
    const odd = [undefined, null, '', 0, -1, 1e308, [], {}, true, '\u0000', 'x'.repeat(5000)];
    for (const name of Object.keys(usual)) {
      if (name === 'refresh_token') continue;
      for (const value of odd) {
        expect(parse({ [name]: value })?.refreshToken, `${name}: ${value}`).toBe('1//0r');
      }
    }
    expect(parse({ __proto__: null, constructor: 1 })?.refreshToken).toBe('1//0r');
  });

  it('that was cut off at any byte gives its refresh token once that is whole', () => {
    for (const indent of [0, 2]) {
      const text = JSON.stringify(usual, null, indent);
      const end = text.indexOf('"1//0r"') + '"1//0r"'.length;
      for (let kept = 0; kept < text.length; kept += 1) {
        const found = salvageRefreshToken(text.slice(0, kept));
        expect(found).toBe(kept >= end ? '1//0r' : undefined);
      }
    }
  });

  it('that was cut off gives no token that is none', () => {
    expect(salvageRefreshToken('{"refresh_token":"1\\/\\/0r"')).toBe('1//0r');
    expect(salvageRefreshToken('{"refresh_token":"a\\nb"')).toBeUndefined();
    expect(salvageRefreshToken('{"refresh_token":""')).toBeUndefined();
    expect(salvageRefreshToken('{"refresh_token":null')).toBeUndefined();
    expect(salvageRefreshToken(`{"refresh_token":"${'\\x'.repeat(500_000)}`)).toBeUndefined();
    expect(salvageRefreshToken(`{"refresh_token":"${'x'.repeat(1_000_000)}`)).toBeUndefined();
  });
});
