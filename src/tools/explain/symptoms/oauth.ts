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
} from '../rules/rule.js';
import type { Question, SymptomEntry, Usual } from './symptom.js';

const atExchange = stageIs('exchange', 'a code was exchanged');
const atRefresh = stageIs('refresh', 'a refresh was refused');
const atSignIn = stageIs('signin-config', 'it failed at the sign-in');
const bareGrant = all(
  errorIs('invalid_grant'),
  not(says(/reauth|rapt|\bJWT\b|account (not found|has been)|email or user/i)),
);

const whichRequest: Question = {
  ask: 'Did the request that failed send a refresh token (and not a code)?',
  about: [],
  yes: { flag: '--stage refresh', given: { stage: 'refresh' } },
  no: { flag: '--stage exchange', given: { stage: 'exchange' } },
};
const isInTesting: Question = {
  ask: 'Is the app in Testing (Cloud console, Audience)?',
  about: [],
  yes: { flag: '--publishing-status testing', given: { publishingStatus: 'testing' } },
  no: { flag: '--publishing-status production', given: { publishingStatus: 'production' } },
};
const isOnSignInPage: Question = {
  ask: 'Does Google’s own page show the error, before it sends the person back?',
  about: [],
  yes: { flag: '--stage signin-config', given: { stage: 'signin-config' } },
  no: { flag: '--stage exchange', given: { stage: 'exchange' } },
};

