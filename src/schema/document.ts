import type { GsacError } from '../core/errors.js';

/** A JSON Schema (draft-07) as plain data; editors read the same object that gsac checks against. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** A place in a text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where in a document's value something lies: keys of maps and indexes of lists, outermost first. */
export type DocumentPath = readonly (string | number)[];

/** Something that is wrong with a document. */
export interface DocumentProblem extends Position {
  /** Such as `flows[2].expect.scopes`; empty for the document as a whole. */
  readonly path: string;
  /** What is wrong, a sentence without its full stop that names the path. */
  readonly message: string;
}

/** A document that has been read and fits its schema. */
export interface LocatedDocument<T> {
  readonly value: T;
  /**
   * Where a part of the value stands in the text: the key of an entry, the beginning of a list's
   * item. For a part that is not there, where the nearest thing around it stands.
   */
  locate(path: DocumentPath): Position;
  /**
   * The error of a document that fits its schema and is wrong all the same, such as one that names
   * what it does not have; each problem is found at its path.
   */
  refuse(problems: readonly { readonly path: DocumentPath; readonly saying: string }[]): GsacError;
}
