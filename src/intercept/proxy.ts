import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { type Access, isLoopback } from './access.js';
import type { Authority } from './authority.js';
import { firstBytesMs, readFirst } from './first-bytes.js';
import { createForwarder } from './forward.js';
import { isGoogleHost, readAuthority } from './hosts.js';
import type { InterceptionEvent, Policy, Way } from './policy.js';
import { alertOf, reasonOf } from './reasons.js';
import { openTunnel, type Upstream } from './upstream.js';

/** What a proxy is made of. */
export interface ProxyOptions {
  policy: Policy;
  authority: Authority;
  access: Access;
  upstream: Upstream;
  /** Ports of this machine that nobody gets to through the proxy, beside its own. */
  ownPorts: readonly number[];
  observe: (event: InterceptionEvent) => void;
  host: string;
  port: number;
}

/** A proxy that listens. */
export interface RunningProxy {
  readonly port: number;
  /** Ends it and every connection. */
  close(): Promise<void>;
}

type Where = { host: string; port: number };

/**
 * Sent by our own preload for Node, which begins TLS at once: it is told nothing before that. A
 * socket that has been read from cannot be handed on to Node's TLS.
 */
export const silentHeader = 'x-gsac-silent';

/**
 * Starts an HTTP proxy. TLS to Google's hosts ends here and the policy answers; everything else is
 * passed on unread.
 *
 * @throws the error of the operating system where the port cannot be had.
 */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { policy, authority, access, upstream, observe } = options;
  const forwarder = createForwarder(upstream);
  const sockets = new Set<Socket>();
  const needPassword = new WeakSet<Socket>();
  const ownPorts = new Set(options.ownPorts);

  /** Google's hosts, whose TLS has ended here. */
  const inner = createHttpServer(bounds);
  const targetOf = new WeakMap<Socket, Where & Way>();
  inner.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const target = targetOf.get(request.socket);
    if (target !== undefined) answer(request, response, target);
  });

  /** What is said to the proxy itself. */
  const outer = createHttpServer(bounds);
  outer.on('request', (request, response) => void handlePlain(request, response));
  outer.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    void handleConnect(request, socket, head);
  });
  outer.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    void handleUpgrade(request, socket, head);
  });
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
    welcome(socket);
  });

  function welcome(socket: Socket): void {
    const verdict = access.judge(socket);
    if (verdict === 'stranger') {
      observe({ kind: 'forbidden', reason: 'another user of this machine connected' });
      socket.end(refusal('403 Forbidden', 'This proxy serves only the user who started it.'));
      socket.resume();
      return;
    }
    if (verdict === 'password') needPassword.add(socket);
    outer.emit('connection', socket);
    socket.resume();
  }

  /** Says why a request is not for this proxy; undefined if it is. */
  function refuse({ headers, socket }: IncomingMessage, where: Where): string | undefined {
    if (needPassword.has(socket) && !access.knowsPassword(headers['proxy-authorization'])) {
      return refusal('407 Proxy Authentication Required', 'This proxy asks for its password.', [
        'Proxy-Authenticate: Basic realm="gsac"',
      ]);
    }
    if (!isLoopback(socket.remoteAddress) && !isGoogleHost(where.host)) {
      return refusal(
        '403 Forbidden',
        'From another machine, this proxy serves Google’s hosts only.',
      );
    }
    return undefined;
  }

  function answer(
    request: IncomingMessage,
    response: ServerResponse,
    { host, scheme, port }: Where & Way,
  ): void {
    observe({ kind: 'request', host });
    // Whatever it says, it is for the host that the program connected to.
    request.headers.host = host;
    policy.answer(request, response, host, { scheme, port });
  }

  /** A request with a whole URL. */
  async function handlePlain(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fail = (status: number, text: string) => {
      if (response.headersSent) return response.destroy();
      response.writeHead(status, {
        'content-type': 'text/plain; charset=utf-8',
        connection: 'close',
      });
      return response.end(`${text}\n`);
    };
    const url = wholeUrl(request);
    if (url === undefined) {
      return void fail(
        400,
        'This is the proxy of gsac. Its requests carry a whole URL, or use CONNECT.',
      );
    }
    const { scheme, host, port, path } = url;
    const refused = refuse(request, url);
    if (refused !== undefined) {
      request.socket.end(refused);
      return;
    }
    if (isGoogleHost(host) && !policy.passesThrough(host)) {
      request.url = path;
      return answer(request, response, url);
    }
    if (await isOwn(host, port)) {
      observe({ kind: 'forbidden', reason: ownPortWords });
      return void fail(403, ownPortSentence);
    }
    try {
      await forwarder.send(request, response, { scheme, host, port, path });
      const why = isGoogleHost(host) ? 'passed-through' : 'other';
      observe({ kind: 'tunnelled', host, port, why });
    } catch (thrown) {
      if (response.destroyed) return;
      observe({ kind: 'unreachable', host, reason: reasonOf(thrown) });
      fail(502, `gsac could not reach ${host}: ${reasonOf(thrown)}.`);
    }
  }

  async function handleConnect(
    request: IncomingMessage,
    socket: Socket,
    head: Buffer,
  ): Promise<void> {
    const where = readAuthority(request.url ?? '');
    if (where === undefined) {
      socket.end(refusal('400 Bad Request', 'CONNECT names a host and a port.'));
      return;
    }
    const refused = refuse(request, where);
    if (refused !== undefined) {
      socket.end(refused);
      return;
    }
    const isSilent = request.headers[silentHeader] !== undefined;
    const accept = () => {
      if (!isSilent) socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    };
    const { host } = where;
    if (!isGoogleHost(host) || policy.passesThrough(host)) {
      const why = isGoogleHost(host) ? 'passed-through' : 'other';
      return tunnel({ ...where, why }, socket, head, accept, isSilent);
    }
    accept();
    const first = await readFirst(socket, head);
    if (first === undefined) return undefined;
    if (first !== 'http' && first !== 'other' && speaksHttp1(first.protocols)) {
      return endTls(socket, where);
    }
    if (first === 'http') {
      targetOf.set(socket, { ...where, scheme: 'http' });
      inner.emit('connection', socket);
      return undefined;
    }
    const why = first === 'other' ? 'not-http' : 'http2';
    if (policy.unreadable === 'refuse') {
      observe({ kind: 'refused', ...where, why });
      socket.destroy();
      return undefined;
    }
    return tunnel({ ...where, why }, socket, Buffer.alloc(0), () => undefined, true);
  }

  /** Presents a certificate for a host, and reads the requests that come. */
  function endTls(raw: Socket, where: Where): void {
    const { host } = where;
    const secureContext = authority.contextFor(host);
    const secured = new TLSSocket(raw, {
      isServer: true,
      secureContext,
      requestCert: false,
      ALPNProtocols: ['http/1.1'],
    });
    targetOf.set(secured, { ...where, scheme: 'https' });
    let isSecure = false;
    let reason = '';
    const timer = setTimeout(() => raw.destroy(), firstBytesMs).unref();
    secured.once('secure', () => {
      isSecure = true;
      clearTimeout(timer);
      inner.emit('connection', secured);
    });
    secured.on('error', (error) => {
      reason = alertOf(error);
      raw.destroy();
    });
    raw.once('close', () => {
      clearTimeout(timer);
      // In TLS 1.3 a client may refuse the certificate after what is the end of the handshake here.
      if (isSecure && secured.bytesRead > 0 && reason === '') return;
      const what = isSecure
        ? 'it ended the connection without a request'
        : 'it broke the handshake off';
      if (!closing) observe({ kind: 'untrusted', host, reason: reason || what });
    });
  }

  /** Connects both ends; `accept` is called in between. */
  async function tunnel(
    where: Where & Pick<Extract<InterceptionEvent, { kind: 'tunnelled' }>, 'why'>,
    socket: Socket,
    head: Buffer,
    accept: () => void,
    isAccepted: boolean,
  ): Promise<void> {
    const { host, port } = where;
    try {
      const far = await openTunnel(where, upstream);
      sockets.add(far.socket);
      far.socket.once('close', () => sockets.delete(far.socket));
      if (isSelf(far.socket)) {
        far.socket.destroy();
        observe({ kind: 'forbidden', reason: ownPortWords });
        socket.end(isAccepted ? '' : refusal('403 Forbidden', ownPortSentence));
        return;
      }
      observe({ kind: 'tunnelled', ...where });
      accept();
      if (far.head.length > 0) socket.write(far.head);
      if (head.length > 0) far.socket.write(head);
      pipeline(socket, far.socket, socket, () => {
        far.socket.destroy();
        socket.destroy();
      });
    } catch (thrown) {
      const reason = reasonOf(thrown);
      observe({ kind: 'unreachable', host, reason });
      const words = `gsac could not reach ${host}:${port}: ${reason}.`;
      socket.end(isAccepted ? '' : refusal('502 Bad Gateway', words));
    }
  }

  /** A request that changes the protocol, such as a WebSocket's: passed on with all that follows. */
  async function handleUpgrade(
    request: IncomingMessage,
    socket: Socket,
    head: Buffer,
  ): Promise<void> {
    const url = wholeUrl(request);
    const refused = url && refuse(request, url);
    if (url === undefined || refused !== undefined) {
      socket.end(refused ?? refusal('400 Bad Request', 'The request carries no whole URL.'));
      return;
    }
    const { host, port, path } = url;
    if (isGoogleHost(host) && !policy.passesThrough(host) && policy.unreadable === 'refuse') {
      observe({ kind: 'refused', host, port, why: 'not-http' });
      socket.destroy();
      return;
    }
    const headers = request.rawHeaders.flatMap((name, at) =>
      at % 2 === 0 && !/^proxy-/i.test(name) ? [`${name}: ${request.rawHeaders[at + 1]}`] : [],
    );
    const start = [`${request.method} ${path} HTTP/1.1`, ...headers, '', ''].join('\r\n');
    return tunnel(
      { host, port, why: 'other' },
      socket,
      Buffer.concat([Buffer.from(start, 'latin1'), head]),
      () => undefined,
      false,
    );
  }

  /** Whether a name and a port lead to gsac itself: an address can be written in many ways. */
  async function isOwn(host: string, port: number): Promise<boolean> {
    if (!ownPorts.has(port)) return false;
    const tried = await openTunnel({ host, port }, upstream).catch(() => undefined);
    const isFound = tried !== undefined && isSelf(tried.socket);
    tried?.socket.destroy();
    return isFound;
  }

  /** Whether a connection leads back to gsac itself, by whatever name. */
  function isSelf({ remotePort = 0, remoteAddress, localAddress }: Socket): boolean {
    return ownPorts.has(remotePort) && remoteAddress === localAddress;
  }

  let closing = false;
  await once(server.listen(options.port, options.host), 'listening');
  const { port } = server.address() as AddressInfo;
  ownPorts.add(port);
  return {
    port,
    async close() {
      closing = true;
      forwarder.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      inner.closeAllConnections();
      await closed;
    },
  };
}

