type Schema = Readonly<Record<string, unknown>>;

const string: Schema = { type: 'string' };
const boolean: Schema = { type: 'boolean' };
const int64: Schema = { type: 'string', format: 'int64' };
const time: Schema = { type: 'string', format: 'date-time' };
const strings: Schema = { type: 'array', items: string };
const user: Schema = { $ref: 'User' };
const properties: Schema = { type: 'object', additionalProperties: string };
const kind = (value: string): Schema => ({ type: 'string', default: value });

/** The properties of each schema of the discovery document. */
export const FIELD_TYPES: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  File: {
    kind: kind('drive#file'),
    id: string,
    name: string,
    mimeType: string,
    description: string,
    starred: boolean,
    trashed: boolean,
    explicitlyTrashed: boolean,
    parents: strings,
    properties,
    appProperties: properties,
    spaces: strings,
    version: int64,
    createdTime: time,
    modifiedTime: time,
    modifiedByMeTime: time,
    modifiedByMe: boolean,
    viewedByMe: boolean,
    owners: { type: 'array', items: user },
    lastModifyingUser: user,
    shared: boolean,
    ownedByMe: boolean,
    size: int64,
    quotaBytesUsed: int64,
    md5Checksum: string,
    sha1Checksum: string,
    sha256Checksum: string,
    originalFilename: string,
    fileExtension: string,
    fullFileExtension: string,
    headRevisionId: string,
    writersCanShare: boolean,
    isAppAuthorized: boolean,
    thumbnailVersion: int64,
    capabilities: {
      type: 'object',
      properties: {
        canDownload: boolean,
        canEdit: boolean,
        canRename: boolean,
        canDelete: boolean,
      },
    },
  },
  FileList: {
    kind: kind('drive#fileList'),
    nextPageToken: string,
    incompleteSearch: boolean,
    files: { type: 'array', items: { $ref: 'File' } },
  },
  GeneratedIds: { kind: kind('drive#generatedIds'), space: string, ids: strings },
  User: {
    kind: kind('drive#user'),
    displayName: string,
    photoLink: string,
    me: boolean,
    permissionId: string,
    emailAddress: string,
  },
  About: {
    kind: kind('drive#about'),
    user,
    storageQuota: {
      type: 'object',
      properties: { limit: int64, usage: int64, usageInDrive: int64, usageInDriveTrash: int64 },
    },
    maxUploadSize: int64,
    appInstalled: boolean,
  },
};
