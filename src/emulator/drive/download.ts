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
  const range = readRange(call.headers.get('range'), content.length);
  if (range === 'unsatisfiable') {
    const headers = { 'content-range': `bytes */${content.length}` };
    return new Response(null, { status: 416, headers });
  }
  const [start, end] = range ?? [0, content.length - 1];
  const part = new Uint8Array(content.subarray(start, end + 1));
  return new Response(part, {
    status: range ? 206 : 200,
    headers: {
      'content-type': file.mimeType,
      'content-disposition': 'attachment',
      'cache-control': 'private, max-age=0, must-revalidate',
      'accept-ranges': 'bytes',
      'content-length': String(part.length),
      ...(range && { 'content-range': `bytes ${start}-${end}/${content.length}` }),
    },
  });
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
