import { printedNothing } from './code.js';
import {
  all,
  any,
  clientIs,
  codeIs,
  errorIs,
  fact,
  mentions,
  rulesWith,
  says,
  sourceIs,
  told,
  type Usual,
  unless,
} from './rule.js';

const iosStart = 'https://developers.google.com/identity/sign-in/ios/start-integrating';
const iosOffline = 'https://developers.google.com/identity/sign-in/ios/offline-access';
const androidOffline = 'https://developers.google.com/identity/sign-in/android/offline-access';

/** What tells the causes of the phone’s configuration from each other. */
export const usual = {
  signingCert: {
    cause: 'android-signing-cert-mismatch',
    check: 'Compare `./gradlew signingReport` with the console; --project <dir> does this.',
  },
  androidId: {
    cause: 'android-client-id-as-web-client-id',
    check: 'The ID in requestIdToken or serverClientId is the Android client’s: --project <dir>.',
  },
  otherProject: {
    cause: 'audience-project-mismatch',
    check: 'The client IDs begin with different numbers.',
  },
  serverId: {
    cause: 'server-client-id-missing',
    check: 'No web client ID (GIDServerClientID, serverClientId) is set: --project <dir>.',
  },
  notRead: {
    cause: 'server-client-id-not-read',
    check: 'The web client’s ID stands in a file, and it works if the code passes it.',
  },
  offline: {
    cause: 'offline-access-not-requested',
    check: 'The options have no offlineAccess: true or requestServerAuthCode: --project <dir>.',
  },
  shrunk: {
    cause: 'shrinker-removed-sign-in',
    check: 'Only the minified build fails: it works with minifyEnabled false.',
  },
  silent: {
    cause: 'silent-signin-no-code',
    check: 'The code comes once and is missing after a restart: sign out, then sign in.',
  },
  webIdInApp: {
    cause: 'web-client-with-custom-scheme',
    check: 'The app’s own client ID is that of the web client: --project <dir>.',
  },
} satisfies Record<string, Usual>;

/** The person says that the app names its server's client. */
const serverIdSet =
  /\bserver_?client_?id\b[^.;,]{0,14}\b(is|are|was) (set|given|present|there|configured|correct|right)\b|\b(with|have|set|pass(ed|ing)?|gave) (the )?server_?client_?id\b/i;

