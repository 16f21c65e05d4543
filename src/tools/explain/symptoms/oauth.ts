import {
  all,
  any,
  clientIs,
  errorIs,
  not,
  says,
  sourceIs,
  stageIs,
  statusIs,
  type Usual,
} from '../rules/rule.js';
import { isInTesting, whichRequest } from './questions.js';
import type { SymptomEntry } from './symptom.js';

const atExchange = stageIs('exchange', 'a code was exchanged');
const atRefresh = stageIs('refresh', 'a refresh was refused');
const _atSignIn = stageIs('signin-config', 'it failed at the sign-in');
const bareGrant = all(
  errorIs('invalid_grant'),
  not(says(/reauth|rapt|\bJWT\b|account (not found|has been)|email or user/i)),
);

const deadToken: readonly Usual[] = [
  {
    cause: 'testing-seven-days',
    check:
      'The app is in Testing, and the token is about 7 days old: --publishing-status, --token-age-days.',
  },
  {
    cause: 'access-revoked-by-user',
    check: 'The app is no longer listed at https://myaccount.google.com/permissions.',
  },
  { cause: 'password-changed', check: 'The person changed the password; the app reads Gmail.' },
  { cause: 'six-months-unused', check: 'The last refresh was 6 months ago: --token-age-days.' },
  {
    cause: 'refresh-token-limit',
    check: 'The same account has since signed in more than 100 times, and newer tokens work.',
  },
];
const refusedRefresh = [
  'testing-token-kept-after-publishing',
  'token-revoked-by-own-call',
  'refresh-token-damaged',
  'refresh-client-mismatch',
  'google-account-gone',
  'session-control-reauth',
  'clock-behind',
  'service-account-key-wrong',
  'service-account-gone',
  'admin-policy',
];
const badCode = [
  'full-redirect-url-pasted',
  'code-placeholder-literal',
  'optional-debug-string',
  'wrong-value-as-code',
  'code-captured-from-wrong-request',
  'code-whitespace',
  'code-percent-encoded',
  'code-double-encoded',
];
/** Refused codes and refused refresh tokens. */
export const oauthSymptoms: readonly SymptomEntry[] = [
  {
    shows: all(
      errorIs('invalid_grant'),
      any(clientIs('service_account'), says(/\bgtoken\b|JWT|assertion|service.?account/i)),
      not(says(/account not found|JWT Signature|audience check|email or user/i)),
    ),
    causes: [
      { cause: 'clock-behind', check: 'Compare `date -u` with https://time.is.', isUsual: true },
      {
        cause: 'service-account-gone',
        check: 'The console no longer lists it, or it is disabled.',
      },
      {
        cause: 'service-account-key-wrong',
        check: 'The key’s ID is not among its keys in the console.',
      },
    ],
    also: ['service-account-not-delegated', 'session-control-reauth', 'clock-ahead'],
  },
  {
    shows: says(/Malformed (auth )?code/i),
    causes: [
      {
        cause: 'code-percent-encoded',
        check: 'The code that is sent starts with 4%2F, not with 4/: --code.',
        isUsual: true,
      },
      {
        cause: 'code-whitespace',
        check: 'The code that is sent is shorter than the one received: --code.',
      },
      { cause: 'full-redirect-url-pasted', check: 'The code starts with http: --code.' },
      { cause: 'code-placeholder-literal', check: 'The code is a name, not a value: --code.' },
      { cause: 'code-double-encoded', check: 'The code starts with 4%25: --code.' },
    ],
    also: badCode,
  },
  {
    shows: all(bareGrant, sourceIs('web-popup'), not(atRefresh)),
    causes: [
      {
        cause: 'code-already-redeemed',
        check: 'The server’s log shows the same code twice.',
        isUsual: true,
      },
      {
        cause: 'redirect-uri-must-be-postmessage',
        check: 'The redirect URI that is sent is not postmessage: --redirect-uri.',
      },
    ],
    also: [
      ...badCode,
      'redirect-uri-differs-between-legs',
      'exchange-client-differs-from-code-client',
    ],
  },
  {
    shows: all(bareGrant, atExchange),
    causes: [
      {
        cause: 'code-already-redeemed',
        check: 'The server’s log shows the same code twice.',
        isUsual: true,
      },
      {
        cause: 'redirect-uri-differs-between-legs',
        check: 'Compare redirect_uri in both requests: --auth-url, --redirect-uri.',
      },
      {
        cause: 'exchange-client-differs-from-code-client',
        check: 'Compare client_id in both requests: --auth-url, --client.',
      },
    ],
    also: [
      ...badCode,
      'pkce-verifier-missing',
      'pkce-verifier-mismatch',
      'pkce-verifier-unexpected',
      'redirect-uri-must-be-empty',
      'redirect-uri-must-be-postmessage',
      'restored-signin-stale-code',
      'clock-behind',
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
          /expired or revoked|\b400\b|bad request|\brefresh[_ ]token\b[^.;]{0,20}\b(expired|revoked|invalid|dead)\b|\bRefreshError\b/i,
        ),
        statusIs(400),
      ),
      atRefresh,
      not(
        any(
          errorIs(
            'invalid_client',
            'unauthorized_client',
            'invalid_scope',
            'invalid_request',
            'deleted_client',
          ),
          says(/reauth|rapt|\bJWT\b|account (not found|has been)|email or user|Missing required/i),
        ),
      ),
    ),
    causes: deadToken,
    also: refusedRefresh,
    questions: [isInTesting],
  },
  {
    shows: all(
      statusIs(401),
      atRefresh,
      not(errorIs('invalid_client', 'deleted_client')),
      // That is what an API says, not the token endpoint.
      not(says(/Invalid Credentials|authError/i)),
    ),
    causes: [
      {
        cause: 'refresh-client-mismatch',
        check:
          'The client was replaced after the token was issued: sign in again with the new one.',
      },
      {
        cause: 'client-secret-wrong',
        check:
          'The ID and the secret belong to different clients: --probe --client <file> checks this.',
      },
      { cause: 'client-deleted', check: 'The console no longer lists it.' },
    ],
    also: ['client-disabled', 'wrong-client-type', 'access-token-expired'],
  },
  {
    shows: bareGrant,
    causes: [
      { ...deadToken[0], cause: 'testing-seven-days' },
      {
        cause: 'code-already-redeemed',
        check: 'A code was exchanged, and the server’s log shows it twice: --stage exchange.',
      },
      {
        cause: 'access-revoked-by-user',
        check: 'A refresh failed, and the account no longer lists the app: --stage refresh.',
      },
      {
        cause: 'redirect-uri-differs-between-legs',
        check: 'A code was exchanged with another redirect_uri: --stage exchange, --auth-url.',
      },
      {
        cause: 'exchange-client-differs-from-code-client',
        check: 'A code was exchanged by a client that the app does not name: --client.',
      },
    ],
    also: [
      ...refusedRefresh,
      ...badCode,
      'password-changed',
      'six-months-unused',
      'refresh-token-limit',
      'pkce-verifier-missing',
      'pkce-verifier-mismatch',
      'pkce-verifier-unexpected',
      'redirect-uri-must-be-empty',
      'redirect-uri-must-be-postmessage',
      'restored-signin-stale-code',
    ],
    questions: [whichRequest, isInTesting],
  },
  {
    // A library says that the exchange failed, and keeps Google's answer to itself.
    shows: all(
      says(
        /(failed|unable|could not|error)[^.;]{0,16} exchang\w{1,4}[^.;]{0,20} code|Error retrieving access token|(failed to|unable to|could not|couldn't|cannot|can't) (obtain|get|fetch|retrieve) (an? |the )?access token|OAUTH_CALLBACK_ERROR|error=OAuthCallback\b|OAuth2 code exchange failed|invalid json token|InvalidArgumentException[^;]{0,30}Invalid token format|server response missing access_token|\bTokenError\b: ?Bad Request/i,
      ),
      not(
        says(
          /invalid_|_client|redirect_ur|JWT|state|verifier|clock|expired|ETIMEDOUT|ENOTFOUND|ECONN|timed? ?out|certificate|nonce|audience/i,
        ),
      ),
      not(atRefresh),
    ),
    causes: [
      {
        cause: 'redirect-uri-differs-between-legs',
        check: 'Compare redirect_uri in both requests: --auth-url, --redirect-uri.',
      },
      {
        cause: 'code-percent-encoded',
        check: 'The code that is sent starts with 4%2F, not with 4/: --code.',
      },
      { cause: 'code-already-redeemed', check: 'The server’s log shows the same code twice.' },
      {
        cause: 'client-secret-wrong',
        check:
          'The ID and the secret belong to different clients: --probe --client <file> checks this.',
      },
    ],
    also: [
      ...badCode,
      'redirect-uri-must-be-postmessage',
      'redirect-uri-must-be-empty',
      'proxy-not-used',
      'exchange-client-differs-from-code-client',
      'clock-ahead',
      'clock-behind',
    ],
  },
];
