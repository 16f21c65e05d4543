import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEmulator, type Emulator } from '../../src/emulator/app.js';
import { SEED_CLIENTS } from '../../src/emulator/state/seed.js';
import {
  createSandbox,
  type Finished,
  type GsacOptions,
  type Sandbox,
  serveTo,
} from '../support/process.js';
import { createSecretScanner, type SecretScanner } from '../support/secret-scanner.js';

const clientSecret = 'GOCSPX-Seeded7vKq2LmX9wZt4RbNc8Yd';
const passphrase = 'Seeded passphrase: 8Jw3 Qz7T plum orbit';
const seededFileKey = createHash('sha256').update('a seeded file key').digest('base64');

interface Desk {
  box: Sandbox;
  emulator: Emulator;
  scanner: SecretScanner;
  /** The last tokens that the emulator gave out. */
  latest: { access_token?: string; refresh_token?: string; id_token?: string };
  /** Makes the token endpoint refuse with a text that repeats every secret it was sent. */
  echoing: boolean;
  code(): string;
  /** Runs gsac; nothing that it prints or leaves behind may hold a secret. */
  run(argv: readonly string[], options?: GsacOptions): Promise<Finished>;
}

/** A sandbox and an emulator in this process, every secret of which is known to the scanner. */
async function createDesk(): Promise<Desk> {
  const box = await createSandbox();
  const scanner = createSecretScanner();
  scanner.add('client secret', clientSecret);
  scanner.add('passphrase', passphrase);
  scanner.add('file key', seededFileKey);
  const [web, ...others] = SEED_CLIENTS;
  if (web === undefined) throw new Error('the emulator has clients');
  const emulator = createEmulator({ clients: [{ ...web, clientSecret }, ...others] });

  const desk: Desk = {
    box,
    emulator,
    scanner,
    latest: {},
    echoing: false,
    code() {
      const { code } = emulator.signIn();
      scanner.add('code', code);
      return code;
    },
    async run(argv, options = {}) {
      const ran = await box.run(argv, { timeoutMs: 30_000, ...options });
      const where = argv.join(' ');
      expect(scanner.find(ran.stdout), `stdout of ${where}: ${ran.stdout}`).toEqual([]);
      expect(scanner.find(ran.stderr), `stderr of ${where}: ${ran.stderr}`).toEqual([]);
      for (const folder of [box.home, box.tmp, box.env['HOME'] ?? '']) {
        expect(scanner.findInFiles(folder), `files after ${where}`).toEqual([]);
      }
      return ran;
    },
  };

  async function answer(request: Request): Promise<Response> {
    const sent = request.method === 'POST' ? await request.clone().text() : '';
    if (desk.echoing && request.url.endsWith('/token')) {
      const fields = new URLSearchParams(sent);
      const words = [...fields.values()].join(' ');
      const error_description = `Not accepted: ${words} (${sent})`;
      return Response.json({ error: 'invalid_grant', error_description }, { status: 400 });
    }
    const response = await emulator.fetch(request);
    const text = await response.clone().text();
    for (const [, name, secret] of text.matchAll(
      /"(access_token|refresh_token|id_token)":\s*"([^"]+)"/g,
    )) {
      if (name === undefined || secret === undefined) continue;
      scanner.add(name, secret);
      desk.latest = { ...desk.latest, [name]: secret };
    }
    return response;
  }
  await serveTo(box, { ...emulator, fetch: answer });
  // The key opens the store: deriving one from the passphrase takes its time.
  Object.assign(box.env, {
    GSAC_FILE_KEY: seededFileKey,
    GSAC_PASSPHRASE: passphrase,
    GOOGLE_SDK_NODE_LOGGING: '*',
  });
  return desk;
}

// What is printed without --trace and --debug is printed with them, too.
const modes: readonly (readonly string[])[] = [['--json'], ['--trace', '--debug']];

