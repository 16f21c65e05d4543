import type { Check, Verdict } from '../core/id-token.js';
import { clean } from './clean.js';
import type { Style } from './style.js';

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
