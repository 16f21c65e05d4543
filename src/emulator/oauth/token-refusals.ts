import { oauthError } from '../http/respond.js';

/** The grant of service accounts. @see https://www.rfc-editor.org/rfc/rfc7523#section-2.1 */
export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** The grant of devices. @see https://www.rfc-editor.org/rfc/rfc8628#section-3.4 */
export const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';

/** The grants that the token endpoint knows. */
export type GrantType =
  | 'authorization_code'
  | 'refresh_token'
  | typeof JWT_BEARER
  | typeof DEVICE_CODE;

/** A refusal of the token endpoint. */
export interface TokenRefusal {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  readonly status: number;
  readonly error: string;
  readonly description: string | undefined;
  readonly extra?: Readonly<Record<string, string>>;
  readonly grantType?: GrantType;
}

/** Makes rows of one error. */
function refusal(status: number, error: string) {
  return (
    name: string,
    summary: string,
    source: string,
    description?: string,
    more: Pick<TokenRefusal, 'extra' | 'grantType'> = {},
  ): TokenRefusal => ({ name, summary, source, status, error, description, ...more });
}

const invalidGrant = refusal(400, 'invalid_grant');
const invalidClient = refusal(401, 'invalid_client');
const invalidRequest = refusal(400, 'invalid_request');
const CODE = { grantType: 'authorization_code' } as const;
const REFRESH = { grantType: 'refresh_token' } as const;
const ASSERTION = { grantType: JWT_BEARER } as const;
const DEVICE = { grantType: DEVICE_CODE } as const;
const DEVICES =
  'https://developers.google.com/identity/protocols/oauth2/limited-input-device#step-6:-handle-responses-to-polling-requests';
const ACCOUNTS = 'https://developers.google.com/identity/protocols/oauth2/service-account';

