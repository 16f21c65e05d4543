import type { Call } from '../http/call.js';
import { type DriveFile, fileContent } from '../state/drive-store.js';
import { badRequest } from './errors.js';

/**
 * Answers `?alt=media`, whole or one byte range. Several ranges at once are answered whole.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-14
 */
export function downloadFile(call: Call, file: DriveFile): Response {
  if (file.mimeType.startsWith('application/vnd.google-apps.')) {
    return badRequest('Only files with binary content can be downloaded.', 'fileNotDownloadable');
  }
  const content = fileContent(file);
  const headers: Record<string, string> = {
    'content-type': file.mimeType,
    'content-disposition': 'attachment',
    'cache-control': 'private, max-age=0, must-revalidate',
    'accept-ranges': 'bytes',
  };
  const range = readRange(call.headers.get('range'), content.length);
  if (range === undefined) {
    return body(content, 200, { ...headers, 'content-length': String(content.length) });
  }
  if (range === 'unsatisfiable') {
    return new Response(null, {
      status: 416,
      headers: { 'content-range': `bytes */${content.length}` },
    });
  }
  const [start, end] = range;
  const part = content.subarray(start, end + 1);
  return body(part, 206, {
    ...headers,
    'content-length': String(part.length),
    'content-range': `bytes ${start}-${end}/${content.length}`,
  });
}

function body(bytes: Buffer, status: number, headers: Record<string, string>): Response {
  return new Response(new Uint8Array(bytes), { status, headers });
}

function readRange(
  header: string | null,
  size: number,
): [number, number] | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return start > end ? 'unsatisfiable' : [start, end];
}
