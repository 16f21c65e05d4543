import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline, Readable } from 'node:stream';
import type { FetchAnswer, FetchInit } from './http.js';
import { toAnswer, withoutAnswer } from './node-answer.js';

/** What a large request is sent with. */
export interface LargeRequest extends Pick<FetchInit, 'method' | 'headers' | 'signal'> {
  url: URL;
  agent: Agent;
  stream: FetchInit['stream'] | undefined;
}

/**
 * Sends a request whose body or answer is too large to be held, and hands on the answer as Node's http
 * reads it, whatever its coding: streams between take a quarter of a large download's processor time.
 *
 * A server may answer before it has all of the body; the rest is still sent until the signal ends it.
 *
 * @throws what Node throws where no answer comes; `AbortError` where the signal ended it before.
 */
export async function fetchLarge({ url, stream, ...options }: LargeRequest): Promise<FetchAnswer> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(url, options, resolve).on('error', reject);
    // All that is heard of an answer that changes the protocol (101).
    sent.once('close', () => reject(withoutAnswer()));
    if (stream === undefined) sent.end();
    else pipeline(Readable.from(stream), sent, (failure) => failure && reject(failure));
  });
  return toAnswer(answer, answer);
}
