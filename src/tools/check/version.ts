/**
 * Compares two versions: negative where the first is older. Numbers count by value; a pre-release is
 * older than its release; more parts than three are taken as they come.
 * @see https://semver.org/#spec-item-11
 */
export function compareVersions(one: string, other: string): number {
  const [coreA, preA] = split(one);
  const [coreB, preB] = split(other);
  const core = compareParts(coreA, coreB, '0');
  if (core !== 0) return core;
  if (preA === undefined || preB === undefined) {
    return Number(preA === undefined) - Number(preB === undefined);
  }
  return compareParts(preA, preB, '');
}

function split(version: string): [core: string[], pre: string[] | undefined] {
  const bare = version.trim().replace(/^v/i, '').split('+', 1).join('');
  const dash = bare.indexOf('-');
  if (dash < 0) return [bare.split('.'), undefined];
  return [bare.slice(0, dash).split('.'), bare.slice(dash + 1).split(/[.-]/)];
}

function compareParts(one: string[], other: string[], missing: string): number {
  for (let at = 0; at < Math.max(one.length, other.length); at += 1) {
    const a = one[at] ?? missing;
    const b = other[at] ?? missing;
    if (a === b) continue;
    const byNumber = Number(a) - Number(b);
    if (a !== '' && b !== '' && !Number.isNaN(byNumber)) {
      if (byNumber !== 0) return byNumber;
    } else return a < b ? -1 : 1;
  }
  return 0;
}