/** No serverAuthCode came out of a sign-in. */
export const codeIsNull = any(
  mentions(
    /(server)?auth ?code\b.{0,50}(null|nil|undefined|none|empty|missing|never|not (returned|there|present|set|given))|(null|nil|undefined|no|empty|missing) ?.{0,25}(server)? ?auth ?code/i,
  ),
  codeIs(printedNothing, 'the pasted code is an empty value printed as text'),
  codeIs(/code["']\s{0,4}:\s{0,4}(null|"")/i, 'the code in what was pasted is null'),
);

/** It works until Google Play has signed the app anew. */
const fromPlay =
  /\b(from|in|on|to|through|via|after|uploaded|deployed)\b[^.;]{0,30}\b(google play|play ?store|the store|app store build|store build)\b(?! services)|re-?sign(s|ed|ing)\b|\b(install(ed)?|build)\b[^.;]{0,30} locally[^.;]{0,20}\b(works?|fine)\b|locally[^.;]{0,20}works?[^.;]{0,60}\b(released?|published)\b|Browser ?Stack|Firebase App Distribution|internal test(s|ing)?\b|\b(debug|emulator|local release)( mode)?\b[^.;]{0,20}\b(works?|fine)\b|\bI sign myself\b|(only|all at once|stopped)[^.;]{0,20} in production/i;
/** The build is signed with another key than one that works, or with one that nobody registered. */
const otherKey = [
  /\b(not|fails?|only)\b[^.;]{0,30}\b(release|production|standalone|signed)\b/i,
  /\b(works?|succeeds)\b[^.;,]{0,40}\b(debug|emulator|development|release build)\b/i,
  /\b(signed (apk|build)|unsigned|not signed|EAS|(release|production|own) build|flavou?r)\b|\b(sample|demo|example|open[- ]source)\b[^;]{0,50}\b(built|build|downloaded|from github)\b|\bbuil[dt]\b[^.;]{0,20}\b(on|with) (my|another|a new)\b/i,
];
/** They name the certificate, and do not say that it is registered. */
const otherCertificate =
  /\b(another|other|different|wrong|new|old|changed|no|missing|not|never|without|rebuilt)\b[^.;]{0,40}\b(SHA-?1|SHA-?256|keystore|(?<!find a )signing (key|certificate)|fingerprint|package name)|\b(SHA-?1|SHA-?256|keystore|signing key|fingerprint|package name)\b[^.;]{0,40}\b(another|differ\w{0,4}|wrong|missing|not|changed|rebuilt)\b/i;

/** The build went through R8, which removes what is loaded only by name. */
export const minified = mentions(/\bpro ?guard\b|\bR8\b|minif(y|ied)|obfuscat|\bshrink/i);

/** Flutter’s option for the app’s own client, which is not for Android. */
const clientIdOption = /\bGoogleSignIn\([^)]{0,60}\bclientId\b/i;

/** The phone’s configuration: client IDs, URL schemes, offline access, and sign-ins that give no code. */
export const appRules = rulesWith({ docs: iosOffline, stages: ['signin-config'] }, [
  {
    cause: 'android-client-id-as-web-client-id',
    why: 'The app uses the Android client’s ID instead of the ID of the "Web application" client, so Google issues neither a code nor an ID token for a server.',
    fix: 'Pass the ID of the "Web application" client to requestServerAuthCode, requestIdToken or serverClientId (Flutter: not as clientId; Unity and React Native: webClientId).',
    docs: androidOffline,
    speaksFor: [
      all(sourceIs('android'), clientIs('android'), codeIsNull),
      says(/clientId is not supported on Android and is interpreted as serverClientId/i),
      told(
        /android (oauth )?client[ _]?id.{0,60}(as|in|for|where|instead|given|used|passed)|(used|passed|gave|put|with).{0,40}(the )?android client|(web ?client ?id|requestIdToken|requestServerAuthCode|serverClientId).{0,50}android/i,
        /client ?id[^.;]{0,60}\b(is|was|of|for|from) (the |my |our |an? )?android\b|android_?(oauth_?)?client|\bID of the (debug|release|android)\b|(web client|that of the web)[^.;]{0,20} it works|(credential|client|id)[^.;]{0,30}(carries|with|has)[^.;]{0,20}(package name|fingerprint)/i,
        /android (oauth )?client\b[^;]{0,120}\b(that|this|its) (client )?id\b|client ?id\b[^.;]{0,40}\b(from|in) [^.;]{0,30}google-services/i,
        clientIdOption,
      ),
    ],
    rulesOut: [
      mentions(/id ?token (comes|is (filled|there|fine|ok)|works)/i),
      told(/\btried (all|every|each|both|the web)\b[^;]{0,80}client ?id/i),
    ],
    alike: [usual.signingCert, usual.otherProject],
  },
  {
    cause: 'android-signing-cert-mismatch',
    proves: says(
      /UNREGISTERED_ON_API_CONSOLE|not registered to use OAuth ?2|auth\/invalid-cert-hash|INVALID_CERT_HASH/i,
    ),
    why: 'The SHA-1 or package name that the Android client is registered with does not match this build.',
    fix: 'Register the package name and the SHA-1 of the certificate that signs this build (gradlew signingReport; EAS: eas credentials; from Play: the app signing key in the Play Console).',
    docs: 'https://developers.google.com/android/guides/client-auth',
    speaksFor: [
      says(
        /SHA-?1|SHA-?256|keystore|signing (key|cert|config|report)|fingerprint|package name|applicationId/i,
      ),
      // In a browser, nobody looks at the certificate.
      unless(
        all(sourceIs('android'), told(fromPlay, ...otherKey)),
        says(/\b(browser|page|redirect\w{0,5}|window)\b/i),
        // An option that Android takes for the server’s client is the nearer cause.
        told(clientIdOption),
        minified,
      ),
      told(otherCertificate),
    ],
    fits: told(fromPlay, /SHA-?1|SHA-?256|keystore|fingerprint|signingReport|package name/i),
    rulesOut: unless(
      told(
        /(SHA-?1|fingerprint|package)[^.;]{0,60}(right|correct|match(es)?|same|compared|ok\b|verified|checked)|(compared|checked|verified|correct|right)[^.;]{0,30}(SHA-?1|fingerprint)/i,
      ),
      // Play signs with a key of its own.
      told(/play store|\bplay\b[^.;]{0,20}(sign|track|console)|internal test/i),
    ),
    alike: [usual.androidId, usual.shrunk],
  },
  {
    cause: 'shrinker-removed-sign-in',
    why: 'R8 (ProGuard) removed classes that Android’s sign-in loads by name, so only the minified build fails.',
    fix: 'Add keep rules to proguard-rules.pro: -keep class androidx.credentials.playservices.** { *; } and -keep class com.google.android.libraries.identity.googleid.** { *; }. For the old SDK, keep com.google.android.gms.auth.**.',
    docs: 'https://developer.android.com/identity/sign-in/credential-manager',
    speaksFor: [
      minified,
      says(
        /(ClassNotFoundException|NoClassDefFoundError|NoSuch(Field|Method)Error)[^;]{0,80}(gms[./]auth|libraries[./]identity|androidx[./]credentials)/,
      ),
    ],
    fits: all(
      any(says(/no provider (dependencies )?found|CredManProvService/i), told(...otherKey)),
      minified,
    ),
    rulesOut: sourceIs('ios', 'desktop', 'web-popup', 'web-redirect'),
    alike: [usual.signingCert],
  },
  {
    cause: 'audience-not-a-valid-client',
    why: 'The app’s server client ID is not the ID of a usable "Web application" client.',
    fix: 'Set the server client ID (GIDServerClientID, serverClientId) to the ID of an existing "Web application" client.',
    stages: ['signin-config', 'exchange', 'refresh'],
    proves: says(/Audience is not a valid client/i),
    speaksFor: errorIs('invalid_audience'),
    rulesOut: says(/need to be in the same project/i),
    alike: [usual.androidId],
  },
  {
    cause: 'audience-project-mismatch',
    why: 'The app’s client and its server client belong to different Cloud projects.',
    fix: 'Create both clients in one project: the number before the dash must be the same in both IDs.',
    stages: ['signin-config', 'exchange', 'refresh'],
    proves: says(
      /need to be in the same project|audience is not for this project|not authorized to be used in the project/i,
    ),
    speaksFor: [
      errorIs('invalid_audience'),
      told(
        /(two|different|another|other|separate|not the same).{0,20}(cloud |firebase |google )?projects?|project numbers?.{0,30}differ|\bproject (A|1|one)\b|\b(from|of|in) (the |our |an? )?(old(er)?|previous|other|new(er)?|second|separate)\b[^.;]{0,14} projects?\b/i,
      ),
      fact(({ observed, notes, clientId = '', authorization }) => {
        const text = `${observed} ${notes} ${clientId} ${authorization?.clientId ?? ''}`;
        const numbers = [...text.matchAll(/\b(\d{9,20})-\w{1,40}\.apps\.google/g)].map(
          ([, number]) => number,
        );
        return new Set(numbers).size > 1 && 'the client IDs begin with different project numbers';
      }),
    ],
    rulesOut: says(/Audience is not a valid client/i),
    alike: [usual.signingCert, usual.androidId],
  },
  {
    cause: 'info-plist-malformed',
    why: 'The SDK finds no client ID: Info.plist does not have the structure that it reads, or GoogleService-Info.plist is not part of the app.',
    fix: [
      'Make GIDClientID a string at the top level of the Info.plist that is built into the app, and check it with `gsac check`.',
      'If the ID is in GoogleService-Info.plist, add that file in Xcode (drag it there, and tick the app’s target). Copying it into the folder is not enough.',
    ],
    docs: iosStart,
    stages: ['signin-config', 'client-file'],
    speaksFor: [
      says(
        /No active configuration|GIDClientID is (set|missing)|You must specify \|?clientID|failed to determine client ?ID|plist.{0,60}(parse|read|malformed|corrupt|invalid|unexpected|could(n't| not))|(malformed|corrupt|invalid|could not (read|parse)).{0,40}plist|NSPropertyList|NSNull stringByAddingPercentEncoding|Failed to get (the )?GoogleService|CFPropertyList/i,
      ),
      told(
        /CFBundleURLTypes[^.;]{0,20}\b(twice|duplicated?|pasted)|\b(two|2|duplicate) CFBundleURLTypes/i,
        /plist.{0,100}(nested|inside|wrong (place|level|type|format|target)|array|dict(ionary)?|string|typo|tag|xml|indent|malformed|invalid|edited|copied|duplicate|merge|encoding|closing|not in the form)|(malformed|invalid|broken|nested|typo|duplicate).{0,40}plist/i,
      ),
    ],
    fits: says(/GIDClientID|clientID/i),
    rulesOut: told(/GoogleService-Info\.plist has no (?!CLIENT_ID)|no (GID)?Server_?Client_?ID/i),
  },
  {
    cause: 'offline-access-not-requested',
    why: 'The app did not ask for offline access, so it gets no serverAuthCode.',
    fix: 'Ask for it: offlineAccess: true (React Native), requestServerAuthCode(webClientId) (Android), serverClientID (iOS).',
    docs: androidOffline,
    stages: ['signin-config', 'exchange', 'code-input'],
    speaksFor: [
      told(
        /without (the )?offline ?access|offline ?access.{0,30}(false|not|missing|absent|left out|unset|never|omitted)|\b(no|missing|forgot|lacks?|not set|omits?|never (calls|sets|asks for)).{0,30}(offline ?access|requestServerAuthCode|requestOfflineAccess|forceCodeForRefreshToken|grantOfflineAccess|offline mode)|only (calls |uses )?requestIdToken|(did not|does not|never|doesn't|didn't) (ask|request).{0,20}offline/i,
      ),
      all(
        codeIsNull,
        fact(
          ({ notes }) =>
            /(web|server)_?client_?id/i.test(notes) &&
            !/offline|no (server|web)|missing|without/i.test(notes) &&
            'the options do not include offline access',
        ),
      ),
    ],
    rulesOut: mentions(/offline_?(access)?["']?\s{0,4}[:=]\s{0,4}true/i),
    alike: [usual.serverId, usual.silent],
  },
  {
    cause: 'privacy-manifest-missing',
    why: 'The app contains an SDK version without the privacy manifest that the App Store requires.',
    fix: 'Update GoogleSignIn to 7.1.0 or later, GTMSessionFetcher to 3.3.0 and GTMAppAuth to 4.1.1. `gsac check` names those that are too old.',
    docs: 'https://developer.apple.com/support/third-party-SDK-requirements/',
    proves: mentions(/ITMS-91061|missing (a |the )?privacy manifest/i),
    speaksFor: told(/privacy manifest|PrivacyInfo\.xcprivacy/i),
  },
  {
    cause: 'reversed-client-id-scheme-missing',
    why: 'The reversed iOS client ID is not among the app’s URL schemes, so the browser cannot return to it.',
    fix: 'Add com.googleusercontent.apps.<number>-<hash> to CFBundleURLTypes, CFBundleURLSchemes in Info.plist.',
    docs: iosStart,
    proves: says(
      /missing support for the following URL schemes: ?'?com\.googleusercontent\.apps|register custom URL scheme \W?com\.googleusercontent|Missing \W?iosUrlScheme\b/i,
    ),
    speaksFor: [
      says(
        /missing support for the following URL schemes: ?'?(com\.googleusercontent|some|my|x{3}|redact|[*<[]|$)/i,
        /URL scheme need(ed)? for Google/i,
      ),
      told(
        /\b(no|missing|without|forgot|lacks?|not (added|in|set)).{0,40}(url ?scheme|reversed|CFBundleURL)|(url ?scheme|reversed client|CFBundleURL).{0,60}(missing|not (added|there|set|present)|absent|empty)/i,
      ),
    ],
    rulesOut: [
      told(/scheme is present|schemes? (are|is) (set|there|correct)/i),
      says(/following URL schemes: ?'?\d{1,20}-\w{1,40}\.apps/i),
    ],
    alike: [
      usual.webIdInApp,
      { cause: 'client-id-malformed', check: 'The ID in the message is misspelled.' },
    ],
  },
  {
    cause: 'reversed-id-used-as-client-id',
    why: 'The app sets the reversed client ID instead of the normal one, and the SDK reverses it again.',
    fix: 'Set GIDClientID to <number>-<hash>.apps.googleusercontent.com. Only the URL scheme is reversed.',
    docs: iosStart,
    proves: [
      says(
        /missing support for the following URL schemes: ?'?\d{1,20}-\w{1,40}\.apps\.googleusercontent/i,
      ),
      mentions(
        /client_?id["'=:\s]{1,4}(>\s{0,4}<string>)?com\.googleusercontent\.apps/i,
        /client_?ID["':=( ]{1,4}["']?(MY_|YOUR_)?REVERSED?_/i,
      ),
    ],
    speaksFor: told(
      /reversed.{0,60}(as|in|for|where|instead).{0,30}(GIDClientID|client ?id|iosClientId)|(GIDClientID|client ?id|iosClientId).{0,50}(reversed|com\.googleusercontent)/i,
    ),
    fits: says(/invalid scheme/i),
  },
  {
    cause: 'server-client-id-missing',
    why: 'The app does not set a server (web) client ID, so it gets no server auth code.',
    fix: 'Set GIDServerClientID in Info.plist, or serverClientID in the configuration, to the ID of the "Web application" client.',
    stages: ['signin-config', 'exchange', 'code-input'],
    speaksFor: [
      told(
        /\b(no|without|missing|lacks?|not set|empty|forgot|unset|null)[^.;]{0,30}(GID)?(server|web)[_ ]?client[_ ]?id|(has|have|contains?) no (GID)?server_?client_?id|(GID)?(server|web)[_ ]?client[_ ]?id.{0,40}(missing|not (set|given|configured|there|present|passed|provided|specified|supplied)|absent|empty|null|left out)/i,
      ),
      says(
        /serverClientId must be provided|offline use requires server web ?Client ?ID|(requires?|needs?) (a |the )?(server|web) ?(web)? ?client ?id|server_?client_?id.{0,30}(required|missing|null)|clientConfigurationError/i,
      ),
      all(
        codeIsNull,
        fact(
          ({ notes }) =>
            /GoogleSignIn\(|configure\(|initialize\(/i.test(notes) &&
            !/client_?id/i.test(notes) &&
            'the options include no client ID',
        ),
      ),
      all(
        says(
          /\b(no|not getting|missing|without|null|undefined|empty)\b[^.;]{0,24}\bid_?token|\bid_?token\b[^.;]{0,24}\b(null|undefined|missing|nil|empty|not (there|returned|present))/i,
        ),
        told(/react-native|GoogleSignin|google_sign_in|credential manager|capacitor|cordova/i),
      ),
      // Only an iOS app calls it nil, and there it is this setting in the first place.
      all(codeIsNull, any(says(/\bnil\b/i), codeIs(/\bnil\b/i, 'it is nil'))),
    ],
    rulesOut: [
      told(serverIdSet),
      mentions(/\bsubsequent|second (sign|time|attempt)|first (sign-?in|login|time)/i),
      says(/signInSilently|restorePreviousSignIn|attemptLightweight/i),
    ],
    alike: [usual.notRead, usual.androidId, usual.offline],
  },
  {
    cause: 'server-client-id-not-read',
    why: 'A server client ID is configured, but in a place that this plugin does not read.',
    fix: 'Set it where the plugin reads it (for Flutter, GoogleSignIn.initialize(serverClientId: …)), not only in Info.plist or google-services.json.',
    docs: 'https://pub.dev/packages/google_sign_in',
    speaksFor: [
      told(
        /(Info\.plist|strings\.xml|app\.json|google-services\.json|GoogleService-Info\.plist|config|environment|\.env|index\.html|meta tag) (has|have|contains?|holds?|sets?|includes?|names?|already has)[^.;]{0,60}(GID)?(server|web)[_ ]?client([_ ]?id)?\b|(GID)?(server|web)[_ ]?client[_ ]?id.{0,40}(is |was )?(set|configured|present|given|put|defined)[^.;]{0,30}(in|inside|only in|into)[^.;]{0,60}(plist|xml|json|config|gradle|env|meta)|(ignor|not read|never read|doesn't read|does not read).{0,60}client[_ ]?id/i,
        /client ?id (is )?in [\w.-]{1,60}\.(json|xml|plist|gradle)|works after adding|(web|server)_?client_?id[^.;]{0,12} set\b/i,
        /(web|server)_?client_?id (is )?(given|passed|handed|set) (to|in)\b/i,
      ),
    ],
    fits: all(
      any(codeIsNull, says(/id[_ -]?token|client_?id|clientConfigurationError/i)),
      told(/google_sign_in|plugin|flutter|capacitor|expo|react native|cordova/i),
    ),
    rulesOut: told(/has no (GID)?server_?client_?id|without (GID)?serverClientId/i),
    alike: [usual.serverId],
  },
  {
    cause: 'silent-signin-no-code',
    why: 'By design, a repeated or silent sign-in gives no server auth code: the server should already have a refresh token.',
    fix: 'Exchange the code of the first, interactive sign-in and keep the refresh token. To get a new code, sign out first.',
    stages: ['signin-config', 'exchange', 'code-input'],
    speaksFor: [
      says(/signInSilently|silentSignIn|restorePreviousSignIn|attemptLightweight|authorizeServer/i),
      told(
        /authorizeServer|silent(ly)?|second (sign-?in|signIn|login|time|launch)|(again|re-?)sign(ing)?[ -]?in|restor(e|ed|ing) (the |a )?(previous|sign|session|user)|restorePrevious|(logged|signed) in[^.;]{0,30} before\b|app (refresh|restart|relaunch|reload)|already signed in|(auto(matic)?|one[- ]tap) sign|after (a |an |the )?(app )?(re(start|load|fresh|launch))|first (sign-?in|login|time) (only|works|gives)|only (on|at) (the )?first/i,
      ),
      all(
        codeIsNull,
        says(
          /\b(second|subsequent|repeated|next|later|every further) (sign[- ]?in|log[- ]?in|attempt|time)|(sign(ing)?|log(ging)?)[ -]?in again|after (a )?(re-?(start|load|launch))|already signed in/i,
        ),
      ),
    ],
    fits: [
      all(
        codeIsNull,
        mentions(
          /silent|restorePrev|restored sign|second|again|re-?open|re-?start|re-?launch|refresh|getLastSignedIn|only (on|at) (the )?first/i,
        ),
      ),
      all(codeIsNull, says(/first (sign[- ]?in|login|time)/i)),
    ],
    alike: [usual.offline, usual.serverId],
  },
]);
