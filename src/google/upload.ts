import { createHash, type Hash, randomBytes } from 'node:crypto';
import type { ByteSource } from '../core/bytes.js';
import { GsacError } from '../core/errors.js';
import type { TransferContext } from './download.js';
import { type DriveFile, fileFields, readFile } from './drive.js';
import { toDriveError } from './drive-error.js';
import { unreadable } from './errors.js';
import type { HttpAnswer } from './http.js';

/** The most that Google takes in one request with its description. */
const multipartBytes = 5_000_000;
/** A multiple of 256 KiB, which Google asks for. */
const chunkBytes = 8 * 1_048_576;
/** How often an upload that Drive has forgotten is begun again. */
const mostRestarts = 2;

/** An upload that was prepared: where it goes and how its file is known afterwards. */
type PreparedUpload = Awaited<ReturnType<typeof prepare>>;

/**
 * Builds uploads: up to 5 MB in one request, beyond that resumable. They return the file's resource
 * as Drive has it, and never make a file twice.
 *
 * @throws {GsacError} `checksum_mismatch` if Drive has other bytes than were sent.
 * @see https://developers.google.com/workspace/drive/api/guides/manage-uploads
 */
export function createUpload(context: TransferContext): (upload: Upload) => Promise<DriveFile> {
  return async (upload) => {
    const prepared = await prepare(context, upload);
    const { first } = prepared;
    const inOne = first.last && first.length <= multipartBytes;
    const { file, md5 } = await (inOne ? sendMultipart(prepared) : sendResumable(prepared));
    if (file['md5Checksum'] === undefined || file['md5Checksum'] === md5) return file;
    const what = 'Drive stored other bytes than gsac sent: the MD5 checksums differ.';
    let hint = 'The file’s content is broken now. Send it once more.';
    if (upload.replace === undefined) {
      // It holds something that nobody wanted to store.
      await context.folder.remove(prepared.id).catch(() => undefined);
      hint = 'The broken file was removed again. Try once more.';
    }
    throw new GsacError('checksum_mismatch', what, { hint, details: { file } });
  };
}

async function prepare(context: TransferContext, upload: Upload) {
  const { folder, driveRoot } = context;
  const { source, name, mimeType, replace } = upload;
  // Everything is read into it.
  const buffer = Buffer.alloc(chunkBytes);
  const first = await source.read(buffer);
  const isNew = replace === undefined;
  // A new file's id is settled before it is made, so that it cannot be made twice.
  const id = isNew ? await folder.newId() : String(replace['id']);
  const path = isNew ? '' : `/${encodeURIComponent(id)}`;
  const fields = encodeURIComponent(fileFields);
  const metadata = isNew
    ? { id, name, mimeType, parents: ['appDataFolder'] }
    : { mimeType, ...(replace['name'] === name ? {} : { name }) };
  return {
    context,
    upload,
    id,
    method: isNew ? ('POST' as const) : ('PATCH' as const),
    url: (type: string) =>
      `${driveRoot}upload/drive/v3/files${path}?uploadType=${type}&fields=${fields}`,
    metadata: JSON.stringify(metadata),
    buffer,
    first,
    /** The file as Drive has it, if it is there and has these bytes. */
    async find(md5: string): Promise<DriveFile | undefined> {
      const file = await folder.get(id);
      return file?.['md5Checksum'] === md5 ? file : undefined;
    },
  };
}

