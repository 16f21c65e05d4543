import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpRecord } from '../../core/http-record.js';
import type { Forwarder } from '../../intercept/forward.js';
import type { Policy, Way } from '../../intercept/policy.js';
import { reasonOf } from '../../intercept/reasons.js';
import { capture } from './capture.js';
import { type Endpoint, endpointOf } from './endpoint.js';

type Header = readonly [name: string, value: string];

/**
 * A request of a program to Google and what came of it, as it was: secrets are in it. A body that was not
 * kept is undefined.
 */
export interface Sighting extends Omit<HttpRecord, 'responseBody'> {
  readonly endpoint: Endpoint;
  readonly host: string;
  /** Path without the query. */
  readonly path: string;
  readonly responseBody: string | undefined;
}

/** What watching takes. */
export interface WatchSettings {
  forwarder: Forwarder;
  now: () => number;
  /** Told of each request when its response has passed, or has failed to come. */
  see: (sighting: Sighting) => void;
}

const noBody: readonly Endpoint[] = ['drive', 'other'];

/**
 * Passes every request on as it is, and its response back, both as they come. Only bodies that a
 * diagnosis may need are kept, up to a bound: those of the OAuth endpoints and of refusals.
 */
export function createWatchPolicy({ forwarder, now, see }: WatchSettings): Policy {
  function answer(request: IncomingMessage, response: ServerResponse, host: string, way: Way) {
    const startedAt = now();
    const began = performance.now();
    const { method = 'GET', url: target = '/' } = request;
    const [path = '/'] = target.split('?');
    const endpoint = endpointOf(path);
    const isUsualPort = way.port === (way.scheme === 'https' ? 443 : 80);
    const sent = noBody.includes(endpoint) ? undefined : capture(request);
    const said = {
      endpoint,
      method,
      host,
      path,
      url: `${way.scheme}://${host}${isUsualPort ? '' : `:${way.port}`}${target}`,
      startedAt,
      requestHeaders: toPairs(request.rawHeaders),
    };
    const finish = (came: Pick<Sighting, 'status' | 'failure'> & Partial<Sighting>) =>
      see({
        ...said,
        durationMs: performance.now() - began,
        requestBody: sent?.(),
        responseHeaders: [],
        responseBody: undefined,
        ...came,
      });

    /** The program itself may end the connection, which is no fault of the response. */
    let hasLeft = false;
    response.once('close', () => {
      hasLeft = !response.writableFinished;
    });
    const onAnswer = (message: IncomingMessage) => {
      const { statusCode: status = 0 } = message;
      const isKept = !noBody.includes(endpoint) || status >= 400;
      const body = isKept ? capture(message) : undefined;
      let isCut = false;
      message.once('error', () => {
        isCut = !hasLeft;
      });
      message.once('close', () => {
        finish({
          status,
          responseHeaders: toPairs(message.rawHeaders),
          // What a program did not wait for says nothing of the response.
          responseBody: hasLeft && !message.complete ? undefined : body?.(),
          failure: isCut ? 'the response was cut off' : undefined,
        });
      });
    };
    forwarder
      .send(request, response, { ...way, host, path: target }, onAnswer)
      .catch((thrown: unknown) => {
        const reason = hasLeft ? 'the program ended the connection' : reasonOf(thrown);
        finish({ status: undefined, failure: reason });
        // As it would have been without gsac: no response, and none of gsac's making.
        response.destroy();
      });
  }
  return { answer, passesThrough: () => false, unreadable: 'tunnel' };
}

function toPairs(raw: readonly string[]): Header[] {
  return raw.flatMap((name, at): Header[] => (at % 2 === 0 ? [[name, raw[at + 1] ?? '']] : []));
}

/** The value of a header, by its name in lower case. */
export function headerOf(headers: readonly Header[], wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}
