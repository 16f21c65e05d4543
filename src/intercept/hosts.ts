/** The domains that belong to Google's APIs and accounts, each with everything below it. */
export const googleDomains: readonly string[] = [
  'googleapis.com',
  'google.com',
  'googleusercontent.com',
];

/**
 * The names of every leaf certificate. All of them are in each, because PHP's default stream context
 * keeps checking the name of the first host that it spoke to.
 */
export const certificateNames: readonly string[] = [
  'accounts.google.com',
  'oauth2.googleapis.com',
  'www.googleapis.com',
  'openidconnect.googleapis.com',
  ...googleDomains.flatMap((domain) => [domain, `*.${domain}`]),
  '*.mtls.googleapis.com',
  '*.clients.google.com',
];

/** Whether a host is one of Google's. */
export function isGoogleHost(host: string): boolean {
  const name = normaliseHost(host);
  return googleDomains.some((domain) => isWithin(name, domain));
}

/** Whether a certificate with {@link certificateNames} is good for a host; a star is one label. */
export function isNamedInCertificate(host: string): boolean {
  const name = normaliseHost(host);
  const parent = name.slice(name.indexOf('.') + 1);
  return certificateNames.some((each) => each === name || each === `*.${parent}`);
}

/** Whether a host is one that a pattern names: `host`, or `*.domain` for everything below a domain. */
export function matchesHost(pattern: string, host: string): boolean {
  const name = normaliseHost(host);
  const wanted = normaliseHost(pattern);
  if (wanted.startsWith('*.')) return name.endsWith(wanted.slice(1));
  return name === wanted;
}

/** A host as names are compared: lower case, without the root's dot and the brackets of IPv6. */
export function normaliseHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^\[(.*)\]$/, '$1');
}

function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

/** Splits `host:port`, also of IPv6 in brackets; undefined for anything else. */
export function readAuthority(text: string): { host: string; port: number } | undefined {
  const [, host = '', digits = ''] =
    /^(\[[0-9a-f:.]+\]|[^:/?#\s[\]@]+):(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  if (host === '' || port < 1 || port > 65_535) return undefined;
  return { host: normaliseHost(host), port };
}
