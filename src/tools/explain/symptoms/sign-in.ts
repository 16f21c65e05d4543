import { codeIsNull } from '../rules/app.js';
import { mailRefused } from '../rules/drive.js';
import { withoutRefreshToken } from '../rules/no-refresh-token.js';
import { all, apiCode, not, says, sourceIs, stageIs, statusIs, type Usual } from '../rules/rule.js';
import { didClosePicker, isShaRegistered } from './questions.js';
import type { SymptomEntry } from './symptom.js';

const androidConfiguration: readonly Usual[] = [
  {
    cause: 'android-signing-cert-mismatch',
    check: 'Compare `./gradlew signingReport` with the console; --project <dir> does this.',
  },
  {
    cause: 'android-client-id-as-web-client-id',
    check: 'The ID in requestIdToken or serverClientId is the Android client’s: --project <dir>.',
  },
  {
    cause: 'consent-screen-incomplete',
    check: 'The consent screen (Firebase: project settings) has no support email.',
  },
  { cause: 'audience-project-mismatch', check: 'The client IDs begin with different numbers.' },
];
const noCode: Record<string, Usual> = {
  offline: {
    cause: 'offline-access-not-requested',
    check: 'The options have no offlineAccess: true or requestServerAuthCode: --project <dir>.',
  },
  serverId: {
    cause: 'server-client-id-missing',
    check: 'No GIDServerClientID or serverClientId is set: --project <dir>.',
  },
  silent: {
    cause: 'silent-signin-no-code',
    check: 'The code comes once and is missing after a restart: sign out, then sign in.',
  },
  android: {
    cause: 'android-client-id-as-web-client-id',
    check: 'The ID in use is the Android client’s: --project <dir>.',
  },
};
/** What phones and browsers say of a sign-in, and what APIs and verifiers answer. */
export const signInSymptoms: readonly SymptomEntry[] = [
  {
    shows: says(apiCode(12500), /non-recoverable sign[ -]?in failure/i),
    causes: [
      {
        cause: 'consent-screen-incomplete',
        check: 'The consent screen (Firebase: project settings) has no support email.',
      },
      ...androidConfiguration.slice(0, 2),
      { cause: 'play-services-missing', check: 'The device’s Play services are old.' },
    ],
    questions: [isShaRegistered],
  },
  {
    shows: says(
      apiCode(10),
      /DEVELOPER[_ ]?ERROR|\[28444\]|Developer console is not set up|\[16\] Account reauth/i,
    ),
    causes: androidConfiguration,
    also: ['audience-not-a-valid-client', 'client-id-malformed', 'client-deleted'],
    questions: [isShaRegistered],
  },
  {
    // Nobody asks why a sign-in ended that they had closed themselves.
    shows: says(
      apiCode(12501),
      /GetCredentialCancellation|TYPE_USER_CANCELED|\[16\]|\bCANCELL?ED\b.{0,12}\b16\b|SignInStatus\.Cancell?ed/i,
    ),
    causes: [
      ...androidConfiguration.slice(0, 2),
      { cause: 'sign-in-cancelled', check: 'The person closed the picker before choosing.' },
      { cause: 'server-client-id-missing', check: 'No web client ID is set: --project <dir>.' },
    ],
    questions: [didClosePicker, isShaRegistered],
  },
  {
    shows: says(
      /activity (is|was) cancell?ed by the user|cancell?ed by the user|\b(user|sign-?in|login|activity|authentication|status|task)\b[^.;]{0,20}\bcancel{1,2}ed\b/i,
    ),
    causes: [
      { cause: 'sign-in-cancelled', check: 'The person closed the picker before choosing.' },
      ...androidConfiguration.slice(0, 2),
      { cause: 'server-client-id-missing', check: 'No web client ID is set: --project <dir>.' },
    ],
    questions: [didClosePicker, isShaRegistered],
  },
  {
    shows: says(
      /NoCredentialException|No credentials? available|\[28433\]|Cannot find a matching credential|TYPE_NO_CREDENTIAL/i,
    ),
    causes: [
      {
        cause: 'no-account-on-device',
        check:
          'The device’s settings list no Google account, or setFilterByAuthorizedAccounts(false) helps.',
      },
      ...androidConfiguration.slice(0, 2),
    ],
  },
  {
    shows: all(codeIsNull, sourceIs('ios')),
    causes: [
      { ...noCode['serverId'], cause: 'server-client-id-missing', isUsual: true },
      { ...noCode['silent'], cause: 'silent-signin-no-code' },
    ],
    also: ['server-client-id-not-read', 'offline-access-not-requested'],
  },
  {
    shows: codeIsNull,
    causes: [
      { ...noCode['silent'], cause: 'silent-signin-no-code' },
      { ...noCode['offline'], cause: 'offline-access-not-requested' },
      { ...noCode['serverId'], cause: 'server-client-id-missing' },
      { ...noCode['android'], cause: 'android-client-id-as-web-client-id' },
      {
        cause: 'android-signing-cert-mismatch',
        check:
          'On Android, compare `./gradlew signingReport` with the console; --project <dir> does this.',
      },
    ],
    also: ['server-client-id-not-read', 'restored-signin-stale-code', 'code-empty'],
  },
  {
    shows: says(
      /insufficient_?Permissions?\b|insufficient authentication|ACCESS_TOKEN_SCOPE_INSUFFICIENT|insufficientScopes|Permission denied while getting Drive credentials/i,
    ),
    causes: [
      {
        cause: 'scope-not-requested',
        check:
          'The authorization request lacks the scope, or the token is older than it: --auth-url.',
        isUsual: true,
      },
      {
        cause: 'scope-declined-by-user',
        check: 'The response’s scope lacks a requested one: --granted-scope.',
      },
    ],
    also: [
      'stored-token-of-fewer-scopes',
      'file-permission-missing',
      'appdata-operation-unsupported',
      'spaces-param-missing',
    ],
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
  {
    shows: all(
      statusIs(401),
      says(/Invalid Credentials|\bauthError|invalid authentication credentials|UNAUTHENTICATED/i),
    ),
    causes: [
      { cause: 'access-token-expired', check: 'The token is over an hour old.' },
      { cause: 'id-token-as-access-token', check: 'The token begins with eyJ, not with ya29.' },
      { cause: 'access-token-not-sent', check: 'Print the Authorization header that is sent.' },
    ],
    also: [
      'access-revoked-by-user',
      'password-changed',
      'token-revoked-by-own-call',
      'session-control-reauth',
    ],
  },
  {
    shows: all(
      stageIs('drive', 'an API was called'),
      statusIs(403),
      not(says(/reason|"message"|quota|limit|polic|permission|scope|enabled/i)),
    ),
    causes: [
      {
        cause: 'drive-api-disabled',
        check: 'Print the response’s body: its reason is accessNotConfigured.',
      },
      {
        cause: 'scope-not-requested',
        check: 'Print the response’s body: its reason is insufficientPermissions.',
      },
      {
        cause: 'file-permission-missing',
        check: 'Print the response’s body: its reason names the file.',
      },
      { cause: 'rate-limit', check: 'Print the response’s body: its reason is rateLimitExceeded.' },
    ],
    also: [
      'domain-policy-drive-apps',
      'file-not-opened-with-app',
      'scope-declined-by-user',
      'appdata-operation-unsupported',
      'service-account-without-storage',
      'spaces-param-missing',
      'access-token-not-sent',
    ],
  },
  {
    shows: says(/origin is not allowed|not a valid origin|no registered origin|origin_mismatch/i),
    causes: [
      {
        cause: 'origin-not-registered',
        check: 'Compare the page’s scheme, host and port with the client in the console.',
      },
      {
        cause: 'referrer-policy-hides-origin',
        check: 'The origin is registered, and the page is sent with a Referrer-Policy.',
      },
      {
        cause: 'settings-not-yet-effective',
        check: 'The origin was added in the last few hours.',
      },
    ],
    also: ['client-id-malformed', 'client-id-placeholder-or-unset', 'auth-library-deprecated'],
  },
  {
    shows: says(
      /storageQuotaExceeded|storage quota (has been |is |was )?exceeded|exceeded (their|your|the|its) (Google )?(Drive )?storage quota/i,
    ),
    causes: [
      {
        cause: 'service-account-without-storage',
        check: 'A service account uploads: --client-type service_account.',
      },
      { cause: 'drive-storage-full', check: 'https://one.google.com/storage shows it.' },
    ],
  },
  {
    shows: says(/popup[_ -]closed|popup window (was |has been )?closed/i),
    causes: [
      { cause: 'sign-in-cancelled', check: 'The person closed the window.' },
      {
        cause: 'third-party-cookies-blocked',
        check: 'It works if third-party cookies are allowed.',
      },
      {
        cause: 'opener-policy-cuts-popup',
        check: 'The page is sent with Cross-Origin-Opener-Policy: same-origin.',
      },
    ],
    also: ['origin-not-registered'],
  },
  {
    shows: says(
      /fail(ed)?( to)?[ _-]?(fetch|get|obtain|load|retrieve)?[ _-]?(the )?user[ _-]?(profile|details|info)\b/i,
    ),
    causes: [
      {
        cause: 'google-plus-profile-api',
        check: 'The library is old: npm ls passport-google-oauth passport-google-oauth2.',
      },
      { cause: 'proxy-not-used', check: 'The error below it is ETIMEDOUT or ENOTFOUND.' },
      { cause: 'scope-not-requested', check: 'The scopes lack profile: --auth-url.' },
    ],
    also: ['access-token-expired', 'drive-api-disabled', 'google-fault', 'rate-limit'],
  },
  {
    shows: all(
      says(
        /\b(blank|white|empty) (screen|page|window|box|pop-?up)\b|\b(screen|page|window|pop-?up) (is|stays|remains) (blank|white|empty)\b/i,
      ),
      not(sourceIs('android', 'ios', 'desktop', 'web-redirect')),
    ),
    causes: [
      {
        cause: 'opener-policy-cuts-popup',
        check: 'The page is sent with Cross-Origin-Opener-Policy: same-origin.',
      },
      { cause: 'third-party-cookies-blocked', check: 'It works in another browser.' },
      {
        cause: 'origin-not-registered',
        check: 'The window’s address returns 403 (developer tools).',
      },
    ],
  },
  {
    // Gmail's IMAP and SMTP servers keep their reason to themselves.
    shows: says(mailRefused),
    causes: [
      {
        cause: 'scope-not-requested',
        check: 'Print the token’s scopes: https://mail.google.com/ is not among them.',
      },
      { cause: 'access-token-expired', check: 'The token is over an hour old.' },
    ],
    also: ['scope-declined-by-user', 'admin-policy', 'access-revoked-by-user'],
  },
  {
    shows: says(
      /signInWith(Popup|Redirect)\b[^.;]{0,30}(does(n't| not) work|not working|fails|does nothing)/i,
    ),
    causes: [
      {
        cause: 'domain-not-authorized',
        check: 'The browser’s console says unauthorized-domain.',
      },
      {
        cause: 'provider-not-enabled',
        check: 'Google is off in Firebase (Authentication, Sign-in method).',
      },
      { cause: 'popup-blocked', check: 'The browser says that it blocked a pop-up.' },
      { cause: 'third-party-cookies-blocked', check: 'It works in another browser.' },
    ],
  },
  {
    shows: says(/problem with the server configuration|[?&]error=Configuration\b/i),
    causes: [
      {
        cause: 'framework-secret-missing',
        check: 'AUTH_SECRET is not set: read the server’s log.',
      },
      {
        cause: 'client-id-placeholder-or-unset',
        check: 'AUTH_GOOGLE_ID is not set where the program runs.',
      },
      { cause: 'proxy-not-used', check: 'The server’s log says ETIMEDOUT or "fetch failed".' },
      { cause: 'state-mismatch', check: 'The server’s log says InvalidCheck.' },
    ],
    also: ['host-not-trusted', 'framework-database-failed', 'clock-ahead', 'clock-behind'],
  },
  {
    shows: says(
      /(ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|timed? ?out|fetch failed|client error \(Connect\)|no such host|Could not resolve|cURL error (6|7|28)\b)[^;]{0,200}google|google[^;]{0,200}(ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|timed? ?out|fetch failed|client error \(Connect\)|no such host|Could not resolve)|outgoing request timed out|Temporary failure in name resolution|Unable to find the server at|auth\/network-request-failed/i,
    ),
    causes: [
      {
        cause: 'proxy-not-used',
        check: 'curl -v https://oauth2.googleapis.com/token fails there too, without a proxy.',
      },
      {
        cause: 'container-network-blocked',
        check: 'It fails only in the container, not on its host.',
      },
      { cause: 'device-offline', check: 'Other hosts are not reachable either.' },
    ],
    also: ['proxy-setting-malformed', 'callback-listener-limit', 'google-fault'],
  },
];
