import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSandbox, openBox, type Sandbox, startEmulator, until } from '../support/process.js';

async function createSignedIn(args: readonly string[] = []): Promise<Sandbox> {
  const box = await createSandbox();
  const emulator = await startEmulator(box, args);
  expect((await box.run(['exchange', await emulator.code()])).exitCode).toBe(0);
  return box;
}

/** A pipe in the sandbox's folder into which nothing more goes, and how many bytes are in it. */
function makeFullPipe(box: Sandbox, name: string) {
  const path = join(box.folder, name);
  execFileSync('mkfifo', [path]);
  const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writing = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  let filled = 0;
  for (let piece = Buffer.alloc(4_096); ; ) {
    try {
      filled += writeSync(writing, piece);
    } catch {
      if (piece.length === 1) return { reading, writing, filled };
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
    const { reading, writing, filled } = makeFullPipe(box, 'stderr');
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

  describe.skipIf(process.platform !== 'linux')('ends with TERM, INT or HUP', () => {
    /** Whether gsac has its own handlers by now; Node has some for TERM and INT, none for HUP. */
    const hearsSignals = (pid: number | undefined) =>
      /^SigCgt:.*[13579bdf]$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

    /** Runs a line of the shell, sends a signal once it is heard, and tells how it ended. */
    async function endWith(signal: NodeJS.Signals, box: Sandbox, line: string) {
      const options = { cwd: box.folder, env: box.env, stdio: 'ignore' } as const;
      const child = spawn('sh', ['-c', line], options);
      const ended = once(child, 'exit');
      await until('it waits', () => hearsSignals(child.pid));
      child.kill(signal);
      return ended;
    }

    it('although nobody reads a full pipe', async () => {
      const box = await createSignedIn();
      writeFileSync(join(box.folder, 'save.bin'), Buffer.alloc(1_000_000));
      expect((await box.run(['files', 'put', 'save.bin'])).exitCode).toBe(0);
      const { reading, writing } = makeFullPipe(box, 'full');
      const lines = [
        'accounts > full',
        'accounts --json > full 2>&1',
        'claims > full',
        'token > full 2>&1',
        '--help > full',
        'explain hello > full 2>&1',
        'check . > full',
        'emulator requests > full',
        'files --json > full 2>&1',
        'files get save.bin -o - > full',
        'files get save.bin -o - > full 2>&1',
        'files get save.bin -o full --force',
      ];
      const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
      for (const [at, line] of lines.entries()) {
        const signal = signals[at % signals.length] ?? 'SIGTERM';
        const ended = await endWith(signal, box, `exec gsac ${line}`);
        // A thread that waits for a pipe can only be ended by a signal, of which shells make 130.
        const bySignal = line.includes('-o full') ? [[null, 'SIGINT']] : [];
        expect([[130, null], ...bySignal], line).toContainEqual(ended);
      }
      closeSync(writing);
      closeSync(reading);
    });

    it('in the middle of a result, and at once with a second signal', async () => {
      const box = await createSignedIn(['--files', '5000']);
      for (const signals of [['SIGTERM'], ['SIGTERM', 'SIGTERM']] as const) {
        const child = spawn('sh', ['-c', 'exec gsac files --json'], {
          cwd: box.folder,
          env: box.env,
          stdio: ['ignore', 'pipe', 'ignore'],
        });
        const ended = once(child, 'exit');
        await once(child.stdout, 'readable');
        for (const signal of signals) child.kill(signal);
        expect(await ended).toEqual(signals.length === 1 ? [130, null] : expect.anything());
      }
    });

    it('while it waits for what is never typed or written', async () => {
      const box = await createSignedIn();
      execFileSync('mkfifo', [join(box.folder, 'silent')]);
      for (const line of ['exchange - < silent', 'files put silent', 'explain - < silent']) {
        const ended = await endWith('SIGHUP', box, `exec 3<>silent; exec gsac ${line}`);
        const either = [
          [130, null],
          [null, 'SIGINT'],
        ];
        expect(either).toContainEqual(ended);
      }
    });
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
