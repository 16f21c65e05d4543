import {
  Agent as HttpAgent,
  type IncomingMessage,
  type RequestOptions,
  request as requestPlain,
  type ServerResponse,
} from 'node:http';
import { Agent as HttpsAgent, request as requestTls } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { type ConnectionOptions, connect } from 'node:tls';
import { authorizationFor, openTunnel, proxyFor, type Upstream } from './upstream.js';

/** Where a request goes on to. */
export interface Target {
  scheme: 'http' | 'https';
  host: string;
  port: number;
  /** Path and query. */
  path: string;
}

/** A request as it is sent on: its head, and its body as a stream. */
export type Sent = Readable & Pick<IncomingMessage, 'method' | 'headers' | 'rawHeaders'>;

/** Sends requests on to the hosts that they are for, as they are. */
export interface Forwarder {
  /**
   * Sends a request on and hands its answer back, both as they come; nothing is held but what is on
   * its way. Resolves with the answer's head, before its body.
   *
   * @param onAnswer told the answer before anything of its body is read.
   * @throws {Error} if there was no answer; nothing has been sent back then.
   */
  send(
    request: Sent,
    response: ServerResponse,
    target: Target,
    onAnswer?: (answer: IncomingMessage) => void,
  ): Promise<IncomingMessage>;
  close(): void;
}

/** Connections are kept for the next request. Certificates are checked, whatever Node's variables say. */
export function createForwarder(upstream: Upstream): Forwarder {
  const plain = new HttpAgent({ keepAlive: true });
  const secure = new TunnelAgent(upstream);
  const toProxy = new HttpsAgent({
    keepAlive: true,
    ca: [...upstream.ca],
    rejectUnauthorized: true,
  });
  return {
    send(request, response, target, onAnswer) {
      const { options, send } = plan(request, target, upstream, { plain, secure, toProxy });
      return new Promise((resolve, reject) => {
        const asked = send(options, (answer) => {
          onAnswer?.(answer);
          response.sendDate = false;
          response.writeHead(
            answer.statusCode ?? 502,
            answer.statusMessage,
            endToEnd(answer.rawHeaders),
          );
          pipeline(answer, response, () => undefined);
          resolve(answer);
        });
        asked.once('error', (error) => {
          if (response.headersSent) response.destroy();
          reject(error);
        });
        response.once('close', () => asked.destroy());
        pipeline(request, asked, () => undefined);
      });
    },
    close() {
      for (const agent of [plain, secure, toProxy]) agent.destroy();
    },
  };
}

function plan(
  request: Sent,
  { scheme, host, port, path }: Target,
  { env }: Upstream,
  agents: { plain: HttpAgent; secure: HttpsAgent; toProxy: HttpsAgent },
): { options: RequestOptions; send: typeof requestPlain } {
  const isChunked = request.headers['transfer-encoding'] !== undefined;
  const common = {
    method: request.method ?? 'GET',
    headers: [
      ...endToEnd(request.rawHeaders),
      ...(isChunked ? ['Transfer-Encoding', 'chunked'] : []),
    ],
  };
  if (scheme === 'https') {
    const options = { ...common, host, port, path, servername: host, agent: agents.secure };
    return { options, send: requestTls as typeof requestPlain };
  }
  const proxy = proxyFor('http', host, port, env);
  if (proxy === undefined) {
    return { options: { ...common, host, port, path, agent: agents.plain }, send: requestPlain };
  }
  const authorization = Object.entries(authorizationFor(proxy)).flat();
  const shown = host.includes(':') ? `[${host}]` : host;
  const options = {
    ...common,
    headers: [...common.headers, ...authorization],
    host: proxy.hostname,
    port: Number(proxy.port) || (proxy.protocol === 'https:' ? 443 : 80),
    path: `http://${shown}${port === 80 ? '' : `:${port}`}${path}`,
    agent: proxy.protocol === 'https:' ? agents.toProxy : agents.plain,
  };
  const send = proxy.protocol === 'https:' ? requestTls : requestPlain;
  return { options, send: send as typeof requestPlain };
}

/** An agent of https that goes through the person's proxy, where one is set for the host. */
class TunnelAgent extends HttpsAgent {
  readonly #upstream: Upstream;

  constructor(upstream: Upstream) {
    super({ keepAlive: true, ca: [...upstream.ca], rejectUnauthorized: true });
    this.#upstream = upstream;
  }

  override createConnection(
    options: RequestOptions,
    callback?: (error: Error | null, stream: import('node:stream').Duplex) => void,
  ): undefined {
    const { path: _never, ...rest } = options;
    const [host, port] = [String(options.host), Number(options.port)];
    openTunnel({ host, port }, this.#upstream).then(
      ({ socket }) => {
        const secured = connect({
          ...rest,
          host,
          port,
          socket,
          servername: host,
        } as ConnectionOptions);
        callback?.(null, secured);
      },
      (error: Error) => callback?.(error, undefined as never),
    );
  }
}

/** Headers that are of one connection only. @see https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** The headers of a message without those of its connection, in their order and spelling. */
export function endToEnd(rawHeaders: readonly string[]): string[] {
  const pairs = rawHeaders.flatMap((name, at): [string, string][] =>
    at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? '']] : [],
  );
  const named = pairs
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.toLowerCase().split(/[\s,]+/));
  const dropped = new Set([...hopByHop, ...named]);
  return pairs.filter(([name]) => !dropped.has(name.toLowerCase())).flat();
}
