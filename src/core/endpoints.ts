import { GsacError } from './errors.js';
import { shellQuote } from './shell-quote.js';

/** Where gsac sends what; every URL is absolute. */
export interface Endpoints {
  /** The page where a person signs in and consents. */
  authorize: string;
  token: string;
  /** Where a device gets its codes. */
  device: string;
  revoke: string;
  tokeninfo: string;
  /** The JWKS that ID tokens are signed with. */
  jwks: string;
  /** The root of the Drive API, with a slash at the end; `drive/v3` and `upload/drive/v3` follow. */
  driveRoot: string;
  /** Set where the endpoints are not Google's but of this origin. */
  origin: string | null;
}

/** Google's token endpoint of today. */
export const googleTokenUri = 'https://oauth2.googleapis.com/token';

/** Google's endpoints. @see https://accounts.google.com/.well-known/openid-configuration */
export const googleEndpoints: Endpoints = {
  authorize: 'https://accounts.google.com/o/oauth2/v2/auth',
  token: googleTokenUri,
  device: 'https://oauth2.googleapis.com/device/code',
  revoke: 'https://oauth2.googleapis.com/revoke',
  tokeninfo: 'https://oauth2.googleapis.com/tokeninfo',
  jwks: 'https://www.googleapis.com/oauth2/v3/certs',
  driveRoot: 'https://www.googleapis.com/',
  origin: null,
};

/** Token URIs that Google's own files have named over the years; all mean today's endpoint. */
const googleTokenUris: readonly string[] = [
  googleTokenUri,
  'https://accounts.google.com/o/oauth2/token',
  'https://www.googleapis.com/oauth2/v3/token',
  'https://www.googleapis.com/oauth2/v4/token',
];

/**
 * The endpoints that a `token_uri` stands for: Google's, or those of a loopback origin (the
 * emulator), or those of an origin that the person allowed by naming the URI.
 *
 * A file's `token_uri` is untrusted input, since whoever it names receives the client secret.
 *
 * @param allowed the URIs given with `--allow-token-uri`, compared whole, however a URL is spelled.
 * @throws {GsacError} `token_uri_refused` for any other URI.
 */
export function toEndpoints(tokenUri: string, allowed: readonly string[] = []): Endpoints {
  if (googleTokenUris.includes(tokenUri)) return googleEndpoints;
  const url = URL.canParse(tokenUri) ? new URL(tokenUri) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new GsacError('token_uri_refused', 'The token_uri is not an http(s) URL.', {
      hint: `Google's is ${googleTokenUri}.`,
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new GsacError('token_uri_refused', 'The token_uri contains a user name or password.');
  }
  if (!isLoopbackHost(url.hostname) && !allowed.some((uri) => isSameUrl(uri, url))) {
    throw new GsacError(
      'token_uri_refused',
      `The token_uri names ${url.protocol}//${url.host}, which is neither Google nor this machine; it would receive the client secret.`,
      {
        hint: `Download the client file again, or, if you trust that host, add \`--allow-token-uri ${shellQuote(url.href)}\`.`,
        details: { token_uri: url.href },
      },
    );
  }
  return {
    authorize: `${url.origin}/o/oauth2/v2/auth`,
    token: url.href,
    device: `${url.origin}/device/code`,
    revoke: `${url.origin}/revoke`,
    tokeninfo: `${url.origin}/tokeninfo`,
    jwks: `${url.origin}/oauth2/v3/certs`,
    driveRoot: `${url.origin}/`,
    origin: url.origin,
  };
}

function isSameUrl(text: string, url: URL): boolean {
  return URL.canParse(text) && new URL(text).href === url.href;
}

/** Whether a URL's host name means this machine: `localhost`, 127.0.0.0/8 or `[::1]`. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
