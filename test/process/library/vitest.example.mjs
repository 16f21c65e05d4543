import { once } from 'node:events';
import { createEmulator } from 'gsac/emulator';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createBackend } from './backend.cjs';

let google;
let backend;
let url;

beforeEach(async () => {
  google = await createEmulator().listen();
  const { origin, endpoints } = google;
  backend = createBackend({ clientFile: google.clientFile(), endpoints, apis: origin }).listen(0);
  await once(backend, 'listening');
  url = `http://127.0.0.1:${backend.address().port}`;
});

afterEach(async () => {
  backend.close();
  await google.close();
});

function signIn() {
  const { code } = google.signIn({ user: 'tester@example.com' });
  return fetch(`${url}/sign-in`, { method: 'POST', body: code });
}

it('knows who signed in, and spends the code once', async () => {
  const answer = await signIn();
  expect(await answer.json()).toMatchObject({ email: 'tester@example.com' });
  expect(google.requests.count('/token')).toBe(1);
});

it('refreshes in time', async () => {
  const { sub } = await (await signIn()).json();
  google.advance(2 * 3600);
  const settings = await fetch(`${url}/settings/${sub}`);
  expect(await settings.json()).toMatchObject({ theme: 'dark' });
  expect(google.requests.list('/token').at(-1)).toMatchObject({ grantType: 'refresh_token' });
});

it('has the person sign in again who removed the app', async () => {
  const { sub } = await (await signIn()).json();
  google.revoke('tester@example.com');
  expect((await fetch(`${url}/settings/${sub}`)).status).toBe(401);
});

it('refuses an ID token that was made for another app', async () => {
  google.inject({ name: 'wrong-audience' });
  expect((await signIn()).status).toBe(502);
});
