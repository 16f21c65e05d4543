import type { ClientConfig } from '../../core/client-config.js';
import { isLoopbackHost } from '../../core/endpoints.js';
import { GsacError } from '../../core/errors.js';

/** Where the browser is sent back to. */
export interface RedirectTarget {
  /** `127.0.0.1`, `localhost` or `[::1]`. */
  host: string;
  /** 0 for any free one. */
  port: number;
  /** Begins with a slash. */
  path: string;
}

/** The redirect URI of a sign-in. */
export interface ChosenRedirect {
  target: RedirectTarget;
  /** The URI letter for letter as it is registered; undefined where the file does not list it. */
  registered: string | undefined;
  /** Whether it must be registered, as far as the file says. */
  doubtful: boolean;
}

/**
 * Chooses the redirect URI of a sign-in in a browser of this machine. A desktop client takes any
 * port; a web client only what is registered, so the first of its file's URIs on loopback, or the one
 * that `port` and `path` name.
 *
 * @throws {GsacError} `redirect_uri_required` where the file of a web client lists none on loopback,
 *   and no port is given.
 * @see https://developers.google.com/identity/protocols/oauth2/native-app#redirect-uri_loopback
 */
export function chooseRedirect(
  client: ClientConfig,
  port: number | undefined,
  path: string | undefined,
): ChosenRedirect {
  const plain = { host: '127.0.0.1', port: port ?? 0, path: path ?? '/' };
  if (client.type !== 'web') {
    return { target: plain, registered: undefined, doubtful: client.type === null };
  }
  const onLoopback = client.redirectUris.flatMap((uri) => {
    const target = toTarget(uri);
    return target === undefined ? [] : [{ uri, target }];
  });
  const fitting = onLoopback.find(
    ({ target }) =>
      (port === undefined || target.port === port) && (path === undefined || target.path === path),
  );
  if (fitting !== undefined) {
    return { target: fitting.target, registered: fitting.uri, doubtful: false };
  }
  if (port !== undefined) return { target: plain, registered: undefined, doubtful: true };
  const wanted = `http://127.0.0.1:8085${path ?? '/'}`;
  throw new GsacError(
    'redirect_uri_required',
    onLoopback.length > 0
      ? `The client file lists no redirect URI on this machine with the path ${path}.`
      : 'The client file lists no redirect URI on this machine, and a web client takes only listed ones.',
    {
      hint: `Register ${wanted} in the Cloud console, Clients, then add --port 8085; or use a "Desktop app" client, which takes any port.`,
      details: { redirect_uris: client.redirectUris },
    },
  );
}

function toTarget(uri: string): RedirectTarget | undefined {
  if (!URL.canParse(uri)) return undefined;
  const { protocol, hostname, port, pathname, search, hash } = new URL(uri);
  if (protocol !== 'http:' || !isLoopbackHost(hostname) || search + hash !== '') return undefined;
  return { host: hostname, port: port === '' ? 80 : Number(port), path: pathname };
}
