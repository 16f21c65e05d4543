import { createHash } from 'node:crypto';
import type { Hono } from 'hono';
import type { Call } from '../http/call.js';
import type { EmulatorEnv, EmulatorParts } from '../http/emulator-parts.js';
import { PATHS } from '../http/paths.js';
import { oauthError } from '../http/respond.js';
import type { EmulatorClient, PendingCode } from '../state/model.js';
import { expandScopes } from '../state/scopes.js';
import { checkClient } from './client-check.js';
import { redeemDeviceCode } from './device-endpoint.js';
import { redeemAssertion } from './jwt-grant.js';
import { answerTokens } from './token-issue.js';
import { DEVICE_CODE, JWT_BEARER, refuseToken } from './token-refusals.js';

const CODE_SHAPE = /^4\/0A[\w-]{73}$/;
const REFRESH_TOKEN_SHAPE = /^1\/\/0[\w-]{99}$/;

/**
 * Adds the token endpoint under its present path and the older ones. Of what Google refuses it does
 * not know repeated parameters.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3
 */
export function addTokenEndpoint(app: Hono<EmulatorEnv>, parts: EmulatorParts): void {
  for (const path of PATHS.token) app.post(path, (c) => answerToken(c.env.call, parts));
}

function answerToken(call: Call, parts: EmulatorParts): Response | Promise<Response> {
  const { form } = call;
  const grantType = form.get('grant_type') ?? '';
  if (grantType === JWT_BEARER) return redeemAssertion(call, parts);
  const redeem = GRANTS.get(grantType);
  if (redeem === undefined) {
    return oauthError(400, 'unsupported_grant_type', `Invalid grant_type: ${grantType}`);
  }
  const client = checkClient(call, parts);
  return client instanceof Response ? client : redeem(call, client, parts);
}

const GRANTS = new Map([
  ['authorization_code', redeemCode],
  ['refresh_token', refresh],
  [DEVICE_CODE, redeemDeviceCode],
  // Of the draft that Google's flow is older than.
  ['http://oauth.net/grant_type/device/1.0', redeemDeviceCode],
]);

function redeemCode(
  call: Call,
  client: EmulatorClient,
  parts: EmulatorParts,
): Response | Promise<Response> {
  const { state, switches } = parts;
  const code = call.form.get('code') ?? '';
  if (code === '') return oauthError(400, 'invalid_request', 'Missing required parameter: code');
  if (!CODE_SHAPE.test(code)) return oauthError(400, 'invalid_grant', 'Malformed auth code.');
  const pending = state.findCode(code);
  if (!pending) return refuseUnknownCode(code, parts);
  // The code stays good: Go's client repeats it with other credentials after a refusal.
  if (pending.client !== client) return oauthError(401, 'unauthorized_client', 'Unauthorized');
  if (call.now >= pending.expiresAt) return oauthError(400, 'invalid_grant', 'Bad Request');
  const mismatch = findMismatch(call, pending);
  if (mismatch) {
    if (switches.mismatchBurnsCode) state.burnCode(pending);
    return mismatch;
  }
  const audience = findAudience(call, client, state);
  if (audience instanceof Response) return audience;
  const { scopes, offline: refreshToken } = pending;
  return answerTokens(call, parts, pending, { scopes, refreshToken, audience });
}

/**
 * The client of the server that an app signs in for: ID tokens are for it, and a code for it comes along.
 * @returns the refusal if it is none of the project's; undefined if the app names none.
 */
function findAudience(
  { form }: Call,
  client: EmulatorClient,
  { clients }: EmulatorParts['state'],
): EmulatorClient | Response | undefined {
  const id = form.get('audience');
  if (!id || client.kind !== 'ios') return undefined;
  const audience = clients.get(id);
  if (audience?.kind !== 'web') return refuseToken('bad-audience-id');
  const isOwn = audience.project.number === client.project.number;
  return isOwn ? audience : refuseToken('invalid-audience');
}

function refuseUnknownCode(code: string, { state, switches }: EmulatorParts): Response {
  const redeemed = state.findRedeemed(code);
  if (!redeemed) return oauthError(400, 'invalid_grant', 'Bad Request');
  if (switches.reuseRevokesTokens) state.revoke(redeemed);
  return oauthError(400, 'invalid_grant', switches.redeemedWording);
}

function findMismatch(call: Call, pending: PendingCode): Response | undefined {
  const redirectUri = call.form.get('redirect_uri') ?? '';
  if (redirectUri !== pending.redirectUri && redirectUri !== pending.pageOrigin) {
    return oauthError(400, 'redirect_uri_mismatch', 'Bad Request');
  }
  const { codeChallenge } = pending;
  const verifier = call.form.get('code_verifier');
  if (!codeChallenge) return verifier ? refuseToken('needless-verifier') : undefined;
  if (!verifier) return oauthError(400, 'invalid_grant', 'Missing code verifier.');
  const hashed =
    codeChallenge.method === 'plain'
      ? verifier
      : createHash('sha256').update(verifier).digest('base64url');
  if (hashed === codeChallenge.value) return undefined;
  return oauthError(400, 'invalid_grant', 'Invalid code verifier.');
}

function refresh(
  call: Call,
  client: EmulatorClient,
  parts: EmulatorParts,
): Response | Promise<Response> {
  const refreshToken = call.form.get('refresh_token') ?? '';
  if (refreshToken === '') {
    return oauthError(400, 'invalid_request', 'Missing required parameter: refresh_token');
  }
  const grant = parts.state.findGrant(refreshToken, call.now);
  if (!grant) {
    // One that looks like ours was alive once; anything else never was.
    const wording = REFRESH_TOKEN_SHAPE.test(refreshToken)
      ? 'Token has been expired or revoked.'
      : 'Bad Request';
    return oauthError(400, 'invalid_grant', wording);
  }
  if (grant.client !== client) return oauthError(401, 'unauthorized_client', 'Unauthorized');
  const asked = expandScopes((call.form.get('scope') ?? '').split(' '));
  const granted = new Set(grant.scopes);
  if (!asked.every((scope) => granted.has(scope))) {
    return oauthError(400, 'invalid_scope', 'Bad Request');
  }
  const audience = findAudience(call, client, parts.state);
  if (audience instanceof Response) return audience;
  grant.lastUsedAt = call.now;
  const scopes = asked.length > 0 ? asked : grant.scopes;
  return answerTokens(call, parts, grant, { scopes, refreshToken: false, audience });
}
