import type { Call } from '../http/call.js';
import type { RequestEntry } from '../http/log.js';
import { textOf } from '../http/respond.js';

/** A request and its response as they were, secrets included. */
export interface Exchange {
  readonly url: URL;
  readonly requestHeaders: Headers;
  readonly requestBody: string;
  /** Null if the connection was cut. */
  readonly response: {
    readonly headers: Headers;
    /** Reads the start of it, once. */
    readonly readBody: () => Promise<string>;
  } | null;
}

const mostKept = 500;
const mostBytes = 16_384;
const readable = /json|text\/|xml|x-www-form-urlencoded|multipart\/related/i;

/**
 * Keeps the exchanges that the page shows: every refusal, and all else while somebody looks. Making a
 * token costs nothing more if nobody does.
 */
export class Exchanges {
  readonly #kept = new Map<RequestEntry, Exchange>();
  readonly #isWatched: () => boolean;

  constructor(isWatched: () => boolean) {
    this.#isWatched = isWatched;
  }

  /** Takes an answered request; `response` is undefined if the connection was cut. */
  see(call: Call, response: Response | undefined, entry: RequestEntry): void {
    if (response !== undefined && response.status < 400 && !this.#isWatched()) return;
    const { url, headers, body } = call;
    const isText = readable.test(headers.get('content-type') ?? '');
    this.#kept.set(entry, {
      url,
      requestHeaders: headers,
      requestBody: isText ? body.subarray(0, mostBytes).toString() : describe(body.length),
      response: response ? keep(response) : null,
    });
    if (this.#kept.size <= mostKept) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }

  /** The exchange of a request, if it was kept. */
  of(entry: RequestEntry): Exchange | undefined {
    return this.#kept.get(entry);
  }
}

function describe(length: number): string {
  return length === 0 ? '' : `(${length} bytes)`;
}

/** The response itself stays whole. What nobody looks at is not read. */
function keep(response: Response): NonNullable<Exchange['response']> {
  const { headers } = response;
  const text = textOf(response);
  if (text !== undefined) return { headers, readBody: async () => text.slice(0, mostBytes) };
  if (!readable.test(headers.get('content-type') ?? '')) {
    const length = Number(headers.get('content-length') ?? 0);
    return { headers, readBody: async () => describe(length) };
  }
  const copy = response.clone();
  return { headers, readBody: () => readStart(copy).catch(() => '') };
}

async function readStart(copy: Response): Promise<string> {
  const reader = copy.body?.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  while (reader !== undefined && length < mostBytes) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    length += value.length;
  }
  void reader?.cancel().catch(() => undefined);
  return Buffer.concat(parts).subarray(0, mostBytes).toString();
}
