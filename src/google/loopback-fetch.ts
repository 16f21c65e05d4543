import { connect, type Socket } from 'node:net';
import { HTTPParser } from 'http-parser-js';
import type { FetchAnswer } from './http.js';
import { brokenOff, type SmallRequest, toAnswer, withoutAnswer } from './small-answer.js';

// As Node reads header fields: octets (RFC 9110, 5.5).
HTTPParser.encoding = 'latin1';

/** A connection that lay idle longer may be about to be closed: Node's servers wait five seconds. */
const mostIdleMs = 1_000;

/** What is read at once; all but a large listing fits. */
const bufferBytes = 16_384;

/** What no header's value may hold: a line's end, above all; others keep to ASCII (RFC 9110, 5.5). */
const unfitForHeader = /[^\t\x20-\x7e]/;

/**
 * Builds the way in which many small requests go to a server on this machine, such as the emulator:
 * straight over its socket, without TLS, proxy or compression. Node's own client takes as long for
 * each of them as the emulator for its answer, and half the time of a large plan.
 *
 * Requests on one connection follow each other; each is sent once. Connections are kept for the next
 * request and do not keep the process alive. What is sent and what an answer's body is, whole, broken
 * off or too long, is as with `fetchSmall`; its errors are, too.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112
 */
export function createLoopbackFetch(): (request: SmallRequest) => Promise<FetchAnswer> {
  const idle = new Map<string, Connection[]>();

  function take({ host, hostname, port }: URL): Connection {
    const kept = idle.get(host) ?? [];
    idle.set(host, kept);
    for (let one = kept.pop(); one !== undefined; one = kept.pop()) {
      if (one.isFresh) return one;
      one.destroy();
    }
    const name = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
    return new Connection(name, Number(port || 80), (freed) => kept.push(freed));
  }

  return (request) =>
    new Promise((resolve, reject) => {
      const text = toText(request);
      const exchange = new Exchange(request.mostBytes, resolve, reject);
      let connection: Connection | undefined;
      request.onEnd?.(() => {
        exchange.end(withoutAnswer());
        connection?.destroy();
      });
      if (exchange.isOver) return;
      connection = take(request.url);
      connection.send(text, exchange);
    });
}

/** @throws {TypeError} for a header's value that no line can hold. */
function toText({ method, url, headers, body = '' }: SmallRequest): string {
  let head = `${method} ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    if (unfitForHeader.test(value)) {
      const error = new TypeError(`a header ${name} with a character that cannot be sent`);
      throw Object.assign(error, { code: 'ERR_INVALID_CHAR' });
    }
    head += `${name}: ${value}\r\n`;
  }
  if (body !== '' || method !== 'GET') head += `content-length: ${Buffer.byteLength(body)}\r\n`;
  return `${head}connection: keep-alive\r\n\r\n${body}`;
}

/** One request's answer on its way. */
class Exchange {
  isOver = false;
  readonly #mostBytes: number;
  readonly #resolve: (answer: FetchAnswer) => void;
  readonly #reject: (error: Error) => void;
  readonly #chunks: Uint8Array[] = [];
  #head: { status: number; rawHeaders: readonly string[] } | undefined;
  #size = 0;

  constructor(
    mostBytes: number,
    resolve: (answer: FetchAnswer) => void,
    reject: (error: Error) => void,
  ) {
    this.#mostBytes = mostBytes;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(status: number, rawHeaders: readonly string[]): void {
    this.#head = { status, rawHeaders };
  }

  /** Whether that is still no more than may come. */
  add(chunk: Uint8Array): boolean {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    return this.#size <= this.#mostBytes;
  }

  /** Ends it, with a failure or without. What came of an answer may hold a refresh token. */
  end(failure?: Error): void {
    if (this.isOver) return;
    this.isOver = true;
    if (this.#head === undefined) {
      this.#reject(failure ?? withoutAnswer());
      return;
    }
    const { status, rawHeaders } = this.#head;
    const body = failure === undefined ? this.#chunks : brokenOff(this.#chunks, failure);
    this.#resolve(toAnswer(status, rawHeaders, body));
  }
}

/** A connection and what is under way on it. */
class Connection {
  readonly #socket: Socket;
  readonly #parser = new HTTPParser(HTTPParser.RESPONSE);
  readonly #onFree: (connection: Connection) => void;
  #exchange: Exchange | undefined;
  #interim = false;
  #keepsAlive = false;
  #idleSince = 0;

  /** @param onFree told after each answer that leaves the connection open. */
  constructor(host: string, port: number, onFree: (connection: Connection) => void) {
    this.#onFree = onFree;
    const buffer = Buffer.allocUnsafe(bufferBytes);
    const read = (length: number) => this.#read(buffer.subarray(0, length));
    // Read past the stream, which would make a buffer and an event of each piece.
    this.#socket = connect({ host, port, noDelay: true, onread: { buffer, callback: read } })
      // An answer without a length ends here.
      .on('end', () => this.#parser.finish())
      .on('error', (error) => this.#break(error))
      .on('close', () => this.#break(withoutAnswer()));
    this.#parser.onHeadersComplete = (head) => this.#begin(head);
    this.#parser.onBody = (chunk, offset, length) => {
      // A copy: what is read next comes into the same buffer.
      const taken = this.#exchange?.add(Buffer.from(chunk.subarray(offset, offset + length)));
      if (taken === false) this.#finish(false);
    };
    this.#parser.onMessageComplete = () => {
      if (!this.#interim) this.#finish(this.#keepsAlive);
    };
  }

  /** Whether it is open and has not been idle for long. */
  get isFresh(): boolean {
    return !this.#socket.destroyed && performance.now() - this.#idleSince < mostIdleMs;
  }

  send(text: string, exchange: Exchange): void {
    this.#exchange = exchange;
    this.#socket.ref().write(text);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Returns whether more is to be read, as Node asks to be told. */
  #read(bytes: Buffer): boolean {
    const read = this.#parser.execute(bytes);
    if (read instanceof Error) this.#break(read);
    return true;
  }

  #begin(head: { statusCode: number; headers: readonly string[]; shouldKeepAlive: boolean }): void {
    const { statusCode, headers, shouldKeepAlive } = head;
    this.#interim = statusCode < 200;
    this.#keepsAlive = shouldKeepAlive;
    // Nobody asked for an answer, or for another protocol.
    if (this.#exchange === undefined || statusCode === 101) this.#break(withoutAnswer());
    else if (!this.#interim) this.#exchange.begin(statusCode, headers);
  }

  #finish(mayBeKept: boolean): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    if (mayBeKept && exchange !== undefined) {
      this.#idleSince = performance.now();
      this.#socket.unref();
      this.#onFree(this);
    } else {
      this.#socket.destroy();
    }
    exchange?.end();
  }

  #break(error: Error): void {
    this.#socket.destroy();
    this.#exchange?.end(error);
    this.#exchange = undefined;
  }
}
