import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { createEmulator } from 'gsac/emulator';
import { chromium } from 'playwright';

const port = process.env.PORT ?? '3000';
const app = `http://localhost:${port}`;
const client = {
  clientId: '123456789012-notes.apps.googleusercontent.com',
  clientSecret: 'GOCSPX-notes',
  redirectUris: [`${app}/callback`, `${app}/login`],
  javascriptOrigins: [app],
};
const google = createEmulator({ clients: [client] });
let server;
let browser;

before(async () => {
  const intercepted = await google.intercept();
  browser = await chromium.launch(intercepted.browser.playwright);
  const { clientId: GOOGLE_CLIENT_ID, clientSecret: GOOGLE_CLIENT_SECRET } = client;
  const env = { ...process.env, ...intercepted.env, GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET };
  server = spawn('node', ['web-app.mjs'], { env: { ...env, PORT: port } });
  await once(server.stdout, 'data');
});

after(async () => {
  server?.kill();
  await browser?.close();
  await google.close();
});

async function openPopup() {
  const page = await browser.newPage();
  await page.goto(app);
  const opening = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Connect Drive', exact: true }).click();
  return { page, popup: await opening };
}

test('connects Drive in a popup', async () => {
  const { page, popup } = await openPopup();
  await popup.getByRole('button', { name: 'tester@example.com' }).click();
  await popup.getByRole('checkbox', { name: 'configuration data' }).check();
  await popup.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('Connected as tester@example.com').waitFor();
  assert.equal(google.requests.list('/token').at(-1).form.redirect_uri, 'postmessage');
});

test('says that the person refused', async () => {
  const { page, popup } = await openPopup();
  await popup.getByRole('button', { name: 'qa@example.org' }).click();
  await popup.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Not connected: access_denied').waitFor();
});

test('signs in with the button', async () => {
  const page = await browser.newPage();
  await page.goto(app);
  const frame = page.frameLocator('iframe[title="Sign in with Google Button"]');
  await frame.getByRole('button', { name: 'Sign in with Google' }).click();
  await page.getByRole('button', { name: 'newcomer@example.com' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('Signed in as newcomer@example.com').waitFor();
});
