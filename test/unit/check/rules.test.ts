import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../../../src/tools/check/rules/rules.js';
import { rules as diagnosisRules } from '../../../src/tools/explain/diagnose.js';
import { createDesk, type Desk } from '../../support/run.js';
import {
  bothIds,
  brief,
  check,
  clientFile,
  entry,
  googleServices,
  ids,
  infoPlist,
  plantTree,
  type Tree,
  xcode,
  xmlPlist,
} from './support.js';

/** A tree that breaks a rule, and one that is next to it and does not. */
interface Case {
  rule: string;
  files: Record<string, string>;
  /** `file:line severity`. */
  found: string;
  cause?: string | null;
  says: RegExp;
  /** If nothing else is given, an Info.plist with both IDs. */
  fine?: Record<string, string>;
  /** The files as they are when the advice was followed, if that is not `fine`. */
  mended?: Record<string, string>;
  /** Files that git tracks; with it, the tree is a repository. */
  tracked?: string[];
}

/** Stands for a file that was moved away. */
const moved = '\0';
const plist = 'App/Info.plist';
const right = { [plist]: infoPlist(bothIds) };
const withClient = (value: string) =>
  infoPlist(entry('GIDClientID', value) + entry('GIDServerClientID', ids.web));
const withServer = (value: string) =>
  infoPlist(entry('GIDClientID', ids.ios) + entry('GIDServerClientID', value));
const podfileLock = (...pods: string[]) =>
  `PODS:\n${pods.map((pod) => `  - ${pod}\n`).join('')}\nDEPENDENCIES:\n  - GoogleSignIn\n`;
const manifest = (dependencies: Record<string, string>) =>
  JSON.stringify({ dependencies }, null, 2);
const reactNative = manifest({
  'react-native': '0.75.0',
  '@react-native-google-signin/google-signin': '13.0.0',
});
const firebase = (body: string) =>
  xmlPlist(`${entry('GOOGLE_APP_ID', '1:1:ios:0')}${entry('PLIST_VERSION', '1')}${body}`);
const flutter = 'name: fake\nflutter:\ndependencies:\n  google_sign_in: ^7.1.0\n';
const readsFirebase =
  'let id = FirebaseApp.app()?.options.clientID\nGIDSignIn.sharedInstance.signIn(withPresenting: view)';
const bothAndroid = [
  { id: ids.android, type: 1 },
  { id: ids.web, type: 3 },
];
const gradleApp = (id: string) =>
  `plugins { id("com.android.application") }\nandroid { defaultConfig { applicationId = "${id}" } }`;
const mac = (entitlements: string) => ({
  ...right,
  'App.xcodeproj/project.pbxproj': xcode({
    INFOPLIST_FILE: 'App/Info.plist',
    SDKROOT: 'macosx',
    CODE_SIGN_ENTITLEMENTS: 'App/App.entitlements',
  }),
  'App/App.entitlements': xmlPlist(entitlements),
  'App/SignIn.swift': 'GIDSignIn.sharedInstance.signIn(withPresenting: view)',
});
const key = JSON.stringify({ type: 'service_account', private_key: 'fakefake', client_id: '1' });

