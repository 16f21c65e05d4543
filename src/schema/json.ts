import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { nestsDeeperThan } from '../core/json.js';

/** How many lists and maps may stand in each other: the parser calls itself. */
const MOST_LEVELS = 250;

/** Where a text stops being JSON, and what is wrong there: a sentence without its full stop. */
export interface JsonFault {
  readonly offset: number;
  readonly message: string;
}

/** A JSON text that was read, with the places of what it holds. */
export interface JsonTree {
  readonly isObject: boolean;
  /** The value at a path; undefined if there is none. Of a key that stands twice, the first counts. */
  at(...path: readonly (string | number)[]): unknown;
  /** Where what is at a path begins, a map's entry with its key; undefined if there is nothing. */
  offsetOf(...path: readonly (string | number)[]): number | undefined;
  /** Whether a map in it has a key twice. */
  hasRepeatedKeys(): boolean;
}

/**
 * Reads a JSON text, in a time that grows with it and no deeper than 250 levels.
 *
 * @param lenient whether comments and trailing commas are taken, as some tools' own readers do.
 * @see https://www.rfc-editor.org/rfc/rfc8259
 */
export function parseJson(text: string, lenient = false): JsonTree | JsonFault {
  if (nestsDeeperThan(text, MOST_LEVELS)) {
    return { offset: 0, message: 'it is nested too deeply' };
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, {
    disallowComments: !lenient,
    allowTrailingComma: lenient,
  });
  if (errors.length > 0) return toFault(text, errors);
  if (root === undefined) return { offset: 0, message: 'it is empty' };

  const members = new Map<Node, ReadonlyMap<string, Node>>();
  const membersOf = (node: Node) => {
    const known = members.get(node) ?? toMembers(node);
    members.set(node, known);
    return known;
  };
  const find = (path: readonly (string | number)[]) =>
    path.reduce<Node | undefined>((node, step) => {
      if (node === undefined || typeof step === 'number') {
        return node?.type === 'array' ? node.children?.[Number(step)] : undefined;
      }
      return node.type === 'object' ? membersOf(node).get(step) : undefined;
    }, root);
  return {
    isObject: root.type === 'object',
    at(...path) {
      const node = find(path);
      return node && toValue(node);
    },
    offsetOf(...path) {
      const node = find(path);
      return node?.parent?.type === 'property' ? node.parent.offset : node?.offset;
    },
    hasRepeatedKeys: () => hasRepeatedKeys(root),
  };
}

/** Whether a text was no JSON. */
export function isFault(read: JsonTree | JsonFault): read is JsonFault {
  return 'message' in read;
}

function toMembers({ children = [] }: Node): ReadonlyMap<string, Node> {
  const members = new Map<string, Node>();
  for (const { children: [key, value] = [] } of children) {
    if (key === undefined || value === undefined || members.has(key.value)) continue;
    members.set(key.value, value);
  }
  return members;
}

function hasRepeatedKeys(node: Node): boolean {
  const { type, children = [] } = node;
  if (type === 'object' && toMembers(node).size < children.length) return true;
  return children.some(hasRepeatedKeys);
}

/** Unlike the library's own, makes an entry of `__proto__` and sets no prototype by it. */
function toValue(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(toValue);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries([...toMembers(node)].map(([key, value]) => [key, toValue(value)]));
}

const SENTENCES: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'a key in double quotes, or } is expected here',
  ValueExpected: 'a value is expected here',
  InvalidSymbol: 'a value is expected here',
  InvalidNumberFormat: 'a value is expected here',
  UnexpectedEndOfNumber: 'a value is expected here',
  ColonExpected: 'a colon is expected here',
  CommaExpected: 'a comma or a closing bracket is expected here',
  EndOfFileExpected: 'the end of the text is expected here',
  InvalidCommentToken: 'there are no comments in it',
};

function toFault(text: string, [first, second]: readonly ParseError[]): JsonFault {
  const { offset = 0, length = 0 } = first ?? {};
  if (offset >= text.trimEnd().length && length === 0) {
    return { offset, message: 'it ends in the middle of a map or a list' };
  }
  const codeOf = (fault?: ParseError) => fault && printParseErrorCode(fault.error);
  const code = text[offset] === '#' ? 'InvalidCommentToken' : (codeOf(first) ?? '');
  // A word without quotes is only told from a wrong value by what is missed after it.
  const after = codeOf(second) ?? '';
  const isKey = code === 'InvalidSymbol' && after === 'PropertyNameExpected';
  const otherwise = 'the text that begins here does not end, or has a character or a \\ too many';
  return { offset, message: SENTENCES[isKey ? after : code] ?? otherwise };
}
