import { X509Certificate } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, importX509, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { ask, FORM, open, openDrive } from './wire-support.js';

// What clients of Google's in other languages put on the wire, where none of them is at hand.

describe('the token endpoint', () => {
  it.each([
    ['redirect_uri='],
    ['redirect_uri'],
    ['scope='],
    ['redirect_uri=&scope=openid+email&scope=profile'],
  ])('takes %s for an empty redirect URI', async (rest) => {
    const { redeem, credentials } = await open();
    const answer = await redeem(`${credentials}&${rest}`);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.json['expires_in']).toBe(3599);
  });

  it.each([`${FORM}; charset=UTF-8`, `${FORM};charset=utf-8`, FORM.toUpperCase()])(
    'reads a form of type %s',
    async (type) => {
      const { redeem, credentials } = await open();
      expect((await redeem(credentials, {}, { 'content-type': type })).status).toBe(200);
    },
  );

  it('lets the code live when a client tries Basic, wrongly, and then the body', async () => {
    const { google, origin, client_id, client_secret, credentials } = await open();
    const code = encodeURIComponent(google.signIn().code);
    const send = (body: string, headers: Record<string, string> = {}) =>
      ask(`${origin}/token`, {
        method: 'POST',
        headers: { 'content-type': FORM, ...headers },
        body: `grant_type=authorization_code&code=${code}${body}`,
      });
    const basic = (secret: string) => ({
      authorization: `Basic ${Buffer.from(`${client_id}:${secret}`).toString('base64')}`,
    });
    const refused = await send('', basic('wrong'));
    expect([refused.status, refused.json['error']]).toEqual([401, 'invalid_client']);
    expect(refused.headers['content-type']).toMatch(/^application\/json/);
    expect((await send(`&${credentials}`)).status).toBe(200);
    expect((await send('', basic(client_secret))).json['error']).toBe('invalid_grant');
  });

  it('takes Basic alone', async () => {
    const { redeem, client_id, client_secret } = await open();
    const encoded = Buffer.from(`${encodeURIComponent(client_id)}:${client_secret}`);
    const authorization = `Basic ${encoded.toString('base64')}`;
    expect((await redeem('redirect_uri=', {}, { authorization })).status).toBe(200);
  });
});

describe('what clients verify', () => {
  it('is in the client file', async () => {
    const { web } = (await open()).google.clientFile();
    expect(web.redirect_uris).not.toEqual([]);
    expect(web.auth_uri).toMatch(/^http:/);
  });

  it('is an ID token of keys in both forms, not from the future', async () => {
    const { origin, tokens } = await openDrive();
    const idToken = String(tokens['id_token']);
    const { kid = '', alg } = decodeProtectedHeader(idToken);
    const { json: certificates } = await ask(`${origin}/oauth2/v1/certs`);
    const pem = String(certificates[kid]);
    expect(new X509Certificate(pem).publicKey.asymmetricKeyType).toBe('rsa');
    await jwtVerify(idToken, await importX509(pem, 'RS256'));
    const { json: set } = await ask(`${origin}/oauth2/v3/certs`);
    const [key] = set['keys'] as Record<string, unknown>[];
    expect(key).toEqual({
      kty: 'RSA',
      use: 'sig',
      alg,
      kid,
      n: expect.any(String),
      e: 'AQAB',
    });
    const { iat = Number.POSITIVE_INFINITY, email_verified } = decodeJwt(idToken);
    expect(iat).toBeLessThanOrEqual(Date.now() / 1000);
    expect(email_verified).toBe(true);
  });

  it('is a token described to whoever posts it without a body', async () => {
    const { drive } = await openDrive();
    const { json } = await drive('/tokeninfo', { method: 'POST' });
    expect(json).toMatchObject({ email_verified: 'true', expires_in: expect.any(String) });
  });

  it.each([
    ['in the query', (token: string) => [`?token=${token}`, '', {}] as const],
    ['in the form', (token: string) => ['', `token=${token}`, { 'content-type': FORM }] as const],
  ])('is revoked with the token %s', async (_place, place) => {
    const { origin, tokens, drive } = await openDrive();
    const [query, body, headers] = place(encodeURIComponent(String(tokens['refresh_token'])));
    const revoked = await ask(`${origin}/revoke${query}`, { method: 'POST', headers, body });
    expect(revoked.status).toBe(200);
    expect((await drive('/v1/userinfo')).status).toBe(401);
  });

  it('is asked for by GET at the older address alone', async () => {
    const { origin, accessToken } = await openDrive();
    expect((await ask(`${origin}/revoke?token=${accessToken}`)).status).toBe(404);
    expect((await ask(`${origin}/o/oauth2/revoke?token=${accessToken}`)).status).toBe(200);
  });
});
