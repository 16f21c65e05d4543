import { setMaxListeners } from 'node:events';
import { pipeline } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { GsacError } from '../core/errors.js';
import type { HttpMethod } from '../core/http-record.js';
import type { Connect, ConnectRequest } from './connect.js';
import { NeverSentError, toNetworkError } from './network-error.js';

/** Told of every request and its answer. */
export interface Trace {
  request(request: {
    method: string;
    url: string;
    headers: Record<string, string>;
    body?: string | undefined;
  }): void;
  answer(answer: AnswerHead, text: string, milliseconds: number): void;
  failure(message: string, milliseconds: number): void;
}

/** What is known of an answer before its body; the names of headers are in lower case. */
export interface AnswerHead {
  status: number;
  headers: ReadonlyMap<string, string>;
}

/** What requests are sent with; times in milliseconds. */
export interface HttpOptions {
  connect: Connect;
  /** The bound on a request with its answer, or on each pause of a stream. */
  timeoutMs: number;
  /** Ends everything when the person cancels. */
  signal: AbortSignal;
  trace: Trace | undefined;
  now: () => number;
  /** Told the server's clock, epoch milliseconds, with each answer that states it. */
  onServerTime?: (date: number) => void;
}

/** One request. */
export interface HttpRequest {
  method: HttpMethod;
  url: string;
  headers?: Record<string, string>;
  body?: string;
  /** The largest answer that is read; a longer one is `answer_unreadable`. */
  maxBytes?: number;
  /** Milliseconds that are left for it, if that is less than every request may take. */
  leftMs?: number;
  /** Milliseconds that it may take longer than every request. */
  extraMs?: number;
}

/** One answer, read whole. */
export interface HttpAnswer extends AnswerHead {
  /** The body as text; if it was cut off, what came of it. */
  text: string;
  /** Why the body is not whole, if it is not. */
  cut: GsacError | undefined;
}

/** One request whose body or answer is too large to be held. */
export interface StreamRequest extends Pick<HttpRequest, 'method' | 'url'> {
  headers: Record<string, string>;
  /** Sent one after the other. They must not change until the request has ended. */
  body?: readonly Uint8Array[];
  /** What the trace writes in the body's place. */
  bodyNote?: string;
  /** Told how many bytes of the body were handed to the connection. */
  onSent?: (bytes: number) => void;
}

/** An answer whose body is still to come; exactly one of `bytes`, `read` and `discard` is called. */
export interface StreamAnswer extends AnswerHead {
  /** The body as it comes. @throws {GsacError} if the connection breaks. */
  bytes(): AsyncGenerator<Uint8Array>;
  /** The body as text, at most a megabyte of it. */
  read(): Promise<HttpAnswer>;
  /** Closes the connection: nobody wants the body, which would hold up the end of the process. */
  discard(): void;
}

/** Sends a request once and reads its answer, both bounded. */
export type Http = (request: HttpRequest) => Promise<HttpAnswer>;

/** Sends a request once; its time is bounded by how long nothing moves. */
export type StreamHttp = (request: StreamRequest) => Promise<StreamAnswer>;

/** The largest answer that is read if nothing else is asked for. */
const oneMegabyte = 1_048_576;
/** How much of a body is handed to the connection at once. */
const pieceBytes = 262_144;

/**
 * Builds the one way in which gsac talks to a server: one attempt, no redirect followed, bounded in
 * time, traced with secrets masked. `http` reads an answer of bounded size whole; `stream` moves
 * bodies of any size, of which the trace has the sizes only.
 *
 * Whether to try again is the caller's choice.
 *
 * @throws {GsacError} `network_*`, `connection_lost`, `certificate_refused`, `proxy_failed` or
 *   `cancelled`.
 */
