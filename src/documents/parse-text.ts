import { type Document, isAlias, LineCounter, parseDocument, visit, type YAMLError } from 'yaml';
import type { Position } from '../core/document.js';

/** How often the aliases of a text may expand in all; more is an attack, or a mistake. */
const MOST_ALIASES = 100;

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
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
      merge: true,
    });
    const faults = [...document.errors, ...document.warnings].map((error) => ({
      ...positionOf(error.pos[0]),
      message: toSentence(error, text),
    }));
    if (faults.length > 0) return faults;
    const aliases = findBadAliases(document, positionOf);
    if (aliases.length > 0) return aliases;
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

function toSentence(error: YAMLError, text: string): string {
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^[^\s:,}\]]{1,40}/.exec(text.slice(error.pos[0]))?.[0] ?? '';
    return `the key ${key} stands here a second time`.replace('  ', ' ');
  }
  const known = SENTENCES[error.code];
  return known ?? `this is no YAML: ${error.message.replace(/\s+/g, ' ').slice(0, 200)}`;
}

function findBadAliases(document: Document, positionOf: (offset: number) => Position) {
  const problems: TextProblem[] = [];
  visit(document, {
    Alias(_key, alias) {
      const start = alias.range?.[0] ?? 0;
      const target = isAlias(alias) ? alias.resolve(document) : undefined;
      const range = target?.range;
      if (target === undefined) {
        const message = `there is no anchor &${alias.source} above`;
        problems.push({ ...positionOf(start), message });
      } else if (range && range[0] <= start && start < range[1]) {
        problems.push({ ...positionOf(start), message: `*${alias.source} holds itself` });
      }
    },
  });
  return problems;
}
