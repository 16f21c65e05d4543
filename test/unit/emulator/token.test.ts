import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../src/emulator/oauth/sign-in.js';
import { claimsOf, headerOf, startEmulator } from './support.js';

const APPDATA = 'https://www.googleapis.com/auth/drive.appdata';

describe('a code', () => {
  test('brings tokens, as Google words them', async () => {
    const { emulator, redeem, clock } = startEmulator();
    const { code, user } = emulator.signIn({ nonce: 'n-1' });
    const answer = await redeem(code);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe(
      'no-cache, no-store, max-age=0, must-revalidate',
    );
    expect(answer.headers.get('date')).toBe(new Date(clock()).toUTCString());
    expect(answer.text).toContain('\n  "access_token": "ya29.');
    expect(answer.json).toMatchObject({ expires_in: 3599, token_type: 'Bearer' });
    expect(String(answer.json['access_token']).length).toBeGreaterThan(200);
    expect(answer.json['refresh_token']).toMatch(/^1\/\/0[\w-]{99}$/);
    expect(String(answer.json['scope']).split(' ')).toEqual([
      'https://www.googleapis.com/auth/userinfo.email',
      'https://www.googleapis.com/auth/userinfo.profile',
      'openid',
      APPDATA,
    ]);
    expect(answer.json).not.toHaveProperty('refresh_token_expires_in');
    const hash = createHash('sha256').update(String(answer.json['access_token'])).digest();
    const iat = Math.floor(clock() / 1000);
    expect(claimsOf(answer.json['id_token'])).toMatchObject({
      iss: 'https://accounts.google.com',
      aud: emulator.clientFile().web.client_id,
      azp: expect.stringContaining('-ios'),
      sub: user.sub,
      email: 'tester@example.com',
      email_verified: true,
      nonce: 'n-1',
      at_hash: hash.subarray(0, 16).toString('base64url'),
      iat,
      exp: iat + 3600,
    });
    expect(headerOf(answer.json['id_token'])).toMatchObject({
      alg: 'RS256',
      kid: expect.any(String),
    });
  });

  test('works once', async () => {
    const { emulator, redeem } = startEmulator();
    const { code } = emulator.signIn();
    await redeem(code);
    const again = await redeem(code);
    expect(again.status).toBe(400);
    expect(again.text).toBe(
      '{\n  "error": "invalid_grant",\n  "error_description": "Bad Request"\n}',
    );
  });

  test('kills the first tokens at its second use, where that is switched on', async () => {
    const { emulator, redeem, refresh } = startEmulator({
      switches: { reuseRevokesTokens: true, redeemedWording: 'Code was already redeemed.' },
    });
    const { code } = emulator.signIn();
    const { refresh_token: refreshToken } = (await redeem(code)).json;
    expect((await redeem(code)).json['error_description']).toBe('Code was already redeemed.');
    expect((await refresh(refreshToken)).json['error']).toBe('invalid_grant');
  });

  test('expires', async () => {
    const { emulator, redeem, clock } = startEmulator();
    const { code } = emulator.signIn();
    clock.advance(600);
    expect((await redeem(code)).json).toEqual({
      error: 'invalid_grant',
      error_description: 'Bad Request',
    });
    clock.advance(601);
    emulator.signIn();
    expect(emulator.state.codes).toHaveLength(1);
  });

  test.each(['4%2F0Aabc', '4/0Atruncated', 'YOUR_CODE', '4/0A b'])(
    '%s is malformed',
    async (code) => {
      const { redeem } = startEmulator();
      expect((await redeem(code)).json['error_description']).toBe('Malformed auth code.');
    },
  );

  test.each([
    ['redirect_uri=', { redirect_uri: '' }, '&redirect_uri='],
    ['a bare redirect_uri', {}, '&redirect_uri'],
    ['no redirect_uri', {}, ''],
  ])('of a phone takes %s', async (_name, _form, tail) => {
    const { emulator, send, credentials } = startEmulator();
    const { code } = emulator.signIn({ source: 'android' });
    const fields = { ...credentials, grant_type: 'authorization_code', code, scope: '' };
    const answer = await send('/token', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
      body: `${new URLSearchParams(fields)}${tail}`,
    });
    expect(answer.status).toBe(200);
  });

  test.each([
    ['ios', 'postmessage', 400],
    ['web-popup', 'postmessage', 200],
    ['web-popup', '', 400],
    ['web-redirect', 'http://localhost:8080/oauth2callback', 200],
    ['web-redirect', 'http://localhost:8080/oauth2callback/', 400],
  ] as const)('from %s with redirect_uri %j: %i', async (source, redirectUri, status) => {
    const { emulator, redeem } = startEmulator();
    const answer = await redeem(emulator.signIn({ source }).code, { redirect_uri: redirectUri });
    expect(answer.status).toBe(status);
    if (status === 400) expect(answer.json['error']).toBe('redirect_uri_mismatch');
  });

  test('takes HTTP Basic, and survives a refused client', async () => {
    const { emulator, post, redeem, credentials } = startEmulator();
    const { code } = emulator.signIn();
    const form = { grant_type: 'authorization_code', code, redirect_uri: '' };
    const basic = (secret: string) => ({
      authorization: `Basic ${Buffer.from(`${credentials.client_id}:${secret}`).toString('base64')}`,
    });
    expect((await post('/token', form, basic('wrong'))).json['error']).toBe('invalid_client');
    expect((await redeem(code, { client_secret: 'wrong' })).status).toBe(401);
    expect((await post('/token', form, basic(credentials.client_secret))).status).toBe(200);
  });

  test('checks PKCE', async () => {
    const { emulator, redeem } = startEmulator();
    const verifier = 'v'.repeat(43);
    const codeChallenge = createHash('sha256').update(verifier).digest('base64url');
    const { code } = emulator.signIn({ source: 'web-popup', codeChallenge });
    const redirect = { redirect_uri: 'postmessage' };
    expect((await redeem(code, redirect)).json['error_description']).toBe('Missing code verifier.');
    const wrong = await redeem(code, { ...redirect, code_verifier: 'w'.repeat(43) });
    expect(wrong.json['error_description']).toBe('Invalid code verifier.');
    expect((await redeem(code, { ...redirect, code_verifier: verifier })).status).toBe(200);
  });
});

