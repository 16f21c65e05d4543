import type { DriveFile } from '../state/drive-store.js';

/** Decides whether a file is found. */
export type FilePredicate = (file: DriveFile) => boolean;

/** Thrown for a `q` or an `orderBy` that cannot be understood. */
export class DriveQueryError extends Error {
  override readonly name = 'DriveQueryError';
  readonly parameter: 'q' | 'orderBy';

  constructor(message: string, parameter: 'q' | 'orderBy' = 'q') {
    super(message);
    this.parameter = parameter;
  }
}

const TOKEN = /\s*(?:'((?:[^'\\]|\\.)*)'|(<=|>=|!=|[=<>()])|([A-Za-z_][\w.]*))/y;
const LONGEST = 8_192;
/** Of what is searched in names: each place in a name may be compared with all of it. */
const LONGEST_WORD = 256;
const DEEPEST = 50;

interface Token {
  readonly kind: 'text' | 'sign' | 'word' | 'end';
  readonly value: string;
}

/**
 * Parses the simple part of Drive's search language: name, fullText, mimeType, trashed, starred,
 * modifiedTime, createdTime, `in parents`, `in owners`, joined by `and`, `or`, `not` and brackets.
 * Aliases in `parents` are resolved by `resolveId`.
 * @throws {DriveQueryError}
 * @see https://developers.google.com/workspace/drive/api/guides/ref-search-terms
 */
export function parseDriveQuery(q: string, resolveId: (id: string) => string): FilePredicate {
  if (q.length > LONGEST) throw new DriveQueryError('The search is too long');
  const tokens = tokenize(q);
  let position = 0;
  let depth = 0;
  const peek = (): Token => tokens[position] ?? { kind: 'end', value: '' };
  const next = (): Token => {
    const token = peek();
    position += 1;
    return token;
  };
  const accept = (value: string): boolean => {
    const token = peek();
    if (token.kind === 'text' || token.value.toLowerCase() !== value) return false;
    position += 1;
    return true;
  };
  const parseOr = (): FilePredicate => {
    const parts = [parseAnd()];
    while (accept('or')) parts.push(parseAnd());
    return (file) => parts.some((part) => part(file));
  };
  const parseAnd = (): FilePredicate => {
    const parts = [parseTerm()];
    while (accept('and')) parts.push(parseTerm());
    return (file) => parts.every((part) => part(file));
  };
  const parseTerm = (): FilePredicate => {
    const isNot = accept('not');
    if (isNot || accept('(')) {
      depth += 1;
      if (depth > DEEPEST) throw new DriveQueryError('The search is too deep');
      const inner = isNot ? parseTerm() : parseOr();
      if (!isNot && !accept(')')) throw new DriveQueryError('A bracket is not closed');
      depth -= 1;
      return isNot ? (file) => !inner(file) : inner;
    }
    const left = next();
    const operator = next();
    const compare = operator.value.toLowerCase();
    if (left.kind === 'text' && compare === 'in') {
      return inCollection(left.value, next().value, resolveId);
    }
    if (left.kind !== 'word') {
      throw new DriveQueryError(`Not understood at "${left.value} ${operator.value}"`);
    }
    const right = next();
    if (right.kind !== 'text' && !/^(true|false)$/i.test(right.value)) {
      throw new DriveQueryError(`No value after "${left.value} ${operator.value}"`);
    }
    return compareField(left.value, compare, right.value);
  };
  const predicate = parseOr();
  if (position < tokens.length) throw new DriveQueryError(`Not understood at "${peek().value}"`);
  return predicate;
}

function tokenize(q: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = q.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(q);
    if (!match) throw new DriveQueryError(`Not understood at "${q.slice(at, at + 80)}"`);
    const [, text, sign, word] = match;
    if (text !== undefined) tokens.push({ kind: 'text', value: text.replace(/\\(.)/g, '$1') });
    else if (sign !== undefined) tokens.push({ kind: 'sign', value: sign });
    else tokens.push({ kind: 'word', value: word ?? '' });
  }
  return tokens;
}

function inCollection(
  value: string,
  collection: string,
  resolveId: (id: string) => string,
): FilePredicate {
  if (collection === 'parents') {
    const id = resolveId(value);
    return (file) => file.parents.includes(id);
  }
  // Every file here belongs to the user who asks.
  if (collection === 'owners' || collection === 'writers' || collection === 'readers') {
    return () => value === 'me' || value.includes('@');
  }
  throw new DriveQueryError(`Unknown collection "${collection}"`);
}

function compareField(field: string, compare: string, value: string): FilePredicate {
  switch (field) {
    case 'name':
    case 'fullText': {
      // Drive matches `contains` by the beginning of words, without regard to case.
      const wanted = value.toLowerCase();
      if (compare !== 'contains') return equality(compare, (file) => file.name === value);
      if (wanted.length > LONGEST_WORD) throw new DriveQueryError('The value is too long');
      return (file) => hasWord(file.name.toLowerCase(), wanted);
    }
    case 'mimeType':
      if (compare === 'contains') return (file) => file.mimeType.startsWith(value);
      return equality(compare, (file) => file.mimeType === value);
    case 'trashed':
    case 'starred':
      return equality(
        compare,
        (file) => String(file.extra[field] ?? false) === value.toLowerCase(),
      );
    case 'sharedWithMe':
      return equality(compare, () => value.toLowerCase() === 'false');
    case 'modifiedTime':
      return order(compare, value, (file) => file.modifiedAt);
    case 'createdTime':
      return order(compare, value, (file) => file.createdAt);
    default:
      throw new DriveQueryError(`Unknown field "${field}"`);
  }
}

function hasWord(name: string, wanted: string): boolean {
  let at = name.indexOf(wanted);
  while (at >= 0) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(name[at - 1] ?? '')) return true;
    at = name.indexOf(wanted, at + 1);
  }
  return false;
}

function equality(compare: string, test: FilePredicate): FilePredicate {
  if (compare === '=') return test;
  if (compare === '!=') return (file) => !test(file);
  throw new DriveQueryError(`"${compare}" does not fit here`);
}

const ORDERS: ReadonlyMap<string, (time: number, bound: number) => boolean> = new Map([
  ['=', (time, bound) => time === bound],
  ['!=', (time, bound) => time !== bound],
  ['<', (time, bound) => time < bound],
  ['<=', (time, bound) => time <= bound],
  ['>', (time, bound) => time > bound],
  ['>=', (time, bound) => time >= bound],
]);

function order(compare: string, value: string, read: (file: DriveFile) => number): FilePredicate {
  // Times without a zone are UTC in Drive, local in Date.parse.
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/i.test(value) || !value.includes('T') ? value : `${value}Z`;
  const bound = Date.parse(zoned);
  if (Number.isNaN(bound)) throw new DriveQueryError(`Not a time: "${value}"`);
  const holds = ORDERS.get(compare);
  if (!holds) throw new DriveQueryError(`"${compare}" does not fit here`);
  return (file) => holds(read(file), bound);
}
