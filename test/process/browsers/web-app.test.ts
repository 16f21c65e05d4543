import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Emulator } from '../../../src/emulator/library.js';
import { createSandbox, installGsac } from '../../support/process.js';
import { chromiumPath, describeWith } from '../../support/requires.js';
import { googleButton, launch, loadLibrary, popupOf, signIn } from './support.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));
const sample = readFileSync(join(here, 'sign-in.example.mjs'), 'utf8');

describeWith('chromium', 'A web app as Google documents it', () => {
  let google: Emulator;
  let browser: Browser;
  let server: ChildProcess;
  let app = '';

  beforeAll(async () => {
    const port = await freePort();
    app = `http://localhost:${port}`;
    const client = {
      clientId: '123456789012-notes.apps.googleusercontent.com',
      clientSecret: 'GOCSPX-notes',
      redirectUris: [`${app}/callback`, `${app}/login`],
      javascriptOrigins: [app],
    };
    const { createEmulator } = await loadLibrary();
    google = createEmulator({ clients: [client] });
    const intercepted = await google.intercept();
    browser = await launch(intercepted.browser.playwright);
    server = spawn(process.execPath, [join(here, 'web-app.mjs')], {
      env: {
        ...process.env,
        ...intercepted.env,
        GOOGLE_CLIENT_ID: client.clientId,
        GOOGLE_CLIENT_SECRET: client.clientSecret,
        PORT: String(port),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (server.stdout) await once(server.stdout, 'data');
  });
  afterAll(async () => {
    server?.kill();
    await browser?.close();
    await google?.close();
  });

  async function open(path = '/'): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(`${app}${path}`);
    return page;
  }
  const press = (page: Page, name: string) =>
    page.getByRole('button', { name, exact: true }).click();

  it('connects Drive in a popup, and loses it when the person removes the app', async () => {
    const page = await open();
    await signIn(await popupOf(page, () => press(page, 'Connect Drive')), 'qa@example.org');
    await page.getByText('Connected as qa@example.org').waitFor();
    const refresh = '/refresh?email=qa@example.org';
    expect(await (await open(refresh)).textContent('body')).toBe('Refreshed');
    google.revoke('qa@example.org');
    expect(await (await open(refresh)).textContent('body')).toBe('invalid_grant');
  });

  it('connects Drive by a redirect, or is refused', async () => {
    const page = await open();
    await press(page, 'Connect Drive without a popup');
    await signIn(page, 'qa@example.org');
    await page.getByText('Connected as qa@example.org').waitFor();
    expect(new URL(page.url()).pathname).toBe('/callback');
    const other = await open();
    await press(other, 'Connect Drive without a popup');
    await signIn(other, 'tester@example.com', 'Cancel');
    await other.getByText('Not connected: access_denied').waitFor();
  });

  it('says that the popup was closed', async () => {
    const page = await open();
    const popup = await popupOf(page, () => press(page, 'Connect Drive'));
    await popup.close();
    await page.getByText('Not connected: popup_closed').waitFor();
  });

  it('signs in with the button, and takes no forged ID token', async () => {
    const page = await open();
    await googleButton(page).click();
    await signIn(page, 'newcomer@example.com');
    await page.getByText('Signed in as newcomer@example.com').waitFor();
    google.inject('wrong-audience');
    const other = await open();
    await googleButton(other).click();
    await other.getByRole('button', { name: 'newcomer@example.com' }).click();
    await other.getByText('Wrong recipient').waitFor();
  });
});

describeWith('chromium', 'The manual’s page on browsers', () => {
  let folder = '';
  beforeAll(async () => {
    const { prefix } = await installGsac();
    folder = mkdtempSync(join(tmpdir(), 'gsac-browsers-'));
    mkdirSync(join(folder, 'node_modules/playwright'), { recursive: true });
    symlinkSync(join(prefix, 'node_modules/gsac'), join(folder, 'node_modules/gsac'));
    for (const name of ['google-auth-library', 'playwright-core']) {
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
    }
    // playwright brings its own browser; here it is Debian's.
    writeFileSync(
      join(folder, 'node_modules/playwright/index.mjs'),
      `import { chromium as real } from 'playwright-core';
      const executablePath = '${chromiumPath}';
      export const chromium = { launch: (options) => real.launch({ executablePath, ...options }) };`,
    );
    writeFileSync(
      join(folder, 'node_modules/playwright/package.json'),
      '{ "name": "playwright", "exports": "./index.mjs" }',
    );
    for (const name of ['web-app.mjs', 'sign-in.example.mjs']) {
      copyFileSync(join(here, name), join(folder, name));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('leads any browser of Playwright’s to the emulator, under emulator run', async () => {
    const page = readFileSync(join(root, 'src/manual/browsers.md'), 'utf8');
    const [, lines = ''] = /```js\n([^`]*HTTPS_PROXY[^`]*)```/.exec(page) ?? [];
    const clientId = '123456789012-own.apps.googleusercontent.com';
    const own = {
      client_id: clientId,
      client_secret: 'GOCSPX-own',
      javascript_origins: ['http://localhost:3000'],
    };
    const client = join(folder, 'client_secret.json');
    writeFileSync(client, JSON.stringify({ web: own }));
    const program = join(folder, 'any-browser.mjs');
    writeFileSync(
      program,
      `import { chromium } from 'playwright';
      ${lines}
      const page = await context.newPage();
      for (const port of [3000, 3001]) {
        const referer = 'http://localhost:' + port;
        const button = 'https://accounts.google.com/gsi/button?client_id=${clientId}';
        const answer = await page.goto(button, { referer });
        console.log(answer.status());
      }
      await browser.close();`,
    );
    const box = await createSandbox();
    const ran = await box.run(
      ['emulator', 'run', '--client', client, '--', process.execPath, program],
      {
        cwd: folder,
        env: { GSAC_HOME: undefined, GSAC_STORE: undefined, GSAC_FILE_KEY: undefined },
      },
    );
    expect(ran.stdout).toBe('200\n403\n');
    expect(ran.exitCode).toBe(0);
  });

  it('has a test that passes as it is printed', async () => {
    const page = readFileSync(join(root, 'src/manual/browsers.md'), 'utf8');
    expect(page).toContain(sample);
    const box = await createSandbox();
    const ran = await box.spawn(process.execPath, ['--test', 'sign-in.example.mjs'], {
      cwd: folder,
      env: { PORT: String(await freePort()) },
    });
    expect(ran.stdout).toMatch(/^# pass 3$|\bpass 3\b/m);
    expect(ran.exitCode).toBe(0);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
