import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { googleEndpoints, isLoopbackHost, toEndpoints } from '../../../src/core/endpoints.js';
import { GsacError } from '../../../src/core/errors.js';

describe('A token_uri', () => {
  it('on this machine makes every endpoint one of that origin', () => {
    expect(toEndpoints('http://127.0.0.1:8085/o/token')).toEqual({
      authorize: 'http://127.0.0.1:8085/o/oauth2/v2/auth',
      token: 'http://127.0.0.1:8085/o/token',
      device: 'http://127.0.0.1:8085/device/code',
      revoke: 'http://127.0.0.1:8085/revoke',
      tokeninfo: 'http://127.0.0.1:8085/tokeninfo',
      jwks: 'http://127.0.0.1:8085/oauth2/v3/certs',
      driveRoot: 'http://127.0.0.1:8085/',
      origin: 'http://127.0.0.1:8085',
    });
  });

  it('that is allowed counts whole, and never for another', () => {
    const uri = 'https://sso.example.net/token';
    expect(toEndpoints(uri, [uri]).token).toBe(uri);
    for (const other of [`${uri}/`, `${uri}?x`, uri.toUpperCase(), 'https://sso.example.net']) {
      expect(() => toEndpoints(other, [uri])).toThrow(GsacError);
      expect(() => toEndpoints(uri, [other])).toThrow(GsacError);
    }
  });

  it.each([
    'https://IDP.example.com/token',
    'https://idp.example.com',
    'https://idp.example.com:443/token',
    "https://idp.example.com/it's?a=b&c=$(d)",
  ])('that is refused comes with a hint that works: %s', (uri) => {
    let hint: string | undefined;
    try {
      toEndpoints(uri);
    } catch (thrown) {
      hint = (thrown as GsacError).hint;
    }
    const [, word = ''] = /`--allow-token-uri (.+)`/.exec(hint ?? '') ?? [];
    const given = execFileSync('sh', ['-c', `printf %s ${word}`], { encoding: 'utf8' });
    expect(toEndpoints(uri, [given]).token).toBe(new URL(uri).href);
    expect(toEndpoints(uri, [uri]).token).toBe(new URL(uri).href);
  });

  it('never sends a secret to a host that only looks like Google or this machine', () => {
    const hosts = ['oauth2.googleapis.com', 'accounts.google.com', 'localhost', '127.0.0.1'];
    const disguises: ((host: string) => string)[] = [
      (host) => `https://${host}.evil.test/token`,
      (host) => `https://${host}@evil.test/token`,
      (host) => `https://${host}:443@evil.test/token`,
      (host) => `https://evil.test/${host}/token`,
      (host) => `https://evil.test?${host}/token`,
      (host) => `https://evil.test#${host}/token`,
      (host) => `https://evil-${host}/token`,
      (host) => `https://${host}%2eevil.test/token`,
      (host) => `https://evil.test\\@${host}/token`,
      (host) => `//${host}/token`,
      (host) => `ftp://${host}/token`,
      (host) => `file://${host}/token`,
    ];
    for (const host of hosts) {
      for (const disguise of disguises) {
        const uri = disguise(host);
        let sentTo: string | undefined;
        try {
          sentTo = toEndpoints(uri).token;
        } catch (thrown) {
          expect((thrown as GsacError).code, uri).toBe('token_uri_refused');
        }
        expect(sentTo, uri).toBeUndefined();
      }
    }
  });

  it('carries no user name, not even for this machine', () => {
    for (const uri of ['http://me@localhost/token', 'http://me:pw@127.0.0.1:8085/token']) {
      expect(() => toEndpoints(uri, [uri])).toThrow(/user name or password/);
    }
  });

  it('of Google counts over https alone, letter for letter', () => {
    expect(toEndpoints('https://www.googleapis.com/oauth2/v4/token')).toBe(googleEndpoints);
    for (const uri of [
      'http://oauth2.googleapis.com/token',
      'http://www.googleapis.com/oauth2/v4/token',
      'https://oauth2.googleapis.com:8443/token',
      'https://www.googleapis.com/oauth2/v2/token',
    ]) {
      expect(() => toEndpoints(uri)).toThrow(/neither Google nor this machine/);
    }
  });
});

describe('This machine', () => {
  it.each(['localhost', '127.0.0.1', '127.1.2.3', '[::1]'])('is called %s', (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  });

  it.each([
    '',
    'localhost.',
    'localhost.evil.test',
    '127.0.0.1.evil.test',
    '0.0.0.0',
    '128.0.0.1',
    '[::]',
    '10.0.0.1',
    '127.0.0.1\n',
  ])('is not called %j', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });
});
