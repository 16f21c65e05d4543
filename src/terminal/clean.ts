// Controls, the line and paragraph separators, and the characters that reorder text.
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;
const unsafeInJson = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/**
 * Text from outside as it may reach a terminal: control characters and those that reorder text are
 * written as `\u{…}`, so that a file's name can neither move the cursor nor fake a line.
 */
export function clean(text: string): string {
  return text.replace(unsafe, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** JSON with the control characters escaped that `JSON.stringify` leaves alone; the same document. */
export function toJsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    unsafeInJson,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
