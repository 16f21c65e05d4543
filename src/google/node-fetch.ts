import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import fetch, { Headers } from 'node-fetch';
import { getProxyForUrl } from 'proxy-from-env';
import { isLoopbackHost } from '../core/endpoints.js';
import type { Fetch, FetchAnswer, FetchInit } from './http.js';
import { PROXY_NOT_CONNECTED } from './network-error.js';
import { fetchSmall, withoutAnswer } from './small-fetch.js';

/** How many addresses are remembered; files have one each. */
const mostKnown = 100;

/**
 * The `fetch` that real requests go through: node-fetch over Node's own http, which loads in a
 * fraction of the time that the built-in `fetch` takes, with the standard proxy variables
 * (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`). Loopback addresses are never proxied.
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

async function send(address: URL, agent: HttpAgent, init: FetchInit): Promise<FetchAnswer> {
  const { method, redirect, stream, mostBytes, body } = init;
  const headers = { 'user-agent': 'gsac', ...init.headers };
  if (mostBytes !== undefined) {
    const { onEnd } = init;
    return fetchSmall({ url: address, agent, method, headers, body, mostBytes, onEnd });
  }
  const { signal } = init;
  if (init.large === true) return fetchLarge(address, { method, headers, signal, agent });
  const sent = stream === undefined ? body : Readable.from(stream);
  return fetch(address, {
    method,
    headers,
    redirect,
    signal,
    agent,
    ...(sent === undefined ? {} : { body: sent }),
  });
}

/**
 * Hands on the answer as Node's http reads it: the two streams that node-fetch puts between take a
 * quarter of a large download's processor time.
 */
async function fetchLarge(
  url: URL,
  options: Pick<FetchInit, 'method' | 'headers' | 'signal'> & { agent: HttpAgent },
): Promise<FetchAnswer> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(url, options, resolve).on('error', reject);
    // All that is heard of an answer that changes the protocol (101).
    sent.once('close', () => reject(withoutAnswer())).end();
  });
  const named = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  return { status: answer.statusCode ?? 0, headers: new Headers(named), body: answer };
}
