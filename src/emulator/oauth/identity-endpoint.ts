import type { Hono } from 'hono';
import type { Call } from '../http/call.js';
import type { EmulatorEnv, EmulatorParts } from '../http/emulator-parts.js';
import { PATHS } from '../http/paths.js';
import {
  apiJson,
  htmlNotFound,
  invalidCredentials,
  oauthError,
  oauthJson,
  revoked,
} from '../http/respond.js';
import { EMAIL_SCOPE, PROFILE_SCOPE } from '../state/scopes.js';
import type { LiveAccessToken } from '../state/state.js';
import { emailClaims, profileClaims } from './id-token.js';

/** Adds revocation, tokeninfo and userinfo under their present and older paths. */
export function addIdentityEndpoints(app: Hono<EmulatorEnv>, parts: EmulatorParts): void {
  const [present, older] = PATHS.revoke;
  app.post(present, (c) => revoke(c.env.call, parts));
  app.get(present, (c) => htmlNotFound(c.env.call.path));
  // The older path takes both: google-api-ruby-client#796, oauth2client#750.
  app.on(['GET', 'POST'], older, (c) => revoke(c.env.call, parts));
  for (const path of PATHS.tokeninfo) {
    app.on(['GET', 'POST'], path, (c) => tokeninfo(c.env.call, parts));
  }
  for (const path of PATHS.userinfo) {
    // Only the second version of the API has names of its own.
    const toProfile = path.includes('/v2/') ? toOldProfile : toOpenIdProfile;
    app.on(['GET', 'POST'], path, (c) => userinfo(c.env.call, toProfile));
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc7009 */
function revoke(call: Call, { state, switches }: EmulatorParts): Response {
  const token = call.query.get('token') || call.form.get('token');
  if (!token) return oauthError(400, 'invalid_request', 'Missing required parameter: token');
  const found = state.findToken(token, call.now);
  if (!found) return oauthError(400, 'invalid_token', 'Token expired or revoked');
  state.revoke(found);
  return revoked(switches.revokeBody);
}

/** @see https://developers.google.com/identity/sign-in/web/backend-auth#calling-the-tokeninfo-endpoint */
function tokeninfo(call: Call, parts: EmulatorParts): Response {
  const idToken = call.query.get('id_token') ?? call.form.get('id_token');
  if (idToken) return idTokenInfo(idToken, call.now, parts);
  const token = call.accessToken;
  if (!token) return oauthError(400, 'invalid_token', 'Invalid Value');
  const { user, scopes } = token;
  return oauthJson(200, {
    azp: token.client.clientId,
    aud: token.client.clientId,
    sub: user.sub,
    scope: scopes.join(' '),
    exp: String(token.expiresAt),
    expires_in: String(Math.max(0, token.expiresAt - Math.floor(call.now / 1000))),
    ...(scopes.includes(EMAIL_SCOPE)
      ? { email: user.email, email_verified: String(user.emailVerified) }
      : {}),
    access_type: token.offline ? 'offline' : 'online',
  });
}

function idTokenInfo(idToken: string, now: number, { keys }: EmulatorParts): Response {
  const verified = keys.verify(idToken);
  const exp = verified?.claims['exp'];
  if (!verified || typeof exp !== 'number' || now >= exp * 1000) {
    return oauthError(400, 'invalid_token', 'Invalid Value');
  }
  const claims = Object.entries(verified.claims).map(([name, value]) => [name, String(value)]);
  const { alg, kid, typ } = verified.header;
  return oauthJson(200, { ...Object.fromEntries(claims), alg, kid, typ });
}

function userinfo(
  call: Call,
  toProfile: (token: LiveAccessToken) => Record<string, unknown>,
): Response {
  const token = call.accessToken;
  return token ? apiJson(toProfile(token)) : invalidCredentials();
}

function toOpenIdProfile({ user, scopes }: LiveAccessToken): Record<string, unknown> {
  return {
    sub: user.sub,
    ...(scopes.includes(PROFILE_SCOPE) ? profileClaims(user) : { picture: user.picture }),
    ...(scopes.includes(EMAIL_SCOPE) ? emailClaims(user) : {}),
    hd: user.hd,
  };
}

function toOldProfile(token: LiveAccessToken): Record<string, unknown> {
  const { sub, email_verified, ...rest } = toOpenIdProfile(token);
  return { id: sub, verified_email: email_verified, ...rest };
}
