import { createHash, timingSafeEqual } from 'node:crypto';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { listen } from '../../core/listen.js';
import { createCallerCheck } from './caller.js';
import { readPostedCode } from './posted-code.js';
import {
  type ReceiverAnswer,
  type ReceiverSettings,
  type RefusalReason,
  refusals,
} from './receiver.js';

/** The largest body that is read: a code has 256 bytes, and forms carry more than the code. */
const maxBodyBytes = 65_536;
/** So much of a body that nobody reads is taken off the line, so that the client sees its answer. */
const maxDrainBytes = 1_048_576;
const maxDrainMs = 2_000;

/** Bounds on what strangers can hold, in milliseconds and bytes. */
const usualBounds = {
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 5_000,
  maxHeaderSize: 16_384,
};
const handshakeTimeout = 10_000;
const maxConnections = 256;

/**
 * Listens for posted codes, within the usual bounds or others. What may come from strangers is
 * bounded in time, size and number; a request is refused as early as can be, before its body is read
 * where that is not needed.
 *
 * @throws the operating system's error where the port cannot be had.
 */
export async function startReceiver(settings: ReceiverSettings, bounds = usualBounds) {
  const { tls, host, port } = settings;
  const server: Server =
    tls === undefined
      ? createHttpServer({ ...bounds })
      : createHttpsServer({ ...bounds, ...tls, handshakeTimeout, minVersion: 'TLSv1.2' });
  server.maxConnections = maxConnections;
  const sockets = new Set<Socket>();
  const atWork = new Set<Promise<void>>();
  const closing = new AbortController();
  const isOurPath = createPathCheck(settings.path);
  const refuseCaller = createCallerCheck({ host, cert: tls?.cert });

  function take(response: ServerResponse, continues: boolean): void {
    const work = handle(response, continues)
      .catch(() => void response.destroy())
      .finally(() => atWork.delete(work));
    atWork.add(work);
  }

  async function handle(response: ServerResponse, continues: boolean): Promise<void> {
    // A client that goes away is no failure of ours.
    response.req.on('error', () => {});
    response.on('error', () => {});
    const sent = new Promise<void>((resolve) => response.once('close', resolve));
    const refusal = closing.signal.aborted
      ? 'closing'
      : refuseByHead(response.req, isOurPath, refuseCaller);
    if (refusal !== undefined) await refuse(response, refusal);
    else await receive(response, continues);
    await sent;
  }

  async function receive(response: ServerResponse, continues: boolean): Promise<void> {
    if (continues) response.writeContinue();
    const body = await readBody(response.req, closing.signal);
    if (typeof body === 'string') return refuse(response, body);
    const posted = readPostedCode(response.req.headers['content-type'], body);
    if ('reason' in posted) return refuse(response, posted.reason);
    await send(response, await settings.answer(posted.code));
  }

  async function refuse(response: ServerResponse, reason: RefusalReason): Promise<void> {
    const [status, sentence] = refusals[reason];
    settings.onRefused(status, reason);
    await send(response, { status, body: { error: reason, error_description: sentence } });
  }

  async function send(response: ServerResponse, { status, body }: ReceiverAnswer): Promise<void> {
    const text = `${JSON.stringify(body)}\n`;
    const whole = response.req.complete;
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(status === 405 ? { allow: 'POST' } : {}),
      ...(whole && !closing.signal.aborted ? {} : { connection: 'close' }),
    });
    response.write(text);
    if (!whole) await drain(response.req);
    response.end();
  }

  server.on('request', (_request, response) => take(response, false));
  server.on('checkContinue', (_request, response) => take(response, true));
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const slow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
    if (slow) settings.onRefused(408, 'too_slow');
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    const line = slow ? '408 Request Timeout' : '400 Bad Request';
    // Half-open sockets are kept by nobody: what is written is all that there will be.
    socket.end(`HTTP/1.1 ${line}\r\nConnection: close\r\n\r\n`, () => socket.destroy());
  });
  await listen(server, { port, host });

  return {
    port: (server.address() as AddressInfo).port,
    /** Takes nothing new, finishes what is being answered, then ends every connection. */
    async close() {
      closing.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      while (atWork.size > 0) await Promise.all(atWork);
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Compares in a time that tells nothing about the right path. */
function createPathCheck(path: string): (asked: string) => boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  const right = hash(path);
  return (asked) => timingSafeEqual(hash(asked), right);
}

function refuseByHead(
  request: IncomingMessage,
  isOurPath: (asked: string) => boolean,
  refuseCaller: ReturnType<typeof createCallerCheck>,
): RefusalReason | undefined {
  const { method, headers, url = '' } = request;
  if (!isOurPath(url.split('?', 1)[0] ?? '')) return 'wrong_path';
  if (method !== 'POST') return 'method_not_allowed';
  const foreign = refuseCaller(headers);
  if (foreign !== undefined) return foreign;
  // A form on a foreign web page cannot set it without asking first.
  if (!headers['x-requested-with']) return 'header_missing';
  if (Number(headers['content-length'] ?? 0) > maxBodyBytes) return 'body_too_large';
  const encoding = headers['content-encoding'] ?? 'identity';
  return encoding === 'identity' ? undefined : 'body_unsupported';
}

/** Reads a body, bounded in size; Node's server bounds the time. */
async function readBody(
  request: IncomingMessage,
  closing: AbortSignal,
): Promise<Buffer | RefusalReason> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    // What has not arrived soon after the end was asked for is not waited for.
    const stop = () => setTimeout(() => resolve('closing'), 1_000).unref();
    closing.addEventListener('abort', stop, { once: true });
    const leave = () => {
      closing.removeEventListener('abort', stop);
      request.off('data', take).off('end', end).off('close', gone);
    };
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBodyBytes) return void chunks.push(chunk);
      leave();
      resolve('body_too_large');
    };
    const end = () => {
      leave();
      resolve(Buffer.concat(chunks));
    };
    const gone = () => {
      leave();
      reject(new Error('The client went away.'));
    };
    request.on('data', take).on('end', end).on('close', gone);
  });
}

/**
 * Takes what still comes off the line, within bounds. A connection that is closed while bytes lie
 * unread is reset, and then the client may never see the answer.
 */
async function drain(request: IncomingMessage): Promise<void> {
  let left = maxDrainBytes;
  const enough = new AbortController();
  const done = () => enough.abort();
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left <= 0) done();
  });
  request.once('end', done).once('close', done);
  if (request.complete || request.destroyed) done();
  await delay(maxDrainMs, undefined, { signal: enough.signal }).catch(() => {});
}
