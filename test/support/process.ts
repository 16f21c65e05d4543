import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inject, onTestFinished } from 'vitest';
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator/app.js';
import { serveEmulator } from '../../src/emulator/serve.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** gsac as its users have it: packed, then installed by npm into a folder of its own. */
export interface InstalledGsac {
  /** The packed tarball. */
  tarball: string;
  /** The folder that it was installed into. */
  prefix: string;
  /** What npm linked as the command. */
  bin: string;
}

/**
 * Packs and installs gsac, once per run of the tests: whichever test file asks first does it, the
 * others wait for it.
 */
export async function installGsac(): Promise<InstalledGsac> {
  const folder = inject('runFolder');
  const done = join(folder, 'installed.json');
  const failed = join(folder, 'failed.txt');
  if (isFirst(join(folder, 'installing'))) {
    try {
      const installed = await packAndInstall(folder);
      writeFileSync(`${done}.part`, JSON.stringify(installed));
      await run('mv', [`${done}.part`, done]);
    } catch (thrown) {
      writeFileSync(failed, String(thrown));
      throw thrown;
    }
  }
  await until('gsac is installed', () => existsSync(done) || existsSync(failed), 180_000);
  if (existsSync(failed)) throw new Error(`gsac was not installed: ${readFileSync(failed)}`);
  return JSON.parse(readFileSync(done, 'utf8')) as InstalledGsac;
}

/** Whether no other process was here before; a folder is made by exactly one. */
function isFirst(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch {
    return false;
  }
}

async function packAndInstall(folder: string): Promise<InstalledGsac> {
  const env = { ...process.env, PATH: pathOfThisNode() };
  // Without `prepare`, which would build below the feet of whoever works in this folder.
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await run('npm', pack, { cwd: root, env });
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  const tarball = join(folder, packed?.filename ?? '');
  const prefix = join(folder, 'installed');
  mkdirSync(prefix);
  writeFileSync(join(prefix, 'package.json'), '{"private":true}\n');
  await run('npm', ['install', '--no-audit', '--no-fund', tarball], { cwd: prefix, env });
  return { tarball, prefix, bin: join(prefix, 'node_modules/.bin/gsac') };
}

/** A search path on which `node` is the one that runs the tests. */
export function pathOfThisNode(): string {
  return `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`;
}

/** How one process of gsac is started. */
export interface GsacOptions {
  /** Beside the sandbox's own; undefined takes a variable away. */
  env?: Record<string, string | undefined>;
  /** What is on standard input; nothing without. */
  stdin?: string;
  cwd?: string;
  /** After how many milliseconds it is killed, and the call fails; 60 s. */
  timeoutMs?: number;
  /** Runs it as this user. */
  uid?: number;
  /** Called with the process once it is started. */
  onStart?: (child: ChildProcess) => void;
}

/** How a process ended and what it said. */
export interface Finished {
  stdout: string;
  stderr: string;
  exitCode: number | null;
  signal: string | null;
  /** stdout as JSON. */
  json<T = Record<string, unknown>>(): T;
  /** The error document, which is the last line on stderr. */
  error(): { code: string; message: string; hint: string | null } & Record<string, unknown>;
}

/** A home folder of its own and the environment of a process that knows nothing else. */
export interface Sandbox {
  /** Holds everything below; also the current folder of the processes. */
  readonly folder: string;
  /** GSAC_HOME. */
  readonly home: string;
  /** TMPDIR. */
  readonly tmp: string;
  /** The whole environment of the processes; to be added to. */
  readonly env: Record<string, string>;
  readonly gsac: InstalledGsac;
  run(argv: readonly string[], options?: GsacOptions): Promise<Finished>;
  /** A line for `sh`, in which `gsac` is the command. */
  shell(line: string, options?: GsacOptions): Promise<Finished>;
  /** Any program in the same surroundings. */
  spawn(file: string, args: readonly string[], options?: GsacOptions): Promise<Finished>;
}

/** The key of every sandbox's file store. */
export const fileKey = Buffer.alloc(32, 9).toString('base64');

/**
 * Makes a sandbox with the file store, removed when the test has finished. Nothing of the
 * environment of the tests is in it: no bus, no proxy, no setting of gsac.
 *
 * @param install what provides the gsac that is run; npm unless told.
 */
export async function createSandbox(install = installGsac): Promise<Sandbox> {
  const gsac = await install();
  const folder = mkdtempSync(join(tmpdir(), 'gsac-box-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const paths = { home: join(folder, 'gsac'), tmp: join(folder, 'tmp') };
  const userHome = join(folder, 'user');
  for (const path of [paths.tmp, userHome]) mkdirSync(path);
  const env = {
    PATH: `${dirname(gsac.bin)}${delimiter}${pathOfThisNode()}`,
    HOME: userHome,
    TMPDIR: paths.tmp,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    GSAC_HOME: paths.home,
    GSAC_STORE: 'file',
    GSAC_FILE_KEY: fileKey,
  };
  const sandbox: Sandbox = {
    folder,
    ...paths,
    env,
    gsac,
    run: (argv, options = {}) => sandbox.spawn(gsac.bin, argv, options),
    shell: (line, options = {}) => sandbox.spawn('sh', ['-c', line], options),
    spawn(file, args, options = {}) {
      const { env: more = {}, cwd = folder, uid } = options;
      const given: SpawnOptions = {
        cwd,
        env: { ...env, ...more },
        ...(uid === undefined ? {} : { uid }),
      };
      return finish(spawn(file, args, { ...given, stdio: 'pipe' }), options);
    },
  };
  return sandbox;
}

function finish(child: ChildProcess, options: GsacOptions): Promise<Finished> {
  const { stdin = '', timeoutMs = 60_000 } = options;
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // It may end without having read.
  child.stdin?.on('error', () => {});
  child.stdin?.end(stdin);
  options.onStart?.(child);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`not done after ${timeoutMs} ms: ${stdout}${stderr}`));
    }, timeoutMs);
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      clearTimeout(timer);
      resolve({
        stdout,
        stderr,
        exitCode,
        signal,
        json: () => JSON.parse(stdout),
        error: () => JSON.parse(stderr.trim().split('\n').at(-1) ?? '').error,
      });
    });
  });
}

