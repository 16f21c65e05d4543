/** What is nested deeper cannot be written again: that takes a call on the stack for each level. */
const DEEPEST = 100;

/** Parses JSON; undefined for what is none, and for what nests deeper than 100 levels. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isDeep(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Parses a body as a JSON object, as {@link parseJson} does; undefined for anything else. */
export function parseJsonObject(body: Buffer): Record<string, unknown> | undefined {
  const value = parseJson(body.toString());
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as Record<string, unknown>;
}

function isDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((one) => (typeof one === 'object' && one ? Object.values(one) : []));
  }
  return false;
}
