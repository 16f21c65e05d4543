import { GsacError } from '../core/errors.js';
import { NeverSentError, toNetworkError } from './network-error.js';
import { serverTimeOf } from './server-time.js';
import type { Trace } from './trace.js';

/** What one request may take; times in milliseconds, sizes in bytes. */
export interface HttpOptions {
  /** Performs the request; handed in so that tests can put an emulator there. */
  fetch: () => Promise<Fetch>;
  /** The bound on one request, its answer included. */
  timeoutMs: number;
  /** Ends everything when the person cancels. */
  signal: AbortSignal;
  trace: Trace | undefined;
  now: () => number;
  /** Told the server's clock, epoch milliseconds, with each answer that states it. */
  onServerTime?: ((date: number) => void) | undefined;
  /** Whether no answer is asked for compressed: faster where they are many and small. */
  plain?: boolean | undefined;
}

/** The part of the standard `fetch` that the adapters use. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchAnswer>;

/** The part of `RequestInit` that the adapters use. */
export interface FetchInit {
  method: string;
  headers: Record<string, string>;
  body?: string;
  /** In place of `body`: bytes as they come; their length is in the headers. */
  stream?: AsyncIterable<Uint8Array>;
  /**
   * The answer is read whole before it is handed on, up to about so many bytes. Without it, it may be
   * of any size, and is handed on as it comes, whatever its coding.
   */
  mostBytes?: number;
  redirect: 'manual';
  /** Ends the request. It may be made when first asked for, which takes longer than all else here. */
  readonly signal: AbortSignal;
  /** In place of `signal`, where it is there: has one function called when the request is to end. */
  onEnd?: (end: () => void) => void;
}

/** The part of `Response` that the adapters use; its body may be a web or a Node stream, or all there. */
export interface FetchAnswer {
  status: number;
  headers: {
    get(name: string): string | null;
    forEach(each: (value: string, name: string) => void): void;
  };
  body: AsyncIterable<Uint8Array | string> | readonly Uint8Array[] | null;
}

/** The methods of Google's endpoints. */
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One request. */
export interface HttpRequest {
  method: HttpMethod;
  url: string;
  headers?: Record<string, string>;
  body?: string;
  /** The largest answer that is read; a longer one is `answer_unreadable`. */
  maxBytes?: number;
  /** Milliseconds that are left for it, where that is less than every request may take. */
  leftMs?: number;
}

/** One answer, read whole. */
export interface HttpAnswer {
  status: number;
  header(name: string): string | null;
  /** The body as text; what came of it where it was cut off. */
  text: string;
  /** Why the body is not whole, where it is not. */
  cut: GsacError | undefined;
}

/** Sends a request once and reads its answer, both bounded. */
export type Http = (request: HttpRequest) => Promise<HttpAnswer>;

/** The largest answer that is read where nothing else is said. */
export const oneMegabyte = 1_048_576;

/**
 * Builds the one way in which gsac talks to a server: one attempt, no redirect followed, bounded in
 * time and size, traced with secrets masked.
 *
 * What it throws says only where the connection broke. Whether to try again is the caller's choice.
 *
 * @throws {GsacError} `network_*`, `connection_lost`, `certificate_refused`, `proxy_failed` or
 *   `cancelled`.
 */
