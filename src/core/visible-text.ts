// Controls, the line and paragraph separators, what reorders text, and what no encoding can carry.
const hidden = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}\u{FFFE}\u{FFFF}]/gu;

/**
 * Text from outside as a report may hold it: lines end with `\n`, and characters that are not seen,
 * or that XML cannot carry, are written as `\u{…}`. Line feeds and tabs stay.
 *
 * It escapes nothing of the format that it goes into.
 */
export function toVisible(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(hidden, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** The same on one line: line feeds and tabs, with the blanks around them, become a blank. */
export function toLine(text: string): string {
  // A whole run at a time: a pattern that could begin anywhere in one takes its square.
  return toVisible(text).replace(/\s+/g, (run) => (/[\n\t]/.test(run) ? ' ' : run));
}
