import { createHash, randomBytes } from 'node:crypto';
import type { Endpoints } from '../../core/endpoints.js';

/** What is asked of the authorization page. */
export interface AuthorizationWish {
  endpoints: Endpoints;
  clientId: string;
  redirectUri: string;
  /** As they are sent. */
  scopes: readonly string[];
  loginHint: string | undefined;
}

/** A request to the authorization page, with what its answer is checked against. */
export interface AuthorizationRequest {
  /** The address to be opened in a browser. It holds no secret. */
  url: string;
  /** What the answer must repeat. */
  state: string;
  /** The PKCE verifier: a secret until the code is exchanged. */
  codeVerifier: string;
}

/**
 * Makes a request for a code with a refresh token behind it, bound to a new state and a new PKCE
 * verifier. `prompt=consent`, since without it a person who consented before gives no refresh token.
 *
 * @see https://developers.google.com/identity/protocols/oauth2/web-server#creatingclient
 * @see https://www.rfc-editor.org/rfc/rfc7636#section-4
 */
export function createAuthorizationRequest(wish: AuthorizationWish): AuthorizationRequest {
  const state = randomBytes(24).toString('base64url');
  const codeVerifier = randomBytes(48).toString('base64url');
  const url = new URL(wish.endpoints.authorize);
  const parameters: Readonly<Record<string, string | undefined>> = {
    client_id: wish.clientId,
    redirect_uri: wish.redirectUri,
    response_type: 'code',
    scope: wish.scopes.join(' '),
    access_type: 'offline',
    prompt: 'consent',
    include_granted_scopes: 'true',
    state,
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    login_hint: wish.loginHint,
  };
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return { url: url.href, state, codeVerifier };
}