describe('the token endpoint refuses', () => {
  test.each([
    [{ grant_type: '' }, 400, 'unsupported_grant_type', 'Invalid grant_type: '],
    [{ grant_type: 'password' }, 400, 'unsupported_grant_type', 'Invalid grant_type: password'],
    [{ client_id: '' }, 400, 'invalid_request', 'Could not determine client ID from request.'],
    [{ client_id: '"x"' }, 401, 'invalid_client', 'The OAuth client was not found.'],
    [{ client_secret: '' }, 400, 'invalid_request', 'client_secret is missing.'],
    [{ client_secret: 'x' }, 401, 'invalid_client', 'The provided client secret is invalid.'],
    [{ code: '' }, 400, 'invalid_request', 'Missing required parameter: code'],
  ])('%j', async (form, status, error, description) => {
    const { emulator, redeem } = startEmulator();
    const { code } = emulator.signIn();
    const answer = await redeem(code, form);
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({ error, error_description: description });
    expect((await redeem(code)).status).toBe(200);
  });

  test("another client's code and refresh token, and an app's id", async () => {
    const { emulator, redeem, refresh, tokens } = startEmulator();
    const [, iosId = ''] = [...emulator.state.clients.keys()];
    const otherId = [...emulator.state.clients.keys()][3] ?? '';
    const other = emulator.clientFile(otherId).web;
    const theirs = { client_id: other.client_id, client_secret: other.client_secret };
    const { code } = emulator.signIn();
    expect((await redeem(code, theirs)).json['error']).toBe('unauthorized_client');
    const app = await redeem(code, { client_id: iosId, client_secret: '' });
    expect(app.json).toEqual({ error: 'invalid_client', error_description: 'Unauthorized' });
    const { refresh_token: token } = await tokens();
    expect((await refresh(token, theirs)).status).toBe(401);
    expect((await redeem(code)).status).toBe(200);
  });

  test('deleted and disabled clients', async () => {
    const { emulator, redeem } = startEmulator();
    const { code } = emulator.signIn();
    const [client] = emulator.state.clients.values();
    if (!client) throw new Error('no client');
    client.status = 'deleted';
    expect((await redeem(code)).json['error']).toBe('deleted_client');
    client.status = 'disabled';
    expect((await redeem(code)).json['error_description']).toBe('The OAuth client was disabled.');
    expect(() => emulator.signIn()).toThrow(SignInError);
  });
});

