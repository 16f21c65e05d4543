import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { systemCodeOf } from '../core/errors.js';
import { once } from '../core/promises.js';

/** The three standard streams as the rest of gsac sees them; handed in, so that tests can read along. */
export interface Io {
  stdinIsTty: boolean;
  stdoutIsTty: boolean;
  /** Whether stdout is a file that other users may read, or may read for all that is known. */
  stdoutIsOpenFile?: boolean;
  stderrIsTty: boolean;
  /** Columns of the terminal that stdout goes to; 80 where it is none. */
  columns: number;
  /** Columns of the terminal that stderr goes to, if it is another one or the only one. */
  stderrColumns?: number | undefined;
  /**
   * Everything on stdin as text, of UTF-8 or UTF-16.
   * @throws {GsacError} `usage` if it is longer than `maxBytes`; an `AbortError` if the person cancels.
   */
  readStdin(maxBytes: number): Promise<string>;
  /** What comes on stdin, as it comes; it ends with an `AbortError` if the person cancels. */
  streamStdin(): AsyncIterable<Uint8Array> & { destroy?: () => unknown };
  /**
   * Resolves once the text or the bytes were taken, so that a slow reader slows the writer.
   * @throws {GsacError} `cancelled`, `output_failed`; {@link OutputClosed}.
   */
  writeStdout(output: string | Uint8Array): Promise<void>;
  writeStderr(text: string): void;
}

/** What a reader of stdout did when it went away (`gsac files | head`). */
export class OutputClosed extends Error {
  constructor() {
    super('The reader of the output went away.');
    this.name = 'OutputClosed';
  }
}

/** Standard output or error, written so that a reader that does not read holds up nothing else. */
export interface Outlet {
  /**
   * Writes at once what is taken at once. The promise resolves when the rest was taken; undefined if
   * there is none. @throws what Node throws.
   */
  write(bytes: Uint8Array): Promise<void> | undefined;
  /** Resolves when everything that was written so far was taken, or cannot be. */
  flushed(): Promise<unknown>;
}

/** What a socket takes without a reader, everywhere. */
const socketBytes = 16_384;
const endless = Number.POSITIVE_INFINITY;

/**
 * Builds the way to a descriptor. Node's own stream for a pipe or a socket loads its whole net module,
 * which is a good part of a short command's time: it is asked for only when something has to wait.
 *
 * @param stream Node's own stream for the descriptor.
 */
export function createOutlet(
  descriptor: 1 | 2,
  stream: () => Writable,
  platform: NodeJS.Platform,
): Outlet {
  const direct = once(() => openDirect(descriptor, platform));
  const waiting = once(() => stream().on('error', () => {}));
  let left = endless;
  let isBehind = false;
  let last: Promise<unknown> = Promise.resolve();

  /** Returns what would have had to wait. */
  function writeDirect(bytes: Uint8Array): Uint8Array {
    const { fd, most } = direct();
    left = Math.min(left, most);
    let rest = bytes;
    try {
      while (rest.length > 0 && left > 0) {
        const written = writeSync(fd, rest, 0, Math.min(rest.length, left));
        left -= written;
        rest = rest.subarray(written);
      }
    } catch (thrown) {
      if (systemCodeOf(thrown) !== 'EAGAIN') throw thrown;
    }
    return rest;
  }

  return {
    write(bytes) {
      const rest = isBehind ? bytes : writeDirect(bytes);
      if (rest.length === 0) return undefined;
      // All that follows has to wait behind it.
      isBehind = true;
      const written = new Promise<void>((resolve, reject) => {
        waiting().write(rest, (error) => (error ? reject(error) : resolve()));
      });
      last = written.catch(() => undefined);
      return written;
    },
    flushed: () => last,
  };
}

/** How a descriptor can be written to without Node's streams, and how many bytes never block. */
function openDirect(descriptor: number, platform: NodeJS.Platform): { fd: number; most: number } {
  const opened = fstatSync(descriptor);
  if (opened.isSocket()) return { fd: descriptor, most: socketBytes };
  if (!opened.isFIFO()) {
    // A console of Windows takes bytes for text in its code page. Node's stream hands it Unicode.
    const isConsole = platform === 'win32' && opened.isCharacterDevice();
    return { fd: descriptor, most: isConsole ? 0 : endless };
  }
  try {
    // The same pipe by a description of our own, which does not block; others keep theirs.
    const flags = constants.O_WRONLY | constants.O_NONBLOCK;
    return { fd: openSync(`/proc/self/fd/${descriptor}`, flags), most: endless };
  } catch {
    // Not Linux, or nobody reads any more.
    return { fd: descriptor, most: 0 };
  }
}
