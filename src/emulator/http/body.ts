import { gunzipSync } from 'node:zlib';
import { apiError } from './respond.js';

const MB = 1_048_576;

/** How many bytes a request to a path may have, packed or not. */
function limitOf(path: string): number {
  return path.startsWith('/upload/') ? 64 * MB : MB;
}

/**
 * Reads the body of a request, decompressed; no further than the 64 MB that an upload may have, or the
 * 1 MB of any other request.
 *
 * @returns undefined for a body that is longer.
 */
export async function readBody(request: Request, path: string): Promise<Buffer | undefined> {
  const { method, headers } = request;
  if (method === 'GET' || method === 'HEAD') return Buffer.alloc(0);
  const limit = limitOf(path);
  const raw = await readRaw(request, limit);
  if (raw === undefined || raw.length === 0 || headers.get('content-encoding') !== 'gzip') {
    return raw;
  }
  try {
    return gunzipSync(raw, { maxOutputLength: limit });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    // Clients are known to set the header on bodies that are not compressed.
    return raw;
  }
}

/** Refuses a request whose body is too long. */
export function bodyTooLarge(path: string): Response {
  return apiError({
    code: 413,
    message: `Request payload size exceeds the limit: ${limitOf(path)} bytes.`,
    reason: 'uploadTooLarge',
    status: 'INVALID_ARGUMENT',
  });
}

async function readRaw(request: Request, limit: number): Promise<Buffer | undefined> {
  const length = request.headers.get('content-length');
  if (Number(length) > limit) return undefined;
  // A server holds a body to its length, and the whole of it comes faster than its pieces.
  if (length !== null) return Buffer.from(await request.arrayBuffer());
  const pieces: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels what is still to come.
  for await (const piece of request.body ?? []) {
    size += piece.length;
    if (size > limit) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
