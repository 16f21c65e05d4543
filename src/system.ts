import { fstatSync, readFileSync, writeSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { GsacError, systemCodeOf } from './core/errors.js';
import type { Fetch } from './google/http.js';
import type { Keytar } from './store/keychain.js';
import type { StuckStore } from './store/keychain-exit.js';
import { type Io, OutputClosed } from './terminal/io.js';

/**
 * The world as gsac sees it. Everything that differs between a real run and a test is in here, and
 * nothing else reads `process`.
 */
export interface System {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly pid: number;
  readonly version: string;
  /** Node's, without the `v`. */
  readonly nodeVersion: string;
  readonly io: Io;
  /** The help of `gsac --help` at 80 columns as the build has rendered it, where there is a build. */
  renderedHelp?(): string | undefined;
  readonly homeDirectory: string;
  readonly tmpDirectory: string;
  now(): number;
  /** Aborted when the person cancels (SIGINT) or the process is asked to end (SIGTERM). */
  readonly signal: AbortSignal;
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
export function systemDeps(): System {
  let controller: AbortController | undefined;
  return {
    env: process.env,
    platform: process.platform,
    pid: process.pid,
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
        const cancel = () => abort.abort();
        // Once: a second Ctrl-C ends the process at once, whatever it is doing.
        process.once('SIGINT', cancel);
        process.once('SIGTERM', cancel);
        controller = abort;
      }
      return controller.signal;
    },
    fetch: async () => (await import('./google/node-fetch.js')).createNodeFetch(),
    promptInput: () => process.stdin,
    promptOutput: () => process.stderr,
    async endStuckProcess(exitCode, store) {
      const { endStuckProcess } = await import('./store/keychain-exit.js');
      await endStuckProcess(exitCode, store, process);
    },
  };
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}

function readRenderedHelp(): string | undefined {
  try {
    return readFileSync(new URL('help.txt', import.meta.url), 'utf8');
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
      return canBeTerminal(1) && process.stdout.isTTY ? process.stdout.columns : 80;
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
    writeStdout: writeOut,
    writeStderr(text) {
      try {
        writeAll(2, text);
      } catch {
        // Nobody can be told that stderr is closed.
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

/**
 * Writes through the file descriptor: `process.stdout` of a pipe loads Node's whole net module,
 * which is a good part of a short command's time.
 */
async function writeOut(text: string): Promise<void> {
  try {
    const left = writeAll(1, text);
    if (left !== undefined) await writeStream(left);
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'EPIPE') throw new OutputClosed();
    throw new GsacError('output_failed', 'The output cannot be written.', {
      hint: 'Is the disk full, or the output closed?',
      details: { system_code: systemCodeOf(thrown) ?? null },
    });
  }
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
