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
