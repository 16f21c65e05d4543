import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { lineAt } from '../locate.js';

/** A JSON file, with the lines of what it holds. */
export interface JsonFile {
  /** The value at a path; undefined where there is none. */
  at(...path: (string | number)[]): unknown;
  /** The line of what is at a path; null where there is none. */
  lineOf(...path: (string | number)[]): number | null;
}

/** Why a JSON file could not be read. */
export interface JsonFailure {
  reason: string;
  line: number | null;
}

/**
 * Reads a JSON object.
 *
 * @param lenient whether comments and trailing commas are taken, as some tools' own readers do.
 * @returns a failure, which quotes nothing of the file, where it is no JSON object.
 */
export function parseJson(text: string, lenient = false): JsonFile | JsonFailure {
  const bare = text.replace(/^\uFEFF/, '');
  if (bare.trim() === '') return { reason: 'it is empty', line: null };
  const errors: ParseError[] = [];
  const root = parseTree(bare, errors, {
    disallowComments: !lenient,
    allowTrailingComma: lenient,
  });
  const [error] = errors;
  if (error !== undefined) {
    const words = printParseErrorCode(error.error).replace(/([a-z])([A-Z])/g, '$1 $2');
    return { reason: words.toLowerCase(), line: lineAt(bare, error.offset) };
  }
  if (root === undefined || root.type !== 'object')
    return { reason: 'it is no JSON object', line: 1 };
  const find = (path: (string | number)[]): Node | undefined => findNodeAtLocation(root, path);
  return {
    at(...path) {
      const node = find(path);
      return node === undefined ? undefined : (getNodeValue(node) as unknown);
    },
    lineOf(...path) {
      const node = find(path);
      return node === undefined ? null : lineAt(bare, node.offset);
    },
  };
}

/** Whether a JSON file could not be read. */
export function isFailure(read: JsonFile | JsonFailure): read is JsonFailure {
  return 'reason' in read;
}
