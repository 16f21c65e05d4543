import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { VerifyReport } from '../../src/tools/verify/model.js';
import { renderHtml } from '../../src/tools/verify/reports/html.js';
import { launchChromium } from '../support/chromium.js';
import { faintText } from '../support/faint-text.js';
import { describeWith } from '../support/requires.js';
import {
  failingFlow,
  largeReport,
  nasty,
  passingFlow,
  repeats,
  reportOf,
} from '../unit/reports/support.js';

const phone = { width: 360, height: 740 };
const desk = { width: 1280, height: 900 };

describeWith('chromium', 'the HTML report in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  /** The page of a report, with what it asks for beside itself and what the browser says of it. */
  async function open(
    report: VerifyReport,
    options: Parameters<Browser['newContext']>[0] = { javaScriptEnabled: false },
  ): Promise<{ page: Page; asked: string[]; said: string[] }> {
    const folder = mkdtempSync(join(tmpdir(), 'gsac-report-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'report.html');
    writeFileSync(file, renderHtml(report));
    const context = await browser.newContext(options);
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const asked: string[] = [];
    const said: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => said.push(message.text()));
    page.on('dialog', (dialog) => {
      said.push(dialog.message());
      void dialog.dismiss();
    });
    const { href } = pathToFileURL(file);
    await page.goto(href);
    expect(asked.shift()).toBe(href);
    return { page, asked, said };
  }

  const widthOf = (page: Page) => page.evaluate('document.documentElement.scrollWidth');

  it.each([
    ['on a phone', phone],
    ['at a desk', desk],
  ])('shows one flow whole, %s, without scripts', async (_name, viewport) => {
    const { page, asked, said } = await open(reportOf(failingFlow()), {
      javaScriptEnabled: false,
      viewport,
    });
    expect(await widthOf(page)).toBeLessThanOrEqual(viewport.width);
    expect(await page.getByRole('heading').allTextContents()).toEqual([
      'gsac verify: a revoked account',
      'Flow',
      'Sequence',
      'Checks',
      'ID token',
      'Granted scopes',
      'Requests',
    ]);
    await page.getByRole('link', { name: 'drive.folder' }).click();
    expect(page.url()).toMatch(/#flow-1-check-3$/);
    for (const text of [
      'refresh.grant',
      '400 invalid_grant: Token has been expired or revoked.',
      'Sign in again: gsac login.',
      'refresh.grant failed # before',
    ]) {
      expect(await page.getByText(text, { exact: true }).first().isVisible()).toBe(true);
    }
    const picture = page.getByRole('img', { name: 'Sequence of requests' });
    expect(await picture.isVisible()).toBe(true);
    expect(await picture.textContent()).toContain('✕ no answer · 30.00 s drive.folder');
    expect(asked).toEqual([]);
    expect(said).toEqual([]);
  });

  it.each([
    ['on a phone', phone],
    ['at a desk', desk],
  ])(
    'shows a plan, %s: what failed is open, what passed opens on demand',
    async (_name, viewport) => {
      const { page, asked, said } = await open(reportOf(passingFlow(), failingFlow()), {
        javaScriptEnabled: false,
        viewport,
      });
      expect(await widthOf(page)).toBeLessThanOrEqual(viewport.width);
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain(
        '1 of 2 flows passed',
      );
      expect(await page.getByRole('columnheader').first().textContent()).toBe('verdict');
      expect(await page.getByRole('rowheader').first().isVisible()).toBe(true);
      const failed = page.locator('#flow-2');
      expect(await failed.getByText('the refresh works').isVisible()).toBe(true);
      const passed = page.locator('#flow-1');
      expect(await passed.getByText('the code is taken').isVisible()).toBe(false);
      await passed.getByRole('heading', { name: 'a tester signs in on iOS' }).click();
      expect(await passed.getByText('the code is taken').isVisible()).toBe(true);
      expect(await passed.getByText('1795385224 (2026-11-22 22:07:04 UTC)').isVisible()).toBe(true);
      const body = passed.getByText('"access_token": "ya29.…(218)"').first();
      expect(await body.isVisible()).toBe(false);
      await passed.getByText('1. POST').click();
      expect(await body.isVisible()).toBe(true);
      expect(await widthOf(page)).toBeLessThanOrEqual(viewport.width);
      expect(asked).toEqual([]);
      expect(said).toEqual([]);
    },
  );

  it.each([
    ['on a phone', { width: 390, height: 740 }],
    ['at a desk', desk],
  ])('lets no verdict touch what is beside it, and cuts no text, %s', async (_name, viewport) => {
    const { page } = await open(reportOf(failingFlow()), { viewport });
    const clashes =
      await page.evaluate(`[...document.querySelectorAll('.checks > li')].filter((item) => {
      const [verdict, title] = [...item.children].map((child) => {
        const range = document.createRange();
        range.selectNodeContents(child);
        return range.getBoundingClientRect();
      });
      return verdict.right + 12 > title.left;
    }).length`);
    expect(clashes).toBe(0);
    const cut =
      await page.evaluate(`[...document.querySelectorAll('.sequence text')].filter((text) =>
      text.getBoundingClientRect().right > text.ownerSVGElement.getBoundingClientRect().right
    ).length`);
    expect(cut).toBe(0);
  });

  it('breaks no address in the table of flows on a phone', async () => {
    const account = { sub: '1', email: 'a.rather.long.address@subdomain.example.com' };
    const flows = [passingFlow(), ...repeats(50)].map((flow) => ({ ...flow, account }));
    const { page } = await open(reportOf(...flows), { viewport: { width: 390, height: 740 } });
    const lines = await page.evaluate(
      "[...document.querySelectorAll('.flows th .quiet')].map((one) => one.getClientRects().length)",
    );
    expect(lines).toEqual([1, 1]);
    await page.getByRole('link', { name: 'load ×50' }).click();
    expect(page.url()).toMatch(/#repeats-2$/);
    expect(await widthOf(page)).toBeLessThanOrEqual(390);
  });

  it('runs nothing that a claim, an answer or an address brings, with scripts on', async () => {
    const flow = failingFlow(nasty.script);
    const { page, asked, said } = await open(
      { ...reportOf(flow, failingFlow()), plan: nasty.script },
      { viewport: phone },
    );
    expect(await page.title()).toContain(nasty.script);
    expect(await page.locator('script, img, iframe, object, link, form').count()).toBe(0);
    expect(await page.getByText('document.title="owned"').count()).toBeGreaterThan(5);
    expect(asked).toEqual([]);
    expect(said).toEqual([]);
    // The policy holds even where something got in.
    await page.evaluate(`document.body.insertAdjacentHTML('beforeend',
      '<img src="http://127.0.0.1:9/x"><style>body { display: none }</style><p onclick="document.title=1" id="in">in</p>')`);
    await page.locator('#in').click();
    expect(await page.title()).not.toBe('1');
    expect(said.length).toBeGreaterThanOrEqual(3);
    expect(said.join('\n')).toMatch(/Content Security Policy/);
  });

  it.each(['light', 'dark'] as const)(
    'has text of enough contrast when %s',
    async (colorScheme) => {
      const { page } = await open(reportOf(passingFlow(), failingFlow()), {
        javaScriptEnabled: false,
        colorScheme,
      });
      expect(await page.evaluate(faintText)).toEqual([]);
      const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
      expect(ground).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(21, 24, 28)');
    },
  );

  it('prints what is closed on the screen', async () => {
    const { page } = await open(reportOf(passingFlow(), failingFlow()));
    const isShown = () =>
      page.evaluate("document.querySelector('#flow-1 .checks').checkVisibility()");
    expect(await isShown()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await isShown()).toBe(true);
  });

  it('holds hundreds of flows on a phone, and says what it leaves out', async () => {
    const { page } = await open(largeReport(300), { javaScriptEnabled: false, viewport: phone });
    expect(await widthOf(page)).toBeLessThanOrEqual(phone.width);
    expect(await page.getByRole('row').count()).toBeGreaterThan(300);
    expect(await page.getByText('headers and bodies are left out').isVisible()).toBe(true);
    expect(await page.getByRole('img', { name: 'Sequence of requests' }).count()).toBe(30);
  });
});
