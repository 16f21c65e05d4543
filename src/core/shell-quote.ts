/** Quotes a text for a POSIX shell, where it needs that: what comes is one word, letter for letter. */
export function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
