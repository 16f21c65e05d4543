import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { chmod, type FileHandle, link, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ByteSource, ByteTarget } from '../core/bytes.js';
import { GsacError, systemCodeOf } from '../core/errors.js';
import { orCancelled } from '../core/promises.js';
import { reasonOf } from './errno.js';
import {
  alreadyThere,
  findPlace,
  look,
  meantPath,
  throwNotOpened,
  throwNotWritten,
} from './target.js';

/** What the person's files are reached through. */
export interface LocalFilesOptions {
  io: {
    /** Standard input as it comes; ended early when the person cancels. */
    streamStdin(): AsyncIterable<Uint8Array> & { destroy?: () => unknown };
    /** Resolves once the bytes were taken. */
    writeStdout(bytes: Uint8Array): Promise<void>;
  };
  /** The bits that new files of this process lack. */
  umask(): number;
  /** Aborted when the person cancels: pipes and devices may keep us waiting for ever. */
  readonly signal: AbortSignal;
}

/** Builds the access to the files that a person sends and receives. */
export function createLocalFiles({ io, umask, signal }: LocalFilesOptions) {
  return {
    /** Opens a file, or standard input for `-`. @throws {GsacError} `usage` if it cannot be read. */
    async openSource(path: string): Promise<ByteSource> {
      return path === '-' ? streamSource(io.streamStdin(), signal) : openFile(path, signal);
    },
    /**
     * Makes ready to receive; the file itself appears with `commit`.
     *
     * @returns the path that it will have; `-` for standard output.
     * @throws {GsacError} `file_exists`, `output_failed`, or `usage` for a path at which no file can be.
     */
    async openTarget({ path, name, force }: TargetWish) {
      if (path === '-') return { path, target: stdoutTarget(io) };
      const wanted = await settlePath(path, name);
      const place = await findPlace(wanted).catch((thrown) => throwNotOpened(wanted, thrown));
      if (place.kind === 'stream') {
        return { path: wanted, target: await directTarget(wanted, signal) };
      }
      const { final, taken } = place;
      if (taken && !force) throw alreadyThere(wanted);
      const mode = place.mode ?? 0o666 & ~umask();
      return { path: wanted, target: await fileTarget(final, wanted, { force, mode }) };
    },
  };
}

/** The file that `-o` means: one inside of it where it is a folder. */
async function settlePath(named: string | undefined, name: string): Promise<string> {
  if (named === undefined) return name;
  const path = meantPath(named);
  const found = await look(path, stat).catch((thrown) => throwNotOpened(path, thrown));
  return found?.isDirectory() || /[\\/]$/.test(path) ? join(path, name) : path;
}

async function openFile(path: string, signal: AbortSignal): Promise<ByteSource> {
  let handle: FileHandle;
  let stats: Stats;
  try {
    // Of a pipe it waits for somebody who writes.
    handle = await orCancelled(open(path, 'r'), signal);
    stats = await handle.stat();
  } catch (thrown) {
    throwNotRead(path, thrown);
  }
  if (stats.isDirectory()) {
    await handle.close();
    throw new GsacError('usage', `${path} is a folder.`, { hint: 'Send one file at a time.' });
  }
  // What is no plain file, and what is one of the system's own (/proc), does not say its size.
  if (!stats.isFile() || stats.size === 0) {
    return streamSource(handle.createReadStream({ highWaterMark: streamBytes }), signal);
  }
  const { size } = stats;
  let at = 0;
  return {
    size,
    async read(into) {
      const wanted = Math.min(into.length, size - at);
      for (let length = 0; length < wanted; ) {
        const { bytesRead } = await handle
          .read(into, length, wanted - length, at + length)
          .catch((thrown) => throwNotRead(path, thrown));
        if (bytesRead === 0) {
          throw new GsacError('local_file_broken', `${path} became shorter while it was sent.`, {
            hint: 'Nothing was stored. Send it again when no program is writing to it.',
          });
        }
        length += bytesRead;
      }
      at += wanted;
      return { length: wanted, last: at >= size };
    },
    restart() {
      at = 0;
    },
    close: () => handle.close(),
  };
}

