import type { Call } from '../http/call.js';
import type { EmulatorParts } from '../http/emulator-parts.js';
import { oauthJson } from '../http/respond.js';
import type { Grant, IdTokenDraft, Issuance, PendingCode } from '../state/model.js';
import { isTimeLimited, TESTING_GRANT_SECONDS } from '../state/state.js';
import { createIdTokenClaims, type IdTokenSubject } from './id-token.js';

/** Spends a code and answers: access token, refresh token where consent gives one, ID token. */
export function issueForCode(
  call: Call,
  pending: PendingCode,
  parts: EmulatorParts,
): Promise<Response> {
  const { scopes, client, authorization, offline } = pending;
  return issue(call, parts, {
    scopes,
    authorization,
    refreshToken: offline,
    refreshTokenLifetime: isTimeLimited(client, scopes) ? TESTING_GRANT_SECONDS : undefined,
    pending,
    grant: undefined,
  });
}

/** Answers a refresh: a new access token, and no refresh token unless a fault rotates it. */
export function issueForRefresh(
  call: Call,
  grant: Grant,
  scopes: readonly string[],
  parts: EmulatorParts,
): Promise<Response> {
  grant.lastUsedAt = call.now;
  const { authorization, expiresAt } = grant;
  return issue(call, parts, {
    scopes,
    authorization,
    refreshToken: false,
    refreshTokenLifetime:
      expiresAt === undefined ? undefined : Math.floor((expiresAt - call.now) / 1000),
    pending: undefined,
    grant,
  });
}

async function issue(
  call: Call,
  parts: EmulatorParts,
  planned: Pick<
    Issuance,
    'scopes' | 'authorization' | 'refreshToken' | 'refreshTokenLifetime' | 'pending' | 'grant'
  >,
): Promise<Response> {
  const { state, hooks } = parts;
  const { pending, grant } = planned;
  const from = pending ?? grant;
  if (!from) throw new Error('Tokens are issued for a code or a grant');
  const issuance: Issuance = {
    ...planned,
    idToken: planned.scopes.includes('openid'),
    expiresIn: state.accessTokenLifetimeSeconds,
    accessTokenLifetime: state.accessTokenLifetimeSeconds,
    keepsCode: false,
  };
  hooks.issue(call, issuance);
  const { scopes, authorization, refreshTokenLifetime: lifetime } = issuance;
  const { client, azp } = from;
  if (pending && !issuance.keepsCode) state.burnCode(pending);
  const accessToken = state.addAccessToken(
    { authorization, client },
    scopes,
    pending?.offline ?? true,
    call.now,
    issuance.accessTokenLifetime,
  );
  const answer: Record<string, unknown> = {
    access_token: accessToken,
    expires_in: issuance.expiresIn,
  };
  if (issuance.refreshToken) {
    if (grant) state.dropGrant(grant);
    // A rotated token stands for what the one before it did, whatever this answer says.
    const { refreshToken } = state.addGrant({
      ...(grant ?? { authorization, client, azp, scopes }),
      issuedAt: call.now,
      expiresAt: lifetime === undefined ? undefined : call.now + lifetime * 1000,
    });
    answer['refresh_token'] = refreshToken;
  }
  answer['scope'] = scopes.join(' ');
  answer['token_type'] = 'Bearer';
  if (issuance.idToken) {
    const { user } = authorization;
    const { nonce } = pending ?? {};
    answer['id_token'] = await signIdToken(
      call,
      { user, client, azp, scopes, accessToken, nonce, brief: grant !== undefined },
      parts,
    );
  }
  if (lifetime !== undefined && (issuance.refreshToken || grant)) {
    answer['refresh_token_expires_in'] = lifetime;
  }
  hooks.tokenAnswer(call, answer);
  return oauthJson(200, answer);
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
