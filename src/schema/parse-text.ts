import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Pair,
  Parser,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import type { DocumentPath, Position } from './document.js';
import { isFault, parseJson } from './json.js';
import { createPositionOf } from './positions.js';

type PositionOf = (offset: number) => Position;

/** How often the aliases of a text may expand in all; more is an attack, or a mistake. */
const MOST_ALIASES = 100;

/** How many lists and maps may stand in each other: the parser and what follows it call themselves. */
const MOST_LEVELS = 250;

/** A fault of the text itself, before anybody asks what it means. */
export interface TextProblem extends Position {
  readonly message: string;
}

/** A text that was read as JSON or as YAML 1.2. */
export interface ParsedText {
  readonly value: unknown;
  /**
   * Where a part stands: the key of an entry, the beginning of an item. Aliases are followed; if the
   * path leads nowhere, the last place that it led to.
   */
  locate(path: DocumentPath): Position;
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
  const positionOf = createPositionOf(text);
  const json = parsePlainJson(text, positionOf);
  if (json !== undefined) return json;
  const tooDeep = findDeepest(text);
  if (tooDeep !== undefined) {
    return [{ ...positionOf(tooDeep), message: 'this is nested too deeply' }];
  }
  const broken = findFirstFault(text);
  if (broken !== undefined) {
    return asJson(text) ?? [{ ...positionOf(broken.offset), message: noYaml(broken.message) }];
  }
  try {
    const document = parseDocument(text, {
      prettyErrors: false,
      stringKeys: true,
      merge: true,
      // Its own way compares every key with every other one.
      uniqueKeys: false,
    });
    const faults = [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
      ...positionOf(pos[0]),
      message: SENTENCES[code] ?? noYaml(message),
    }));
    if (faults.length > 0) return asJson(text) ?? faults;
    const odd = findOddNodes(document, positionOf, text);
    if (odd.length > 0) return odd;
    return {
      value: document.toJS({ maxAliasCount: MOST_ALIASES }),
      locate: (path) => positionOf(offsetIn(document, path)),
    };
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

/**
 * The first thing that makes a text no YAML. The library goes on after it, in a time that grows with
 * the square of what follows.
 */
function findFirstFault(text: string): { offset: number; message: string } | undefined {
  for (const token of new Parser().parse(text)) if (token.type === 'error') return token;
  return undefined;
}

function noYaml(message: string): string {
  return `this is no YAML: ${message.slice(0, 400).replace(/\s+/g, ' ').slice(0, 200)}`;
}

/** A JSON object, of which YAML would make the same; undefined if that is not sure. */
function parsePlainJson(text: string, positionOf: PositionOf): ParsedText | undefined {
  // To YAML a carriage return alone is no blank.
  if (!/^\s*\{/.test(text) || /\r(?!\n)/.test(text)) return undefined;
  const json = parseJson(text);
  if (isFault(json) || json.hasRepeatedKeys()) return undefined;
  return {
    value: json.at(),
    locate(path) {
      let offset: number | undefined;
      for (let end = path.length; offset === undefined; end -= 1) {
        offset = json.offsetOf(...path.slice(0, end));
      }
      return positionOf(offset);
    },
  };
}

/**
 * What is wrong with a text as JSON, if it begins as JSON does and is none; undefined for anything
 * else. To YAML much is allowed that nobody meant: the words of a comment are a key.
 */
export function asJson(text: string): readonly TextProblem[] | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  const json = parseJson(text);
  if (!isFault(json)) return undefined;
  return [{ ...createPositionOf(text)(json.offset), message: `this is no JSON: ${json.message}` }];
}

/** Where lists and maps in brackets, or in each other on one line (`- - -`), go too deep. */
function findDeepest(text: string): number | undefined {
  let depth = 0;
  let items = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    if (letter === '[' || letter === '{') depth += 1;
    else if (letter === ']' || letter === '}') depth -= 1;
    if ('-?:'.includes(letter) && text[at + 1] === ' ') items += 1;
    else if (letter !== ' ') items = 0;
    if (depth > MOST_LEVELS || items > MOST_LEVELS) return at;
  }
  return undefined;
}

/** Keys that stand twice, and aliases that lead nowhere or hold themselves. */
function findOddNodes(document: Document, positionOf: PositionOf, text: string): TextProblem[] {
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
    return isNew ? [] : [startOf(key) ?? 0];
  });
}

function offsetIn(document: Document, path: DocumentPath): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = pairsOf(node).get(String(step));
      if (!pair) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else {
      break;
    }
  }
  return offset;
}

const found = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

/** The entries of a map by their keys, gathered once: thousands of problems may lie in one. */
function pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
  const pairs =
    found.get(map) ??
    new Map(
      map.items.map((pair) => [String(isScalar(pair.key) ? pair.key.value : pair.key), pair]),
    );
  found.set(map, pairs);
  return pairs;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
