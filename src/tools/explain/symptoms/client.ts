import { serviceAccountGiven } from '../rules/client-file.js';
import { all, errorIs, not, says, stageIs } from '../rules/rule.js';
import { isInTesting, isOnSignInPage, whichRequest } from './questions.js';
import type { SymptomEntry } from './symptom.js';

const atExchange = stageIs('exchange', 'a code was exchanged');
const atRefresh = stageIs('refresh', 'a refresh was refused');
const atSignIn = stageIs('signin-config', 'it failed at the sign-in');

/** Errors of the client, of its redirect URIs, and of Google’s own pages. */
export const clientSymptoms: readonly SymptomEntry[] = [
  {
    shows: says(/must be for a web or installed app/i),
    causes: [
      serviceAccountGiven,
      {
        cause: 'client-json-unwrapped',
        check: 'The file begins with {"client_id"…, not with {"web"… or {"installed"…: --client.',
      },
    ],
    also: ['client-json-other-section', 'client-file-as-token-store'],
  },
  {
    shows: says(/(OAuth client|given client ID) (was |is )?not found/i),
    causes: [
      {
        cause: 'client-id-placeholder-or-unset',
        check: 'Check client_id in the address of the page: --auth-url.',
      },
      {
        cause: 'client-id-malformed',
        check: 'The ID differs from the console’s in a character or at its end: --auth-url.',
      },
      { cause: 'client-deleted', check: 'The console no longer lists it.' },
      { cause: 'credential-whitespace', check: 'The ID begins or ends with a space: --auth-url.' },
    ],
    also: ['api-key-as-credential', 'reversed-id-used-as-client-id', 'client-disabled'],
    questions: [],
  },
  {
    shows: all(errorIs('invalid_client'), not(says(/client type|Only clients of/i))),
    causes: [
      {
        cause: 'client-secret-wrong',
        check:
          'The ID and the secret belong to different clients: --probe --client <file> checks this.',
      },
      {
        cause: 'client-id-placeholder-or-unset',
        check: 'Print the ID that is sent; --probe --client <file> checks it.',
      },
      {
        cause: 'credential-whitespace',
        check: 'Print both in quotes: one begins or ends with a space.',
      },
      { cause: 'wrong-client-type', check: 'It is an Android or iOS client: --client-type.' },
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
          'The stored token belongs to another client: delete it (tokens folder) and sign in again.',
      },
      {
        cause: 'client-secret-wrong',
        check:
          'The ID and the secret belong to different clients: --probe --client <file> checks this.',
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
        check: 'The code came from the web popup flow: --source web-popup.',
      },
      { cause: 'redirect-uri-must-be-empty', check: 'The code came from a phone: --source ios.' },
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
        check: 'The exchange got it, and the two requests differ: --stage exchange, --auth-url.',
      },
      {
        cause: 'redirect-uri-must-be-postmessage',
        check: 'The code came from the web popup flow: --source web-popup.',
      },
      { cause: 'redirect-uri-must-be-empty', check: 'The code came from a phone: --source ios.' },
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
        check: 'A refresh with a client that is not the token’s failed: --stage refresh.',
      },
      {
        cause: 'exchange-client-differs-from-code-client',
        check: 'A code was exchanged by a client that it was not issued to: --stage exchange.',
      },
      { cause: 'wrong-client-type', check: 'It is an Android or iOS client: --client-type.' },
    ],
    also: ['service-account-not-delegated'],
    questions: [whichRequest],
  },
  {
    // Google's page, without its details.
    shows: all(
      says(/Error 400: ?invalid_request/i),
      not(says(/redirect_ur|parameter|required|out-of-band|scheme|device_|loopback|allowed/i)),
    ),
    causes: [
      { cause: 'oob-flow-blocked', check: 'The redirect_uri is urn:ietf:wg:oauth:2.0:oob.' },
      {
        cause: 'custom-scheme-not-enabled',
        check: 'The redirect_uri begins with the app’s own scheme: --auth-url.',
      },
      { cause: 'redirect-uri-malformed', check: 'The details show the redirect_uri: --auth-url.' },
      {
        cause: 'authorization-parameter-missing',
        check: 'The details name a parameter: --auth-url.',
      },
    ],
    also: [
      'org-internal',
      'loopback-flow-blocked',
      'web-client-with-custom-scheme',
      'custom-scheme-with-authority',
      'parameter-not-allowed',
      'prompt-parameters-conflict',
      'redirect-uri-raw-ip',
      'redirect-uri-private-address',
      'authorization-parameter-doubled',
      'client-id-placeholder-or-unset',
      'embedded-webview-blocked',
      'blocked-as-automated',
    ],
    questions: [whichRequest],
  },
  {
    // Google's page, from which only the heading was copied.
    shows: all(
      says(
        /request (is|was) (invalid|not valid)|sent an invalid request|request from this app\w{0,10} is (invalid|not valid)/i,
      ),
      not(
        says(
          /Error 4\d\d|redirect_ur|invalid_request|secure|parameter|_mismatch|invalid_client|out-of-band/i,
        ),
      ),
    ),
    causes: [
      {
        cause: 'redirect-uri-not-registered',
        check: 'Open "error details" on the page: it says redirect_uri_mismatch.',
      },
      {
        cause: 'authorization-parameter-missing',
        check: 'The details name a parameter: --auth-url.',
      },
      { cause: 'redirect-uri-malformed', check: 'The details show the redirect_uri: --auth-url.' },
      { cause: 'oob-flow-blocked', check: 'The redirect_uri is urn:ietf:wg:oauth:2.0:oob.' },
    ],
    also: [
      'origin-not-registered',
      'custom-scheme-not-enabled',
      'embedded-webview-blocked',
      'wrong-client-type',
    ],
  },
  {
    shows: all(
      errorIs('access_denied'),
      not(says(/Error 403|tester|being tested|[?&]error=access_denied/i, /\bAccessDenied\b/)),
    ),
    causes: [
      {
        cause: 'sign-in-cancelled',
        check: 'The callback received it after the person chose Cancel or Deny.',
      },
      {
        cause: 'test-user-not-added',
        check: 'Google’s page shows "Error 403", and the app is in Testing: --publishing-status.',
      },
      { cause: 'admin-policy', check: 'Only accounts in one Workspace see the error.' },
    ],
    also: ['scope-declined-by-user', 'org-internal', 'unverified-app-blocked'],
    questions: [isInTesting],
  },
];
