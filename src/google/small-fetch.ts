import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { FetchAnswer, FetchInit } from './http.js';

/** What a small request is sent with. */
export interface SmallRequest extends Pick<FetchInit, 'method' | 'headers'> {
  url: URL;
  agent: Agent;
  body: string | undefined;
  onEnd: FetchInit['onEnd'] | undefined;
  /** The answer is read up to about so many bytes. */
  mostBytes: number;
}

/**
 * Sends a request and reads its answer whole, as it comes and without asking for a compressed one: of
 * many small answers in a row, streams and decoders between take most of the time.
 *
 * A body that breaks off, or is longer than `mostBytes`, is what came of it, then the failure.
 *
 * @throws what Node throws where no answer comes, and what it throws where it is ended.
 */
export function fetchSmall({
  url,
  agent,
  method,
  headers,
  body,
  mostBytes,
  onEnd,
}: SmallRequest): Promise<FetchAnswer> {
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const { hostname, port, pathname, search } = url;
    // Given the URL itself, Node takes it apart in a roundabout way.
    const sent = request({
      method,
      headers,
      agent,
      host: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
      port,
      path: `${pathname}${search}`,
    });
    let answered = false;
    sent.on('error', reject);
    // All that is heard of an answer that changes the protocol (101), and of a request that is ended
    // before it has a connection.
    sent.once('close', () => {
      if (!answered) reject(withoutAnswer());
    });
    sent.once('response', (answer) => {
      answered = true;
      const chunks: Uint8Array[] = [];
      let size = 0;
      answer.on('data', (chunk: Uint8Array) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size <= mostBytes) return;
        resolve(toAnswer(answer, chunks));
        answer.destroy();
      });
      answer.once('end', () => resolve(toAnswer(answer, chunks)));
      answer.once('error', (error) => resolve(toAnswer(answer, brokenOff(chunks, error))));
    });
    onEnd?.(() => {
      sent.destroy();
      // What came of an answer may hold a refresh token; before that, nothing need be waited for.
      if (!answered) reject(withoutAnswer());
    });
    sent.end(body);
  });
}

/** A connection that ended without an answer, as Node reports one that was cut. */
export function withoutAnswer(): Error {
  return Object.assign(new Error('closed without an answer'), { code: 'ECONNRESET' });
}

function toAnswer(
  { statusCode = 0, rawHeaders }: IncomingMessage,
  body: NonNullable<FetchAnswer['body']>,
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

async function* brokenOff(
  chunks: readonly Uint8Array[],
  failure: Error,
): AsyncGenerator<Uint8Array> {
  yield* chunks;
  throw failure;
}
