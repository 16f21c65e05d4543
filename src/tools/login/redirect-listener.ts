import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Landing } from '../../cli/browser-options.js';
import { GsacError, systemCodeOf } from '../../core/errors.js';
import { listen, toListenError } from '../../core/listen.js';
import { pageHeaders, renderLanding } from './landing-page.js';
import { type RedirectAnswer, readRedirect } from './redirect-answer.js';
import type { RedirectTarget } from './redirect-target.js';

/** Where the browser ends, so that its history keeps no address with a code. */
const landingPath = '/gsac-signed-in';
const listenWords = {
  who: 'gsac',
  hosts: 'Choose another port with --port',
  inUse:
    'End the program that listens there, or choose another port with --port (a web client must have that redirect URI registered). --no-browser needs no port.',
};
/** How long a browser that was sent to the landing page is given to ask for it. */
const graceMs = 2_000;

const strangerPage: Landing = {
  title: 'This is not the answer that gsac is waiting for',
  sentences: [
    'It belongs to another sign-in, so gsac took nothing from it.',
    'gsac is still waiting. Open the address that it printed, and sign in there.',
  ],
};
const secondPage: Landing = {
  title: 'This sign-in already has its answer',
  sentences: [
    'gsac took the first answer and ignored this one.',
    'You can close this page. The terminal shows the result.',
  ],
};
const lostPage: Landing = {
  title: 'There is nothing here',
  sentences: [
    'On this port, gsac is waiting for the end of a sign-in, and this is something else.',
  ],
};

/**
 * Listens on loopback for one answer of the authorization page. Only a GET of the redirect path with
 * our state is taken. The browser is then sent on to a page without a query, which waits until it
 * can say what came of the sign-in.
 *
 * @throws {GsacError} `address_in_use`, `usage`.
 * @see https://www.rfc-editor.org/rfc/rfc8252#section-7.3
 */
export async function listenForRedirect(target: RedirectTarget, signal: AbortSignal) {
  let state: string | undefined;
  let onStranger = () => {};
  let taken = false;
  const answered = createDeferred<RedirectAnswer>();
  // Whether anybody waits for it or not.
  answered.promise.catch(() => undefined);
  const landing = createDeferred<Landing>();
  const shown = createDeferred<void>();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const url = readUrl(request, authority);
    if (url === undefined) return send(response, 404, lostPage);
    if (taken && url.pathname === landingPath && request.method === 'GET') {
      send(response, 200, await landing.promise);
      response.once('close', shown.resolve);
      return;
    }
    if (url.pathname !== target.path || request.method !== 'GET' || state === undefined) {
      return send(response, 404, lostPage);
    }
    const read = readRedirect(url.searchParams, state);
    if (read === 'none') return send(response, 404, lostPage);
    if (taken) return send(response, 409, secondPage);
    if (read === 'stranger') {
      onStranger();
      return send(response, 400, strangerPage);
    }
    taken = true;
    response.writeHead(303, { ...pageHeaders, location: landingPath, connection: 'close' }).end();
    answered.resolve(read);
  }

  let authority = '';
  const servers = await openServers(target, (request, response) => void handle(request, response));
  const port = portOf(servers);
  authority = `${target.host}:${port}`;

  return {
    /** With the port that it listens on. */
    redirectUri: `http://${port === 80 ? target.host : authority}${target.path}`,
    /**
     * Waits for the first answer that carries the state. Whatever else arrives is answered and never
     * taken: a wrong state, another path, a second answer.
     *
     * @param stranger told of an answer with another state.
     * @throws {GsacError} `sign_in_timeout` after `waitMs`; `cancelled`.
     */
    async answer(expected: string, waitMs: number, stranger: () => void): Promise<RedirectAnswer> {
      state = expected;
      onStranger = stranger;
      const timer = setTimeout(() => answered.reject(timedOut(waitMs)), waitMs);
      const cancel = () => answered.reject(new GsacError('cancelled', 'Cancelled.'));
      signal.addEventListener('abort', cancel, { once: true });
      if (signal.aborted) cancel();
      try {
        return await answered.promise;
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', cancel);
      }
    },
    /** Says in the browser what came of it, and stops listening. */
    async close(page: Landing): Promise<void> {
      landing.resolve(page);
      if (taken && !signal.aborted) {
        const timer = setTimeout(shown.resolve, graceMs);
        await shown.promise;
        clearTimeout(timer);
      }
      await Promise.all(servers.map(closeServer));
    },
  };
}

/** A promise that is settled from outside. */
function createDeferred<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: GsacError) => void = () => {};
  const promise = new Promise<T>((...settle) => {
    [resolve, reject] = settle;
  });
  return { promise, resolve, reject };
}

/** The address that was asked for; undefined where it was asked of another host (DNS rebinding). */
function readUrl(request: IncomingMessage, authority: string): URL | undefined {
  const host = request.headers.host?.toLowerCase();
  if (host !== authority && `${host}:80` !== authority) return undefined;
  const address = `http://${authority}${request.url?.startsWith('/') ? request.url : '/'}`;
  return URL.canParse(address) ? new URL(address) : undefined;
}

function send(response: ServerResponse, status: number, page: Landing): void {
  response.writeHead(status, { ...pageHeaders, connection: 'close' }).end(renderLanding(page));
}

/**
 * Listens on the host's addresses. `localhost` means both of loopback's, and a stranger on the other
 * one would get the code.
 */
async function openServers(
  { host, port }: RedirectTarget,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server[]> {
  const addresses = host === 'localhost' ? ['127.0.0.1', '::1'] : [host.replace(/^\[|\]$/g, '')];
  const servers: Server[] = [];
  for (const address of addresses) {
    const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, handle);
    try {
      await listen(server, {
        host: address,
        port: servers.length === 0 ? port : portOf(servers),
        exclusive: true,
      });
      servers.push(server);
    } catch (thrown) {
      const code = systemCodeOf(thrown);
      // A machine without IPv6.
      if (servers.length > 0 && (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT')) continue;
      await Promise.all(servers.map(closeServer));
      throw toListenError(thrown, { host, port }, listenWords);
    }
  }
  return servers;
}

function portOf([server]: readonly Server[]): number {
  const address = server?.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function timedOut(waitMs: number): GsacError {
  const seconds = Math.round(waitMs / 100) / 10;
  return new GsacError('sign_in_timeout', `Nobody signed in within ${seconds} s.`, {
    hint: 'Run the command again, or wait longer with --wait 15m. If the page showed an error, `gsac explain` says what it means.',
  });
}
