import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { brotliDecompressSync, constants, inflateSync, unzipSync } from 'node:zlib';

/** How much of a body is kept, as it is sent and when it is unpacked, in bytes. */
const mostBytes = 65_536;
const mostUnpacked = 262_144;

/** Keeps the beginning of a body that passes by; the stream stays as fast as whoever reads it. */
export function capture(message: IncomingMessage): () => string {
  const parts: Buffer[] = [];
  let length = 0;
  message.on('data', (part: Buffer) => {
    if (length >= mostBytes) return;
    parts.push(part.subarray(0, mostBytes - length));
    length += part.length;
  });
  return () => unpack(Buffer.concat(parts), message.headers['content-encoding']).toString('utf8');
}

/** What was compressed, as far as it came. */
function unpack(body: Buffer, encoding: IncomingHttpHeaders['content-encoding'] = ''): Buffer {
  const options = { maxOutputLength: mostUnpacked, finishFlush: constants.Z_SYNC_FLUSH };
  try {
    switch (encoding.trim().toLowerCase()) {
      case 'gzip':
      case 'x-gzip':
        return unzipSync(body, options);
      case 'deflate':
        return inflateSync(body, options);
      case 'br':
        return brotliDecompressSync(body, {
          maxOutputLength: mostUnpacked,
          finishFlush: constants.BROTLI_OPERATION_FLUSH,
        });
      case '':
      case 'identity':
        return body;
      default:
        return Buffer.from(`(${body.length} bytes, ${encoding})`);
    }
  } catch {
    return Buffer.from(`(${body.length} bytes, ${encoding}, cannot be unpacked)`);
  }
}
