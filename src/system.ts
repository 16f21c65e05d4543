import type { ChildProcess } from 'node:child_process';
import { fstatSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { addAbortSignal } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Keytar } from './accounts/stores/keychain.js';
import type { StuckStore } from './accounts/stores/keychain-exit.js';
import type { System } from './cli/system.js';
import { decodeText } from './core/decode-text.js';
import { GsacError, systemCodeOf } from './core/errors.js';
import { orCancelled } from './core/promises.js';
import type { Connect } from './google/connect.js';
import type { JobControl, PromptInput } from './terminal/ask.js';
import { createOutlet, type Io, type Outlet, OutputClosed } from './terminal/io.js';

/** The world with what only the composition root asks of it. */
export interface ProcessSystem extends System {
  /** A text that the build has rendered, by its path below `dist/`; undefined if there is no build. */
  renderedHelp?(path: string): string | undefined;
  /** Performs requests; loaded with the first of them. */
  connect(): Promise<Connect>;
  /** The streams that a prompt talks through. */
  promptInput(): PromptInput;
  promptOutput(): NodeJS.WritableStream;
  /** Undefined if the platform has no jobs. */
  readonly jobControl?: JobControl | undefined;
  /** Loads keytar; undefined for the one that is installed. */
  readonly loadKeytar?: (() => Promise<Keytar>) | undefined;
  /** Called last: a process that was cancelled ends, whatever still waits for somebody. */
  finish(exitCode: number): Promise<void>;
  /** Ends the process although a native call is stuck. Only for a real process. */
  endStuckProcess(exitCode: number, store: StuckStore): Promise<void>;
}

/** gsac as a single file, whose parts lie inside it and not beside it. */
export interface SingleFile {
  /** Its own path. */
  readonly path: string;
  /** One of its parts by its path from `dist/`; undefined if there is none. */
  readonly read: (path: string) => string | undefined;
  /** keytar's native part. */
  keytar(): Uint8Array;
}

/** What ends every command but those that run another program. A closed terminal sends HUP, Windows BREAK. */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const;
/** How long after the person has cancelled a reader may still take what was written. */
const graceMs = 500;

/** The real world. Cheap to make: what costs time is built when first asked for. */
export function systemDeps(singleFile?: SingleFile): ProcessSystem {
  const read = singleFile?.read ?? readPackaged;
  let controller: AbortController | undefined;
  let isPassedOn = false;
  const stderr = createOutlet(2, () => process.stderr, process.platform);
  const cancel = (name: NodeJS.Signals) => {
    if (isPassedOn) return;
    // A second Ctrl-C ends the process at once, whatever it is doing. Only then is this taken
    // away: proper-lockfile brings a listener that ends the process where it is the only one.
    if (controller?.signal.aborted) {
      process.off(name, cancel);
      process.kill(process.pid, name);
    }
    controller?.abort();
  };
  const signal = () => {
    if (controller === undefined) {
      controller = new AbortController();
      for (const name of endings) process.on(name, cancel);
    }
    return controller.signal;
  };
  return {
    env: process.env,
    platform: process.platform,
    pid: process.pid,
    get userId() {
      return process.geteuid?.();
    },
    ownsProcess: true,
    program: singleFile?.path ?? process.argv[1],
    get version() {
      return readVersion(read('../package.json'));
    },
    nodeVersion: process.versions.node,
    io: processIo(signal, stderr),
    renderedHelp: read,
    get homeDirectory() {
      return homedir();
    },
    get tmpDirectory() {
      return tmpdir();
    },
    now: Date.now,
    get signal() {
      return signal();
    },
    onSignal(names, listener) {
      isPassedOn = true;
      for (const name of names) process.on(name, listener);
      return () => {
        isPassedOn = false;
        for (const name of names) process.off(name, listener);
      };
    },
    async closeToOthers() {
      if (process.platform !== 'win32') return undefined;
      return (await import('./files/access-list.js')).createCloseToOthers(process.env);
    },
    umask: () => process.umask(),
    connect: async () => (await import('./google/connect.js')).createConnect(process.env),
    pause: (milliseconds) => delay(milliseconds, undefined, { signal: signal() }),
    launch,
    loadKeytar: singleFile && (() => loadPackedKeytar(singleFile)),
    promptInput: () => process.stdin,
    promptOutput: () => process.stderr,
    jobControl: process.platform === 'win32' ? undefined : jobControl,
    async finish(exitCode) {
      // Nobody listens any more: what is still to be taken by a reader must not outlive a signal.
      for (const name of endings) process.off(name, cancel);
      if (controller?.signal.aborted !== true) return;
      await Promise.race([stderr.flushed(), delay(graceMs)]);
      const { endBusyProcess } = await import('./accounts/stores/keychain-exit.js');
      // An ordinary exit would wait for a thread that opens a pipe or looks up a name; what is merely
      // being closed is done in a moment.
      const isBusy = () =>
        process.getActiveResourcesInfo().some((kind) => /^(FSReq|GetAddr)/.test(kind));
      for (let left = 20; left > 0 && isBusy(); left -= 1) await delay(20);
      if (isBusy()) await endBusyProcess(exitCode, process);
      process.exit(exitCode);
    },
    async endStuckProcess(exitCode, store) {
      const { endStuckProcess } = await import('./accounts/stores/keychain-exit.js');
      await endStuckProcess(exitCode, store, process);
    },
  };
}

