/** How a language writes its comments and its strings. */
export type Syntax = 'script' | 'c' | 'dart' | 'hash' | 'xml';

/**
 * Comments and strings, each in one alternative that takes all of it, an unclosed one to its end: so
 * no character is looked at twice. A quoted string of one line ends with its line.
 */
const quotedLine = String.raw`"(?:[^"\\\n]|\\.)*"?`;
const singleLine = String.raw`'(?:[^'\\\n]|\\.)*'?`;
const tripled = String.raw`"""[\s\S]*?(?:"""|$)`;
const lineComment = String.raw`\/\/[^\n]*`;
const blockComment = String.raw`\/\*[\s\S]*?(?:\*\/|$)`;
const shapes: Readonly<Record<Syntax, string>> = {
  script: `${lineComment}|${blockComment}|${quotedLine}|${singleLine}|${'`'}(?:[^${'`'}\\\\]|\\\\[\\s\\S])*${'`'}?`,
  // A quote of C's is one character.
  c: `${lineComment}|${blockComment}|${tripled}|${quotedLine}|'(?:[^'\\\\\\n]|\\\\.)'`,
  dart: `${lineComment}|${blockComment}|${tripled}|'''[\\s\\S]*?(?:'''|$)|${quotedLine}|${singleLine}`,
  hash: `#[^\\n]*|${quotedLine}|${singleLine}`,
  xml: String.raw`<!--[\s\S]*?(?:-->|$)`,
};
const patterns = Object.fromEntries(
  Object.entries(shapes).map(([syntax, shape]) => [syntax, new RegExp(shape, 'g')]),
) as Record<Syntax, RegExp>;

/** A text with blanks for its comments; what is left stands on the same lines and columns. */
export function withoutComments(text: string, syntax: Syntax): string {
  return text.replace(patterns[syntax], (found) =>
    /^(?:\/[/*]|#|<!)/.test(found) ? found.replace(/[^\n]/g, ' ') : found,
  );
}

/** The syntax of a file, by its ending. */
export function syntaxOf(ending: string): Syntax {
  if (/^([cm]?[jt]s|[jt]sx|vue|json)$/.test(ending)) return 'script';
  if (ending === 'dart') return 'dart';
  return /^(xml|plist)$/.test(ending) ? 'xml' : 'c';
}

/** One argument of a call, entry of an object or element of a list. */
export interface Part {
  /** The name before `:` or `=`; of a bare identifier in an object, the identifier. */
  name: string | undefined;
  text: string;
  /** Where the text begins. */
  offset: number;
}

/** No object, and no expression, of settings that people write is longer; the rest is left out. */
const longest = 20_000;
const longestExpression = 2_000;
const ends: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const interesting = /["'`()[\]{},;\n]/g;
const named = /^\s*["'`]?([A-Za-z_$][\w$-]*)["'`]?\s*(?::(?!:)|=(?![=>]))\s*/;

/** Where a string that begins at an offset ends; the string of another quote is no end. */
function endOfString(code: string, start: number, last: number): number {
  const quote = code[start] ?? '';
  for (let at = start + 1; at < last; at += 1) {
    const char = code[at];
    if (char === '\\') at += 1;
    else if (char === quote) return at + 1;
    else if (char === '\n' && quote !== '`') return at;
  }
  return last;
}

/** Walks over brackets and strings from an offset until `stop` says so; returns where. */
function walkOver(
  code: string,
  start: number,
  most: number,
  stop: (char: string, at: number, depth: number) => boolean,
): number {
  const last = Math.min(code.length, start + most);
  let depth = 0;
  interesting.lastIndex = start;
  for (let next = interesting.exec(code); next !== null; next = interesting.exec(code)) {
    const at = next.index;
    if (at >= last) break;
    const [char] = next;
    if (stop(char, at, depth)) return at;
    if (char === '"' || char === "'" || char === '`') {
      interesting.lastIndex = endOfString(code, at, last);
    } else if (char in ends) depth += 1;
    else if (/[)\]}]/.test(char)) depth -= 1;
  }
  return last;
}

/** The parts between a bracket that opens at an offset and the one that closes it. */
export function partsOf(code: string, open: number): Part[] {
  const parts: Part[] = [];
  const inObject = code[open] === '{';
  let start = open + 1;
  const add = (end: number) => {
    const written = code.slice(start, end);
    const name = named.exec(written);
    const text = (name === null ? written : written.slice(name[0].length)).trim();
    if (text !== '') {
      const bare = inObject && /^[A-Za-z_$][\w$]*$/.test(text) ? text : undefined;
      const skipped = name?.[0].length ?? written.search(/\S/);
      parts.push({ name: name?.[1] ?? bare, text, offset: start + skipped });
    }
    start = end + 1;
  };
  const end = walkOver(code, open + 1, longest, (char, at, depth) => {
    if (depth === 0 && char === ',') add(at);
    return depth === 0 && /[)\]}]/.test(char);
  });
  add(end);
  return parts;
}

/** The text from an offset to where an expression ends: a comma, a semicolon, a bracket, its line. */
export function expressionAt(code: string, start: number): string {
  const end = walkOver(code, start, longestExpression, (char, at, depth) => {
    if (depth > 0) return false;
    if (/[,;)\]}]/.test(char)) return true;
    // A line that ends with an operator, or is followed by one, goes on.
    return (
      char === '\n' &&
      !/[=?:+|&(]\s*$/.test(code.slice(Math.max(start, at - 20), at)) &&
      code.slice(start, at).trim() !== '' &&
      !/^\s*(?:[?:.+|]|&&)/.test(code.slice(at, at + 200))
    );
  });
  return code.slice(start, end).trim();
}

/** Matches enough for every file that people write: each may be looked into, and files are hostile. */
const mostMatches = 100;

/** The first matches of a pattern in a text. */
export function* firstMatches(code: string, pattern: RegExp): Generator<RegExpExecArray> {
  let count = 0;
  for (const found of code.matchAll(pattern)) {
    if (count >= mostMatches) return;
    count += 1;
    yield found;
  }
}
