import type { Call } from '../http/call.js';
import type { RequestEntry } from '../http/log.js';

type Header = readonly [name: string, value: string];

/** A request and its response as they were, secrets included. */
export interface Exchange {
  readonly url: URL;
  readonly requestHeaders: readonly Header[];
  readonly requestBody: string;
  /** Null if the connection was cut. */
  readonly response: {
    readonly headers: readonly Header[];
    readonly body: Promise<string>;
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
      requestHeaders: [...headers],
      requestBody: isText ? body.subarray(0, mostBytes).toString() : describe(body.length),
      response: response ? { headers: [...response.headers], body: readStart(response) } : null,
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

/** The first of a response's body; the response itself stays whole. */
async function readStart(response: Response): Promise<string> {
  if (!readable.test(response.headers.get('content-type') ?? '')) {
    return describe(Number(response.headers.get('content-length') ?? 0));
  }
  try {
    const reader = response.clone().body?.getReader();
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
  } catch {
    return '';
  }
}
