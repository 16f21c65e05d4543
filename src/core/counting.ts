/** Names some of many: `a, b, c and 4 more`. */
export function some(names: readonly string[], most = 3): string {
  const more = names.length - most;
  return names.slice(0, most).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** `1 check`, `2 checks`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** What was counted, with its count: `a.example (3 times)`. */
export function times(what: string, count: number): string {
  return count === 1 ? what : `${what} (${count} times)`;
}
