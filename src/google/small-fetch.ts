import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { constants, createGunzip } from 'node:zlib';
import type { FetchAnswer, FetchInit } from './http.js';
import { toAnswer, withoutAnswer } from './node-answer.js';

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
 * Sends a request and reads its answer whole, uncompressed where it came by gzip: of many small
 * answers in a row, streams between take most of the time.
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
      readWhole(answer, mostBytes, (body) => resolve(toAnswer(answer, body)));
    });
    onEnd?.(() => {
      sent.destroy();
      // What came of an answer may hold a refresh token; before that, nothing need be waited for.
      if (!answered) reject(withoutAnswer());
    });
    sent.end(body);
  });
}

/** Hands on a body once it is read, or once it is known that no more of it is wanted or will come. */
function readWhole(
  answer: IncomingMessage,
  mostBytes: number,
  done: (body: NonNullable<FetchAnswer['body']>) => void,
): void {
  const isZipped = /^(x-)?gzip$/i.test(answer.headers['content-encoding'] ?? '');
  // Where the end is missing, what came of it is wanted all the same.
  const gunzip = isZipped ? createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }) : undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  let cut: Error | undefined;
  const source = gunzip ?? answer;
  source.on('data', (chunk: Uint8Array) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size <= mostBytes) return;
    done(chunks);
    answer.destroy();
    gunzip?.destroy();
  });
  source.once('end', () => done(cut === undefined ? chunks : brokenOff(chunks, cut)));
  source.on('error', (error) => {
    done(brokenOff(chunks, error));
    answer.destroy();
  });
  if (gunzip === undefined) return;
  answer.on('error', (error) => {
    cut = error;
    gunzip.end();
  });
  answer.pipe(gunzip);
}

async function* brokenOff(
  chunks: readonly Uint8Array[],
  failure: Error,
): AsyncGenerator<Uint8Array> {
  yield* chunks;
  throw failure;
}
