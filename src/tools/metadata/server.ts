import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from '../../core/listen.js';
import { answerMetadata, type MetadataAccount, type MetadataAnswer } from './protocol.js';

/** How the metadata server is started. */
export interface MetadataServerOptions {
  host: string;
  port: number;
  /** A path that must stand before the protocol's own, with its slash; empty if there is none. */
  path: string;
  account: MetadataAccount;
  /** Whether whoever is at the other end of a connection is served. */
  serves(socket: IncomingMessage['socket']): boolean;
  /** Told what kept a token from being had; its answer says as much. */
  onFailure(thrown: unknown): MetadataAnswer;
}

/** Bounds on what a client can hold, in milliseconds and bytes. */
const bounds = { headersTimeout: 10_000, requestTimeout: 20_000, maxHeaderSize: 16_384 };

/**
 * Serves an account's access tokens by the protocol of the GCE metadata server, as far as Google's client
 * libraries speak it. Who is not served gets 403, and so does a request without the protocol's header or
 * one that was forwarded.
 *
 * @returns the port, and what ends the server at once.
 * @throws the operating system's error if the port cannot be had.
 */
export async function startMetadataServer(options: MetadataServerOptions) {
  const server = createServer(bounds, (request, response) => {
    answer(request, options).then(
      (found) => send(response, found),
      () => response.destroy(),
    );
  });
  server.maxConnections = 256;
  await listen(server, { host: options.host, port: options.port });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    close(): Promise<void> {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Found out once for each connection: it stays in the hands of the same processes. */
const served = new WeakMap<IncomingMessage['socket'], boolean>();

async function answer(
  { socket, method, url = '/', headers }: IncomingMessage,
  { path, account, serves, onFailure }: MetadataServerOptions,
): Promise<MetadataAnswer> {
  const known = served.get(socket) ?? serves(socket);
  served.set(socket, known);
  if (!known) return refuse(403, 'Only the command’s own processes are served.');
  if (method !== 'GET' && method !== 'HEAD') return refuse(405, 'Only GET is answered.');
  if (headers['x-forwarded-for'] !== undefined)
    return refuse(403, 'Forwarded requests are refused.');
  const asked = new URL(url, 'http://metadata');
  if (!asked.pathname.startsWith(`${path}/`))
    return refuse(403, 'Only the command’s own processes are served.');
  const inner = asked.pathname.slice(path.length);
  // Libraries look here for the flavor, some of them without the header.
  if (inner === '/') return { status: 200, type: 'application/text', body: 'computeMetadata/\n' };
  if (headers['metadata-flavor'] !== 'Google') {
    return refuse(403, 'The header Metadata-Flavor: Google is missing.');
  }
  const root = /^\/computeMetadata(?:\/v1)?(?=\/|$)/.exec(inner)?.[0];
  if (root === undefined) return refuse(404, `gsac's metadata server has no ${inner}.`);
  if (root === '/computeMetadata') return { status: 200, type: 'application/text', body: 'v1/\n' };
  try {
    return await answerMetadata(inner.slice(root.length), asked.searchParams, account);
  } catch (thrown) {
    return onFailure(thrown);
  }
}

function refuse(status: number, body: string): MetadataAnswer {
  return { status, type: 'application/text', body };
}

function send(response: ServerResponse, { status, type, body }: MetadataAnswer): void {
  response.writeHead(status, {
    'content-type': type === 'application/json' ? type : `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
    'metadata-flavor': 'Google',
    server: 'Metadata Server for VM',
    'cache-control': 'no-store',
  });
  response.end(body);
}
