import { type Agent, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { FetchAnswer } from './http.js';
import { brokenOff, type SmallRequest, toAnswer, withoutAnswer } from './small-answer.js';

/**
 * Sends a request and reads its answer whole, as it comes and without asking for a compressed one: of
 * many small answers in a row, streams and decoders between take most of the time.
 *
 * A body that breaks off, or is longer than `mostBytes`, is what came of it, then the failure.
 *
 * @throws what Node throws where no answer comes, and what it throws where it is ended.
 */
export function fetchSmall(
  { url, method, headers, body, mostBytes, onEnd }: SmallRequest,
  agent: Agent,
): Promise<FetchAnswer> {
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
      const { statusCode = 0, rawHeaders } = answer;
      const chunks: Uint8Array[] = [];
      let size = 0;
      answer.on('data', (chunk: Uint8Array) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size <= mostBytes) return;
        resolve(toAnswer(statusCode, rawHeaders, chunks));
        answer.destroy();
      });
      answer.once('end', () => resolve(toAnswer(statusCode, rawHeaders, chunks)));
      answer.once('error', (error) =>
        resolve(toAnswer(statusCode, rawHeaders, brokenOff(chunks, error))),
      );
    });
    onEnd?.(() => {
      sent.destroy();
      // What came of an answer may hold a refresh token; before that, nothing need be waited for.
      if (!answered) reject(withoutAnswer());
    });
    sent.end(body);
  });
}
