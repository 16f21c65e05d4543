import { describe, expect, it } from 'vitest';
import { parseEnvironmentCredentials } from '../../../src/accounts/stores/environment.js';
import { GsacError } from '../../../src/core/errors.js';

const document = {
  type: 'authorized_user',
  client_id: 'client',
  client_secret: 'GOCSPX-secret',
  refresh_token: '1//0refresh',
};
const unreadable = (path: string): string => {
  throw Object.assign(new Error(`read ${path}`), { code: 'ENOENT' });
};

function parse(env: Record<string, string | undefined>, readFile = unreadable) {
  return parseEnvironmentCredentials(env, readFile, 1_234);
}

function thrownBy(work: () => unknown): GsacError {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof GsacError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

describe('credentials from the environment', () => {
  it.each([
    {},
    { GSAC_CLIENT_ID: 'client', GSAC_CLIENT_SECRET: 'secret' },
    { GSAC_CREDENTIALS: '', GSAC_REFRESH_TOKEN: '' },
  ])('are none in %j', (env) => {
    expect(parse(env)).toBeUndefined();
  });

  it('come as a JSON text', () => {
    const found = parse({ GSAC_CREDENTIALS: ` ${JSON.stringify(document)}` });
    expect(found).toEqual({
      from: 'GSAC_CREDENTIALS',
      credential: {
        clientId: 'client',
        clientSecret: 'GOCSPX-secret',
        refreshToken: '1//0refresh',
        tokenUri: 'https://oauth2.googleapis.com/token',
        sessionKey: expect.stringMatching(/^[\w+/]{43}=$/),
      },
      account: {
        key: expect.stringMatching(/^client\/unidentified-[0-9a-f]{12}$/),
        sub: null,
        email: null,
        clientId: 'client',
        scopes: [],
        store: 'env',
        issuedAt: 1_234,
        lastUsedAt: null,
        refreshTokenExpiresAt: null,
      },
    });
  });

  it('come from a file, with all that it knows', () => {
    const file = {
      ...document,
      token_uri: 'http://127.0.0.1:1/token',
      account: 'ada@example.com',
      sub: '1001',
      scopes: ['openid'],
      issued_at: '2026-01-02T03:04:05.000Z',
    };
    const readFile = (path: string) => (path === '/a/file' ? JSON.stringify(file) : '');
    expect(parse({ GSAC_CREDENTIALS: '/a/file' }, readFile)).toMatchObject({
      credential: { tokenUri: 'http://127.0.0.1:1/token' },
      account: {
        key: 'client/1001',
        sub: '1001',
        email: 'ada@example.com',
        scopes: ['openid'],
        issuedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
      },
    });
  });

  it('come as three variables, or two for a client without a secret', () => {
    const env = { GSAC_CLIENT_ID: 'client', GSAC_REFRESH_TOKEN: '1//0refresh\n' };
    expect(parse({ ...env, GSAC_CLIENT_SECRET: 's' })?.credential.clientSecret).toBe('s');
    const without = parse({ ...env, GSAC_CLIENT_SECRET: '' });
    expect(without?.credential.clientSecret).toBeUndefined();
    expect(without).toMatchObject({
      from: 'GSAC_REFRESH_TOKEN',
      credential: { refreshToken: '1//0refresh' },
    });
  });

  it('have a session key of their own, the same in every process', () => {
    const keyOf = (changes: object) =>
      parse({ GSAC_CREDENTIALS: JSON.stringify({ ...document, ...changes }) })?.credential
        .sessionKey;
    const keys = [keyOf({}), keyOf({ client_id: 'other' }), keyOf({ refresh_token: '1//0other' })];
    expect(new Set(keys).size).toBe(3);
    expect(keyOf({ client_secret: 'rotated' })).toBe(keys[0]);
  });

  it('need the client id with the refresh token', () => {
    const error = thrownBy(() => parse({ GSAC_REFRESH_TOKEN: '1//0refresh' }));
    expect(error).toMatchObject({ code: 'usage', exitCode: 2 });
    expect(error.message).toContain('GSAC_CLIENT_ID');
  });

  it('name a file that cannot be read', () => {
    const error = thrownBy(() => parse({ GSAC_CREDENTIALS: '/no/such.json' }));
    expect(error.code).toBe('credential_file_invalid');
    expect(error.message).toContain('/no/such.json');
  });

  it('do not print a token that was taken for a path', () => {
    const error = thrownBy(() => parse({ GSAC_CREDENTIALS: '1//0refresh' }));
    expect(error.message).not.toContain('1//0refresh');
    expect(JSON.stringify(error.details)).not.toContain('1//0refresh');
  });
});
