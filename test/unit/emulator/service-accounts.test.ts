import { decodeProtectedHeader, importPKCS8, type JWTPayload, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createEmulator } from '../../../src/emulator/app.js';
import { assertionOf, claimsOf, JWT_BEARER, startEmulator } from './support.js';

const DRIVE = 'https://www.googleapis.com/auth/drive.appdata';
const LIST = '/drive/v3/files?spaces=appDataFolder';
const NOW = Date.parse('2025-06-01T12:00:00Z') / 1000;

function startDesk() {
  const desk = startEmulator();
  const ask = async (claims: JWTPayload = {}, header: object = {}) => {
    const assertion = await assertionOf(desk.emulator, claims, header);
    return desk.post('/token', { grant_type: JWT_BEARER, assertion });
  };
  return { ...desk, ask };
}

describe('a service account', () => {
  it('is given a token for its own files', async () => {
    const { emulator, ask, send } = startDesk();
    const { json } = await ask();
    expect(json).toEqual({
      access_token: expect.stringMatching(/^ya29\./),
      expires_in: 3599,
      scope: DRIVE,
      token_type: 'Bearer',
    });
    const headers = { authorization: `Bearer ${json['access_token']}` };
    expect((await send(LIST, { headers })).json['files']).toEqual([]);
    const { client_id: id, client_email: email } = emulator.serviceAccountFile();
    const about = await send('/drive/v3/about?fields=user', { headers });
    expect(about.json['user']).toMatchObject({ emailAddress: email });
    const info = await send(`/tokeninfo?access_token=${json['access_token']}`);
    expect(info.json).toMatchObject({ azp: id, aud: id, sub: id });
  });

  it.each(['/o/oauth2/token', '/oauth2/v4/token'])(
    'may ask %s, for the audience of it',
    async (path) => {
      const { emulator, post } = startDesk();
      const assertion = await assertionOf(emulator, { aud: `https://www.googleapis.com${path}` });
      expect((await post(path, { grant_type: JWT_BEARER, assertion })).status).toBe(200);
    },
  );

  it('acts for a user of a Workspace domain, without that user’s consent', async () => {
    const { ask, send, emulator } = startDesk();
    const { json } = await ask({ sub: 'qa@example.org' });
    const headers = { authorization: `Bearer ${json['access_token']}` };
    const { files } = (await send(LIST, { headers })).json as { files: { name: string }[] };
    expect(files.map(({ name }) => name)).toContain('config.json');
    const user = emulator.state.findUser('qa@example.org');
    expect(user && emulator.state.consentedScopes(user, '407408718192').size).toBe(0);
  });

  it('is given an ID token for an audience', async () => {
    const { ask, emulator } = startDesk();
    const audience = 'https://service.example.com';
    const { json } = await ask({ scope: undefined, target_audience: audience });
    const { client_email: email, client_id: sub } = emulator.serviceAccountFile();
    expect(Object.keys(json)).toEqual(['id_token']);
    expect(claimsOf(json['id_token'])).toEqual({
      iss: 'https://accounts.google.com',
      aud: audience,
      azp: email,
      email,
      email_verified: true,
      sub,
      iat: NOW,
      exp: NOW + 3600,
    });
    expect(emulator.state.grants).toEqual([]);
  });

  it('publishes its certificate where its file says', async () => {
    const { emulator, send } = startDesk();
    const { client_x509_cert_url: url, private_key_id: kid } = emulator.serviceAccountFile();
    const { json } = await send(new URL(url).pathname);
    expect(json[kid]).toContain('BEGIN CERTIFICATE');
    expect((await send('/robot/v1/metadata/x509/nobody@example.com')).status).toBe(404);
  });

  it('keeps its tokens and files when the emulator is restored', async () => {
    const { emulator, ask, send } = startDesk();
    const { json } = await ask();
    const headers = { authorization: `Bearer ${json['access_token']}` };
    const body = JSON.stringify({ name: 'kept.txt', parents: ['appDataFolder'] });
    const made = {
      method: 'POST',
      body,
      headers: { ...headers, 'content-type': 'application/json' },
    };
    await send('/drive/v3/files', made);
    const clock = () => NOW * 1000;
    const again = createEmulator({ clock, saved: JSON.parse(JSON.stringify(emulator.save())) });
    const listed = await again.fetch(new Request(`${again.origin}${LIST}`, { headers }));
    expect(((await listed.json()) as { files: { name: string }[] }).files[0]?.name).toBe(
      'kept.txt',
    );
  });
});

const SIGNATURE = 'Invalid JWT Signature.';
const LIFETIME = expect.stringMatching(
  /^Invalid JWT: Token must be a short-lived token \(60 minutes\)/,
);
const AUDIENCE = expect.stringMatching(/^Invalid JWT: Failed audience check\./);
const SCOPE = 'Invalid OAuth scope or ID token audience provided.';