const cases: Case[] = [
  {
    rule: 'client-id-reversed',
    files: { [plist]: withClient(ids.scheme) },
    found: 'App/Info.plist:7 error',
    cause: 'reversed-id-used-as-client-id',
    says: /GIDClientID is written in reverse/,
  },
  {
    rule: 'client-id-malformed',
    files: { [plist]: withServer(`${ids.web}.apps.googleusercontent.com`) },
    found: 'App/Info.plist:8 error',
    cause: 'client-id-malformed',
    says: /ends with “\.apps\.googleusercontent\.com” twice/,
  },
  {
    rule: 'client-id-blank',
    files: { [plist]: withClient(` ${ids.ios}`) },
    found: 'App/Info.plist:7 error',
    cause: 'credential-whitespace',
    says: /a blank, a line break or a quote/,
  },
  {
    rule: 'client-id-placeholder',
    files: { [plist]: withClient('YOUR_IOS_CLIENT_ID') },
    found: 'App/Info.plist:7 error',
    cause: 'client-id-placeholder-or-unset',
    says: /still a placeholder/,
  },
  {
    rule: 'client-id-is-api-key',
    files: { [plist]: withClient('AIzaFakeFakeFakeFakeFakeFakeFakeFakeFake') },
    found: 'App/Info.plist:7 error',
    cause: 'api-key-as-credential',
    says: /holds an API key/,
  },
  {
    rule: 'client-id-is-secret',
    files: { [plist]: withServer(ids.secret) },
    found: 'App/Info.plist:8 error',
    says: /holds a client secret/,
  },
  {
    rule: 'client-id-not-string',
    files: {
      [plist]: infoPlist(
        `<key>GIDClientID</key><array><string>${ids.ios}</string></array>\n${entry('GIDServerClientID', ids.web)}`,
      ),
    },
    found: 'App/Info.plist:7 error',
    cause: 'info-plist-malformed',
    says: /is an array, not a string/,
  },
  {
    rule: 'build-setting',
    files: { [plist]: withClient('$(GOOGLE_CLIENT_ID)') },
    found: 'App/Info.plist:7 note',
    cause: null,
    says: /\$\(GOOGLE_CLIENT_ID\), filled in at build time/,
  },
  {
    rule: 'client-ids-equal',
    files: { [plist]: withServer(ids.ios) },
    found: 'App/Info.plist:8 error',
    cause: 'audience-not-a-valid-client',
    says: /are the same client/,
  },
  {
    rule: 'project-mismatch',
    files: { [plist]: withServer(ids.otherWeb) },
    found: 'App/Info.plist:8 error',
    cause: 'audience-project-mismatch',
    says: /is of project 271828271828, GIDClientID of project 104729104729/,
  },
  {
    rule: 'server-client-id-is-ios',
    files: {
      'capacitor.config.json': JSON.stringify({
        plugins: { GoogleAuth: { serverClientId: ids.ios, forceCodeForRefreshToken: true } },
      }),
      'ios/App/GoogleService-Info.plist': firebase(entry('CLIENT_ID', ids.ios)),
    },
    found: 'capacitor.config.json:1 error',
    cause: 'audience-not-a-valid-client',
    says: /is the ID of an iOS client \(ios\/App\/GoogleService-Info\.plist:7\)/,
    fine: {
      'capacitor.config.json': JSON.stringify({
        plugins: { GoogleAuth: { serverClientId: ids.web, forceCodeForRefreshToken: true } },
      }),
      'ios/App/GoogleService-Info.plist': firebase(entry('CLIENT_ID', ids.ios)),
    },
  },
  {
    rule: 'server-client-id-is-android',
    files: {
      [plist]: withServer(ids.android),
      'android/app/google-services.json': googleServices([{ id: ids.android, type: 1 }]),
    },
    found: 'App/Info.plist:8 error',
    cause: 'android-client-id-as-web-client-id',
    says: /is the ID of an Android client/,
    fine: {
      ...right,
      'android/app/google-services.json': googleServices([
        { id: ids.android, type: 1 },
        { id: ids.web, type: 3 },
      ]),
    },
  },
  {
    rule: 'server-client-id-is-desktop',
    files: { ...right, 'client_secret.json': clientFile('installed') },
    found: 'App/Info.plist:8 warning',
    says: /is the ID of a desktop client/,
    fine: { ...right, 'client_secret.json': clientFile('web') },
  },
  {
    rule: 'client-id-not-ios',
    files: { [plist]: withClient(ids.web), 'server/client_secret.json': clientFile() },
    found: 'App/Info.plist:7 error',
    cause: null,
    says: /GIDClientID is the ID of a web client/,
    fine: { ...right, 'server/client_secret.json': clientFile() },
  },
  {
    rule: 'project-numbers-differ',
    files: {
      ...right,
      'App/GoogleService-Info.plist': firebase(entry('CLIENT_ID', ids.otherWeb)),
    },
    found: 'App/GoogleService-Info.plist:7 warning',
    cause: 'audience-project-mismatch',
    says: /of project 271828271828; GIDClientID \(App\/Info\.plist:7\) is of project 104729104729/,
    // Of two flavours one agrees, and a file without OAuth clients serves other ends.
    fine: {
      ...right,
      'App/GoogleService-Info-Dev.plist': firebase(entry('CLIENT_ID', ids.otherWeb)),
      'App/GoogleService-Info.plist': firebase(entry('CLIENT_ID', ids.ios)),
      'App/Messages/GoogleService-Info.plist': firebase(entry('GCM_SENDER_ID', ids.otherNumber)),
    },
  },
  {
    rule: 'server-client-ids-differ',
    files: {
      ...right,
      'android/app/src/main/res/values/strings.xml': `<resources>\n<string name="server_client_id">${ids.web.replace('web0', 'web9')}</string>\n</resources>`,
    },
    found: 'android/app/src/main/res/values/strings.xml:2 warning',
    cause: 'exchange-client-differs-from-code-client',
    says: /server_client_id names another client than GIDServerClientID/,
    fine: {
      ...right,
      'android/app/src/main/res/values/strings.xml': `<resources>\n<string name="server_client_id">${ids.web}</string>\n</resources>`,
    },
  },
  {
    rule: 'server-client-file-differs',
    files: {
      ...right,
      'server/client_secret.json': clientFile('web', {
        client_id: ids.web.replace('web0', 'web9'),
      }),
    },
    found: 'server/client_secret.json:5 warning',
    cause: 'exchange-client-differs-from-code-client',
    says: /server’s client here is another than GIDServerClientID names/,
    fine: { ...right, 'server/client_secret.json': clientFile() },
  },
  {
    rule: 'client-id-missing',
    mended: { [plist]: infoPlist(entry('GIDClientID', ids.ios)) },
    files: {
      [plist]: infoPlist('', ['com.example.sample']),
      'App/SignIn.swift': 'GIDSignIn.sharedInstance.signIn(withPresenting: view)',
    },
    found: 'App/Info.plist error',
    says: /has no GIDClientID/,
    fine: {
      [plist]: infoPlist('', ['com.example.sample']),
      'App/SignIn.swift':
        'GIDSignIn.sharedInstance.configuration = GIDConfiguration(clientID: id, serverClientID: server)\nGIDSignIn.sharedInstance.signIn(withPresenting: view)',
    },
  },
  {
    rule: 'server-client-id-missing',
    mended: right,
    files: {
      [plist]: infoPlist(entry('GIDClientID', ids.ios)),
      'App/SignIn.swift': 'let code = result.serverAuthCode',
    },
    found: 'App/Info.plist:7 error',
    cause: 'server-client-id-missing',
    says: /Google makes no server auth code; App\/SignIn\.swift:1 reads it/,
    // An app that only signs in needs no server's client.
    fine: { [plist]: infoPlist(entry('GIDClientID', ids.ios)) },
  },
  {
    rule: 'server-client-id-not-read',
    mended: {
      'App/SignIn.swift':
        'GIDSignIn.sharedInstance.configuration = GIDConfiguration(clientID: id, serverClientID: server)',
    },
    files: {
      ...right,
      'App/SignIn.swift':
        'import GoogleSignIn\nGIDSignIn.sharedInstance.configuration = GIDConfiguration(clientID: id)',
    },
    found: 'App/Info.plist:8 warning',
    cause: 'server-client-id-not-read',
    says: /App\/SignIn\.swift:2 sets a configuration without serverClientID/,
  },
  {
    rule: 'url-scheme-missing',
    files: { [plist]: infoPlist(bothIds, ['com.example.sample']) },
    found: 'App/Info.plist:7 error',
    cause: 'reversed-client-id-scheme-missing',
    says: /The reversed GIDClientID is none of the app’s URL schemes/,
    // Schemes know no case.
    fine: { [plist]: infoPlist(bothIds, [ids.scheme.toUpperCase()]) },
  },
  {
    rule: 'url-scheme-variable',
    files: { [plist]: infoPlist(bothIds, ['$(REVERSED_CLIENT_ID)']) },
    found: 'App/Info.plist:6 note',
    cause: null,
    says: /\$\(REVERSED_CLIENT_ID\), filled in at build time/,
    fine: { [plist]: infoPlist(bothIds, [ids.scheme, '$(PRODUCT_BUNDLE_IDENTIFIER)']) },
  },
  {
    rule: 'url-types-malformed',
    files: {
      [plist]: infoPlist(
        `${bothIds}<key>CFBundleURLTypes</key><array><dict><key>CFBundleURLSchemes</key><string>${ids.scheme}</string></dict></array>`,
        [],
      ),
    },
    found: 'App/Info.plist:8 error',
    cause: 'info-plist-malformed',
    says: /CFBundleURLSchemes is no array/,
  },
  {
    rule: 'redirect-uri-not-accepted',
    files: {
      'package.json': manifest({ expo: '52.0.0', 'react-native': '0.76.0' }),
      'app.json': '{ "expo": { "scheme": "fake" } }',
      'src/auth.ts':
        "import * as Google from 'expo-auth-session/providers/google';\nGoogle.useAuthRequest({ clientId: id, redirectUri: makeRedirectUri() });",
    },
    found: 'src/auth.ts:2 warning',
    cause: 'redirect-uri-not-registered',
    says: /the app’s own scheme/,
    fine: {
      'package.json': manifest({ expo: '52.0.0', 'react-native': '0.76.0' }),
      'app.json': '{ "expo": { "scheme": "fake" } }',
      'src/auth.ts': `import * as Google from 'expo-auth-session/providers/google';\nGoogle.useAuthRequest({ clientId: id, redirectUri: makeRedirectUri({ native: '${ids.scheme}:/oauthredirect' }) });`,
    },
  },
  {
    rule: 'key-not-read',
    files: {
      [plist]: infoPlist(entry('GIDClientId', ids.ios) + entry('GIDServerClientID', ids.web)),
    },
    found: 'App/Info.plist:7 error',
    cause: 'info-plist-malformed',
    says: /GIDClientId is not read; the SDK reads GIDClientID/,
  },
  {
    rule: 'firebase-plist-without-client-id',
    files: {
      [plist]: infoPlist(''),
      'App/SignIn.swift': readsFirebase,
      'App/GoogleService-Info.plist': firebase(entry('GCM_SENDER_ID', ids.number)),
    },
    found: 'App/GoogleService-Info.plist:5 warning',
    says: /has no CLIENT_ID/,
    // Nothing reads the ID of a file that lies beside one in Info.plist.
    fine: {
      ...right,
      'App/SignIn.swift': 'GIDSignIn.sharedInstance.signIn(withPresenting: view)',
      'App/GoogleService-Info.plist': firebase(entry('GCM_SENDER_ID', ids.number)),
    },
  },
  {
    rule: 'client-plist-not-bundled',
    files: {
      'pubspec.yaml': flutter,
      'lib/auth.dart': 'final signIn = GoogleSignIn();',
      'ios/Runner/Info.plist': infoPlist(''),
      'ios/Runner/GoogleService-Info.plist': firebase(entry('CLIENT_ID', ids.ios)),
      'ios/Runner.xcodeproj/project.pbxproj': xcode({ INFOPLIST_FILE: 'Runner/Info.plist' }),
    },
    found: 'ios/Runner/GoogleService-Info.plist error',
    says: /no target of the Xcode project copies it/,
    fine: {
      'pubspec.yaml': flutter,
      'lib/auth.dart': 'final signIn = GoogleSignIn();',
      'ios/Runner/Info.plist': infoPlist(''),
      'ios/Runner/GoogleService-Info.plist': firebase(entry('CLIENT_ID', ids.ios)),
      'ios/Runner.xcodeproj/project.pbxproj': xcode(
        { INFOPLIST_FILE: 'Runner/Info.plist' },
        'Runner/GoogleService-Info.plist',
      ),
    },
  },
  {
    rule: 'bundle-id-differs',
    files: {
      ...right,
      'App/GoogleService-Info.plist': firebase(
        entry('CLIENT_ID', ids.ios) + entry('BUNDLE_ID', 'com.example.other'),
      ),
      'App.xcodeproj/project.pbxproj': xcode(
        { INFOPLIST_FILE: 'App/Info.plist', PRODUCT_BUNDLE_IDENTIFIER: 'com.example.Fake' },
        'App/GoogleService-Info.plist',
      ),
    },
    found: 'App/GoogleService-Info.plist:8 warning',
    cause: null,
    says: /is for the bundle ID com\.example\.other; the app’s is com\.example\.Fake/,
    fine: {
      ...right,
      'App/GoogleService-Info.plist': firebase(
        entry('CLIENT_ID', ids.ios) + entry('BUNDLE_ID', 'com.example.fake'),
      ),
      'App.xcodeproj/project.pbxproj': xcode(
        { INFOPLIST_FILE: 'App/Info.plist', PRODUCT_BUNDLE_IDENTIFIER: 'com.example.fake' },
        'App/GoogleService-Info.plist',
      ),
    },
  },
  {
    rule: 'google-services-other-package',
    files: {
      'app/build.gradle.kts': gradleApp('com.example.renamed'),
      'app/google-services.json': googleServices(bothAndroid, ids.number, 'com.example.fake'),
    },
    found: 'app/google-services.json error',
    cause: null,
    says: /is for com\.example\.fake; the app’s package is com\.example\.renamed \(app\/build\.gradle\.kts:2\)/,
    // A variant has a suffix.
    fine: {
      'app/build.gradle.kts': `${gradleApp('com.example')}\nbuildTypes { getByName("debug") { applicationIdSuffix = ".fake" } }`,
      'app/google-services.json': googleServices(bothAndroid, ids.number, 'com.example.fake'),
    },
  },
  {
    rule: 'google-services-without-android-client',
    files: {
      'app/google-services.json': googleServices([{ id: ids.web, type: 3 }]),
      'app/src/main/java/SignIn.kt':
        'builder.requestIdToken(getString(R.string.default_web_client_id))',
    },
    found: 'app/google-services.json:3 warning',
    cause: null,
    says: /names no Android client/,
    fine: {
      'app/google-services.json': googleServices(bothAndroid),
      'app/src/main/java/SignIn.kt':
        'builder.requestIdToken(getString(R.string.default_web_client_id))',
    },
  },
  {
    rule: 'reversed-client-id-differs',
    files: {
      'App/client_1.plist': xmlPlist(
        entry('CLIENT_ID', ids.ios) + entry('REVERSED_CLIENT_ID', `${ids.scheme}x`),
      ),
    },
    found: 'App/client_1.plist:6 error',
    says: /REVERSED_CLIENT_ID is not the CLIENT_ID in reverse/,
    fine: {
      'App/client_1.plist': xmlPlist(
        entry('CLIENT_ID', ids.ios) + entry('REVERSED_CLIENT_ID', ids.scheme),
      ),
    },
  },
  {
    rule: 'google-services-without-web-client',
    files: {
      'pubspec.yaml': flutter,
      'lib/auth.dart': 'final signIn = GoogleSignIn();',
      'android/app/google-services.json': googleServices([{ id: ids.android, type: 1 }]),
    },
    found: 'android/app/google-services.json:3 warning',
    cause: 'server-client-id-missing',
    says: /names no web client/,
    // An ID that is given in Dart is taken instead.
    fine: {
      'pubspec.yaml': flutter,
      'lib/auth.dart': 'final signIn = GoogleSignIn(serverClientId: await settings());',
      'android/app/google-services.json': googleServices([{ id: ids.android, type: 1 }]),
    },
  },
  {
    rule: 'offline-access-off',
    files: {
      'package.json': reactNative,
      'src/auth.ts':
        'GoogleSignin.configure({ webClientId: id });\nconst { serverAuthCode } = await GoogleSignin.signIn();',
    },
    found: 'src/auth.ts:1 warning',
    cause: 'offline-access-not-requested',
    says: /does not set offlineAccess/,
    fine: {
      'package.json': reactNative,
      'src/auth.ts':
        'GoogleSignin.configure({ webClientId: id, offlineAccess: true });\nconst { serverAuthCode } = await GoogleSignin.signIn();',
    },
  },
  {
    rule: 'refresh-code-not-forced',
    files: {
      'capacitor.config.ts': `const config = {\n  plugins: {\n    GoogleAuth: {\n      serverClientId: '${ids.web}',\n    },\n  },\n};`,
    },
    found: 'capacitor.config.ts:3 note',
    cause: 'refresh-token-omitted-repeat-consent',
    says: /forceCodeForRefreshToken is not switched on/,
    fine: {
      'capacitor.config.ts': `const config = {\n  plugins: {\n    GoogleAuth: {\n      serverClientId: '${ids.web}',\n      forceCodeForRefreshToken: true,\n    },\n  },\n};`,
    },
  },
  {
    rule: 'google-sign-in-privacy-manifest',
    files: { 'Podfile.lock': podfileLock('GoogleSignIn (7.0.0)') },
    found: 'Podfile.lock:2 error',
    cause: null,
    says: /GoogleSignIn 7\.0\.0 has no privacy manifest/,
    fine: { 'Podfile.lock': podfileLock('GoogleSignIn (7.1.0)') },
  },
  {
    rule: 'app-auth-privacy-manifest',
    files: { 'Podfile.lock': podfileLock('AppAuth/Core (1.7.2)') },
    found: 'Podfile.lock:2 error',
    cause: null,
    says: /AppAuth 1\.7\.2 has no privacy manifest; Apple refuses new apps, and updates that add it/,
    fine: { 'Podfile.lock': podfileLock('AppAuth/Core (1.7.3)') },
  },
  {
    rule: 'gtm-app-auth-privacy-manifest',
    files: { 'Podfile.lock': podfileLock('GTMAppAuth (4.1.0)') },
    found: 'Podfile.lock:2 error',
    says: /GTMAppAuth 4\.1\.0 has no privacy manifest/,
    fine: { 'Podfile.lock': podfileLock('GTMAppAuth (4.1.1)') },
  },
  {
    rule: 'gtm-session-fetcher-privacy-manifest',
    files: { 'Podfile.lock': podfileLock('GTMSessionFetcher/Core (3.2.0)') },
    found: 'Podfile.lock:2 error',
    says: /GTMSessionFetcher 3\.2\.0 has no privacy manifest/,
    fine: { 'Podfile.lock': podfileLock('GTMSessionFetcher/Core (3.3.0)') },
  },
  {
    rule: 'pin-without-version',
    files: {
      'Cartfile.resolved':
        'github "google/GoogleSignIn-iOS" "0000000000000000000000000000000000000001"\n',
    },
    found: 'Cartfile.resolved:1 note',
    says: /pinned to revision 000000000000: whether it has a privacy manifest is unknown/,
    fine: { 'Cartfile.resolved': 'github "google/GoogleSignIn-iOS" "7.1.0"\n' },
  },
  {
    rule: 'client-secret-in-app',
    mended: { 'App/client_secret.json': moved, 'server/client_secret.json': clientFile() },
    files: { ...right, 'App/client_secret.json': clientFile() },
    found: 'App/client_secret.json:5 error',
    cause: null,
    says: /A client secret \(GOCSPX-…\(35\)\) lies in the app’s tree below App/,
    fine: { ...right, 'server/client_secret.json': clientFile() },
  },
  {
    rule: 'client-secret-tracked',
    files: { 'client_secret.json': clientFile() },
    tracked: ['client_secret.json'],
    found: 'client_secret.json:5 error',
    says: /GOCSPX-…\(35\)\) is tracked by git/,
    fine: { 'client_secret.json': clientFile(), '.gitignore': 'client_secret.json\n' },
  },
  {
    rule: 'client-secret-in-source',
    files: { ...right, 'App/Exchange.swift': `// exchange\nlet secret = "${ids.secret}"` },
    found: 'App/Exchange.swift:2 error',
    says: /A client secret \(GOCSPX-…\(35\)\) is written into the app/,
    fine: { ...right, 'App/Exchange.swift': 'let secret = "GOCSPX-YOUR_CLIENT_SECRET"' },
  },
  {
    rule: 'credential-key-in-app',
    mended: { 'App/key.json': moved, 'server/key.json': key },
    files: { ...right, 'App/key.json': key },
    found: 'App/key.json:1 error',
    says: /A service account’s private key \(…\(8\)\) lies in the app’s tree/,
    fine: { ...right, 'server/key.json': key },
  },
  {
    rule: 'credential-key-tracked',
    files: {
      'token.json': JSON.stringify({ client_id: ids.web, refresh_token: '1//0fakefakefake' }),
    },
    tracked: ['token.json'],
    found: 'token.json:1 error',
    says: /A refresh token \(1\/\/0…\(16\)\) is tracked by git/,
    fine: { 'token.json': JSON.stringify({ client_id: 'x' }) },
  },
  {
    rule: 'credential-key-in-source',
    files: { ...right, 'App/Drive.swift': `let token = "${ids.refreshToken}"` },
    found: 'App/Drive.swift:1 error',
    says: /A refresh token \(1\/\/0…\(40\)\) is written into the app/,
    fine: { ...right, 'App/Drive.swift': 'let token = "1//0xxxxxxxxxxxxxxxxxxxxxxxxxxxx"' },
  },
  {
    rule: 'secret-in-source',
    files: { 'src/exchange.py': `\nSECRET = "${ids.secret}"` },
    found: 'src/exchange.py:2 warning',
    says: /A client secret \(GOCSPX-…\(35\)\) is written into exchange\.py\./,
    fine: { 'src/exchange.py': 'SECRET = os.environ["GOOGLE_CLIENT_SECRET"]' },
  },
  {
    rule: 'secret-not-ignored',
    files: { 'client_secret.json': clientFile(), 'README.md': '' },
    tracked: ['README.md'],
    found: 'client_secret.json:5 warning',
    says: /neither tracked nor ignored/,
    fine: { 'client_secret.json': clientFile(), '.gitignore': 'client_secret*\n' },
  },
  {
    rule: 'client-file-wrong-kind',
    files: { 'client_secret.json': key },
    found: 'client_secret.json:1 error',
    cause: 'service-account-json-given',
    says: /holds a service account’s private key, not an OAuth client/,
    fine: { 'client_secret.json': clientFile() },
  },
  {
    rule: 'client-file-unwrapped',
    files: {
      'client_secret.json': JSON.stringify({ client_id: ids.web, client_secret: ids.secret }),
    },
    found: 'client_secret.json:1 error',
    cause: 'client-json-unwrapped',
    says: /without “web” or “installed”/,
    fine: { 'client_secret.json': clientFile() },
  },
  {
    rule: 'client-file-not-web',
    files: {
      ...right,
      'client_secret.json': clientFile('installed', { client_id: ids.web.replace('web0', 'web9') }),
    },
    found: 'client_secret.json:5 warning',
    cause: 'client-json-other-section',
    says: /is of a desktop client/,
    fine: { ...right, 'client_secret.json': clientFile() },
  },
  {
    rule: 'client-file-without-secret',
    files: { 'client_secret.json': clientFile('web', { client_secret: undefined }) },
    found: 'client_secret.json:3 warning',
    cause: 'client-secret-missing',
    says: /has no client_secret/,
    fine: { 'client_secret.json': clientFile() },
  },
  {
    rule: 'client-file-without-redirect-uris',
    files: { 'client_secret.json': clientFile('web', { redirect_uris: undefined }) },
    found: 'client_secret.json:5 note',
    cause: 'client-json-without-redirect-uris',
    says: /has no redirect_uris/,
    fine: { 'client_secret.json': clientFile() },
  },
  {
    rule: 'activity-not-prepared',
    files: {
      'package.json': manifest({
        '@capacitor/core': '7.0.0',
        '@capgo/capacitor-social-login': '7.0.0',
      }),
      'src/login.ts': "SocialLogin.login({ provider: 'google', options: { scopes: ['email'] } });",
      'android/app/src/main/java/MainActivity.java':
        'public class MainActivity extends BridgeActivity {}',
    },
    found: 'android/app/src/main/java/MainActivity.java:1 error',
    cause: null,
    says: /src\/login\.ts:1 asks for scopes or offline mode/,
    fine: {
      'package.json': manifest({
        '@capacitor/core': '7.0.0',
        '@capgo/capacitor-social-login': '7.0.0',
      }),
      'src/login.ts': "SocialLogin.login({ provider: 'google', options: {} });",
      'android/app/src/main/java/MainActivity.java':
        'public class MainActivity extends BridgeActivity {}',
    },
    mended: {
      'android/app/src/main/java/MainActivity.java':
        'public class MainActivity extends BridgeActivity implements ModifiedMainActivityForSocialLoginPlugin {}',
    },
  },
  {
    rule: 'macos-keychain-access-missing',
    files: mac('<key>com.apple.security.network.client</key><true/>'),
    found: 'App/App.entitlements warning',
    cause: null,
    says: /have no keychain-access-groups/,
    fine: mac('<key>keychain-access-groups</key><array><string>x</string></array>'),
  },
  {
    rule: 'macos-network-missing',
    files: mac('<key>com.apple.security.app-sandbox</key><true/>'),
    found: 'App/App.entitlements error',
    cause: null,
    says: /its sandbox lets it reach no server/,
    fine: mac(
      '<key>com.apple.security.app-sandbox</key><true/><key>com.apple.security.network.client</key><true/><key>keychain-access-groups</key><array/>',
    ),
  },
  {
    rule: 'language-not-read',
    files: { 'Droid/Main.cs': 'builder.RequestServerAuthCode(id);' },
    found: 'Droid/Main.cs:1 note',
    cause: null,
    says: /in a language that gsac does not follow/,
    fine: { 'Droid/Main.cs': 'class Main {}' },
  },
  {
    rule: 'file-broken',
    files: { [plist]: infoPlist(bothIds).replace('</dict></array>', '') },
    found: 'App/Info.plist:10 error',
    cause: 'info-plist-malformed',
    says: /The Info\.plist cannot be parsed: .*tag mismatch/,
  },
  {
    rule: 'not-read',
    files: { 'Podfile.lock': `${podfileLock('GoogleSignIn (7.1.0)')}${'#'.repeat(8_400_000)}` },
    found: 'Podfile.lock warning',
    says: /larger than 8 MiB/,
    fine: { 'Podfile.lock': podfileLock('GoogleSignIn (7.1.0)') },
  },
];

