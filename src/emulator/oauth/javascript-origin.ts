import type { EmulatorClient } from '../state/model.js';

/** Where a popup of Google's script answers: to the page that opened it, in place of a redirect URI. */
export interface Relay {
  /** The origin of that page. */
  readonly origin: string;
  /** Tells the page which of its requests is answered. */
  readonly id: string;
}

/** Reads the redirect URI of a popup: `storagerelay://https/app.example.com?id=auth1`. */
export function readRelay(redirectUri: string): Relay | undefined {
  const [, scheme = '', host = '', id = ''] =
    /^storagerelay:\/\/(https?)\/([^/?#]+)\?id=([\w-]{1,64})$/.exec(redirectUri) ?? [];
  const text = `${scheme}://${host}`;
  return URL.canParse(text) && new URL(text).origin === text ? { origin: text, id } : undefined;
}

/**
 * Whether a page of an origin may use Google's script with a client. If nobody said which origins the
 * client has, any that Google lets people register may.
 * @see https://developers.google.com/identity/protocols/oauth2/javascript-implicit-flow#origin-validation
 */
export function acceptsOrigin(client: EmulatorClient, origin: string): boolean {
  if (client.kind !== 'web') return false;
  if (client.javascriptOrigins !== undefined) return client.javascriptOrigins.includes(origin);
  return /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$)/.test(origin);
}
