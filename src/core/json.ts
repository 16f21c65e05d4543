/** The members of a JSON object; undefined for any other text. Of a repeated member the last counts. */
export function parseJsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value of JSON is an object, and no list. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Whether the lists and maps of a JSON text go deeper than `levels`; texts in it do not count. Does
 * not check that it is JSON, and needs no stack of its own, so that no text is too deep for it.
 */
export function nestsDeeperThan(json: string, levels: number): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const letter = json.charCodeAt(at);
    if (isText) {
      if (letter === 0x5c) at += 1;
      else if (letter === 0x22) isText = false;
    } else if (letter === 0x22) {
      isText = true;
    } else if (letter === 0x5b || letter === 0x7b) {
      depth += 1;
      if (depth > levels) return true;
    } else if (letter === 0x5d || letter === 0x7d) {
      depth -= 1;
    }
  }
  return false;
}
