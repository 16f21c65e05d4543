import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { createEmulator } from 'gsac/emulator';
import { createBackend } from './backend.cjs';

const google = createEmulator();
let backend;
let url;

before(async () => {
  const { origin, endpoints } = await google.listen();
  backend = createBackend({ clientFile: google.clientFile(), endpoints, apis: origin }).listen(0);
  await once(backend, 'listening');
  url = `http://127.0.0.1:${backend.address().port}`;
});

after(async () => {
  backend.close();
  await google.close();
});

test('takes a code once', async () => {
  const { code } = google.signIn();
  const first = await fetch(`${url}/sign-in`, { method: 'POST', body: code });
  assert.equal((await first.json()).email, 'tester@example.com');
  const second = await fetch(`${url}/sign-in`, { method: 'POST', body: code });
  assert.equal(second.status, 401);
});
