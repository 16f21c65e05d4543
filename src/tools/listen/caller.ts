import { X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { RefusalReason } from './receiver.js';

/** What a request may call this machine, beside IP addresses and private names. */
export interface KnownNames {
  /** The host that the receiver was told to listen on. */
  host: string;
  /** The certificate, PEM; a request may be for a name in it. */
  cert: string | undefined;
}

/** Names that nobody can have in the public name system. @see https://www.rfc-editor.org/rfc/rfc6761 */
const privateName = /^[^.]+$|\.(localhost|internal|test|local)$/;

/**
 * Builds the check whether a request comes from a foreign web page: such a page can send requests to
 * a port of this machine, and can have its own name lead there. Programs that are no browser are not
 * held back.
 */
export function createCallerCheck({ host, cert }: KnownNames) {
  const certificate = cert === undefined ? undefined : new X509Certificate(cert);
  const isKnown = (name: string) =>
    isIP(name.replace(/^\[(.*)\]$/, '$1')) > 0 ||
    privateName.test(name) ||
    name === host.toLowerCase() ||
    certificate?.checkHost(name) !== undefined;
  return (headers: IncomingHttpHeaders): RefusalReason | undefined => {
    const called = toUrl(`http://${headers.host ?? ''}`);
    if (called === undefined || !isKnown(called.hostname)) return 'host_foreign';
    const { origin } = headers;
    // Without regard to the scheme: a proxy that ends TLS is no other place.
    if (origin !== undefined && toUrl(origin)?.host !== called.host) return 'origin_foreign';
    return headers['sec-fetch-site'] === 'cross-site' ? 'origin_foreign' : undefined;
  };
}

function toUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
