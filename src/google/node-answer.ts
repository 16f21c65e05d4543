import type { IncomingMessage } from 'node:http';
import type { FetchAnswer } from './http.js';

/** What Node's http has read of an answer, with a body of any kind, as the adapters take it. */
export function toAnswer(
  { statusCode = 0, rawHeaders }: IncomingMessage,
  body: FetchAnswer['body'],
): FetchAnswer {
  return {
    status: statusCode,
    headers: {
      get: (name) => valuesOf(rawHeaders, name.toLowerCase()),
      forEach(each) {
        const names = rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
        for (const name of new Set(names)) each(valuesOf(rawHeaders, name) ?? '', name);
      },
    },
    body,
  };
}

/** A connection that ended without an answer, as Node reports one that was cut. */
export function withoutAnswer(): Error {
  return Object.assign(new Error('closed without an answer'), { code: 'ECONNRESET' });
}

/**
 * The value of a header; those of one that came several times are joined. To have Node sort all of
 * them first takes longer than the two that are looked at.
 *
 * @param raw names and values in turn.
 */
function valuesOf(raw: readonly string[], lowerName: string): string | null {
  let found: string | null = null;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    if (name.length !== lowerName.length || name.toLowerCase() !== lowerName) continue;
    const value = raw[at + 1] ?? '';
    found = found === null ? value : `${found}, ${value}`;
  }
  return found;
}
