import type { Call } from '../http/call.js';
import type { EmulatorParts } from '../http/emulator-parts.js';
import { oauthJson } from '../http/respond.js';
import type { Grant, IdTokenDraft, Issuance, PendingCode } from '../state/model.js';
import { isTimeLimited, TESTING_GRANT_SECONDS } from '../state/state.js';
import { createIdTokenClaims, type IdTokenSubject } from './id-token.js';

/** Spends a code and answers: access token, refresh token where consent gives one, ID token. */
export async function issueForCode(
  call: Call,
  pending: PendingCode,
  parts: EmulatorParts,
): Promise<Response> {
  const { state, hooks } = parts;
  const issuance: Issuance = {
    scopes: pending.scopes,
    refreshToken: pending.offline,
    refreshTokenLifetime: isTimeLimited(pending.client, pending.scopes)
      ? TESTING_GRANT_SECONDS
      : undefined,
    idToken: pending.scopes.includes('openid'),
    authorization: pending.authorization,
    expiresIn: state.accessTokenLifetimeSeconds,
    accessTokenLifetime: state.accessTokenLifetimeSeconds,
    keepsCode: false,
    pending,
    grant: undefined,
  };
  hooks.issue(call, issuance);
  if (!issuance.keepsCode) state.burnCode(pending);
  const { scopes, authorization } = issuance;
  const holder = { ...pending, authorization, scopes };
  const accessToken = state.addAccessToken(
    holder,
    scopes,
    pending.offline,
    call.now,
    issuance.accessTokenLifetime,
  );
  const answer: Record<string, unknown> = {
    access_token: accessToken,
    expires_in: issuance.expiresIn,
  };
  if (issuance.refreshToken) addRefreshToken(answer, call, holder, issuance, parts);
  answer['scope'] = scopes.join(' ');
  answer['token_type'] = 'Bearer';
  if (issuance.idToken) {
    const { client, azp, nonce } = pending;
    const subject: IdTokenSubject = {
      user: authorization.user,
      client,
      azp,
      scopes,
      accessToken,
      brief: false,
      ...(nonce === undefined ? {} : { nonce }),
    };
    answer['id_token'] = await signIdToken(call, subject, parts);
  }
  addLifetime(answer, issuance);
  hooks.tokenAnswer(call, answer);
  return oauthJson(200, answer);
}

/** Answers a refresh: a new access token, and no refresh token unless a fault rotates it. */
export async function issueForRefresh(
  call: Call,
  grant: Grant,
  scopes: readonly string[],
  parts: EmulatorParts,
): Promise<Response> {
  const { state, hooks } = parts;
  grant.lastUsedAt = call.now;
  const issuance: Issuance = {
    scopes,
    refreshToken: false,
    refreshTokenLifetime:
      grant.expiresAt === undefined ? undefined : Math.floor((grant.expiresAt - call.now) / 1000),
    idToken: scopes.includes('openid'),
    authorization: grant.authorization,
    expiresIn: state.accessTokenLifetimeSeconds,
    accessTokenLifetime: state.accessTokenLifetimeSeconds,
    keepsCode: false,
    pending: undefined,
    grant,
  };
  hooks.issue(call, issuance);
  const { authorization } = issuance;
  const accessToken = state.addAccessToken(
    { ...grant, authorization },
    issuance.scopes,
    true,
    call.now,
    issuance.accessTokenLifetime,
  );
  const answer: Record<string, unknown> = {
    access_token: accessToken,
    expires_in: issuance.expiresIn,
  };
  if (issuance.refreshToken) {
    state.dropGrant(grant);
    addRefreshToken(answer, call, grant, issuance, parts);
  }
  answer['scope'] = issuance.scopes.join(' ');
  answer['token_type'] = 'Bearer';
  if (issuance.idToken) {
    const { client, azp } = grant;
    const { user } = authorization;
    const subject = { user, client, azp, scopes: issuance.scopes, accessToken, brief: true };
    answer['id_token'] = await signIdToken(call, subject, parts);
  }
  addLifetime(answer, issuance);
  hooks.tokenAnswer(call, answer);
  return oauthJson(200, answer);
}

function addRefreshToken(
  answer: Record<string, unknown>,
  call: Call,
  from: Pick<Grant, 'authorization' | 'client' | 'azp' | 'scopes'>,
  issuance: Issuance,
  { state }: EmulatorParts,
): void {
  const { authorization, client, azp, scopes } = from;
  const seconds = issuance.refreshTokenLifetime;
  const grant = state.addGrant({
    authorization,
    client,
    azp,
    scopes,
    issuedAt: call.now,
    ...(seconds === undefined ? {} : { expiresAt: call.now + seconds * 1000 }),
  });
  answer['refresh_token'] = grant.refreshToken;
}

function addLifetime(answer: Record<string, unknown>, issuance: Issuance): void {
  const seconds = issuance.refreshTokenLifetime;
  const hasRefreshToken = answer['refresh_token'] !== undefined || issuance.grant !== undefined;
  if (seconds !== undefined && hasRefreshToken) answer['refresh_token_expires_in'] = seconds;
}

function signIdToken(
  call: Call,
  subject: IdTokenSubject,
  { keys, hooks }: EmulatorParts,
): Promise<string> {
  const draft: IdTokenDraft = { claims: createIdTokenClaims(subject, call.now) };
  hooks.idToken(call, draft);
  return keys.sign(draft.claims, draft);
}