const deadToken: readonly Usual[] = [
  {
    cause: 'testing-seven-days',
    check:
      'The app is in Testing and the token about 7 days old: --publishing-status, --token-age-days.',
  },
  {
    cause: 'access-revoked-by-user',
    check: 'The app is no longer listed at https://myaccount.google.com/permissions.',
  },
  { cause: 'password-changed', check: 'The person changed the password; the app reads Gmail.' },
  { cause: 'six-months-unused', check: 'The last refresh was 6 months ago: --token-age-days.' },
  {
    cause: 'refresh-token-limit',
    check: 'The same account signed in more than 100 times since: newer tokens work.',
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
/** Errors of the token endpoint and of Google’s own pages. */
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
        check: 'The code that is sent starts with 4%2F and not with 4/: --code.',
        isUsual: true,
      },
      { cause: 'code-whitespace', check: 'The code is shorter than the one received: --code.' },
      { cause: 'full-redirect-url-pasted', check: 'It starts with http: --code.' },
      { cause: 'code-placeholder-literal', check: 'It is a name and no value: --code.' },
      { cause: 'code-double-encoded', check: 'It starts with 4%25: --code.' },
    ],
    also: badCode,
  },
  {
    shows: all(bareGrant, sourceIs('web-popup'), not(atRefresh)),
    causes: [
      {
        cause: 'code-already-redeemed',
        check: 'The server’s log has the same code twice.',
        isUsual: true,
      },
      {
        cause: 'redirect-uri-must-be-postmessage',
        check: 'Not postmessage is sent: --redirect-uri.',
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
        check: 'The server’s log has the same code twice.',
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
      any(bareGrant, says(/expired or revoked|\b400\b|bad request/i), statusIs(400)),
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
        check: 'The client was replaced since the token was made: sign in again with the new one.',
      },
      {
        cause: 'client-secret-wrong',
        check: 'ID and secret are of one client: --probe --client <file> tells.',
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
        check: 'A code was exchanged, and the server’s log has it twice: --stage exchange.',
      },
      {
        cause: 'access-revoked-by-user',
        check: 'A refresh failed, and the app is no longer listed: --stage refresh.',
      },
      {
        cause: 'redirect-uri-differs-between-legs',
        check: 'A code was exchanged, with another redirect_uri: --stage exchange, --auth-url.',
      },
      {
        cause: 'exchange-client-differs-from-code-client',
        check: 'A code was exchanged, by another client than the app names: --client.',
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
        /(failed|unable|could not|error)[^.;]{0,16} exchang\w{1,4}[^.;]{0,20} code|Error retrieving access token|failed to (obtain|get|fetch|retrieve) (an? |the )?access token|OAUTH_CALLBACK_ERROR|error=OAuthCallback\b|\bTokenError\b: ?Bad Request/i,
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
        check: 'The code that is sent starts with 4%2F and not with 4/: --code.',
      },
      { cause: 'code-already-redeemed', check: 'The server’s log has the same code twice.' },
      {
        cause: 'client-secret-wrong',
        check: 'ID and secret are of one client: --probe --client <file> tells.',
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
  {
    shows: says(/must be for a web or installed app/i),
    causes: [
      {
        cause: 'service-account-json-given',
        check: 'The file has "type": "service_account": --client <file> tells.',
      },
      {
        cause: 'client-json-unwrapped',
        check: 'The file begins with {"client_id"…, not with {"web"… or {"installed"…: --client.',
      },
    ],
    also: ['client-json-other-section', 'client-file-as-token-store'],
  },
  {
    shows: says(/OAuth client (was )?not found/i),
    causes: [
      {
        cause: 'client-id-placeholder-or-unset',
        check: 'Look at client_id in the address of the page: --auth-url.',
      },
      {
        cause: 'client-id-malformed',
        check: 'It differs from the console’s in a character or in its ending: --auth-url.',
      },
      { cause: 'client-deleted', check: 'The console no longer lists it.' },
      { cause: 'credential-whitespace', check: 'It has a blank at an end: --auth-url.' },
    ],
    also: ['api-key-as-credential', 'reversed-id-used-as-client-id', 'client-disabled'],
    questions: [],
  },
  {
    shows: all(errorIs('invalid_client'), not(says(/client type|Only clients of/i))),
    causes: [
      {
        cause: 'client-secret-wrong',
        check: 'ID and secret are of one client: --probe --client <file> tells.',
      },
      {
        cause: 'client-id-placeholder-or-unset',
        check: 'Print the ID that is sent; --probe --client <file> tells.',
      },
      {
        cause: 'credential-whitespace',
        check: 'Print both in quotes: is there a blank at an end?',
      },
      { cause: 'wrong-client-type', check: 'The client is of type Android or iOS: --client-type.' },
    ],
    also: [
      'client-secret-missing',
      'api-key-as-credential',
      'client-id-malformed',
      'client-deleted',
      'client-disabled',
      'settings-not-yet-effective',
      'refresh-client-mismatch',
      'exchange-client-differs-from-code-client',
      'service-account-json-given',
      'token-request-malformed',
    ],
  },
  {
    // What Java's client library says of the token endpoint, without the error's code.
    shows: all(
      says(/TokenResponseException: ?401|cannot fetch token: ?401/i),
      not(errorIs('invalid_client', 'unauthorized_client', 'deleted_client')),
    ),
    causes: [
      {
        cause: 'refresh-client-mismatch',
        check:
          'The stored token is of another client: delete it (tokens folder) and sign in again.',
      },
      {
        cause: 'client-secret-wrong',
        check: 'ID and secret are of one client: --probe --client <file> tells.',
      },
    ],
    also: ['client-deleted', 'service-account-not-delegated'],
  },
  {
    shows: all(errorIs('redirect_uri_mismatch'), atExchange),
    causes: [
      {
        cause: 'redirect-uri-differs-between-legs',
        check: 'Compare redirect_uri in both requests: --auth-url, --redirect-uri.',
      },
      {
        cause: 'redirect-uri-must-be-postmessage',
        check: 'The code is of the web popup flow: --source web-popup.',
      },
      { cause: 'redirect-uri-must-be-empty', check: 'The code is of a phone: --source ios.' },
    ],
    also: ['redirect-uri-not-registered'],
  },
  {
    shows: all(
      errorIs('redirect_uri_mismatch'),
      not(says(/Error 400|registered|authori[sz]ed for/i)),
      not(atSignIn),
    ),
    causes: [
      {
        cause: 'redirect-uri-not-registered',
        check: 'Google’s page shows the error: --stage signin-config, --auth-url.',
      },
      {
        cause: 'redirect-uri-differs-between-legs',
        check: 'The exchange shows it, and both requests differ: --stage exchange, --auth-url.',
      },
      {
        cause: 'redirect-uri-must-be-postmessage',
        check: 'The code is of the web popup flow: --source web-popup.',
      },
      { cause: 'redirect-uri-must-be-empty', check: 'The code is of a phone: --source ios.' },
    ],
    questions: [isOnSignInPage],
  },
  {
    shows: all(
      errorIs('unauthorized_client'),
      not(says(/using this method|any of the scopes|client or scope/i)),
      not(atRefresh),
    ),
    causes: [
      {
        cause: 'refresh-client-mismatch',
        check: 'A refresh failed, with another client than the token’s: --stage refresh.',
      },
      {
        cause: 'exchange-client-differs-from-code-client',
        check: 'A code was exchanged by another client than it was issued to: --stage exchange.',
      },
      { cause: 'wrong-client-type', check: 'The client is of type Android or iOS: --client-type.' },
    ],
    also: ['service-account-not-delegated'],
    questions: [whichRequest],
  },
  {
    shows: all(
      errorIs('access_denied'),
      not(says(/Error 403|tester|being tested|[?&]error=access_denied/i, /\bAccessDenied\b/)),
    ),
    causes: [
      { cause: 'sign-in-cancelled', check: 'The callback got it, after Cancel or Deny.' },
      {
        cause: 'test-user-not-added',
        check: 'Google’s page shows "Error 403", and the app is in Testing: --publishing-status.',
      },
      { cause: 'admin-policy', check: 'Only accounts of one Workspace get it.' },
    ],
    also: ['scope-declined-by-user', 'org-internal', 'unverified-app-blocked'],
    questions: [isInTesting],
  },
];
