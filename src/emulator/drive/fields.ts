/** A parsed `fields` parameter: names and what is wanted below them; `true` is everything. */
export type FieldMask = Map<string, FieldMask | true>;

const LONGEST = 100_000;
const DEEPEST = 50;

/** Thrown for a `fields` parameter that is not one. */
export class FieldMaskError extends Error {
  override readonly name = 'FieldMaskError';
}

/**
 * Parses a partial-response mask such as `nextPageToken,files(id,owners/emailAddress)`.
 * @throws {FieldMaskError}
 * @see https://developers.google.com/workspace/drive/api/guides/fields-parameter
 */
export function parseFields(text: string): FieldMask {
  const fail = (): never => {
    throw new FieldMaskError(`Invalid field selection ${text.slice(0, 200)}`);
  };
  if (text.length > LONGEST) return fail();
  const tokens = text.match(/[\w*-]+|[(),/]|\S/g) ?? [];
  let position = 0;
  let depth = 0;
  const parseList = (): FieldMask => {
    const mask: FieldMask = new Map();
    do {
      const [name, below] = parseOne();
      merge(mask, name, below);
    } while (tokens[position] === ',' && ++position);
    return mask;
  };
  const parseOne = (): [string, FieldMask | true] => {
    const name = tokens[position++];
    if (name === undefined || !/^[\w*-]+$/.test(name)) return fail();
    const sign = tokens[position];
    if (sign !== '/' && sign !== '(') return [name, true];
    position += 1;
    depth += 1;
    if (depth > DEEPEST) return fail();
    const below = sign === '/' ? new Map([parseOne()]) : parseList();
    if (sign === '(' && tokens[position++] !== ')') return fail();
    depth -= 1;
    return [name, below];
  };
  const mask = parseList();
  return position === tokens.length ? mask : fail();
}

/** What `fields` may name of each answer, on its first level and, of a list, below `files`. */
const about =
  'kind user storageQuota importFormats exportFormats maxImportSizes maxUploadSize appInstalled folderColorPalette driveThemes teamDriveThemes canCreateDrives canCreateTeamDrives';
const list = 'kind nextPageToken incompleteSearch files';
const file =
  'kind id name mimeType description starred trashed explicitlyTrashed trashingUser trashedTime parents properties appProperties spaces version webContentLink webViewLink iconLink hasThumbnail thumbnailLink thumbnailVersion viewedByMe viewedByMeTime createdTime modifiedTime modifiedByMe modifiedByMeTime sharedWithMeTime sharingUser owners driveId teamDriveId lastModifyingUser shared ownedByMe capabilities viewersCanCopyContent copyRequiresWriterPermission writersCanShare permissions permissionIds hasAugmentedPermissions folderColorRgb originalFilename fullFileExtension fileExtension md5Checksum sha1Checksum sha256Checksum size quotaBytesUsed headRevisionId contentHints imageMediaMetadata videoMediaMetadata isAppAuthorized exportLinks shortcutDetails contentRestrictions labelInfo resourceKey linkShareMetadata inheritedPermissionsDisabled downloadRestrictions';
const known = {
  about: new Set(about.split(' ')),
  list: new Set(list.split(' ')),
  file: new Set(file.split(' ')),
};

/**
 * Parses a query's `fields`; undefined where it is absent. Deeper levels than the fields of a file
 * are not checked.
 * @throws {FieldMaskError}
 * @see https://developers.google.com/workspace/drive/api/reference/rest/v3/files
 */
export function readMask(
  query: URLSearchParams,
  answer: keyof typeof known,
): FieldMask | undefined {
  const fields = query.get('fields');
  if (!fields) return undefined;
  const mask = parseFields(fields);
  requireKnown(mask, answer);
  const files = answer === 'list' ? mask.get('files') : undefined;
  if (files instanceof Map) requireKnown(files, 'file');
  return mask;
}

function requireKnown(mask: FieldMask, answer: keyof typeof known): void {
  for (const name of mask.keys()) {
    if (name !== '*' && !known[answer].has(name)) {
      throw new FieldMaskError(`Invalid field selection ${name.slice(0, 200)}`);
    }
  }
}

function merge(mask: FieldMask, name: string, below: FieldMask | true): void {
  const known = mask.get(name);
  if (known === undefined || known === true || below === true) {
    mask.set(name, known === true ? true : below);
    return;
  }
  for (const [key, value] of below) merge(known, key, value);
}

/** Tells whether a mask lets a field through. */
export function wants(mask: FieldMask | true, name: string): boolean {
  return mask === true || mask.has('*') || mask.has(name);
}

/** The part of a mask below a field. */
export function below(mask: FieldMask | true, name: string): FieldMask | true {
  return mask === true ? true : (mask.get(name) ?? mask.get('*') ?? true);
}

/** Keeps of a value what a mask lets through; arrays are masked element by element. */
export function project(value: unknown, mask: FieldMask | true): unknown {
  if (mask === true || mask.get('*') === true) return value;
  if (Array.isArray(value)) return value.map((one) => project(one, mask));
  if (typeof value !== 'object' || value === null) return value;
  const out: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(value)) {
    if (wants(mask, key)) out[key] = project(one, below(mask, key));
  }
  return out;
}
