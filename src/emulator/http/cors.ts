import type { Call } from './call.js';
import type { Family } from './paths.js';

/** Google's APIs, which web pages call with their access tokens. The OAuth endpoints are not for pages. */
const FOR_PAGES: readonly Family[] = ['drive', 'userinfo', 'tokeninfo'];

/**
 * Lets the web page that sent a request read the answer, where Google does.
 * @see https://developers.google.com/identity/protocols/oauth2/javascript-implicit-flow
 */
export function allowPage({ method, family, headers }: Call, answer: Headers): void {
  const origin = headers.get('origin');
  if (origin === null || !FOR_PAGES.includes(family)) return;
  answer.set('access-control-allow-origin', origin);
  answer.set('access-control-expose-headers', 'Location, Range, WWW-Authenticate');
  const wanted = headers.get('access-control-request-headers');
  if (method !== 'OPTIONS' || wanted === null) return;
  answer.set('access-control-allow-headers', wanted);
  answer.set('access-control-allow-methods', 'GET, HEAD, POST, PUT, PATCH, DELETE');
  answer.set('access-control-max-age', '3600');
}
