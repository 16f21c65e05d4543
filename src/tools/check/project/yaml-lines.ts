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

/** A value in a YAML document, with the keys that lead to it. */
export interface YamlEntry {
  path: readonly string[];
  value: string;
  line: number;
}

/**
 * The scalar values of a YAML document in block style, each below its keys; an entry of a list has
 * the key `-`. What is in flow style, tagged or folded is left out or taken as text. No parser.
 */
export function* yamlEntries(text: string): Generator<YamlEntry> {
  const open: { depth: number; key: string }[] = [];
  for (const [at, written] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (written.length > 2_000) continue;
    const found = /^( *)((?:- +)*)(.*)$/.exec(written.replace(/\s+#.*$|\s+$/g, ''));
    const [, blanks = '', dashes = '', rest = ''] = found ?? [];
    if (rest === '' || rest.startsWith('#') || rest === '---') continue;
    const entry = /^(?:"([^"]*)"|'([^']*)'|([^\s:"'][^:]*?))\s*:(?:\s+(.*))?$/.exec(rest);
    let depth = blanks.length;
    while (open.length > 0 && (open.at(-1)?.depth ?? 0) >= depth) open.pop();
    for (const _dash of dashes.match(/-/g) ?? []) {
      open.push({ depth, key: '-' });
      depth += 2;
    }
    if (open.length > 64) return;
    const key = entry?.[1] ?? entry?.[2] ?? entry?.[3];
    const value = (key === undefined ? rest : (entry?.[4] ?? '')).replace(/^(["'])(.*)\1$/, '$2');
    if (key !== undefined) open.push({ depth, key });
    const path = open.map((each) => each.key);
    if (value !== '') yield { path, value, line: at + 1 };
  }
}
