import {
  type DriveFile,
  type DriveFolder,
  fileChecksum,
  fileContent,
} from '../state/drive-store.js';

/** A type, as a discovery document writes it. */
export type FieldType = Readonly<Record<string, unknown>>;

// The types that several schemas have.
export const string: FieldType = { type: 'string' };
export const boolean: FieldType = { type: 'boolean' };
export const int64: FieldType = { type: 'string', format: 'int64' };
export const strings: FieldType = { type: 'array', items: string };
export const user: FieldType = { $ref: 'User' };
export const kind = (value: string): FieldType => ({ type: 'string', default: value });
export const record = (properties: FieldType): FieldType => ({ type: 'object', properties });
const time: FieldType = { type: 'string', format: 'date-time' };
const properties: FieldType = { type: 'object', additionalProperties: string };

type Read = (file: DriveFile, folder: DriveFolder) => unknown;

/** The fields of a file, each with what it says; without that, only what a client has set. */
export const FILE_FIELDS: Readonly<Record<string, readonly [FieldType, Read?]>> = {
  kind: [kind('drive#file'), () => 'drive#file'],
  id: [string, (file) => file.id],
  name: [string, (file) => file.name],
  mimeType: [string, (file) => file.mimeType],
  description: [string],
  starred: [boolean, (file) => file.extra['starred'] ?? false],
  trashed: [boolean, (file) => file.extra['trashed'] ?? false],
  explicitlyTrashed: [boolean, (file) => file.extra['trashed'] ?? false],
  parents: [strings, (file) => (file.parents.length > 0 ? file.parents : undefined)],
  properties: [properties],
  appProperties: [properties],
  spaces: [strings, (file) => [file.space]],
  version: [int64, (file) => String(file.version)],
  createdTime: [time, (file) => isoTime(file.createdAt)],
  modifiedTime: [time, (file) => isoTime(file.modifiedAt)],
  modifiedByMeTime: [time, (file) => isoTime(file.modifiedAt)],
  modifiedByMe: [boolean, () => true],
  viewedByMe: [boolean, () => true],
  owners: [{ type: 'array', items: user }, (_file, folder) => [driveUser(folder)]],
  lastModifyingUser: [user, (_file, folder) => driveUser(folder)],
  shared: [boolean, () => false],
  ownedByMe: [boolean, () => true],
  size: [int64, (file) => blob(file, () => String(fileContent(file).length))],
  quotaBytesUsed: [int64, (file) => String(fileContent(file).length)],
  md5Checksum: [string, (file) => blob(file, () => fileChecksum(file))],
  sha1Checksum: [string, (file) => blob(file, () => fileChecksum(file, 'sha1'))],
  sha256Checksum: [string, (file) => blob(file, () => fileChecksum(file, 'sha256'))],
  originalFilename: [string, (file) => blob(file, () => file.name)],
  fileExtension: [string, (file) => blob(file, () => /\.(\w+)$/.exec(file.name)?.[1] ?? '')],
  fullFileExtension: [string, (file) => blob(file, () => /\.([\w.]+)$/.exec(file.name)?.[1] ?? '')],
  headRevisionId: [string, (file) => blob(file, () => `${file.id.slice(0, 28)}${file.version}`)],
  writersCanShare: [boolean, () => true],
  isAppAuthorized: [boolean, () => true],
  thumbnailVersion: [int64, () => '0'],
  capabilities: [
    record({ canDownload: boolean, canEdit: boolean, canRename: boolean, canDelete: boolean }),
    () => ({ canDownload: true, canEdit: true, canRename: true, canDelete: true }),
  ],
};

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
