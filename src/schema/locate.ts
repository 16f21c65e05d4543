import { isAlias, isMap, isNode, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import type { DocumentPath, Position } from './document.js';
import type { ParsedText } from './parse-text.js';

/**
 * Finds where a part of a document stands: the key of an entry, the beginning of an item. Follows
 * aliases; where the path leads nowhere, the last place that it led to.
 */
export function locate(
  { document, positionOf }: Pick<ParsedText, 'document' | 'positionOf'>,
  path: DocumentPath,
): Position {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
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
  return positionOf(offset);
}

const found = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

/** The entries of a map by their keys, gathered once: thousands of problems may lie in one. */
function pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
  const pairs =
    found.get(map) ?? new Map(map.items.map((pair) => [keyOf(pair.key), pair] as const));
  found.set(map, pairs);
  return pairs;
}

function keyOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

/** Writes a path as people do: `flows[2].expect.scopes`. */
export function renderPath(path: DocumentPath): string {
  return path
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`;
      return /^[\w-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step.slice(0, 80))}]`;
    })
    .join('')
    .replace(/^\./, '');
}
