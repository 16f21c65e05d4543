import { createServer } from 'node:net';
import { OAuth2Client } from 'google-auth-library';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createEmulator,
  type Emulator,
  SavedStateError,
  SignInError,
} from '../../../src/emulator/library.js';

function redeem(emulator: Emulator, code: string): Promise<Response> {
  const { client_id, client_secret } = emulator.clientFile().web;
  const grant_type = 'authorization_code';
  const form = { client_id, client_secret, grant_type, code, redirect_uri: '' };
  return emulator.fetch('/token', { method: 'POST', body: new URLSearchParams(form) });
}

async function signedIn(emulator: Emulator) {
  const answer = await redeem(emulator, emulator.signIn().code);
  return (await answer.json()) as { access_token: string; refresh_token: string };
}

describe('createEmulator of the library', () => {
  it('answers without a port, wherever the request is for', async () => {
    const emulator = createEmulator();
    const { code } = emulator.signIn({ user: 'qa@example.org' });
    expect((await redeem(emulator, code)).status).toBe(200);
    const keys = await emulator.fetch(new Request('https://www.googleapis.com/oauth2/v3/certs'));
    expect(await keys.json()).toMatchObject({ keys: [{ kty: 'RSA' }] });
    expect(emulator.requests.list().map(({ path, user }) => [path, user])).toEqual([
      ['/token', 'qa@example.org'],
      ['/oauth2/v3/certs', undefined],
    ]);
    expect(emulator.requests.count('/token')).toBe(1);
    emulator.requests.clear();
    expect(emulator.requests.count()).toBe(0);
  });

  it('serves as the fetch of a client', async () => {
    const emulator = createEmulator();
    const { client_id: clientId, client_secret: clientSecret } = emulator.clientFile().web;
    const transporterOptions = { fetchImplementation: emulator.fetch };
    const client = new OAuth2Client({ clientId, clientSecret, transporterOptions });
    const { tokens } = await client.getToken(emulator.signIn().code);
    expect(tokens.refresh_token).toMatch(/^1\/\//);
  });

  it('listens until it is closed, and may again', async () => {
    const emulator = createEmulator();
    expect(await emulator.listen()).toBe(emulator);
    const first = emulator.origin;
    expect(emulator.clientFile().web.token_uri).toBe(`${first}/token`);
    expect((await fetch(emulator.endpoints.oauth2FederatedSignonJwkCertsUrl)).status).toBe(200);
    await expect(emulator.listen()).rejects.toThrow('already listening');
    await emulator[Symbol.asyncDispose]();
    await emulator.close();
    await expect(fetch(first)).rejects.toThrow();
    await emulator.listen();
    expect((await fetch(`${emulator.origin}/_emulator`)).status).toBe(200);
    await emulator.close();
  });

  it('says which port is taken, and listens on another then', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    const emulator = createEmulator();
    await expect(emulator.listen({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await emulator.listen({ host: '127.0.0.1' });
    await emulator.close();
  });

  it('closes although it is still about to listen', async () => {
    const emulator = createEmulator();
    const listening = emulator.listen();
    await emulator.close();
    await listening;
    await expect(fetch(emulator.origin)).rejects.toThrow();
  });

  it('moves its clock', async () => {
    const emulator = createEmulator({ clock: () => Date.parse('2026-01-01T00:00:00Z') });
    const headers = { authorization: `Bearer ${(await signedIn(emulator)).access_token}` };
    expect((await emulator.fetch('/v1/userinfo', { headers })).status).toBe(200);
    emulator.advance(3600);
    const later = await emulator.fetch('/v1/userinfo', { headers });
    expect(later.status).toBe(401);
    expect(later.headers.get('date')).toBe('Thu, 01 Jan 2026 01:00:00 GMT');
  });

  it('moves its clock back', async () => {
    const emulator = createEmulator({ clock: () => Date.parse('2026-01-01T00:00:00Z') });
    emulator.advance(7 * 86_400);
    emulator.resetClock();
    const { headers } = await emulator.fetch('/oauth2/v3/certs');
    expect(headers.get('date')).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
  });

  it('adds and removes users', async () => {
    const emulator = createEmulator({ users: [{ email: 'a@example.com' }] });
    const content = { name: 'a.txt', mimeType: 'text/plain', content: 'x' };
    const files = [{ ...content, createdAt: 0, modifiedAt: 0 }];
    const added = emulator.addUser({ email: 'b@example.com', files });
    expect(emulator.users.map(({ email }) => email)).toEqual(['a@example.com', 'b@example.com']);
    expect(emulator.files('b@example.com')).toMatchObject([{ name: 'a.txt' }]);
    expect(() => emulator.addUser({ email: 'B@example.com' })).toThrow(SignInError);
    expect(() => emulator.addUser({ email: 'b' })).toThrow(TypeError);
    emulator.removeUser('b@example.com');
    expect(() => emulator.removeUser('b@example.com')).toThrow('there is a@example.com.');
    expect(emulator.signIn({ user: 'c@example.com', create: true }).user.sub).not.toBe(added.sub);
    // The same address again is somebody else.
    emulator.addUser({ email: 'b@example.com' });
    expect(emulator.files('b@example.com')).toEqual([]);
  });

  it('takes the access of one user away', async () => {
    const emulator = createEmulator();
    const headers = { authorization: `Bearer ${(await signedIn(emulator)).access_token}` };
    emulator.revoke('qa@example.org');
    expect((await emulator.fetch('/v1/userinfo', { headers })).status).toBe(200);
    emulator.revoke();
    expect((await emulator.fetch('/v1/userinfo', { headers })).status).toBe(401);
    expect(() => emulator.revoke('nobody@example.com')).toThrow(SignInError);
    expect(() => emulator.files(undefined, 'nobody')).toThrow('client was not found');
  });

  it('shows what was stored', async () => {
    const emulator = createEmulator({ users: [{ email: 'a@example.com' }] });
    const { access_token } = await signedIn(emulator);
    const boundary = 'b';
    const parts = [
      'Content-Type: application/json\r\n\r\n{"name":"a.txt","parents":["appDataFolder"]}',
      'Content-Type: text/plain\r\n\r\nhello',
    ];
    const body = `${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--`;
    await emulator.fetch('/upload/drive/v3/files?uploadType=multipart', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${access_token}`,
        'content-type': `multipart/related; boundary=${boundary}`,
      },
      body,
    });
    const [file, ...others] = emulator.files('a@example.com');
    expect(others).toEqual([]);
    expect(file).toMatchObject({ name: 'a.txt', mimeType: 'text/plain' });
    expect(new TextDecoder().decode(file?.content)).toBe('hello');
  });

  it('fails to order, and mends', async () => {
    const emulator = createEmulator();
    expect(emulator.faults.find(({ name }) => name === 'status')).toMatchObject({
      parameters: { status: { kind: 'number' } },
    });
    emulator.inject({ name: 'status', status: 429, times: 'always' });
    expect((await redeem(emulator, emulator.signIn().code)).status).toBe(429);
    emulator.clearFaults('status');
    expect((await redeem(emulator, emulator.signIn().code)).status).toBe(200);
    emulator.inject({ name: 'reset' });
    await expect(redeem(emulator, emulator.signIn().code)).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    expect(() => emulator.inject({ name: 'no-such' })).toThrow('There is no fault "no-such"');
    emulator.inject('status:status=503,times=1');
    expect((await redeem(emulator, emulator.signIn().code)).status).toBe(503);
  });

  it('goes on where another one ended', async () => {
    const first = createEmulator();
    const { refresh_token } = await signedIn(first);
    const saved = JSON.parse(JSON.stringify(first.save()));
    const second = createEmulator({ saved });
    const { client_id, client_secret } = second.clientFile().web;
    const form = { client_id, client_secret, grant_type: 'refresh_token', refresh_token };
    const refreshed = await second.fetch('/token', {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    expect(refreshed.status).toBe(200);
    expect(() => createEmulator({ saved: { version: 'none' } })).toThrow(SavedStateError);
  });
});