const streamBytes = 1_048_576;

/** Bytes that come once. One chunk is looked ahead, to know the last one when it is there. */
function streamSource(
  stream: AsyncIterable<Uint8Array | string> & { destroy?: () => unknown },
  signal: AbortSignal,
): ByteSource {
  const chunks = stream[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  let ended = false;
  async function refill(): Promise<void> {
    while (rest.length === 0 && !ended) {
      const next = await orCancelled(chunks.next(), signal).catch((thrown) =>
        throwNotRead('Standard input', thrown),
      );
      if (next.done === true) ended = true;
      else rest = typeof next.value === 'string' ? Buffer.from(next.value) : next.value;
    }
  }
  return {
    size: undefined,
    async read(into) {
      let length = 0;
      await refill();
      while (rest.length > 0 && length < into.length) {
        const taken = rest.subarray(0, into.length - length);
        into.set(taken, length);
        length += taken.length;
        rest = rest.subarray(taken.length);
        await refill();
      }
      return { length, last: rest.length === 0 };
    },
    async close() {
      // A process whose standard input is still open would not end.
      stream.destroy?.();
    },
  };
}

function stdoutTarget(io: LocalFilesOptions['io']): ByteTarget {
  return {
    write: (bytes) => io.writeStdout(bytes),
    commit: async () => undefined,
    discard: async () => undefined,
  };
}

/** A pipe or a device, which takes the bytes when it likes. */
async function directTarget(path: string, signal: AbortSignal): Promise<ByteTarget> {
  const handle = await orCancelled(open(path, 'w'), signal).catch((thrown) =>
    throwNotWritten(path, thrown),
  );
  return {
    write: (bytes) => orCancelled(writeWhole(handle, bytes, path), signal),
    commit: () => handle.close(),
    // It waits for what is being written.
    discard: () => orCancelled(handle.close(), signal).catch(() => undefined),
  };
}

async function fileTarget(
  final: string,
  shown: string,
  { force, mode }: { force: boolean; mode: number },
): Promise<ByteTarget> {
  const temporary = join(dirname(final), `.gsac-${randomBytes(8).toString('hex')}.part`);
  const handle = await open(temporary, 'wx', 0o600).catch((thrown) =>
    throwNotOpened(shown, thrown),
  );
  let done = false;
  return {
    write: (bytes) => writeWhole(handle, bytes, shown),
    async commit() {
      try {
        await handle.close();
        await chmod(temporary, mode);
        if (force) await rename(temporary, final);
        else await moveWhereNoneIs(temporary, final, shown);
        done = true;
      } catch (thrown) {
        throwNotWritten(shown, thrown);
      }
    },
    async discard() {
      if (done) return;
      await handle.close().catch(() => undefined);
      await rm(temporary, { force: true }).catch(() => undefined);
    },
  };
}

/** A link fails where somebody made the file meanwhile; a rename would replace it. */
async function moveWhereNoneIs(temporary: string, final: string, shown: string): Promise<void> {
  try {
    await link(temporary, final);
  } catch {
    if ((await look(final, lstat)) !== undefined) throw alreadyThere(shown);
    // A file system without hard links (exFAT, some network shares).
    return rename(temporary, final);
  }
  await rm(temporary, { force: true });
}

function writeWhole(handle: FileHandle, bytes: Uint8Array, path: string): Promise<void> {
  return handle.writeFile(bytes).catch((thrown) => throwNotWritten(path, thrown));
}

function throwNotRead(path: string, thrown: unknown): never {
  if (thrown instanceof GsacError) throw thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') throw thrown;
  throw new GsacError('usage', `${path} cannot be read: ${reasonOf(thrown)}.`, {
    hint: 'Check the path and its permissions.',
    details: { system_code: systemCodeOf(thrown) ?? null },
  });
}

/** Where a download is to go. */
export interface TargetWish {
  /** `-o`: a file, a folder, or `-` for standard output; undefined for the current folder. */
  path: string | undefined;
  /** What the file is called, already safe as a file's name. */
  name: string;
  /** Whether an existing file gives way. */
  force: boolean;
}
