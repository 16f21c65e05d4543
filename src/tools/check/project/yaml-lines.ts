/** A line of a text, without the blanks around it. */
export interface Line {
  /** Counted from 1. */
  line: number;
  text: string;
}

/**
 * The entries right below a key that stands at the beginning of a line, in YAML as package managers
 * write it: in blocks, one entry a line. What is deeper than the first entry belongs to an entry and
 * is left out. This is no parser: a general one takes seconds for what is hostile.
 *
 * @returns undefined if there is no such key, or a value beside it.
 */
export function linesBelow(text: string, key: string): Line[] | undefined {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const start = lines.findIndex((line) => line.startsWith(`${key}:`));
  if (start < 0 || !/^(\[\] *)?(#|$)/.test((lines[start] ?? '').slice(key.length + 1).trim())) {
    return undefined;
  }
  const entries: Line[] = [];
  let indentation: number | undefined;
  for (const [at, written] of lines.entries()) {
    if (at <= start || /^\s*(#|$)/.test(written)) continue;
    if (/^[^\s-]/.test(written)) break;
    const depth = written.search(/[^ ]/);
    indentation ??= depth;
    if (depth <= indentation) entries.push({ line: at + 1, text: written.slice(depth).trimEnd() });
  }
  return entries;
}
