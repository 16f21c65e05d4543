import type { Call } from '../http/call.js';
import type { EmulatorParts } from '../http/emulator-parts.js';
import { PATHS } from '../http/paths.js';
import { oauthError } from '../http/respond.js';
import { readJwt, type UnverifiedJwt } from '../state/jwt.js';
import { isSignedBy } from '../state/keys.js';
import { expandScopes } from '../state/scopes.js';
import type { EmulatorServiceAccount } from '../state/service-accounts.js';
import { isScope } from './authorize-request.js';
import { answerTokens, issueIdToken } from './token-issue.js';
import { refuseToken } from './token-refusals.js';

const LONGEST_SECONDS = 3600;
/** How far the clocks of a server and of Google may differ; Google does not say. */
const SKEW_SECONDS = 300;
const GOOGLE_HOSTS = [
  'https://oauth2.googleapis.com',
  'https://accounts.google.com',
  'https://www.googleapis.com',
];

/**
 * Answers the assertion that a service account signed: an access token for its scopes, or an ID token for
 * its `target_audience`. Each check of Google's, in an order that Google does not document.
 *
 * @see https://developers.google.com/identity/protocols/oauth2/service-account#httprest
 */
export function redeemAssertion(call: Call, parts: EmulatorParts): Response | Promise<Response> {
  const assertion = call.form.get('assertion') ?? '';
  if (assertion === '') {
    return oauthError(400, 'invalid_request', 'Missing required parameter: assertion');
  }
  const jwt = readJwt(assertion);
  if (!jwt) return refuseToken('assertion-signature');
  const { claims } = jwt;
  const account = parts.state.serviceAccounts.get(String(claims['iss']));
  if (account?.client.status !== 'active') return refuseToken('service-account-not-found');
  if (!isSigned(jwt, account)) return refuseToken('assertion-signature');
  if (!isRightAudience(claims['aud'], parts.origin())) return refuseToken('assertion-audience');
  if (!isTimely(claims, call.now / 1000)) return refuseToken('assertion-lifetime');
  const audience = claims['target_audience'];
  if (typeof audience === 'string' && audience !== '') {
    return issueIdToken(call, account, audience, parts);
  }
  const asked = String(claims['scope'] ?? '')
    .split(' ')
    .filter(Boolean);
  if (asked.length === 0 || !asked.every(isScope)) return refuseToken('assertion-scope');
  const scopes = expandScopes(asked);
  const user = findSubject(claims['sub'], account, scopes, parts);
  if (user instanceof Response) return user;
  const { clientId } = account.client;
  // Under the account's own ID and not the project's: a person's consent is another thing.
  const { authorization } = parts.state.consent(user, clientId, scopes);
  const holder = { authorization, client: account.client, azp: clientId };
  return answerTokens(call, parts, holder, { scopes, refreshToken: false, idToken: false });
}

/** The active account that signed a JWT for an API itself, without the token endpoint. */
export function findSelfSigned(
  text: string,
  audience: string,
  now: number,
  { state }: EmulatorParts,
): EmulatorServiceAccount | undefined {
  const jwt = readJwt(text);
  const account = state.serviceAccounts.get(String(jwt?.claims['iss']));
  if (!jwt || account?.client.status !== 'active' || !isSigned(jwt, account)) return undefined;
  const isGood = jwt.claims['aud'] === audience && isTimely(jwt.claims, now / 1000);
  return isGood ? account : undefined;
}

function isSigned(jwt: UnverifiedJwt, { key }: EmulatorServiceAccount): boolean {
  const { alg, kid = key.kid } = jwt.header;
  return alg === 'RS256' && kid === key.kid && isSignedBy(jwt, key.privateKey);
}

function isRightAudience(audience: unknown, origin: string): boolean {
  return PATHS.token.some((path) =>
    [origin, ...GOOGLE_HOSTS].some((host) => audience === `${host}${path}`),
  );
}

function isTimely({ iat, exp }: UnverifiedJwt['claims'], now: number): boolean {
  if (typeof iat !== 'number' || typeof exp !== 'number') return false;
  const isNow = iat <= now + SKEW_SECONDS && now < exp + SKEW_SECONDS;
  return isNow && iat < exp && exp - iat <= LONGEST_SECONDS;
}

/** Whom the tokens are for: the account itself, or the user that it acts for. */
function findSubject(
  subject: unknown,
  { email, user: self, delegatedScopes }: EmulatorServiceAccount,
  scopes: readonly string[],
  { state }: EmulatorParts,
) {
  if (subject === undefined || subject === email) return self;
  const name = String(subject);
  if (!/^[^@\s]+@[^@\s]+$/.test(name) && !/^\d+$/.test(name))
    return refuseToken('malformed-subject');
  const user = state.findUser(name) ?? state.findSub(name);
  if (!user) return refuseToken('unknown-subject');
  if (user.hd === undefined) return refuseToken('outside-workspace');
  const allowed = new Set(delegatedScopes);
  return scopes.every((scope) => allowed.has(scope)) ? user : refuseToken('not-delegated');
}
