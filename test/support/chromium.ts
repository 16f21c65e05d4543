import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';
import { chromiumPath } from './requires.js';

/** For pages of this machine: nothing goes through a proxy. */
export const localPages = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--no-proxy-server'];

/** Debian's Chromium with nothing of whoever runs the tests: a profile of its own goes with it. */
export async function launchChromium(
  options: LaunchOptions = { args: localPages },
): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'gsac-chromium-'));
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    env: { HOME: profile, PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', TMPDIR: profile },
    ...options,
  });
  browser.once('disconnected', () =>
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 }),
  );
  return browser;
}
