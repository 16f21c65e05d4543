/**
 * Breaks a text at blanks so that no line is wider than `columns`, where words allow it; every line
 * but the first begins with `indent`, and the first is taken to begin `firstColumn` columns in.
 * Widths are counted in characters.
 */
export function wrap(text: string, columns: number, indent: string, firstColumn: number): string {
  const lines: string[] = [];
  let line = '';
  let room = columns - firstColumn;
  for (const word of text.split(' ')) {
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
