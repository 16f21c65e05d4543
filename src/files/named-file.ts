import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { maxCredentialFileBytes } from '../core/authorized-user.js';
import { decodeText } from '../core/decode-text.js';
import { GsacError, systemCodeOf } from '../core/errors.js';

/** Reads a file that the person named, with a sentence for each way in which that fails. */
export async function readNamedFile(
  path: string,
  code: 'client_file_unreadable' | 'credential_file_invalid' | 'usage',
  maxBytes = maxCredentialFileBytes,
): Promise<string> {
  try {
    return await readBounded(path, maxBytes);
  } catch (thrown) {
    const reasons: Record<string, string> = {
      ENOENT: 'does not exist',
      EACCES: 'cannot be read by this user',
      EISDIR: 'is a folder',
      EFBIG: `is larger than ${maxBytes} bytes, so it is not the right file`,
      ETIMEDOUT: 'is a pipe that no process writes to',
    };
    const reason = reasons[systemCodeOf(thrown) ?? ''] ?? 'cannot be read';
    throw new GsacError(code, `${path} ${reason}.`, { hint: 'Check the path and try again.' });
  }
}

/** How much of a file is asked for at once. */
const readBytes = 65_536;
/** How often a silent pipe is looked at, in milliseconds. */
const pauseMs = 20;
/** How long a pipe may stay silent: one that nobody has open, and one whose writer takes its time. */
const patience = { nobodyMs: 2_000, writerMs: 30_000 };

/**
 * The text of a file, a device or a pipe, in UTF-8 or UTF-16, which need not say beforehand how long it is.
 *
 * @throws the system's error; `EFBIG` for what is longer than `maxBytes`, `ETIMEDOUT` for a pipe that
 *   nobody writes to.
 */
export async function readBounded(
  path: string,
  maxBytes: number,
  { nobodyMs, writerMs } = patience,
): Promise<string> {
  // To open a pipe that nobody writes to would otherwise block a thread, and the process could not end.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const isPipe = (await handle.stat()).isFIFO();
    const pieces: Buffer[] = [];
    let size = 0;
    for (let silentMs = 0; ; ) {
      const piece = await readPiece(handle);
      const isSilent = piece === undefined || (piece.length === 0 && isPipe && size === 0);
      if (isSilent) {
        const most = piece === undefined ? writerMs : nobodyMs;
        if (silentMs >= most) throw Object.assign(new Error('silent'), { code: 'ETIMEDOUT' });
        await delay(pauseMs);
        silentMs += pauseMs;
        continue;
      }
      if (piece.length === 0) return decodeText(Buffer.concat(pieces));
      silentMs = 0;
      size += piece.length;
      if (size > maxBytes) throw Object.assign(new Error('too large'), { code: 'EFBIG' });
      pieces.push(piece);
    }
  } finally {
    await handle.close();
  }
}

/** What can be read now; undefined where a pipe has nothing yet. */
async function readPiece(handle: FileHandle): Promise<Buffer | undefined> {
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(readBytes));
    return buffer.subarray(0, bytesRead);
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'EAGAIN') return undefined;
    throw thrown;
  }
}