describe('consent', () => {
  test('that exists brings no second refresh token unless it is forced', async () => {
    const { tokens } = startEmulator();
    expect(await tokens({ forceConsent: false })).toHaveProperty('refresh_token');
    expect(await tokens({ forceConsent: false })).not.toHaveProperty('refresh_token');
    expect(await tokens()).toHaveProperty('refresh_token');
    expect(await tokens({ accessType: 'online' })).not.toHaveProperty('refresh_token');
  });

  test('gives an installed app a refresh token each time', async () => {
    const { emulator, redeem } = startEmulator();
    const { installed } = emulator.desktopClientFile();
    const { client_id: clientId, client_secret } = installed;
    const asked = { clientId, accessType: 'online', forceConsent: false } as const;
    for (let times = 0; times < 2; times += 1) {
      const { code } = emulator.signIn(asked);
      const { json } = await redeem(code, { client_id: clientId, client_secret });
      expect(json['refresh_token']).toMatch(/^1\/\//);
    }
  });

  test('of an app in testing ends after seven days', async () => {
    const { emulator: plain } = startEmulator();
    const { client_id: clientId, client_secret: clientSecret } = plain.clientFile().web;
    const { tokens, refresh, clock } = startEmulator({
      clients: [{ clientId, clientSecret, publishing: 'testing' }],
    });
    const basic = await tokens({ scopes: ['openid', 'email'] });
    expect(basic).not.toHaveProperty('refresh_token_expires_in');
    const answer = await tokens();
    expect(answer['refresh_token_expires_in']).toBe(604_799);
    clock.advance(604_800);
    expect((await refresh(answer['refresh_token'])).status).toBe(400);
    expect((await refresh(basic['refresh_token'])).status).toBe(200);
  });

  test.each([
    [{ user: 'nobody@example.com' }, 'unknown_user'],
    [{ clientId: 'x.apps.googleusercontent.com' }, 'invalid_client'],
    [
      { source: 'web-redirect' as const, redirectUri: 'https://e.example' },
      'redirect_uri_mismatch',
    ],
    [{ scopes: [] }, 'invalid_request'],
  ])('refuses %j', (request, error) => {
    const { emulator } = startEmulator();
    expect(() => emulator.signIn(request)).toThrow(expect.objectContaining({ error }));
  });

  test('refuses an app and a server of different projects', () => {
    const { emulator } = startEmulator();
    const [first = '', , , , otherApp = ''] = [...emulator.state.clients.keys()];
    expect(() => emulator.signIn({ clientId: first, appClientId: otherApp })).toThrow(
      'The audience client and the client need to be in the same project.',
    );
  });
});

describe('a refresh token', () => {
  test('brings a new access token and fewer claims', async () => {
    const { tokens, refresh, clock } = startEmulator();
    const first = await tokens({ user: 'qa@example.org' });
    clock.advance(10);
    const { status, json } = await refresh(first['refresh_token']);
    expect(status).toBe(200);
    expect(json).not.toHaveProperty('refresh_token');
    expect(json['access_token']).not.toBe(first['access_token']);
    expect(json['scope']).toBe(first['scope']);
    expect(claimsOf(first['id_token'])).toMatchObject({ name: 'Quinn Avery', hd: 'example.org' });
    expect(claimsOf(json['id_token'])).toMatchObject({ email: 'qa@example.org' });
    expect(claimsOf(json['id_token'])).not.toHaveProperty('name');
  });

  test('narrows scopes and never widens them', async () => {
    const { tokens, refresh } = startEmulator();
    const { refresh_token: token } = await tokens();
    expect((await refresh(token, { scope: 'openid' })).json['scope']).toBe('openid');
    expect((await refresh(token, { scope: 'drive' })).json['error']).toBe('invalid_scope');
  });

  test('is refused in other words when it never was one', async () => {
    const { refresh } = startEmulator();
    expect((await refresh('nonsense')).json['error_description']).toBe('Bad Request');
    expect((await refresh(`1//0${'x'.repeat(99)}`)).json['error_description']).toBe(
      'Token has been expired or revoked.',
    );
    expect((await refresh('')).json['error_description']).toBe(
      'Missing required parameter: refresh_token',
    );
  });

  test('dies as the 101st comes, and after six idle months', async () => {
    const { tokens, refresh, clock } = startEmulator();
    const scopes = ['drive.appdata'];
    const first = await tokens({ scopes });
    const second = await tokens({ scopes });
    for (let index = 0; index < 99; index += 1) await tokens({ scopes });
    expect((await refresh(first['refresh_token'])).status).toBe(400);
    expect((await refresh(second['refresh_token'])).status).toBe(200);
    clock.advance(184 * 86_400);
    expect((await refresh(second['refresh_token'])).status).toBe(400);
  });
});

test('the older paths answer, and JSON bodies are taken', async () => {
  const { emulator, send, credentials } = startEmulator();
  for (const path of ['/o/oauth2/token', '/oauth2/v3/token', '/oauth2/v4/token']) {
    const { code } = emulator.signIn();
    const answer = await send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...credentials, grant_type: 'authorization_code', code }),
    });
    expect(answer.status).toBe(200);
  }
});

test('the same seed makes the same codes', () => {
  const [one, two] = [startEmulator({ seed: 's' }), startEmulator({ seed: 's' })];
  expect(one.emulator.signIn().code).toBe(two.emulator.signIn().code);
});
