import type { Style } from './style.js';

/** Lays out `name  value` pairs, the names in one column. Both must be clean already. */
export function renderPairs(pairs: readonly (readonly [string, string])[], style: Style): string {
  const width = Math.max(0, ...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${style.dim(name.padEnd(width))}  ${value}\n`).join('');
}
