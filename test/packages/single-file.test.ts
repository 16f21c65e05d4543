import { execFile, execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { createSandbox, openBox, type Sandbox } from '../support/process.js';
import { describeWith, itWith } from '../support/requires.js';
import { startSecretService } from '../support/secret-service.js';
import { describeStory } from '../support/story.js';
import { runTour } from '../support/tour.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
};
const target = `linux-${process.arch}`;
const folder = join(inject('runFolder'), 'packages');
const bin = join(folder, 'bin', 'gsac');
const install = async () => ({ tarball: '', prefix: folder, bin });
/** As people name their folders. */
const trial = 'Müllers Versuch 1';

describe.runIf(process.platform === 'linux')('npm run package', () => {
  beforeAll(async () => {
    const args = ['--target', target, '--out', folder, '--repository', 'example/gsac'];
    // A release takes longer to be smaller.
    const quick = { DPKG_DEB_COMPRESSOR_TYPE: 'gzip', DPKG_DEB_COMPRESSOR_LEVEL: '1' };
    await run(process.execPath, ['.config/packages/package.js', ...args], {
      cwd: root,
      env: { ...process.env, ...quick },
    });
    mkdirSync(join(folder, 'bin'));
    linkSync(join(folder, `gsac-${target}`), bin);
  });

  it('has the checksums of all that it makes', () => {
    const names = readdirSync(folder).filter((name) => !/^(bin|SHA256SUMS)$/.test(name));
    const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8');
    expect(sums.match(/\S+$/gm)).toEqual(names.sort());
    execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: folder });
  });

  describeStory('the single file, file store', install);

  describe('the single file', () => {
    it('runs the README’s tour in any folder', async () => {
      const box = await createSandbox(install);
      await runTour(box, join(box.folder, trial));
    });

    it('has its version, its help and its manual inside', async () => {
      const box = await createSandbox(install);
      expect(await box.run(['--version'])).toMatchObject({ stdout: `${version}\n`, stderr: '' });
      for (const [argv, path] of [
        [['--help'], 'help.txt'],
        [['help', 'stores'], 'help/stores.txt'],
      ] as const) {
        const { stdout } = await box.run(argv);
        expect(stdout).toBe(readFileSync(join(root, 'dist', path), 'utf8'));
      }
    });

    it('takes nothing from a NODE_OPTIONS that is for another Node', async () => {
      const box = await createSandbox(install);
      const env = { NODE_OPTIONS: '--no-such-option --require=./planted.cjs' };
      writeFileSync(join(box.folder, 'planted.cjs'), 'console.log("planted")');
      expect(await box.run(['--version'], { env })).toMatchObject({ stdout: `${version}\n` });
    });

    it('opens a browser', async () => {
      const { box } = await openBox({}, install);
      const browser = join(box.folder, 'browser');
      writeFileSync(browser, `#!/bin/sh\necho "$1" > '${box.folder}/opened'\n`, { mode: 0o755 });
      const env = { BROWSER: browser, DISPLAY: ':0' };
      expect((await box.run(['login', '--wait', '1'], { env })).exitCode).toBe(3);
      expect(readFileSync(join(box.folder, 'opened'), 'utf8')).toMatch(/^http:\/\/127\.0\.0\.1/);
    });

    it('is found inside of its wrappers, and stands between a program and Google', async () => {
      const { box } = await openBox({}, install);
      const env = { PATH: '/usr/bin:/bin' };
      const program = `
        fetch('https://oauth2.googleapis.com/token', { method: 'POST' })
          .then((answer) => answer.json()).then(({ error }) => console.log(error));
        console.log(require('child_process').execSync('gsac --version').toString().trim());`;
      const argv = ['emulator', 'run', '--', process.execPath, '-e', program];
      const ran = await box.run(argv, { env });
      expect(ran).toMatchObject({ exitCode: 0, stdout: `${version}\nunsupported_grant_type\n` });
    });

    it('checks, verifies and writes reports', async () => {
      const { box, emulator } = await openBox({}, install);
      await box.run(['exchange', await emulator.code()]);
      const report = join(box.folder, 'flow.html');
      const verified = await box.run(['verify', '--report', `html=${report}`, '--json']);
      expect(verified.exitCode).toBe(0);
      expect(readFileSync(report, 'utf8')).toMatch(/^<!doctype html>/i);
      expect((await box.run(['check', '.', '--json'])).exitCode).toBe(0);
      const why = await box.run(['explain', '{"error":"redirect_uri_mismatch"}', '--json']);
      expect(why.exitCode).toBe(0);
    });
  });

  describeWith('keychain', 'the single file, real keychain', () => {
    async function openDesk(): Promise<{ box: Sandbox; native: string }> {
      const service = await startSecretService();
      onTestFinished(() => service.stop());
      const { box, emulator } = await openBox({}, install);
      for (const [name, value] of Object.entries(service.env)) {
        if (/^(DBUS|XDG)_/.test(name) && value !== undefined) box.env[name] = value;
      }
      delete box.env['GSAC_STORE'];
      delete box.env['GSAC_FILE_KEY'];
      await service.start('unlocked');
      const ran = await box.run(['exchange', await emulator.code()]);
      expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
      return { box, native: join(box.home, 'cache/native') };
    }

    it('unpacks keytar for this user only', async () => {
      const { box, native } = await openDesk();
      expect((await box.run(['accounts', '--json'])).json()).toMatchObject({
        accounts: [{ store: 'keychain' }],
      });
      expect(statSync(native).mode & 0o777).toBe(0o700);
      const [name = '', ...others] = readdirSync(native);
      expect(others).toEqual([]);
      const bytes = readFileSync(join(native, name));
      const installed = join(root, `node_modules/keytar/prebuilds/${target}/keytar.node`);
      expect(bytes.equals(readFileSync(installed))).toBe(true);
    });

    it('loads nothing that somebody else has put there', async () => {
      const { box, native } = await openDesk();
      const [name = ''] = readdirSync(native);
      const right = readFileSync(join(native, name));
      writeFileSync(join(native, name), 'not this');
      expect((await box.run(['refresh'])).exitCode).toBe(0);
      expect(readFileSync(join(native, name)).equals(right)).toBe(true);
      // Another user could put a file there at any moment.
      chmodSync(native, 0o777);
      expect((await box.run(['refresh'])).exitCode).toBe(0);
      expect(statSync(native).mode & 0o777).toBe(0o700);
      if (process.geteuid?.() !== 0) return;
      chownSync(native, 65_534, 65_534);
      const refused = await box.run(['refresh', '--json']);
      expect(refused).toMatchObject({ exitCode: 5, stdout: '' });
      expect(refused.error()).toMatchObject({ code: 'store_unavailable' });
      expect(refused.error().message).toContain(native);
    });

    it('unpacks it once, however many begin at the same time', async () => {
      const { box, native } = await openDesk();
      rmSync(native, { recursive: true });
      const all = await Promise.all(Array.from({ length: 6 }, () => box.run(['refresh'])));
      expect(all.map(({ exitCode }) => exitCode)).toEqual(Array(6).fill(0));
      expect(readdirSync(native)).toHaveLength(1);
    });
  });

  describe.runIf(process.geteuid?.() === 0 && spawnSync('dpkg', ['--version']).status === 0)(
    'the Debian package',
    () => {
      const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
      const deb = join(folder, `gsac_${version}_${architecture}.deb`);

      /** dpkg with a system of its own, in which nothing else is installed. */
      function dpkg(system: string, ...args: readonly string[]): void {
        execFileSync('dpkg', [`--root=${system}`, '--force-depends', ...args], { stdio: 'pipe' });
      }

      it('is installed, runs the README’s tour, and is removed without a trace', async () => {
        const system = join(inject('runFolder'), 'debian');
        mkdirSync(join(system, 'var/lib/dpkg/info'), { recursive: true });
        mkdirSync(join(system, 'var/lib/dpkg/updates'));
        writeFileSync(join(system, 'var/lib/dpkg/status'), '');
        const list = () => readdirSync(system, { recursive: true, encoding: 'utf8' });
        dpkg(system, '--install', deb);
        const installed = join(system, 'usr/bin/gsac');
        const box = await createSandbox(async () => ({ tarball: '', prefix: '', bin: installed }));
        await runTour(box, join(box.folder, trial));

        const pages = readdirSync(join(root, 'dist/man')).map((name) => `${name}.gz`);
        expect(list().flatMap((path) => /man\d\/(.+)$/.exec(path)?.[1] ?? [])).toEqual(
          expect.arrayContaining(pages),
        );
        const completion = 'usr/share/bash-completion/completions/gsac';
        expect(readFileSync(join(system, completion), 'utf8')).toContain('complete ');
        const copyright = readFileSync(join(system, 'usr/share/doc/gsac/copyright'), 'utf8');
        for (const title of ['gsac', 'The packages that gsac bundles', 'keytar', 'Node']) {
          expect(copyright).toMatch(new RegExp(`^${title}\n=+$`, 'm'));
        }

        dpkg(system, '--purge', 'gsac');
        expect(list().filter((path) => /^(usr|etc)\//.test(path))).toEqual([]);
      });

      it('declares what it needs, and its files are root’s', () => {
        const field = (name: string) =>
          execFileSync('dpkg-deb', ['--field', deb, name], { encoding: 'utf8' }).trim();
        expect(field('Version')).toBe(version);
        expect(field('Depends')).toContain('libc6 (>= ');
        expect(field('Recommends')).toBe('libsecret-1-0');
        const listed = execFileSync('dpkg-deb', ['--contents', deb], { encoding: 'utf8' });
        for (const line of listed.trim().split('\n')) {
          expect(line).toMatch(/^(drwxr-xr-x|-rw-r--r--|-rwxr-xr-x) root\/root /);
        }
      });
    },
  );

  itWith('Ruby', 'writes a formula that Ruby takes, of this tarball', () => {
    const path = join(folder, 'gsac.rb');
    execFileSync('ruby', ['-c', path], { stdio: 'pipe' });
    const [, url, sum] = /url "(.+)"\n +sha256 "(\w+)"/.exec(readFileSync(path, 'utf8')) ?? [];
    const tarball = `gsac-${version}.tgz`;
    expect(url).toBe(`https://github.com/example/gsac/releases/download/v${version}/${tarball}`);
    expect(readFileSync(join(folder, 'SHA256SUMS'), 'utf8')).toContain(`${sum}  ${tarball}\n`);
  });
});
