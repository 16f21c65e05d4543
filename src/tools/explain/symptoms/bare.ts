import { any, says } from '../rules/rule.js';
import type { SymptomEntry } from './symptom.js';

/** One of these names or numbers and nothing else: with more text, the rules have more to go by. */
const only = (...names: readonly string[]) =>
  says(
    new RegExp(
      `^\\s{0,20}(?:(?:\\w{0,20}Error(?: 4\\d\\d)?|code|status|4\\d\\d):?\\s)?(?:error|code|status)?[:= ]{0,3}(?:${names.join('|')})\\s{0,20}$`,
      'i',
    ),
  );

/** Errors that say little by themselves, where nothing but their name or number is known. */
export const bareSymptoms: readonly SymptomEntry[] = [
  {
    shows: only('invalid_request'),
    causes: [
      {
        cause: 'authorization-parameter-missing',
        check: 'Google’s page shows it: look for a missing or doubled parameter: --auth-url.',
      },
      {
        cause: 'token-request-malformed',
        check: 'The exchange got it: the body is not a form, or lacks a field: --stage exchange.',
      },
      {
        cause: 'redirect-uri-malformed',
        check: 'Google’s page names the redirect_uri: --auth-url.',
      },
      { cause: 'embedded-webview-blocked', check: 'The page opens inside an app.' },
    ],
  },
  {
    shows: only('unsupported_response_type'),
    causes: [
      {
        cause: 'authorization-parameter-missing',
        check: 'The response_type is not exactly code: --auth-url.',
      },
      {
        cause: 'wrong-client-type',
        check: 'The client’s type does not allow response_type=token: --client-type.',
      },
    ],
  },
  {
    shows: only(
      'server_error',
      'INTERNAL_ERROR',
      '8',
      '50[0234]',
      '50[0234] (?:(?:internal )?server error|bad gateway|service unavailable|gateway timeout)',
    ),
    causes: [
      { cause: 'google-fault', check: 'A second attempt succeeds.' },
      { cause: 'play-services-missing', check: 'On Android, the device’s Play services are old.' },
    ],
    also: ['export-too-large', 'framework-database-failed', 'html-instead-of-json'],
  },
  {
    // The list of the files is empty, and nothing says why.
    shows: says(/["']?files["']?: ?\[ ?\]/i),
    causes: [
      {
        cause: 'spaces-param-missing',
        check: 'files.list is called without spaces=appDataFolder.',
      },
      {
        cause: 'file-not-opened-with-app',
        check: 'The scope is drive.file, and the person made the files elsewhere.',
      },
      { cause: 'appdata-of-other-client', check: 'A client of another project wrote the files.' },
      {
        cause: 'appdata-deleted-with-app',
        check: 'The person removed the app’s hidden data or disconnected the app in Drive.',
      },
      {
        cause: 'file-not-visible',
        check: 'A service account lists its own Drive, and nothing is shared with it.',
      },
    ],
  },
  {
    shows: only('7', 'NETWORK_ERROR'),
    causes: [
      { cause: 'device-offline', check: 'Other apps on the device cannot reach Google either.' },
      { cause: 'proxy-not-used', check: 'The network reaches Google only through a proxy.' },
    ],
  },
  {
    shows: only('4', '-4', 'SIGN_IN_REQUIRED'),
    causes: [
      {
        cause: 'no-previous-sign-in',
        check: 'Nobody has signed in to this app before: sign in with the button first.',
      },
      {
        cause: 'ios-keychain-refused',
        check: 'On iOS, the error comes after a successful sign-in.',
      },
    ],
  },
  {
    shows: only('-5', '16', 'CANCELED', 'CANCELLED', 'access_cancelled'),
    causes: [
      { cause: 'sign-in-cancelled', check: 'The person closed the picker before choosing.' },
      {
        cause: 'android-signing-cert-mismatch',
        check: 'On Android, compare `./gradlew signingReport` with the console.',
      },
    ],
  },
  {
    shows: only('12502', 'SIGN_IN_CURRENTLY_IN_PROGRESS'),
    causes: [{ cause: 'sign-in-already-running', check: 'The button starts the sign-in twice.' }],
  },
  {
    shows: only('notFound', '404'),
    causes: [
      {
        cause: 'file-not-visible',
        check:
          'The account that signed in cannot open the file in Drive, or it is in a shared drive.',
      },
      {
        cause: 'file-not-opened-with-app',
        check: 'The only scope is drive.file, and another app made the file: --granted-scope.',
      },
      { cause: 'arguments-as-file-id', check: 'Print the file ID that is sent.' },
    ],
  },
  {
    shows: any(
      only('invalid_token', 'UNAUTHENTICATED', '401'),
      says(
        /["']invalid_token["'],? ?["']error_description["']: ?["']Invalid Value|error="invalid_token"/i,
      ),
    ),
    causes: [
      { cause: 'access-token-expired', check: 'The token is over an hour old.' },
      { cause: 'access-token-not-sent', check: 'Print the Authorization header that is sent.' },
      { cause: 'id-token-as-access-token', check: 'The token begins with eyJ: gsac claims.' },
      { cause: 'revoke-token-already-dead', check: 'The request was a revocation.' },
    ],
  },
  {
    shows: only('insufficient_scope'),
    causes: [
      {
        cause: 'scope-not-requested',
        check:
          'The authorization request lacks the scope, or the token is older than it: --auth-url.',
      },
      {
        cause: 'scope-declined-by-user',
        check: 'The response’s scope lacks a requested one: --granted-scope.',
      },
    ],
  },
];
