import { missingScopes } from '../scopes.js';
import { all, clientIs, errorIs, fact, mentions, type Rule, says, sourceIs, told } from './rule.js';

const iosStart = 'https://developers.google.com/identity/sign-in/ios/start-integrating';
const iosOffline = 'https://developers.google.com/identity/sign-in/ios/offline-access';
const androidOffline = 'https://developers.google.com/identity/sign-in/android/offline-access';
const errors =
  'https://developers.google.com/identity/protocols/oauth2/web-server#authorization-errors';
const consent = 'https://support.google.com/cloud/answer/15549945';

/** No serverAuthCode came out of a sign-in. */
const codeIsNull = mentions(
  34,
  /(server)?auth ?code\b.{0,50}(null|nil|undefined|none|empty|missing|never|not (returned|there|present|set|given))|(null|nil|undefined|no|empty|missing) ?.{0,25}(server)? ?auth ?code/i,
);

/** The phone's, the page's and the consent screen's configuration. */
export const signInRules: readonly Rule[] = [
  {
    cause: 'admin-policy',
    why: 'The Workspace administrator’s app access policy blocks this app or one of its scopes.',
    fix: [
      'The administrator can trust the app: Admin console, Security, API controls, Manage third-party app access.',
    ],
    docs: 'https://support.google.com/a/answer/7281227',
    stages: ['signin-config', 'exchange', 'refresh'],
    signals: [
      errorIs(97, 'admin_policy_enforced'),
      mentions(
        80,
        /admin_policy|restricted by policies|(access )?blocked.{0,30}(admin|organization|institution)|(admin|organization|institution).{0,50}(blocked|restrict|not (allow|approv|trust)|needs to (review|approve))|access_not_configured|app access control/i,
      ),
      told(20, /workspace|g ?suite|company|school|domain|organi[sz]ation/i),
    ],
  },
  {
    cause: 'android-client-id-as-web-client-id',
    why: 'The Android client’s ID stands where the ID of the "Web application" client belongs; Google then makes neither code nor ID token for a server.',
    fix: [
      'Give requestServerAuthCode, requestIdToken or serverClientId the ID of the client of type "Web application".',
    ],
    docs: androidOffline,
    stages: ['signin-config'],
    signals: [
      all(26, sourceIs(1, 'android'), clientIs(1, 'android')),
      codeIsNull,
      says(24, /id[ _-]?token.{0,30}(null|nil|empty)|(null|empty).{0,40}id[ _-]?token/i),
      mentions(
        28,
        /DEVELOPER_ERROR|ApiException: ?10\b|\b(status|code)[^\d]{0,12}\b10\b|12500|\[28444\]|Developer console is not set up/i,
      ),
      told(
        66,
        /android (oauth )?client[ _]?id.{0,60}(as|in|for|where|instead|given|used|passed)|(used|passed|gave|put|with).{0,40}(the )?android client|(web ?client ?id|requestIdToken|requestServerAuthCode|serverClientId).{0,50}android/i,
      ),
      told(
        -40,
        /^(?!.*(right|correct|match|compared|verified|checked|works)).*(SHA-?1|keystore|fingerprint|signingReport)/i,
      ),
      told(
        34,
        /(SHA-?1|fingerprint|package)[^.;]{0,60}(right|correct|match|same|compared|ok\b|verified|checked)/i,
      ),
      told(
        40,
        /android_?(oauth_?)?client|(credential|client|id)[^.;]{0,30}(carries|with|has)[^.;]{0,20}(package name|fingerprint)/i,
      ),
      mentions(-40, /id ?token (comes|is (filled|there|fine|ok)|works)/i),
    ],
  },
  {
    cause: 'android-signing-cert-mismatch',
    why: 'The SHA-1 or the package name that the Android client was registered with is not that of the build.',
    fix: [
      'Register the SHA-1 of the certificate that signs this build (gradlew signingReport; for Play, the app signing key) and its package name.',
    ],
    docs: 'https://developers.google.com/android/guides/client-auth',
    stages: ['signin-config'],
    signals: [
      mentions(
        44,
        /DEVELOPER_ERROR|ApiException: ?10\b|\b(status|code)[^\d]{0,12}\b10\b|12500|\[28444\]|Developer console is not set up/i,
      ),
      mentions(
        52,
        /SHA-?1|SHA-?256|keystore|signing (key|cert|config|report)|signingReport|fingerprint|package name|applicationId|Play (app )?signing|release build|debug (build|key)/i,
      ),
      sourceIs(8, 'android'),
      told(
        -60,
        /(SHA-?1|fingerprint|package)[^.;]{0,60}(right|correct|match(es)?|same|compared|ok\b|verified|checked)/i,
      ),
    ],
  },
  {
    cause: 'audience-not-a-valid-client',
    why: 'The server client ID that the app names is no usable "Web application" client.',
    fix: [
      'Set the server client ID (GIDServerClientID, serverClientId) to the ID of a "Web application" client that exists.',
    ],
    docs: iosOffline,
    stages: ['signin-config', 'exchange'],
    signals: [
      says(97, /Audience is not a valid client/i),
      errorIs(42, 'invalid_audience'),
      told(
        35,
        /(server|web) client ?id.{0,60}(wrong|typo|deleted|does not exist|not (a )?valid|ios|android|empty)/i,
      ),
      says(-70, /need to be in the same project/i),
      told(50, /server_?client_?id["'(:=\s]{1,4}["']?(?!\d+-)[A-Za-z][\w-]{2,}["')]/i),
    ],
  },
  {
    cause: 'audience-project-mismatch',
    why: 'The app’s client and its server client are of different Cloud projects.',
    fix: [
      'Make both clients in one project: the number before the dash in both IDs must be the same.',
    ],
    docs: iosOffline,
    stages: ['signin-config', 'exchange'],
    signals: [
      says(97, /need to be in the same project|same project/i),
      errorIs(40, 'invalid_audience'),
      told(
        50,
        /(two|different|another|other|separate|not the same).{0,20}(cloud |firebase |google )?projects?|project numbers?.{0,30}differ/i,
      ),
      says(-70, /Audience is not a valid client/i),
      fact(56, ({ observed, notes }) => {
        const numbers = [...`${observed} ${notes}`.matchAll(/\b(\d{9,})-\w+\.apps\.google/g)].map(
          ([, number]) => number,
        );
        return new Set(numbers).size > 1 && 'the client IDs begin with different project numbers';
      }),
    ],
  },
  {
    cause: 'embedded-webview-blocked',
    why: 'Google refuses sign-in inside an embedded web view.',
    fix: [
      'Open the sign-in in the system’s browser (ASWebAuthenticationSession, Custom Tabs) or use Google’s SDK.',
    ],
    docs: 'https://developers.google.com/identity/protocols/oauth2/policies#browsers',
    stages: ['signin-config'],
    signals: [
      errorIs(97, 'disallowed_useragent'),
      mentions(
        86,
        /disallowed_useragent|sign you in safely inside this app|browser or app may not be secure/i,
      ),
      told(
        55,
        /web ?view|WKWebView|UIWebView|in-app browser|embedded browser|electron|captive portal|(instagram|facebook) browser/i,
      ),
    ],
  },
  {
    cause: 'info-plist-malformed',
    why: 'Info.plist is not in the form that the SDK reads, so it finds no client ID.',
    fix: [
      'GIDClientID is a string at the top level of the Info.plist that is built in; check it with `gsac check`.',
    ],
    docs: iosStart,
    stages: ['signin-config', 'client-file'],
    signals: [
      says(
        58,
        /No active configuration|GIDClientID is (set|missing)|You must specify \|?clientID|plist.{0,60}(parse|read|malformed|corrupt|invalid|unexpected|could(n't| not))|(malformed|corrupt|invalid|could not (read|parse)).{0,40}plist|NSPropertyList|Failed to get (the )?GoogleService|CFPropertyList/i,
      ),
      told(
        46,
        /plist.{0,100}(nested|inside|wrong (place|level|type|format|target)|array|dict(ionary)?|string|typo|tag|xml|indent|malformed|invalid|edited|copied|duplicate|merge|encoding|closing|not in the form)|(malformed|invalid|broken|nested|typo|duplicate).{0,40}plist/i,
      ),
      says(14, /GIDClientID|clientID/i),
      sourceIs(6, 'ios'),
      told(-30, /GoogleService-Info\.plist has no|no (GID)?Server_?Client_?ID/i),
    ],
  },
  {
    cause: 'invalid-scope',
    why: 'A requested scope is misspelled, unknown, or not one that this client may ask for.',
    fix: ['Write scopes exactly as Google lists them, in lower case, separated by blanks.'],
    docs: 'https://developers.google.com/identity/protocols/oauth2/scopes',
    stages: ['signin-config', 'exchange', 'refresh'],
    signals: [
      errorIs(96, 'invalid_scope'),
      mentions(88, /requested scopes? (were|was|is) invalid|invalid_scope|\{invalid=\[/i),
      fact(40, ({ requested }) => {
        const odd = requested.find((scope) => /GoogleAPIs|^http:|[A-Z]|,|\s/.test(scope));
        return odd !== undefined && `the scope ${odd} is not written as Google does`;
      }),
      told(30, /scope.{0,40}(typo|misspel|wrong|comma|upper ?case|unknown|invalid)/i),
    ],
  },
  {
    cause: 'offline-access-not-requested',
    why: 'The app did not ask for offline access, so no serverAuthCode is made.',
    fix: [
      'Ask for it: offlineAccess: true (React Native), requestServerAuthCode(webClientId) (Android), serverClientID (iOS).',
    ],
    docs: androidOffline,
    stages: ['signin-config', 'exchange'],
    signals: [
      codeIsNull,
      told(
        70,
        /without (the )?offline ?access|offline ?access.{0,30}(false|not|missing|absent|left out|unset|never|omitted)|(no|missing|forgot|lacks?|not set|omits?|never (calls|sets|asks for)).{0,30}(offline ?access|requestServerAuthCode|requestOfflineAccess|forceCodeForRefreshToken|grantOfflineAccess|offline mode)|only (calls |uses )?requestIdToken|(did not|does not|never|doesn't|didn't) (ask|request)\w*.{0,20}offline/i,
      ),
      sourceIs(6, 'android'),
      all(
        44,
        codeIsNull,
        fact(
          1,
          ({ notes }) =>
            /(web|server)_?client_?id/i.test(notes) &&
            !/offline|no (server|web)|missing|without/i.test(notes) &&
            'offline access is not among the options',
        ),
      ),
    ],
  },
  {
    cause: 'oob-flow-blocked',
    why: 'The redirect URI is the out-of-band one, which Google no longer accepts.',
    fix: [
      'Use a loopback redirect (http://127.0.0.1:<port>) for desktop apps, or an https address.',
    ],
    docs: 'https://developers.google.com/identity/protocols/oauth2/resources/oob-migration',
    stages: ['signin-config'],
    signals: [
      mentions(90, /out[- ]of[- ]band|\bOOB\b.{0,30}(flow|blocked|deprecat)/i),
      fact(
        55,
        ({ redirectUri }) =>
          redirectUri !== undefined &&
          /oauth:2\.0:oob/.test(redirectUri) &&
          'the redirect URI is the out-of-band one',
      ),
      mentions(45, /urn:ietf:wg:oauth:2\.0:oob/i),
      told(
        44,
        /code (in|from|shown in) the (browser|window|page)[^.;]{0,20}(title|page|window)?|(copy|type|paste) (the |that |a )?code[^.;]{0,30}(terminal|console|prompt|program)|(autumn|fall|october|early|february|january) (of )?202[23]/i,
      ),
      errorIs(8, 'invalid_request'),
      mentions(62, /oauth%3A2\.0%3Aoob/i),
    ],
  },
  {
    cause: 'org-internal',
    why: 'The app is Internal to an organisation, and the account is outside of it.',
    fix: [
      'Sign in with an account of the organisation, or make the app External (Cloud console, Audience).',
    ],
    docs: consent,
    stages: ['signin-config'],
    signals: [
      errorIs(99, 'org_internal'),
      mentions(90, /restricted to users within its organi[sz]ation|org_internal/i),
      told(
        45,
        /(user type|app|consent screen).{0,30}internal|internal (app|user type)|outside (the|of the|our) organi[sz]ation/i,
      ),
    ],
  },
  {
    cause: 'origin-not-registered',
    why: 'The page’s origin is not among the client’s authorized JavaScript origins.',
    fix: [
      'Add the exact origin (scheme, host, port; no path) to the client in the Cloud console and wait a few minutes.',
    ],
    docs: 'https://developers.google.com/identity/gsi/web/guides/get-google-api-clientid',
    stages: ['signin-config'],
    signals: [
      errorIs(96, 'origin_mismatch'),
      mentions(
        92,
        /Not a valid origin|origin_mismatch|idpiframe_initialization_failed|given origin is not allowed|no registered origin|has not been whitelisted|origin.{0,30}not.{0,20}(registered|allowed|authori[sz]ed)/i,
      ),
      says(-70, /googleusercontent\.com\.apps\.googleusercontent/i),
      says(92, /did not match a registered JavaScript origin/i),
      says(-70, /for client ID:? ['"]?(?!\d)[A-Za-z_$.{}]+['"]?(?=[.\s])/),
    ],
  },
  {
    cause: 'redirect-uri-not-registered',
    why: 'The redirect URI of the authorization request is not exactly one that the client has registered.',
    fix: [
      'Register it letter for letter: scheme, host, port, path and trailing slash; behind a proxy, have the app write https.',
    ],
    docs: errors,
    stages: ['signin-config'],
    signals: [
      says(
        90,
        /did not match a registered redirect|redirect URI.{0,40}(in the request).{0,80}(match|not)|redirect_?uri.{0,40}not (been )?(registered|authori[sz]ed|allowed)|Error 400: ?redirect_uri_mismatch|doesn't comply with Google|not authori[sz]ed for the OAuth client/i,
      ),
      all(
        62,
        errorIs(1, 'redirect_uri_mismatch'),
        fact(1, ({ stage }) => stage === 'signin-config' && 'it failed on the sign-in page'),
      ),
      told(
        26,
        /not registered|(trailing )?slash|http(s)? (instead|where|but|vs)|behind (nginx|a proxy)|port|www\./i,
      ),
    ],
  },
  {
    cause: 'reversed-client-id-scheme-missing',
    why: 'The reversed iOS client ID is not among the app’s URL schemes, so the browser cannot return to it.',
    fix: [
      'Add com.googleusercontent.apps.<number>-<hash> to CFBundleURLTypes, CFBundleURLSchemes in Info.plist.',
    ],
    docs: iosStart,
    stages: ['signin-config'],
    signals: [
      says(88, /missing support for the following URL schemes: ?'?com\.googleusercontent\.apps/i),
      says(54, /missing support for the following URL schemes/i),
      told(
        46,
        /(no|missing|without|forgot|lacks?|not (added|in|set)).{0,40}(url ?scheme|reversed|CFBundleURL)|(url ?scheme|reversed client|CFBundleURL).{0,60}(missing|not (added|there|set|present)|absent|empty)/i,
      ),
      told(-45, /scheme is present|schemes? (are|is) (set|there|correct)/i),
      says(-60, /following URL schemes: ?'?\d+-\w+\.apps/i),
      told(46, /(CFBundleURL\w*|url ?schemes?)[^;]{0,60}(nothing else|only|just)/i),
      mentions(16, /crash|closes itself|terminat|NSInvalidArgument|quits/i),
    ],
  },
  {
    cause: 'reversed-id-used-as-client-id',
    why: 'The reversed client ID stands where the normal one is expected; the SDK reverses it once more.',
    fix: [
      'GIDClientID is <number>-<hash>.apps.googleusercontent.com; only the URL scheme is reversed.',
    ],
    docs: iosStart,
    stages: ['signin-config'],
    signals: [
      says(
        96,
        /missing support for the following URL schemes: ?'?\d+-\w+\.apps\.googleusercontent/i,
      ),
      mentions(84, /client_?id["'=:\s]{1,4}(>\s*<string>)?com\.googleusercontent\.apps/i),
      told(
        62,
        /reversed.{0,60}(as|in|for|where|instead).{0,30}(GIDClientID|client ?id|iosClientId)|(GIDClientID|client ?id|iosClientId).{0,50}(reversed|com\.googleusercontent)/i,
      ),
      mentions(84, /client_?ID["':=( ]{1,4}["']?(MY_|YOUR_)?REVERSED?_/i),
      says(14, /invalid scheme/i),
    ],
  },
  {
    cause: 'server-client-id-missing',
    why: 'The app names no server (web) client ID, so no server auth code is made.',
    fix: [
      'Set GIDServerClientID in Info.plist, or serverClientID in the configuration, to the "Web application" client’s ID.',
    ],
    docs: iosOffline,
    stages: ['signin-config'],
    signals: [
      codeIsNull,
      all(16, sourceIs(1, 'ios'), codeIsNull),
      told(
        68,
        /(no|without|missing|lacks?|not set|empty|forgot|unset|null)[^.;]{0,30}(GID)?(server|web)[_ ]?client[_ ]?id|(has|have|contains?) no (GID)?server_?client_?id|(GID)?(server|web)[_ ]?client[_ ]?id.{0,40}(missing|not (set|given|configured|there|present)|absent|empty|null|left out)/i,
      ),
      says(
        58,
        /serverClientId must be provided|server_?client_?id.{0,30}(required|missing|null)|clientConfigurationError/i,
      ),
      all(
        44,
        codeIsNull,
        fact(
          1,
          ({ notes }) =>
            /GoogleSignIn\(|configure\(|initialize\(/i.test(notes) &&
            !/client_?id/i.test(notes) &&
            'no client ID is among the options',
        ),
      ),
    ],
  },
  {
    cause: 'server-client-id-not-read',
    why: 'A server client ID is configured, in a place that this plugin does not read.',
    fix: [
      'Give it where the plugin reads it (for Flutter, GoogleSignIn.initialize(serverClientId: …)), not only in Info.plist or google-services.json.',
    ],
    docs: 'https://pub.dev/packages/google_sign_in',
    stages: ['signin-config'],
    signals: [
      told(
        66,
        /(Info\.plist|strings\.xml|app\.json|google-services\.json|GoogleService-Info\.plist|config\w*|environment|\.env|index\.html|meta tag) (has|have|contains?|holds?|sets?|includes?|names?|already has)[^.;]{0,60}(GID)?(server|web)[_ ]?client[_ ]?id|(GID)?(server|web)[_ ]?client[_ ]?id.{0,40}(is |was )?(set|configured|present|given|put|defined)[^.;]{0,30}(in|inside|only in|into)[^.;]{0,60}(plist|xml|json|config|gradle|env|meta)|(ignor|not read|never read|doesn't read|does not read).{0,60}client[_ ]?id/i,
      ),
      codeIsNull,
      told(14, /google_sign_in|plugin|flutter|capacitor|expo|react native|cordova/i),
      told(-50, /has no (GID)?server_?client_?id|without (GID)?serverClientId/i),
      told(
        66,
        /(AndroidManifest\w*|manifest|config\.xml|gradle|local\.properties|pubspec)[^;]{0,30}(has|have|contains?|holds?|sets?|<meta-data|<variable)|<(meta-data|variable|preference)[^>]*client_?id/i,
      ),
      told(
        62,
        /client ?id (is )?in [\w.-]+\.(json|xml|plist|gradle)|works after adding|(web|server)_?client_?id[^.;]{0,12} set\b/i,
      ),
      mentions(40, /aud is the (ios|android) client/i),
      told(50, /(web|server)_?client_?id (is )?(given|passed|handed|set) (to|in)\b/i),
      mentions(40, /\baud\b[^.;]{0,30} is the (ios|android) client/i),
    ],
  },
  {
    cause: 'silent-signin-no-code',
    why: 'A repeated or silent sign-in gives no server auth code, by design: the server should have its refresh token.',
    fix: [
      'Exchange the code of the first, interactive sign-in and keep the refresh token; for a new code sign out first.',
    ],
    docs: iosOffline,
    stages: ['signin-config', 'exchange'],
    signals: [
      codeIsNull,
      told(
        64,
        /silent(ly)?|second (sign-?in|signIn|login|time|launch)|(again|re-?)sign(ing)?[ -]?in|restor(e|ed|ing) (the |a )?(previous|sign|session|user)|restorePrevious|app (refresh|restart|relaunch|reload)|already signed in|(auto(matic)?|one[- ]tap) sign|after (a |an |the )?(app )?(re(start|load|fresh|launch))|first (sign-?in|login|time) (only|works|gives)|only (on|at) (the )?first/i,
      ),
      all(
        26,
        codeIsNull,
        mentions(
          1,
          /silent|restorePrev|restored sign|second|again|re-?open|re-?start|re-?launch|refresh|getLastSignedIn|only (on|at) (the )?first|first (sign-?in|login|time)/i,
        ),
      ),
      mentions(40, /getLastSignedIn(Account)?|re-?open(ed|ing)? the app|attemptLightweight/i),
      mentions(30, /silently/i),
    ],
  },
  {
    cause: 'scope-declined-by-user',
    why: 'The person unticked a requested scope on the consent screen.',
    fix: [
      'Compare the granted scopes with those asked for after every exchange, and ask again, saying why.',
    ],
    docs: 'https://developers.google.com/identity/protocols/oauth2/resources/granular-permissions',
    stages: ['exchange', 'drive', 'signin-config'],
    signals: [
      fact(84, ({ requested, granted }) => {
        const missing = granted.length === 0 ? [] : missingScopes(requested, granted);
        return missing.length > 0 && `asked for and not granted: ${missing.join(', ')}`;
      }),
      mentions(
        76,
        /untick|uncheck|not tick|not check|deselect|declin\w+.{0,20}(scope|permission|access)|granular (consent|permission)|check ?box|did not (grant|allow|select)/i,
      ),
      mentions(
        16,
        /insufficient(Permissions| authentication| permission)|ACCESS_TOKEN_SCOPE_INSUFFICIENT|granted scopes/i,
      ),
      says(44, /Scope has changed from/i),
      told(
        50,
        /\b(little |the )?(check)?boxes\b|pressed Continue|ticked|clicked (through|continue)/i,
      ),
      told(
        44,
        /\b(few|some|certain|single|one of|only one|a couple of)\b[^.;]{0,12}(users?|people|testers?|accounts?)|users only/i,
      ),
    ],
  },
  {
    cause: 'test-user-not-added',
    why: 'The app is in Testing, and this account is not among its test users.',
    fix: ['Add the account under Cloud console, Audience, Test users, or publish the app.'],
    docs: consent,
    stages: ['signin-config'],
    signals: [
      mentions(
        92,
        /developer-approved testers|currently being tested|has not completed the Google verification/i,
      ),
      all(
        64,
        errorIs(1, 'access_denied'),
        fact(
          1,
          ({ publishingStatus }) => publishingStatus === 'testing' && 'the app is in Testing',
        ),
      ),
      told(50, /test users?|tester/i),
      errorIs(14, 'access_denied'),
    ],
  },
  {
    cause: 'unverified-user-cap',
    why: 'An unverified or widely shared client has reached its limit of new users.',
    fix: ['Have the app verified, or use a client of your own instead of the shared one.'],
    docs: 'https://support.google.com/cloud/answer/7454865',
    stages: ['signin-config', 'exchange'],
    signals: [
      errorIs(88, 'rate_limit_exceeded'),
      mentions(
        90,
        /login count limit|how quickly apps can get new users|(new )?user (cap|limit)|100[- ]user|limit of new users/i,
      ),
      told(20, /built-in client|shared client|default client|no own client/i),
      told(
        72,
        /\b100 ?\/ ?100\b|(a )?hundred (people|users|accounts)|nobody new|(no|only|every) new (users?|people|accounts?)|user (bar|count|counter)/i,
      ),
      all(84, says(1, /temporarily disabled for this app/i), told(1, /\b100\b|people|users/i)),
      all(
        92,
        says(1, /temporarily disabled for this app/i),
        says(1, /not (been|yet)[^.;]{0,20}verified/i),
      ),
      errorIs(-90, 'disabled_client'),
    ],
  },
];
