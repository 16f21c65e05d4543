import { simpleTrigger } from './apis.js';
import { inDrive, spacesRefused } from './app-data.js';
import { withoutRefreshToken } from './no-refresh-token.js';
import {
  all,
  any,
  clientIs,
  fact,
  granted,
  mentions,
  not,
  rulesWith,
  type Signal,
  says,
  stageIs,
  statusIs,
  told,
  unless,
} from './rule.js';

const appData = 'https://developers.google.com/workspace/drive/api/guides/appdata';
const handling = 'https://developers.google.com/workspace/drive/api/guides/handle-errors';
/** What APIs answer to a token without the scope of the call. */
export const tooFewScopes =
  /insufficient_?Permissions?\b|(?<!property has )insufficient permission\b|insufficient authentication scopes?|insufficient_scope|ACCESS_TOKEN_SCOPE_INSUFFICIENT|insufficientScopes|Authentication session is not defined|Permission denied while (getting Drive credentials|globbing file pattern)/i;
/** What Gmail's IMAP and SMTP servers say of a token that is not good enough. */
export const mailRefused =
  /\b535[- ]5\.7\.8\b|Username and Password not accepted|AUTH command failed|XOAUTH2[^.;]{0,60}(fail|reject|error)|rejected XOAUTH2|AUTHENTICATE (command )?(fail|error)|AUTHENTICATIONFAILED|\bIMAP\b[^;]{0,60}Invalid credentials/i;
const driveScope = /(\/auth\/|^)drive(\.[\w.]{1,40})?$/;
/** The projects of gcloud's own clients. */
const gcloudProject = /\b(764086051850|32555940559)\b(?!-)/;
const googlePlus = /GooglePlusAPIError|Google\+ API|\/plus\/v1\/|Legacy People API/i;
export const storageExceeded = mentions(
  /storageQuotaExceeded|storage quota (has been |is |was )?exceeded|exceeded (their|your|the|its) (Google )?(Drive )?storage quota/i,
);
/** Without the circumstances a service account, which has no storage, gives the same answer. */
const inStorageOfNobody: Signal = ({ notes, clientType }) =>
  notes === '' && clientType === undefined ? [] : undefined;
/** What a program could read of Google Photos until the end of March 2025. */
const photosScopeWithdrawn = all(
  mentions(tooFewScopes),
  mentions(/google ?photos|photoslibrary|mediaItems|\bphotos:|loading album|creating album/i),
  any(
    told(
      /for years|until|till|used to|(has )?worked|without (a |any )?change|all at once|suddenly|(since|in) (march|april|may|june)|\b202[5-9]\b/i,
    ),
    // An app may still ask for what it needs to upload.
    not(says(/batchCreate|\/uploads\b/)),
  ),
);