describe('secrets stay secret', { timeout: 120_000 }, () => {
  it('the scanner finds what is there', async () => {
    const desk = await createDesk();
    const { box, scanner } = desk;
    expect((await desk.run(['exchange', '-'], { stdin: desk.code() })).exitCode).toBe(0);
    // The commands that exist to print a secret print it.
    const token = await box.run(['token']);
    expect(token.stdout).toBe(`${desk.latest.access_token}\n`);
    expect(scanner.find(token.stdout)).toEqual(['access_token']);
    expect(scanner.find(`x${desk.latest.refresh_token?.slice(30, 45)}x`)).toEqual([
      'refresh_token',
    ]);
    expect(scanner.find(encodeURIComponent(passphrase))).toEqual(['passphrase']);
    const shown = await box.run(['refresh', '--trace', '--show-secrets']);
    expect(scanner.find(shown.stderr).sort()).toEqual(
      ['access_token', 'client secret', 'id_token', 'refresh_token'].sort(),
    );
    writeFileSync(join(box.tmp, 'leak'), `{"client_secret":"${clientSecret}"}`);
    expect(scanner.findInFiles(box.tmp)).toEqual([`${join(box.tmp, 'leak')}: client secret`]);
  });

  for (const mode of modes) {
    it(`in every command ${mode.join(' ')}`, async () => {
      const desk = await createDesk();
      const { box } = desk;
      const run = async (exitCode: number, argv: readonly string[], options?: GsacOptions) => {
        const ran = await desk.run([...argv, ...mode], options);
        expect(ran.exitCode, `${argv.join(' ')}: ${ran.stderr}`).toBe(exitCode);
        return ran;
      };
      const code = desk.code();
      await run(0, ['exchange', '-'], { stdin: code });
      await run(4, ['exchange', code]);
      await run(0, ['exchange', desk.code(), '--no-store']);
      await run(2, ['exchange', `x${desk.code()}`]);
      await run(0, ['refresh']);
      await run(0, ['refresh', '--all']);
      await run(0, ['claims']);
      await run(0, ['claims', '--id-token', '-'], { stdin: desk.latest.id_token ?? '' });
      await run(6, ['claims', '--id-token', desk.latest.id_token ?? '', '--nonce', 'other']);
      await run(2, ['claims', '--id-token', desk.latest.access_token ?? '']);
      await run(0, ['files']);
      await run(0, ['files', 'info']);
      await run(0, ['accounts']);
      await run(0, ['accounts', 'use', 'tester@example.com']);

      // Only its stdout is what it exists for.
      const token = await box.run(['token', '--min-ttl', '7200', ...mode]);
      expect(token.exitCode).toBe(0);
      expect(desk.scanner.find(token.stdout)).toEqual(['access_token']);
      expect(desk.scanner.find(token.stderr)).toEqual([]);
      const signedIn = await box.run(['emulator', 'sign-in', ...mode]);
      expect(signedIn.exitCode).toBe(0);
      expect(signedIn.stdout).toMatch(/4\/0A/);
      expect(signedIn.stderr).not.toMatch(/4\/0A[\w-]{10}/);

      const user = {
        type: 'authorized_user',
        client_id: desk.emulator.clientFile().web.client_id,
        client_secret: clientSecret,
        refresh_token: desk.latest.refresh_token,
        token_uri: desk.emulator.clientFile().web.token_uri,
      };
      await run(0, ['accounts', 'import', '-'], { stdin: JSON.stringify(user) });
      await run(2, ['accounts', 'import', '-'], { stdin: JSON.stringify(user).slice(0, -9) });
      const fromEnvironment = { GSAC_CREDENTIALS: JSON.stringify(user), GSAC_STORE: undefined };
      await run(0, ['refresh'], { env: fromEnvironment });
      await run(0, ['files'], { env: fromEnvironment });
      await run(5, ['refresh'], { env: { GSAC_FILE_KEY: '' } });
      const byPassphrase = { GSAC_FILE_KEY: '', GSAC_HOME: join(box.tmp, 'other') };
      await run(0, ['exchange', desk.code()], { env: byPassphrase });
      const another = { ...byPassphrase, GSAC_PASSPHRASE: 'another Seeded one' };
      await run(5, ['refresh'], { env: another });
      await run(0, ['revoke', '--yes']);
      await run(4, ['refresh']);
    });
  }

  it('in the words of a server that repeats what it was sent', async () => {
    const desk = await createDesk();
    expect((await desk.run(['exchange', '-'], { stdin: desk.code() })).exitCode).toBe(0);
    desk.echoing = true;
    for (const mode of modes) {
      const exchanged = await desk.run(['exchange', desk.code(), ...mode]);
      expect(exchanged).toMatchObject({ exitCode: 4, stdout: '' });
      expect(exchanged.stderr).toContain('Not accepted');
      expect((await desk.run(['refresh', ...mode])).exitCode).toBe(4);
    }
  });

  it.skipIf(process.platform !== 'linux')('in the process list', async () => {
    const desk = await createDesk();
    const { box, emulator, scanner } = desk;
    emulator.inject({ name: 'latency', path: '/token', ms: 500 });
    let pid = 0;
    const code = desk.code();
    const running = box.run(['exchange', '-'], {
      stdin: code,
      onStart: (child) => {
        pid = child.pid ?? 0;
      },
    });
    await expect.poll(() => emulator.faults.active.length, { timeout: 20_000 }).toBe(0);
    const lines = commandLines(pid);
    expect((await running).exitCode).toBe(0);
    expect(lines.join('\n')).toContain('exchange -');
    expect(scanner.find(lines.join('\n'))).toEqual([]);
  });
});

/** The command lines of a process and of its children's children, as `ps` shows them. */
function commandLines(pid: number): string[] {
  const own = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  const title = readFileSync(`/proc/${pid}/comm`, 'utf8');
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .flatMap((name) => commandLines(Number(name)));
  return [own, title, ...children];
}

function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}
