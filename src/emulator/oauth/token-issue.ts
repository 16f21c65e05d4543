import type { Call } from '../http/call.js';
import type { EmulatorParts } from '../http/emulator-parts.js';
import { oauthJson } from '../http/respond.js';
import type { EmulatorClient, Grant, IdTokenDraft, Issuance, PendingCode } from '../state/model.js';
import type { EmulatorServiceAccount } from '../state/service-accounts.js';
import { isTimeLimited, TESTING_GRANT_SECONDS } from '../state/state.js';
import { createIdTokenClaims } from './id-token.js';

/**
 * Spends a code and answers: access token, refresh token where consent gives one, ID token.
 * @param audience the server that an app signs in for; a code for it comes along.
 */
export function issueForCode(
  call: Call,
  pending: PendingCode,
  audience: EmulatorClient | undefined,
  parts: EmulatorParts,
): Promise<Response> {
  const { scopes, client, offline } = pending;
  return issue(call, parts, pending, {
    scopes,
    refreshToken: offline,
    refreshTokenLifetime: isTimeLimited(client, scopes) ? TESTING_GRANT_SECONDS : undefined,
    audience,
  });
}

/** Answers a refresh: a new access token, and no refresh token unless a fault rotates it. */
export function issueForRefresh(
  call: Call,
  grant: Grant,
  scopes: readonly string[],
  audience: EmulatorClient | undefined,
  parts: EmulatorParts,
): Promise<Response> {
  grant.lastUsedAt = call.now;
  const { expiresAt } = grant;
  const left = expiresAt === undefined ? undefined : Math.floor((expiresAt - call.now) / 1000);
  return issue(call, parts, grant, {
    scopes,
    refreshToken: false,
    refreshTokenLifetime: left,
    audience,
  });
}

/** Answers a device that a person has agreed to; it always gets a refresh token. */
export function issueForDevice(
  call: Call,
  holder: Holder,
  scopes: readonly string[],
  parts: EmulatorParts,
): Promise<Response> {
  const isLimited = isTimeLimited(holder.client, scopes);
  const refreshTokenLifetime = isLimited ? TESTING_GRANT_SECONDS : undefined;
  return issue(call, parts, holder, { scopes, refreshToken: true, refreshTokenLifetime });
}

/** Makes an access token for a page, which gets nothing else, as the text of parameters. */
export async function issueForPage(
  call: Call,
  holder: Holder,
  scopes: readonly string[],
  parts: EmulatorParts,
): Promise<Record<string, string>> {
  const planned = { scopes, refreshToken: false, refreshTokenLifetime: undefined, idToken: false };
  const answer = await createAnswer(call, parts, holder, planned, false);
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, String(value)]));
}

/** Answers a service account: an access token alone. */
export function issueForAssertion(
  call: Call,
  holder: Holder,
  scopes: readonly string[],
  parts: EmulatorParts,
): Promise<Response> {
  const planned = { scopes, refreshToken: false, refreshTokenLifetime: undefined, idToken: false };
  return issue(call, parts, holder, planned);
}

/** Answers a service account with an ID token of its own for an audience, and nothing else. */
export async function issueIdToken(
  call: Call,
  { email, user }: EmulatorServiceAccount,
  audience: string,
  { keys, hooks }: EmulatorParts,
): Promise<Response> {
  const iat = Math.floor(call.now / 1000);
  const claims = {
    aud: audience,
    azp: email,
    email,
    email_verified: true,
    exp: iat + 3600,
    iat,
    iss: 'https://accounts.google.com',
    sub: user.sub,
  };
  const draft: IdTokenDraft = { claims };
  hooks.idToken(call, draft);
  const answer: Record<string, unknown> = { id_token: await keys.sign(draft.claims, draft) };
  hooks.tokenAnswer(call, answer);
  return oauthJson(200, answer);
}

/** Whose tokens are made, and for which client. */
type Holder = Pick<Grant, 'authorization' | 'client' | 'azp'>;

type Planned = Pick<Issuance, 'scopes' | 'refreshToken' | 'refreshTokenLifetime'> &
  Partial<Issuance> & { audience?: EmulatorClient | undefined };

async function issue(
  call: Call,
  parts: EmulatorParts,
  from: PendingCode | Grant | Holder,
  planned: Planned,
): Promise<Response> {
  const isOffline = 'code' in from ? from.offline : true;
  return oauthJson(200, await createAnswer(call, parts, from, planned, isOffline));
}

async function createAnswer(
  call: Call,
  { state, keys, hooks }: EmulatorParts,
  from: PendingCode | Grant | Holder,
  { audience, ...planned }: Planned,
  isOffline: boolean,
): Promise<Record<string, unknown>> {
  const pending = 'code' in from ? from : undefined;
  const grant = 'refreshToken' in from ? from : undefined;
  const { client, azp } = from;
  const issuance: Issuance = {
    authorization: from.authorization,
    idToken: planned.scopes.includes('openid'),
    expiresIn: state.accessTokenLifetimeSeconds,
    accessTokenLifetime: state.accessTokenLifetimeSeconds,
    keepsCode: false,
    ...planned,
  };
  hooks.issue(call, issuance);
  const { scopes, authorization, refreshTokenLifetime: lifetime } = issuance;
  if (pending && !issuance.keepsCode) state.burnCode(pending);
  const accessToken = state.addAccessToken(
    { authorization, client },
    scopes,
    isOffline,
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
    const { nonce, authTime } = pending ?? {};
    const shared = { user, azp, scopes, accessToken, nonce, authTime, brief: grant !== undefined };
    const subject = { ...shared, client: audience ?? client };
    const draft: IdTokenDraft = { claims: createIdTokenClaims(subject, call.now) };
    hooks.idToken(call, draft);
    answer['id_token'] = await keys.sign(draft.claims, draft);
  }
  if (lifetime !== undefined && (issuance.refreshToken || grant)) {
    answer['refresh_token_expires_in'] = lifetime;
  }
  if (pending && audience) {
    const { serverOffline: offline = false } = pending;
    const server = { authorization, azp, scopes, offline, client: audience };
    const added = state.addCode({ ...server, source: 'ios', redirectUri: '' }, call.now);
    answer['server_code'] = added.code;
  }
  hooks.tokenAnswer(call, answer);
  return answer;
}
