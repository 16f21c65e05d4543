import { codeIsNull, usual } from '../rules/app.js';
import { all, any, apiCode, not, says, sourceIs, told, type Usual } from '../rules/rule.js';
import { didClosePicker, isShaRegistered } from './questions.js';
import type { SymptomEntry } from './symptom.js';

const noScreen: Usual = {
  cause: 'consent-screen-incomplete',
  check: 'The consent screen (Firebase: project settings) has no support email.',
};
const googleIsOff: Usual = {
  cause: 'provider-not-enabled',
  check: 'With Firebase: Google is off in Authentication, Sign-in method.',
};
const closed: Usual = {
  cause: 'sign-in-cancelled',
  check: 'The person closed the picker before choosing.',
};

/** What phones say of a sign-in. */
export const phoneSymptoms: readonly SymptomEntry[] = [
  {
    shows: says(apiCode(12500), /non-recoverable sign[ -]?in failure/i),
    causes: [
      noScreen,
      usual.signingCert,
      usual.androidId,
      { cause: 'play-services-missing', check: 'The device’s Play services are old.' },
      googleIsOff,
    ],
    questions: [isShaRegistered],
  },
  {
    shows: says(
      apiCode(10),
      /DEVELOPER[_ ]?ERROR|Exception: 10: |\[28444\]|Developer console is not set up|Unknown calling package name|\[16\] Account reauth/i,
    ),
    causes: [usual.signingCert, usual.androidId, noScreen, usual.otherProject],
    also: ['audience-not-a-valid-client', 'client-id-malformed', 'client-deleted'],
    questions: [isShaRegistered],
  },
  {
    // Nobody asks why a sign-in ended that they had closed themselves.
    shows: any(
      says(
        apiCode(12501),
        /GetCredentialCancellation|TYPE_USER_CANCELED|\bstate CANCELL?ED\b|signIn\(\) returns? null|activity (is|was) cancell?ed|\[16\]|\bCANCELL?ED\b.{0,12}\b16\b|SignInStatus\.Cancell?ed/i,
      ),
      all(sourceIs('android'), says(/cancel{1,2}ed\b|\buser (has )?(closed|dismissed)\b/i)),
    ),
    causes: [usual.signingCert, usual.androidId, closed, usual.serverId],
    also: ['org-internal'],
    questions: [didClosePicker, isShaRegistered],
  },
  {
    shows: says(
      /cancell?ed by the user|\b(user|sign-?in|login|activity|authentication|status|task)\b[^.;]{0,20}\bcancel{1,2}ed\b/i,
    ),
    causes: [closed, usual.signingCert, usual.androidId, usual.serverId],
    questions: [didClosePicker, isShaRegistered],
  },
  {
    shows: says(
      /NoCredentialException|No credentials? available|\[28433\]|Cannot find a matching credential|TYPE_NO_CREDENTIAL|exception of Credential ?Manager/i,
    ),
    causes: [
      {
        cause: 'no-account-on-device',
        check:
          'The device’s settings list no Google account, or setFilterByAuthorizedAccounts(false) helps.',
      },
      usual.signingCert,
      usual.androidId,
    ],
  },
  {
    shows: all(codeIsNull, sourceIs('ios')),
    causes: [{ ...usual.serverId, isUsual: true }, usual.silent],
    also: ['server-client-id-not-read', 'offline-access-not-requested'],
  },
  {
    shows: codeIsNull,
    causes: [usual.silent, usual.offline, usual.serverId, usual.androidId, usual.signingCert],
    also: ['server-client-id-not-read', 'restored-signin-stale-code', 'code-empty'],
  },
  {
    shows: says(
      /\bid_?token['"]?\b.{0,12}\b(is (always |not )?|returns?|was|=|:)? ?(null|nil|undefined|missing|empty|returned)\b|\b(no|without|not (getting|receiving)|missing) (an? |the )?id_?token\b/i,
    ),
    causes: [usual.serverId, usual.androidId, usual.signingCert],
    also: ['server-client-id-not-read', 'nonce-mismatch', 'scope-not-requested'],
  },
  {
    // What Android’s libraries make of a refusal whose code they keep to themselves.
    shows: all(
      any(
        all(
          sourceIs('android'),
          says(
            /nothing happen|\bhangs?\b|(shown|asked) again|specified account|\b(could( not|n't)|unable|trouble|can('t|not)|failed)\b[^.;]{0,12} sign/i,
          ),
        ),
        says(
          /SignInException|sign_?in_?fail(ed|ure)|Google ?Sign[- ]?in ?(fail|error)|INTERNAL_ERROR|SIGN_IN_REQUIRED|something went wrong|(sign|log)[- ]?in (does not|doesn't|never) (complete|finish)|signs? (me|you|in)\b[^.;]{0,20}\bnot\b/i,
          apiCode(8),
        ),
      ),
      not(sourceIs('ios', 'desktop', 'web-popup', 'web-redirect')),
      not(says(/clientConfigurationError|serverClientId/)),
      not(told(/auth-?session|app_?auth|browser (stays|remains|opens)/i)),
    ),
    causes: [usual.signingCert, usual.androidId, googleIsOff],
    also: ['audience-project-mismatch', 'play-services-missing', 'no-previous-sign-in'],
  },
  {
    // An iOS app that ends as soon as the button is tapped; Xcode’s console has the reason.
    shows: all(
      says(/crash|closes itself|\bterminat|First throw call stack|Lost connection to device/i),
      any(sourceIs('ios'), says(/GIDSignIn|\biOS\b|iPhone/)),
    ),
    causes: [
      {
        cause: 'reversed-client-id-scheme-missing',
        check: 'Xcode’s console says "missing support for the following URL schemes".',
      },
      {
        cause: 'info-plist-malformed',
        check: 'Xcode’s console says "You must specify |clientID|" or "No active configuration".',
      },
      usual.webIdInApp,
    ],
    also: ['reversed-id-used-as-client-id', 'client-id-malformed', 'client-configured-twice'],
  },
];
