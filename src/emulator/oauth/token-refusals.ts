/** A refusal of the token endpoint. */
export interface TokenRefusal {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  readonly status: number;
  readonly error: string;
  readonly description: string | undefined;
  readonly extra?: Readonly<Record<string, string>>;
  readonly grantType?: 'authorization_code' | 'refresh_token';
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
];
