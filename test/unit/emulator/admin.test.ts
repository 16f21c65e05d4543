import { expect, test } from 'vitest';
import { startEmulator } from './support.js';

test('the log counts, remembers and writes lines without secrets', async () => {
  const lines: string[] = [];
  const { emulator, redeem, send, signedIn } = startEmulator({
    onRequest: (line) => lines.push(line),
  });
  const { code } = emulator.signIn();
  const { json } = await redeem(code);
  await send(`/tokeninfo?access_token=${json['access_token']}`);
  await send('/x\u001b[31m');
  expect(emulator.requests.count('/token')).toBe(1);
  expect(emulator.requests.count()).toBe(3);
  expect(emulator.requests.list('/token')).toMatchObject([
    {
      method: 'POST',
      status: 200,
      form: { code, redirect_uri: '' },
      grantType: 'authorization_code',
      user: 'tester@example.com',
    },
  ]);
  expect(lines[0]).toMatch(/^POST \/token 200 authorization_code \d+ ms$/);
  const all = lines.join('\n');
  for (const secret of [
    code,
    String(json['access_token']),
    emulator.clientFile().web.client_secret,
  ]) {
    expect(all).not.toContain(secret);
  }
  const shown = await send('/_emulator/requests?path=/token');
  expect(shown.json['count']).toBe(1);
  expect(shown.text).not.toContain(code);
  await send('/_emulator/requests', { method: 'DELETE' });
  expect(emulator.requests.count()).toBe(0);
  await signedIn();
  expect(emulator.requests.list()).toHaveLength(1);
});

test('unknown routes answer loudly', async () => {
  const { send } = startEmulator();
  const { status, json } = await send('/gmail/v1/users/me', { method: 'PUT', body: 'x' });
  expect(status).toBe(404);
  expect(json['error_description']).toBe('The emulator does not serve PUT /gmail/v1/users/me.');
  expect(json['served']).toContain('POST /revoke (also /o/oauth2/revoke)');
});

test('the front page and the client file tell what a client needs', async () => {
  const { emulator, send } = startEmulator();
  const page = await send('/_emulator');
  expect(page.json).toMatchObject({ origin: emulator.origin });
  expect(page.text).not.toContain('GOCSPX-');
  expect((await send('/_emulator/client-file')).json).toEqual(emulator.clientFile());
  expect((await send('/_emulator/client-file?client_id=x')).status).toBe(404);
  expect(() => emulator.clientFile('x')).toThrow('no web client');
  const { web } = emulator.clientFile();
  expect(web.client_id).toMatch(/^\d{12}-\w{32}\.apps\.googleusercontent\.com$/);
  expect(web.client_secret).toMatch(/^GOCSPX-[\w-]{28}$/);
});

test('a crowd of files costs nothing before somebody looks', async () => {
  const { emulator, signedIn } = startEmulator({ seedFiles: 20_000 });
  const [user] = emulator.state.users.values();
  if (!user) throw new Error('no user');
  const folder = emulator.state.drive.folder(user, '407408718192');
  expect(folder.files.size).toBe(3);
  const send = await signedIn();
  await send('/drive/v3/files?spaces=appDataFolder&pageSize=1');
  expect(folder.files.size).toBe(20_003);
});

