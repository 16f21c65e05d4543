import type { GsacError } from '../core/errors.js';
import {
  type FetchAnswer,
  type HttpAnswer,
  type HttpMethod,
  type HttpOptions,
  oneMegabyte,
  readBody,
} from './http.js';
import { toNetworkError } from './network-error.js';
import { serverTimeOf } from './server-time.js';

/** One request whose body or answer is too large to be held. */
export interface StreamRequest {
  method: HttpMethod;
  url: string;
  headers: Record<string, string>;
  /** Sent one after the other. They must not change until the request has ended. */
  body?: readonly Uint8Array[];
  /** What the trace writes in the body's place. */
  bodyNote?: string;
  /** Told how many bytes of the body were handed to the connection. */
  onSent?: (bytes: number) => void;
}

/** An answer whose body is still to come; exactly one of `bytes`, `read` and `discard` is called. */
export interface StreamAnswer {
  status: number;
  header(name: string): string | null;
  /** The body as it comes. @throws {GsacError} where the connection breaks. */
  bytes(): AsyncGenerator<Uint8Array>;
  /** The body as text, at most a megabyte of it. */
  read(): Promise<HttpAnswer>;
  /** Lets go of the connection: nobody wants the body, which would hold up the end of the process. */
  discard(): void;
}

/** Sends a request once; its time is bounded by how long nothing moves. */
export type StreamHttp = (request: StreamRequest) => Promise<StreamAnswer>;

const pieceBytes = 262_144;
/** How many bytes may come before what held them is given back. */
const gatherBytes = 4 * 1_048_576;
/** More than the 32 MB from which on V8 looks. */
const pressureBytes = 33 * 1_048_576;

/**
 * Builds the way in which files travel: as {@link createHttp}, but for bodies of any size. The bound
 * on time is on each pause in which no byte moves, since nobody knows how long a file takes. Bodies
 * are not traced, their sizes are.
 *
 * @throws {GsacError} `network_*`, `connection_lost`, `certificate_refused`, `proxy_failed` or
 *   `cancelled`.
 */
export function createStreamHttp(options: HttpOptions): StreamHttp {
  return async ({ method, url, headers, body, bodyNote, onSent }) => {
    const startedAt = options.now();
    options.trace?.request({ method, url, headers, body: bodyNote });
    const idle = watchIdleness(options.timeoutMs);
    const broken = (thrown: unknown): GsacError => {
      idle.end();
      const cancelled = options.signal.aborted;
      const error = toNetworkError(thrown, url, cancelled, idle.tooLong, options.timeoutMs);
      options.trace?.failure(error.message, options.now() - startedAt);
      return error;
    };
    let unsent = body !== undefined;
    async function* pieces(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
      let sent = 0;
      for (const part of parts) {
        for (let at = 0; at < part.length; at += pieceBytes) {
          const piece = part.subarray(at, at + pieceBytes);
          yield piece;
          idle.moved();
          sent += piece.length;
          onSent?.(sent);
        }
      }
      unsent = false;
    }
    let answer: FetchAnswer;
    try {
      const fetch = await options.fetch();
      answer = await fetch(url, {
        method,
        headers,
        ...(body === undefined ? {} : { stream: pieces(body) }),
        redirect: 'manual',
        signal: AbortSignal.any([options.signal, idle.signal]),
      });
    } catch (thrown) {
      throw broken(thrown);
    }
    idle.moved();
    const header = (name: string) => answer.headers.get(name);
    const serverTime = serverTimeOf(header);
    if (serverTime !== undefined) options.onServerTime?.(serverTime);

    async function* bytes(): AsyncGenerator<Uint8Array> {
      let came = 0;
      const press = createPressure();
      let whole = false;
      try {
        for await (const chunk of answer.body ?? []) {
          const received = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
          came += received.length;
          idle.pause();
          yield received;
          idle.moved();
          press(received.length);
        }
        whole = true;
      } catch (thrown) {
        throw broken(thrown);
      } finally {
        options.trace?.answer(answer, `(${came} bytes)`, options.now() - startedAt);
        if (whole) idle.end();
        else idle.abort();
      }
    }

    return {
      status: answer.status,
      header,
      bytes,
      async read() {
        const { text, cut } = await readBody(answer, oneMegabyte, broken);
        options.trace?.answer(answer, text, options.now() - startedAt);
        // A connection that still carries the rest of a refused body is of no use to the next request.
        if (unsent) idle.abort();
        else idle.end();
        return { status: answer.status, header, text, cut };
      },
      discard() {
        options.trace?.answer(answer, '(not read)', options.now() - startedAt);
        idle.abort();
      },
    };
  };
}

/**
 * Node reads a connection into buffers that lie outside of V8's heap, and V8 lets 32 MB of new ones
 * gather before it looks which of them are still used. A large one that is given up at once makes it
 * look with the next read, which takes a third of a millisecond. Nobody writes into it, so that the
 * system never finds memory for it. A V8 that counts otherwise does no more than look later.
 */
function createPressure(): (bytes: number) => number {
  let gathered = 0;
  return (bytes) => {
    gathered += bytes;
    if (gathered < gatherBytes) return 0;
    gathered = 0;
    return new ArrayBuffer(pressureBytes).byteLength;
  };
}

/** Aborts when nothing was said to have moved for so long. */
function watchIdleness(timeoutMs: number) {
  const controller = new AbortController();
  let paused = false;
  let tooLong = false;
  const timer = setTimeout(() => {
    if (paused) return;
    tooLong = true;
    controller.abort();
  }, timeoutMs);
  return {
    signal: controller.signal,
    get tooLong() {
      return tooLong;
    },
    moved() {
      paused = false;
      timer.refresh();
    },
    /** While it is us who are waited for. */
    pause() {
      paused = true;
    },
    end: () => clearTimeout(timer),
    abort() {
      clearTimeout(timer);
      controller.abort();
    },
  };
}