/** The Drive API and its application data folder. */
export const driveRules = rulesWith({ docs: handling, stages: ['drive'] }, [
  {
    cause: 'drive-api-disabled',
    why: 'The API in the request (Drive or another) is not enabled in the OAuth client’s project.',
    fix: 'Enable it in the Cloud console (APIs & Services) for the project whose number the client ID starts with, and wait a few minutes.',
    proves: [
      mentions(
        /access ?Not ?Configured|SERVICE_DISABLED|has not been used in project|\bAPI\b[^.;]{0,20} (is )?(not enabled|disabled)|it is disabled\b|enable it by visiting|ApiNotActivated|\bAPI is activated/i,
      ),
      says(
        /cannot be used for API calls|enable (the )?(Google )?Drive API|Enable required APIs for project|Enabled the Apps Script API/i,
      ),
    ],
    // An API of its own, which few know of.
    suggests: all(
      mentions(/cal-?dav|card-?dav/i),
      says(/Invalid Credentials|\b40[13]\b|forbidden/i),
    ),
    rulesOut: says(/quota project|not enabled the Apps Script API/i, gcloudProject, googlePlus),
    alike: [{ cause: 'settings-not-yet-effective', check: 'It was enabled some minutes ago.' }],
  },
  {
    cause: 'google-plus-profile-api',
    why: 'The library reads the profile from the Google+ API, which Google shut down in 2019.',
    fix: 'Update the library (passport-google-oauth20 2 and later), or set its profile address to https://www.googleapis.com/oauth2/v3/userinfo.',
    docs: 'https://developers.google.com/people/legacy',
    stages: ['drive', 'exchange', 'signin-config'],
    proves: says(googlePlus),
  },
  {
    cause: 'quota-project-missing',
    why: 'The credentials of gcloud (application default) belong to no project of yours, but this API needs a project to count the calls against.',
    fix: 'Run gcloud auth application-default set-quota-project <project>, or set GOOGLE_CLOUD_QUOTA_PROJECT, and enable the API there. Or use your own client.',
    docs: 'https://cloud.google.com/docs/authentication/adc-troubleshooting/user-creds',
    stages: ['drive', 'refresh', 'exchange'],
    proves: says(
      /requires a quota project|without a quota project|quota[_ ]project[^.;]{0,20}(not set|missing|required)/i,
      gcloudProject,
    ),
    alike: [
      { cause: 'drive-api-disabled', check: 'Its project is set, but the API is off there.' },
    ],
  },
  {
    cause: 'apps-script-api-off',
    why: 'The person’s own setting for the Apps Script API is off. Enabling the API in the project is not enough.',
    fix: 'Turn it on at https://script.google.com/home/usersettings, as the person who signs in, and wait a few minutes.',
    docs: 'https://developers.google.com/apps-script/api/how-tos/enable',
    stages: ['drive', 'exchange', 'refresh'],
    proves: says(/(has )?not enabled the Apps Script API|script\.google\.com\/home\/usersettings/i),
    alike: [{ cause: 'settings-not-yet-effective', check: 'It was turned on some minutes ago.' }],
    speaksFor: all(
      mentions(/\b(gas|clasp) (push|deploy|create|upload)\b/i),
      mentions(/not allowed to perform|permission|\b403\b|forbidden/i),
    ),
  },
  {
    cause: 'sharing-quota',
    why: 'An account can share only so many times a day, and shares that send an email count most.',
    fix: 'Share with sendNotificationEmail=false, or share a folder once or with a group instead of sharing each file, and wait a day.',
    docs: 'https://developers.google.com/workspace/drive/api/guides/manage-sharing',
    proves: says(/sharingRateLimitExceeded|exceeded your sharing quota/i),
  },
  {
    cause: 'domain-policy-drive-apps',
    why: 'The Workspace administrator has turned off Drive or its apps for this person.',
    fix: 'Ask the administrator to allow them: Admin console, Apps, Google Workspace, Drive and Docs: Service status, and Features and Applications.',
    proves: mentions(
      /domainPolicy|Active session is invalid|Access denied: DriveApp|domain policy has disabled|(domain )?administrators? (have|has) disabled Drive/i,
    ),
    fits: told(/workspace|school|company|domain/i),
  },
  {
    cause: 'drive-storage-full',
    why: 'The person’s Google storage is full, so nothing more can be uploaded.',
    fix: 'Ask the person to free some storage (https://one.google.com/storage), or delete files of the app, then upload again.',
    // Who has granted a scope is a person.
    proves: all(
      storageExceeded,
      fact(({ granted }) => granted.length > 0 && 'the token belongs to a person'),
    ),
    speaksFor: all(
      storageExceeded,
      any(clientIs('web', 'installed', 'ios', 'android'), not(inStorageOfNobody)),
    ),
    fits: storageExceeded,
  },
  {
    cause: 'rate-limit',
    why: 'Google’s APIs limit requests per minute and per day, for each person and each project. If many people share a client, they also share its limit.',
    fix: [
      'Retry with increasing, random pauses, do less at once, and use your own client instead of a shared one.',
      'YouTube counts units, which return at midnight Pacific Time. Drive takes 750 GB of uploads a day, and Calendar limits invitations: send fewer, or wait a day. If the limit is 0, Google has to approve the project for this API first.',
    ],
    docs: 'https://developers.google.com/workspace/drive/api/guides/limits',
    stages: ['drive', 'exchange', 'refresh'],
    proves: says(
      /(rate|daily|upload|usage|user|sending) ?limits? ?exceeded|too many concurrent|invoked too many times|quota exceeded|RATE_LIMIT_EXCEEDED|quota has been exceeded|RESOURCE_EXHAUSTED|exceeded your [^;]{0,60}\bquota\b|exceeded (the number of \w{1,20} they may|rate limits)|usage limits? exceeded|too many requests|slow ?down|reached a limit for sending|\[OVERQUOTA\]|bandwidth limits?/i,
    ),
    speaksFor: [
      statusIs(429),
      unless(says(/\bquotaExceeded\b/i), says(/storage/i)),
      told(/rate limit|quota|many requests|throttl|shared client/i),
      // Whatever is uploaded in a day is limited too.
      mentions(/upload limit|\b7[05]\d ?GB\b/i),
    ],
    rulesOut: [
      says(/\brate_limit_exceeded\b/i),
      says(
        /login count|new users|Unauthenticated Use|sharing ?(quota|RateLimit)|storage ?quota|download ?quota/i,
      ),
      mentions(/websearch\/answer\/86640|<title>Sorry|\/sorry\b/i),
    ],
  },
  {
    cause: 'scope-not-requested',
    why: 'The app never asked for the scope that the call needs.',
    fix: [
      'Ask for the scope that the call needs (for the appfolder https://www.googleapis.com/auth/drive.appdata), and sign in again. Scopes on the consent screen in the console are not requested by that.',
      'For IMAP and SMTP, ask for https://mail.google.com/: gmail.send and gmail.modify work only with the Gmail API.',
    ],
    docs: appData,
    stages: ['drive', 'exchange', 'signin-config'],
    speaksFor: [
      all(spacesRefused, inDrive),
      all(
        says(mailRefused),
        any(
          told(/\bgmail\.(send|modify|compose|readonly|labels|insert)\b/i),
          fact(
            ({ requested, granted }) =>
              [...requested, ...granted].some((scope) => /\/auth\/gmail\./.test(scope)) &&
              ![...requested, ...granted].includes('https://mail.google.com/') &&
              'https://mail.google.com/ is not among its scopes',
          ),
        ),
      ),
      told(
        /\b(not|never|no|without|missing|forgot|lacks?|didn'?t|only)\b[^.;]{0,40}((?<!the )request|ask|scope|option for|drive\.appdata|drive\.file)|scope[^.;]{0,40}(missing|not (requested|asked|included|listed|in)|left out|absent|added later)|new scope/i,
        /scope (was )?added|(token|credentials)[^.;]{0,30}(from before|older)|is from before/i,
      ),
    ],
    alike: [
      { cause: 'stored-token-of-fewer-scopes', check: 'token.json is older than the change.' },
    ],
    rulesOut: [
      photosScopeWithdrawn,
      simpleTrigger,
      // An app that worked has asked for it; whoever signs in again can leave it out.
      told(/\bworked\b[^.;]{0,80}\b(connected|signed in|logged in|linked|authori[sz]ed) again/i),
      granted('drive.appdata'),
      fact(
        ({ requested }) =>
          requested.some((scope) => driveScope.test(scope)) && 'a Drive scope was requested',
      ),
    ],
  },
  {
    cause: 'stored-token-of-fewer-scopes',
    why: 'The program’s stored token is older than the change to its scopes, so it has only the earlier ones.',
    fix: 'Delete the stored token (token.json, token.pickle, tokens/StoredCredential) and sign in again.',
    docs: 'https://developers.google.com/workspace/drive/api/guides/api-specific-auth',
    speaksFor: [
      all(
        any(mentions(tooFewScopes), spacesRefused),
        told(
          /quickstart|token\.(json|pickle)|StoredCredential|save_credentials|tokens? (folder|directory|file|store)|(chang|add|edit|extend|modif)\w{1,4}[^.;]{0,40}\bscopes?|scopes?[^.;]{0,30}(was|were|is|are|has|have) (since |then )?(chang|add|edit|extend)/i,
        ),
      ),
      all(mentions(tooFewScopes), told(/quickstart|token\.(json|pickle)|StoredCredential/i)),
    ],
    rulesOut: told(
      /(re-?authori[sz]ed|signed in again|deleted)[^.;]{0,40}(since|after|token|but)/i,
    ),
  },
  {
    cause: 'scope-withdrawn',
    why: 'Google has restricted this scope: since 31 March 2025, the Photos scopes show an app only what the app uploaded itself.',
    fix: 'Use photoslibrary.appendonly and photoslibrary.readonly.appcreateddata, or the Photos Picker. Update the program and sign in again.',
    docs: 'https://developers.google.com/photos/support/updates',
    speaksFor: photosScopeWithdrawn,
  },
  {
    cause: 'file-id-empty',
    why: 'The file ID in the call is empty or is the word undefined.',
    fix: 'Print the ID before the call. Take it from files.list (id), not from a variable that is set later.',
    proves: says(
      /File not found: ?\.(?=\s|"|'|\\|$|,|\})|File not found: ?(undefined|null|None|nil)\b|Missing required parameters?: ?fileId|files\/(undefined|null|None)\b|files\/\?|fileId=(&|$)/im,
    ),
  },
  {
    cause: 'access-token-not-sent',
    why: 'The request has neither an access token nor an API key that Google can read.',
    fix: 'Send Authorization: Bearer <access token> with each request, and check that no redirect or proxy drops the header. A person’s data and every change need a token: an API key is not enough.',
    docs: 'https://developers.google.com/identity/protocols/oauth2/web-server#callinganapi',
    stages: ['drive', 'verify'],
    proves: says(
      /unregistered callers|Unauthenticated Use|Login Required|missing (a )?(valid |required )?(authentication credential|API key|authori[sz]ation(?! code))|CREDENTIALS_MISSING|API keys are not supported by this API|without established identity|\b(not|don'?t) (have|present) (a )?(valid )?(credential|API key)|(without|no) (an? )?access[_ ]?token\b(?! from)|access[_ ]?token (is )?(missing|required|not set|undefined|null)/i,
    ),
    speaksFor: [
      all(says(/\b401\b|Unauthorized/i), says(/[?&]key=/)),
      told(
        /\b(no|without|missing|lacks?|forgot|not (sent|set|sending)|dropped|strips?|removed|empty)[^.;]{0,25}(authori[sz]ation|bearer|access[ _]token|auth) ?(header|token)?|(authori[sz]ation|bearer|auth|header)[^.;]{0,30}(missing|not (sent|set|there|present)|dropped|stripped|empty|absent|undefined)|Bearer (undefined|null)|auth (is )?not (set|passed)/i,
      ),
    ],
    // What a token endpoint refuses, no API was asked.
    rulesOut: [told(/three-part JWT|id[ _]token/i), says(/\binvalid_(grant|client)\b/)],
    alike: [{ cause: 'id-token-as-access-token', check: 'The token begins with eyJ.' }],
  },
  {
    cause: 'id-token-as-access-token',
    why: 'The ID token was sent as the bearer token, but APIs expect the access token.',
    fix: 'Send access_token in the Authorization header. An ID token (eyJ…) is only for your own server.',
    docs: 'https://developers.google.com/identity/openid-connect/openid-connect',
    stages: ['drive', 'verify'],
    speaksFor: unless(
      mentions(
        /ACCESS_TOKEN_TYPE_UNSUPPORTED|three-part JWT|Bearer eyJ|Bearer[^;]{0,24}credential|id[_ ]?token[^.;]{0,60}(bearer|authori[sz]ation|header|as (the )?access|instead|api|\bsent|used|passed)|(bearer|authori[sz]ation|header)[^.;]{0,50}(jwt|id[_ ]?token|eyJ)|credential (field )?as bearer/i,
      ),
      withoutRefreshToken,
      stageIs('verify', 'an ID token was verified'),
    ),
    suggests: all(
      any(statusIs(401), says(/Invalid Credentials/i)),
      mentions(/userinfo|\/tokeninfo|people\/me/i),
      told(
        /verify(ing)?_?Id_?Token|credential manager|token (from|of) the (app|phone|mobile|android|ios)|GoogleIdToken|\bid[_ ]?token|one[- ]tap|\bjwt\b/i,
      ),
    ),
    fits: [statusIs(401), told(/token[^.;]{0,30}\b(very|extremely|much|too) long/i)],
  },
]);
