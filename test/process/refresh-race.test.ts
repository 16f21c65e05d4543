import type { ChildProcess } from 'node:child_process';
import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BoxEmulator, openBox, type Sandbox } from '../support/process.js';

/** Signed in, with an access token that is as good as expired when it comes. */
async function createExpired(): Promise<{
  box: Sandbox;
  emulator: BoxEmulator;
  posts: () => Promise<number>;
}> {
  const { box, emulator } = await openBox();
  await emulator.inject({ name: 'odd-success', set: { expires_in: 1 } });
  const exchanged = await box.run(['exchange', await emulator.code()]);
  expect(exchanged.exitCode).toBe(0);
  const before = await emulator.count('/token');
  return { box, emulator, posts: async () => (await emulator.count('/token')) - before };
}

function tokens(box: Sandbox, count: number, args: readonly string[] = []) {
  const argv = ['token', '--json', ...args];
  return Promise.all(Array.from({ length: count }, () => box.run(argv, { timeoutMs: 90_000 })));
}

describe('many processes and one expired token', { timeout: 120_000 }, () => {
  it('50 ask at once: one refresh, 50 equal tokens', async () => {
    const { box, posts } = await createExpired();
    const ran = await tokens(box, 50);
    expect(ran.map(({ exitCode }) => exitCode)).toEqual(Array(50).fill(0));
    const values = ran.map((one) => one.json<{ access_token: string }>().access_token);
    expect(new Set(values).size).toBe(1);
    expect(values[0]).toMatch(/^ya29\./);
    expect(await posts()).toBe(1);
  });

  it('12 ask at once and the refresh is refused: those that wait share the refusal', async () => {
    const { box, emulator, posts } = await createExpired();
    // Long enough for most of them to be up and waiting when the first refusal comes.
    await emulator.inject({ name: 'latency', path: '/token', ms: 2_000, times: 'always' });
    await emulator.inject({ name: 'dead-refresh-token', times: 'always' });
    const ran = await tokens(box, 12);
    for (const { exitCode, stdout } of ran) {
      expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    }
    expect(new Set(ran.map((one) => one.error().code))).toEqual(new Set(['invalid_grant']));
    // Those that came up after it ask once more, together.
    expect(await posts()).toBeLessThanOrEqual(4);

    await emulator.mend();
    expect((await box.run(['token'])).exitCode).toBe(0);
  });

  it('a holder that was killed does not block the others', async () => {
    const { box, emulator, posts } = await createExpired();
    await emulator.inject({ name: 'latency', path: '/token', ms: 60_000 });
    let holder: ChildProcess | undefined;
    const killed = box.run(['token'], {
      onStart: (child) => {
        holder = child;
      },
    });
    await emulator.hit();
    holder?.kill('SIGKILL');
    expect((await killed).signal).toBe('SIGKILL');

    const waiting = tokens(box, 5);
    // Ten seconds pass for the lock.
    const locks = join(box.home, 'locks');
    const past = Date.now() / 1_000 - 11;
    for (const name of readdirSync(locks)) utimesSync(join(locks, name), past, past);
    const ran = await waiting;
    expect(ran.map(({ exitCode }) => exitCode)).toEqual(Array(5).fill(0));
    expect(new Set(ran.map((one) => one.json<{ access_token: string }>().access_token)).size).toBe(
      1,
    );
    expect(await posts()).toBe(1);
  });

  it('waiting for another process ends after twice the timeout', async () => {
    const { box, emulator } = await createExpired();
    await emulator.inject({ name: 'latency', path: '/token', ms: 60_000 });
    let holder: ChildProcess | undefined;
    const held = box.run(['token'], {
      onStart: (child) => {
        holder = child;
      },
    });
    await emulator.hit();
    const ran = await box.run(['token', '--json', '--timeout', '1']);
    expect(ran).toMatchObject({ exitCode: 3, stdout: '' });
    expect(ran.error()).toMatchObject({ code: 'refresh_wait_timeout' });
    holder?.kill('SIGTERM');
    expect(await held).toMatchObject({ exitCode: 130, stdout: '' });
  });

  it('one refresh serves exchange, files and claims alike, and rotation is not raced', async () => {
    const { box, emulator, posts } = await createExpired();
    await emulator.inject({ name: 'rotate-refresh-token', times: 'always' });
    await emulator.inject({ name: 'latency', path: '/token', ms: 1_500 });
    const ran = await Promise.all(
      ['token', 'files', 'token', 'files'].map((command) => box.run([command])),
    );
    expect(ran.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    expect(await posts()).toBe(1);
    expect((await box.run(['refresh'])).exitCode).toBe(0);
  });
});
