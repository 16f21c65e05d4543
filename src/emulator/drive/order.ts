import { type DriveFile, fileContent } from '../state/drive-store.js';
import { DriveQueryError } from './query.js';

type Comparison = (a: DriveFile, b: DriveFile) => number;

const LONGEST = 1_000;
const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const plain = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
const byModified: Comparison = (a, b) => a.modifiedAt - b.modifiedAt;

const KEYS: Readonly<Record<string, Comparison>> = {
  createdTime: (a, b) => a.createdAt - b.createdAt,
  modifiedTime: byModified,
  modifiedByMeTime: byModified,
  viewedByMeTime: byModified,
  recency: byModified,
  sharedWithMeTime: () => 0,
  name: (a, b) => plain(a.name.toLowerCase(), b.name.toLowerCase()),
  name_natural: (a, b) => natural.compare(a.name, b.name),
  quotaBytesUsed: (a, b) => fileContent(a).length - fileContent(b).length,
  starred: (a, b) => Number(b.extra['starred'] === true) - Number(a.extra['starred'] === true),
  folder: (a, b) => Number(isFolder(b)) - Number(isFolder(a)),
};

/**
 * Parses `orderBy`: keys separated by commas, each with an optional ` desc`. Nothing means newest
 * first, which Drive does without promising it.
 * @throws {DriveQueryError} for a key that Drive does not have.
 */
export function parseOrderBy(text: string): Comparison {
  if (text.length > LONGEST) throw new DriveQueryError('The order is too long', 'orderBy');
  const keys = text.split(',').flatMap((part) => {
    const [name = '', direction = 'asc', ...rest] = part.trim().split(/\s+/);
    if (name === '') return [];
    const compare = Object.hasOwn(KEYS, name) ? KEYS[name] : undefined;
    if (!compare || rest.length > 0 || !/^(asc|desc)$/.test(direction)) {
      throw new DriveQueryError(`Unknown sort key "${part}"`, 'orderBy');
    }
    return [direction === 'desc' ? (a: DriveFile, b: DriveFile) => compare(b, a) : compare];
  });
  if (keys.length === 0) return (a, b) => byModified(b, a);
  return (a, b) => {
    for (const compare of keys) {
      const result = compare(a, b);
      if (result !== 0) return result;
    }
    return 0;
  };
}

function isFolder(file: DriveFile): boolean {
  return file.mimeType === 'application/vnd.google-apps.folder';
}
