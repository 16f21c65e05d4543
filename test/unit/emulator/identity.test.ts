import { X509Certificate } from 'node:crypto';
import { createLocalJWKSet, importX509, type JSONWebKeySet, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { PATHS } from '../../../src/emulator/http/paths.js';
import { startEmulator } from './support.js';

test('the published keys verify the ID token, as JWKS and as certificates', async () => {
  const { tokens, send, clock } = startEmulator();
  const { id_token: idToken } = await tokens();
  const jwks = await send('/oauth2/v3/certs');
  expect(jwks.headers.get('cache-control')).toBe(
    'public, max-age=21155, must-revalidate, no-transform',
  );
  const options = { currentDate: new Date(clock()), issuer: 'https://accounts.google.com' };
  const keys = createLocalJWKSet(jwks.json as unknown as JSONWebKeySet);
  const { protectedHeader } = await jwtVerify(String(idToken), keys, options);
  const { json } = await send('/oauth2/v1/certs');
  const pem = String(json[String(protectedHeader.kid)]);
  expect(new X509Certificate(pem).verify(new X509Certificate(pem).publicKey)).toBe(true);
  await jwtVerify(String(idToken), await importX509(pem, 'RS256'), options);
});

test('tokeninfo speaks of access tokens and ID tokens in strings', async () => {
  const { emulator, tokens, send, clock } = startEmulator();
  const { access_token: accessToken, id_token: idToken } = await tokens();
  clock.advance(99);
  const { json } = await send(`/tokeninfo?access_token=${accessToken}`);
  expect(json).toMatchObject({
    aud: emulator.clientFile().web.client_id,
    expires_in: '3500',
    email: 'tester@example.com',
    email_verified: 'true',
    access_type: 'offline',
  });
  const posted = await send('/oauth2/v3/tokeninfo', {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}` },
  });
  expect(posted.json).toEqual(json);
  const claims = await send(`/tokeninfo?id_token=${idToken}`);
  expect(claims.json).toMatchObject({
    email_verified: 'true',
    alg: 'RS256',
    exp: expect.stringMatching(/^\d+$/),
  });
  clock.advance(3600);
  for (const query of [
    `access_token=${accessToken}`,
    `id_token=${idToken}`,
    'id_token=x.y.z',
    '',
  ]) {
    const { status, json: error } = await send(`/tokeninfo?${query}`);
    expect(status).toBe(400);
    expect(error).toEqual({ error: 'invalid_token', error_description: 'Invalid Value' });
  }
});

test('revocation kills everything of the project, by any of its tokens', async () => {
  const { emulator, tokens, post, send, refresh, redeem } = startEmulator();
  const first = await tokens();
  const second = await tokens();
  const { code } = emulator.signIn();
  const other = await tokens({ user: 'qa@example.org' });
  const revoked = await send(`/revoke?token=${first['access_token']}`, { method: 'POST' });
  expect([revoked.status, revoked.text]).toEqual([200, '{}']);
  expect((await refresh(second['refresh_token'])).status).toBe(400);
  expect((await redeem(code)).status).toBe(400);
  const bearer = { headers: { authorization: `Bearer ${second['access_token']}` } };
  expect((await send('/v1/userinfo', bearer)).status).toBe(401);
  expect((await refresh(other['refresh_token'])).status).toBe(200);
  const again = await post('/revoke', { token: String(first['refresh_token']) });
  expect(again.status).toBe(400);
  expect(again.json).toEqual({
    error: 'invalid_token',
    error_description: 'Token expired or revoked',
  });
  expect(await tokens({ forceConsent: false })).toHaveProperty('refresh_token');
  const page = await send('/revoke?token=x');
  expect(page.status).toBe(404);
  expect(page.headers.get('content-type')).toContain('text/html');
});

test('userinfo shows what the scopes let through', async () => {
  const { signedIn, send } = startEmulator();
  const whole = await signedIn({ user: 'qa@example.org' });
  expect((await whole('/v1/userinfo')).json).toMatchObject({
    name: 'Quinn Avery',
    email: 'qa@example.org',
    email_verified: true,
    hd: 'example.org',
  });
  expect((await whole('/oauth2/v2/userinfo')).json).toMatchObject({ verified_email: true });
  const little = await signedIn({ scopes: ['openid'] });
  expect((await little('/v1/userinfo')).json).not.toHaveProperty('email');
  expect((await send('/v1/userinfo')).status).toBe(401);
});

test.each(PATHS.userinfo)(
  '%s answers, is listed, and is hit by what hits userinfo',
  async (path) => {
    const { emulator, signedIn } = startEmulator();
    const send = await signedIn();
    expect((await send(path)).json).toMatchObject({ email: 'tester@example.com' });
    const { served } = (await send('/_emulator')).json;
    expect(String(served)).toContain(path);
    emulator.inject({ name: 'insufficient-scope' });
    expect((await send(path)).status).toBe(403);
  },
);

test.each(['constructor', 'toString', '__proto__'])('the scope %s is one like others', (scope) => {
  const { emulator } = startEmulator();
  const { scopes } = emulator.signIn({ scopes: [scope] });
  expect(scopes).toContain(`https://www.googleapis.com/auth/${scope}`);
});

test('the OpenID configuration leads to the origin', async () => {
  const { emulator, send } = startEmulator({ origin: 'http://127.0.0.1:9/' });
  const { json } = await send('/.well-known/openid-configuration');
  expect(json['token_endpoint']).toBe('http://127.0.0.1:9/token');
  expect(emulator.clientFile().web.auth_uri).toBe('http://127.0.0.1:9/o/oauth2/auth');
});
