import type { Call } from '../http/call.js';
import { parseJsonObject } from '../http/json.js';
import { apiError, apiJson } from '../http/respond.js';
import type { DriveFile } from '../state/drive-store.js';
import { type DriveAccess, isBuiltIn, realId } from './access.js';
import { badRequest, fileNotFound, forbidden, notForAppData, notTrashable } from './errors.js';
import { readMask } from './fields.js';
import { parseMultipart } from './multipart.js';
import { toFileResource } from './resource.js';

/** What a create or update request says. */
export interface FileChange {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly media?: { readonly content: Buffer; readonly mimeType: string };
}

const OWN_FIELDS = ['id', 'kind', 'name', 'mimeType', 'parents', 'createdTime', 'modifiedTime'];
const READ_ONLY = ['size', 'md5Checksum', 'version', 'owners', 'spaces', 'capabilities'];
const NOT_EXTRA = new Set([...OWN_FIELDS, ...READ_ONLY]);

/**
 * Answers `files.update` of a file, or else `files.create`: metadata alone, `uploadType=media` and
 * `uploadType=multipart`.
 */
export function uploadFile(call: Call, access: DriveAccess, file?: DriveFile): Response {
  const change = readChange(call);
  return change instanceof Response ? change : applyChange(call, change, access, file);
}

/** Changes a file, or else creates one, by what was understood of a request. */
export function applyChange(
  call: Call,
  change: FileChange,
  access: DriveAccess,
  file?: DriveFile,
): Response {
  // First, so that a request whose fields are refused changes nothing.
  const mask = readMask(call.query, 'file');
  const result = file ? update(call, change, access, file) : create(call, change, access);
  if (result instanceof Response) return result;
  access.folder.put(result);
  return apiJson(toFileResource(result, access.folder, mask));
}

function create(call: Call, change: FileChange, access: DriveAccess): DriveFile | Response {
  const { folder, spaces } = access;
  const { metadata, media } = change;
  const asked = Array.isArray(metadata['parents']) ? metadata['parents'].map(String) : [];
  const parents = (asked.length > 0 ? asked : ['root']).map((id) => realId(id, folder));
  const [parent = folder.rootId] = parents;
  const known = folder.all().get(parent);
  const inAppFolder = parent === folder.appFolderId || known?.space === 'appDataFolder';
  const space = inAppFolder ? 'appDataFolder' : 'drive';
  if (!spaces[space]) {
    const message = 'Insufficient permissions for the specified parent.';
    return forbidden('insufficientParentPermissions', message);
  }
  if (!inAppFolder && parent !== folder.rootId && !known) return fileNotFound(parent);
  const id = typeof metadata['id'] === 'string' ? metadata['id'] : folder.newId();
  if (folder.all().has(id)) {
    const message = 'A file already exists with the provided ID.';
    return apiError({ code: 409, message, reason: 'fileIdInUse' });
  }
  return {
    id,
    space,
    name: textOf(metadata['name']) ?? 'Untitled',
    mimeType: textOf(metadata['mimeType']) ?? media?.mimeType ?? 'application/octet-stream',
    parents,
    createdAt: timeOf(metadata['createdTime']) ?? call.now,
    modifiedAt: timeOf(metadata['modifiedTime']) ?? call.now,
    content: media?.content ?? Buffer.alloc(0),
    extra: extraOf(metadata),
    version: 1,
  };
}

function update(
  call: Call,
  { metadata, media }: FileChange,
  { folder }: DriveAccess,
  file: DriveFile,
): DriveFile | Response {
  const moves = call.query.has('addParents') || call.query.has('removeParents');
  const isHidden = file.space === 'appDataFolder';
  if ((isHidden && moves) || isBuiltIn(file, folder)) return notForAppData();
  if (isHidden && metadata['trashed'] === true) return notTrashable();
  file.name = textOf(metadata['name']) ?? file.name;
  file.mimeType = textOf(metadata['mimeType']) ?? media?.mimeType ?? file.mimeType;
  file.modifiedAt = timeOf(metadata['modifiedTime']) ?? call.now;
  file.extra = { ...file.extra, ...extraOf(metadata) };
  if (media) file.content = media.content;
  file.version += 1;
  return file;
}

function readChange(call: Call): FileChange | Response {
  const contentType = call.headers.get('content-type') ?? '';
  const isUpload = call.path.startsWith('/upload/');
  const uploadType = call.query.get('uploadType') ?? call.headers.get('x-goog-upload-protocol');
  if (!isUpload) return readMetadata(call.body);
  if (uploadType === 'multipart' || contentType.startsWith('multipart/')) {
    return readMultipart(contentType, call.body);
  }
  if (uploadType === 'media' || uploadType === 'raw') {
    const mimeType = contentType === '' ? 'application/octet-stream' : contentType;
    return { metadata: {}, media: { content: call.body, mimeType } };
  }
  return badRequest(`Unknown uploadType ${uploadType ?? '(none)'}.`);
}

function readMultipart(contentType: string, body: Buffer): FileChange | Response {
  const [first, second] = parseMultipart(contentType, body) ?? [];
  if (!first || !second) return badRequest('Malformed multipart body.');
  const change = readMetadata(first.content);
  if (change instanceof Response) return change;
  const encoding = second.headers.get('content-transfer-encoding')?.toLowerCase();
  const content =
    encoding === 'base64'
      ? Buffer.from(second.content.toString('latin1'), 'base64')
      : Buffer.from(second.content);
  const mimeType = second.headers.get('content-type') ?? 'application/octet-stream';
  return { metadata: change.metadata, media: { content, mimeType } };
}

/** Reads the JSON that describes a file; an empty body describes nothing. */
export function readMetadata(body: Buffer): FileChange | Response {
  if (body.toString().trim() === '') return { metadata: {} };
  const metadata = parseJsonObject(body);
  return metadata ? { metadata } : badRequest('Parse Error', 'parseError');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

function extraOf(metadata: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => !NOT_EXTRA.has(name)));
}
