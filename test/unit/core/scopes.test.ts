import { describe, expect, it } from 'vitest';
import { expandScope, missingScopes, parseScopes } from '../../../src/core/scopes.js';

const auth = 'https://www.googleapis.com/auth';

describe('Scopes', () => {
  it.each([
    ['openid', 'openid'],
    ['email', `${auth}/userinfo.email`],
    ['profile', `${auth}/userinfo.profile`],
    ['drive.appdata', `${auth}/drive.appdata`],
    [`${auth}/drive.appdata`, `${auth}/drive.appdata`],
    ['https://mail.google.com/', 'https://mail.google.com/'],
  ])('%s is written as Google writes it', (scope, expanded) => {
    expect(expandScope(scope)).toBe(expanded);
    expect(expandScope(expanded)).toBe(expanded);
  });

  it('are read from a list, each once, in the order given', () => {
    expect(parseScopes(' openid  email,\nopenid\tdrive ')).toEqual(['openid', 'email', 'drive']);
    expect(parseScopes('')).toEqual([]);
  });

  it('are compared whole: a wider or a longer one is another', () => {
    const granted = ['openid', `${auth}/drive.appdata`, `${auth}/drive.file.more`];
    expect(missingScopes(['openid', 'drive.appdata'], granted)).toEqual([]);
    expect(missingScopes(['drive', 'drive.file', 'open'], granted)).toEqual([
      `${auth}/drive`,
      `${auth}/drive.file`,
      `${auth}/open`,
    ]);
    expect(missingScopes([], [])).toEqual([]);
  });
});
