import type { ChildProcess } from 'node:child_process';
import { fstatSync, readFileSync, write, writeSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { addAbortSignal } from 'node:stream';
import { promisify } from 'node:util';
import type { Keytar } from './accounts/stores/keychain.js';
import type { StuckStore } from './accounts/stores/keychain-exit.js';
import type { System } from './cli/system.js';
import { GsacError, systemCodeOf } from './core/errors.js';
import type { Fetch } from './google/http.js';
import { type Io, OutputClosed } from './terminal/io.js';

/** The world with what only the composition root asks of it. */
export interface ProcessSystem extends System {
  /** A text that the build has rendered, by its path below `dist/`; undefined if there is no build. */
  renderedHelp?(path: string): string | undefined;
  /** Performs requests; loaded with the first of them. */
  fetch(): Promise<Fetch>;
  /** The streams that a prompt talks through. */
  promptInput(): NodeJS.ReadableStream;
  promptOutput(): NodeJS.WritableStream;
  /** Loads keytar; undefined for the one that is installed. */
  readonly loadKeytar?: (() => Promise<Keytar>) | undefined;
  /** Ends the process although a native call is stuck. Only for a real process. */
  endStuckProcess(exitCode: number, store: StuckStore): Promise<void>;
}

/** The real world. Cheap to make: what costs time is built when first asked for. */
export function systemDeps(): ProcessSystem {
  let controller: AbortController | undefined;
  let isPassedOn = false;
  return {
    env: process.env,
    platform: process.platform,
    pid: process.pid,
    get userId() {
      return process.geteuid?.();
    },
    ownsProcess: true,
    get version() {
      return readVersion();
    },
    nodeVersion: process.versions.node,
    io: processIo(),
    renderedHelp: readRenderedHelp,
    get homeDirectory() {
      return homedir();
    },
    get tmpDirectory() {
      return tmpdir();
    },
    now: Date.now,
    get signal() {
      if (controller === undefined) {
        const abort = new AbortController();
        const cancel = (name: NodeJS.Signals) => {
          if (isPassedOn) return;
          // A second Ctrl-C ends the process at once, whatever it is doing. Only then is this taken
          // away: proper-lockfile brings a listener that ends the process where it is the only one.
          if (abort.signal.aborted) {
            process.off(name, cancel);
            process.kill(process.pid, name);
          }
          abort.abort();
        };
        process.on('SIGINT', cancel);
        process.on('SIGTERM', cancel);
        controller = abort;
      }
      return controller.signal;
    },
    onSignal(names, listener) {
      isPassedOn = true;
      for (const name of names) process.on(name, listener);
      return () => {
        isPassedOn = false;
        for (const name of names) process.off(name, listener);
      };
    },
    umask: () => process.umask(),
    fetch: async () => (await import('./google/node-fetch.js')).createNodeFetch(),
    launch,
    promptInput: () => process.stdin,
    promptOutput: () => process.stderr,
    async endStuckProcess(exitCode, store) {
      const { endStuckProcess } = await import('./accounts/stores/keychain-exit.js');
      await endStuckProcess(exitCode, store, process);
    },
  };
}

/**
 * An opener that works is done at once, or stays as long as the browser: both are taken for good, so
 * this waits for a failure only as long as nobody notices. It is given none of gsac's own secrets.
 */
async function launch(file: string, args: readonly string[]): Promise<boolean> {
  const [{ spawn }, { withoutOwnSecrets }] = await Promise.all([
    import('node:child_process'),
    import('./core/own-secrets.js'),
  ]);
  const env = withoutOwnSecrets(process.env);
  let child: ChildProcess;
  try {
    child = spawn(file, args, { stdio: 'ignore', detached: true, env });
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

function readVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}

function readRenderedHelp(path: string): string | undefined {
  try {
    return readFileSync(new URL(path, import.meta.url), 'utf8');
  } catch {
    return undefined;
  }
}

function processIo(): Io {
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
    get stdoutIsOpenFile() {
      return isOpenFile(1);
    },
    async readStdin(maxBytes) {
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of process.stdin) {
        const bytes = Buffer.from(chunk);
        size += bytes.length;
        if (size > maxBytes) {
          throw new GsacError('usage', `Standard input is longer than ${maxBytes} bytes.`, {
            hint: 'Is the right file being piped in?',
          });
        }
        chunks.push(bytes);
      }
      return Buffer.concat(chunks).toString('utf8');
    },
    streamStdin: (signal) => addAbortSignal(signal, process.stdin),
    writeStdout: writeOut,
    streamStdout: streamOut,
    writeStderr: createStderr(),
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

/** Whether it is a file that others may read. Windows says nothing about that in a file's mode. */
function isOpenFile(descriptor: number): boolean {
  const opened = fstatSync(descriptor);
  return process.platform !== 'win32' && opened.isFile() && (opened.mode & 0o077) !== 0;
}

/**
 * Writes through the file descriptor: `process.stdout` of a pipe loads Node's whole net module,
 * which is a good part of a short command's time.
 */
async function writeOut(text: string): Promise<void> {
  try {
    const left = writeAll(1, text);
    if (left !== undefined) await writeStream(left);
  } catch (thrown) {
    throw toOutputError(thrown);
  }
}

function toOutputError(thrown: unknown): Error {
  if (systemCodeOf(thrown) === 'EPIPE') return new OutputClosed();
  return new GsacError('output_failed', 'The output cannot be written.', {
    hint: 'Is the disk full, or the output closed?',
    details: { system_code: systemCodeOf(thrown) ?? null },
  });
}

/** Writes bytes beside the main thread, which a reader that takes its time must not hold. */
async function streamOut(bytes: Uint8Array): Promise<void> {
  try {
    for (let at = 0; at < bytes.length; ) {
      try {
        at += await promisify(write)(1, bytes, at, bytes.length - at).then(writtenOf);
      } catch (thrown) {
        if (systemCodeOf(thrown) !== 'EAGAIN') throw thrown;
        return await writeStream(Buffer.from(bytes.subarray(at)));
      }
    }
  } catch (thrown) {
    throw toOutputError(thrown);
  }
}

const writtenOf = (written: number | { bytesWritten: number }) =>
  typeof written === 'number' ? written : written.bytesWritten;

/**
 * Writes what people are told. Where a reader takes its time (a pipe that does not block), the rest
 * waits in Node's own stream, and so does all that comes after it.
 */
function createStderr(): (text: string) => void {
  let isBehind = false;
  return (text) => {
    try {
      const left = isBehind ? Buffer.from(text) : writeAll(2, text);
      if (left === undefined) return;
      // Nobody can be told that stderr is closed.
      if (!isBehind) process.stderr.on('error', () => {});
      isBehind = true;
      process.stderr.write(left);
    } catch {
      // As above.
    }
  };
}

/** Writes all that the descriptor takes; returns what is left where it would block. */
function writeAll(descriptor: number, text: string): Buffer | undefined {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(descriptor, bytes));
    } catch (thrown) {
      if (systemCodeOf(thrown) === 'EAGAIN') return bytes;
      throw thrown;
    }
  }
  return undefined;
}

function writeStream(bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
