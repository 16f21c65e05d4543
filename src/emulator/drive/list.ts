import { createHash } from 'node:crypto';
import type { Call } from '../http/call.js';
import { apiJson } from '../http/respond.js';
import { type DriveFile, type DriveFolder, fileContent } from '../state/drive-store.js';
import { type DriveAccess, realId } from './access.js';
import { invalidParameter, spacesNotGranted } from './errors.js';
import { below, parseFields, readMask, wants } from './fields.js';
import { parseOrderBy } from './order.js';
import { parseDriveQuery } from './query.js';
import { toFileResource } from './resource.js';

const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 1000;
const defaultFields = parseFields(
  'kind,incompleteSearch,nextPageToken,files(kind,id,name,mimeType)',
);

interface Listing {
  readonly key: string;
  readonly revision: number;
  readonly files: readonly DriveFile[];
}

// One sorted listing per folder: paging through 100,000 files must not sort them 100 times.
const lastListing = new WeakMap<DriveFolder, Listing>();

/**
 * Answers `files.list`. A page token is a place in the listing; it is refused where the query it
 * was made for differs.
 * @throws {FieldMaskError | DriveQueryError} for `fields`, `q` or `orderBy` that cannot be understood.
 * @see https://developers.google.com/workspace/drive/api/reference/rest/v3/files/list
 */
export function listFiles(call: Call, access: DriveAccess): Response {
  const { query } = call;
  const asked = (query.get('spaces') || 'drive').split(',').map((space) => space.trim());
  const spaces = [...new Set(asked)];
  for (const space of spaces) {
    if (space !== 'drive' && space !== 'appDataFolder') return invalidParameter('spaces');
    if (!access.spaces[space]) return spacesNotGranted();
  }
  const pageSize = readPageSize(query.get('pageSize'));
  if (pageSize === undefined) return invalidParameter('pageSize');
  const key = JSON.stringify([spaces.toSorted(), query.get('q'), query.get('orderBy')]);
  const fields = readMask(query, 'list') ?? defaultFields;
  const { files } = findListing(key, spaces, query, access.folder);
  const start = readPageToken(query.get('pageToken'), key);
  if (start === undefined) return invalidParameter('pageToken');
  const end = start + pageSize;
  const body: Record<string, unknown> = {};
  if (wants(fields, 'kind')) body['kind'] = 'drive#fileList';
  if (end < files.length && wants(fields, 'nextPageToken')) {
    body['nextPageToken'] = makePageToken(end, key);
  }
  if (wants(fields, 'incompleteSearch')) body['incompleteSearch'] = false;
  if (wants(fields, 'files')) {
    const mask = below(fields, 'files');
    const page = files.slice(start, end);
    body['files'] = page.map((file) => toFileResource(file, access.folder, mask));
  }
  return apiJson(body);
}

function findListing(
  key: string,
  spaces: readonly string[],
  query: URLSearchParams,
  folder: DriveFolder,
): Listing {
  const all = folder.all();
  const known = lastListing.get(folder);
  if (known && known.key === key && known.revision === folder.revision) return known;
  const q = query.get('q') ?? '';
  const matches = q.trim() === '' ? undefined : parseDriveQuery(q, (id) => realId(id, folder));
  const files = [...all.values()].filter(
    (file) => spaces.includes(file.space) && (matches?.(file) ?? true),
  );
  files.sort(parseOrderBy(query.get('orderBy') ?? ''));
  const listing = { key, revision: folder.revision, files };
  lastListing.set(folder, listing);
  return listing;
}

function readPageSize(text: string | null): number | undefined {
  if (text === null || text === '') return DEFAULT_PAGE;
  const size = Number(text);
  return Number.isInteger(size) && size >= 1 && size <= LARGEST_PAGE ? size : undefined;
}

function makePageToken(offset: number, key: string): string {
  return `~!!~${Buffer.from(`${offset}:${checksum(key)}`).toString('base64url')}`;
}

function readPageToken(token: string | null, key: string): number | undefined {
  if (token === null || token === '') return 0;
  if (!token.startsWith('~!!~')) return undefined;
  const [offset, sum] = Buffer.from(token.slice(4), 'base64url').toString().split(':');
  const start = Number(offset);
  return sum === checksum(key) && Number.isInteger(start) && start >= 0 ? start : undefined;
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** The number of bytes that count against the user's storage. */
export function usedBytes(folder: DriveFolder): number {
  let bytes = 0;
  for (const file of folder.all().values()) bytes += fileContent(file).length;
  return bytes;
}
