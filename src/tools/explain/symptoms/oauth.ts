import { mostlyFirst, withChecks } from '../rules/checks.js';
import { codeRules } from '../rules/code.js';
import { withoutRefreshToken } from '../rules/no-refresh-token.js';
import { pkceRules } from '../rules/pkce.js';
import { refreshRules } from '../rules/refresh.js';
import {
  all,
  any,
  clientIs,
  errorIs,
  not,
  type Rule,
  says,
  sourceIs,
  stageIs,
  statusIs,
} from '../rules/rule.js';
import { isInTesting, whichRequest } from './questions.js';
import type { SymptomEntry } from './symptom.js';

const atExchange = stageIs('exchange', 'a code was exchanged');
const atRefresh = stageIs('refresh', 'a refresh was refused');
const bareGrant = all(
  errorIs('invalid_grant'),
  not(says(/reauth|rapt|\bJWT\b|account (not found|has been)|email or user/i)),
);

const deadToken = withChecks(
  'testing-seven-days',
  'access-revoked-by-user',
  'password-changed',
  'six-months-unused',
  'refresh-token-limit',
);
/** Whatever these rules are about gives such an error, too. */
const causesOf = (...rules: readonly Rule[]) => rules.map(({ cause }) => cause);
const refusedRefresh = [
  ...causesOf(...refreshRules),
  // Where there is no refresh token, libraries send what they have.
  'refresh-token-omitted-repeat-consent',
  'access-type-offline-missing',
  'clock-behind',
  'service-account-key-wrong',
  'service-account-gone',
  'admin-policy',
];
const refusedCode = [
  ...causesOf(...codeRules, ...pkceRules),
  'redirect-uri-differs-between-legs',
  'redirect-uri-must-be-empty',
  'redirect-uri-must-be-postmessage',
  'exchange-client-differs-from-code-client',
  'clock-behind',
];
/** Refused codes and refused refresh tokens. */
export const oauthSymptoms: readonly SymptomEntry[] = [
  {
    shows: all(
      errorIs('invalid_grant'),
      any(
        clientIs('service_account'),
        sourceIs('service-account'),
        says(/\bgtoken\b|JWT|assertion|service.?account/i),
      ),
      not(says(/account not found|JWT Signature|audience check|email or user/i)),
    ),
    causes: mostlyFirst('clock-behind', 'service-account-gone', 'service-account-key-wrong'),
    also: ['service-account-not-delegated', 'session-control-reauth', 'clock-ahead'],
  },
  {
    // So it ends for credentials without scopes: Google gives them an ID token only.
    shows: says(/No access token in response/i),
    causes: [
      {
        cause: 'scope-not-requested',
        check: 'The credentials have no scopes (with_scopes).',
        isUsual: true,
      },
    ],
    also: ['html-instead-of-json'],
  },
  {
    shows: says(/Malformed (auth )?code/i),
    causes: mostlyFirst(
      'code-percent-encoded',
      'code-whitespace',
      'full-redirect-url-pasted',
      'code-placeholder-literal',
      'code-double-encoded',
    ),
    also: refusedCode,
  },
  {
    shows: all(bareGrant, sourceIs('web-popup'), not(atRefresh)),
    causes: mostlyFirst('redirect-uri-must-be-postmessage', 'code-already-redeemed'),
    also: refusedCode,
  },
  {
    shows: all(bareGrant, atExchange),
    causes: withChecks(
      'code-already-redeemed',
      'redirect-uri-differs-between-legs',
      'exchange-client-differs-from-code-client',
    ),
    also: [
      ...refusedCode,
      'session-control-reauth',
      'service-account-key-wrong',
      'service-account-gone',
      'google-account-gone',
    ],
  },
  {
    shows: all(
      any(
        bareGrant,
        says(
          /expired or revoked|(?<!access[_ ]?)\b(token|session|login|credentials?|authori[sz]ation)\b[^.;]{0,12}\bexpired|re-?auth(enticat|oriz)|no longer valid|\b400\b|bad request|\brefresh[_ ]token\b[^.;]{0,20}\b(expired|revoked|invalid|dead)\b|\bRefreshError\b|AuthTokenRevoked|RefreshAccessTokenError|Refresh_Token_Error/i,
        ),
        statusIs(400),
      ),
      atRefresh,
      not(
        any(
          withoutRefreshToken,
          errorIs(
            'invalid_client',
            'unauthorized_client',
            'invalid_scope',
            'invalid_request',
            'deleted_client',
          ),
          says(
            /reauth related|rapt|\bJWT\b|account (not found|has been)|email or user|Missing required|\bscopes?\b/i,
          ),
        ),
      ),
    ),
    causes: deadToken,
    also: refusedRefresh,
    questions: [isInTesting],
  },
  {
    // The OAuth2 library of Apps Script.
    shows: says(/Access not granted or expired/i),
    causes: withChecks('refresh-token-absent', 'access-type-offline-missing', 'testing-seven-days'),
    also: refusedRefresh,
  },
  {
    shows: all(
      statusIs(401),
      atRefresh,
      not(errorIs('invalid_client', 'deleted_client')),
      // That is what an API says, not the token endpoint.
      not(says(/Invalid Credentials|authError/i)),
    ),
    causes: withChecks('refresh-client-mismatch', 'client-secret-wrong', 'client-deleted'),
    also: ['client-disabled', 'wrong-client-type', 'access-token-expired'],
  },
  {
    shows: any(
      bareGrant,
      says(/cannot fetch token: 400|TokenResponseException: 400 Bad Request\s{0,4}$/i),
    ),
    causes: withChecks(
      'testing-seven-days',
      'code-already-redeemed',
      'access-revoked-by-user',
      'redirect-uri-differs-between-legs',
      'exchange-client-differs-from-code-client',
    ),
    also: [...refusedRefresh, ...refusedCode],
    questions: [whichRequest, isInTesting],
  },
  {
    // Google says so of a refused code and of another redirect URI; of the client it says Unauthorized.
    shows: all(
      says(
        /\bTokenError\b: ?Bad Request|Access Token Response: 400|token endpoint failure: Status: BadRequest|\/token\S? resulted in a \S?400 Bad Request/i,
      ),
      not(says(/invalid_(?!token_response)|_client|redirect_ur/i)),
      not(atRefresh),
    ),
    causes: withChecks(
      'code-already-redeemed',
      'redirect-uri-differs-between-legs',
      'code-percent-encoded',
      'exchange-client-differs-from-code-client',
    ),
    also: refusedCode,
  },
  {
    // A library says that the exchange failed, and keeps Google's answer to itself.
    shows: all(
      says(
        /(failed|unable|could not|error)[^.;]{0,16} exchang\w{1,4}[^.;]{0,20} code|Error retrieving access token|(failed to|unable to|could not|couldn't|cannot|can't) (obtain|get|fetch|retrieve) (an? |the )?access token|OAUTH_CALLBACK_ERROR|error=OAuthCallback\b|OAuth2 code exchange failed|invalid json token|InvalidArgumentException[^;]{0,30}Invalid token format|server response missing access_token|\bmissing_token\b|(?:KeyError|Undefined (?:index|array key))[^;]{0,4}access_token|oauth_code_verification_failed|\berror=invalid_code\b/i,
      ),
      not(
        says(
          /invalid_(?!code\b)|_client|redirect_ur|JWT|state|verifier|clock|expired|ETIMEDOUT|ENOTFOUND|ECONN|timed? ?out|certificate|nonce|audience/i,
        ),
      ),
      not(atRefresh),
    ),
    causes: withChecks(
      'client-secret-wrong',
      'redirect-uri-differs-between-legs',
      'code-already-redeemed',
      'code-percent-encoded',
    ),
    also: [...refusedCode, 'clock-ahead', 'proxy-not-used', 'token-request-malformed'],
  },
  {
    shows: withoutRefreshToken,
    causes: [
      {
        cause: 'refresh-token-omitted-repeat-consent',
        check:
          'A refresh token comes once the app is removed at https://myaccount.google.com/permissions.',
      },
      {
        cause: 'access-type-offline-missing',
        check: 'The authorization request lacks access_type=offline: --auth-url.',
      },
    ],
    also: [
      'local-reset-is-not-revocation',
      'refresh-token-absent',
      'local-keychain-locked',
      'client-response-misread',
      'client-file-as-token-store',
      'scope-declined-by-user',
    ],
  },
];
