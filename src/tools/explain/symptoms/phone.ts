import {
  androidId,
  codeIsNull,
  offline,
  otherProject,
  serverId,
  signingCert,
  silent,
  webIdInApp,
} from '../rules/app.js';
import { all, any, apiCode, not, says, sourceIs, type Usual } from '../rules/rule.js';
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
      signingCert,
      androidId,
      { cause: 'play-services-missing', check: 'The device’s Play services are old.' },
      googleIsOff,
    ],
    questions: [isShaRegistered],
  },
  {
    shows: says(
      apiCode(10),
      /DEVELOPER[_ ]?ERROR|Exception: 10: |\[28444\]|Developer console is not set up|\[16\] Account reauth/i,
    ),
    causes: [signingCert, androidId, noScreen, otherProject],
    also: ['audience-not-a-valid-client', 'client-id-malformed', 'client-deleted'],
    questions: [isShaRegistered],
  },
  {
    // Nobody asks why a sign-in ended that they had closed themselves.
    shows: says(
      apiCode(12501),
      /GetCredentialCancellation|TYPE_USER_CANCELED|activity (is|was) cancell?ed|\[16\]|\bCANCELL?ED\b.{0,12}\b16\b|SignInStatus\.Cancell?ed/i,
    ),
    causes: [signingCert, androidId, closed, serverId],
    also: ['org-internal'],
    questions: [didClosePicker, isShaRegistered],
  },
  {
    shows: says(
      /cancell?ed by the user|\b(user|sign-?in|login|activity|authentication|status|task)\b[^.;]{0,20}\bcancel{1,2}ed\b/i,
    ),
    causes: [closed, signingCert, androidId, serverId],
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
      signingCert,
      androidId,
    ],
  },
  {
    shows: all(codeIsNull, sourceIs('ios')),
    causes: [{ ...serverId, isUsual: true }, silent],
    also: ['server-client-id-not-read', 'offline-access-not-requested'],
  },
  {
    shows: codeIsNull,
    causes: [silent, offline, serverId, androidId, signingCert],
    also: ['server-client-id-not-read', 'restored-signin-stale-code', 'code-empty'],
  },
  {
    shows: says(
      /\bid_?token['"]?\b.{0,12}\b(is (always |not )?|returns?|was|=|:)? ?(null|nil|undefined|missing|empty|returned)\b|\b(no|without|not (getting|receiving)|missing) (an? |the )?id_?token\b/i,
    ),
    causes: [serverId, androidId, signingCert],
    also: ['server-client-id-not-read', 'nonce-mismatch', 'scope-not-requested'],
  },
  {
    // What Android’s libraries make of a refusal whose code they keep to themselves.
    shows: all(
      says(
        /SignInException|sign_?in_?fail(ed|ure)|Google ?Sign-?in ?(fail|error)|INTERNAL_ERROR|something went wrong|sign-?in (does not|doesn't|never) (complete|finish)|signs? (me|you|in)\b[^.;]{0,20}\bnot\b/i,
        apiCode(8),
      ),
      not(sourceIs('ios', 'desktop', 'web-popup', 'web-redirect')),
      not(says(/clientConfigurationError|serverClientId/)),
    ),
    causes: [signingCert, androidId, googleIsOff],
    also: [
      'audience-project-mismatch',
      'play-services-missing',
      'server-client-id-missing',
      'no-previous-sign-in',
      'consent-screen-incomplete',
      'drive-api-disabled',
    ],
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
      webIdInApp,
    ],
    also: ['reversed-id-used-as-client-id', 'client-id-malformed', 'client-configured-twice'],
  },
];
