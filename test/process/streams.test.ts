import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, existsSync, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSandbox, openBox, type Sandbox, startEmulator } from '../support/process.js';

async function createSignedIn(args: readonly string[] = []): Promise<Sandbox> {
  const box = await createSandbox();
  const emulator = await startEmulator(box, args);
  expect((await box.run(['exchange', await emulator.code()])).exitCode).toBe(0);
  return box;
}

/** Writes into a pipe until nothing more goes in; how many bytes that were. */
function fillPipe(descriptor: number): number {
  let filled = 0;
  for (let piece = Buffer.alloc(4_096); ; ) {
    try {
      filled += writeSync(descriptor, piece);
    } catch {
      if (piece.length === 1) return filled;
      piece = Buffer.alloc(1);
    }
  }
}

describe('the installed gsac in the shell', () => {
  it('$(gsac token) is the token and nothing else', async () => {
    const box = await createSignedIn();
    const bare = await box.shell('t=$(gsac token) && printf "<%s>" "$t"');
    expect(bare.exitCode).toBe(0);
    expect(bare.stdout).toMatch(/^<ya29\.[\w.-]+>$/);

    const evaluated = await box.shell(
      'eval "$(gsac token --format env)"; printf "<%s>" "$GOOGLE_OAUTH_ACCESS_TOKEN"',
    );
    expect(evaluated.stdout).toBe(bare.stdout);
    const header = await box.shell('gsac token --format header');
    expect(`<${header.stdout.trimEnd().slice('Authorization: Bearer '.length)}>`).toBe(bare.stdout);
  });

  it('a failed $(gsac token) stops the script', async () => {
    const box = await createSandbox();
    const ran = await box.shell('set -e; t=$(gsac token); echo "went on with <$t>"');
    expect(ran).toMatchObject({ exitCode: 4, stdout: '' });
  });

  it('gsac files | head ends quietly, however long the listing', async () => {
    const box = await createSignedIn(['--files', '10000']);
    for (const command of ['gsac files', 'gsac files --json']) {
      const ran = await box.shell(`{ ${command}; echo "code $?" >&2; } | head -n 1`);
      expect(ran.stdout.split('\n')).toHaveLength(2);
      expect(ran.stderr).toBe('code 0\n');
    }
    const all = await box.shell('gsac files --quiet | wc -l');
    expect(Number(all.stdout)).toBe(10_003);
  });

  it.skipIf(!existsSync('/dev/full'))('a full disk at stdout: 1 and a sentence', async () => {
    const box = await createSignedIn();
    for (const command of ['token', 'files', 'accounts --json', '--help', 'claims']) {
      const ran = await box.shell(`gsac ${command} > /dev/full`);
      expect(ran.exitCode, command).toBe(1);
      expect(ran.stderr.replace(/"system_code":"ENOSPC"/, ''), command).toMatch(
        /The output cannot be written\./,
      );
      expect(ran.stderr, command).not.toMatch(/\n\s+at /);
    }
  });

  it('closed streams harm nobody', async () => {
    const box = await createSignedIn();
    const token = (await box.run(['token'])).stdout;
    const silent = await box.shell('gsac token 2>&-');
    expect(silent).toMatchObject({ exitCode: 0, stdout: token });
    expect((await box.shell('gsac token --account nobody 2>&-')).exitCode).toBe(4);
    expect((await box.shell('gsac token <&-')).stdout).toBe(token);
    expect((await box.shell('gsac exchange - <&-')).exitCode).toBe(2);
    const deaf = await box.shell('gsac token >&-');
    expect([0, 1]).toContain(deaf.exitCode);
    expect(deaf.stderr).not.toMatch(/\n\s+at /);
  });

  it('a reader of stderr that takes its time loses nothing', async () => {
    const box = await createSignedIn();
    const path = join(box.folder, 'stderr');
    execFileSync('mkfifo', [path]);
    const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writing = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    const filled = fillPipe(writing);
    // By another number at first: of the first three, Node gives its child blocking ones.
    const child = spawn('sh', ['-c', 'exec gsac token --min-ttl 7200 --trace 2>&3'], {
      cwd: box.folder,
      env: box.env,
      stdio: ['ignore', 'pipe', 'ignore', writing],
    });
    closeSync(writing);
    // It has told all of its request before the token comes.
    await once(child.stdout ?? child, 'data');
    const told: Buffer[] = [];
    for await (const chunk of new Socket({ fd: reading, writable: false })) told.push(chunk);
    const text = Buffer.concat(told).subarray(filled).toString();
    expect(text).toMatch(/POST http\S+\/token/);
    expect(text).toMatch(/200[\s\S]+expires_in/);
    expect(text.indexOf('POST')).toBeLessThan(text.indexOf('200'));
  });

  it('a code from a pipe, with whatever line ends it has', async () => {
    const { box } = await openBox();
    const unix = await box.shell('gsac emulator sign-in | gsac exchange - --json');
    expect(unix.json()).toMatchObject({ sent: { code_changes: [] } });
    const windows = await box.shell(
      'gsac emulator sign-in | sed "s/$/\\r/" | gsac exchange - --json',
    );
    expect(windows).toMatchObject({ exitCode: 0 });
  });

  it('the file store needs nothing of the home folder', async () => {
    const box = await createSignedIn();
    const ran = await box.run(['token'], { env: { HOME: '/nonexistent' } });
    expect(ran.exitCode).toBe(0);
  });
});
