import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launchChromium, localPages } from '../support/chromium.js';
import { faintText, openAll } from '../support/faint-text.js';
import {
  createSandbox,
  type RunningEmulator,
  type Sandbox,
  startEmulator,
} from '../support/process.js';
import { describeWith } from '../support/requires.js';
import { createSecretScanner } from '../support/secret-scanner.js';

const phone = { width: 390, height: 844 };
/** What a browser logs by itself: refusals, an emulator that has ended, and that http has no such policy. */
const expected =
  /^Failed to load resource: (the server responded with a status of 4\d\d|net::)|^The Cross-Origin-Opener-Policy header has been ignored/;

const desk = { width: 1280, height: 860 };

describeWith('chromium', 'the page of the emulator in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium({
      // A name that its owner leads to this machine.
      args: [...localPages, '--host-resolver-rules=MAP evil.example 127.0.0.1'],
    });
  });
  afterAll(() => browser?.close());

  /** A window; the test fails if the page's own script or the policy of the page has to complain. */
  async function open(
    url: string,
    options: Parameters<Browser['newContext']>[0] = { viewport: desk },
  ): Promise<{ context: BrowserContext; page: Page }> {
    const context = await browser.newContext(options);
    const said: string[] = [];
    const page = await context.newPage();
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    onTestFinished(async () => {
      await context.close();
      expect(said.filter((text) => !expected.test(text))).toEqual([]);
    });
    await page.goto(url);
    await page.locator('#connection[data-kind=open]').waitFor();
    return { context, page };
  }

  async function start(...args: string[]): Promise<{ box: Sandbox; emulator: RunningEmulator }> {
    const box = await createSandbox();
    return { box, emulator: await startEmulator(box, args) };
  }

  const said = (page: Page, text: string | RegExp) =>
    page.locator('#said').filter({ hasText: text }).waitFor();

  describe('people', () => {
    it('sign in: the code waits, is copied, drawn and exchanged; a grant comes and goes', async () => {
      const { box, emulator } = await start();
      const { context, page } = await open(emulator.origin);
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.getByRole('button', { name: 'Sign in as qa@example.org' }).click();
      await said(page, 'qa@example.org signed in');
      const code = await page.getByRole('textbox', { name: 'One-time code' }).inputValue();
      expect(code).toMatch(/^4\/0A/);
      await page.getByText(/^Nobody has exchanged it yet\. It works once, until \d/).waitFor();
      expect(await page.locator('#code-command').textContent()).toBe(`gsac exchange '${code}'`);

      await page.locator('#code-copy').click();
      await said(page, 'Copied.');
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(code);

      const qr = page.getByRole('button', { name: 'QR code' });
      await qr.click();
      await page.getByRole('img', { name: 'QR code of the one-time code' }).waitFor();
      expect(await qr.getAttribute('aria-expanded')).toBe('true');
      await qr.click();
      expect(await page.locator('#qr').isVisible()).toBe(false);

      expect((await box.run(['exchange', code])).exitCode).toBe(0);
      await page.getByText('Exchanged or expired.').waitFor();
      const grant = page.locator('.grant').filter({ hasText: '1 refresh token' });
      expect(await grant.textContent()).toContain('drive.appdata');
      await grant
        .getByRole('button', { name: /^Revoke the access of .* to qa@example\.org$/ })
        .click();
      await grant.waitFor({ state: 'detached' });
      expect((await box.run(['refresh'])).exitCode).toBe(4);
    });

    it('sign in by another app, with other scopes', async () => {
      const { box, emulator } = await start();
      const { page } = await open(emulator.origin);
      await page.getByText('How they sign in').click();
      await page
        .getByRole('combobox', { name: 'App', exact: true })
        .selectOption('Web page, redirect');
      await page.getByRole('combobox', { name: 'Client', exact: true }).selectOption({ index: 0 });
      await page.getByLabel('Scopes', { exact: true }).fill('openid email');
      await page.getByRole('button', { name: 'Sign in as tester@example.com' }).click();
      const command = page.locator('#code-command');
      await command.filter({ hasText: '--source web-redirect --redirect-uri' }).waitFor();
      const ran = await box.shell(`${await command.textContent()} --json`);
      expect(ran.json()).toMatchObject({ account: { email: 'tester@example.com' } });
      expect(ran.stdout).not.toContain('drive.appdata');
      await page.getByLabel('Scopes', { exact: true }).fill('');
      await page.getByRole('combobox', { name: 'App', exact: true }).selectOption('Android app');
      await page.getByRole('button', { name: 'Sign in as tester@example.com' }).click();
      await command.filter({ hasText: '--source android' }).waitFor();
    });

    it('are added and removed; a refusal is told in the emulator’s words', async () => {
      const { emulator } = await start();
      const { page } = await open(emulator.origin);
      await page.getByText('Add a person', { exact: true }).click();
      const name = '<img src=x onerror=alert(1)>';
      await page.getByLabel('Email', { exact: true }).fill('new@example.com');
      await page.getByLabel('Name', { exact: true }).fill(name);
      await page.getByLabel('Workspace domain').fill('example.com');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await said(page, 'new@example.com was added.');
      await page.getByText(`${name} · example.com`).waitFor();
      await page.getByLabel('Email', { exact: true }).fill('new@example.com');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await said(page, /^There already is a user new@example\.com/);
      expect(await page.locator('#said').getAttribute('data-kind')).toBe('error');

      const remove = page.getByRole('button', { name: 'Remove new@example.com' });
      page.once('dialog', (dialog) => dialog.dismiss());
      await remove.click();
      expect(await remove.isVisible()).toBe(true);
      page.once('dialog', (dialog) => dialog.accept());
      await remove.click();
      await remove.waitFor({ state: 'detached' });
      const everybody = page.getByRole('button', { name: /^Remove / });
      page.on('dialog', (dialog) => void dialog.accept());
      while ((await everybody.count()) > 0) {
        const count = await everybody.count();
        await everybody.first().click();
        await expect.poll(() => everybody.count()).toBe(count - 1);
      }
      expect(await page.getByText('Nobody has an account. Add a person.').isVisible()).toBe(true);
    });
  });

  describe('requests', () => {
    it('come with their exchanges and what gsac says of a refusal, without a secret', async () => {
      const { box, emulator } = await start();
      const { page } = await open(emulator.origin);
      await page.getByText('No requests yet.').waitFor();
      const code = await emulator.code();
      await box.run(['exchange', code]);
      const token = await box.run(['token']);
      const { web } = JSON.parse(readFileSync(emulator.clientFile, 'utf8'));
      const { client_id, client_secret } = web;
      const form = { grant_type: 'authorization_code', redirect_uri: '', code };
      const body = new URLSearchParams({ ...form, client_id, client_secret });
      await fetch(`${emulator.origin}/token`, { method: 'POST', body });
      await page.getByText('→ most often code-already-redeemed').waitFor();
      const refused = page.locator('#rows > li.refused').first();
      await refused.locator('summary').click();
      const exchange = refused.locator('.exchange');
      await exchange.getByText('What gsac says').waitFor();
      await exchange.getByText(`code=…(${code.length})`).waitFor();
      await exchange.getByText('"error": "invalid_grant"').waitFor();
      await expect(
        exchange.getByRole('link', { name: 'Documentation' }).first().getAttribute('href'),
      ).resolves.toMatch(/^https:/);
      for (const row of await page.locator('#rows > li:not(.refused) summary').all())
        await row.click();
      await page.getByText('"refresh_token": "…(').waitFor();

      const scanner = createSecretScanner();
      scanner.add('code', code);
      scanner.add('access token', token.stdout.trim());
      const content = await page.content();
      expect(scanner.find(content)).toEqual([]);
      expect(content).not.toContain(client_secret);
    });

    it('are filtered, paused and forgotten', async () => {
      const { emulator } = await start();
      const { page } = await open(emulator.origin);
      const send = (path: string) => fetch(`${emulator.origin}${path}`);
      const rows = page.locator('#rows > li:visible');
      await send('/oauth2/v3/certs');
      await send('/tokeninfo?access_token=none');
      await expect.poll(() => rows.count()).toBe(2);
      await page.getByLabel('Refused only').check();
      expect(await rows.allTextContents()).toEqual([expect.stringContaining('/tokeninfo')]);
      await page.getByRole('searchbox', { name: 'Filter requests' }).fill('certs');
      await page.getByText('No request matches the filter.').waitFor();
      await page.getByLabel('Refused only').uncheck();
      expect(await rows.allTextContents()).toEqual([expect.stringContaining('/oauth2/v3/certs')]);
      await page.getByRole('searchbox', { name: 'Filter requests' }).fill('');

      const pause = page.getByRole('button', { name: 'Pause' });
      await pause.click();
      await send('/oauth2/v1/certs');
      await page.getByText('3 requests, paused, 1 waiting').waitFor();
      expect(await rows.count()).toBe(2);
      await pause.click();
      expect(await rows.first().textContent()).toContain('/oauth2/v1/certs');
      await page.getByRole('button', { name: 'Clear' }).click();
      await page.getByText('No requests yet.').waitFor();
      expect(await rows.count()).toBe(0);
    });

    it('show what strangers send as text', async () => {
      const { emulator } = await start();
      const { page } = await open(emulator.origin);
      const nasty = '<img/src=x/onerror=alert(1)>';
      await fetch(`${emulator.origin}/token?${nasty}=${nasty}`, {
        method: 'POST',
        headers: { 'x-nasty': nasty, 'content-type': 'application/x-www-form-urlencoded' },
        body: `grant_type=${encodeURIComponent(nasty)}&${encodeURIComponent(nasty)}=1`,
      });
      const row = page.locator('#rows > li');
      await row.locator('summary').click();
      await row.getByText(nasty).first().waitFor();
      expect(await page.locator('img').count()).toBe(0);
    });

    it('ten thousand of them leave the page as quick as before', async () => {
      const { emulator } = await start('--quiet');
      const { page } = await open(emulator.origin);
      const most = 10_000;
      let left = most;
      const sender = async () => {
        while (left > 0) {
          left -= 1;
          await (await fetch(`${emulator.origin}/tokeninfo?access_token=none${left % 7}`)).text();
        }
      };
      await Promise.all(Array.from({ length: 16 }, sender));
      await page.getByText('10,000 requests, the newest 400 shown').waitFor();
      expect(await page.locator('#rows > li').count()).toBe(400);
      expect(await page.locator('*').count()).toBeLessThan(8_000);
      await page.getByRole('searchbox', { name: 'Filter requests' }).fill('nothing');
      await page.getByText('No request matches the filter.').waitFor();
      await fetch(`${emulator.origin}/oauth2/v3/certs`);
      await page.getByText('10,001 requests, the newest 400 shown').waitFor();
    });
  });

  describe('faults', () => {
    it('are found, switched on with parameters, and switched off by whom they hit', async () => {
      const { box, emulator } = await start();
      const { page } = await open(emulator.origin);
      await page.getByText('none active').waitFor();
      const search = page.getByRole('searchbox', { name: 'Search faults' });
      await search.fill('no such words');
      await page.getByText('No fault has these words.').waitFor();
      await search.fill('error status');
      const toggle = page.getByRole('switch', { name: 'status', exact: true });
      const fault = page.locator('.fault', { has: toggle });
      await fault.getByText('Parameters').click();
      await fault.getByRole('textbox', { name: /^status/ }).fill('teapot');
      await toggle.click();
      await said(page, '"status" of status must be a whole number from 200 to 599');
      expect(await toggle.getAttribute('aria-checked')).toBe('false');
      await fault.getByRole('textbox', { name: /^status/ }).fill('418');
      await fault.getByRole('textbox', { name: /^times/ }).fill('2');
      await fault.getByRole('combobox', { name: /^user/ }).selectOption('');
      await fault.getByRole('combobox', { name: /^method/ }).selectOption('GET');
      await toggle.click();
      const active = page.getByRole('list', { name: 'Active faults' });
      await active.getByText('2 more requests · hit 0 times · status=418 · method=GET').waitFor();
      expect(await toggle.getAttribute('aria-checked')).toBe('true');
      expect((await fetch(`${emulator.origin}/oauth2/v3/certs`)).status).toBe(418);
      await active.getByText('1 more request · hit 1 time ·').waitFor();
      expect((await fetch(`${emulator.origin}/oauth2/v3/certs`)).status).toBe(418);
      await page
        .locator('[role=switch][aria-labelledby=fault-status][aria-checked=false]')
        .waitFor();

      // Also what is ordered elsewhere.
      await box.run(['emulator', 'fault', 'latency:ms=1,times=always', 'no-scope']);
      await page.getByText('2 active').waitFor();
      await page.getByRole('button', { name: 'Turn off no-scope' }).click();
      await page.getByText('1 active').waitFor();
      await search.fill('latency');
      await page.getByRole('switch', { name: 'latency' }).click();
      await page.getByText('none active').waitFor();
      await page.getByRole('switch', { name: 'latency' }).click();
      await page.getByRole('button', { name: 'Turn all off' }).click();
      await said(page, 'Every fault is off.');
      await page.getByText('none active').waitFor();
    });

    it('takes a map as JSON, and opens every group', async () => {
      const { emulator } = await start();
      const { page } = await open(emulator.origin);
      const groups = page.locator('.group > summary');
      await groups.first().waitFor();
      for (const group of await groups.all()) await group.click();
      const toggle = page.getByRole('switch', { name: 'odd-success' });
      const fault = page.locator('.fault', { has: toggle });
      await fault.getByText('Parameters').click();
      const set = fault.getByRole('textbox', { name: /^set/ });
      await set.fill('{');
      await toggle.click();
      await said(page, '"set" must be a JSON object');
      await set.fill('{"expires_in": "soon"}');
      await toggle.click();
      await page.getByText('set={"expires_in":"soon"}').waitFor();
    });
  });

  it('lets time pass, sets the clock and takes it back', async () => {
    const { emulator } = await start('--clock', '2026-01-15T12:00:00Z');
    const { page } = await open(emulator.origin);
    const now = (time: string) => page.locator('#now', { hasText: time }).waitFor();
    await now('2026-01-15 12:00:00 UTC');
    await page.getByRole('button', { name: '+10 min' }).click();
    await page.getByText('set forward by 10 minutes').waitFor();
    for (const name of ['+1 hour', '+1 day', '+7 days']) {
      await page.getByRole('button', { name }).click();
      await said(page, 'clock shows');
    }
    await now('2026-01-23 13:10:00 UTC');
    await page.getByLabel('Set to (UTC)').fill('2026-01-15T11:00:00');
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await page.getByText('set back by 1 hour').waitFor();
    await now('2026-01-15 11:00:00 UTC');
    await page.getByRole('button', { name: 'Reset' }).click();
    await now('2026-01-15 12:00:00 UTC');
    expect(await page.getByRole('button', { name: 'Reset' }).isVisible()).toBe(false);
  });

  it('shows the files of each app folder as they change', async () => {
    const { box, emulator } = await start();
    const { page } = await open(emulator.origin);
    await page.getByRole('button', { name: 'settings.json' }).click();
    await page.getByRole('heading', { name: 'settings.json (application/json)' }).waitFor();
    expect(await page.locator('#file-text').textContent()).toContain('{');
    await page.locator('#file-close').click();
    expect(await page.locator('#file').isVisible()).toBe(false);

    await box.run(['exchange', await emulator.code({ user: 'newcomer@example.com' })]);
    await box.shell('echo hello > new.txt && gsac files put new.txt');
    const choice = page.getByLabel('App folder of');
    await choice.selectOption({ label: await folderOf(page, 'newcomer@example.com', '1 file') });
    await page.getByRole('button', { name: 'new.txt' }).click();
    await page.locator('#file-text', { hasText: 'hello' }).waitFor();
    await box.run(['files', 'delete', 'new.txt', '--yes']);
    await page.getByText('This folder is empty.').waitFor();
  });

  it('gives the environment in any notation, and the client file', async () => {
    const { emulator } = await start();
    const { context, page } = await open(emulator.origin);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const text = page.locator('#environment-text');
    await text.filter({ hasText: `export GSAC_EMULATOR=${emulator.origin}` }).waitFor();
    await page.getByLabel('Notation').selectOption('powershell');
    await text.filter({ hasText: '$env:GSAC_EMULATOR' }).waitFor();
    await page.locator('#environment-copy').click();
    await said(page, 'Copied.');
    expect(await page.evaluate('navigator.clipboard.readText()')).toContain('$env:GSAC_CLIENT');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'client file' }).click(),
    ]);
    expect(JSON.parse(readFileSync(await download.path(), 'utf8'))).toHaveProperty('web.client_id');
  });

  it('is the same in two windows, after a reload and after the emulator was gone', async () => {
    const { box, emulator } = await start();
    const { context, page } = await open(emulator.origin);
    const other = await context.newPage();
    await other.goto(emulator.origin);
    await other.locator('#connection[data-kind=open]').waitFor();
    await page.getByRole('button', { name: 'Sign in as tester@example.com' }).click();
    await other.locator('.grant').waitFor();
    await fetch(`${emulator.origin}/oauth2/v3/certs`);
    await other.locator('#rows > li').waitFor();
    await other.reload();
    await other.locator('#rows > li').waitFor();
    await other.locator('.grant').waitFor();

    const { port } = new URL(emulator.origin);
    await emulator.stop();
    await page.getByText('No connection to the emulator. Trying again…').waitFor();
    await startEmulator(box, ['--port', port]);
    await page.locator('#connection[data-kind=open]').waitFor();
    await page.locator('.grant').waitFor({ state: 'detached' });
    expect(await page.locator('#rows > li').count()).toBe(0);
  });

  it('holds no connection while nobody sees it, and catches up afterwards', async () => {
    const { emulator } = await start();
    const { page } = await open(emulator.origin);
    const see = (isSeen: boolean) =>
      page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${!isSeen}, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'))`);
    await see(false);
    // The emulator keeps a response until it has noticed.
    await expect
      .poll(async () => {
        await fetch(`${emulator.origin}/oauth2/v3/certs`);
        await see(true);
        const row = page.locator('#rows > li').first();
        await row.locator('summary').click();
        const text = await row.locator('.exchange').textContent();
        await see(false);
        return text;
      })
      .toContain('Not kept: no page was open when it was sent.');
  });

  it('works from another machine below the path with the token', async () => {
    const { box, emulator } = await start('--host', '0.0.0.0');
    // From this machine's address, a connection looks as one from another machine.
    const [outside] = Object.values(networkInterfaces())
      .flatMap((all = []) => all)
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    const address = emulator.page?.replace('127.0.0.1', outside?.address ?? '127.0.0.1') ?? '';
    const { page } = await open(address.replace(/\/$/, ''));
    expect(page.url()).toBe(address);
    await page.getByRole('button', { name: 'Sign in as qa@example.org' }).click();
    await said(page, 'signed in');
    const code = await page.getByRole('textbox', { name: 'One-time code' }).inputValue();
    // Without https there is no clipboard but by a selection.
    await page.locator('#code-copy').click();
    await said(page, 'Copied.');
    expect((await box.run(['exchange', code])).exitCode).toBe(0);
    await page.getByText('Exchanged or expired.').waitFor();
    await page.getByRole('button', { name: 'settings.json' }).click();
    await page.locator('#file-text').waitFor();
    if (outside === undefined) return;
    const bare = await fetch(new URL('/', address));
    expect(bare.status).toBe(403);
  });

  it('works with the keyboard, and does not chatter', async () => {
    const { emulator } = await start();
    const { page } = await open(emulator.origin, { viewport: phone });
    await page.keyboard.press('Tab');
    await page
      .getByRole('link', { name: 'Skip to the requests' })
      .and(page.locator(':focus'))
      .waitFor();
    await page.keyboard.press('Enter');
    await page.locator('#requests:focus').waitFor();
    await page
      .getByRole('navigation', { name: 'Sections' })
      .getByRole('link', { name: 'Clock' })
      .focus();
    await page.keyboard.press('Enter');
    await page.locator('#clock:focus').waitFor();
    const landmarks = ['Requests', 'People', 'Faults', 'Clock', 'Files', 'Environment'];
    for (const name of landmarks) await page.getByRole('region', { name, exact: true }).waitFor();
    // Every control has a name.
    expect(
      await page.evaluate(`[...document.querySelectorAll('button, input, select, summary, a')]
        .filter((one) => !(one.labels?.length || one.textContent.trim() ||
          one.ariaLabel || one.getAttribute('aria-labelledby')))
        .map((one) => one.outerHTML)`),
    ).toEqual([]);

    await page.getByText('How they sign in').focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Scopes', { exact: true }).waitFor();
    const signIn = page.getByRole('button', { name: 'Sign in as tester@example.com' });
    await signIn.focus();
    await page.keyboard.press('Space');
    await said(page, 'signed in');
    // What has the focus keeps it although the list was told anew.
    await page.locator('.grant').waitFor();
    expect(await signIn.and(page.locator(':focus')).count()).toBe(1);
    await fetch(`${emulator.origin}/oauth2/v3/certs`);
    await page.locator('#rows > li summary').focus();
    await page.keyboard.press('Enter');
    await page.locator('#rows .exchange').waitFor();
    expect(
      await page.locator('#rows, #list').and(page.locator('[aria-live], [role=log]')).count(),
    ).toBe(0);
  });

  it.each([
    ['light', phone],
    ['dark', phone],
    ['light', desk],
    ['dark', desk],
    ['light', { width: 1600, height: 1000 }],
  ] as const)('fits its window and can be read: %s, %j', async (colorScheme, viewport) => {
    const { box, emulator } = await start();
    const { page } = await open(emulator.origin, { viewport, colorScheme });
    await box.run(['exchange', await emulator.code({ source: 'web-popup' })]);
    await fetch(`${emulator.origin}/${'a-long-path'.repeat(40)}`);
    await emulator.inject({ name: 'latency', ms: 1, times: 'always', path: `/${'x'.repeat(100)}` });
    await page.getByRole('button', { name: 'Sign in as tester@example.com' }).click();
    await page.locator('#code-state', { hasText: 'Nobody' }).waitFor();
    await page.getByRole('button', { name: 'QR code' }).click();
    await expect.poll(() => page.locator('#rows > li').count()).toBeGreaterThan(1);
    await page.getByRole('button', { name: 'settings.json' }).click();
    await page.evaluate(openAll);
    await page.locator('.grant').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
    await page.locator('#said').waitFor({ state: 'hidden' });
    expect(await page.evaluate(faintText)).toEqual([]);
  });

  describe('a page of another origin', () => {
    /** What it tries: to read everything, and to order a fault in every way that the web has. */
    const attack = (target: string) => `(async () => {
      const target = ${JSON.stringify(target)};
      const got = [];
      const paths = ['', '_emulator', '_emulator/client-file', '_emulator/requests', '_emulator/page/about', '_emulator/page/files', '_emulator/page/events'];
      for (const path of paths) for (const mode of ['cors', 'no-cors']) {
        try {
          const text = await (await fetch(target + path, { mode })).text();
          if (text !== '') got.push(path + ' ' + mode);
        } catch {}
      }
      const body = '{"name":"latency","times":"always"}';
      for (const mode of ['cors', 'no-cors']) {
        await fetch(target + '_emulator/faults', { method: 'POST', body, mode }).catch(() => {});
        await fetch(target + '_emulator/requests', { method: 'DELETE', mode: 'cors' }).catch(() => {});
      }
      navigator.sendBeacon(target + '_emulator/faults', body);
      await new Promise((resolve) => {
        const events = new EventSource(target + '_emulator/page/events');
        for (const name of ['state', 'requests', 'pulse', 'open']) events.addEventListener(name, () => got.push(name));
        events.onerror = resolve;
      });
      for (const path of ['_emulator/page/about', '_emulator/requests']) await new Promise((resolve) => {
        const script = document.createElement('script');
        script.src = target + path;
        script.onload = () => { got.push('script ' + path); resolve(); };
        script.onerror = resolve;
        document.body.append(script);
      });
      const form = document.createElement('form');
      Object.assign(form, { action: target + '_emulator/faults', method: 'POST', enctype: 'text/plain', target });
      const field = document.createElement('input');
      Object.assign(field, { name: '{"name":"latency","times":"always","x', value: '":1}' });
      form.append(field);
      const frame = document.createElement('iframe');
      frame.name = target;
      document.body.append(frame, form);
      const loaded = new Promise((resolve) => { frame.onload = resolve; });
      form.submit();
      await loaded;
      for (const path of ['', '_emulator/requests']) {
        const inner = document.createElement('iframe');
        inner.src = target + path;
        const shown = new Promise((resolve) => { inner.onload = resolve; });
        document.body.append(inner);
        await shown;
        try { if (inner.contentDocument && inner.contentDocument.body.textContent !== '') got.push('frame ' + path); } catch {}
      }
      const popup = window.open(target);
      await new Promise((resolve) => setTimeout(resolve, 300));
      try { if (popup && popup.document.body.textContent !== '') got.push('window'); } catch {}
      return got;
    })()`;

    async function serveEvil(): Promise<Server> {
      const server = createServer((_request, response) => {
        response
          .setHeader('content-type', 'text/html')
          .end('<!doctype html><title>evil</title><body>');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => {
        server.closeAllConnections();
        server.close();
      });
      return server;
    }

    it.each(['127.0.0.1', 'localhost', 'evil.example'])(
      'at %s reads nothing and changes nothing',
      async (host) => {
        const { emulator } = await start();
        await fetch(`${emulator.origin}/oauth2/v3/certs`);
        const server = await serveEvil();
        const context = await browser.newContext();
        onTestFinished(() => context.close());
        const page = await context.newPage();
        await page.goto(`http://${host}:${(server.address() as AddressInfo).port}/`);
        for (const target of [
          `${emulator.origin}/`,
          emulator.origin.replace('127.0.0.1', 'localhost').concat('/'),
        ]) {
          expect(await page.evaluate(attack(target))).toEqual([]);
        }
        const faults = await fetch(`${emulator.origin}/_emulator/faults`);
        expect(((await faults.json()) as { active: unknown[] }).active).toEqual([]);
        expect(await emulator.count('/oauth2/v3/certs')).toBe(1);
      },
    );

    it('that has its own name lead here gets nothing either', async () => {
      const { emulator } = await start();
      const { port } = new URL(emulator.origin);
      const context = await browser.newContext();
      onTestFinished(() => context.close());
      const page = await context.newPage();
      const origin = `http://evil.example:${port}/`;
      expect((await page.goto(origin))?.status()).toBe(403);
      expect(await page.textContent('body')).not.toContain('People');
      // Google's own paths take every host: from one of them it has an origin to ask from.
      await page.goto(`${origin}oauth2/v3/certs`);
      const got = await page.evaluate(`(async () => {
        const answers = [];
        for (const path of ['', '_emulator', '_emulator/page/about', '_emulator/page/events', '_emulator/client-file']) {
          answers.push((await fetch('/' + path)).status);
        }
        const order = { method: 'POST', body: '{"name":"latency"}' };
        answers.push((await fetch('/_emulator/faults', order)).status);
        return answers;
      })()`);
      expect(got).toEqual([403, 403, 403, 403, 403, 403]);
    });
  });
});

async function folderOf(page: Page, user: string, words: string): Promise<string> {
  const option = page.locator('#folder option', { hasText: user }).filter({ hasText: words });
  await option.waitFor({ state: 'attached' });
  return (await option.textContent()) ?? '';
}
