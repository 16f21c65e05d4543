/** A refusal of the token endpoint. */
export interface TokenRefusal {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  readonly status: number;
  readonly error: string;
  readonly description?: string;
  readonly extra?: Readonly<Record<string, string>>;
  readonly grantType?: 'authorization_code' | 'refresh_token';
}

const CODE = { grantType: 'authorization_code' } as const;
const REFRESH = { grantType: 'refresh_token' } as const;

/** Every refusal of the token endpoint, in its own words, whatever the request is. */
export const TOKEN_REFUSALS: readonly TokenRefusal[] = [
  {
    name: 'malformed-code',
    summary: 'The code is said to be malformed.',
    source: 'google-signin-unity#64',
    status: 400,
    error: 'invalid_grant',
    description: 'Malformed auth code.',
    ...CODE,
  },
  {
    name: 'bad-grant',
    summary: 'The code or the refresh token is refused in the general words.',
    source: 'nuxt-auth-utils#440',
    status: 400,
    error: 'invalid_grant',
    description: 'Bad Request',
  },
  {
    name: 'redeemed-code',
    summary: 'The code was already redeemed, in the words of 2015 to 2018.',
    source: 'google-api-nodejs-client#392',
    status: 400,
    error: 'invalid_grant',
    description: 'Code was already redeemed.',
    ...CODE,
  },
  {
    name: 'dead-refresh-token',
    summary: 'The refresh token has been expired or revoked.',
    source: 'https://developers.google.com/identity/protocols/oauth2#expiration',
    status: 400,
    error: 'invalid_grant',
    description: 'Token has been expired or revoked.',
    ...REFRESH,
  },
  {
    name: 'invalid-verifier',
    summary: 'The PKCE verifier does not fit.',
    source: 'pocketbase#2475',
    status: 400,
    error: 'invalid_grant',
    description: 'Invalid code verifier.',
    ...CODE,
  },
  {
    name: 'invalid-rapt',
    summary: 'The Workspace wants the user to sign in again (session control).',
    source: 'https://support.google.com/a/answer/9368756',
    status: 400,
    error: 'invalid_grant',
    description: 'reauth related error (invalid_rapt)',
    extra: {
      error_uri: 'https://support.google.com/a/answer/9368756',
      error_subtype: 'invalid_rapt',
    },
  },
  {
    name: 'redirect-mismatch',
    summary: 'The redirect URI differs from the one that the code was made for.',
    source: 'omniauth-google-oauth2#391',
    status: 400,
    error: 'redirect_uri_mismatch',
    description: 'Bad Request',
    ...CODE,
  },
  {
    name: 'unknown-client',
    summary: 'The client is not known.',
    source: 'laravel-google-ads#17',
    status: 401,
    error: 'invalid_client',
    description: 'The OAuth client was not found.',
  },
  {
    name: 'wrong-secret',
    summary: 'The client secret is wrong.',
    source: "Google's present wording",
    status: 401,
    error: 'invalid_client',
    description: 'The provided client secret is invalid.',
  },
  {
    name: 'invalid-client',
    summary: 'The client is refused in the older words.',
    source: 'SocialiteProviders#564',
    status: 401,
    error: 'invalid_client',
    description: 'Unauthorized',
  },
  {
    name: 'unauthorized-client',
    summary: 'The code or the refresh token belongs to another client.',
    source: 'google-api-dotnet-client#2802',
    status: 401,
    error: 'unauthorized_client',
    description: 'Unauthorized',
  },
  {
    name: 'missing-code',
    summary: 'The code is said to be missing.',
    source: 'google-api-nodejs-client#3089',
    status: 400,
    error: 'invalid_request',
    description: 'Missing required parameter: code',
    ...CODE,
  },
  {
    name: 'missing-client-id',
    summary: 'The client id is said to be missing.',
    source: 'AppAuth-iOS#226',
    status: 400,
    error: 'invalid_request',
    description: 'Could not determine client ID from request.',
  },
  {
    name: 'missing-secret',
    summary: 'The client secret is said to be missing.',
    source: "Google's wording for web and desktop clients",
    status: 400,
    error: 'invalid_request',
    description: 'client_secret is missing.',
  },
  {
    name: 'unsupported-grant-type',
    summary: 'The grant type is said to be unknown.',
    source: 'play-billing-samples#471',
    status: 400,
    error: 'unsupported_grant_type',
    description: 'Invalid grant_type: password',
  },
  {
    name: 'deleted-client',
    summary: 'The client was deleted.',
    source: 'AutoRclone#98',
    status: 401,
    error: 'deleted_client',
    description: 'The OAuth client was deleted.',
  },
  {
    name: 'disabled-client',
    summary: 'The client was disabled.',
    source: 'testcasedb#22',
    status: 401,
    error: 'disabled_client',
    description: 'The OAuth client was disabled.',
  },
  {
    name: 'invalid-audience',
    summary: 'The app and the server client are in different projects.',
    source: 'react-native-google-signin#571',
    status: 400,
    error: 'invalid_audience',
    description: 'The audience client and the client need to be in the same project.',
  },
  {
    name: 'bad-audience-id',
    summary: 'The server client id that the app named is none.',
    source: 'capacitor-social-login#159',
    status: 400,
    error: 'invalid_audience',
    description: 'Audience is not a valid client ID.',
  },
  {
    name: 'redirect-mismatch-plain',
    summary: 'The redirect URI differs, said without a description, as in older days.',
    source: 'omniauth-google-oauth2#272',
    status: 400,
    error: 'redirect_uri_mismatch',
    ...CODE,
  },
  {
    name: 'missing-grant-type',
    summary: 'The grant type is said to be missing.',
    source: 'play-billing-samples#471',
    status: 400,
    error: 'unsupported_grant_type',
    description: 'Invalid grant_type: ',
  },
];
