import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { OAuth2Client } from 'google-auth-library';
import { drive } from 'googleapis/build/src/apis/drive/index.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEmulator, type Emulator } from '../../../src/emulator/app.js';
import { type ServedEmulator, serveEmulator } from '../../../src/emulator/serve.js';

let emulator: Emulator;
let served: ServedEmulator;

beforeEach(async () => {
  emulator = createEmulator();
  served = await serveEmulator(emulator);
});
afterEach(() => served.close());

function googleClient(): OAuth2Client {
  const { web } = emulator.clientFile();
  const { origin } = served;
  return new OAuth2Client({
    clientId: web.client_id,
    clientSecret: web.client_secret,
    redirectUri: 'postmessage',
    endpoints: {
      oauth2TokenUrl: `${origin}/token`,
      oauth2RevokeUrl: `${origin}/revoke`,
      tokenInfoUrl: `${origin}/tokeninfo`,
      oauth2FederatedSignonPemCertsUrl: `${origin}/oauth2/v1/certs`,
      oauth2FederatedSignonJwkCertsUrl: `${origin}/oauth2/v3/certs`,
    },
  });
}

test("Google's own libraries for Node find everything", async () => {
  const auth = googleClient();
  const { code, user } = emulator.signIn({ source: 'web-popup' });
  const { tokens } = await auth.getToken(code);
  auth.setCredentials(tokens);
  const ticket = await auth.verifyIdToken({
    idToken: tokens.id_token ?? '',
    audience: emulator.clientFile().web.client_id,
  });
  expect(ticket.getPayload()).toMatchObject({ sub: user.sub, email: user.email });
  expect(await auth.getTokenInfo(tokens.access_token ?? '')).toMatchObject({ email: user.email });

  const api = drive({ version: 'v3', auth, rootUrl: `${served.origin}/` });
  const list = await api.files.list({ spaces: 'appDataFolder', fields: 'files(name,size)' });
  expect(list.data.files).toContainEqual({ name: 'settings.json', size: '46' });
  expect((await api.files.get({ fileId: 'appfolder' })).data.name).toBe('appDataFolder');
  const created = await api.files.create(
    {
      requestBody: { name: 'node.txt', parents: ['appDataFolder'] },
      media: { mimeType: 'text/plain', body: 'from node' },
    },
    { rootUrl: `${served.origin}/` },
  );
  const fileId = created.data.id ?? '';
  const media = await api.files.get({ fileId, alt: 'media' });
  expect(media.data).toBe('from node');
  expect((await api.files.delete({ fileId })).status).toBe(204);

  const before = tokens.access_token;
  expect((await auth.refreshAccessToken()).credentials.access_token).not.toBe(before);
  await auth.revokeToken(tokens.refresh_token ?? '');
  await expect(auth.refreshAccessToken()).rejects.toThrow('invalid_grant');
});

test('a second process signs in over HTTP', async () => {
  const signIn = (body: object) =>
    fetch(`${served.origin}/_emulator/sign-in`, { method: 'POST', body: JSON.stringify(body) });
  const { client_id: clientId } = emulator.clientFile().web;
  const answer = await signIn({
    client_id: clientId,
    user: 'qa@example.org',
    scope: 'openid email',
  });
  expect(await answer.json()).toEqual({
    code: expect.stringMatching(/^4\/0A[\w-]{73}$/),
    user: { email: 'qa@example.org', sub: '117208453961027584639' },
    client_id: clientId,
    scopes: ['openid', 'https://www.googleapis.com/auth/userinfo.email'],
    source: 'ios',
    redirect_uri: '',
  });
  const refused = await signIn({ user: 'nobody@example.com' });
  expect(refused.status).toBe(404);
  expect(await refused.json()).toMatchObject({ error: 'unknown_user' });
  const inAnyCase = await (await signIn({ user: 'QA@Example.org' })).json();
  expect(inAnyCase).toMatchObject({ user: { email: 'qa@example.org' } });
});

test.each<[object, string]>([
  [{ usr: 'qa@example.org' }, 'has no "usr"; did you mean "user"?'],
  [{ user: 5 }, 'user must be a text'],
  [{ scopes: [1] }, 'scopes[0] must be a text'],
  [{ force_consent: 'yes' }, 'forceConsent must be true or false'],
  [{ constructor: 'x' }, 'has no "constructor"'],
])('a sign-in over HTTP with %j signs nobody in', async (body, words) => {
  const method = 'POST';
  const answer = await fetch(`${served.origin}/_emulator/sign-in`, {
    method,
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({
    error_description: expect.stringContaining(words),
  });
});

test('a query that is misspelt clears nothing and lists nothing', async () => {
  emulator.inject({ name: 'latency', ms: 1 });
  for (const [method, path] of [
    ['DELETE', 'faults?nme=status'],
    ['GET', 'requests?paht=/token'],
  ] as const) {
    const answer = await fetch(`${served.origin}/_emulator/${path}`, { method });
    expect(answer.status).toBe(400);
  }
  expect(emulator.faults.active).toHaveLength(1);
  emulator.faults.clear();
});

test('a cut connection was cut after the code was spent', async () => {
  emulator.inject({ name: 'reset', path: '/token' });
  const { web } = emulator.clientFile();
  const body = new URLSearchParams({
    client_id: web.client_id,
    client_secret: web.client_secret,
    grant_type: 'authorization_code',
    code: emulator.signIn().code,
  });
  await expect(fetch(web.token_uri, { method: 'POST', body })).rejects.toThrow('fetch failed');
  expect(emulator.state.grants).toHaveLength(1);
  expect(emulator.requests.list('/token')).toMatchObject([{ status: 0 }]);
  expect((await fetch(web.token_uri, { method: 'POST', body })).status).toBe(400);
});

test('compressed and chunked bodies are read, and the clock speaks through Date', async () => {
  const body = gzipSync('grant_type=password');
  emulator.inject({ name: 'clock', seconds: -86_400 });
  const answer = await new Promise<{ text: string; date: string }>((resolve, reject) => {
    const outgoing = request(
      `${served.origin}/token`,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'content-encoding': 'gzip',
          'transfer-encoding': 'chunked',
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () =>
          resolve({
            text: Buffer.concat(chunks).toString(),
            date: String(incoming.headers.date),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.write(body.subarray(0, 9));
    outgoing.end(body.subarray(9));
  });
  expect(answer.text).toContain('Invalid grant_type: password');
  expect(Date.now() - Date.parse(answer.date)).toBeGreaterThan(86_000_000);
});

test('HEAD and OPTIONS answer, and a port that is taken is an error', async () => {
  expect((await fetch(`${served.origin}/oauth2/v3/certs`, { method: 'HEAD' })).status).toBe(200);
  expect((await fetch(`${served.origin}/token`, { method: 'OPTIONS' })).status).toBe(204);
  await expect(serveEmulator(createEmulator(), { port: served.port })).rejects.toThrow(
    'EADDRINUSE',
  );
});
