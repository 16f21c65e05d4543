import type { Check, Verdict } from '../core/id-token.js';
import { clean } from './clean.js';
import type { Style } from './style.js';

/**
 * Lays out `name  value` pairs, the names in one column. Both must be clean already.
 *
 * @param isTty whether a terminal bounds the lines.
 */
export function renderPairs(
  pairs: readonly (readonly [string, string])[],
  style: Style,
  isTty: boolean,
): string {
  const width = Math.max(0, ...pairs.map(([name]) => name.length));
  return pairs
    .map(([name, value]) =>
      renderRow(style.dim(name.padEnd(width)), value, width + 2, style, isTty),
    )
    .join('');
}

/** Words behind a name, each of their lines within the terminal. */
function renderRow(
  name: string,
  words: string,
  indent: number,
  { columns }: Style,
  isTty: boolean,
): string {
  // A name from outside may be of any length.
  const blanks = ' '.repeat(Math.min(indent, 40));
  const lines = words.split('\n');
  const fitting = isTty ? lines.map((line) => wrap(line, columns, blanks, indent)) : lines;
  return `${name}  ${fitting.join(`\n${blanks}`)}\n`;
}

/** A verdict in its colour. */
export function renderVerdict(verdict: Verdict, style: Style): string {
  if (verdict === 'valid') return style.good(verdict);
  return verdict === 'unverified' ? style.notice(verdict) : style.bad(verdict);
}

/** Checks, a line each: a sign, the name, what was seen. */
export function renderChecks(checks: readonly Check[], style: Style, isTty: boolean): string {
  const signs = { true: style.good('✓'), false: style.bad('✗'), null: style.dim('-') };
  const width = Math.max(0, ...checks.map(({ name }) => name.length));
  return checks
    .map(({ name, ok, detail }) =>
      renderRow(
        `  ${signs[`${ok}`]} ${name.padEnd(width)}`,
        clean(detail),
        width + 6,
        style,
        isTty,
      ),
    )
    .join('');
}

/** A word, or a command in backticks: who copies it needs it whole. Short, should one have no end. */
const unbroken = /(?:`[^`]{1,200}`|[^ ])+|(?<= |^)(?= |$)/g;

/**
 * Breaks a text at blanks so that no line is wider than `columns`, if words and commands in backticks
 * allow it; every line but the first begins with `indent`, and the first is taken to begin
 * `firstColumn` columns in. Widths are counted in characters.
 */
export function wrap(text: string, columns: number, indent: string, firstColumn: number): string {
  const lines: string[] = [];
  let line = '';
  let room = columns - firstColumn;
  for (const [word] of text.matchAll(unbroken)) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
      room = columns - indent.length;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${indent}`);
}
