/** The line, from 1, that an offset of a text lies on. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
  }
  return line;
}

/**
 * The line of a key in the text of a property list, XML or OpenStep; null where it has none, as in a
 * binary list.
 */
export function lineOfKey(text: string | undefined, key: string): number | null {
  if (text === undefined) return null;
  const escaped = key.replace(/[^\w]/g, '\\$&');
  const found = new RegExp(`<key>\\s*${escaped}\\s*</key>|"?\\b${escaped}"?\\s*=`).exec(text);
  return found === null ? null : lineAt(text, found.index);
}
