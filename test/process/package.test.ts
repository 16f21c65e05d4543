import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { describe, expect, it } from 'vitest';
import { createSandbox, installGsac, openBox, pathOfThisNode } from '../support/process.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const env = { ...process.env, PATH: pathOfThisNode() };

describe('the package', () => {
  it('is small and holds what it should', async () => {
    const { tarball } = await installGsac();
    const { size } = statSync(tarball);
    expect(size).toBeLessThan(1_000_000);

    const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map((path) => path.replace(/^package\//, ''));
    for (const needed of [
      'package.json',
      'LICENSE',
      'bin/gsac.js',
      'dist/main.cjs',
      'dist/emulator.cjs',
      'dist/emulator.d.cts',
      'dist/THIRD-PARTY-LICENSES.txt',
    ]) {
      expect(files).toContain(needed);
    }
    const expected =
      /^(package\.json|LICENSE|README\.md|bin\/.*|dist\/((main|emulator)\.cjs|emulator\.d\.cts|chunks\/.*\.cjs|help\.txt|help\/(names|[\w-]+\.txt)|man\/gsac[\w-]*\.[17]|THIRD-PARTY-LICENSES\.txt))$/;
    expect(files.filter((path) => !expected.test(path))).toEqual([]);
  });

  it('has publint nothing to say', async () => {
    const { tarball } = await installGsac();
    const bytes = readFileSync(tarball);
    const { messages, pkg } = await publint({
      pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) },
      level: 'suggestion',
      strict: true,
    });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it('brings keytar and what keytar needs, nothing else', async () => {
    const { prefix } = await installGsac();
    const listed = execFileSync('npm', ['ls', '--all', '--json'], {
      cwd: prefix,
      env,
      encoding: 'utf8',
    });
    const { dependencies } = JSON.parse(listed) as {
      dependencies: Record<string, { dependencies?: Record<string, unknown> }>;
    };
    expect(Object.keys(dependencies)).toEqual(['gsac']);
    expect(Object.keys(dependencies['gsac']?.dependencies ?? {})).toEqual(['keytar']);
    // Nothing that the tree does not account for lies in the folder either.
    const keytar = JSON.parse(
      readFileSync(join(prefix, 'node_modules/keytar/package.json'), 'utf8'),
    ) as { dependencies?: Record<string, string> };
    const lock = JSON.parse(
      readFileSync(join(prefix, 'node_modules/.package-lock.json'), 'utf8'),
    ) as { packages: Record<string, unknown> };
    const installed = Object.keys(lock.packages).map((path) => path.replace('node_modules/', ''));
    const needed = ['gsac', 'keytar', ...Object.keys(keytar.dependencies ?? {})];
    expect(installed.sort()).toEqual(needed.sort());
  });

  it('carries the licence of every package that is bundled', async () => {
    const { prefix } = await installGsac();
    const text = readFileSync(
      join(prefix, 'node_modules/gsac/dist/THIRD-PARTY-LICENSES.txt'),
      'utf8',
    );
    for (const name of ['commander', 'chalk', 'yaml', 'hono', 'proper-lockfile', 'password']) {
      expect(text).toMatch(new RegExp(`^(@[\\w-]+/)?${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
    }
  });

  // npm 11 refuses `npm ci` otherwise, and `npm install` behind a registry that lacks some of them
  // leaves them out.
  it('has every system’s packages in its lock file', () => {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version?: string; optionalDependencies?: Record<string, string> }>;
    };
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.entries(optionalDependencies)
        .filter(([, wanted]) => /^\d+\.\d+\.\d+$/.test(wanted))
        .filter(([name, wanted]) =>
          foldersAbove(path).every(
            (folder) => packages[`${folder}node_modules/${name}`]?.version !== wanted,
          ),
        )
        .map(([name, wanted]) => `${name}@${wanted}`),
    );
    expect(missing).toEqual([]);
  });

  it('runs as a command', async () => {
    const box = await createSandbox();
    const { version } = JSON.parse(
      readFileSync(join(box.gsac.prefix, 'node_modules/gsac/package.json'), 'utf8'),
    ) as { version: string };
    expect(await box.run(['--version'])).toMatchObject({ exitCode: 0, stdout: `${version}\n` });
    expect(await box.shell('gsac --version')).toMatchObject({ stdout: `${version}\n` });
    const help = await box.run(['--help']);
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toContain('Usage: gsac');
    expect(await box.run(['no-such-command'])).toMatchObject({ exitCode: 2, stdout: '' });
  });

  it('loads no more of itself than a call needs', async () => {
    const { box, emulator } = await openBox();
    expect((await box.run(['exchange', await emulator.code()])).exitCode).toBe(0);
    const report = join(box.folder, 'report.cjs');
    writeFileSync(
      report,
      `process.on('exit', () => {
        const chunks = Object.keys(require.cache).filter((path) => /[\\\\/]dist[\\\\/]/.test(path));
        const own = chunks.map((path) => require('path').basename(path, '.cjs'));
        const node = process.moduleLoadList.filter((name) => /^NativeModule (https?|tls|net|dns)$/.test(name));
        require('fs').writeSync(2, JSON.stringify([...own, ...node].sort()));
      });`,
    );
    const loads = async (...argv: string[]) => {
      const ran = await box.run(argv, { env: { NODE_OPTIONS: `--require=${report}` } });
      expect(ran.exitCode).toBe(0);
      return JSON.parse(ran.stderr) as string[];
    };
    const always = ['base', 'main', 'rolldown-runtime'];
    expect(await loads('--version')).toEqual(always);
    expect(await loads('token')).toEqual([...always, 'token'].sort());
    expect(await loads('accounts', 'list', '--json')).toEqual(
      [...always, 'token', 'commander', 'commands', 'domain'].sort(),
    );
  });

  it('does without keytar where it has no use for it', async () => {
    const box = await createSandbox();
    // As on a system that keytar does not support: npm leaves an optional dependency out.
    const env = { NODE_OPTIONS: `--require=${join(box.folder, 'no-keytar.cjs')}` };
    await box.shell(
      `printf '%s' "const m=require('module'),r=m._resolveFilename;m._resolveFilename=function(n,...a){if(n==='keytar')throw Object.assign(new Error('gone'),{code:'MODULE_NOT_FOUND'});return r.call(this,n,...a)}" > no-keytar.cjs`,
    );
    expect((await box.run(['accounts', '--json'], { env })).exitCode).toBe(0);
    const keychain = await box.run(['exchange', '4/abcdefghij', '--json'], {
      env: {
        ...env,
        GSAC_STORE: 'keychain',
        GSAC_CLIENT_ID: '1-a.apps.googleusercontent.com',
        GSAC_CLIENT_SECRET: 'GOCSPX-aaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      },
    });
    expect(keychain).toMatchObject({ exitCode: 5, stdout: '' });
    expect(keychain.error()).toMatchObject({ code: 'store_unavailable' });
  });

  it('loads diagnosis only for errors that it could be about', async () => {
    const box = await createSandbox();
    await box.shell(
      `printf '%s' "process.on('exit',()=>{const k=Object.keys(require.cache);require('fs').writeFileSync(process.env.LOADED,k.join('\\n'))})" > loaded.cjs`,
    );
    const env = {
      NODE_OPTIONS: `--require=${join(box.folder, 'loaded.cjs')}`,
      LOADED: join(box.folder, 'loaded.txt'),
    };
    const loads = async (...argv: string[]) => {
      await box.run(argv, { env });
      const loaded = readFileSync(env.LOADED, 'utf8');
      expect(loaded).toMatch(/dist\/main\.cjs/);
      return /diagnosis\.cjs/.test(loaded);
    };
    expect(await loads('accounts', 'list', '--json')).toBe(false);
    expect(await loads('accounts', 'no-such-command')).toBe(false);
    // A client without its secret is refused: one of the rules' causes.
    const client = ['--client-id', '1-a.apps.googleusercontent.com'];
    expect(await loads('exchange', '4/abcdefghij', ...client, '--no-input')).toBe(true);
  });
});

/** The places where Node looks for what a package in a lock file needs, each with its slash. */
function foldersAbove(path: string): string[] {
  const parts = path.split('/node_modules/');
  return [...parts.map((_part, at) => `${parts.slice(0, at + 1).join('/node_modules/')}/`), ''];
}
