import { isFault, type JsonTree, parseJson } from '../../../schema/json.js';
import { createLineAt } from '../locate.js';
import type { Broken } from '../model.js';
import type { Facts } from './facts.js';

/** A JSON file, with the lines of what it holds. */
export interface JsonFile {
  at: JsonTree['at'];
  /** The line of what is at a path; null where there is none. */
  lineOf(...path: readonly (string | number)[]): number | null;
}

/** Why a file could not be read; quotes nothing of it. */
export type FileFailure = Pick<Broken, 'reason' | 'line'>;

/**
 * Reads a file that holds a JSON object.
 *
 * @param lenient whether comments and trailing commas are taken, as some tools' own readers do.
 */
export function readJsonFile(text: string, lenient = false): JsonFile | FileFailure {
  const bare = text.replace(/^\uFEFF/, '');
  if (bare.trim() === '') return { reason: 'it is empty', line: null };
  const lineAt = createLineAt(bare);
  const json = parseJson(bare, lenient);
  if (isFault(json)) return { reason: json.message, line: lineAt(json.offset) };
  if (!json.isObject) return { reason: 'it is no JSON object', line: 1 };
  return {
    at: json.at,
    lineOf(...path) {
      const offset = json.offsetOf(...path);
      return offset === undefined ? null : lineAt(offset);
    },
  };
}

/** Whether a file could not be read. */
export function isFailure(read: object): read is FileFailure {
  return 'reason' in read;
}

/** Reads a file whose name promises a JSON object; if it holds none, that is a fact. */
export function readNamedJson(
  file: string,
  what: string,
  bytes: Buffer,
  facts: Facts,
  lenient = false,
): JsonFile | undefined {
  facts.filesChecked += 1;
  const json = readJsonFile(bytes.toString('utf8'), lenient);
  if (!isFailure(json)) return json;
  facts.broken.push({ file, what, ...json });
  return undefined;
}

/** Whether a parsed value is an object with named fields. */
export function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value that is a text with something in it. */
export function toText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