/** Every refusal of the token endpoint, in its own words, whatever the request is. */
export const TOKEN_REFUSALS: readonly TokenRefusal[] = [
  invalidGrant(
    'malformed-code',
    'The endpoint calls the code malformed.',
    'google-signin-unity#64',
    'Malformed auth code.',
    CODE,
  ),
  invalidGrant(
    'bad-grant',
    'The code or token is refused without a reason.',
    'nuxt-auth-utils#440',
    'Bad Request',
  ),
  invalidGrant(
    'redeemed-code',
    'The code was redeemed (wording of 2015 to 2018).',
    'google-api-nodejs-client#392',
    'Code was already redeemed.',
    CODE,
  ),
  invalidGrant(
    'dead-refresh-token',
    'The refresh token has expired or was revoked.',
    'https://developers.google.com/identity/protocols/oauth2#expiration',
    'Token has been expired or revoked.',
    REFRESH,
  ),
  invalidGrant(
    'invalid-verifier',
    'The PKCE verifier is wrong.',
    'pocketbase#2475',
    'Invalid code verifier.',
    CODE,
  ),
  invalidGrant(
    'needless-verifier',
    'The PKCE verifier is one too many.',
    'oauth4webapi#119',
    'code_verifier or verifier is not needed.',
    CODE,
  ),
  refusal(400, 'emm_passcode_required')(
    'emm-passcode-required',
    'Workspace wants a passcode on the phone.',
    'GoogleSignIn-iOS, GIDEMMErrorHandler.m',
  ),
  refusal(400, 'emm_app_verification_required: https://accounts.google.com/emulated')(
    'emm-app-verification',
    'Workspace must verify the app.',
    'GoogleSignIn-iOS, GIDEMMErrorHandler.m',
  ),
  invalidGrant(
    'invalid-rapt',
    'Workspace requires a new sign-in (session control).',
    'https://support.google.com/a/answer/9368756',
    'reauth related error (invalid_rapt)',
    {
      extra: {
        error_uri: 'https://support.google.com/a/answer/9368756',
        error_subtype: 'invalid_rapt',
      },
    },
  ),
  refusal(400, 'redirect_uri_mismatch')(
    'redirect-mismatch',
    'The redirect URI is not the code’s own.',
    'omniauth-google-oauth2#391',
    'Bad Request',
    CODE,
  ),
  invalidClient(
    'unknown-client',
    'The client does not exist.',
    'laravel-google-ads#17',
    'The OAuth client was not found.',
  ),
  invalidClient(
    'wrong-secret',
    'The client secret is wrong.',
    "Google's present wording",
    'The provided client secret is invalid.',
  ),
  invalidClient(
    'invalid-client',
    'The client is refused (older wording).',
    'SocialiteProviders#564',
    'Unauthorized',
  ),
  refusal(401, 'unauthorized_client')(
    'unauthorized-client',
    'The code or token belongs to another client.',
    'google-api-dotnet-client#2802',
    'Unauthorized',
  ),
  invalidRequest(
    'missing-code',
    'The endpoint finds no code in the request.',
    'google-api-nodejs-client#3089',
    'Missing required parameter: code',
    CODE,
  ),
  invalidRequest(
    'missing-client-id',
    'The endpoint finds no client ID in the request.',
    'AppAuth-iOS#226',
    'Could not determine client ID from request.',
  ),
  invalidRequest(
    'missing-secret',
    'The endpoint finds no client secret.',
    "Google's wording for web and desktop clients",
    'client_secret is missing.',
  ),
  refusal(400, 'unsupported_grant_type')(
    'unsupported-grant-type',
    'The endpoint does not know the grant type.',
    'play-billing-samples#471',
    'Invalid grant_type: password',
  ),
  refusal(401, 'deleted_client')(
    'deleted-client',
    'The client was deleted.',
    'AutoRclone#98',
    'The OAuth client was deleted.',
  ),
  refusal(401, 'disabled_client')(
    'disabled-client',
    'The client was disabled.',
    'testcasedb#22',
    'The OAuth client was disabled.',
  ),
  refusal(400, 'invalid_audience')(
    'invalid-audience',
    'App and server client are in different projects.',
    'react-native-google-signin#571',
    'The audience client and the client need to be in the same project.',
  ),
  refusal(400, 'invalid_audience')(
    'bad-audience-id',
    'The app’s server client ID is not a client ID.',
    'capacitor-social-login#159',
    'Audience is not a valid client ID.',
  ),
  refusal(400, 'redirect_uri_mismatch')(
    'redirect-mismatch-plain',
    'As redirect-mismatch, without a description.',
    'omniauth-google-oauth2#272',
    undefined,
    CODE,
  ),
  refusal(400, 'unsupported_grant_type')(
    'missing-grant-type',
    'The endpoint finds no grant type.',
    'play-billing-samples#471',
    'Invalid grant_type: ',
  ),
  invalidGrant(
    'assertion-signature',
    'No key of the account signed the assertion.',
    `${ACCOUNTS}#error-codes`,
    'Invalid JWT Signature.',
    ASSERTION,
  ),
  invalidGrant(
    'assertion-lifetime',
    'The assertion is too old, early or long-lived.',
    `${ACCOUNTS}#error-codes`,
    'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
    ASSERTION,
  ),
  invalidGrant(
    'assertion-audience',
    'The assertion is for another endpoint.',
    'google-auth-library-python#804, apigeecli#26',
    'Invalid JWT: Failed audience check. The right audience is https://oauth2.googleapis.com/token',
    ASSERTION,
  ),
  invalidGrant(
    'service-account-not-found',
    'The service account is deleted or disabled.',
    'google-cloud-php#3622',
    'Invalid grant: account not found',
    ASSERTION,
  ),
  refusal(400, 'invalid_scope')(
    'assertion-scope',
    'The assertion asks for no scope that exists.',
    `${ACCOUNTS}#error-codes`,
    'Invalid OAuth scope or ID token audience provided.',
    ASSERTION,
  ),
  invalidGrant(
    'unknown-subject',
    'The user to act for does not exist.',
    `${ACCOUNTS}#error-codes`,
    'Not a valid email.',
    ASSERTION,
  ),
  invalidRequest(
    'malformed-subject',
    'The user to act for is no email address.',
    'GAM#1171',
    'Invalid impersonation &quot;sub&quot; field.',
    ASSERTION,
  ),
  refusal(401, 'unauthorized_client')(
    'not-delegated',
    'The scopes are not delegated to the account.',
    `${ACCOUNTS}#error-codes`,
    'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
    ASSERTION,
  ),
  refusal(401, 'unauthorized_client')(
    'outside-workspace',
    'The user to act for is not in Workspace.',
    `${ACCOUNTS}#error-codes`,
    'Unauthorized client or scope in request.',
    ASSERTION,
  ),
  refusal(403, 'access_denied')(
    'delegation-restricted',
    'The domain’s policy forbids some of the scopes.',
    `${ACCOUNTS}#error-codes`,
    'Requested client not authorized.',
    ASSERTION,
  ),
  refusal(428, 'authorization_pending')(
    'authorization-pending',
    'The person has not typed the device’s code yet.',
    DEVICES,
    'Precondition Required',
    DEVICE,
  ),
  refusal(403, 'slow_down')(
    'slow-down',
    'The device asks too often.',
    DEVICES,
    'Forbidden',
    DEVICE,
  ),
  refusal(403, 'access_denied')(
    'device-denied',
    'The person refuses the device access.',
    DEVICES,
    'Forbidden',
    DEVICE,
  ),
  refusal(400, 'expired_token')(
    'device-too-late',
    'The person came too late.',
    'https://www.rfc-editor.org/rfc/rfc8628#section-3.5',
    'Bad Request',
    DEVICE,
  ),
];

const BY_NAME = new Map(TOKEN_REFUSALS.map((row) => [row.name, row]));

/** Answers with a refusal of the table. @throws {Error} if there is none of that name. */
export function refuseToken(name: string): Response {
  const row = BY_NAME.get(name);
  if (row === undefined) throw new Error(`There is no refusal ${name}`);
  return oauthError(row.status, row.error, row.description, row.extra);
}
