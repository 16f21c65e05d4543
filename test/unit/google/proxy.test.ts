import { describe, expect, it } from 'vitest';
import { proxyFor } from '../../../src/google/proxy.js';

const google = 'https://oauth2.googleapis.com/token';

describe('the proxy of an address', () => {
  it.each<[string, string, Record<string, string>, string | undefined]>([
    ['none, if no variable is set', google, {}, undefined],
    ['none, if they are empty', google, { HTTPS_PROXY: '', https_proxy: '' }, undefined],
    [
      'that of its scheme',
      google,
      { HTTPS_PROXY: 'http://a:1', HTTP_PROXY: 'http://b:2' },
      'http://a:1',
    ],
    [
      'the lower-case name’s',
      google,
      { https_proxy: 'http://a:1', HTTPS_PROXY: 'http://b:2' },
      'http://a:1',
    ],
    [
      'else that for all',
      google,
      { ALL_PROXY: 'http://a:1', HTTP_PROXY: 'http://b:2' },
      'http://a:1',
    ],
    [
      'with the scheme of the address if it has none',
      'http://example.com/',
      { http_proxy: 'a:1' },
      'http://a:1',
    ],
  ])('is %s', (_what, address, env, expected) => {
    expect(proxyFor(new URL(address), env)).toBe(expected);
  });

  it.each([
    ['*', true],
    ['oauth2.googleapis.com', true],
    ['OAuth2.GoogleAPIs.com', true],
    ['.googleapis.com', true],
    ['*.googleapis.com', true],
    ['localhost, .googleapis.com', true],
    ['localhost .googleapis.com', true],
    ['.googleapis.com:443', true],
    ['.googleapis.com:8443', false],
    ['googleapis.com', false],
    ['example.com', false],
    [' , ', false],
  ])('is exempted by NO_PROXY=%j: %s', (noProxy, isExempt) => {
    const env = { HTTPS_PROXY: 'http://a:1', NO_PROXY: noProxy };
    expect(proxyFor(new URL(google), env)).toBe(isExempt ? undefined : 'http://a:1');
  });
});
