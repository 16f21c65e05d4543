import type { ChildProcess } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownSecrets } from '../../src/core/own-secrets.js';
import { consent } from '../support/browser-person.js';
import {
  createSandbox,
  type GsacOptions,
  openBox,
  startEmulator,
  until,
} from '../support/process.js';
import { itWith } from '../support/requires.js';
import { createSecretScanner } from '../support/secret-scanner.js';
import { openTerminal } from '../support/terminal.js';

// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal is steered with
const controls = /\u001B\[[0-9;?]*[A-Za-z]|[\r\u0007]/g;

describe('the installed gsac, login', () => {
  async function start() {
    const box = await createSandbox();
    const emulator = await startEmulator(box, ['--client-type', 'desktop']);
    /** Logs in and gives the address as soon as it is printed. */
    function login(args: readonly string[] = [], options: GsacOptions = {}) {
      let said = '';
      const started: { child?: ChildProcess } = {};
      const ended = box.run(['login', ...args], {
        ...options,
        onStart(child) {
          started.child = child;
          child.stderr?.on('data', (text: string) => {
            said += text;
          });
        },
      });
      const url = until(
        () => `the address is printed: ${said}`,
        () => /^http\S+\n/m.test(said),
      ).then(() => /^http\S+$/m.exec(said)?.[0] ?? '');
      return { ended, url, started, said: () => said };
    }
    return { box, emulator, login };
  }

  it('signs in; no secret in what it prints, in its arguments or on the disk', async () => {
    const { box, emulator, login } = await start();
    const { ended, url, started } = login();
    const redirect = await consent(await url);
    const scanner = createSecretScanner();
    scanner.add('code', new URL(redirect).searchParams.get('code') ?? '');
    if (process.platform === 'linux') {
      const title = readFileSync(`/proc/${started.child?.pid}/cmdline`, 'utf8');
      expect(title).not.toContain('code');
    }
    const landed = await fetch(redirect);
    const page = await landed.text();
    expect(page).toContain('Signed in as tester@example.com');
    const ran = await ended;
    expect(ran).toMatchObject({ exitCode: 0 });
    expect(ran.stdout).toMatch(/refresh token +stored/);
    const token = await box.run(['token']);
    scanner.add('access token', token.stdout.trim());
    expect(scanner.find(`${page}\n${landed.url}\n${ran.stderr}\n${ran.stdout}`)).toEqual([]);
    expect(scanner.findInFiles(box.home)).toEqual([]);
    expect(await emulator.count('/token')).toBe(1);
  });

  it('opens the browser that BROWSER names, with an address that holds no secret', async () => {
    const { box, login } = await start();
    const browser = join(box.folder, 'browser');
    writeFileSync(
      browser,
      `#!/bin/sh\n/usr/bin/env > "${box.folder}/environment"\nprintf '%s' "$*" > "${box.folder}/opened.part"\nmv "${box.folder}/opened.part" "${box.folder}/opened"\n`,
    );
    chmodSync(browser, 0o755);
    const secrets = { GSAC_PASSPHRASE: 'hidden', GSAC_CLIENT_SECRET: 'hidden' };
    expect(box.env).toHaveProperty('GSAC_FILE_KEY');
    const { ended, url } = login([], { env: { BROWSER: browser, ...secrets } });
    const printed = await url;
    expect(readFileSync(join(box.folder, 'opened'), 'utf8')).toBe(printed);
    const environment = readFileSync(join(box.folder, 'environment'), 'utf8');
    expect(environment).toContain(`BROWSER=${browser}\n`);
    for (const name of ownSecrets) expect(environment).not.toContain(`${name}=`);
    expect(printed).not.toMatch(/verifier|secret/);
    await fetch(await consent(printed));
    expect(await ended).toMatchObject({ exitCode: 0 });
  });

  it('says so where the browser cannot be started, and waits all the same', async () => {
    const { box, login } = await start();
    // The second is no path that a file could have.
    for (const browser of ['/nowhere/browser', join(box.env['GSAC_CLIENT'] ?? '', 'browser')]) {
      const { ended, url } = login([], { env: { BROWSER: browser } });
      await fetch(await consent(await url));
      const ran = await ended;
      expect(ran.exitCode).toBe(0);
      expect(ran.stderr).toContain('Open this address in a browser on this machine');
    }
  });

  it('the emulator really checks the PKCE verifier', async () => {
    const { login } = await start();
    const { ended, url } = login(['--json']);
    const asked = new URL(await url);
    // The code of another request, whose challenge is not ours.
    asked.searchParams.set('code_challenge', 'x'.repeat(43));
    await fetch(await consent(asked.href));
    const ran = await ended;
    expect(ran).toMatchObject({ exitCode: 4, stdout: '' });
    expect(ran.error()).toMatchObject({ code: 'invalid_grant' });
    expect(JSON.stringify(ran.error())).toContain('Invalid code verifier.');
  });

  it.skipIf(process.platform === 'win32')('Ctrl-C: 130', async () => {
    const { login } = await start();
    const { ended, url, started, said } = login();
    await url;
    await until('it waits', () => said().includes('Press Ctrl-C to stop'));
    started.child?.kill('SIGINT');
    expect(await ended).toMatchObject({ exitCode: 130, stdout: '' });
  });

  it('a second login with the registered port of a web client waits on that very URI', async () => {
    const { box } = await openBox();
    const file = JSON.parse(readFileSync(box.env['GSAC_CLIENT'] ?? '', 'utf8'));
    const [registered] = file.web.redirect_uris;
    const ran = await box.run(['login', '--no-browser', '--json'], { stdin: 'x' });
    expect(ran.exitCode).toBe(2);
    const [url = ''] = ran.stderr.split('\n');
    expect(new URL(url).searchParams.get('redirect_uri')).toBe(registered);
  });

  itWith('a terminal', '--no-browser takes the address at the prompt, masked', async () => {
    const { box } = await start();
    const terminal = openTerminal(box, 'gsac login --no-browser');
    await terminal.shows('Address of that page:');
    const url = /^http\S+/m.exec(terminal.screen.replaceAll('\r', ''))?.[0] ?? '';
    const redirect = await consent(url);
    terminal.type('http://127.0.0.1/?code=x&state=wrong\r');
    await terminal.shows(/belongs to another sign-in[\s\S]*Address of that page:/);
    terminal.type(`${redirect}\r`);
    expect(await terminal.ended()).toBe(0);
    const seen = terminal.screen.replace(controls, '');
    expect(seen.includes('stored in the encrypted file store')).toBe(true);
    const code = new URL(redirect).searchParams.get('code') ?? '';
    for (const part of [code, encodeURIComponent(code), code.slice(-12)]) {
      expect(seen.includes(part)).toBe(false);
    }
  });
});