test('users are listed, added and removed over HTTP', async () => {
  const { emulator, send, tokens, refresh } = startEmulator();
  const change = (method: string, path: string, body?: object) =>
    send(`/_emulator/${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
  const emails = (json: Readonly<Record<string, unknown>>) =>
    (json['users'] as { email: string }[]).map(({ email }) => email);
  const added = await change('POST', 'users', {
    email: 'new@example.org',
    hd: 'example.org',
    email_verified: false,
  });
  expect(added.json).toMatchObject({ email: 'new@example.org', email_verified: false });
  expect(added.json['sub']).toMatch(/^1\d{20}$/);
  expect(emails((await send('/_emulator/users')).json)).toContain('new@example.org');
  const { refresh_token: token } = await tokens({ user: 'NEW@example.org' });
  for (const [body, status, words] of [
    [{ email: 'New@Example.org' }, 409, 'There already is a user new@example.org'],
    [{ email: 'x@example.org', sub: '104729361850274916385' }, 409, 'tester@example.com'],
    [{ email: 'nobody' }, 400, 'must be an email address'],
    [{ mail: 'x@example.org' }, 400, 'has no "mail"; did you mean "email"?'],
    [{}, 400, 'needs "email"'],
  ] as const) {
    const refused = await change('POST', 'users', body);
    expect([refused.status, refused.json['error_description']]).toEqual([
      status,
      expect.stringContaining(words),
    ]);
  }
  const left = await change('DELETE', 'users?email=new@example.org');
  expect(emails(left.json)).not.toContain('new@example.org');
  expect((await refresh(token)).status).toBe(400);
  expect((await change('DELETE', 'users?email=new@example.org')).json['error']).toBe(
    'unknown_user',
  );
  expect((await change('DELETE', 'users')).status).toBe(404);
  expect(emulator.state.users.size).toBe(3);
});

test('access is revoked over HTTP as the person does it', async () => {
  const { send, tokens, refresh } = startEmulator();
  const { refresh_token: token } = await tokens({ user: 'qa@example.org' });
  const revoke = (body: object) =>
    send('/_emulator/revoke', { method: 'POST', body: JSON.stringify(body) });
  expect((await revoke({})).json).toEqual({ user: 'tester@example.com', had_access: false });
  expect((await refresh(token)).status).toBe(200);
  expect((await revoke({ user: 'QA@example.org' })).json).toMatchObject({ had_access: true });
  expect((await refresh(token)).status).toBe(400);
  expect((await revoke({ user: 'nobody@example.com' })).status).toBe(404);
  expect((await revoke({ usr: 'x' })).status).toBe(400);
});

test('the clock is read, set forward and set back over HTTP', async () => {
  const { send, clock, signedIn } = startEmulator();
  const start = new Date(clock()).toISOString();
  const authorized = await signedIn();
  const advance = (seconds: unknown) =>
    send('/_emulator/clock', {
      method: 'POST',
      body: JSON.stringify({ advance_seconds: seconds }),
    });
  expect((await advance(3600)).json).toMatchObject({ ahead_seconds: 3600 });
  expect((await advance(3600)).json).toEqual({
    now: new Date(clock() + 7_200_000).toISOString(),
    ahead_seconds: 7200,
  });
  expect((await authorized('/v1/userinfo')).status).toBe(401);
  for (const wrong of ['1h', 1e20, null]) expect((await advance(wrong)).status).toBe(400);
  const reset = await send('/_emulator/clock', { method: 'DELETE' });
  expect(reset.json).toEqual({ now: start, ahead_seconds: 0 });
  expect((await authorized('/v1/userinfo')).status).toBe(200);
  expect((await send('/_emulator/clock')).json).toEqual(reset.json);
});

test('a sign-in adds its user only if it is told to', async () => {
  const { emulator, send } = startEmulator();
  const signIn = (body: object) =>
    send('/_emulator/sign-in', { method: 'POST', body: JSON.stringify(body) });
  const user = 'new@example.com';
  const refused = await signIn({ user });
  expect([refused.status, refused.json['error_description']]).toEqual([
    404,
    'There is no user "new@example.com"; there are tester@example.com, qa@example.org, newcomer@example.com.',
  ]);
  expect((await signIn({ user, create: true, source: 'tv' })).status).toBe(400);
  expect((await signIn({ user: 'none', create: true })).status).toBe(400);
  expect(emulator.state.users.size).toBe(3);
  expect((await signIn({ user, create: true })).json['user']).toMatchObject({ email: user });
  expect((await signIn({ user, create: true })).status).toBe(200);
  expect(emulator.state.users.size).toBe(4);
});

test('the log is read by its end, and from where a former answer ended', async () => {
  const { send } = startEmulator();
  const ask = (query: string) => send(`/_emulator/requests${query}`);
  const paths = (json: Readonly<Record<string, unknown>>) =>
    (json['requests'] as { path: string }[]).map(({ path }) => path);
  for (const path of ['/a', '/b', '/c']) await send(path);
  const first = await ask('?limit=2');
  expect([paths(first.json), first.json['next'], first.json['count']]).toEqual([
    ['/b', '/c'],
    3,
    3,
  ]);
  await send('/d');
  expect(paths((await ask('?after=3')).json)).toEqual(['/d']);
  expect(paths((await ask('?after=3&path=/a')).json)).toEqual([]);
  expect(paths((await ask('?after=4')).json)).toEqual([]);
  expect((await ask('?limit=x')).status).toBe(400);
});
