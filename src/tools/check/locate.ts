import { createPositionOf } from '../../schema/positions.js';
import type { Place, PlistLines } from './model.js';

/** Tells the line, from 1, that an offset of a text lies on. */
export function createLineAt(text: string): (offset: number) => number {
  const positionOf = createPositionOf(text);
  return (offset) => positionOf(offset).line;
}

/** The line of a key in a property list; null if none is known, as in a binary list. */
export function lineOfKey({ keys }: PlistLines, key: string): number | null {
  return keys.get(key.trim()) ?? null;
}

/** A merge conflict in a text, as the reason why it can't be read. */
export function findConflict(text: string): { reason: string; line: number } | undefined {
  const conflict = /^(<{7}|>{7}) /m.exec(text);
  if (conflict === null) return undefined;
  return { reason: 'it holds a merge conflict', line: createLineAt(text)(conflict.index) };
}

/** Only the place of something that has one. */
export function placeOf({ file, line }: Place): Place {
  return { file, line };
}

/** A place in words. */
export function where({ file, line }: Place): string {
  return line === null ? file : `${file}:${line}`;
}
