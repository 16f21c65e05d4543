import type { FetchAnswer, FetchInit } from './http.js';

/** A small request whose answer is read whole, as it comes. */
export interface SmallRequest extends Pick<FetchInit, 'method' | 'headers'> {
  url: URL;
  body: string | undefined;
  onEnd: FetchInit['onEnd'] | undefined;
  /** The answer is read up to about so many bytes. */
  mostBytes: number;
}

/** An answer as the adapters take it. @param rawHeaders names and values in turn, as they came. */
export function toAnswer(
  status: number,
  rawHeaders: readonly string[],
  body: NonNullable<FetchAnswer['body']>,
): FetchAnswer {
  return {
    status,
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

/**
 * The value of a header; those of one that came several times are joined. To sort all of them first
 * takes longer than the two that are looked at.
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

/** A body that broke off: what came of it, then the failure. */
export async function* brokenOff(
  chunks: readonly Uint8Array[],
  failure: Error,
): AsyncGenerator<Uint8Array> {
  yield* chunks;
  throw failure;
}

/** A connection that ended without an answer, as Node reports one that was cut. */
export function withoutAnswer(): Error {
  return Object.assign(new Error('closed without an answer'), { code: 'ECONNRESET' });
}
