import { type Agent, Agent as HttpAgent, type IncomingMessage, request } from 'node:http';
import { Agent as HttpsAgent, request as requestTls } from 'node:https';
import { pipeline, Readable } from 'node:stream';
import { isLoopbackHost } from '../core/endpoints.js';
import { PROXY_NOT_CONNECTED } from './network-error.js';
import { proxyFor } from './proxy.js';

/** Sends one request, follows no redirect, and resolves as soon as the head of the answer is there. */
export type Connect = (url: string, request: ConnectRequest) => Promise<ConnectAnswer>;

/** What is sent; ended by `signal` at any time. */
export interface ConnectRequest {
  method: string;
  headers: Record<string, string>;
  body?: string;
  /** In place of `body`: bytes as they come; their length is in the headers. */
  stream?: AsyncIterable<Uint8Array>;
  signal: AbortSignal;
}

/** An answer whose body is still to come; the standard `Response` fits. */
export interface ConnectAnswer {
  status: number;
  headers: Iterable<[name: string, value: string]>;
  body: AsyncIterable<Uint8Array> | null;
}

/** Certificates are checked, whatever NODE_TLS_REJECT_UNAUTHORIZED says: secrets are sent. */
const checked = { rejectUnauthorized: true };

/**
 * Builds the way that real requests take: Node's own http, which loads in a fraction of the time that
 * the built-in `fetch` takes, with the standard proxy variables (`HTTPS_PROXY`, `HTTP_PROXY`,
 * `ALL_PROXY`, `NO_PROXY`). Loopback addresses are never proxied.
 *
 * Connections are kept for the next request and do not keep the process alive.
 *
 * @param env where the variables are read.
 */
export function createConnect(env: Readonly<Record<string, string | undefined>>): Connect {
  const httpAgent = new HttpAgent({ keepAlive: true });
  const httpsAgent = new HttpsAgent({ keepAlive: true, ...checked });
  return async (address, sent) => {
    const url = new URL(address);
    const proxy = isLoopbackHost(url.hostname) ? undefined : proxyFor(url, env);
    if (proxy !== undefined) return performThrough(proxy, url, sent);
    return perform(url, url.protocol === 'https:' ? httpsAgent : httpAgent, sent);
  };
}

async function perform(
  url: URL,
  agent: Agent,
  { method, headers, body, stream, signal }: ConnectRequest,
): Promise<ConnectAnswer> {
  const options = { method, headers: { 'user-agent': 'gsac', ...headers }, agent, signal };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent =
      url.protocol === 'https:'
        ? requestTls(url, { ...options, ...checked }, resolve)
        : request(url, options, resolve);
    sent.on('error', reject);
    // All that is heard of an answer that changes the protocol (101).
    sent.once('close', () =>
      reject(Object.assign(new Error('closed without an answer'), { code: 'ECONNRESET' })),
    );
    if (stream === undefined) sent.end(body);
    else pipeline(Readable.from(stream), sent, (failure) => failure && reject(failure));
  });
  const all = Object.entries(answer.headersDistinct);
  return {
    status: answer.statusCode ?? 0,
    headers: all.map(([name, values = []]) => [name, values.join(', ')]),
    body: answer,
  };
}

/**
 * Sends through an agent of its own, which ends with the request: a proxy may take the connection and
 * say nothing, and nobody else would ever let go of it.
 */
async function performThrough(
  proxy: string,
  url: URL,
  sent: ConnectRequest,
): Promise<ConnectAnswer> {
  const { HttpsProxyAgent } = await import('https-proxy-agent');
  const options: ConstructorParameters<typeof HttpsProxyAgent>[1] & { signal: AbortSignal } = {
    keepAlive: true,
    signal: sent.signal,
    ...checked,
  };
  const agent = new HttpsProxyAgent(proxy, options);
  let isConnected = false;
  agent.once('proxyConnect', () => {
    isConnected = true;
  });
  try {
    return await perform(url, agent, sent);
  } catch (thrown) {
    if (isConnected) throw thrown;
    const failure = new Error('the proxy did not connect', { cause: thrown });
    throw Object.assign(failure, { code: PROXY_NOT_CONNECTED });
  }
}
