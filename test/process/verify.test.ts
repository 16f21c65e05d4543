import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEmulator } from '../../src/emulator/app.js';
import { createSandbox, openBox, openSignedIn, serveTo } from '../support/process.js';
import { createSecretScanner } from '../support/secret-scanner.js';

describe('the installed gsac verify', () => {
  it('verifies a code out of a pipe, on a machine without keychain, and writes every report', async () => {
    const box = await createSandbox();
    const emulator = createEmulator();
    await serveTo(box, emulator);
    const code = emulator.signIn().code;
    const files = ['tap', 'junit', 'json', 'html'].map((format) => ({
      format,
      path: join(box.folder, `report.${format}`),
    }));
    const har = join(box.folder, 'report.har');
    const ran = await box.run(
      [
        ...['verify', '--code', '-', '--replay', '--trace', '--har', har],
        ...files.flatMap(({ format, path }) => ['--report', `${format}=${path}`]),
      ],
      { stdin: code, env: { GSAC_STORE: 'keychain', GSAC_FILE_KEY: undefined } },
    );
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(ran.stdout).toMatch(/^28 passed, 0 failed \(\d+\.\d s\)$/m);

    const scanner = createSecretScanner();
    scanner.add('code', code);
    scanner.add('client secret', emulator.clientFile().web.client_secret);
    for (const { refreshToken } of emulator.state.grants) scanner.add('refresh', refreshToken);
    const written = [har, ...files.map(({ path }) => path)].map((path) =>
      readFileSync(path, 'utf8'),
    );
    for (const text of [ran.stdout, ran.stderr, ...written]) {
      expect(scanner.find(text)).toEqual([]);
      expect(text).not.toMatch(/ya29\.[\w-]{10}|eyJ[\w-]{10}/);
    }
    // It has to be what it says that it is, and not an empty file.
    expect(written.map((text) => text.slice(0, 15))).toEqual([
      expect.stringMatching(/^\{/),
      expect.stringMatching(/^TAP version 13\n/),
      expect.stringMatching(/^<\?xml /),
      expect.stringMatching(/^\{/),
      expect.stringMatching(/^<!doctype html/i),
    ]);
  });

  it('verifies a stored account, and says what is wrong where Google is gone', async () => {
    const { box, emulator } = await openSignedIn();
    expect(await box.run(['verify', '--json'])).toMatchObject({ exitCode: 0, stderr: '' });
    await emulator.stop();
    const ran = await box.run(['verify', '--timeout', '2']);
    expect(ran.exitCode).toBe(6);
    expect(ran.stdout).toContain('✗ refresh.grant');
    expect(ran.stdout).toContain('refuses the connection');
    expect(ran.stdout).toMatch(/^0 passed, 1 failed, \d+ could not run/m);
  });

  it('ends with 130 on Ctrl-C, and prints nothing half', async () => {
    const { box, emulator } = await openBox();
    await emulator.inject({ name: 'latency', ms: 20_000, path: '/tokeninfo' });
    let child: ChildProcess | undefined;
    const report = join(box.folder, 'report.tap');
    const running = box.run(
      ['verify', '--code', await emulator.code(), '--json', '--report', `tap=${report}`],
      {
        onStart(started) {
          child = started;
        },
      },
    );
    await emulator.hit();
    child?.kill('SIGINT');
    const ran = await running;
    expect(ran).toMatchObject({ exitCode: 130, stdout: '' });
    expect(ran.error().code).toBe('cancelled');
    expect(() => readFileSync(report)).toThrow();
  });
});
