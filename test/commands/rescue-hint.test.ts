import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDesk, type Desk, emulatorFetch } from '../support/run.js';
import { expectFailure } from './support.js';

/** A rotated refresh token that the store would not take lies in a rescue file. */
describe('A refresh that Google refuses', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = createDesk();
    await desk.exchange();
    desk.now += 7_200_000;
  });
  afterEach(() => desk.dispose());

  /** Refreshes with a rotation that cannot be stored; returns the rescue file. */
  async function loseRotation(): Promise<string> {
    const vault = join(desk.home, 'vault');
    const ask = emulatorFetch(desk.emulator);
    desk.emulator.inject({ name: 'rotate-refresh-token' });
    const ran = await desk.run(['refresh', '--json'], {
      // Once Google has answered, a file stands where the store was.
      async fetch(url, init) {
        const answer = await ask(url, init);
        renameSync(vault, `${vault}-away`);
        writeFileSync(vault, 'in the way');
        return answer;
      },
    });
    rmSync(vault);
    renameSync(`${vault}-away`, vault);
    return String(expectFailure(ran, 'store_refused')['rescue_file']);
  }

  it('names the rescue file of the account, whose token works', async () => {
    const path = await loseRotation();
    for (const command of ['token', 'refresh']) {
      const error = expectFailure(await desk.run([command, '--json']), 'invalid_grant');
      expect(error).toMatchObject({ rescue_file: path, google: { error: 'invalid_grant' } });
      expect(error.hint).toContain(`\`gsac accounts import '${path}'\``);
    }
    const { accounts } = (await desk.run(['status', '--json'])).json<{ accounts: object[] }>();
    expect(accounts).toMatchObject([
      { verdict: 'dead', end: { fix: expect.stringContaining(path) } },
    ]);

    expect((await desk.run(['accounts', 'import', path])).exitCode).toBe(0);
    expect((await desk.run(['token'])).exitCode).toBe(0);
    expect((await desk.run(['status'])).exitCode).toBe(0);
  });

  it('names the store that the account is in, where no variable does', async () => {
    const path = await loseRotation();
    const ran = await desk.run(['token', '--json'], { env: { GSAC_STORE: undefined } });
    expect(ran.error().hint).toContain(`'${path}' --store file\``);
  });

  it('names no file of another person', async () => {
    const path = await loseRotation();
    await desk.exchange({ user: 'qa@example.org' });
    desk.emulator.inject({ name: 'dead-refresh-token', user: 'qa@example.org', times: 'always' });
    const ran = await desk.run(['refresh', '-a', 'qa@example.org', '--json']);
    const error = expectFailure(ran, 'invalid_grant');
    expect(error.hint).toContain('Sign in again');
    expect(ran.stderr).not.toContain(path);
  });
});
