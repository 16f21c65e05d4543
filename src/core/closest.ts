/**
 * The name that takes the fewest changes of a letter to get from what was typed, where they are few
 * for its length; capitals, hyphens and underscores do not count.
 */
export function closest(typed: string, names: Iterable<string>): string | undefined {
  const ranked = [...names]
    .map((name) => ({ name, changes: countChanges(fold(typed), fold(name)) }))
    .sort((one, other) => one.changes - other.changes);
  const [best] = ranked;
  return best !== undefined && best.changes <= Math.max(2, best.name.length * 0.4)
    ? best.name
    : undefined;
}

/**
 * The hint that names what was probably meant; undefined if nothing is near.
 *
 * @param show how a name is written, such as with the command that it belongs to.
 */
export function didYouMean(
  typed: string,
  names: Iterable<string>,
  show = (name: string) => name,
): string | undefined {
  const meant = closest(typed, names);
  return meant === undefined ? undefined : `Did you mean ${show(meant)}?`;
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

/** @see https://en.wikipedia.org/wiki/Levenshtein_distance */
function countChanges(one: string, other: string): number {
  // What is that long is no typing error, and not worth the time.
  if (one.length > 50) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: other.length + 1 }, (_each, at) => at);
  for (const [line, letter] of [...one].entries()) {
    const next = [line + 1];
    for (let at = 1; at < row.length; at += 1) {
      const same = letter === other[at - 1] ? 0 : 1;
      next.push(Math.min((row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1, (row[at - 1] ?? 0) + same));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