describe('an assertion is refused', () => {
  it.each<[string, JWTPayload, number, string, unknown]>([
    [
      'of another issuer',
      { iss: 'x@other.iam.gserviceaccount.com' },
      400,
      'invalid_grant',
      'Invalid grant: account not found',
    ],
    [
      'without an issuer',
      { iss: undefined as never },
      400,
      'invalid_grant',
      'Invalid grant: account not found',
    ],
    ['for another audience', { aud: 'https://example.com/token' }, 400, 'invalid_grant', AUDIENCE],
    ['without an audience', { aud: undefined as never }, 400, 'invalid_grant', AUDIENCE],
    ['that lives too long', { exp: NOW + 3601 }, 400, 'invalid_grant', LIFETIME],
    ['that is over', { iat: NOW - 3901, exp: NOW - 301 }, 400, 'invalid_grant', LIFETIME],
    ['that is of the future', { iat: NOW + 302, exp: NOW + 3600 }, 400, 'invalid_grant', LIFETIME],
    [
      'that ends before it begins',
      { iat: NOW + 60, exp: NOW + 59 },
      400,
      'invalid_grant',
      LIFETIME,
    ],
    ['without iat', { iat: undefined as never }, 400, 'invalid_grant', LIFETIME],
    ['without exp', { exp: undefined as never }, 400, 'invalid_grant', LIFETIME],
    ['without a scope', { scope: undefined }, 400, 'invalid_scope', SCOPE],
    ['with what is no scope', { scope: 'drive.appdata' }, 400, 'invalid_scope', SCOPE],
    [
      'for a user who is none',
      { sub: 'nobody@example.org' },
      400,
      'invalid_grant',
      'Not a valid email.',
    ],
    [
      'for what is no user',
      { sub: 'nobody' },
      400,
      'invalid_request',
      'Invalid impersonation &quot;sub&quot; field.',
    ],
    [
      'for a consumer account',
      { sub: 'tester@example.com' },
      401,
      'unauthorized_client',
      'Unauthorized client or scope in request.',
    ],
    [
      'for scopes that nobody delegated',
      { sub: 'qa@example.org', scope: `${DRIVE} https://www.googleapis.com/auth/gmail.readonly` },
      401,
      'unauthorized_client',
      expect.stringMatching(/^Client is unauthorized to retrieve access tokens using this method/),
    ],
  ])('%s', async (_title, claims, status, error, description) => {
    const answer = await startDesk().ask(claims);
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({ error, error_description: description });
  });

  it('at the limits of its time it is not', async () => {
    const { ask } = startDesk();
    expect((await ask({ iat: NOW + 300, exp: NOW + 3900 })).status).toBe(200);
    expect((await ask({ iat: NOW - 3899, exp: NOW - 299 })).status).toBe(200);
  });

  it('if its key is unknown, or another signed it', async () => {
    const { ask, post, emulator } = startDesk();
    expect((await ask({}, { kid: '0'.repeat(40) })).json['error_description']).toBe(SIGNATURE);
    const good = await assertionOf(emulator);
    const [head, , signature] = good.split('.');
    const forged = Buffer.from(JSON.stringify({ ...claimsOf(good), scope: `${DRIVE} openid` }));
    const other = await new SignJWT(claimsOf(good))
      .setProtectedHeader({ alg: 'HS256', kid: String(decodeProtectedHeader(good).kid) })
      .sign(Buffer.from(emulator.serviceAccountFile().private_key));
    const rs512 = await new SignJWT(claimsOf(good))
      .setProtectedHeader({ alg: 'RS512' })
      .sign(await importPKCS8(emulator.serviceAccountFile().private_key, 'RS512'));
    for (const assertion of [
      `${head}.${forged.toString('base64url')}.${signature}`,
      other,
      rs512,
      'not-a-jwt',
      `${good}.x`,
    ]) {
      const { status, json } = await post('/token', { grant_type: JWT_BEARER, assertion });
      expect([status, json['error_description']]).toEqual([400, SIGNATURE]);
    }
  });

  it('if the account is disabled, and without an assertion', async () => {
    const { emulator, post } = startDesk();
    const assertion = await assertionOf(emulator);
    const missing = await post('/token', { grant_type: JWT_BEARER });
    expect(missing.json['error_description']).toBe('Missing required parameter: assertion');
    const { email } = [...emulator.state.serviceAccounts.values()][0] ?? { email: '' };
    const disabled = startEmulator({ serviceAccounts: [{ email, status: 'disabled' }] });
    const refused = await disabled.post('/token', { grant_type: JWT_BEARER, assertion });
    expect(refused.json['error_description']).toBe('Invalid grant: account not found');
  });

  it('by a fault for the account or for the user that it acts for', async () => {
    const { emulator, ask, refresh, tokens } = startDesk();
    const { client_id: client } = emulator.serviceAccountFile();
    emulator.faults.order(`assertion-lifetime:client=${client}`);
    emulator.faults.order('not-delegated:user=qa@example.org');
    const { refresh_token: token } = await tokens();
    expect((await refresh(token)).status).toBe(200);
    expect((await ask()).json['error_description']).toEqual(LIFETIME);
    expect((await ask()).status).toBe(200);
    expect((await ask({ sub: 'qa@example.org' })).status).toBe(401);
  });
});
