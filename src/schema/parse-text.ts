import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import type { Position } from './document.js';
import { findJsonFault } from './json-fault.js';

/** How often the aliases of a text may expand in all; more is an attack, or a mistake. */
const MOST_ALIASES = 100;

/** How many lists and maps may stand in each other: the parser and what follows it call themselves. */
const MOST_LEVELS = 250;

/** A fault of the text itself, before anybody asks what it means. */
export interface TextProblem extends Position {
  readonly message: string;
}

/** A text read as YAML 1.2, of which JSON is a part. */
export interface ParsedText {
  readonly document: Document;
  readonly value: unknown;
  positionOf(offset: number): Position;
}

const SENTENCES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'YAML is indented with blanks, not with tabs',
  MULTIPLE_DOCS: 'one document is taken, and here begins a second one (`---`)',
  NON_STRING_KEY: 'a key must be a text',
  BAD_INDENT: 'the indentation fits nothing above it',
  TAG_RESOLVE_FAILED: 'tags (`!name`) mean nothing here',
  BLOCK_AS_IMPLICIT_KEY: 'a list or map cannot stand on the line of its key',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line and end with a colon',
};

/**
 * Parses a text, with every fault of it at its place. Keys are texts and unique; anchors and aliases
 * (and `<<`) work, as long as they stay few and do not hold themselves. Does not bound the text's size.
 */
export function parseText(text: string): ParsedText | readonly TextProblem[] {
  const lines = new LineCounter();
  const positionOf = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const tooDeep = findDeepest(text);
  if (tooDeep !== undefined) {
    return [{ ...lineAndColumn(text, tooDeep), message: 'this is nested too deeply' }];
  }
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
      merge: true,
      // Its own way compares every key with every other one.
      uniqueKeys: false,
    });
    const faults = [...document.errors, ...document.warnings].map((error) => ({
      ...positionOf(error.pos[0]),
      message: toSentence(error),
    }));
    if (faults.length > 0) return asJson(text) ?? faults;
    const odd = findOddNodes(document, positionOf, text);
    if (odd.length > 0) return odd;
    return { document, value: document.toJS({ maxAliasCount: MOST_ALIASES }), positionOf };
  } catch (thrown) {
    if (thrown instanceof RangeError) {
      return [{ line: 1, column: 1, message: 'this is nested too deeply' }];
    }
    if (thrown instanceof ReferenceError) {
      return [{ line: 1, column: 1, message: 'the aliases (`*name`) repeat too much' }];
    }
    throw thrown;
  }
}

function toSentence(error: YAMLError): string {
  const known = SENTENCES[error.code];
  return known ?? `this is no YAML: ${error.message.replace(/\s+/g, ' ').slice(0, 200)}`;
}

/**
 * What is wrong with a text as JSON, where it begins as JSON does and is none; undefined for anything
 * else. To YAML much is allowed that nobody meant: the words of a comment are a key.
 */
export function asJson(text: string): readonly TextProblem[] | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  const fault = findJsonFault(text);
  if (fault === undefined) return undefined;
  return [{ ...lineAndColumn(text, fault.offset), message: fault.message }];
}

/** Where lists and maps in brackets, or in lists on one line (`- - -`), go too deep. */
function findDeepest(text: string): number | undefined {
  let depth = 0;
  let items = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '[' || letter === '{') depth += 1;
    else if (letter === ']' || letter === '}') depth -= 1;
    if ((letter === '-' || letter === '?') && text[at + 1] === ' ') items += 1;
    else if (letter !== ' ') items = 0;
    if (depth > MOST_LEVELS || items > MOST_LEVELS) return at;
  }
  return undefined;
}

function lineAndColumn(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  return {
    line: before.split('\n').length,
    column: offset - before.lastIndexOf('\n'),
  };
}

/** Keys that stand twice, and aliases that lead nowhere or hold themselves. */
function findOddNodes(
  document: Document,
  positionOf: (offset: number) => Position,
  text: string,
): TextProblem[] {
  const problems: TextProblem[] = [];
  const anchors = new Map<string, readonly [begin: number, end: number]>();
  visit(document, (_key, node) => {
    if (!isNode(node)) return;
    if (isMap(node)) {
      for (const at of findRepeated(node)) {
        const key = /^[^\s:,}\]]{1,40}/.exec(text.slice(at, at + 80))?.[0] ?? '';
        const message = `the key ${key} stands here a second time`.replace('  ', ' ');
        problems.push({ ...positionOf(at), message });
      }
    }
    const [begin, end] = node.range ?? [0, 0];
    if (!isAlias(node)) {
      if (node.anchor !== undefined) anchors.set(node.anchor, [begin, end]);
      return;
    }
    // The last anchor of that name above.
    const range = anchors.get(node.source);
    if (range === undefined) {
      const message = `there is no anchor &${node.source} above`;
      problems.push({ ...positionOf(begin), message });
    } else if (range[0] <= begin && begin < range[1]) {
      problems.push({ ...positionOf(begin), message: `*${node.source} holds itself` });
    }
  });
  return problems;
}

/** Where the keys of a map begin that it has already; `<<` may stand more than once. */
function findRepeated({ items }: YAMLMap): number[] {
  const keys = new Set<unknown>();
  return items.flatMap(({ key }) => {
    const name = isScalar(key) ? key.value : key;
    const isNew = !keys.has(name) || name === '<<';
    keys.add(name);
    return isNew ? [] : [isNode(key) ? (key.range?.[0] ?? 0) : 0];
  });
}
