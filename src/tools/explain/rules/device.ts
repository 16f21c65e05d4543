import { minified, usual } from './app.js';
import { all, any, apiCode, mentions, rulesWith, says, sourceIs, told, unless } from './rule.js';

const statusCodes =
  'https://developers.google.com/android/reference/com/google/android/gms/common/api/CommonStatusCodes';
const credentialManager = 'https://developer.android.com/identity/sign-in/credential-manager-siwg';
const iosErrors =
  'https://developers.google.com/identity/sign-in/ios/reference/Enums/GIDSignInErrorCode';

/** The phone itself: its network, keychain, accounts and Play services. */
export const deviceRules = rulesWith({ docs: statusCodes, stages: ['signin-config'] }, [
  {
    cause: 'device-offline',
    why: 'The phone or emulator could not reach Google.',
    fix: 'Check its network, date and VPN (an emulator often needs a cold boot), and offer the sign-in again.',
    proves: says(
      /ApiException: ?7\b|\b(status|code)[=: ]{1,3}7\b|\bNETWORK_ERROR\b|NSURLErrorDomain[^;]{0,20}-10(01|04|05|09)|kCFErrorDomainCFNetwork/i,
    ),
    speaksFor: says(/A network error \(such as timeout|internet connection appears to be offline/i),
    fits: told(/offline|airplane|no (internet|network|connection)|emulator|wi-?fi/i),
  },
  {
    cause: 'ios-keychain-refused',
    why: 'The SDK cannot write to the keychain, usually because the entitlement or the signature is missing.',
    fix: 'Enable Keychain Sharing in the target’s capabilities. On macOS, add com.google.GIDSignIn as a group and sign the build.',
    docs: 'https://developers.google.com/identity/sign-in/ios/start-integrating',
    proves: mentions(
      /keychain[- ]error|accessing the keychain|unable to save [\w ]{1,30}keychain|GIDSignIn[^;]{0,30}\bcode["']?[ =:]{1,3}-2\b|kGIDSignInErrorCodeKeychain/i,
    ),
    speaksFor: mentions(/\b-?34018\b|errSecMissingEntitlement/i),
    fits: told(/simulator|entitlement|mac ?os|xcode/i),
  },
  {
    cause: 'device-policy-not-met',
    why: 'The account’s Workspace organization manages mobile devices, and this device does not meet its rules: usually it has no passcode, or no Device Policy app.',
    fix: [
      'Set a passcode (screen lock) on the device, install Google’s Device Policy app if the dialog asks for it, and sign in again.',
      'Otherwise the administrator has to change the rule (Admin console, Devices, Mobile and endpoints, Settings). Other accounts are not affected.',
    ],
    docs: iosErrors,
    stages: ['signin-config', 'exchange', 'refresh', 'drive'],
    proves: says(
      /\bemm_[a-z_]{4,40}|ErrorCodeEMM\b|GIDSignIn[^;]{0,30}\bcode["']?[ =:]{1,3}-6\b|DeviceManagement(?!API)[A-Z]\w{3,40}|admin(istrator)? requires you to set a passcode|must connect with the Device Policy app/,
    ),
  },
  {
    cause: 'app-sees-no-browser',
    why: 'Since Android 11, an app sees only the browsers that its manifest asks about, so the library finds none.',
    fix: 'Update AppAuth (0.8.0 or later declares it), or add <queries> with an intent for VIEW, BROWSABLE and the scheme https to AndroidManifest.xml. The device also needs an enabled browser, in a work profile as well.',
    docs: 'https://developer.android.com/training/package-visibility/use-cases',
    speaksFor: [
      says(
        /ActivityNotFoundException[^;]{0,200}(appauth|AuthorizationService|browser|custom ?tabs)/i,
      ),
      all(
        says(
          /authorize(_and_exchange_code)?_failed, null|no (installed |suitable |compatible )?browser|No matching (browser )?activity/i,
        ),
        any(told(/Android 1[1-9]\b|SDK 3\d\b/i), sourceIs('android')),
      ),
    ],
  },
  {
    cause: 'macos-network-entitlement-missing',
    why: 'The Mac app is sandboxed and may not open outgoing connections, so the sign-in stays empty or returns nothing.',
    fix: 'Set com.apple.security.network.client to true in the entitlements of every configuration (Flutter: DebugProfile.entitlements and Release.entitlements).',
    docs: 'https://developer.apple.com/documentation/bundleresources/entitlements/com.apple.security.network.client',
    speaksFor: [
      mentions(
        /security\.network\.client|Operation not permitted|outgoing (network )?connections/i,
      ),
      all(
        mentions(/\bmac ?os\b|\bcatalyst\b/i),
        says(
          /\b(blank|empty|white) (pop-?up|screen|page|window)\b|sign-?in\w{0,10}(\(\))? returns? (null|nil)\b|network error|NSPOSIXErrorDomain/i,
        ),
      ),
    ],
    fits: all(told(/\bmac ?os\b|\bcatalyst\b/i), says(/\bGIDSignIn\b/)),
  },
  {
    cause: 'no-account-on-device',
    why: 'Android has no Google account that matches the request: the device has none, or only accounts that never signed in to this app.',
    fix: [
      'For a button, use GetSignInWithGoogleOption; for the bottom sheet, call setFilterByAuthorizedAccounts(false). Both show accounts that never used the app.',
      'If the device has no account, offer to add one (Settings.ACTION_ADD_ACCOUNT).',
    ],
    docs: credentialManager,
    speaksFor: told(
      /\b(no|without|removed|deleted|not signed)[^.;]{0,20}(google )?accounts?|emulator|fresh (device|phone)|setFilterByAuthorizedAccounts\(true\)/i,
    ),
    fits: says(
      /NoCredentialException|No credentials? available|\[28433\]|Cannot find a matching credential|TYPE_NO_CREDENTIAL/i,
    ),
    alike: [usual.signingCert],
  },
  {
    cause: 'no-previous-sign-in',
    why: 'The silent sign-in had nobody to restore: nobody has signed in before, or the person signed out.',
    fix: 'Treat this as a normal response and offer the interactive sign-in.',
    docs: iosErrors,
    proves: says(
      /GIDSignIn[^;]{0,30}\bcode["']?[ =:]{1,3}-4\b|HasNoAuthInKeychain|no (previous|saved) (sign-?in|credential)/i,
    ),
    // An app that nobody registered gets it as well, once an account is chosen.
    speaksFor: says(/ApiException: ?4\b|\bSIGN_IN_REQUIRED\b/i),
    rulesOut: told(
      /\b(choos|chose|pick|select)\w{0,5}\b[^.;]{0,20}account|account\b[^.;]{0,30}\b(chosen|picked|selected|chooser|picker)/i,
    ),
    fits: told(/silent|restore|launch|lightweight/i),
    alike: [usual.signingCert],
  },
  {
    cause: 'sign-in-prompts-exhausted',
    why: 'The person closed Google’s sign-in sheet too often, so Android hides it for about a day.',
    fix: 'Offer a button that opens the full sign-in (GetSignInWithGoogleOption). To continue testing, clear the storage of Google Play services or use another device.',
    docs: credentialManager,
    proves: says(/temporarily blocked due to too many canceled/i),
  },
  {
    cause: 'consent-needed-on-device',
    why: 'Android has an account, but the person has not agreed to these scopes yet, or must sign in to the account again.',
    fix: 'Start the intent in the exception (getIntent(), startActivityForResult), and repeat the call after RESULT_OK.',
    docs: 'https://developers.google.com/android/reference/com/google/android/gms/auth/UserRecoverableAuthException',
    stages: ['signin-config', 'drive', 'exchange'],
    proves: says(
      /UserRecoverableAuth\w{0,12}|NeedPermission|NeedRemoteConsent|\bBadAuthentication\b/i,
    ),
  },
  {
    cause: 'play-services-missing',
    why: 'The device has no Google Play services, or its version is too old.',
    fix: 'Test on a device or emulator image with Google Play, update Play services, or sign in through a browser.',
    proves: says(
      /PLAY_SERVICES_NOT_AVAILABLE|SERVICE_(MISSING|VERSION_UPDATE_REQUIRED|DISABLED|INVALID)(?!_)|(google )?play services (is |are )?(missing|out of date|not (available|installed|supported))|GooglePlayServicesNotAvailable|API: Auth\.[\w.]{1,60} is not available|Google Play Services? is probably being updated/i,
    ),
    fits: all(
      says(apiCode(12500), /non-recoverable sign[ -]?in/i),
      told(/emulator|old(er)? (phone|device)/i),
    ),
    rulesOut: says(/googleapis\.com|has not been used in project/i),
    alike: [usual.shrunk],
    speaksFor: [
      unless(says(/no provider (dependencies )?(found|available)/i), minified),
      told(
        /huawei|without (the |google )?play|no (google )?play (services|store)|play store[^.;]{0,20}(not|missing)|AOSP|genymotion|graphene|amazon fire/i,
      ),
    ],
  },
  {
    cause: 'redirect-scheme-not-claimed',
    why: 'The app does not register the scheme of the redirect URI, so the browser cannot return to the app and stays on Google’s page.',
    fix: 'Register it in the app (Expo: scheme in app.json must include the package name; Android: an intent filter, or appAuthRedirectScheme), and build the app again.',
    docs: 'https://docs.expo.dev/guides/linking/',
    proves: says(/no value for <appAuthRedirectScheme>|build-time setting \W?scheme\b/i),
    speaksFor: mentions(
      /RedirectUriReceiverActivity|Data intent is null|intent[- ]?filter|(back|return|redirect\w{0,5}) to (the|my|our) app[^.;,]{0,30}\b(not|never|fails?|nothing)\b/i,
      /(browser|tab|page|window) (stays|remains|keeps) open|browser (won't|does not|doesn't|is not|never)\b[^.;]{0,8} clos|(not|never) (complete|return|come back|close)[^.;]{0,24}\b(apk|aab|built|standalone|release|production) ?(app|build|file)?/i,
      /(stops|stuck|hangs|ends)[^.;]{0,12} (at|on) [^.;]{0,30}\b(page|screen)\b[^;]{0,60}\b(nothing|app)\b/i,
      /(no|not|never|instead of|without)[^.;,]{0,30}redirect\w{0,5}[^.;]{0,20} (back )?to (the|my|our) app|(stays?|ends?|lands?|remains?|goes|redirects?|redirected|stuck)[^.;]{0,30}\bgoogle\.com\b/i,
    ),
  },
  {
    cause: 'sign-in-already-running',
    why: 'A sign-in was started while another one was still open, and the SDK allows only one at a time.',
    fix: 'Disable the button until the first sign-in ends, and look for a handler or component that runs twice.',
    docs: 'https://developers.google.com/android/reference/com/google/android/gms/auth/api/signin/GoogleSignInStatusCodes',
    proves: says(
      /ApiException: ?12502\b|\b(status|code)[^\d]{0,12}\b12502\b|SIGN_IN_CURRENTLY_IN_PROGRESS|cancelled-popup-request|ASYNC_OP_IN_PROGRESS|concurrent operations detected|(sign-?in|login|operation) (is )?already in progress/i,
    ),
    speaksFor: all(
      says(
        /\b(never|not|sometimes|n't)\b[^.;]{0,30}(call(s|ed|ing|back)?|return\w{0,3}|completion|completes?)\b/i,
      ),
      told(/restorePreviousSignIn|double[- ](tap|click)|twice|at (once|the same time)/i),
    ),
  },
]);
