import { boolean, FILE_FIELDS, int64, kind, record, string, strings, user } from './file-fields.js';

const SCOPE = 'https://www.googleapis.com/auth/drive';
const SCOPES = [SCOPE, `${SCOPE}.appdata`, `${SCOPE}.file`];

type Json = Readonly<Record<string, unknown>>;

const text = (description: string): Json => ({ type: 'string', location: 'query', description });
const flag = (description: string): Json => ({ type: 'boolean', location: 'query', description });
const upTo1000 = (usual: string, description: string): Json => ({
  type: 'integer',
  format: 'int32',
  location: 'query',
  default: usual,
  minimum: '1',
  maximum: '1000',
  description,
});
const fileId: Json = {
  type: 'string',
  location: 'path',
  required: true,
  description: 'The ID of the file.',
};

const COMMON: Json = {
  acknowledgeAbuse: flag('Whether the user acknowledges the risk of downloading malware.'),
  includePermissionsForView: text('Additional views of permissions.'),
  includeLabels: text('Label IDs to include.'),
  supportsAllDrives: flag('Whether shared drives are supported.'),
  supportsTeamDrives: flag('Deprecated: use supportsAllDrives.'),
};

const WRITING: Json = {
  ...COMMON,
  enforceSingleParent: flag('Deprecated.'),
  ignoreDefaultVisibility: flag('Whether to ignore the domain default visibility.'),
  keepRevisionForever: flag('Whether to keep the new head revision forever.'),
  ocrLanguage: text('A language hint for OCR.'),
  useContentAsIndexableText: flag('Whether to index the content as text.'),
};

const FILE = { $ref: 'File' };

function method(id: string, httpMethod: string, path: string, rest: Json): Json {
  const parameterOrder = path.includes('{fileId}') ? ['fileId'] : [];
  const name = { id: `drive.${id}`, path, flatPath: path, httpMethod };
  return { ...name, scopes: SCOPES, parameterOrder, ...rest };
}

function uploadMethod(id: string, httpMethod: string, path: string, parameters: Json): Json {
  const protocol = { multipart: true, path: `/upload/drive/v3/${path}` };
  const protocols = { simple: protocol, resumable: protocol };
  return method(id, httpMethod, path, {
    supportsMediaUpload: true,
    parameters,
    request: FILE,
    response: FILE,
    mediaUpload: { accept: ['*/*'], maxSize: '5497558138880', protocols },
  });
}

const FILES: Json = {
  list: method('files.list', 'GET', 'files', {
    parameters: {
      ...COMMON,
      corpora: text('Bodies of items to search.'),
      corpus: text('Deprecated: use corpora.'),
      driveId: text('ID of the shared drive to search.'),
      includeItemsFromAllDrives: flag('Whether items of shared drives are included.'),
      orderBy: text('Sort keys, separated by commas.'),
      pageSize: upTo1000('100', 'The maximum number of files per page.'),
      pageToken: text('The token for continuing a previous list request.'),
      q: text('A query for filtering the file results.'),
      spaces: text("Spaces to query: 'drive' and 'appDataFolder'."),
    },
    response: { $ref: 'FileList' },
  }),
  get: method('files.get', 'GET', 'files/{fileId}', {
    supportsMediaDownload: true,
    useMediaDownloadService: true,
    parameters: { fileId, ...COMMON },
    response: FILE,
  }),
  create: uploadMethod('files.create', 'POST', 'files', WRITING),
  update: uploadMethod('files.update', 'PATCH', 'files/{fileId}', {
    fileId,
    ...WRITING,
    addParents: text('Parent IDs to add.'),
    removeParents: text('Parent IDs to remove.'),
  }),
  delete: method('files.delete', 'DELETE', 'files/{fileId}', {
    parameters: { fileId, ...COMMON },
  }),
  generateIds: method('files.generateIds', 'GET', 'files/generateIds', {
    parameters: {
      count: upTo1000('10', 'The number of IDs to return.'),
      space: text("The space in which the IDs can be used: 'drive' or 'appDataFolder'."),
      type: text('The type of items for which the IDs can be used.'),
    },
    response: { $ref: 'GeneratedIds' },
  }),
};

const ABOUT = method('about.get', 'GET', 'about', {
  parameters: {},
  response: { $ref: 'About' },
});

const FIELD_TYPES: Readonly<Record<string, Json>> = {
  File: Object.fromEntries(Object.entries(FILE_FIELDS).map(([name, [type]]) => [name, type])),
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
    storageQuota: record({
      limit: int64,
      usage: int64,
      usageInDrive: int64,
      usageInDriveTrash: int64,
    }),
    maxUploadSize: int64,
    appInstalled: boolean,
  },
};

const SCHEMAS = Object.fromEntries(
  Object.entries(FIELD_TYPES).map(([id, properties]) => [id, { id, type: 'object', properties }]),
);

const GLOBAL_PARAMETERS: Json = {
  '$.xgafv': text('V1 error format.'),
  access_token: text('OAuth access token.'),
  alt: { ...text('Data format for response.'), default: 'json', enum: ['json', 'media', 'proto'] },
  fields: text('Selector specifying which fields to include in a partial response.'),
  key: text('API key.'),
  oauth_token: text('OAuth 2.0 token for the current user.'),
  prettyPrint: { ...flag('Returns response with indentations and line breaks.'), default: 'true' },
  quotaUser: text('An opaque string that represents a user for quota purposes.'),
  uploadType: text('Upload protocol for media.'),
  upload_protocol: text('Upload protocol for media.'),
};

/**
 * Makes the discovery document of the part of Drive v3 that the emulator serves, with every
 * address on `origin`.
 * @see https://developers.google.com/discovery/v1/reference/apis
 */
export function createDriveDiscovery(origin: string): Json {
  return {
    kind: 'discovery#restDescription',
    discoveryVersion: 'v1',
    id: 'drive:v3',
    name: 'drive',
    version: 'v3',
    revision: '20250511',
    title: 'Google Drive API',
    description: 'The Google Drive API, as far as the emulator serves it.',
    documentationLink: 'https://developers.google.com/workspace/drive/',
    ownerDomain: 'google.com',
    ownerName: 'Google',
    protocol: 'rest',
    rootUrl: `${origin}/`,
    servicePath: 'drive/v3/',
    baseUrl: `${origin}/drive/v3/`,
    basePath: '/drive/v3/',
    batchPath: 'batch/drive/v3',
    parameters: GLOBAL_PARAMETERS,
    auth: {
      oauth2: {
        scopes: Object.fromEntries(SCOPES.map((scope) => [scope, { description: scope }])),
      },
    },
    schemas: SCHEMAS,
    resources: { about: { methods: { get: ABOUT } }, files: { methods: FILES } },
  };
}
