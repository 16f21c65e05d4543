import type { PlistLines } from './model.js';

/** Tells the line, from 1, that an offset of one text lies on. */
export type LineAt = (offset: number) => number;

/** Tells lines of a text; where they begin is looked up once, when first asked. */
export function createLineAt(text: string): LineAt {
  let starts: number[] | undefined;
  return (offset) => {
    if (starts === undefined) {
      starts = [0];
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
        starts.push(at + 1);
      }
    }
    let low = 0;
    for (let high = starts.length; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

/** The line of a key in a property list; null if none is known, as in a binary list. */
export function lineOfKey({ keys }: PlistLines, key: string): number | null {
  return keys.get(key.trim()) ?? null;
}
