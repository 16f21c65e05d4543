/** Writes a name as JSON, config files and command lines do: `redirectUri` is `redirect_uri`. */
export function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Writes a name as the options of the library do: `redirect_uri` is `redirectUri`. */
export function toCamelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

/** Copies an object with its own names, and not those further in, written in another way. */
export function renamed(fields: object, rename: (name: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [rename(name), value]));
}

/** Lists names for a refusal, the first ten of them: `there are a, b and c.` */
export function listNames(known: ReadonlyMap<string, unknown>): string {
  if (known.size === 0) return 'there is none at all.';
  const names = [...known.keys()].slice(0, 10).join(', ');
  const more = known.size > 10 ? ` and ${known.size - 10} more` : '';
  return `there ${known.size === 1 ? 'is' : 'are'} ${names}${more}.`;
}