/** An emulator that a sandbox points at. */
export interface BoxEmulator {
  readonly origin: string;
  readonly clientFile: string;
  /** How many requests of a path were answered. */
  count(path: string): Promise<number>;
  /** Makes something go wrong; see `GET /_emulator/faults`. */
  inject(fault: { name: string } & Record<string, unknown>): Promise<void>;
  /** Waits until every injected fault has hit, which a request does when it arrives. */
  hit(): Promise<void>;
  /** Mends everything. */
  mend(): Promise<void>;
  /** A code as the phone gets it. */
  code(request?: Record<string, unknown>): Promise<string>;
  /** Ends it; a second time does nothing. */
  stop(): Promise<unknown>;
}

/** A running `gsac emulator start`. */
export interface RunningEmulator extends BoxEmulator {
  readonly pid: number;
  /** The address of its page for other machines; only with --host. */
  readonly page: string | undefined;
  /** Asks it to end and says how it did. */
  stop(signal?: NodeJS.Signals): Promise<Finished>;
}

/** Starts an emulator in a sandbox and points the sandbox at it; it ends with the test. */
export async function startEmulator(
  sandbox: Sandbox,
  args: readonly string[] = [],
): Promise<RunningEmulator> {
  const clientFile = join(sandbox.folder, 'client_secret.json');
  let child: ChildProcess | undefined;
  let first = '';
  const ended = sandbox.run(
    ['emulator', 'start', '--json', '--port', '0', '--client-out', clientFile, ...args],
    {
      timeoutMs: 300_000,
      onStart(started) {
        child = started;
        started.stdout?.on('data', (text: string) => {
          first += text;
        });
      },
    },
  );
  let gone = false;
  void ended.finally(() => {
    gone = true;
  });
  onTestFinished(async () => {
    child?.kill('SIGTERM');
    await ended;
  });
  await until('the emulator says where it is', () => first.includes('\n') || gone);
  const { origin, pid, page } = JSON.parse(first) as Pick<
    RunningEmulator,
    'origin' | 'pid' | 'page'
  >;
  return {
    ...pointAt(sandbox, origin, clientFile),
    pid,
    page,
    stop(signal = 'SIGTERM') {
      child?.kill(signal);
      return ended;
    },
  };
}

/** Points a sandbox at an emulator, which is spoken to over HTTP. */
function pointAt(sandbox: Sandbox, origin: string, clientFile: string): Omit<BoxEmulator, 'stop'> {
  sandbox.env['GSAC_CLIENT'] = clientFile;
  async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${origin}/_emulator${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return response.json();
  }
  return {
    origin,
    clientFile,
    async count(path) {
      const { count } = (await ask('GET', `/requests?path=${path}`)) as { count: number };
      return count;
    },
    inject: async (fault) => void (await ask('POST', '/faults', fault)),
    hit: () =>
      until('the request has arrived', async () => {
        const { active } = (await ask('GET', '/faults')) as { active: unknown[] };
        return active.length === 0;
      }),
    mend: async () => void (await ask('DELETE', '/faults')),
    code: async (request = {}) =>
      ((await ask('POST', '/sign-in', request)) as { code: string }).code,
  };
}

/** Serves an emulator of this process to a sandbox; it ends with the test. */
export async function serveTo(box: Sandbox, emulator: Emulator): Promise<BoxEmulator> {
  const served = await serveEmulator(emulator);
  onTestFinished(() => served.close());
  const clientFile = join(box.folder, 'client_secret.json');
  writeFileSync(clientFile, JSON.stringify(emulator.clientFile()), { mode: 0o600 });
  return { ...pointAt(box, served.origin, clientFile), stop: () => served.close() };
}

/** A sandbox and an emulator that it points at, which runs in this process. */
export async function openBox(
  options: EmulatorOptions = {},
  install = installGsac,
): Promise<{ box: Sandbox; emulator: BoxEmulator }> {
  const box = await createSandbox(install);
  return { box, emulator: await serveTo(box, createEmulator(options)) };
}

/** The same with an account that has signed in and exchanged its code. */
export async function openSignedIn(
  options: EmulatorOptions = {},
): Promise<{ box: Sandbox; emulator: BoxEmulator }> {
  const opened = await openBox(options);
  const ran = await opened.box.run(['exchange', await opened.emulator.code()]);
  if (ran.exitCode !== 0) throw new Error(ran.stderr);
  return opened;
}

/** Looks again until something is so; fails after `timeoutMs`. */
export async function until(
  what: string | (() => string),
  isSo: () => boolean | Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) {
      const text = typeof what === 'string' ? what : what();
      throw new Error(`waited ${timeoutMs} ms in vain until ${text}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
