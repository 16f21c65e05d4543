import { createHash } from 'node:crypto';
import { GsacError } from '../core/errors.js';
import { toDriveError } from './drive-error.js';
import type { StreamAnswer } from './http.js';
import type { Download, TransferContext, Transfers } from './transfer.js';

/** What must have come at least for a broken connection to count as having got on. */
const gotOnBytes = 65_536;

/** Builds downloads. */
export function createDownload({
  send,
  retry,
  now,
  driveRoot,
}: TransferContext): Transfers['download'] {
  return async (download) => {
    const { file, write, onProgress } = download;
    const size = sizeOf(download);
    const hash = createHash('md5');
    const url = `${driveRoot}drive/v3/files/${encodeURIComponent(String(file['id']))}?alt=media`;
    let have = 0;

    async function take(answer: StreamAnswer): Promise<void> {
      let skip = bytesToSkip(answer, have, size);
      for await (const chunk of answer.bytes()) {
        const fresh = chunk.subarray(Math.min(skip, chunk.length));
        skip -= chunk.length - fresh.length;
        if (fresh.length === 0) continue;
        if (have + fresh.length > size) throw mismatch('More bytes came than the file has.');
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
      throw mismatch('The bytes that came are not those of the file: the MD5 checksums differ.');
    }
    return have;
  };
}

function sizeOf({ file }: Download): number {
  const size = Number(file['size']);
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw new GsacError('answer_unreadable', 'Drive does not say how many bytes the file has.', {
    hint: 'Try again; --trace shows the answers.',
  });
}

/**
 * How many bytes of an answer are known already; a range that was not asked for is refused, and its
 * answer let go of.
 */
function bytesToSkip(answer: StreamAnswer, have: number, size: number): number {
  if (answer.status === 200) return have;
  try {
    checkRange(answer, have, size);
  } catch (thrown) {
    answer.discard();
    throw thrown;
  }
  return 0;
}

function checkRange(answer: StreamAnswer, have: number, size: number): void {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.header('content-range') ?? '');
  const [, start, total] = range ?? [];
  if (Number(start) !== have) {
    throw new GsacError('answer_unreadable', 'Another part of the file came than was asked for.', {
      hint: 'Try again; --trace shows the answers.',
    });
  }
  if (total !== '*' && Number(total) !== size) throw mismatch('The file changed on the way.');
}

function mismatch(what: string): GsacError {
  return new GsacError('checksum_mismatch', what, {
    hint: 'Somebody may have replaced the file meanwhile, or something on the way changes what passes. Try again.',
  });
}
