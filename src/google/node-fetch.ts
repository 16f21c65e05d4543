import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { getProxyForUrl } from 'proxy-from-env';
import { isLoopbackHost } from '../core/endpoints.js';
import type { Fetch, FetchAnswer, FetchInit } from './http.js';
import { fetchLarge } from './large-fetch.js';
import { PROXY_NOT_CONNECTED } from './network-error.js';
import { fetchSmall } from './small-fetch.js';

/** How many addresses are remembered; files have one each. */
const mostKnown = 100;

/**
 * The `fetch` that real requests go through: Node's own http, which loads in a fraction of the time
 * that the built-in `fetch` takes, with the standard proxy variables (`HTTPS_PROXY`, `HTTP_PROXY`,
 * `ALL_PROXY`, `NO_PROXY`). Loopback addresses are never proxied, and no redirect is followed.
 *
 * Connections are kept for the next request and do not keep the process alive.
 */
export function createNodeFetch(): Fetch {
  const httpAgent = new HttpAgent({ keepAlive: true });
  const httpsAgent = new HttpsAgent({ keepAlive: true });

  /** What is known of an address: the same few are asked again and again. */
  const known = new Map<string, Route>();

  function findRoute(url: string): Route {
    const found = known.get(url);
    if (found !== undefined) return found;
    const address = new URL(url);
    const proxy = isLoopbackHost(address.hostname) ? '' : getProxyForUrl(address.href);
    const route = { address, proxy };
    if (known.size >= mostKnown) known.clear();
    known.set(url, route);
    return route;
  }

  return async (url, init) => {
    const { address, proxy } = findRoute(url);
    if (proxy !== '') return throughProxy(proxy, init, (agent) => send(address, agent, init));
    return send(address, address.protocol === 'https:' ? httpsAgent : httpAgent, init);
  };
}

/** Where an address is asked: straight where `proxy` is empty. */
interface Route {
  address: URL;
  proxy: string;
}

/**
 * Sends through an agent of its own, which ends with the request: a proxy may take the connection and
 * say nothing, and nobody else would ever let go of it.
 */
async function throughProxy(
  proxy: string,
  { signal }: FetchInit,
  sendBy: (agent: HttpAgent) => Promise<FetchAnswer>,
): Promise<FetchAnswer> {
  const { HttpsProxyAgent } = await import('https-proxy-agent');
  const options: ConstructorParameters<typeof HttpsProxyAgent>[1] & { signal: AbortSignal } = {
    keepAlive: true,
    signal,
  };
  const agent = new HttpsProxyAgent(proxy, options);
  let isConnected = false;
  agent.once('proxyConnect', () => {
    isConnected = true;
  });
  try {
    return await sendBy(agent);
  } catch (thrown) {
    if (isConnected) throw thrown;
    const failure = new Error('the proxy did not connect', { cause: thrown });
    throw Object.assign(failure, { code: PROXY_NOT_CONNECTED });
  }
}

async function send(url: URL, agent: HttpAgent, init: FetchInit): Promise<FetchAnswer> {
  const { method, mostBytes } = init;
  const headers = { 'user-agent': 'gsac', ...init.headers };
  if (mostBytes === undefined) {
    const { stream, signal } = init;
    return fetchLarge({ url, agent, method, headers, stream, signal });
  }
  const { body, onEnd } = init;
  return fetchSmall({ url, agent, method, headers, body, mostBytes, onEnd });
}
