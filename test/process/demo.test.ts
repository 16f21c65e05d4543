import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSandbox, until } from '../support/process.js';

const demo = fileURLToPath(new URL('../demo/demo.js', import.meta.url));

describe('npm run demo', () => {
  it('tells the whole story, and leaves nothing', async () => {
    const box = await createSandbox();
    const ran = await box.spawn(process.execPath, [demo], {
      env: { GSAC_STORE: undefined, GSAC_FILE_KEY: undefined },
    });
    expect(ran.exitCode, ran.stdout).toBe(0);
    expect(ran.stderr).toBe('');
    expect(ran.stdout).toContain('No keychain can be reached here');
    for (const command of ['emulator start', 'exchange -', 'claims', 'token', 'files', 'revoke']) {
      expect(ran.stdout).toContain(`gsac ${command}`);
    }
    expect(ran.stdout).toMatch(/^verdict +valid$/m);
    expect(ran.stdout).not.toMatch(/ya29\.[\w-]{20}/);
    const [folder = '', ...others] = readdirSync(box.tmp);
    expect(others).toEqual([]);
    const report = join(box.tmp, folder, 'report.html');
    expect(ran.stdout.trimEnd().endsWith(report)).toBe(true);
    expect(readFileSync(report, 'utf8')).toMatch(/^<!doctype html>/i);
  });

  it('cleans up on Ctrl-C', async () => {
    const box = await createSandbox();
    let child: ChildProcess | undefined;
    let shown = '';
    const running = box.spawn(process.execPath, [demo], {
      onStart(started) {
        child = started;
        started.stdout?.on('data', (text: string) => {
          shown += text;
        });
      },
    });
    await until('the emulator is up', () => /http:\/\/127\.0\.0\.1:\d+/.test(shown));
    const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(shown)?.[0] ?? '';
    child?.kill('SIGINT');
    expect((await running).exitCode).toBe(130);
    expect(readdirSync(box.tmp)).toEqual([]);
    await expect(fetch(origin)).rejects.toThrow();
  });
});
