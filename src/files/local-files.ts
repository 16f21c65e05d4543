import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { chmod, type FileHandle, link, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ByteSource, ByteTarget } from '../core/bytes.js';
import { GsacError, systemCodeOf } from '../core/errors.js';
import { orCancelled } from '../core/promises.js';
import { reasonOf } from './errno.js';
import { alreadyThere, findPlace, notOpened, notWritten } from './target.js';

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
export function createLocalFiles(options: LocalFilesOptions): LocalFiles {
  return {
    openSource: async (path) =>
      path === '-'
        ? streamSource(options.io.streamStdin(), options.signal)
        : openFile(path, options.signal),
    async openTarget({ path, name, force }) {
      if (path === '-')
        return { path, target: stdoutTarget((bytes) => options.io.writeStdout(bytes)) };
      const wanted = await settlePath(path, name);
      const place = await findPlace(wanted).catch((thrown: unknown) => {
        throw notOpened(wanted, thrown);
      });
      if (place.kind === 'stream') {
        return { path: wanted, target: await directTarget(wanted, options.signal) };
      }
      const { final, taken } = place;
      if (taken && !force) throw alreadyThere(wanted);
      const mode = place.mode ?? 0o666 & ~options.umask();
      return { path: wanted, target: await fileTarget(final, wanted, { force, mode }) };
    },
  };
}

/** The file that `-o` means: one inside of it where it is a folder. */
async function settlePath(path: string | undefined, name: string): Promise<string> {
  if (path === undefined) return name;
  const found = await statOf(path, stat);
  return found?.isDirectory() || /[\\/]$/.test(path) ? join(path, name) : path;
}

async function statOf(
  path: string,
  look: (path: string) => Promise<Stats>,
): Promise<Stats | undefined> {
  try {
    return await look(path);
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'ENOENT') return undefined;
    throw notOpened(path, thrown);
  }
}

async function openFile(path: string, signal: AbortSignal): Promise<ByteSource> {
  let handle: FileHandle;
  let stats: Stats;
  try {
    // Of a pipe it waits for somebody who writes.
    handle = await orCancelled(open(path, 'r'), signal);
    stats = await handle.stat();
  } catch (thrown) {
    throw notRead(path, thrown);
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
          .catch((thrown: unknown) => {
            throw notRead(path, thrown);
          });
        if (bytesRead === 0) {
          throw new GsacError('local_file_broken', `${path} became shorter while it was sent.`, {
            hint: 'Nothing was stored. Send it again when nobody writes to it.',
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
      const next = await orCancelled(chunks.next(), signal).catch((thrown: unknown) => {
        throw notRead('Standard input', thrown);
      });
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

function stdoutTarget(write: (bytes: Uint8Array) => Promise<void>): ByteTarget {
  return { write, commit: async () => undefined, discard: async () => undefined };
}

/** A pipe or a device, which takes the bytes when it likes. */
async function directTarget(path: string, signal: AbortSignal): Promise<ByteTarget> {
  const handle = await orCancelled(open(path, 'w'), signal).catch((thrown: unknown) => {
    throw notWritten(path, thrown);
  });
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
  const handle = await open(temporary, 'wx', 0o600).catch((thrown: unknown) => {
    throw notOpened(shown, thrown);
  });
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
        throw notWritten(shown, thrown);
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
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'EEXIST') throw alreadyThere(shown);
    // A file system without hard links (exFAT, some network shares).
    if ((await statOf(final, lstat)) !== undefined) throw alreadyThere(shown);
    await rename(temporary, final);
    return;
  }
  await rm(temporary, { force: true });
}

async function writeWhole(handle: FileHandle, bytes: Uint8Array, path: string): Promise<void> {
  try {
    for (let at = 0; at < bytes.length; ) {
      at += (await handle.write(bytes, at, bytes.length - at)).bytesWritten;
    }
  } catch (thrown) {
    throw notWritten(path, thrown);
  }
}

function notRead(path: string, thrown: unknown): unknown {
  if (thrown instanceof GsacError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') return thrown;
  return new GsacError('usage', `${path} cannot be read: ${reasonOf(thrown)}.`, {
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

/** The files of the person's own that are sent and received. */
export interface LocalFiles {
  /** Opens a file, or standard input for `-`. @throws {GsacError} `usage` where it cannot be read. */
  openSource(path: string): Promise<ByteSource>;
  /**
   * Makes ready to receive; the file itself appears with `commit`.
   *
   * @returns the path that it will have; `-` for standard output.
   * @throws {GsacError} `file_exists`, `output_failed`, or `usage` for a path at which no file can be.
   */
  openTarget(wish: TargetWish): Promise<{ path: string; target: ByteTarget }>;
}