export function createHttp(options: HttpOptions): { http: Http; stream: StreamHttp } {
  const { connect, signal, trace, now } = options;
  // Each request listens while it lasts, and many run at once.
  setMaxListeners(0, signal);

  /** @param note what the trace writes of the body. */
  async function begin(
    url: string,
    request: Omit<ConnectRequest, 'signal'>,
    note: string | undefined,
    bound: ReturnType<typeof boundRequest>,
  ) {
    const startedAt = now();
    trace?.request({ method: request.method, url, headers: request.headers, body: note });
    const broken = (thrown: unknown): GsacError => {
      bound.end();
      const error = toNetworkError(thrown, url, signal.aborted, bound.isOver, bound.timeoutMs);
      trace?.failure(error.message, now() - startedAt);
      return error;
    };
    const sending = connect(url, { ...request, signal: bound.signal });
    const { status, headers, body } = await sending.catch((thrown: unknown) => {
      throw broken(thrown);
    });
    const head: AnswerHead = { status, headers: new Map(headers) };
    const serverTime = serverTimeOf(head.headers);
    if (serverTime !== undefined) options.onServerTime?.(serverTime);
    const finish = (text: string) => trace?.answer(head, text, now() - startedAt);
    return { head, body, broken, finish };
  }

  const http: Http = async ({ method, url, headers = {}, body, maxBytes, ...time }) => {
    if (signal.aborted) throw new NeverSentError('cancelled', 'Cancelled.');
    const { leftMs = Infinity, extraMs = 0 } = time;
    const timeoutMs = Math.max(1, Math.floor(Math.min(options.timeoutMs + extraMs, leftMs)));
    const bound = boundRequest(timeoutMs, signal);
    const zip = { 'accept-encoding': 'gzip', ...headers };
    const request = { method, headers: zip, ...(body === undefined ? {} : { body }) };
    const { head, broken, finish, ...answer } = await begin(url, request, body, bound);
    const isZipped = /^(x-)?gzip$/i.test(head.headers.get('content-encoding') ?? '');
    const plain = isZipped && answer.body !== null ? unzipped(answer.body) : answer.body;
    const read = await readBody(plain, maxBytes ?? oneMegabyte, broken);
    if (read.cut === undefined) bound.end();
    else bound.abort();
    finish(read.text);
    return { ...head, ...read };
  };

  const stream: StreamHttp = async ({ method, url, headers, body, bodyNote, onSent }) => {
    const bound = boundRequest(options.timeoutMs, signal);
    let isSent = body === undefined;
    async function* pieces(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
      let bytes = 0;
      for (const part of parts) {
        for (let at = 0; at < part.length; at += pieceBytes) {
          const piece = part.subarray(at, at + pieceBytes);
          yield piece;
          bound.moved();
          bytes += piece.length;
          onSent?.(bytes);
        }
      }
      isSent = true;
    }
    const request = { method, headers, ...(body && { stream: pieces(body) }) };
    const { head, broken, finish, ...answer } = await begin(url, request, bodyNote, bound);
    bound.moved();

    return {
      ...head,
      async *bytes() {
        let came = 0;
        let isWhole = false;
        try {
          for await (const chunk of answer.body ?? []) {
            came += chunk.length;
            // It is us who are waited for.
            bound.pause();
            yield chunk;
            bound.moved();
          }
          isWhole = true;
        } catch (thrown) {
          throw broken(thrown);
        } finally {
          finish(`(${came} bytes)`);
          if (isWhole) bound.end();
          else bound.abort();
        }
      },
      async read() {
        const read = await readBody(answer.body, oneMegabyte, broken);
        finish(read.text);
        // A connection that still carries the rest of a refused body is of no use to the next request.
        if (isSent && read.cut === undefined) bound.end();
        else bound.abort();
        return { ...head, ...read };
      },
      discard() {
        finish('(not read)');
        bound.abort();
      },
    };
  };
  return { http, stream };
}

/** Ends a request when nothing has moved for so long, or when the person cancels. */
function boundRequest(timeoutMs: number, cancelled: AbortSignal) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  let isPaused = false;
  let isOver = false;
  const timer = setTimeout(() => {
    if (isPaused) return;
    isOver = true;
    abort();
  }, timeoutMs);
  const end = () => {
    clearTimeout(timer);
    cancelled.removeEventListener('abort', abort);
  };
  if (cancelled.aborted) abort();
  else cancelled.addEventListener('abort', abort);
  return {
    timeoutMs,
    signal: controller.signal,
    /** Whether it was the time that ended it. */
    get isOver() {
      return isOver;
    },
    moved() {
      isPaused = false;
      timer.refresh();
    },
    pause() {
      isPaused = true;
    },
    end,
    abort() {
      end();
      abort();
    },
  };
}

/** Reads a body as text, up to a size. */
async function readBody(
  body: AsyncIterable<Uint8Array> | null,
  maxBytes: number,
  broken: (thrown: unknown) => GsacError,
): Promise<{ text: string; cut: GsacError | undefined }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let cut: GsacError | undefined;
  try {
    for await (const chunk of body ?? []) {
      size += chunk.length;
      if (size > maxBytes) {
        const what = `The response is longer than ${maxBytes} bytes; none of Google’s is.`;
        cut = new GsacError('answer_unreadable', what, {
          hint: 'A proxy or captive portal may be answering in Google’s place.',
        });
        break;
      }
      chunks.push(chunk);
    }
  } catch (thrown) {
    cut = broken(thrown);
  }
  return { text: Buffer.concat(chunks).toString('utf8'), cut };
}

/** Uncompresses a body. If it breaks off, what came of it is handed on before the failure. */
async function* unzipped(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let failure: unknown;
  async function* untilItBreaks(): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } catch (thrown) {
      failure = thrown;
    }
  }
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  // Whoever reads is told of its errors.
  yield* pipeline(untilItBreaks(), gunzip, () => undefined);
  if (failure !== undefined) throw failure;
}

/**
 * The clock of whoever answered, epoch milliseconds; undefined if the answer states none.
 *
 * The keys come out of a cache in front of Google: their `Date` is that of the moment when they went
 * in, and `Age` counts from there.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1
 * @see https://www.rfc-editor.org/rfc/rfc9111#section-5.1
 */
export function serverTimeOf(headers: AnswerHead['headers']): number | undefined {
  const date = Date.parse(headers.get('date') ?? '');
  const age = Number(headers.get('age') ?? 0);
  return Number.isNaN(date) ? undefined : date + (age >= 0 ? age * 1000 : 0);
}
