import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { FetchAnswer, FetchInit } from './http.js';

/**
 * Sends a request and reads its answer whole, as it comes and without asking for a compressed one: of
 * many small answers in a row, streams and decoders between take most of the time.
 *
 * A body that breaks off, or is longer than `mostBytes`, is what came of it, then the failure.
 *
 * @throws what Node throws where no answer comes, and the signal's reason.
 */
export function fetchSmall(
  url: URL,
  { method, headers, body, signal }: FetchInit,
  mostBytes: number,
  agent: Agent,
): Promise<FetchAnswer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const { hostname, port, pathname, search } = url;
    // Given the URL itself, Node takes it apart in a roundabout way.
    const sent = request({
      method,
      headers,
      agent,
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port,
      path: `${pathname}${search}`,
    });
    const cancel = () => sent.destroy(signal.reason);
    signal.addEventListener('abort', cancel, { once: true });
    sent.once('error', (error) => {
      signal.removeEventListener('abort', cancel);
      reject(error);
    });
    sent.once('response', (answer) => {
      const chunks: Uint8Array[] = [];
      let size = 0;
      const end = (failure?: Error) => {
        signal.removeEventListener('abort', cancel);
        resolve(toAnswer(answer, chunks, failure));
      };
      answer.on('data', (chunk: Uint8Array) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size <= mostBytes) return;
        end();
        answer.destroy();
      });
      answer.once('end', () => end());
      answer.once('error', end);
    });
    sent.end(body);
  });
}

function toAnswer(
  { statusCode = 0, headersDistinct }: IncomingMessage,
  chunks: readonly Uint8Array[],
  failure: Error | undefined,
): FetchAnswer {
  return {
    status: statusCode,
    headers: {
      get: (name) => headersDistinct[name.toLowerCase()]?.join(', ') ?? null,
      forEach(each) {
        for (const [name, values = []] of Object.entries(headersDistinct)) {
          each(values.join(', '), name);
        }
      },
    },
    body: toBody(chunks, failure),
  };
}

async function* toBody(
  chunks: readonly Uint8Array[],
  failure: Error | undefined,
): AsyncGenerator<Uint8Array> {
  yield* chunks;
  if (failure !== undefined) throw failure;
}
