import { mailRefused } from '../rules/drive.js';
import { withoutRefreshToken } from '../rules/no-refresh-token.js';
import { all, not, says, stageIs, statusIs } from '../rules/rule.js';
import type { SymptomEntry } from './symptom.js';

/** What browsers say of a sign-in, and what APIs and verifiers answer. */
export const signInSymptoms: readonly SymptomEntry[] = [
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
    also: ['access-revoked-by-user', 'token-revoked-by-own-call', 'session-control-reauth'],
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
    shows: says(/\bverif\w{0,8}(IdToken)?\b[^.;]{0,20} returns? (null|false|None|nothing)\b/i),
    causes: [
      {
        cause: 'audience-mismatch',
        check: 'Compare aud with the required client ID: gsac claims --id-token -.',
      },
      { cause: 'id-token-expired', check: 'The token is over an hour old.' },
      { cause: 'clock-behind', check: 'Compare `date -u` with https://time.is.' },
      { cause: 'access-token-as-id-token', check: 'The token begins with ya29.' },
    ],
  },
  {
    shows: says(
      /SignatureVerificationFailed|signature verification failed|invalid token signature|could not verify token signature|signature (is |was )?(invalid|not valid)|Signature verification (raised|error)|invalid signature|InvalidSignatureError|not verified as issued by Google/i,
    ),
    causes: [
      {
        cause: 'id-token-truncated',
        check: 'The token has fewer than three parts, or its end is missing.',
      },
      {
        cause: 'firebase-token-as-google',
        check: 'Its iss is securetoken: gsac claims --id-token -.',
      },
      {
        cause: 'wrong-certs-url',
        check: 'The keys do not come from https://www.googleapis.com/oauth2/v3/certs.',
      },
      {
        cause: 'token-key-of-wrong-kind',
        check: 'The verifier was given the client secret as its key.',
      },
    ],
    also: ['kid-unknown', 'google-token-as-firebase', 'service-account-key-wrong'],
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
  {
    shows: all(says(/certificate for key id|no pem found/i), not(says(/firebase/i))),
    causes: [
      {
        cause: 'firebase-token-as-google',
        check: 'Its iss is securetoken: gsac claims --id-token -.',
      },
      { cause: 'wrong-certs-url', check: 'The keys’ address belongs to another issuer or format.' },
      { cause: 'kid-unknown', check: 'A second attempt with newly fetched keys succeeds.' },
    ],
  },
];
