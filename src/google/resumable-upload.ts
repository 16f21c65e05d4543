import { GsacError } from '../core/errors.js';
import { type Checksum, createChecksum } from './checksum.js';
import type { DriveFile } from './drive.js';
import { toDriveError } from './drive-error.js';
import type { HttpAnswer } from './http.js';
import { type PreparedUpload, readFile } from './upload.js';

/** How often an upload that Drive has forgotten is begun again. */
const mostRestarts = 2;

/** Drive no longer knows the upload; it may have finished, with the answer lost. */
class UploadForgotten extends Error {}

/**
 * Sends a file of any size in chunks. After every break Drive is asked how much it has, so that no
 * byte is sent for nothing; the file appears once, when its last byte has come.
 *
 * @see https://developers.google.com/workspace/drive/api/guides/manage-uploads#resumable
 */
export async function sendResumable(
  prepared: PreparedUpload,
): Promise<{ file: DriveFile; md5: string }> {
  const { upload, find } = prepared;
  const { source } = upload;
  for (let restarts = 0; ; restarts += 1) {
    const checksum = createChecksum(source.size);
    const progress = { whole: false };
    try {
      const file = await sendChunks(prepared, await startSession(prepared), checksum, progress);
      return { file, md5: await checksum.digest() };
    } catch (thrown) {
      if (!(thrown instanceof UploadForgotten)) throw thrown;
      if (progress.whole) {
        const md5 = await checksum.digest();
        const file = await find(md5);
        if (file !== undefined) return { file, md5 };
      }
      if (source.restart === undefined || restarts === mostRestarts) {
        throw new GsacError('connection_lost', 'Drive has forgotten the upload.', {
          hint:
            source.restart === undefined
              ? 'Standard input cannot be read twice: send it again, or send a file.'
              : 'Try again.',
        });
      }
      source.restart();
      prepared.first = await source.read(prepared.buffer);
    } finally {
      checksum.close();
    }
  }
}

/** Opens a session; its address is all that the chunks need. */
async function startSession(prepared: PreparedUpload): Promise<string> {
  const { context, upload, method, url, metadata } = prepared;
  const { size } = upload.source;
  return context.retry(async () => {
    const body = Buffer.from(metadata);
    const answer = await context.send({
      method,
      url: url('resumable'),
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        'content-length': String(body.length),
        'x-upload-content-type': upload.mimeType,
        ...(size === undefined ? {} : { 'x-upload-content-length': String(size) }),
      },
      body: [body],
      bodyNote: metadata,
    });
    const read = await answer.read();
    const location = answer.header('location');
    if (answer.status !== 200) throw toDriveError(read, context.now());
    const root = new URL(context.driveRoot).origin;
    // The access token and the file go there.
    if (location === null || !URL.canParse(location) || new URL(location).origin !== root) {
      throw new GsacError('answer_unreadable', 'Drive did not say where to send the file.', {
        hint: 'Try again; --trace shows the answer.',
      });
    }
    return location;
  });
}

/** What Drive says about a session: the finished file, or how many bytes it has. */
type SessionState = { file: DriveFile } | { received: number };

async function sendChunks(
  prepared: PreparedUpload,
  location: string,
  checksum: Checksum,
  progress: { whole: boolean },
): Promise<DriveFile> {
  const { context, upload, buffer, find } = prepared;
  const { source, onProgress } = upload;
  let part = prepared.first;
  let base = 0;
  for (;;) {
    const end = base + part.length;
    const total = part.last ? String(end) : String(source.size ?? '*');
    progress.whole = part.last;
    const content = buffer.subarray(0, part.length);
    let at = base;
    let unsure = false;
    // Hashed while it is sent, and once, however often it is sent again.
    const hashing = checksum.update(content);
    // Awaited below; until then it must not count as unhandled.
    hashing.catch(() => undefined);

    const put = async (from: number): Promise<SessionState> => {
      const empty = from === end;
      const answer = await context.send({
        method: 'PUT',
        url: location,
        headers: {
          'content-length': String(end - from),
          'content-range': empty ? `bytes */${total}` : `bytes ${from}-${end - 1}/${total}`,
        },
        body: empty ? [] : [content.subarray(from - base)],
        bodyNote: `(${end - from} bytes)`,
        onSent: (bytes) => onProgress(from + bytes),
      });
      const read = await answer.read();
      if (answer.status === 308) return { received: receivedBytes(read) };
      if (answer.status === 200 || answer.status === 201) {
        const file = readFile(read) ?? (await find(await checksum.digest()));
        if (file !== undefined) return { file };
      }
      if (answer.status === 404 || answer.status === 410) throw new UploadForgotten();
      throw toDriveError(read, context.now());
    };

    const file = await context.retry(async (_leftMs, gotOn) => {
      for (;;) {
        // After a break nobody knows what came: `bytes */…` without content asks.
        const asked = unsure;
        unsure = true;
        const state: SessionState = await put(asked ? end : at);
        unsure = false;
        if ('file' in state) return state.file;
        const { received } = state;
        if (received < base || received > end) throw new UploadForgotten();
        if (received > at) gotOn();
        else if (!asked) {
          throw new GsacError('connection_lost', 'Drive did not take the bytes that were sent.', {
            hint: 'Try again.',
          });
        }
        at = received;
        onProgress(at);
        if (at === end && !part.last) return undefined;
        if (at === end && asked) {
          throw new GsacError('connection_lost', 'Drive has all bytes and makes no file of them.', {
            hint: 'Try again.',
          });
        }
      }
    });
    if (file !== undefined) return file;
    // The next part is read into the same memory.
    await hashing;
    base = end;
    part = await source.read(buffer);
  }
}

/** How many bytes a 308 confirms. @see https://cloud.google.com/storage/docs/performing-resumable-uploads#status-check */
function receivedBytes(answer: HttpAnswer): number {
  const range = /^(?:bytes=|bytes )?0-(\d+)$/.exec(answer.header('range')?.trim() ?? '');
  return range === null ? 0 : Number(range[1]) + 1;
}
