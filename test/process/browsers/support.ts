import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, LaunchOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest';
import type { Emulator, Intercepted } from '../../../src/emulator/library.js';
import { launchChromium } from '../../support/chromium.js';
import { installGsac, until } from '../../support/process.js';

type Library = typeof import('../../../src/emulator/library.js');

/** `gsac/emulator` as a project has it that installed gsac. */
export async function loadLibrary(): Promise<Library> {
  const { prefix } = await installGsac();
  return createRequire(join(prefix, 'index.cjs'))('gsac/emulator') as Library;
}

/** Chromium that blocks popups as a person's browser does. */
export const launch = (options: LaunchOptions): Promise<Browser> =>
  launchChromium({ ignoreDefaultArgs: ['--disable-popup-blocking'], ...options });

/** Does something that opens a popup, and returns it. */
export async function popupOf(page: Page, act: () => Promise<void>): Promise<Page> {
  const opening = page.waitForEvent('popup');
  await act();
  return opening;
}

/** Signs in on the pages of the emulator. */
export async function signIn(popup: Page, email: string, decision = 'Continue'): Promise<void> {
  await popup.getByRole('button', { name: email }).click();
  await popup.getByRole('button', { name: decision }).click();
}

/** Google's button, in its frame. */
export function googleButton(page: Page) {
  const frame = page.frameLocator('iframe[title="Sign in with Google Button"]');
  return frame.getByRole('button', { name: 'Sign in with Google' });
}

const project = '123456789012';
export const clientSecret = 'GOCSPX-app';

/**
 * A browser in front of an emulator, and an app whose page is what a test writes. Nobody has signed in
 * when a test begins.
 */
export function browserWorld() {
  const clientId = `${project}-app.apps.googleusercontent.com`;
  const posted: { body: URLSearchParams; cookie: string }[] = [];
  let google: Emulator;
  let intercepted: Intercepted;
  let browser: Browser;
  let app = '';
  let html = '';
  let headers: Readonly<Record<string, string>> = {};
  const server = createServer(async (request, response) => {
    const body = new URLSearchParams((await request.setEncoding('utf8').toArray()).join(''));
    if (request.method === 'POST') posted.push({ body, cookie: request.headers.cookie ?? '' });
    response.writeHead(200, { 'content-type': 'text/html', ...headers }).end(html);
  });

  beforeAll(async () => {
    await once(server.listen(0), 'listening');
    app = `http://localhost:${(server.address() as AddressInfo).port}`;
    const { createEmulator } = await loadLibrary();
    const registered = { redirectUris: [`${app}/login`, app], javascriptOrigins: [app] };
    google = createEmulator({
      clients: [
        { clientId, clientSecret, ...registered },
        { clientId: `${project}-elsewhere.apps.googleusercontent.com`, javascriptOrigins: [] },
      ],
    });
    intercepted = await google.intercept();
    browser = await launch(intercepted.browser.playwright);
  });
  afterAll(async () => {
    await browser?.close();
    await google?.close();
    server.close();
  });
  beforeEach(() => {
    for (const { email } of google.users) google.revoke(email);
    posted.length = 0;
  });

  return {
    clientId,
    /** What was posted to the app. */
    posted,
    get app() {
      return app;
    },
    get google() {
      return google;
    },
    get intercepted() {
      return intercepted;
    },
    /** Opens the page: a button that calls `press`, and a script; what that learns, it says by `say`. */
    async open(script: string, body = '', more: typeof headers = {}): Promise<Page> {
      headers = more;
      html = `<!DOCTYPE html><link rel="icon" href="data:,">
        <script>
          const said = [];
          const say = (what) => said.push(what);
          const client_id = '${clientId}';
          const scope = 'openid email https://www.googleapis.com/auth/drive.appdata';
        </script>
        <script src="https://accounts.google.com/gsi/client"></script>
        <button onclick="press()">Press</button><div id="button"></div>${body}
        <script>${script}</script>`;
      const context = await browser.newContext();
      onTestFinished(() => context.close());
      const page = await context.newPage();
      await page.goto(app);
      return page;
    },
    /** What the page learned last, once it has learned that much. */
    async heard(page: Page, count = 1) {
      // Asked from outside: a page that allows no eval could not wait by itself.
      const hasHeard = async () => (await page.evaluate<number>('said.length')) >= count;
      await until('the page has learned it', hasHeard);
      return page.evaluate<Record<string, unknown>>('said.at(-1)');
    },
  };
}