/** No request may hold a connection up for longer; uploads of large files take their time. */
const bounds = { requestTimeout: 0, headersTimeout: firstBytesMs, keepAliveTimeout: 65_000 };

const ownPortWords = 'a request to one of gsac’s own ports came through the proxy';
const ownPortSentence = 'There is no way to gsac’s own ports through this proxy.';

/** The whole URL of a request to a proxy; undefined for anything else. */
function wholeUrl({ url = '' }: IncomingMessage) {
  if (!/^(http|https|ws|wss):\/\//i.test(url) || !URL.canParse(url)) return undefined;
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const scheme: 'http' | 'https' = /^(https|wss):/.test(protocol) ? 'https' : 'http';
  const where = readAuthority(`${hostname}:${port || (scheme === 'https' ? 443 : 80)}`);
  return where && { ...where, scheme, path: `${pathname}${search}` };
}

/** Whether a client can be answered by HTTP/1.1: it names no protocol, or that one among others. */
function speaksHttp1(protocols: readonly string[]): boolean {
  return protocols.length === 0 || protocols.includes('http/1.1') || protocols.includes('http/1.0');
}

function refusal(status: string, sentence: string, headers: readonly string[] = []): string {
  const body = `${sentence}\n`;
  return [
    `HTTP/1.1 ${status}`,
    ...headers,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
