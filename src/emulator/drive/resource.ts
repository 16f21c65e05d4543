import {
  type DriveFile,
  type DriveFolder,
  fileChecksum,
  fileContent,
} from '../state/drive-store.js';
import { type FieldMask, parseFields, project, wants } from './fields.js';

const DEFAULT_FILE_FIELDS = parseFields('kind,id,name,mimeType');

const KNOWN_FIELDS: Record<string, (file: DriveFile, folder: DriveFolder) => unknown> = {
  kind: () => 'drive#file',
  id: (file) => file.id,
  name: (file) => file.name,
  mimeType: (file) => file.mimeType,
  starred: (file) => file.extra['starred'] ?? false,
  trashed: (file) => file.extra['trashed'] ?? false,
  explicitlyTrashed: (file) => file.extra['trashed'] ?? false,
  parents: (file) => (file.parents.length > 0 ? file.parents : undefined),
  spaces: (file) => [file.space],
  version: (file) => String(file.version),
  createdTime: (file) => isoTime(file.createdAt),
  modifiedTime: (file) => isoTime(file.modifiedAt),
  modifiedByMeTime: (file) => isoTime(file.modifiedAt),
  modifiedByMe: () => true,
  viewedByMe: () => true,
  owners: (_file, folder) => [driveUser(folder)],
  lastModifyingUser: (_file, folder) => driveUser(folder),
  shared: () => false,
  ownedByMe: () => true,
  size: (file) => blob(file, () => String(fileContent(file).length)),
  quotaBytesUsed: (file) => String(fileContent(file).length),
  md5Checksum: (file) => blob(file, () => fileChecksum(file)),
  sha1Checksum: (file) => blob(file, () => fileChecksum(file, 'sha1')),
  sha256Checksum: (file) => blob(file, () => fileChecksum(file, 'sha256')),
  originalFilename: (file) => blob(file, () => file.name),
  fileExtension: (file) => blob(file, () => /\.(\w+)$/.exec(file.name)?.[1] ?? ''),
  fullFileExtension: (file) => blob(file, () => /\.([\w.]+)$/.exec(file.name)?.[1] ?? ''),
  headRevisionId: (file) => blob(file, () => `${file.id.slice(0, 28)}${file.version}`),
  writersCanShare: () => true,
  isAppAuthorized: () => true,
  thumbnailVersion: () => '0',
  capabilities: () => ({ canDownload: true, canEdit: true, canRename: true, canDelete: true }),
};

/**
 * Writes a file as Drive answers it. Without a mask only kind, id, name and mimeType come, as
 * Drive's own default has it; fields a client set come back where the mask names them.
 */
export function toFileResource(
  file: DriveFile,
  folder: DriveFolder,
  fields: FieldMask | true = DEFAULT_FILE_FIELDS,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, read] of Object.entries(KNOWN_FIELDS)) {
    if (!wants(fields, name)) continue;
    const value = read(file, folder);
    if (value !== undefined) out[name] = value;
  }
  for (const [name, value] of Object.entries(file.extra)) {
    if (!(name in out) && wants(fields, name)) out[name] = value;
  }
  return project(out, fields) as Record<string, unknown>;
}

/** Writes a user as Drive does. */
export function driveUser(folder: DriveFolder): Record<string, unknown> {
  return {
    kind: 'drive#user',
    displayName: folder.user.name,
    photoLink: folder.user.picture.replace(/=s96-c$/, '=s64'),
    me: true,
    permissionId: folder.user.sub.slice(1),
    emailAddress: folder.user.email,
  };
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function blob<T>(file: DriveFile, read: () => T): T | undefined {
  return file.mimeType.startsWith('application/vnd.google-apps.') ? undefined : read();
}