describe('rules of gsac check', () => {
  let desk: Desk;
  let tree: Tree | undefined;
  beforeAll(() => {
    desk = createDesk();
  });
  afterAll(() => desk.dispose());
  afterEach(() => tree?.remove());

  async function findings(files: Record<string, string>, tracked: string[] | undefined) {
    tree?.remove();
    tree = plantTree();
    for (const [file, text] of Object.entries(files)) tree.write(file, text);
    if (tracked !== undefined) {
      tree.git('init', '--quiet');
      for (const file of tracked) tree.git('add', '--force', file);
    }
    return check(desk, tree.path);
  }

  it.each(cases)(
    '$rule',
    async ({ rule, files, tracked, found, says, cause, fine = right, mended }) => {
      const result = await findings(files, tracked);
      const ofRule = result.findings.filter((finding) => finding.rule === rule);
      expect(brief(ofRule, ['severity'])).toEqual([found]);
      const [finding] = ofRule;
      expect(finding?.message).toMatch(says);
      const declared = rules.find(({ id }) => id === rule);
      expect(finding?.cause).toBe(cause === undefined ? declared?.cause : cause);
      expect(finding?.fix).toMatch(/./);
      expect(result.exitCode).toBe(result.errors > 0 ? 6 : 0);

      const near = await findings(fine, tracked === undefined ? undefined : []);
      expect(near.findings.filter((other) => other.rule === rule)).toEqual([]);
      // The advice has to pass the check.
      const after = Object.entries({ ...files, ...(mended ?? fine) });
      const kept = Object.fromEntries(after.filter(([, text]) => text !== moved));
      const passed = await findings(kept, tracked === undefined ? undefined : []);
      expect(brief(passed.findings)).toEqual([]);
    },
  );

  it('has a test for each rule', () => {
    expect(rules.map(({ id }) => id).sort()).toEqual(cases.map(({ rule }) => rule).sort());
  });

  it('names only causes that the diagnosis knows', () => {
    const known = new Set(diagnosisRules.map(({ cause }) => cause));
    const named = [...rules, ...cases].flatMap(({ cause }) => (cause ? [cause] : []));
    expect(named.filter((cause) => !known.has(cause))).toEqual([]);
  });

  it('names, explains and sources each rule', () => {
    for (const { id, name, why, source } of rules) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(name).toMatch(/^\S.{8,60}$/);
      expect(why, id).toMatch(/^[^.]*\S.*[.”)]$/);
      expect(new URL(source).protocol).toBe('https:');
    }
  });
});
