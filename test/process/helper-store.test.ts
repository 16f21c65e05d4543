import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPassHome, writeHelper } from '../support/credential-helper.js';
import { type BoxEmulator, openBox, type Sandbox } from '../support/process.js';
import { describeWith } from '../support/requires.js';
import { createSecretScanner } from '../support/secret-scanner.js';

describeWith(
  ['gpg', 'docker-credential-pass'],
  'the installed gsac, docker-credential-pass',
  () => {
    async function openPass(): Promise<{
      box: Sandbox;
      emulator: BoxEmulator;
      entries(): string[];
    }> {
      const home = await createPassHome();
      onTestFinished(() => home.close());
      const { box, emulator } = await openBox();
      for (const name of ['GNUPGHOME', 'PASSWORD_STORE_DIR']) {
        box.env[name] = home.env[name] ?? '';
      }
      box.env['GSAC_STORE'] = 'helper:pass';
      delete box.env['GSAC_FILE_KEY'];
      const entries = () =>
        readdirSync(join(home.folder, 'pass'), { recursive: true, encoding: 'utf8' }).filter(
          (path) => path.endsWith('.gpg'),
        );
      return { box, emulator, entries };
    }

    it('keeps the credential there and in no file, from sign-in to revocation', async () => {
      const { box, emulator, entries } = await openPass();
      const exchanged = await box.run(['exchange', await emulator.code(), '--show-secrets']);
      expect(exchanged).toMatchObject({ exitCode: 0, stderr: '' });
      expect(entries()).toHaveLength(1);
      expect(entries()[0]).toContain('104729361850274916385.gpg');

      await emulator.inject({ name: 'rotate-refresh-token' });
      const rotated = await box.run(['refresh', '--json']);
      expect(rotated.json()).toMatchObject({ refresh_token: { status: 'rotated' } });
      expect((await box.run(['refresh', '--json'])).json()).toMatchObject({
        refresh_token: { status: 'unchanged' },
      });
      const exported = await box.run(['export']);
      const scanner = createSecretScanner();
      const { refresh_token, client_secret } = exported.json<Record<string, string>>();
      scanner.add('refresh token', refresh_token ?? '');
      scanner.add('client secret', client_secret ?? '');
      expect(scanner.findInFiles(box.home)).toEqual([]);

      expect((await box.run(['revoke', '--yes'])).exitCode).toBe(0);
      expect(entries()).toEqual([]);
    });

    it('serves many processes at once with one refresh', async () => {
      const { box, emulator } = await openPass();
      expect((await box.run(['exchange', await emulator.code()])).exitCode).toBe(0);
      const posts = await emulator.count('/token');
      rmSync(join(box.home, 'cache', 'sessions'), { recursive: true });
      const ran = await Promise.all(Array.from({ length: 6 }, () => box.run(['token'])));
      for (const one of ran) expect(one).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await emulator.count('/token')).toBe(posts + 1);
    });

    it('without its key: stops, with what gpg said, and takes it for no missing account', async () => {
      const { box, emulator } = await openPass();
      expect((await box.run(['exchange', await emulator.code()])).exitCode).toBe(0);
      const env = { GNUPGHOME: box.tmp };
      const posts = await emulator.count('/token');
      for (const argv of [['token'], ['refresh'], ['exchange', await emulator.code()]]) {
        const ran = await box.run([...argv, '--json'], { env });
        expect(ran).toMatchObject({ exitCode: 5, stdout: '' });
        expect(ran.error().message).toContain('docker-credential-pass');
        expect(ran.error().message).toMatch(/gpg|pass/);
      }
      expect(await emulator.count('/token')).toBe(posts);
      expect((await box.run(['token'])).exitCode).toBe(0);
    });
  },
);

describe.runIf(process.platform !== 'win32')(
  'the installed gsac, asked to end during a call',
  () => {
    /** A helper that sends gsac a TERM where a shell pattern of MODE, action and URL says so. */
    async function openInterrupting(): Promise<{ box: Sandbox; emulator: BoxEmulator }> {
      const { box, emulator } = await openBox();
      const path = writeHelper(
        box.folder,
        `#!/bin/sh
in=$(cat); url=\${in#*\\"ServerURL\\":\\"}; url=\${url%%\\"*}
file=$KEPT/$(printf %s "$url" | tr / +)
case "$MODE $1 $url" in
  read\\ get*) kill -TERM $PPID; exec sleep 600 ;;
  terminal\\ get*) kill -INT $PPID; kill -INT $$ ;;
  slow\\ store*gsac.invalid/4*) kill -TERM $PPID; sleep 0.2 ;;
  stuck\\ store*gsac.invalid/4*) kill -TERM $PPID; exec sleep 600 ;;
esac
case $1 in
  store) printf %s "$in" > "$file" ;;
  get) [ -f "$file" ] && exec cat "$file"; echo credentials not found in native keychain; exit 1 ;;
  erase) rm "$file" ;;
esac
`,
      );
      box.env['GSAC_STORE'] = `helper:${path}`;
      box.env['KEPT'] = box.tmp;
      expect((await box.run(['exchange', await emulator.code()])).exitCode).toBe(0);
      await emulator.inject({ name: 'rotate-refresh-token' });
      return { box, emulator };
    }

    it('a read ends, and so does gsac', async () => {
      const { box } = await openInterrupting();
      for (const MODE of ['read', 'terminal']) {
        const ran = await box.run(['token', '--json'], { env: { MODE }, timeoutMs: 20_000 });
        expect(ran).toMatchObject({ exitCode: 130, stdout: '' });
      }
      expect((await box.run(['token'])).exitCode).toBe(0);
    });

    it('a write has a moment to end: the rotated token is kept', async () => {
      const { box } = await openInterrupting();
      await box.run(['refresh', '--json'], { env: { MODE: 'slow' }, timeoutMs: 20_000 });
      expect(readdirSync(box.home)).not.toContain(expect.stringMatching(/^gsac-rescue/));
      expect((await box.run(['refresh'])).exitCode).toBe(0);
    });

    it('a write that does not end is given up: the rotated token is rescued', async () => {
      const { box } = await openInterrupting();
      const ran = await box.run(['refresh', '--json'], {
        env: { MODE: 'stuck' },
        timeoutMs: 20_000,
      });
      expect(ran).toMatchObject({ exitCode: 5, stdout: '' });
      const rescue = String(ran.error()['rescue_file']);
      expect(readFileSync(rescue, 'utf8')).toContain('refresh_token');
      expect((await box.run(['accounts', 'import', rescue])).exitCode).toBe(0);
      expect((await box.run(['refresh'])).exitCode).toBe(0);
    });
  },
);
