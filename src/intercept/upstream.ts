import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { BlockList, connect, isIP, type Socket } from 'node:net';
import { isLoopbackHost } from '../core/endpoints.js';
import { normaliseHost } from './hosts.js';

type Env = Readonly<Record<string, string | undefined>>;

/** How connections to the world are made. */
export interface Upstream {
  /** The person's own variables: their proxy stays in front of the world. */
  env: Env;
  /** What a proxy that is spoken to by TLS is checked against. */
  ca: readonly string[];
}

/** How long a connection may take to come about. */
const connectMs = 30_000;

/**
 * The person's own proxy for a host: undefined where there is none, or where NO_PROXY names the host.
 * Loopback is never proxied.
 *
 * @throws {Error} for a proxy of a kind that gsac does not speak.
 */
export function proxyFor(scheme: 'http' | 'https', host: string, port: number, env: Env) {
  const variable = (name: string) => env[name] || env[name.toUpperCase()] || '';
  const proxy = variable(`${scheme}_proxy`) || variable('all_proxy');
  const isLocal = isLoopbackHost(isIP(host) === 6 ? `[${host}]` : host);
  if (proxy === '' || isLocal || isExcepted(host, port, variable('no_proxy'))) return undefined;
  const text = proxy.includes('://') ? proxy : `http://${proxy}`;
  if (!URL.canParse(text) || !/^https?:/.test(text)) {
    throw new Error(`gsac does not speak the protocol of the proxy ${withoutPassword(text)}`);
  }
  return new URL(text);
}

function withoutPassword(proxy: string): string {
  return proxy.replace(/\/\/[^@/]*@/, '//…@');
}

/** Whether NO_PROXY names a host: a name and all below it, an address, a network, each with a port. */
export function isExcepted(host: string, port: number, noProxy: string): boolean {
  return noProxy.split(/[\s,]+/).some((entry) => covers(entry, host, port));
}

/** Whether one entry of NO_PROXY covers a host. */
export function covers(entry: string, host: string, port: number): boolean {
  if (entry === '' || entry === '*') return entry === '*';
  const [, name = entry, wanted] = /^(.*[^:]|\[.*\]):(\d{1,5})$/.exec(entry) ?? [];
  if (wanted !== undefined && isIP(entry) === 0 && Number(wanted) !== port) return false;
  const rule = normaliseHost(isIP(entry) === 0 ? name : entry).replace(/^\*?\./, '');
  const [network = '', bits] = rule.split('/');
  if (bits !== undefined) return isInNetwork(host, network, Number(bits));
  const isAddress = isIP(host) > 0;
  return host === rule || (!isAddress && rule !== '' && host.endsWith(`.${rule}`));
}

function isInNetwork(host: string, network: string, bits: number): boolean {
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family) return false;
  if (!Number.isInteger(bits) || bits < 0 || bits > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Connects to a host, through the person's proxy where one is set.
 *
 * @returns the connection, and what the other end has said already.
 * @throws {Error} whose message says why in a few words.
 */
export async function openTunnel(
  { host, port }: { host: string; port: number },
  { env, ca }: Upstream,
): Promise<{ socket: Socket; head: Buffer }> {
  const proxy = proxyFor('https', host, port, env);
  if (proxy === undefined) return { socket: await connectTo(host, port), head: Buffer.alloc(0) };
  return new Promise((resolve, reject) => {
    const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
    const send = proxy.protocol === 'https:' ? requestTls : requestPlain;
    const asked = send({
      host: normaliseHost(proxy.hostname),
      port: Number(proxy.port) || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...authorizationFor(proxy) },
      agent: false,
      timeout: connectMs,
      ...(proxy.protocol === 'https:' ? { ca: [...ca], rejectUnauthorized: true } : {}),
    });
    asked.once('connect', ({ statusCode }, socket: Socket, head: Buffer) => {
      socket.setTimeout(0);
      if (statusCode === 200) return resolve({ socket, head });
      socket.destroy();
      return reject(new Error(`the proxy ${proxy.host} answers ${statusCode}`));
    });
    asked.once('timeout', () =>
      asked.destroy(new Error(`the proxy ${proxy.host} does not answer`)),
    );
    asked.once('error', reject);
    asked.end();
  });
}

/** The header that a proxy with a user and a password in its URL is sent. */
export function authorizationFor({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

function connectTo(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: connectMs });
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.once('timeout', () => fail(new Error('no connection within 30 seconds')));
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', fail);
      resolve(socket);
    });
  });
}
