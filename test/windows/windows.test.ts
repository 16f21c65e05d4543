import { execFile, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { getNode, nodeIn, targetOf } from '../../.config/packages/node-binaries.js';
import { writeSingleFile } from '../../.config/packages/single-file.js';
import { describeWith, windowsNode, windowsRolldown } from '../support/requires.js';
import { bcryptPrimitives } from './bcrypt-primitives.js';
import { checks } from './checks.js';

const run = promisify(execFile);
/** The checks that the single file goes through, too. */
const smoke = /^(exchanges|many processes|exec hands|no program|UTF-16|odd paths)/;

type Results = Record<string, string | null>;

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * What runs under Wine knows of no shell, browser or display. Wine is right
 * about files, share modes, consoles, batch files and processes; it says nothing of access lists,
 * limits of the Credential Manager and virus scanners.
 */
describeWith('Wine', 'gsac on Windows', () => {
  const prefix = join(inject('runFolder'), 'wine');
  const disk = join(prefix, 'drive_c');
  const installed = join(disk, 'Program Files', 'gsac');
  const env = {
    PATH: process.env['PATH'],
    HOME: prefix,
    WINEPREFIX: prefix,
    WINEDEBUG: '-all',
    WINEDLLOVERRIDES: 'mscoree=;mshtml=;winemenubuilder.exe=',
    TERM: 'xterm-256color',
    // Without it, Wine has no letters beyond ASCII in names of files.
    LANG: 'C.UTF-8',
  };
  const suite = join(disk, 'suite');
  const gsac = 'C:\\Program Files\\gsac\\bin\\gsac.js';
  let results: Results = {};

  /** Runs a program of Windows; what it says goes into a file, since Wine takes no pipes of ours. */
  async function wine(args: readonly string[], more: Record<string, string> = {}): Promise<string> {
    const log = join(prefix, '..', 'wine.log');
    const line = `wine "$@" </dev/null >'${log}' 2>&1`;
    const options = { cwd: disk, env: { ...env, ...more } };
    try {
      await run('sh', ['-c', line, 'sh', ...args], options);
    } catch (thrown) {
      throw new Error(`${args.join(' ')}: ${readFileSync(log, 'utf8')}`, { cause: thrown });
    }
    return readFileSync(log, 'utf8');
  }

  /** What each check found whose name matches. */
  async function runChecks(bin: string, work: string, pattern = /./): Promise<Results> {
    const args = ['C:\\suite\\run-checks.js', bin, `C:\\suite\\${work}`, pattern.source];
    const ended = await wine([windowsNode, ...args]).catch((thrown: unknown) => thrown);
    const written = join(suite, work, 'results.json');
    if (!existsSync(written)) throw ended;
    return JSON.parse(readFileSync(written, 'utf8'));
  }

  beforeAll(async () => {
    mkdirSync(prefix);
    await run('wineboot', ['-i'], { env });
    // Node asks for a Windows that Wine is not by itself.
    await wine(['reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f']);
    const system = join(disk, 'windows/system32');
    if (!readdirSync(system).includes('bcryptprimitives.dll')) {
      writeFileSync(join(system, 'bcryptprimitives.dll'), bcryptPrimitives());
    }
    // What opens a browser is asked to do nothing.
    await wine([
      'reg',
      'add',
      'HKCU\\Software\\Wine\\WineBrowser',
      '/v',
      'Browsers',
      '/d',
      'true',
      '/f',
    ]);
    // Built there, as people have it from a clone.
    mkdirSync(installed, { recursive: true });
    for (const name of ['.config', 'bin', 'src', 'package.json', 'LICENSE']) {
      cpSync(join(root, name), join(installed, name), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
    await wine([windowsNode, 'C:\\Program Files\\gsac\\.config\\build.js'], {
      NAPI_RS_NATIVE_LIBRARY_PATH: `Z:${windowsRolldown}`,
    });
    mkdirSync(suite);
    writeFileSync(join(suite, 'package.json'), '{"type":"module"}');
    for (const name of ['checks.js', 'run-checks.js']) {
      cpSync(join(root, 'test/windows', name), join(suite, name));
    }
    results = await runChecks(gsac, 'work');
  }, 300_000);

  afterAll(async () => {
    await run('wineserver', ['-k'], { env }).catch(() => undefined);
  });

  it('is built there in as many pieces as elsewhere', () => {
    const piecesIn = (folder: string) => readdirSync(join(folder, 'dist/chunks')).sort();
    expect(piecesIn(installed)).toEqual(piecesIn(root));
  });

  it.each(Object.keys(checks))('%s', (name) => {
    expect(results[name]).toBeNull();
  });

  it('does its main job as a single file, too', async () => {
    // Made of a Node that Wine runs, which a release is not; all else is the same.
    const version = (await wine([windowsNode, '--version'])).trim().slice(1);
    const generator =
      version === process.versions.node
        ? process.execPath
        : nodeIn(getNode(targetOf(process.platform, process.arch), version));
    const path = join(disk, 'Program Files', 'gsac.exe');
    await writeSingleFile({ target: 'win-x64', node: windowsNode, generator, path });
    const found = await runChecks('C:\\Program Files\\gsac.exe', 'single', smoke);
    expect(Object.keys(found).length).toBeGreaterThan(5);
    expect(Object.values(found)).toEqual(Object.keys(found).map(() => null));
  }, 300_000);

  it('writes Unicode to a console', async () => {
    const command = `stty cols 80 rows 24; wine '${windowsNode}' '${gsac}' exec --help`;
    const ran = await run('script', ['-qefc', command, '/dev/null'], {
      cwd: disk,
      env: { ...env, SHELL: '/bin/sh' },
    });
    expect(ran.stdout).toContain('gsac’s');
  });

  it('leaves Ctrl-C to the command, and waits for it', async () => {
    const heard = join(disk, 'heard.txt');
    const script = `
      const tell = (what) => require('fs').appendFileSync('C:/heard.txt', what);
      process.on('SIGINT', () => {
        tell('SIGINT, ');
        setTimeout(() => { tell('done'); process.exit(9); }, 500);
      });
      setInterval(() => {}, 1000);
      console.log('it listens');`;
    writeFileSync(join(disk, 'hears.cjs'), script);
    // The console is that of the output: standard input is none, as in many a script.
    const call = `wine '${windowsNode}' '${gsac}' emulator run -- 'Z:${windowsNode}' 'C:\\hears.cjs'`;
    const line = `trap : INT; ${call} </dev/null; echo "it ended with $?"`;
    const child = spawn('script', ['-qefc', line, '/dev/null'], {
      cwd: disk,
      env: { ...env, SHELL: '/bin/sh', GSAC_HOME: 'C:\\home', GSAC_STORE: 'file' },
    });
    let said = '';
    let isSent = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (!isSent && said.includes('it listens')) isSent = child.stdin.write('\x03');
    });
    await new Promise((resolve) => child.once('close', resolve));
    expect(readFileSync(heard, 'utf8')).toBe('SIGINT, done');
    expect(said).toContain('it ended with 9');
  });
});
