import { createHash, randomBytes } from 'node:crypto';
import { GsacError } from '../core/errors.js';
import { parseJsonObject } from '../core/json-object.js';
import { allocateShared } from './checksum.js';
import type { DriveFile } from './drive.js';
import { fileFields } from './drive.js';
import { toDriveError } from './drive-error.js';
import type { HttpAnswer } from './http.js';
import { sendResumable } from './resumable-upload.js';
import type { TransferContext, Transfers, Upload } from './transfers.js';

/** The most that Google takes in one request with its description. */
const multipartBytes = 5_000_000;
/** A multiple of 256 KiB, which Google asks for. */
const chunkBytes = 8 * 1_048_576;

/** An upload that was prepared: where it goes and how its file is known afterwards. */
export interface PreparedUpload {
  context: TransferContext;
  upload: Upload;
  /** The file's id; a new file's is settled before it is made, so that it cannot be made twice. */
  id: string;
  method: 'POST' | 'PATCH';
  url: (uploadType: string) => string;
  metadata: string;
  /** The buffer that everything is read into. */
  buffer: Buffer;
  first: { length: number; last: boolean };
  /** The file as Drive has it, where it is there and has these bytes. */
  find: (md5: string) => Promise<DriveFile | undefined>;
}

/**
 * Builds uploads: up to 5 MB in one request, beyond that resumable.
 *
 * @see https://developers.google.com/workspace/drive/api/guides/manage-uploads
 */
export function createUpload(context: TransferContext): Transfers['upload'] {
  return async (upload) => {
    const prepared = await prepare(context, upload);
    const { first } = prepared;
    const inOne = first.last && first.length <= multipartBytes;
    const { file, md5 } = await (inOne ? sendMultipart(prepared) : sendResumable(prepared));
    if (file['md5Checksum'] === undefined || file['md5Checksum'] === md5) return file;
    // It holds something that nobody wanted to store.
    if (upload.replace === undefined) {
      await context.folder.remove(prepared.id).catch(() => undefined);
    }
    throw new GsacError(
      'checksum_mismatch',
      'Drive holds other bytes than were sent: the MD5 checksums differ.',
      {
        hint:
          upload.replace === undefined
            ? 'The broken file was removed again. Try once more.'
            : 'The file’s content is broken now. Send it once more.',
        details: { file },
      },
    );
  };
}

async function prepare(context: TransferContext, upload: Upload): Promise<PreparedUpload> {
  const { folder, driveRoot } = context;
  const { source, name, mimeType, replace } = upload;
  const buffer = allocateShared(chunkBytes);
  const first = await source.read(buffer);
  const id = replace === undefined ? await folder.newId() : String(replace['id']);
  const path = replace === undefined ? '' : `/${encodeURIComponent(id)}`;
  const fields = encodeURIComponent(fileFields);
  return {
    context,
    upload,
    id,
    method: replace === undefined ? 'POST' : 'PATCH',
    url: (type) => `${driveRoot}upload/drive/v3/files${path}?uploadType=${type}&fields=${fields}`,
    metadata: JSON.stringify(
      replace === undefined
        ? { id, name, mimeType, parents: ['appDataFolder'] }
        : { mimeType, ...(replace['name'] === name ? {} : { name }) },
    ),
    buffer,
    first,
    async find(md5) {
      const file = await folder.get(id);
      return file !== undefined && file['md5Checksum'] === md5 ? file : undefined;
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
    if (answer.status === 200) return readFile(read) ?? orThrow(find(md5), read);
    // An earlier attempt whose answer was lost has made it.
    if (answer.status === 409) return orThrow(find(md5), read);
    throw toDriveError(read, context.now());
  });
  return { file, md5 };

  async function orThrow(finding: Promise<DriveFile | undefined>, read: HttpAnswer) {
    const found = await finding;
    if (found !== undefined) return found;
    throw toDriveError(read, context.now());
  }
}

/** A file's resource from a whole answer; undefined where it cannot be read. */
export function readFile(answer: HttpAnswer): DriveFile | undefined {
  if (answer.cut !== undefined) return undefined;
  const file = parseJsonObject(answer.text);
  return typeof file?.['id'] === 'string' ? file : undefined;
}