/** The whole job: what has started gsac, as npx does, would else keep the terminal. */
const jobControl: JobControl = {
  stop: () => void process.kill(0, 'SIGTSTP'),
  onContinue(listener) {
    process.on('SIGCONT', listener);
    return () => void process.off('SIGCONT', listener);
  },
};

/**
 * An opener that works is done at once, or stays as long as the browser: both are taken for good, so
 * this waits for a failure only as long as nobody notices. It is given none of gsac's own secrets.
 */
async function launch(file: string, args: readonly string[]): Promise<boolean> {
  const [{ spawn }, { withoutOwnSecrets }, { findCommand }] = await Promise.all([
    import('node:child_process'),
    import('./core/own-secrets.js'),
    import('./files/find-program.js'),
  ]);
  const env = withoutOwnSecrets(process.env);
  const program = findCommand(file, { platform: process.platform, env });
  if (program === undefined) return false;
  let child: ChildProcess;
  try {
    child = spawn(program, args, { stdio: 'ignore', detached: true, env });
  } catch {
    // Some of what keeps a program from being started is thrown, and not told later.
    return false;
  }
  child.unref();
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), 500);
    const end = (isGood: boolean) => {
      clearTimeout(timer);
      resolve(isGood);
    };
    child.once('error', () => end(false));
    child.once('exit', (exitCode) => end(exitCode === 0));
  });
}

/** keytar from the single file; on Windows its folder closes it to others wherever GSAC_HOME is. */
async function loadPackedKeytar(singleFile: SingleFile): Promise<Keytar> {
  const [{ loadPackedKeytar: load }, { toPaths }] = await Promise.all([
    import('./accounts/stores/packed-keytar.js'),
    import('./files/own-folders.js'),
  ]);
  const home = process.platform === 'win32' ? undefined : process.env['GSAC_HOME'];
  const folder = resolve(toPaths(home).cache, 'native');
  return load(singleFile.keytar(), { folder, userId: process.geteuid?.() });
}

function readVersion(text: string | undefined): string {
  const manifest: unknown = JSON.parse(text ?? 'null');
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}

/** A file of the package by its path from `dist/`, where the build puts this one. */
function readPackaged(path: string): string | undefined {
  try {
    return readFileSync(new URL(path, import.meta.url), 'utf8');
  } catch {
    return undefined;
  }
}

function processIo(signal: () => AbortSignal, stderr: Outlet): Io {
  const stdout = createOutlet(1, () => process.stdout, process.platform);
  return {
    get stdinIsTty() {
      return canBeTerminal(0) && process.stdin.isTTY === true;
    },
    get stdoutIsTty() {
      return canBeTerminal(1) && process.stdout.isTTY === true;
    },
    get stderrIsTty() {
      return canBeTerminal(2) && process.stderr.isTTY === true;
    },
    get columns() {
      // A terminal whose size nobody has set, as in some containers and CI jobs, says 0.
      return (canBeTerminal(1) && process.stdout.isTTY && process.stdout.columns) || 80;
    },
    get stderrColumns() {
      return (canBeTerminal(2) && process.stderr.isTTY && process.stderr.columns) || undefined;
    },
    get stdoutIsOpenFile() {
      return isOpenFile(1);
    },
    async readStdin(maxBytes) {
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of addAbortSignal(signal(), process.stdin)) {
        const bytes = Buffer.from(chunk);
        size += bytes.length;
        if (size > maxBytes) {
          throw new GsacError('usage', `Standard input is longer than ${maxBytes} bytes.`, {
            hint: 'Is the right file being piped in?',
          });
        }
        chunks.push(bytes);
      }
      return decodeText(Buffer.concat(chunks));
    },
    streamStdin: () => addAbortSignal(signal(), process.stdin),
    async writeStdout(output) {
      try {
        const waiting = stdout.write(typeof output === 'string' ? Buffer.from(output) : output);
        if (waiting !== undefined) await orCancelled(waiting, signal(), graceMs);
      } catch (thrown) {
        throw toOutputError(thrown);
      }
    },
    writeStderr(text) {
      try {
        // Nobody can be told that stderr is closed.
        stderr.write(Buffer.from(text))?.catch(() => undefined);
      } catch {
        // As above.
      }
    },
  };
}

/**
 * False for what is surely no terminal. Asked first, since Node's own stream for a pipe or a file
 * loads a dozen modules before it can say so.
 */
function canBeTerminal(descriptor: number): boolean {
  try {
    const opened = fstatSync(descriptor);
    return !opened.isFile() && !opened.isFIFO() && !opened.isSocket();
  } catch {
    return true;
  }
}

/** Whether it is a file that others may read, as far as its mode tells: Windows makes one up (0666). */
function isOpenFile(descriptor: number): boolean {
  const opened = fstatSync(descriptor);
  return opened.isFile() && (opened.mode & 0o077) !== 0;
}

function toOutputError(thrown: unknown): Error {
  if (thrown instanceof GsacError) return thrown;
  if (systemCodeOf(thrown) === 'EPIPE') return new OutputClosed();
  return new GsacError('output_failed', 'The output cannot be written.', {
    hint: 'Is the disk full, or the output closed?',
    details: { system_code: systemCodeOf(thrown) ?? null },
  });
}
