import type { Call } from '../http/call.js';
import type { EmulatorParts } from '../http/emulator-parts.js';
import { oauthJson } from '../http/respond.js';
import type { EmulatorClient, Grant, IdTokenDraft, Issuance, PendingCode } from '../state/model.js';
import type { EmulatorServiceAccount } from '../state/service-accounts.js';
import { isTimeLimited, TESTING_GRANT_SECONDS } from '../state/state.js';
import { createIdTokenClaims } from './id-token.js';

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

/** What is to be issued, before faults change it. */
interface Planned extends Pick<Issuance, 'scopes' | 'refreshToken'> {
  /** As the scopes say if nobody says. */
  idToken?: boolean;
  /** The server that an app signs in for; a code for it comes along. */
  audience?: EmulatorClient | undefined;
  /** Whether the access token says so; that of a code goes by the code. */
  isOffline?: boolean;
}

/** Answers with the tokens that {@link issueTokens} makes. */
export async function answerTokens(
  call: Call,
  parts: EmulatorParts,
  from: PendingCode | Grant | Holder,
  planned: Planned,
): Promise<Response> {
  return oauthJson(200, await issueTokens(call, parts, from, planned));
}

/**
 * Makes an access token and, if they are planned, a refresh and an ID token. A code is spent; the refresh
 * token that a grant was is replaced.
 */
export async function issueTokens(
  call: Call,
  { state, keys, hooks }: EmulatorParts,
  from: PendingCode | Grant | Holder,
  { audience, isOffline, ...planned }: Planned,
): Promise<Record<string, unknown>> {
  const pending = 'code' in from ? from : undefined;
  const grant = 'refreshToken' in from ? from : undefined;
  const { client, azp } = from;
  const issuance: Issuance = {
    authorization: from.authorization,
    idToken: planned.scopes.includes('openid'),
    refreshTokenLifetime: lifetimeOf(from, planned.scopes, call.now),
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
    isOffline ?? pending?.offline ?? true,
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

/** How long a refresh token of this lives: what is left of a grant, and a week of an app in testing. */
function lifetimeOf(
  from: PendingCode | Grant | Holder,
  scopes: readonly string[],
  now: number,
): number | undefined {
  if (!('refreshToken' in from)) {
    return isTimeLimited(from.client, scopes) ? TESTING_GRANT_SECONDS : undefined;
  }
  return from.expiresAt === undefined ? undefined : Math.floor((from.expiresAt - now) / 1000);
}
