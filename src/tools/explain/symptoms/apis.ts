import { notAuthorized } from '../rules/apis.js';
import { spacesRefused } from '../rules/app-data.js';
import { mailRefused, storageExceeded, tooFewScopes } from '../rules/drive.js';
import { publicLinkRefused } from '../rules/drive-files.js';
import { certificateTime, lookupFailed } from '../rules/network.js';
import { all, any, fact, not, says, stageIs, stageUnknown, statusIs } from '../rules/rule.js';
import type { SymptomEntry } from './symptom.js';

const atApi = stageIs('drive', 'an API was called');
/** A refusal that gives its reason. */
const givesReason = says(
  /limit|quota|polic|scope|enabled|disabled|has not been used|blocked|api[_ ]?key|unregistered|does not have \w{1,40}\.|permission '|linked|signuprequired|delegation|precondition|"files"|unauthenticated use|logged in|storage|abus/i,
);

/** A status that a library gives without more; nobody says of which request. */
const onlyStatus = (status: number) =>
  all(
    stageUnknown,
    says(
      new RegExp(
        `^\\W{0,3}(?:Request failed with status code|\\w{0,20}Error:?|HTTP(?: error)?:?)? ?${status}(?: [a-z ]{2,20})?\\W{0,3}$`,
        'i',
      ),
    ),
  );

