import type { Check, Verdict } from '../core/id-token.js';
import { clean } from './clean.js';
import type { Style } from './style.js';

/** Lays out `name  value` pairs, the names in one column. Both must be clean already. */
export function renderPairs(pairs: readonly (readonly [string, string])[], style: Style): string {
  const width = Math.max(0, ...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${style.dim(name.padEnd(width))}  ${value}\n`).join('');
}

/** A verdict in its colour. */
export function renderVerdict(verdict: Verdict, style: Style): string {
  if (verdict === 'valid') return style.good(verdict);
  return verdict === 'unverified' ? style.notice(verdict) : style.bad(verdict);
}

/** Checks, a line each: a sign, the name, what was seen. */
export function renderChecks(checks: readonly Check[], style: Style): string {
  const signs = { true: style.good('✓'), false: style.bad('✗'), null: style.dim('-') };
  const width = Math.max(0, ...checks.map(({ name }) => name.length));
  return checks
    .map(({ name, ok, detail }) => `  ${signs[`${ok}`]} ${name.padEnd(width)}  ${clean(detail)}\n`)
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
