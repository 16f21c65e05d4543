import { createHash, randomBytes } from 'node:crypto';
import type { BrowserSignIn } from '../../cli/browser-options.js';
import type { ResolvedClient } from '../../core/client-config.js';

/** A request to the authorization page, with what its answer is checked against. */
export type AuthorizationRequest = ReturnType<typeof createAuthorizationRequest>;

/**
 * Makes a request for a code with a refresh token behind it, bound to a new state and a new PKCE
 * verifier. `prompt=consent`, since without it a person who consented before gives no refresh token.
 * `include_granted_scopes` only if somebody asks for it: Google does not support it for installed apps,
 * and for a web client it brings back every scope that was ever granted.
 *
 * @see https://developers.google.com/identity/protocols/oauth2/web-server#creatingclient
 * @see https://www.rfc-editor.org/rfc/rfc7636#section-4
 */
export function createAuthorizationRequest(
  { client, endpoints }: ResolvedClient,
  redirectUri: string,
  {
    scopes,
    loginHint,
    includeGrantedScopes,
  }: Pick<BrowserSignIn, 'scopes' | 'loginHint' | 'includeGrantedScopes'>,
) {
  const state = randomBytes(24).toString('base64url');
  const codeVerifier = randomBytes(48).toString('base64url');
  const url = new URL(endpoints.authorize);
  const parameters: Readonly<Record<string, string | undefined>> = {
    client_id: client.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: scopes.join(' '),
    access_type: 'offline',
    prompt: 'consent',
    include_granted_scopes: includeGrantedScopes ? 'true' : undefined,
    state,
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    login_hint: loginHint,
  };
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return {
    /** The address to be opened in a browser. It holds no secret. */
    url: url.href,
    /** What the answer must repeat. */
    state,
    /** The PKCE verifier: a secret until the code is exchanged. */
    codeVerifier,
  };
}
