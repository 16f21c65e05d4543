import type { Call } from '../http/call.js';
import type { EmulatorParts } from '../http/emulator-parts.js';
import { emailClaims, profileClaims } from '../oauth/id-token.js';
import type { EmulatorClient, EmulatorUser, IdTokenDraft } from '../state/model.js';

/** What signing in with Google's button shares with the app. */
export const SIGN_IN_SCOPES: readonly string[] = [
  'openid',
  'https://www.googleapis.com/auth/userinfo.email',
  'https://www.googleapis.com/auth/userinfo.profile',
];

/**
 * Makes the ID token that Google's button and One Tap hand to a page. It comes without an access token,
 * so it has no `at_hash`.
 * @see https://developers.google.com/identity/gsi/web/reference/js-reference#credential
 */
export async function createCredential(
  call: Call,
  user: EmulatorUser,
  client: EmulatorClient,
  nonce: string | null,
  { state, keys, hooks }: EmulatorParts,
): Promise<string> {
  state.consent(user, client.project.number, SIGN_IN_SCOPES);
  const iat = Math.floor(call.now / 1000);
  const draft: IdTokenDraft = {
    claims: {
      iss: 'https://accounts.google.com',
      azp: client.clientId,
      aud: client.clientId,
      sub: user.sub,
      hd: user.hd,
      ...emailClaims(user),
      nonce: nonce ?? undefined,
      nbf: iat - 300,
      ...profileClaims(user),
      iat,
      exp: iat + 3600,
      jti: state.newText(40),
    },
  };
  hooks.idToken(call, draft);
  return keys.sign(draft.claims, draft);
}
