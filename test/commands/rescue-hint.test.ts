import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { emulatorFetch, useDesk } from '../support/run.js';
import { expectFailure } from './support.js';

/** A rotated refresh token that the store would not take lies in a rescue file. */
describe('A refresh that Google refuses', () => {
  const desk = useDesk();
  beforeEach(async () => {
    await desk.exchange();
    desk.now += 7_200_000;
  });

  /** Refreshes with a rotation that cannot be stored; returns the rescue file. */
  async function loseRotation(home = desk.home): Promise<string> {
    const env = { GSAC_HOME: home };
    const vault = join(home, 'vault');
    const ask = emulatorFetch(desk.emulator);
    desk.emulator.inject({ name: 'rotate-refresh-token' });
    const ran = await desk.run(['refresh', '--json'], {
      env,
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
      expect(error.hint).toContain(`\`gsac accounts import ${path}\``);
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
    for (const flags of [[], ['--store', 'file']]) {
      const ran = await desk.run(['token', '--json', ...flags], { env: { GSAC_STORE: undefined } });
      expect(ran.error().hint).toContain(`${path} --store file\``);
    }
  });

  it('gives a command that a shell takes, whatever the folder is called', async () => {
    const home = join(dirname(desk.home), "it's $(here)");
    renameSync(desk.home, home);
    const path = await loseRotation(home);
    const env = { GSAC_HOME: home };
    const { hint } = (await desk.run(['refresh', '--json'], { env })).error();
    const [, command = ''] = /`gsac accounts import (.*)`/.exec(hint ?? '') ?? [];
    expect(execFileSync('sh', ['-c', `printf %s ${command}`], { encoding: 'utf8' })).toBe(path);
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

  /** What somebody else may have put into the folder that is everybody's. */
  const strange: Readonly<Record<string, (path: string) => void>> = {
    'a file that others may read': (path) => chmodSync(path, 0o644),
    'a file that others may write': (path) => chmodSync(path, 0o620),
    'a file of another name': (path) => renameSync(path, path.replace('.json', '-x.json')),
    'a file larger than any credential': (path) => truncateSync(path, 65_537),
    'a link to a file': (path) => {
      renameSync(path, `${path}.away`);
      symlinkSync(`${path}.away`, path);
    },
    ...(process.geteuid?.() === 0
      ? { 'a file of another user': (path: string) => chownSync(path, 65_534, 65_534) }
      : {}),
  };

  it.each(Object.keys(strange))('does not name %s in the temporary folder', async (what) => {
    const path = await loseRotation();
    const shared = join(dirname(desk.home), 'tmp', path.slice(dirname(path).length + 1));
    mkdirSync(dirname(shared));
    renameSync(path, shared);
    expect((await desk.run(['token', '--json'])).error()['rescue_file']).toBe(shared);
    strange[what]?.(shared);
    const error = expectFailure(await desk.run(['token', '--json']), 'invalid_grant');
    expect(error).not.toHaveProperty('rescue_file');
    const doctor = (await desk.run(['doctor', '--json'])).stdout;
    expect(doctor).not.toContain(dirname(shared));
  });
});