export function createHttp(options: HttpOptions): Http {
  return async ({ method, url, headers = {}, body, maxBytes = oneMegabyte, leftMs }) => {
    // Loading it is nobody's answer that is late.
    const fetch = await options.fetch();
    if (options.signal.aborted) throw new NeverSentError('cancelled', 'Cancelled.');
    const startedAt = options.now();
    const timeoutMs = Math.max(1, Math.floor(Math.min(options.timeoutMs, leftMs ?? Infinity)));
    options.trace?.request({ method, url, headers, body });
    const request = new BoundedRequest(
      {
        method,
        headers: options.plain === true ? headers : { 'accept-encoding': 'gzip', ...headers },
        body,
        mostBytes: maxBytes,
      },
      { timeoutMs, cancelled: options.signal },
    );
    const broken = (thrown: unknown) => {
      const cancelled = options.signal.aborted;
      const error = toNetworkError(thrown, url, cancelled, request.timedOut, timeoutMs);
      options.trace?.failure(error.message, options.now() - startedAt);
      return error;
    };
    let answer: FetchAnswer;
    try {
      answer = await fetch(url, request);
    } catch (thrown) {
      request.settle();
      throw broken(thrown);
    }
    const header = (name: string) => answer.headers.get(name);
    const serverTime = serverTimeOf(header);
    if (serverTime !== undefined) options.onServerTime?.(serverTime);
    const { text, cut } = await readBody(answer, maxBytes, broken);
    request.settle();
    options.trace?.answer(answer, text, options.now() - startedAt);
    return { status: answer.status, header, text, cut };
  };
}

/** What is sent. */
interface RequestParts {
  method: HttpMethod;
  headers: Record<string, string>;
  body: string | undefined;
  mostBytes: number;
}

/**
 * One request, which ends after a time or when the person cancels. The standard's own
 * `AbortSignal.timeout` and `any` leave the timer of each request behind; and to make a signal at all
 * takes longer than the request's text.
 */
class BoundedRequest implements FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly mostBytes: number;
  readonly redirect = 'manual';
  timedOut = false;
  readonly #timer: NodeJS.Timeout;
  readonly #others: Set<() => void>;
  #ended = false;
  #controller: AbortController | undefined;
  #tell: (() => void) | undefined;

  constructor(
    { method, headers, body, mostBytes }: RequestParts,
    { timeoutMs, cancelled }: { timeoutMs: number; cancelled: AbortSignal },
  ) {
    this.method = method;
    this.headers = headers;
    if (body !== undefined) this.body = body;
    this.mostBytes = mostBytes;
    this.#others = endingsOf(cancelled);
    this.#others.add(this.#end);
    this.#timer = setTimeout(() => {
      this.timedOut = true;
      this.#end();
    }, timeoutMs);
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#ended) this.#controller.abort();
    return this.#controller.signal;
  }

  readonly onEnd = (tell: () => void): void => {
    this.#tell = tell;
    if (this.#ended) tell();
  };

  /** It is over. */
  settle(): void {
    clearTimeout(this.#timer);
    this.#others.delete(this.#end);
  }

  readonly #end = (): void => {
    this.#ended = true;
    this.#controller?.abort();
    this.#tell?.();
  };
}

/** What is to be called when the person cancels, by the signal of it. */
const endings = new WeakMap<AbortSignal, Set<() => void>>();

/** One listener serves them all: of many on one signal Node warns, as of a leak. */
function endingsOf(cancelled: AbortSignal): Set<() => void> {
  const known = endings.get(cancelled);
  if (known !== undefined) return known;
  const all = new Set<() => void>();
  endings.set(cancelled, all);
  const endAll = () => {
    for (const end of all) end();
  };
  cancelled.addEventListener('abort', endAll, { once: true });
  return all;
}

/** Reads an answer's body as text, up to a size. */
export async function readBody(
  answer: FetchAnswer,
  maxBytes: number,
  broken: (thrown: unknown) => GsacError,
): Promise<{ text: string; cut: GsacError | undefined }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let cut: GsacError | undefined;
  try {
    for await (const chunk of answer.body ?? []) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      size += bytes.length;
      if (size > maxBytes) {
        cut = new GsacError(
          'answer_unreadable',
          `The answer is longer than ${maxBytes} bytes; nothing of Google’s is.`,
          {
            hint: 'Something between this machine and Google answers in its place: a proxy or a captive portal.',
          },
        );
        break;
      }
      chunks.push(bytes);
    }
  } catch (thrown) {
    cut = broken(thrown);
  }
  return { text: Buffer.concat(chunks).toString('utf8'), cut };
}
