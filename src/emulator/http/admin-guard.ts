import { isIP } from 'node:net';

/** Who may ask for the emulator's own pages over a port. */
export interface AdminGuard {
  /** Names of hosts, beside private ones and every IP address, that its requests may be for. */
  readonly hosts: readonly string[];
  /** Whether who asks is on another machine and does not know the password, where one is asked for. */
  readonly isStranger?: boolean;
  /** Whether who asks is on another machine and does not know the page's own address. */
  readonly lacksToken?: boolean;
}

/**
 * Says in words why the emulator's own pages are not for a request; undefined where they are. Every
 * page of the web can send requests to a port of this machine, and can have its own name lead there;
 * such a page must neither read codes and secrets nor order faults. Who is no browser is not held back.
 *
 * @param path as the router reads it, so that no other spelling goes past.
 * @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function refusalOf(
  url: URL,
  headers: Headers,
  { hosts, isStranger = false, lacksToken = false }: AdminGuard,
  path: string,
): string | undefined {
  const isPage = path === '/';
  if (lacksToken && (isPage || path.startsWith('/_emulator/page'))) {
    return 'From another machine, open the address with the token that `gsac emulator start` prints.';
  }
  if (isStranger && !isPage)
    return "From another machine, the emulator's own pages ask for the password.";
  if (!isKnownHost(url.hostname, hosts)) {
    return `The emulator's own pages answer to an IP address, to localhost and other names without a dot, and to the host that it was started with (--host), not to ${url.hostname}.`;
  }
  const origin = headers.get('origin');
  if (origin !== null && !isSameHost(origin, url)) {
    return "The emulator's own pages are not for the pages of other origins.";
  }
  // A link may lead to the page itself: it has nothing in it, and nobody can frame or open it to look.
  const isLink = isPage && headers.get('sec-fetch-dest')?.toLowerCase() === 'document';
  const site = headers.get('sec-fetch-site')?.toLowerCase() ?? 'none';
  if (site !== 'none' && site !== 'same-origin' && !isLink) {
    return "The emulator's own pages are not for the pages of other origins.";
  }
  return undefined;
}

/**
 * Names that nobody can have in the public name system, such as those of containers on one network.
 * @see https://www.rfc-editor.org/rfc/rfc6761
 */
const privateName = /^[^.]+$|\.(localhost|internal|test)$/;

/** An address cannot be somebody else's name for this machine, as a public name can. */
function isKnownHost(hostname: string, hosts: readonly string[]): boolean {
  return (
    isIP(hostname.replace(/^\[(.*)\]$/, '$1')) > 0 ||
    privateName.test(hostname) ||
    hosts.some((host) => host.toLowerCase() === hostname)
  );
}

function isSameHost(origin: string, url: URL): boolean {
  // Without regard to the scheme: a proxy that ends TLS is no other place.
  return URL.canParse(origin) && new URL(origin).host === url.host;
}
