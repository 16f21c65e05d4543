import { googleDomains } from './hosts.js';
import { silentHeader } from './proxy.js';

/** What a program under Node has to know of the proxy. */
export interface PreloadSettings {
  host: string;
  port: number;
  /** The value of Proxy-Authorization; empty if none is asked for. */
  authorization: string;
  /** The file that runs as gsac, which goes through the proxy by itself. */
  program: string | undefined;
}

/**
 * The text of a CommonJS module that Node loads before a program, in every worker thread too. Whatever
 * makes a connection by TLS (fetch, https with any agent, npm's undici, http2) asks `tls.connect` for
 * it; for Google's hosts that leads to the proxy. It prints nothing, and fails nothing.
 *
 * It sends no more than its request to the proxy and begins TLS at once: the socket has to be handed to
 * Node before anything is read from it.
 */
export function renderNodePreload(settings: PreloadSettings): string {
  return `'use strict';
(() => {
  const { host: proxyHost, port, authorization, program } = ${JSON.stringify(settings)};
  const domains = ${JSON.stringify(googleDomains)};
  const real = (path) => {
    try {
      return require('fs').realpathSync(path);
    } catch {
      return path;
    }
  };
  // Node 22 warns of what NODE_USE_ENV_PROXY switches on, which the program has not asked for. In a
  // worker it may do so before this is loaded there.
  const emit = process.emit;
  process.emit = function (name, what, ...more) {
    if (name === 'warning' && what && what.code === 'UNDICI-EHPA') return false;
    return emit.call(this, name, what, ...more);
  };
  if (program && process.argv[1] && real(process.argv[1]) === real(program)) return;
  const net = require('net');
  const tls = require('tls');
  const connectSocket = net.connect;
  const connectTls = tls.connect;
  const isGoogle = (host) =>
    typeof host === 'string' &&
    domains.some((each) => host.toLowerCase() === each || host.toLowerCase().endsWith('.' + each));

  tls.connect = function connect(...args) {
    const [first, second, third] = args;
    const more = [second, third].find((one) => typeof one === 'object' && one !== null);
    const options =
      typeof first === 'object' && first !== null
        ? { ...first }
        : { port: first, ...(typeof second === 'string' ? { host: second } : {}), ...more };
    // Some libraries look the name up themselves.
    const host = net.isIP(options.host || '') && options.servername ? options.servername : options.host;
    if (options.socket || options.path || Number(options.port) !== 443 || !isGoogle(host)) {
      return connectTls.apply(this, args);
    }
    const raw = connectSocket({ port, host: process.env.GSAC_INTERCEPT_HOST || proxyHost });
    raw.write(
      'CONNECT ' + host + ':443 HTTP/1.1\\r\\nHost: ' + host + ':443\\r\\n${silentHeader}: 1\\r\\n' +
        (authorization ? 'Proxy-Authorization: ' + authorization + '\\r\\n' : '') + '\\r\\n',
    );
    const callback = args.find((one) => typeof one === 'function');
    const secured = connectTls.call(this, { ...options, socket: raw }, callback);
    raw.on('error', (error) => secured.destroy(error));
    if (options.timeout) secured.setTimeout(options.timeout);
    return secured;
  };
  // ES modules have their own copy of what a module of Node exports.
  require('module').syncBuiltinESMExports();
})();
`;
}
