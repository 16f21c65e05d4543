import type { ChildProcess } from 'node:child_process';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { launchChromium, localPages } from '../support/chromium.js';
import { createSandbox, type Finished, startEmulator, until } from '../support/process.js';
import { describeWith } from '../support/requires.js';
import { createSecretScanner } from '../support/secret-scanner.js';

/** A login that waits, with the page that its address opens. */
interface WaitingLogin {
  url: string;
  ended: Promise<Finished>;
  secrets: ReturnType<typeof createSecretScanner>;
}

describeWith('chromium', 'gsac login in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium({
      args: [
        ...localPages,
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  });
  afterAll(() => browser?.close());

  async function openContext(options: Parameters<Browser['newContext']>[0] = {}): Promise<{
    context: BrowserContext;
    page: Page;
    asked: string[];
  }> {
    const context = await browser.newContext(options);
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    return { context, page, asked };
  }

  async function login(...args: string[]): Promise<WaitingLogin> {
    const box = await createSandbox();
    const emulator = await startEmulator(box, ['--client-type', 'desktop']);
    let said = '';
    let child: ChildProcess | undefined;
    const ended = box.run(['login', '--json', ...args], {
      onStart(started) {
        child = started;
        started.stderr?.on('data', (text: string) => {
          said += text;
        });
      },
    });
    onTestFinished(() => void child?.kill());
    await until('the address is printed', () => said.includes('\n'));
    expect(said).toContain(emulator.origin);
    return { url: said.trim(), ended, secrets: createSecretScanner() };
  }

  it.each([
    [
      'without scripts, in a narrow window',
      { javaScriptEnabled: false, viewport: { width: 390, height: 844 } },
    ],
    ['with scripts, in a wide window', { viewport: { width: 1280, height: 800 } }],
  ])('signs in, %s', async (_name, options) => {
    const { url, ended, secrets } = await login();
    const { page, asked } = await openContext(options);
    const violations: string[] = [];
    page.on('console', (message) => violations.push(message.text()));
    await page.goto(url);
    expect(await page.getByRole('heading').textContent()).toBe('Choose an account');
    await page.getByRole('button', { name: 'qa@example.org' }).click();
    expect(await page.getByRole('heading').textContent()).toMatch(
      /wants access to your Google Account/,
    );
    await page.getByRole('checkbox', { name: /configuration data/ }).check();
    expect(await fitsItsWindow(page, options.viewport.width)).toBe(true);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Signed in as qa@example.org' }).waitFor();
    expect(await fitsItsWindow(page, options.viewport.width)).toBe(true);

    const ran = await ended;
    expect(ran).toMatchObject({ exitCode: 0 });
    expect(ran.json()).toMatchObject({
      account: { email: 'qa@example.org' },
      refresh_token: { status: 'stored' },
      warnings: [],
    });
    const redirect = asked.find((address) => new URL(address).searchParams.has('code')) ?? '';
    const { code, state } = Object.fromEntries(new URL(redirect).searchParams);
    secrets.add('code', code ?? '');
    secrets.add('state', state ?? '');
    expect(new URL(page.url()).search).toBe('');
    expect(secrets.find(`${page.url()}\n${await page.content()}`)).toEqual([]);
    expect(asked.filter((address) => !/^http:\/\/127\.0\.0\.1:\d+\//.test(address))).toEqual([]);
    expect(violations).toEqual([]);
  });

  it('signs in another account with nothing but the keyboard', async () => {
    const { url, ended } = await login();
    const viewport = { width: 390, height: 844 };
    const { page } = await openContext({ javaScriptEnabled: false, viewport });
    await page.goto(url);
    const isFocused = (role: 'button' | 'textbox', name: string) =>
      page.getByRole(role, { name }).and(page.locator(':focus')).count();
    for (let tabs = 0; tabs < 4; tabs += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await isFocused('textbox', 'Email')).toBe(1);
    const email = `${'a.long.address.'.repeat(4)}x@example.com`;
    await page.keyboard.type(email);
    await page.keyboard.press('Enter');
    await page
      .getByRole('alert')
      .filter({ hasText: `no user ${email}` })
      .waitFor();
    expect(await fitsItsWindow(page, viewport.width)).toBe(true);
    const add = page.getByRole('button', { name: 'Add this user and continue' });
    await add.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /wants access/ }).waitFor();
    await page.getByRole('checkbox', { name: /configuration data/ }).press('Space');
    await page.getByRole('button', { name: 'Continue' }).press('Enter');
    await page.getByRole('heading', { name: `Signed in as ${email}` }).waitFor();
    expect((await ended).json()).toMatchObject({ account: { email } });
  });

  it('leaves no address with a code in the history', async () => {
    const { url, ended } = await login('--login-hint', 'tester@example.com');
    const { page, context } = await openContext();
    await page.goto(url);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Signed in as' }).waitFor();
    expect((await ended).json()).toMatchObject({
      // Nothing was ticked.
      warnings: [{ code: 'scope_missing' }],
    });
    const session = await context.newCDPSession(page);
    const { entries } = await session.send('Page.getNavigationHistory');
    expect(entries.length).toBeGreaterThan(1);
    for (const entry of entries) expect(entry.url).not.toMatch(/[?&]code=/);
    expect(await page.evaluate('document.referrer')).toBe('');
  });

  it('says so where the person cancels', async () => {
    const { url, ended } = await login('--login-hint', 'tester@example.com');
    const { page } = await openContext();
    await page.goto(url);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'Access was not granted' }).waitFor();
    const ran = await ended;
    expect(ran).toMatchObject({ exitCode: 4, stdout: '' });
    expect(ran.error()).toMatchObject({ code: 'access_denied' });
  });
});

async function fitsItsWindow(page: Page, width: number): Promise<boolean> {
  const { width: wide } = (await page.locator('main').boundingBox()) ?? { width: Number.NaN };
  const body = await page.locator('body').boundingBox();
  return wide <= width && (body?.width ?? Number.NaN) <= width;
}
