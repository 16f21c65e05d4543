import { copyFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSandbox, startEmulator } from '../support/process.js';

async function openRunning() {
  const box = await createSandbox();
  return { box, emulator: await startEmulator(box) };
}

describe('the installed gsac emulator', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`ends well on ${signal}, also with a client that stays connected`, async () => {
      const { box, emulator } = await openRunning();
      await emulator.inject({ name: 'latency', path: '/token', ms: 60_000 });
      const hanging = box.run(['exchange', await emulator.code()]);
      await emulator.hit();
      const ended = await emulator.stop(signal);
      expect(ended).toMatchObject({ exitCode: 0, signal: null });
      expect(ended.stdout.trim().split('\n')).toHaveLength(1);
      expect(ended.stderr).not.toMatch(/\n\s+at /);
      expect((await hanging).exitCode).toBe(3);
    });
  }

  it('says where it is, and writes a private client file that leads there', async () => {
    const { emulator } = await openRunning();
    const file = JSON.parse(readFileSync(emulator.clientFile, 'utf8'));
    expect(file.web.token_uri).toBe(`${emulator.origin}/token`);
    expect(statSync(emulator.clientFile).mode & 0o777).toBe(0o600);
    expect(emulator.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { stdout } = await emulator.stop();
    expect(JSON.parse(stdout)).toEqual({
      origin: emulator.origin,
      client_file: emulator.clientFile,
      pid: emulator.pid,
    });
  });

  it('is found in the current folder by those that nobody told where it is', async () => {
    const { box, emulator } = await openRunning();
    const there = { cwd: box.folder, env: { GSAC_CLIENT: undefined } };
    const none = await box.run(['emulator', 'user', '--json'], there);
    expect(none.error()).toMatchObject({ code: 'usage' });
    copyFileSync(emulator.clientFile, join(box.folder, 'client_secret_emulator.json'));
    const { stdout, exitCode } = await box.run(['emulator', 'user'], there);
    expect([exitCode, stdout.split(' ')[0]]).toEqual([0, 'tester@example.com']);
    await emulator.stop();
    const gone = await box.run(['emulator', 'user', '--json'], there);
    expect(gone.exitCode).toBe(3);
    expect(gone.error()['message']).toContain(
      `at ${emulator.origin}, which client_secret_emulator.json in the current folder names,`,
    );
  });

  it('a port that is in use: 2, and the other one goes on', async () => {
    const { box, emulator } = await openRunning();
    const { port } = new URL(emulator.origin);
    const ran = await box.run([
      ...['emulator', 'start', '--json', '--port', port],
      ...['--client-out', join(box.folder, 'other.json')],
    ]);
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ran.error()).toMatchObject({ code: 'address_in_use' });
    expect((await box.run(['emulator', 'sign-in'])).exitCode).toBe(0);
  });

  it('an emulator that is gone: 3, and the code is said to be unsent', async () => {
    const { box, emulator } = await openRunning();
    const code = await emulator.code();
    await emulator.stop();
    const ran = await box.run(['exchange', code, '--json']);
    expect(ran).toMatchObject({ exitCode: 3, stdout: '' });
    expect(ran.error()).toMatchObject({ code: 'network_unreachable', code_sent: false });
  });
});
