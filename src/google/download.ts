import { createHash } from 'node:crypto';
import { GsacError } from '../core/errors.js';
import type { AppFolder, DriveFile } from './drive.js';
import { toDriveError } from './drive-error.js';
import { unreadable } from './errors.js';
import type { StreamAnswer, StreamRequest } from './http.js';
import type { Retry } from './retry.js';

/** What must have come at least for a broken connection to count as having got on. */
const gotOnBytes = 65_536;

/**
 * Builds downloads, which return how many bytes came. A connection that breaks is taken up where it
 * broke.
 *
 * @throws {GsacError} `checksum_mismatch` if they are not the file's.
 */
export function createDownload({
  send,
  retry,
  now,
  driveRoot,
}: TransferContext): (download: Download) => Promise<number> {
  return async ({ file, write, onProgress }) => {
    const size = sizeOf(file);
    const hash = createHash('md5');
    const url = `${driveRoot}drive/v3/files/${encodeURIComponent(String(file['id']))}?alt=media`;
    let have = 0;

    async function take(answer: StreamAnswer): Promise<void> {
      let skip = bytesToSkip(answer, have, size);
      for await (const chunk of answer.bytes()) {
        const fresh = chunk.subarray(Math.min(skip, chunk.length));
        skip -= chunk.length - fresh.length;
        if (fresh.length === 0) continue;
        if (have + fresh.length > size) throw mismatch('Drive sent more bytes than the file has.');
        hash.update(fresh);
        await write(fresh);
        have += fresh.length;
        onProgress(have);
      }
    }

    await retry(async (_leftMs, gotOn) => {
      const before = have;
      try {
        const range = have === 0 ? {} : { range: `bytes=${have}-` };
        // Compressed, the bytes would not be those that a range counts.
        const headers = { 'accept-encoding': 'identity', ...range };
        const answer = await send({ method: 'GET', url, headers });
        if (answer.status !== 200 && answer.status !== 206) {
          throw toDriveError(await answer.read(), now());
        }
        await take(answer);
      } finally {
        if (have - before >= gotOnBytes) gotOn();
      }
      if (have === size) return;
      throw new GsacError('connection_lost', `The download ended after ${have} of ${size} bytes.`, {
        hint: 'Try again.',
      });
    });
    const md5 = file['md5Checksum'];
    if (typeof md5 === 'string' && hash.digest('hex') !== md5) {
      throw mismatch('The downloaded bytes are not those of the file: the MD5 checksums differ.');
    }
    return have;
  };
}

function sizeOf(file: DriveFile): number {
  const size = Number(file['size']);
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw unreadable('Drive does not say how many bytes the file has.');
}

/** How many bytes of an answer are known already. Lets go of an answer with another range. */
function bytesToSkip(answer: StreamAnswer, have: number, size: number): number {
  if (answer.status === 200) return have;
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.headers.get('content-range') ?? '');
  const [, start, total] = range ?? [];
  const isWanted = Number(start) === have;
  if (isWanted && (total === '*' || Number(total) === size)) return 0;
  answer.discard();
  if (isWanted) throw mismatch('The file changed on the way.');
  throw unreadable('Drive sent another part of the file than gsac asked for.');
}

function mismatch(what: string): GsacError {
  return new GsacError('checksum_mismatch', what, {
    hint: 'The file may have been replaced meanwhile, or something on the way changes the data. Try again.',
  });
}

/** What uploads and downloads share: the requests of one account. */
export interface TransferContext {
  /** Sends with the account's access token; if Drive refuses it, once more with a new one. */
  send: (request: StreamRequest) => Promise<StreamAnswer>;
  retry: Retry;
  now: () => number;
  folder: AppFolder;
  /** The root of the Drive API, with a slash at the end. */
  driveRoot: string;
}

/** What is fetched from the folder. */
export interface Download {
  file: DriveFile;
  /** Takes the bytes in order; they may be overwritten once it resolves. */
  write: (bytes: Uint8Array) => Promise<void>;
  onProgress: (bytes: number) => void;
}
