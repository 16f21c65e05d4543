import { createHash } from 'node:crypto';
import type { EmulatorClient, EmulatorUser } from '../state/model.js';
import { EMAIL_SCOPE, PROFILE_SCOPE } from '../state/scopes.js';

/** What goes into an ID token. */
export interface IdTokenSubject {
  readonly user: EmulatorUser;
  readonly client: EmulatorClient;
  readonly azp: string;
  readonly scopes: readonly string[];
  readonly accessToken: string;
  readonly nonce: string | undefined;
  readonly authTime: number | undefined;
  /** Refresh answers carry fewer claims than the first one. */
  readonly brief: boolean;
}

/**
 * Makes the claims of an ID token; `now` in epoch milliseconds, `iat` is never ahead of it. Claims
 * of the profile and the mailbox come only with their scopes.
 * @see https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload
 */
export function createIdTokenClaims(subject: IdTokenSubject, now: number): Record<string, unknown> {
  const { user, scopes } = subject;
  const iat = Math.floor(now / 1000);
  return {
    iss: 'https://accounts.google.com',
    azp: subject.azp,
    aud: subject.client.clientId,
    sub: user.sub,
    hd: user.hd,
    ...(scopes.includes(EMAIL_SCOPE) ? emailClaims(user) : {}),
    at_hash: accessTokenHash(subject.accessToken),
    nonce: subject.nonce,
    auth_time: subject.authTime,
    ...(scopes.includes(PROFILE_SCOPE) && !subject.brief ? profileClaims(user) : {}),
    iat,
    exp: iat + 3600,
  };
}

/** The claims of a user's mailbox, as ID tokens and userinfo name them. */
export function emailClaims({ email, emailVerified }: EmulatorUser): Record<string, unknown> {
  return { email, email_verified: emailVerified };
}

/** The profile claims of a user, as ID tokens and userinfo name them. */
export function profileClaims(user: EmulatorUser): Record<string, unknown> {
  return {
    name: user.name,
    picture: user.picture,
    given_name: user.givenName,
    family_name: user.familyName,
    locale: user.locale,
  };
}

/**
 * Hashes an access token as `at_hash` does.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken
 */
function accessTokenHash(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url');
}
