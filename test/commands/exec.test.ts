import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { emulatorFetch, type Fetch, useDesk } from '../support/run.js';
import { expectFailure, liveRefreshTokens, tokenRequests } from './support.js';

const desk = useDesk();

describe('gsac exec', () => {
  it('returns the exit code of what it ran', async () => {
    await desk.exchange();
    for (const code of ['0', '1', '6', '255']) {
      const ran = await desk.run(['exec', '--', 'sh', '-c', `exit ${code}`]);
      expect(ran).toMatchObject({ exitCode: Number(code), stdout: '', stderr: '' });
    }
    const ran = await desk.run(['exec', '--', 'sh', '-c', 'kill -TERM $$']);
    expect(ran.exitCode).toBe(143);
  });

  it('refreshes where the token lives too short, and only then', async () => {
    await desk.exchange();
    const before = tokenRequests(desk);
    await desk.run(['exec', '--', 'true']);
    expect(tokenRequests(desk)).toBe(before);
    await desk.run(['exec', '--min-ttl', '3600', '--', 'true']);
    expect(tokenRequests(desk)).toBe(before + 1);
    desk.now += 3_240_000;
    await desk.run(['exec', '--', 'true']);
    expect(tokenRequests(desk)).toBe(before + 1);
    // A file that others read begins with more than its last five minutes.
    await desk.run(['exec', '--token-file', '--', 'true'], { env: { PATH: process.env['PATH'] } });
    expect(tokenRequests(desk)).toBe(before + 2);
  });

  it('says nothing of a renewal that fails once the command has ended', async () => {
    desk.emulator.inject({ name: 'short-lived-token', seconds: 1, times: 'always' });
    await desk.exchange();
    const ask = emulatorFetch(desk.emulator);
    let asked = 0;
    const timer = setTimeout(() => {
      desk.now += 60_000;
    }, 100);
    const argv = ['exec', '-q', '--timeout', '0.1', '--token-file', '--', 'sleep', '1'];
    const ran = await desk.run(argv, {
      env: { PATH: process.env['PATH'] },
      async fetch(url, init) {
        asked += 1;
        if (asked === 1) return ask(url, init);
        await delay(1_200);
        throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ENOTFOUND' } });
      },
    });
    clearTimeout(timer);
    expect(asked).toBeGreaterThan(1);
    expect(ran).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  });

  describe('--token-file, with a renewal under way when the command ends', () => {
    /** Runs a command that ends once a renewal has been asked for; `answer` is what becomes of that. */
    async function renewing(answer: Fetch) {
      desk.emulator.inject({ name: 'short-lived-token', seconds: 1, times: 'always' });
      await desk.exchange();
      const told = desk.file('told', '');
      const ask = emulatorFetch(desk.emulator);
      let asked = 0;
      const script = `echo "$GSAC_ACCESS_TOKEN_FILE" > ${told}; while [ ! -e ${told}.asked ]; do sleep 0.02; done`;
      const ran = await desk.run(['exec', '-q', '--token-file', '--', 'sh', '-c', script], {
        env: { PATH: process.env['PATH'] },
        async fetch(url, init) {
          asked += 1;
          if (asked === 1) {
            setTimeout(() => {
              desk.now += 60_000;
            }, 50);
            return ask(url, init);
          }
          desk.file('told.asked', '');
          return answer(url, init);
        },
      });
      expect(ran).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
      const file = readFileSync(told, 'utf8').trim();
      expect(file).toMatch(/access-token$/);
      expect(existsSync(dirname(file))).toBe(false);
    }

    it('ends although the answer never comes', async () => {
      await renewing(() => new Promise(() => {}));
    });

    it('stores a rotated token that comes soon after', async () => {
      const ask = emulatorFetch(desk.emulator);
      desk.emulator.inject({ name: 'rotate-refresh-token', times: 'always' });
      await renewing(async (url, init) => {
        await delay(500);
        return ask(url, init);
      });
      const exported = (await desk.run(['export'])).json<{ refresh_token: string }>();
      expect(liveRefreshTokens(desk)).toEqual([exported.refresh_token]);
    });
  });

  it('what follows -- is never ours', async () => {
    await desk.exchange();
    const check =
      'test "$*" = "--json --quiet -a x --store nowhere --help -V --no-color -- --debug"';
    const flags = '--json --quiet -a x --store nowhere --help -V --no-color -- --debug'.split(' ');
    const own = [[], ['--min-ttl', '1'], ['-q'], ['--token-file']];
    for (const options of own) {
      const ran = await desk.run(['exec', ...options, '--', 'sh', '-c', check, 'sh', ...flags], {
        env: { PATH: process.env['PATH'] },
      });
      expect(ran, ran.stderr).toMatchObject({ exitCode: 0, stdout: '' });
    }
    const failed = await desk.run(['exec', '-a', 'nobody@example.com', '--', 'ls', '--json']);
    expect(failed.stderr).toMatch(/^gsac: error: /);
  });

  it('refuses a command without --, and none at all', async () => {
    await desk.exchange();
    expectFailure(await desk.run(['exec', '--json', 'ls', '-a', 'x']), 'usage');
    expectFailure(await desk.run(['exec', '--json', '--']), 'usage');
    expectFailure(await desk.run(['exec', '--json', '--min-ttl', 'x', '--', 'ls']), 'usage');
  });

  it('on Windows takes the command without the -- that PowerShell takes away', async () => {
    await desk.exchange();
    const told = desk.file(
      'told.cjs',
      'process.exit(process.argv.slice(2).join() === "--version,--json,-a,x" ? 7 : 8)',
    );
    const own = [[], ['--min-ttl', '1'], ['--store', 'file', '-q'], ['--token-file']];
    for (const options of own) {
      const call = ['exec', ...options, process.execPath, told, '--version'];
      const ran = await desk.run([...call, '--json', '-a', 'x'], { platform: 'win32' });
      expect(ran, ran.stderr).toMatchObject({ exitCode: 7, stdout: '' });
    }
    const help = await desk.run(['exec', '--help'], { platform: 'win32' });
    expect(help).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Usage: gsac exec/) });
  });

  it('does not run anything without a token', async () => {
    expectFailure(await desk.run(['exec', '--json', '--', 'false']), 'account_unknown');
  });

  it('127 and 126 are of the closed list', async () => {
    await desk.exchange();
    expectFailure(await desk.run(['exec', '--json', '--', 'no-such']), 'command_not_found');
    const file = desk.file('plain.txt', 'text');
    expectFailure(await desk.run(['exec', '--json', '--', file]), 'command_not_executable');
  });
});
