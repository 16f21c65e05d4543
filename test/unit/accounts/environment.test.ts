import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnvironmentAccount } from '../../../src/accounts/stores/environment.js';
import type { ResolvedClient } from '../../../src/core/client-config.js';

const document = {
  type: 'authorized_user',
  client_id: 'client',
  client_secret: 'GOCSPX-secret',
  refresh_token: '1//0refresh',
};

function read(env: Record<string, string | undefined>, named?: ResolvedClient) {
  return readEnvironmentAccount(env, 1_234, async () => named);
}

describe('credentials from the environment', () => {
  it.each([{}, { GSAC_CLIENT_ID: 'client', GSAC_CLIENT_SECRET: 'secret' }, { GSAC_CLIENT: '' }])(
    'are none in %j',
    async (env) => {
      expect(await read(env)).toBeUndefined();
    },
  );

  it('come as a JSON text', async () => {
    const found = await read({ GSAC_CREDENTIALS: ` ${JSON.stringify(document)}` });
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

  it('come from a file, with all that it knows', async () => {
    const file = {
      ...document,
      token_uri: 'http://127.0.0.1:1/token',
      account: 'ada@example.com',
      sub: '1001',
      scopes: ['openid'],
      issued_at: '2026-01-02T03:04:05.000Z',
    };
    const path = join(mkdtempSync(join(tmpdir(), 'gsac-')), 'credentials.json');
    writeFileSync(path, JSON.stringify(file));
    expect(await read({ GSAC_CREDENTIALS: path })).toMatchObject({
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

  it('come as three variables, or two for a client without a secret', async () => {
    const env = { GSAC_CLIENT_ID: 'client', GSAC_REFRESH_TOKEN: '1//0refresh\n' };
    expect((await read({ ...env, GSAC_CLIENT_SECRET: 's' }))?.credential.clientSecret).toBe('s');
    const without = await read(env);
    expect(without?.credential.clientSecret).toBeUndefined();
    expect(without).toMatchObject({
      from: 'GSAC_REFRESH_TOKEN',
      credential: { refreshToken: '1//0refresh' },
    });
  });

  it('have a session key of their own, the same in every process', async () => {
    const keyOf = async (changes: object) =>
      (await read({ GSAC_CREDENTIALS: JSON.stringify({ ...document, ...changes }) }))?.credential
        .sessionKey;
    const key = await keyOf({});
    const others = [
      await keyOf({ client_id: 'other' }),
      await keyOf({ refresh_token: '1//0other' }),
    ];
    expect(new Set([key, ...others]).size).toBe(3);
    expect(await keyOf({ client_secret: 'rotated' })).toBe(key);
  });

  it('need the client id with the refresh token', async () => {
    await expect(read({ GSAC_REFRESH_TOKEN: '1//0refresh' })).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('GSAC_CLIENT_ID'),
    });
  });

  it('name a file that cannot be read', async () => {
    await expect(read({ GSAC_CREDENTIALS: '/no/such.json' })).rejects.toMatchObject({
      code: 'credential_file_invalid',
      message: expect.stringContaining('/no/such.json'),
    });
  });

  it('do not print a token that was taken for a path', async () => {
    const error = await read({ GSAC_CREDENTIALS: '1//0refresh' }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'credential_file_invalid' });
    expect(`${error.message} ${JSON.stringify(error.details)}`).not.toContain('1//0refresh');
  });
});
