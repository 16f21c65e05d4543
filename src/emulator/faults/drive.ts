import { fileNotFound, forbidden, invalidParameter, uploadNotFound } from '../drive/errors.js';
import type { FaultDefinition } from './model.js';

const ERRORS = 'https://developers.google.com/workspace/drive/api/guides/handle-errors';
const UPLOADS = 'https://developers.google.com/workspace/drive/api/guides/manage-uploads#resumable';

/** Decodes a part of a path; what cannot be decoded stays as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** What goes wrong with Drive and its files. */
export const DRIVE_FAULTS: readonly FaultDefinition[] = [
  {
    name: 'storage-full',
    summary: 'The user’s storage is full.',
    answers: 'storageQuotaExceeded',
    source: ERRORS,
    applies: ({ path }) => path.startsWith('/upload/'),
    answer: () =>
      forbidden('storageQuotaExceeded', "The user's Drive storage quota has been exceeded."),
  },
  {
    name: 'daily-limit',
    summary: 'The project has used up its requests of the day.',
    answers: 'dailyLimitExceeded',
    source: ERRORS,
    answer: () => forbidden('dailyLimitExceeded', 'Daily Limit Exceeded', 'usageLimits'),
  },
  {
    name: 'file-gone',
    summary: 'A listed file no longer exists.',
    answers: 'notFound',
    source: ERRORS,
    applies: ({ path }) => /^\/drive\/v3\/files\/./.test(path),
    answer: ({ call }) => fileNotFound(decoded(call.path.split('/')[4] ?? '')),
  },
  {
    name: 'stale-page-token',
    summary: 'The page token is refused; list from the start.',
    source: 'https://developers.google.com/workspace/drive/api/reference/rest/v3/files/list',
    applies: ({ query }) => query.has('pageToken'),
    answer: () => invalidParameter('pageToken'),
  },
  {
    name: 'corrupt-download',
    summary: 'A byte of the downloaded file is wrong.',
    source: 'The reason for md5Checksum: discs, memory and proxies',
    applies: ({ query }) => query.get('alt') === 'media',
    after: async (_context, response) => {
      const bytes = new Uint8Array(await response.arrayBuffer());
      bytes[0] = (bytes[0] ?? 0) ^ 0xff;
      return new Response(bytes, { status: response.status, headers: response.headers });
    },
  },
  {
    name: 'upload-session-lost',
    summary: 'The resumable upload is lost and must start again.',
    source: UPLOADS,
    applies: ({ query }) => query.has('upload_id'),
    answer: uploadNotFound,
  },
];
