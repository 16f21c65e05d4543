import { spawn } from 'node:child_process';
import { request } from 'node:http';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { faintText, openAll } from '../support/faint-text.js';
import { createSandbox, type Sandbox, until } from '../support/process.js';
import { describeWith } from '../support/requires.js';

const noStore = { GSAC_HOME: undefined, GSAC_STORE: undefined, GSAC_FILE_KEY: undefined };

/** An app and its backend, which waits for a line on its standard input at the end. */
const program = `
const { readFileSync } = require('node:fs');
const { web } = JSON.parse(readFileSync(process.env.GSAC_CLIENT, 'utf8'));
const send = (form) => fetch('https://oauth2.googleapis.com/token', {
  method: 'POST',
  body: new URLSearchParams({ client_id: web.client_id, client_secret: web.client_secret, ...form }),
});
(async () => {
  const signedIn = await fetch(process.env.GSAC_EMULATOR + '/_emulator/sign-in', { method: 'POST', body: '{}' });
  const { code } = await signedIn.json();
  const form = { grant_type: 'authorization_code', redirect_uri: '', code };
  await send({ ...form, redirect_uri: 'postmessage' });
  const { access_token } = await (await send(form)).json();
  await fetch('https://www.googleapis.com/drive/v3/about?fields=user&access_token=' + access_token);
  process.stdin.once('data', async () => {
    await send(form);
    process.exit(7);
  });
})();
`;

/** Starts the program under \`watch --ui\`, in front of an emulator; \`go\` ends it. */
async function watch(box: Sandbox, ...flags: string[]) {
  let said = '';
  const inner = ['gsac', 'watch', '--ui', ...flags, '--', process.execPath, '-e', program];
  // In quotes for sh, which keeps standard input for the program.
  const line = inner.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const { gsac, env, folder } = box;
  const child = spawn('sh', ['-c', `exec gsac emulator run --quiet -- ${line}`], {
    cwd: folder,
    env: { ...env, ...noStore, PATH: `${join(gsac.prefix, 'node_modules/.bin')}:${env['PATH']}` },
  });
  onTestFinished(() => void child.kill());
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const address = () => /http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}\//.exec(said)?.[0] ?? '';
  await until(
    () => `an address: ${said}`,
    () => address() !== '',
  );
  return {
    address: address(),
    said: () => said,
    go: () => child.stdin?.write('go\n'),
    ended,
  };
}

function ask(url: string, method = 'GET', headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers }, (incoming) => {
      outgoing.destroy();
      resolve(incoming.statusCode ?? 0);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe('gsac watch --ui', () => {
  it('serves whoever knows the address on this machine, and can only be looked at', async () => {
    const box = await createSandbox();
    const { address, go, ended } = await watch(box);
    const { origin, host } = new URL(address);
    const events = `${address}_emulator/page/events`;
    expect(await ask(address)).toBe(200);
    expect(await ask(events)).toBe(200);
    expect(await ask(`${origin}/`)).toBe(404);
    expect(await ask(`${origin}/_emulator/page/events`)).toBe(404);
    expect(await ask(`${address}_emulator/faults`)).toBe(404);
    for (const url of [address, events]) {
      expect(await ask(url, 'POST')).toBe(403);
      expect(await ask(url, 'GET', { host: 'evil.example' })).toBe(403);
      expect(await ask(url, 'GET', { host: host.replace('127.0.0.1', 'localhost') })).toBe(403);
      expect(await ask(url, 'GET', { origin: 'http://127.0.0.1:1' })).toBe(403);
      expect(await ask(url, 'GET', { 'sec-fetch-site': 'same-site' })).toBe(403);
      expect(await ask(url, 'GET', { 'sec-fetch-site': 'same-origin' })).toBe(200);
    }
    go();
    expect(await ended).toBe(7);
  });

  it('tells the address as an event with --json, and with --quiet, too', async () => {
    const box = await createSandbox();
    const json = await watch(box, '--json');
    const [line = ''] = json.said().split('\n');
    expect(JSON.parse(line)).toEqual({ event: 'page', url: json.address });
    json.go();
    await json.ended;
    const quiet = await watch(box, '--quiet');
    expect(quiet.said()).toMatch(/^gsac: /);
    quiet.go();
    await quiet.ended;
  });
});

describeWith('chromium', 'the page of gsac watch in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it.each([
    ['light', 390],
    ['dark', 1280],
  ] as const)(
    'shows what gsac says, masked, and keeps it at the end: %s, %i',
    async (colorScheme, width) => {
      const box = await createSandbox();
      const { address, go, ended } = await watch(box);
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 844 } });
      onTestFinished(() => context.close());
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(address);
      await page.getByText('→ redirect-uri-must-be-empty').waitFor();
      await page.getByText('The URL of a request holds access_token.').waitFor();
      // The emulator's own controls are not there.
      expect(await page.locator('.own:visible').count()).toBe(0);
      const refused = page.locator('#rows > li.refused').first();
      await refused.locator('summary').click();
      await refused.getByText('What gsac says').waitFor();
      await refused.locator('pre', { hasText: 'redirect_uri=postmessage' }).waitFor();
      await refused.getByText(/^Seen: /).waitFor();
      expect(await page.content()).not.toMatch(/4\/0A[\w-]{20}|ya29\.[\w-]{20}|GOCSPX-\w/);
      go();
      expect(await ended).toBe(7);
      await page.getByText('The command has ended. This page keeps what it shows.').waitFor();
      await page.getByText('The same code was sent a second time').waitFor();
      await page.evaluate(openAll);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await page.evaluate(faintText)).toEqual([]);
      expect(errors).toEqual([]);
    },
  );
});
