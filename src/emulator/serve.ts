import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import type { Emulator } from './app.js';
import type { AdminGuard } from './http/admin-guard.js';

/** Where to listen. */
export interface ServeOptions {
  /** `127.0.0.1`. An emulator has no protection: it belongs on loopback. */
  readonly host?: string;
  /** 0 for any free one. */
  readonly port?: number;
  /**
   * Whether the process is the emulator's alone (`false`). Then the global Request and Response are
   * replaced by faster ones, which answers about four tenths more requests that need no signature.
   */
  readonly ownProcess?: boolean;
  /** Whether an Authorization header lets another machine have the emulator's own pages; all may. */
  readonly mayAdminister?: ((authorization: string | undefined) => boolean) | undefined;
  /** The path below which other machines find the page, `/token`; without one they get none. */
  readonly pagePath?: string | undefined;
}

/** An emulator that listens. */
export interface ServedEmulator {
  readonly origin: string;
  readonly port: number;
  /** Stops listening and ends the connections that are open. */
  close(): Promise<void>;
}

/**
 * Puts an emulator on a port and tells it its origin.
 * @throws the error of the operating system where the port cannot be had.
 */
export async function serveEmulator(
  emulator: Emulator,
  { host = '127.0.0.1', port = 0, ownProcess = false, mayAdminister, pagePath }: ServeOptions = {},
): Promise<ServedEmulator> {
  const guard = { hosts: [host, new URL(emulator.origin).hostname] };
  const listener = toListener(emulator, { guard, ownProcess, mayAdminister, pagePath });
  const server = createServer(listener);
  await once(server.listen(port, host), 'listening');
  const bound = server.address() as AddressInfo;
  const named = reachable(bound.address) ?? host;
  const origin = `http://${named.includes(':') ? `[${named}]` : named}:${bound.port}`;
  emulator.setOrigin(origin);
  return { origin, port: bound.port, close: () => close(server) };
}

/** How a listener treats who asks. */
interface ListenerOptions extends Pick<ServeOptions, 'mayAdminister' | 'pagePath'> {
  readonly guard: AdminGuard;
  readonly ownProcess: boolean;
}

/** How requests of Node's own server are answered; `guard` is for the emulator's own pages. */
export function toListener(
  emulator: Emulator,
  { guard, ownProcess, mayAdminister, pagePath }: ListenerOptions,
): RequestListener {
  const knowing = new WeakSet<IncomingMessage>();
  const listener = getRequestListener(
    async (request, env) => {
      const { incoming } = env as HttpBindings;
      const { socket, headers } = incoming;
      try {
        const isNear =
          knowing.has(incoming) || /^(::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '');
        if (isNear) return await emulator.fetch(request, guard);
        const isStranger = mayAdminister?.(headers.authorization) === false;
        return await emulator.fetch(request, { ...guard, isStranger, lacksToken: true });
      } catch (error) {
        if (!isCut(error)) throw error;
        socket.destroy();
        return ALREADY_GONE.clone();
      }
    },
    { overrideGlobalObjects: ownProcess },
  );
  return (incoming, outgoing) => {
    const { url = '' } = incoming;
    if (pagePath !== undefined && url === pagePath) {
      outgoing.writeHead(308, { location: `${pagePath}/` }).end();
      return;
    }
    if (pagePath !== undefined && url.startsWith(`${pagePath}/`)) {
      incoming.url = url.slice(pagePath.length);
      knowing.add(incoming);
    }
    void listener(incoming, outgoing);
  };
}

/** This machine's own address where a server listens on all of them, for which no request can be. */
function reachable(address: string): string | undefined {
  if (address === '0.0.0.0') return '127.0.0.1';
  return address === '::' ? '::1' : undefined;
}

// The header tells node-server that nothing is left to send.
const ALREADY_GONE = new Response(null, { headers: { 'x-hono-already-sent': 'true' } });

function isCut(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
