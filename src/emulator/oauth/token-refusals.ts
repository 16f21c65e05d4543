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
    'The code is said to be malformed.',
    'google-signin-unity#64',
    'Malformed auth code.',
    CODE,
  ),
  invalidGrant(
    'bad-grant',
    'The code or the refresh token is refused in the general words.',
    'nuxt-auth-utils#440',
    'Bad Request',
  ),
  invalidGrant(
    'redeemed-code',
    'The code was already redeemed, in the words of 2015 to 2018.',
    'google-api-nodejs-client#392',
    'Code was already redeemed.',
    CODE,
  ),
  invalidGrant(
    'dead-refresh-token',
    'The refresh token has been expired or revoked.',
    'https://developers.google.com/identity/protocols/oauth2#expiration',
    'Token has been expired or revoked.',
    REFRESH,
  ),
  invalidGrant(
    'invalid-verifier',
    'The PKCE verifier does not fit.',
    'pocketbase#2475',
    'Invalid code verifier.',
    CODE,
  ),
  invalidGrant(
    'invalid-rapt',
    'The Workspace wants the user to sign in again (session control).',
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
    'The redirect URI differs from the one that the code was made for.',
    'omniauth-google-oauth2#391',
    'Bad Request',
    CODE,
  ),
  invalidClient(
    'unknown-client',
    'The client is not known.',
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
    'The client is refused in the older words.',
    'SocialiteProviders#564',
    'Unauthorized',
  ),
  refusal(401, 'unauthorized_client')(
    'unauthorized-client',
    'The code or the refresh token belongs to another client.',
    'google-api-dotnet-client#2802',
    'Unauthorized',
  ),
  invalidRequest(
    'missing-code',
    'The code is said to be missing.',
    'google-api-nodejs-client#3089',
    'Missing required parameter: code',
    CODE,
  ),
  invalidRequest(
    'missing-client-id',
    'The client id is said to be missing.',
    'AppAuth-iOS#226',
    'Could not determine client ID from request.',
  ),
  invalidRequest(
    'missing-secret',
    'The client secret is said to be missing.',
    "Google's wording for web and desktop clients",
    'client_secret is missing.',
  ),
  refusal(400, 'unsupported_grant_type')(
    'unsupported-grant-type',
    'The grant type is said to be unknown.',
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
    'The app and the server client are in different projects.',
    'react-native-google-signin#571',
    'The audience client and the client need to be in the same project.',
  ),
  refusal(400, 'invalid_audience')(
    'bad-audience-id',
    'The server client id that the app named is none.',
    'capacitor-social-login#159',
    'Audience is not a valid client ID.',
  ),
  refusal(400, 'redirect_uri_mismatch')(
    'redirect-mismatch-plain',
    'The redirect URI differs, said without a description, as in older days.',
    'omniauth-google-oauth2#272',
    undefined,
    CODE,
  ),
  refusal(400, 'unsupported_grant_type')(
    'missing-grant-type',
    'The grant type is said to be missing.',
    'play-billing-samples#471',
    'Invalid grant_type: ',
  ),
];