async function sendMultipart(prepared: PreparedUpload): Promise<{ file: DriveFile; md5: string }> {
  const { context, upload, method, url, metadata, buffer, first, find } = prepared;
  const content = buffer.subarray(0, first.length);
  const md5 = createHash('md5').update(content).digest('hex');
  const boundary = `gsac-${randomBytes(18).toString('hex')}`;
  const json = 'content-type: application/json; charset=UTF-8';
  const head = Buffer.from(
    `--${boundary}\r\n${json}\r\n\r\n${metadata}\r\n--${boundary}\r\ncontent-type: ${upload.mimeType}\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const file = await context.retry(async () => {
    const answer = await context.send({
      method,
      url: url('multipart'),
      headers: {
        'content-type': `multipart/related; boundary=${boundary}`,
        'content-length': String(head.length + content.length + tail.length),
      },
      body: [head, content, tail],
      bodyNote: `${metadata} and ${content.length} bytes`,
      onSent: (bytes) => upload.onProgress(Math.min(bytes, content.length)),
    });
    const read = await answer.read();
    const made = readFile(read);
    if (made !== undefined) return made;
    // With 409, an earlier attempt whose answer was lost has made it.
    const found = [200, 409].includes(answer.status) ? await find(md5) : undefined;
    if (found !== undefined) return found;
    throw toDriveError(read, context.now());
  });
  return { file, md5 };
}

/** Drive no longer knows the upload; it may have finished, with the answer lost. */
class UploadForgotten extends Error {}

/**
 * Sends a file of any size in chunks. After every break Drive is asked how much it has, so that no
 * byte is sent for nothing; the file appears once, when its last byte has come.
 *
 * @see https://developers.google.com/workspace/drive/api/guides/manage-uploads#resumable
 */
async function sendResumable(prepared: PreparedUpload): Promise<{ file: DriveFile; md5: string }> {
  const { upload, find } = prepared;
  const { source } = upload;
  for (let restarts = 0; ; restarts += 1) {
    const hash = createHash('md5');
    const progress = { whole: false };
    try {
      const file = await sendChunks(prepared, await startSession(prepared), hash, progress);
      return { file, md5: digestOf(hash) };
    } catch (thrown) {
      if (!(thrown instanceof UploadForgotten)) throw thrown;
      if (progress.whole) {
        const md5 = digestOf(hash);
        const file = await find(md5);
        if (file !== undefined) return { file, md5 };
      }
      const what = 'Drive has forgotten the upload.';
      if (source.restart === undefined) {
        throw lost(what, 'Standard input cannot be read twice: send it again, or send a file.');
      }
      if (restarts === mostRestarts) throw lost(what);
      source.restart();
      prepared.first = await source.read(prepared.buffer);
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
        ...(size !== undefined && { 'x-upload-content-length': String(size) }),
      },
      body: [body],
      bodyNote: metadata,
    });
    const read = await answer.read();
    const location = answer.headers.get('location') ?? '';
    if (answer.status !== 200) throw toDriveError(read, context.now());
    const root = new URL(context.driveRoot).origin;
    // The access token and the file go there.
    if (!URL.canParse(location) || new URL(location).origin !== root) {
      throw unreadable('Drive did not say where to send the file.');
    }
    return location;
  });
}

/** What Drive says about a session: the finished file, or how many bytes it has. */
type SessionState = { file: DriveFile } | { received: number };

async function sendChunks(
  prepared: PreparedUpload,
  location: string,
  hash: Hash,
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
    // Once, however often it is sent again.
    hash.update(content);

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
        const file = readFile(read) ?? (await find(digestOf(hash)));
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
        else if (!asked) throw lost('Drive did not accept the bytes.');
        at = received;
        onProgress(at);
        if (at === end && !part.last) return undefined;
        if (at === end && asked) throw lost('Drive received all bytes but created no file.');
      }
    });
    if (file !== undefined) return file;
    base = end;
    part = await source.read(buffer);
  }
}

function lost(what: string, hint = 'Try again.'): GsacError {
  return new GsacError('connection_lost', what, { hint });
}

/** How many bytes a 308 confirms. @see https://cloud.google.com/storage/docs/performing-resumable-uploads#status-check */
function receivedBytes(answer: HttpAnswer): number {
  const range = /^(?:bytes=|bytes )?0-(\d+)$/.exec(answer.headers.get('range')?.trim() ?? '');
  return range === null ? 0 : Number(range[1]) + 1;
}

/** Of all bytes so far; more may follow. */
function digestOf(hash: Hash): string {
  return hash.copy().digest('hex');
}

/** What is sent to the folder. */
export interface Upload {
  source: ByteSource;
  name: string;
  mimeType: string;
  /** The file whose content is replaced; undefined for a new file. */
  replace: DriveFile | undefined;
  /** Told how many bytes are under way or taken; may go back. */
  onProgress: (bytes: number) => void;
}
