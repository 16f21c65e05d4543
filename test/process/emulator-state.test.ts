import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSandbox, startEmulator, until } from '../support/process.js';

describe('the installed gsac emulator start --state', () => {
  it('loses nothing to kill -9 that is older than moments', { timeout: 180_000 }, async () => {
    const box = await createSandbox();
    const state = join(box.folder, 'state.json');
    const first = await startEmulator(box, ['--state', state]);
    const { port } = new URL(first.origin);
    const exchanged = await box.run(['exchange', await first.code(), '--json']);
    expect(exchanged.exitCode, exchanged.stderr).toBe(0);
    const code = await first.code({ user: 'qa@example.org' });
    await until('the code is written', () => readFileSync(state, 'utf8').includes(code));
    expect(statSync(state).mode & 0o777).toBe(0o600);
    expect((await first.stop('SIGKILL')).signal).toBe('SIGKILL');
    JSON.parse(readFileSync(state, 'utf8'));

    const second = await startEmulator(box, ['--state', state, '--port', port]);
    const refreshed = await box.run(['refresh', '--json']);
    expect(refreshed.exitCode, refreshed.stderr).toBe(0);
    const files = await box.run(['files', '--json']);
    expect(JSON.parse(files.stdout)).toHaveLength(3);
    const late = await box.run(['exchange', code, '--json']);
    expect(JSON.parse(late.stdout).account.email).toBe('qa@example.org');
    const ended = await second.stop('SIGINT');
    expect(ended.exitCode).toBe(0);
    expect(readFileSync(state, 'utf8')).toContain('"redeemed":[{"code":');
  });

  it('writes the last moments at its end', async () => {
    const box = await createSandbox();
    const state = join(box.folder, 'state.json');
    const emulator = await startEmulator(box, ['--state', state]);
    const code = await emulator.code();
    await emulator.stop('SIGTERM');
    expect(readFileSync(state, 'utf8')).toContain(code);
  });

  it('refuses a pipe, which may never end, without reading it', async () => {
    const box = await createSandbox();
    const state = join(box.folder, 'pipe');
    execFileSync('mkfifo', [state]);
    const ran = await box.run(['emulator', 'start', '--state', state, '--json']);
    expect(ran.exitCode).toBe(1);
    expect(ran.error()).toMatchObject({
      code: 'local_file_broken',
      message: expect.stringContaining('It is not a regular file.'),
    });
  });
});