/** What Google's APIs answer, and what keeps a program from reaching them. */
export const apiSymptoms: readonly SymptomEntry[] = [
  {
    shows: says(/do not have permission to call|Authorization is required to perform that action/i),
    causes: [
      { cause: 'scope-not-requested', check: 'appsscript.json lists oauthScopes without it.' },
      { cause: 'apps-script-simple-trigger', check: 'onEdit or onOpen makes the call.' },
    ],
  },
  {
    shows: says(tooFewScopes),
    causes: [
      {
        cause: 'scope-not-requested',
        check:
          'The authorization request lacks the scope, or the token is older than it: --auth-url.',
        isUsual: true,
      },
      {
        cause: 'scope-declined-by-user',
        check: 'Its scope is not in the response: --granted-scope.',
      },
      { cause: 'stored-token-of-fewer-scopes', check: 'token.json is older than the change.' },
    ],
    also: ['scope-withdrawn', 'appdata-operation-unsupported', 'spaces-param-missing'],
  },
  {
    shows: spacesRefused,
    causes: [
      { cause: 'spaces-param-missing', check: 'The call sets no spaces.' },
      { cause: 'scope-not-requested', check: 'The request lacks drive.appdata: --auth-url.' },
      { cause: 'stored-token-of-fewer-scopes', check: 'token.json is older than the scope.' },
      { cause: 'scope-declined-by-user', check: 'The response lacks the scope: --granted-scope.' },
    ],
  },
  {
    shows: storageExceeded,
    causes: [
      {
        cause: 'service-account-without-storage',
        check: 'A service account uploads: --client-type.',
      },
      { cause: 'drive-storage-full', check: 'https://one.google.com/storage shows it.' },
    ],
  },
  {
    // Gmail's IMAP and SMTP servers keep their reason to themselves.
    shows: says(mailRefused),
    causes: [
      { cause: 'scope-not-requested', check: 'The token has no https://mail.google.com/ scope.' },
      { cause: 'access-token-expired', check: 'The token is over an hour old.' },
    ],
    also: ['scope-declined-by-user', 'admin-policy', 'access-revoked-by-user'],
  },
  {
    shows: says(notAuthorized),
    causes: [
      { cause: 'service-account-subject-missing', check: 'A service account sets no subject.' },
      { cause: 'admin-rights-missing', check: 'The person or the subject is no administrator.' },
    ],
    also: ['service-account-not-delegated'],
  },
  {
    // A web page of Drive, which the program reads in place of an API.
    shows: says(publicLinkRefused),
    causes: [
      { cause: 'file-permission-missing', check: 'A private window asks for a sign-in.' },
      { cause: 'download-quota-exceeded', check: 'A private window says so, too.' },
      { cause: 'download-page-changed', check: 'A private window downloads the file.' },
    ],
  },
  {
    shows: any(
      all(
        statusIs(401),
        says(/Invalid Credentials|\bauthError|invalid authentication credentials|UNAUTHENTICATED/i),
      ),
      all(atApi, statusIs(401), not(givesReason)),
      onlyStatus(401),
      all(atApi, says(/\b401\b|AuthorizationError\b[^;]{0,3} ?Unauthorized/i), not(givesReason)),
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
    // The Sheets, Docs, Play and Cloud APIs say no more, whatever is missing.
    shows: all(
      says(/caller does not have permission|insufficient permissions\b(?! for (this|the) )/i),
      not(givesReason),
    ),
    causes: [
      { cause: 'file-permission-missing', check: 'The account cannot open the file in Drive.' },
      { cause: 'service-account-without-storage', check: 'A service account creates a file.' },
      { cause: 'play-console-access-missing', check: 'The Play Developer API was called.' },
      { cause: 'iam-permission-missing', check: 'A Cloud API was called: look at IAM.' },
    ],
    also: ['file-not-opened-with-app', 'scope-not-requested', 'drive-api-disabled'],
  },
  {
    shows: any(
      onlyStatus(403),
      all(
        atApi,
        any(statusIs(403), says(/\b403\b|\bforbidden\b|gspread[^;]{0,400}PermissionError/i)),
        not(givesReason),
        not(says(/permission(?!error)|"message": ?"(?!forbidden")/i)),
      ),
    ),
    causes: [
      { cause: 'drive-api-disabled', check: 'The body’s reason is accessNotConfigured.' },
      { cause: 'scope-not-requested', check: 'Its reason is insufficientPermissions.' },
      { cause: 'file-permission-missing', check: 'The body’s reason names the file.' },
      { cause: 'rate-limit', check: 'The body’s reason is rateLimitExceeded.' },
    ],
    also: [
      'domain-policy-drive-apps',
      'file-not-opened-with-app',
      'scope-declined-by-user',
      'appdata-operation-unsupported',
      'spaces-param-missing',
      'access-token-not-sent',
    ],
  },
  {
    shows: all(
      atApi,
      any(statusIs(404), says(/\b404\b|\bnotFound\b/i)),
      not(says(/required parameter|shared drive not found|team ?drive ?not ?found|<html/i)),
    ),
    causes: [
      { cause: 'file-not-visible', check: 'The account cannot open it in a browser.' },
      { cause: 'file-not-opened-with-app', check: 'The only scope is drive.file.' },
      { cause: 'arguments-as-file-id', check: 'Print the ID that is sent.' },
    ],
    also: ['appdata-of-other-client', 'appdata-deleted-with-app', 'spaces-param-missing'],
  },
  {
    // The project itself, not its client: Google says no more of it.
    shows: says(
      /CONSUMER_(SUSPENDED|INVALID)|\bproject\b[^.;]{0,40} has been (deleted|suspended)/i,
    ),
    causes: [
      { cause: 'client-disabled', check: 'The Cloud console says that the project is suspended.' },
      { cause: 'client-deleted', check: 'The Cloud console does not list the project.' },
    ],
  },
  {
    shows: says(certificateTime),
    causes: [
      { cause: 'clock-behind', check: 'Compare `date -u` with https://time.is.' },
      { cause: 'clock-ahead', check: 'Compare `date -u` with https://time.is.' },
      { cause: 'ca-bundle-missing', check: 'The list of authorities is from before 2022.' },
    ],
    also: ['tls-interception'],
  },
  {
    shows: any(
      says(
        /(ETIMEDOUT|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|timed? ?out|fetch failed|client error \(Connect\)|cURL error (6|7|28)\b)[^;]{0,200}google|google[^;]{0,200}(ETIMEDOUT|ECONNREFUSED|ENETUNREACH|timed? ?out|fetch failed|client error \(Connect\))|outgoing request timed out|tcp connect error|network is unreachable|request to https:\/\/\S{0,60}google\S{1,80} failed|socket disconnected before secure TLS|WinError 100(54|60)|auth\/network-request-failed/i,
      ),
      all(
        says(lookupFailed),
        fact(({ observed }) => /google|name resolution/i.test(observed) && 'Google is not found'),
      ),
    ),
    causes: [
      { cause: 'proxy-not-used', check: 'curl -v https://oauth2.googleapis.com fails there, too.' },
      { cause: 'container-network-blocked', check: 'It works on the container’s host.' },
      { cause: 'device-offline', check: 'Other hosts are not reachable either.' },
    ],
    also: ['proxy-setting-malformed', 'callback-listener-limit', 'google-fault'],
  },
];
