import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
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

/** A kind of app, and all that is found in it. */
interface Kind {
  name: string;
  files: Record<string, string>;
  found: string[];
}

const json = (value: unknown) => JSON.stringify(value, null, 1);
const packages = (...names: string[]) =>
  json({ dependencies: Object.fromEntries(names.map((name) => [name, '16.0.0'])) });
const reactNative = packages('react-native', '@react-native-google-signin/google-signin');
const expo = packages('expo', 'react-native', '@react-native-google-signin/google-signin');
const flutter = 'name: fake\nflutter:\ndependencies:\n  google_sign_in: ^7.1.0\n';
const services = googleServices(
  [
    { id: ids.android, type: 1 },
    { id: ids.web, type: 3 },
  ],
  ids.number,
  'com.example.fake',
);
const gradle =
  'plugins { id("com.android.application") }\nandroid { defaultConfig { applicationId = "com.example.fake" } }\n';
const firebase = (client: string) =>
  xmlPlist(
    `${entry('GOOGLE_APP_ID', '1:1:ios:0')}${entry('CLIENT_ID', client)}${entry('REVERSED_CLIENT_ID', client.split('.').reverse().join('.'))}`,
  );
const signsIn =
  'import GoogleSignIn\nGIDSignIn.sharedInstance.signIn(withPresenting: view) { _, _ in }\n';
const project = (settings: Record<string, string> = {}) =>
  xcode({ INFOPLIST_FILE: 'App/Info.plist', ...settings });
const otherIos = ids.ios.replaceAll('ios0', 'ios9');
const otherWeb = ids.web.replaceAll('web0', 'web9');
const configure = (body: string) => `GoogleSignin.configure({ ${body} });\n`;
const right = `webClientId: '${ids.web}', iosClientId: '${ids.ios}'`;

const kinds: Kind[] = [
  {
    name: 'Kotlin with Credential Manager and the Android client as the server’s',
    files: {
      'app/build.gradle.kts': gradle,
      'app/google-services.json': services,
      'app/src/main/java/SignIn.kt': `val WEB_CLIENT_ID = "${ids.android}"\nval option = GetGoogleIdOption.Builder().setServerClientId(WEB_CLIENT_ID).build()`,
    },
    found: ['app/src/main/java/SignIn.kt:1 server-client-id-is-android error'],
  },
  {
    name: 'Java with AuthorizationClient and a placeholder from BuildConfig',
    files: {
      'app/build.gradle': `apply plugin: 'com.android.application'\nandroid { defaultConfig {\n  applicationId "com.example.fake"\n  buildConfigField "String", "WEB_ID", "\\"YOUR_WEB_CLIENT_ID\\""\n} }`,
      'app/src/main/java/SignIn.java':
        'AuthorizationRequest.builder().requestOfflineAccess(BuildConfig.WEB_ID, true).build();',
    },
    found: ['app/build.gradle:4 client-id-placeholder error'],
  },
  {
    name: 'Kotlin with the right web client from the resource that the build makes',
    files: {
      'app/build.gradle.kts': gradle,
      'app/google-services.json': services,
      'app/src/main/java/SignIn.kt':
        'GoogleSignInOptions.Builder().requestServerAuthCode(context.getString(R.string.default_web_client_id))',
    },
    found: [],
  },
  {
    name: 'flavours of Android with a string resource each, one of them wrong',
    files: {
      'app/build.gradle.kts': gradle,
      'app/src/main/java/SignIn.kt': 'builder.requestIdToken(getString(R.string.google_id))',
      'app/src/dev/res/values/ids.xml': `<resources><string name="google_id">${ids.web}</string></resources>`,
      'app/src/prod/res/values/ids.xml': `<resources><string name="google_id">${ids.web.slice(0, -4)}</string></resources>`,
    },
    found: ['app/src/prod/res/values/ids.xml:1 client-id-malformed error'],
  },
  {
    name: 'sign-in in C#, which is not followed',
    files: {
      'Droid/Main.cs': 'var o = new GoogleSignInOptions.Builder()\n  .RequestServerAuthCode(id);',
    },
    found: ['Droid/Main.cs:1 language-not-read note'],
  },
  {
    name: 'XcodeGen that writes the wrong URL scheme into Info.plist',
    files: {
      'project.yml': `name: App\ntargets:\n  App:\n    type: application\n    platform: iOS\n    info:\n      path: App/Info.plist\n      properties:\n        GIDClientID: ${ids.ios}\n        CFBundleURLTypes:\n          - CFBundleURLSchemes:\n              - ${ids.ios}\n`,
      'App/Auth.swift': signsIn,
    },
    found: ['project.yml:12 url-scheme-missing error'],
  },
  {
    name: 'Tuist that names a key that the SDK does not read',
    files: {
      'Project.swift': `import ProjectDescription\nlet project = Project(name: "App", targets: [.target(infoPlist: .extendingDefault(with: [\n  "GIDClientId": "${ids.ios}",\n  "CFBundleURLTypes": [["CFBundleURLSchemes": ["${ids.scheme}"]]],\n]))])`,
      'App/Auth.swift': signsIn,
    },
    found: ['Project.swift:3 key-not-read error'],
  },
  {
    name: 'an ID in code whose URL scheme is not in Info.plist',
    files: {
      'App.xcodeproj/project.pbxproj': project(),
      'App/Info.plist': infoPlist('', [ids.scheme]),
      'App/Auth.swift': `enum Google { static let client = "${otherIos}" }\n${signsIn}let c = GIDConfiguration(clientID: Google.client)`,
    },
    found: ['App/Info.plist:6 url-scheme-missing error'],
  },
  {
    name: 'an ID that is looked up at run time is unknown',
    files: {
      'App.xcodeproj/project.pbxproj': project(),
      'App/Info.plist': infoPlist('', [ids.scheme]),
      'App/Auth.swift': `${signsIn}func start(id: String) { GIDSignIn.sharedInstance.configuration = GIDConfiguration(clientID: id) }`,
    },
    found: [],
  },
  {
    name: 'a build setting of the target that is a placeholder',
    files: {
      'App.xcodeproj/project.pbxproj': project({ GOOGLE_ID: 'YOUR_CLIENT_ID' }),
      'App/Info.plist': infoPlist(entry('GIDClientID', '$(GOOGLE_ID)')),
      'App/Auth.swift': signsIn,
    },
    found: ['App.xcodeproj/project.pbxproj:10 client-id-placeholder error'],
  },
  {
    name: 'a script of the build that fills in Info.plist',
    files: {
      'App.xcodeproj/project.pbxproj': project()
        .replace(
          'objects = {',
          'objects = {\n\t\tS0 = {isa = PBXShellScriptBuildPhase; shellScript = "/usr/libexec/PlistBuddy -c \\"Add :GIDClientID string $ID\\""; };',
        )
        .replace('name = App;', 'name = App; buildPhases = (S0, );'),
      'App/Info.plist': infoPlist('', []),
      'App/Auth.swift': signsIn,
    },
    found: [],
  },
  {
    name: 'the IDs of a test target and an extension are not the app’s',
    files: {
      'App.xcodeproj/project.pbxproj': project(),
      'App/Info.plist': infoPlist(bothIds),
      'AppTests/Info.plist': infoPlist(entry('GIDClientID', 'YOUR_CLIENT_ID')),
      'Widget/Info.plist': infoPlist(entry('GIDClientID', 'YOUR_CLIENT_ID'), []),
    },
    found: [],
  },
  {
    name: 'a macOS app without network and keychain',
    files: {
      'App.xcodeproj/project.pbxproj': project({
        SDKROOT: 'macosx',
        CODE_SIGN_ENTITLEMENTS: 'App/App.entitlements',
      }),
      'App/Info.plist': infoPlist(bothIds),
      'App/App.entitlements': xmlPlist('<key>com.apple.security.app-sandbox</key><true/>'),
      'App/Auth.swift': signsIn,
    },
    found: [
      'App/App.entitlements macos-keychain-access-missing warning',
      'App/App.entitlements macos-network-missing error',
    ],
  },
  {
    name: 'a Podfile that stays below the privacy manifest, without a lock',
    files: { Podfile: "target 'App' do\n  pod 'GoogleSignIn', '~> 6.2'\nend\n" },
    found: ['Podfile:2 google-sign-in-privacy-manifest error'],
  },
  {
    name: 'a package reference that may take a newer version',
    files: {
      'App.xcodeproj/project.pbxproj': project().replace(
        'objects = {',
        'objects = {\n\t\tR0 = {isa = XCRemoteSwiftPackageReference; repositoryURL = "https://github.com/google/GoogleSignIn-iOS"; requirement = {kind = upToNextMajorVersion; minimumVersion = 7.0.0; }; };\n\t\tR1 = {isa = XCRemoteSwiftPackageReference; repositoryURL = "https://github.com/openid/AppAuth-iOS.git"; requirement = {kind = exactVersion; version = 1.6.0; }; };',
      ),
    },
    found: ['App.xcodeproj/project.pbxproj:5 app-auth-privacy-manifest error'],
  },
  {
    name: 'a Swift package that holds GoogleSignIn to an old version',
    files: {
      'Package.swift':
        'let package = Package(dependencies: [\n  .package(url: "https://github.com/google/GoogleSignIn-iOS.git", exact: "6.2.4"),\n])',
    },
    found: ['Package.swift:2 google-sign-in-privacy-manifest error'],
  },
  {
    name: 'React Native that chooses by platform',
    files: {
      'package.json': reactNative,
      'src/auth.ts': configure(
        "webClientId: Platform.select({ ios: Ids.web, android: 'YOUR_WEB_CLIENT_ID' })",
      ),
      'src/ids.ts': `export const Ids = { web: '${ids.web}' };`,
    },
    found: ['src/auth.ts:1 client-id-placeholder error'],
  },
  {
    name: 'React Native with a default that the environment replaces',
    files: {
      'package.json': reactNative,
      'src/auth.ts': configure("webClientId: process.env.WEB_ID || 'YOUR_WEB_CLIENT_ID'"),
    },
    found: ['src/auth.ts:1 build-setting note'],
  },
  {
    name: 'React Native whose constant is written twice, differently',
    files: {
      'package.json': reactNative,
      'src/auth.ts': configure('webClientId: WEB_CLIENT'),
      'src/one.ts': `export const WEB_CLIENT = '${ids.web}';`,
      'src/two.ts': "export const WEB_CLIENT = 'YOUR_CLIENT_ID';",
    },
    found: ['src/auth.ts:1 build-setting note'],
  },
  {
    name: 'the templates folder of an app’s own source',
    files: {
      'package.json': reactNative,
      'src/templates/Login.tsx': configure("webClientId: 'YOUR_WEB_CLIENT_ID'"),
      'src/__tests__/Login.test.tsx': configure("webClientId: 'YOUR_WEB_CLIENT_ID'"),
      'examples/Login.tsx': configure("webClientId: 'YOUR_WEB_CLIENT_ID'"),
    },
    found: ['src/templates/Login.tsx:1 client-id-placeholder error'],
  },
  {
    name: 'an app called Sample, in a folder of that name',
    files: {
      'Sample/Info.plist': infoPlist(entry('GIDClientID', ids.ios)),
      'Sample/SignIn.swift': 'let code = result.serverAuthCode',
    },
    found: ['Sample/Info.plist:7 server-client-id-missing error'],
  },
  {
    name: 'Expo’s sign-in in a browser has clients of its own',
    files: {
      'package.json': packages('expo', 'expo-auth-session'),
      'App.tsx': `import * as Google from 'expo-auth-session/providers/google';\nGoogle.useAuthRequest({ iosClientId: 'YOUR_IOS_CLIENT_ID', webClientId: '${ids.ios}' });`,
    },
    found: ['App.tsx:2 client-id-placeholder error'],
  },
  {
    name: 'Expo with another package than its google-services.json',
    files: {
      'package.json': expo,
      'app.json': json({
        expo: {
          android: { package: 'com.example.other', googleServicesFile: './google-services.json' },
          plugins: [['@react-native-google-signin/google-signin', { iosUrlScheme: ids.scheme }]],
        },
      }),
      'google-services.json': services,
      'src/auth.ts': configure(right),
    },
    found: ['google-services.json google-services-other-package error'],
  },
  {
    name: 'Expo whose scheme is a constant of its configuration',
    files: {
      'package.json': expo,
      'app.config.js': `const scheme = '${ids.scheme}';\nmodule.exports = { plugins: [['@react-native-google-signin/google-signin', { iosUrlScheme: scheme }]] };`,
      'src/auth.ts': configure(right),
    },
    found: [],
  },
  {
    name: 'Cordova with a placeholder for the reversed ID',
    files: {
      'config.xml': `<widget>\n<!-- <plugin name="cordova-plugin-googleplus"/> -->\n<plugin name="cordova-plugin-googleplus" spec="8.5.2">\n<variable name="REVERSED_CLIENT_ID" value="myreversedclientid" />\n<variable value="${ids.web}" name="WEB_APPLICATION_CLIENT_ID" />\n</plugin>\n</widget>`,
      'package.json': packages('cordova-ios', 'cordova-plugin-googleplus'),
    },
    found: ['config.xml:4 url-scheme-missing error'],
  },
  {
    name: 'Capacitor with a section in JSON and its copies',
    files: {
      'package.json': packages('@capacitor/core', '@codetrix-studio/capacitor-google-auth'),
      'capacitor.config.json': json({ plugins: { GoogleAuth: { serverClientId: 'YOUR_ID' } } }),
      'android/app/src/main/assets/capacitor.config.json': json({
        plugins: { GoogleAuth: { serverClientId: 'YOUR_ID' } },
      }),
      'ios/App/App/capacitor.config.json': json({
        plugins: { GoogleAuth: { serverClientId: 'YOUR_ID' } },
      }),
    },
    found: [
      'capacitor.config.json:3 refresh-code-not-forced note',
      'capacitor.config.json:4 client-id-placeholder error',
    ],
  },
  {
    name: 'Flutter that reads an ID from its .env, another web client than the server’s',
    files: {
      'pubspec.yaml': flutter,
      '.env': `GOOGLE_SERVER_ID=${ids.web}\n`,
      'lib/auth.dart':
        "final s = GoogleSignIn(clientId: kIsWeb ? 'YOUR_WEB' : null, serverClientId: dotenv.env['GOOGLE_SERVER_ID']);\nfinal code = account.serverAuthCode;",
      'server/src/main/resources/application.yml': `spring:\n  google:\n    client-id: ${otherWeb}\n    client-secret: \${SECRET}\n`,
    },
    found: ['server/src/main/resources/application.yml:3 server-client-file-differs warning'],
  },
  {
    name: 'Flutter with a server that has the client that the app names',
    files: {
      'pubspec.yaml': flutter,
      'lib/auth.dart': `final s = GoogleSignIn(serverClientId: '${ids.web}');\nfinal code = account.serverAuthCode;`,
      'server/appsettings.json': json({
        Authentication: { Google: { ClientId: ids.web, ClientSecret: '' } },
      }),
    },
    found: [],
  },
  {
    name: 'Flutter whose call for the web has the web client',
    files: {
      'pubspec.yaml': flutter,
      'lib/auth.dart': `const id = '${ids.web}';\nfinal s = kIsWeb ? GoogleSignIn(clientId: id) : GoogleSignIn(serverClientId: id);`,
    },
    found: [],
  },
  {
    name: 'Flutter for the web and Android, with the folder for iOS that every app has',
    files: {
      'pubspec.yaml': flutter,
      'lib/auth.dart': 'final s = GoogleSignIn.instance.initialize();',
      'ios/Runner/Info.plist': infoPlist('', []),
      'ios/Runner.xcodeproj/project.pbxproj': xcode({ INFOPLIST_FILE: 'Runner/Info.plist' }),
      'android/app/google-services.json': services,
    },
    found: [],
  },
  {
    name: 'Flutter that takes its client from a plist of another project',
    files: {
      'pubspec.yaml': flutter,
      'lib/auth.dart': `final s = GoogleSignIn(serverClientId: '${ids.web}');`,
      'ios/Runner/Info.plist': infoPlist('', [
        'com.googleusercontent.apps.271828271828-fakeios1fakeios1fakeios1fakeios1',
      ]),
      'ios/Runner/GoogleService-Info.plist': firebase(
        '271828271828-fakeios1fakeios1fakeios1fakeios1.apps.googleusercontent.com',
      ),
    },
    found: ['ios/Runner/GoogleService-Info.plist:6 project-numbers-differ error'],
  },
  {
    name: 'a secret without prefix beside its client ID',
    files: {
      'package.json': reactNative,
      'src/auth.ts': `${configure(right)}const body = { client_id: '${ids.web}', client_secret: 'aB3dE5fG7hJ9kL1mN3pQ5rS7' };`,
      'src/other.ts': "const body = { client_secret: 'aB3dE5fG7hJ9kL1mN3pQ5rS7' };",
    },
    found: ['src/auth.ts:2 client-secret-in-source error'],
  },
  {
    name: 'a web client in the tree of an app that only signs in',
    files: {
      'App/Info.plist': infoPlist(entry('GIDClientID', ids.ios)),
      'server/client_secret.json': clientFile(),
    },
    found: ['App/Info.plist:7 server-client-id-missing note'],
  },
  {
    name: 'Kotlin with the argument named, on the line below, and a sentence for an ID',
    files: {
      'app/build.gradle.kts': gradle,
      'app/src/main/java/SignIn.kt':
        'val option = GetSignInWithGoogleOption\n  .Builder(serverClientId = "Replace with your Web client ID!")\n  .build()',
    },
    found: ['app/src/main/java/SignIn.kt:2 client-id-placeholder error'],
  },
  {
    name: 'Swift with the configuration’s type left out',
    files: {
      'Package.swift': 'let package = Package(name: "App")',
      'App/Info.plist': infoPlist('', [ids.scheme]),
      'App/Auth.swift': `import GoogleSignIn\nGIDSignIn.sharedInstance.configuration = .init(clientID: "${ids.scheme}", serverClientID: "${ids.web}")`,
      'App.xcodeproj/project.pbxproj': project(),
    },
    found: ['App/Auth.swift:2 client-id-reversed error'],
  },
  {
    name: 'Cordova with the web client, reversed, as its scheme on iOS',
    files: {
      'config.xml': `<widget>\n<plugin name="cordova-plugin-googleplus" spec="8.5.2">\n<variable name="REVERSED_CLIENT_ID" value="${ids.web.split('.').reverse().join('.')}" />\n</plugin>\n</widget>`,
      'package.json': packages('cordova-ios', 'cordova-plugin-googleplus'),
      'src/login.ts': `this.googlePlus.login({ webClientId: '${ids.web}', offline: true });`,
    },
    found: ['config.xml:3 client-ids-equal error'],
  },
  {
    name: 'the option’s own name for an ID',
    files: {
      'package.json': reactNative,
      'src/auth.ts': configure("webClientId: 'webClientId.apps.googleusercontent.com'"),
    },
    found: ['src/auth.ts:1 client-id-placeholder error'],
  },
  {
    name: 'variables that code passes in two places, and one scheme for three',
    files: {
      'package.json': expo,
      'app.config.js':
        'const s = process.env.SCHEME;\nexport default { expo: { scheme: s, ios: { infoPlist: { CFBundleURLTypes: [{ CFBundleURLSchemes: [process.env.SCHEME] }] } }, plugins: [["@react-native-google-signin/google-signin", { iosUrlScheme: process.env.SCHEME }]] } };',
      'src/auth.ts': `const webClientId = process.env.WEB_ID!;\n${configure('webClientId')}${configure('webClientId')}`,
    },
    found: ['app.config.js:2 url-scheme-variable note', 'src/auth.ts:2 build-setting note'],
  },
  {
    name: 'a URL scheme that begins right and is still a placeholder',
    files: {
      'pubspec.yaml': flutter,
      'lib/auth.dart':
        "final id = dotenv.env['IOS_ID'];\nfinal s = GoogleSignIn(clientId: id, serverClientId: dotenv.env['WEB_ID']);",
      'ios/Runner/Info.plist': infoPlist('', ['com.googleusercontent.apps.REVERSED_CLIENT_ID']),
    },
    found: [
      'ios/Runner/Info.plist:6 url-scheme-missing error',
      'lib/auth.dart:2 build-setting note',
      'lib/auth.dart:2 build-setting note',
    ],
  },
  {
    name: 'Swift that reads its ID from a plist at run time',
    files: {
      'App.xcodeproj/project.pbxproj': project(),
      'App/Info.plist': infoPlist('', [ids.scheme]),
      'App/Auth.swift':
        'import GoogleSignIn\nenum Auth {\n  static var fromPlist: String? {\n    Bundle.main.path(forResource: "Google", ofType: "plist").flatMap { NSDictionary(contentsOfFile: $0)?["CLIENT_ID"] as? String }\n  }\n  static func start() {\n    guard let clientID = fromPlist else { return }\n    GIDSignIn.sharedInstance.configuration = GIDConfiguration(clientID: clientID)\n  }\n}\n',
    },
    found: [],
  },
  {
    name: 'a key without a value in Info.plist',
    files: {
      'App.xcodeproj/project.pbxproj': project(),
      'App/Info.plist': '<plist><dict><key>GIDClientID</key></dict></plist>',
      'App/Auth.swift': signsIn,
    },
    found: ['App/Info.plist:1 file-broken error'],
  },
  {
    name: 'files that something else stands in for on this machine',
    files: {
      'App.xcodeproj/project.pbxproj': project(),
      'App/Info.plist': infoPlist(entry('GIDClientID', ids.ios)),
      'App/GoogleService-Info.plist': '\0GITCRYPT\0\u0001\u0002',
      'app/google-services.json': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\n',
      'google-services.example.json': '{ "project_info": 1',
    },
    found: [
      'App/GoogleService-Info.plist not-read warning',
      'app/google-services.json not-read warning',
    ],
  },
  {
    name: 'an ID token that Firebase takes, of another project than its own',
    files: {
      'app/build.gradle.kts': gradle,
      'app/google-services.json': services,
      'app/src/main/java/SignIn.kt': `builder.setServerClientId("${ids.otherWeb}")\nGoogleAuthProvider.getCredential(token, null)`,
    },
    found: ['app/google-services.json:3 project-numbers-differ warning'],
  },
  {
    name: 'a client secret that the build puts into the app',
    files: {
      'app/build.gradle.kts': `${gradle}android { buildConfigField("String", "CLIENT_SECRET", System.getenv("CLIENT_SECRET")) }`,
      'app/src/main/java/SignIn.kt': `GetGoogleIdOption.Builder().setServerClientId("${ids.web}")`,
    },
    found: ['app/build.gradle.kts:3 client-secret-in-app warning'],
  },
  {
    name: 'a client secret of old form that Gradle quotes twice',
    files: {
      'app/build.gradle.kts': `${gradle}android { buildConfigField "String", "ID", '"${ids.web}"'\n buildConfigField "String", "GOOGLE_CLIENT_SECRET", '"aB3dE5fG7hJ9kL1mN3pQ5rS7"' }`,
      'app/src/main/java/SignIn.kt': 'builder.setServerClientId(BuildConfig.ID)',
    },
    found: ['app/build.gradle.kts:4 client-secret-in-source error'],
  },
  {
    name: 'an ID token on Android without a web client, in React Native',
    files: {
      'package.json': expo,
      'app.json': json({
        expo: {
          android: { package: 'com.example.fake' },
          plugins: [['@react-native-google-signin/google-signin', { iosUrlScheme: ids.scheme }]],
        },
      }),
      'src/auth.ts': `${configure(`iosClientId: '${ids.ios}'`)}const { idToken } = await GoogleSignin.getTokens();`,
    },
    found: ['src/auth.ts:1 server-client-id-missing warning'],
  },
  {
    name: 'a scheme that Expo’s plugin adds, and no client for iOS',
    files: {
      'package.json': expo,
      'app.json': json({
        expo: {
          plugins: [['@react-native-google-signin/google-signin', { iosUrlScheme: ids.scheme }]],
        },
      }),
      'src/auth.ts': configure(`webClientId: '${ids.web}'`),
    },
    found: ['src/auth.ts:1 client-id-missing warning'],
  },
  {
    name: 'Flutter whose plugin has no server client on Android',
    files: {
      'pubspec.yaml': flutter,
      'lib/auth.dart':
        'final s = GoogleSignIn.instance;\nawait s.initialize();\nawait s.authenticate();',
      'android/app/build.gradle.kts': gradle,
    },
    found: ['lib/auth.dart:3 server-client-id-missing warning'],
  },
  {
    name: 'Flutter whose file for Android git does not have',
    files: {
      'pubspec.yaml': flutter,
      'lib/auth.dart':
        'final s = GoogleSignIn.instance;\nawait s.initialize();\nawait s.authenticate();',
      'android/app/build.gradle.kts': `${gradle}plugins { id("com.google.gms.google-services") }`,
    },
    found: [],
  },
  {
    name: 'a constant that its own file compares with a placeholder',
    files: {
      'package.json': expo,
      'src/ids.ts': "export const CLIENT_ID = 'YOUR_CLIENT_ID.apps.googleusercontent.com';",
      'src/login.tsx':
        "import * as Google from 'expo-auth-session/providers/google';\nGoogle.useAuthRequest({ webClientId: CLIENT_ID });\nif (CLIENT_ID === 'YOUR_CLIENT_ID.apps.googleusercontent.com') ask();",
    },
    found: ['src/ids.ts:1 client-id-placeholder error'],
  },
  {
    name: 'one variable for both clients',
    files: {
      'package.json': reactNative,
      'src/auth.ts': configure('webClientId: config().id, iosClientId: config().id'),
    },
    found: ['src/auth.ts:1 client-ids-equal error'],
  },
  {
    name: 'React Native whose project for iOS knows nothing of Google',
    files: {
      'package.json': reactNative,
      'src/auth.ts': configure(`webClientId: '${ids.web}'`),
      'ios/Fake/Info.plist': infoPlist('', []),
      'ios/Fake.xcodeproj/project.pbxproj': xcode({ INFOPLIST_FILE: 'Fake/Info.plist' }),
    },
    found: ['ios/Fake/Info.plist url-scheme-missing warning'],
  },
  {
    name: 'Flutter that gives each platform an ID of its own project, and none if it is empty',
    files: {
      'pubspec.yaml': flutter,
      'lib/ids.dart': "const kWeb = '';",
      'lib/auth.dart': `final a = GoogleSignIn(\n  clientId: Platform.isIOS ? '${ids.ios}' : null,\n  serverClientId: Platform.isAndroid ? '${ids.otherWeb}' : null,\n);\nfinal b = GoogleSignIn(serverClientId: kWeb.isEmpty ? null : kWeb);`,
      'ios/Runner/Info.plist': infoPlist('', [ids.scheme]),
    },
    found: [],
  },
  {
    name: 'an app for phones with an ID, and one for the TV without',
    files: {
      'app/build.gradle.kts': gradle,
      'app/src/main/java/Phone.kt': 'AppConfig(webClientId = BuildConfig.WEB_ID)',
      'tv/src/main/java/Tv.kt': 'AppConfig(webClientId = "")',
      'auth/src/main/java/SignIn.kt': 'GetSignInWithGoogleOption.Builder(appConfig.webClientId)',
    },
    found: [],
  },
  {
    name: 'Objective-C of old, which reads the plist by itself',
    files: {
      'App.xcodeproj/project.pbxproj': project(),
      'App/Info.plist': infoPlist('', [ids.scheme]),
      'App/GoogleService-Info.plist': firebase(ids.ios),
      'App/AppDelegate.m':
        '[[GGLContext sharedInstance] configureWithError:&error];\n[[GIDSignIn sharedInstance] signIn];',
    },
    found: [],
  },
  {
    name: 'a flow of the app’s own, which reads a key of its own',
    files: {
      'App.xcodeproj/project.pbxproj': project(),
      'App/Info.plist': infoPlist(entry('GOOGLE_CLIENT_ID', '$(GOOGLE_CLIENT_ID)'), []),
      'App/Auth.swift':
        'let id = Bundle.main.object(forInfoDictionaryKey: "GOOGLE_CLIENT_ID")\nlet session = ASWebAuthenticationSession(url: url)',
    },
    found: [],
  },
  {
    name: 'Flutter whose Firebase options name a client for iOS',
    files: {
      'pubspec.yaml': flutter,
      'lib/auth.dart': 'final s = GoogleSignIn();',
      'lib/firebase_options.dart': `const ios = FirebaseOptions(iosClientId: '${ids.ios}');`,
      'ios/Runner/Info.plist': infoPlist('', []),
      'ios/Runner.xcodeproj/project.pbxproj': xcode({ INFOPLIST_FILE: 'Runner/Info.plist' }),
    },
    found: ['ios/Runner/Info.plist url-scheme-missing warning'],
  },
  {
    name: 'Capacitor that is built for iOS, where the plugin gets no client',
    files: {
      'package.json': packages(
        '@capacitor/core',
        '@capacitor/ios',
        '@capgo/capacitor-social-login',
      ),
      'src/login.ts': `SocialLogin.initialize({ google: { webClientId: '${ids.web}', mode: 'online' } });`,
    },
    found: ['src/login.ts:1 client-id-missing warning'],
  },
  {
    name: 'a Flutter package of the app’s own in a folder beside it',
    files: {
      'apps/phone/pubspec.yaml':
        'name: phone\nflutter:\ndependencies:\n  accounts:\n    path: ../../packages/accounts\n',
      'apps/phone/ios/Runner/Info.plist': infoPlist('', []),
      'apps/phone/ios/Podfile.lock': 'PODS:\n  - GoogleSignIn (8.0.0)\n',
      'packages/accounts/pubspec.yaml': flutter.replace('fake', 'accounts'),
      'packages/accounts/lib/auth.dart': `final s = GoogleSignIn(clientId: '${ids.ios}');`,
    },
    found: ['apps/phone/ios/Runner/Info.plist url-scheme-missing error'],
  },
  {
    name: 'a release of another bundle ID than the only client’s',
    files: {
      'App.xcodeproj/project.pbxproj': xcode(
        { INFOPLIST_FILE: 'App/Info.plist', PRODUCT_BUNDLE_IDENTIFIER: 'com.example.debug' },
        'App/GoogleService-Info.plist',
      )
        .replace('(C0, )', '(C0, C1, )')
        .replace(
          '\t\tC0 =',
          '\t\tC1 = {isa = XCBuildConfiguration; name = Release; buildSettings = {PRODUCT_BUNDLE_IDENTIFIER = com.example.app; }; };\n\t\tC0 =',
        ),
      'App/Info.plist': infoPlist(entry('GIDClientID', ids.ios)),
      'App/GoogleService-Info.plist': firebase(ids.ios).replace(
        '</dict>',
        `${entry('BUNDLE_ID', 'com.example.debug')}</dict>`,
      ),
      'App/Auth.swift': signsIn,
    },
    found: ['App/GoogleService-Info.plist:9 bundle-id-differs warning'],
  },
  {
    name: 'XcodeGen that writes Info.plist anew, without what the one on disk has',
    files: {
      'project.yml':
        'name: App\ntargets:\n  App:\n    type: application\n    platform: iOS\n    info:\n      path: App/Info.plist\n',
      'App/Info.plist': infoPlist(entry('GIDClientID', ids.ios)),
      'App/Auth.swift': signsIn,
    },
    found: ['project.yml client-id-missing error'],
  },
  {
    name: 'values with blanks: one that Android leaves out, one that iOS keeps',
    files: {
      'android/app/build.gradle.kts': gradle,
      'android/app/src/main/java/SignIn.kt':
        'builder.requestIdToken(getString(R.string.google_id))',
      'android/app/src/main/res/values/ids.xml': `<resources><string name="google_id">\n  ${ids.web}\n</string></resources>`,
      'ios/App.xcodeproj/project.pbxproj': project({ SCHEME: ` ${ids.scheme}` }),
      'ios/App/Info.plist': infoPlist('', ['$(SCHEME)']),
      'ios/App/Auth.swift': signsIn,
      'ios/App/Ids.swift': 'let id = GIDConfiguration(clientID: idFromServer())',
    },
    found: ['ios/App/Info.plist:6 url-scheme-missing error'],
  },
  {
    name: 'IDs that code sets in two places, one of each of another client',
    files: {
      'App.xcodeproj/project.pbxproj': project(),
      'App/Info.plist': infoPlist(''),
      'App/One.swift': `${signsIn}let c = GIDConfiguration(clientID: "${ids.ios}", serverClientID: "${ids.web}")`,
      'App/Two.swift': `${signsIn}let c = GIDConfiguration(clientID: "${otherIos}", serverClientID: "${otherWeb}")`,
    },
    found: [
      'App/Info.plist:6 url-scheme-missing error',
      'App/Two.swift:3 server-client-ids-differ warning',
    ],
  },
  {
    name: 'a flow of the app’s own with a placeholder as its client',
    files: {
      'App.xcodeproj/project.pbxproj': project(),
      'App/Info.plist': infoPlist('', []),
      'App/Auth.swift':
        'let id = "YOUR_CLIENT_ID"\nlet url = "https://accounts.google.com/o/oauth2/v2/auth"\nlet item = URLQueryItem(name: "client_id", value: id)',
    },
    found: ['App/Auth.swift:1 client-id-placeholder error'],
  },
  {
    name: 'Expo’s hook, which is called with a word where it is not used',
    files: {
      'package.json': packages('expo', 'expo-auth-session'),
      'App.tsx':
        "import * as Google from 'expo-auth-session/providers/google';\nGoogle.useAuthRequest({ clientId: '__off__' });",
    },
    found: [],
  },
  {
    name: 'Flutter whose plist for iOS is in no target yet, and no scheme is there either',
    files: {
      'pubspec.yaml': flutter,
      'lib/auth.dart': 'final s = GoogleSignIn();',
      'ios/Runner/Info.plist': infoPlist('', []),
      'ios/Runner/GoogleService-Info.plist': firebase(ids.ios),
      'ios/Runner.xcodeproj/project.pbxproj': xcode(
        { INFOPLIST_FILE: 'Runner/Info.plist' },
        'a.txt',
      ),
    },
    found: [
      'ios/Runner/GoogleService-Info.plist client-plist-not-bundled error',
      'ios/Runner/Info.plist url-scheme-missing error',
    ],
  },
  {
    name: 'React Native on iOS with neither iosClientId nor a client plist',
    files: {
      'package.json': reactNative,
      'src/auth.ts': configure(`webClientId: '${ids.web}'`),
      'ios/App.xcodeproj/project.pbxproj': xcode({ INFOPLIST_FILE: 'App/Info.plist' }, 'a.txt'),
      'ios/App/Info.plist': infoPlist(''),
      'ios/Podfile.lock': 'PODS:\n  - GoogleSignIn (8.0.0)\n',
    },
    found: ['src/auth.ts:1 client-id-missing warning'],
  },
  {
    name: 'Capacitor with Firebase’s plugin, whose scheme and web client are missing',
    files: {
      'package.json': packages('@capacitor/core', '@capacitor-firebase/authentication'),
      'src/auth.ts': 'await FirebaseAuthentication.signInWithGoogle();',
      'ios/App/App.xcodeproj/project.pbxproj': xcode(
        { INFOPLIST_FILE: 'App/Info.plist' },
        'App/GoogleService-Info.plist',
      ),
      'ios/App/App/Info.plist': infoPlist('', []),
      'ios/App/App/GoogleService-Info.plist': firebase(ids.ios),
      'android/app/google-services.json': googleServices([{ id: ids.android, type: 1 }]),
    },
    found: [
      'android/app/google-services.json:3 google-services-without-web-client warning',
      'ios/App/App/Info.plist url-scheme-missing error',
    ],
  },
  {
    name: 'KMPAuth with the Android client as the server’s, in a build with a plugin of its own',
    files: {
      'composeApp/build.gradle.kts':
        'plugins { id("fake.app") }\nandroid { defaultConfig { applicationId = "com.example.other" } }\n',
      'composeApp/google-services.json': services,
      'composeApp/src/commonMain/kotlin/App.kt': `GoogleAuthProvider.create(credentials = GoogleAuthCredentials(serverId = "${ids.android}"))`,
    },
    found: [
      'composeApp/google-services.json google-services-other-package error',
      'composeApp/src/commonMain/kotlin/App.kt:1 server-client-id-is-android error',
    ],
  },
  {
    name: 'flavours of Android, of which the one without Google has no client',
    files: {
      'app/build.gradle': `apply plugin: 'com.android.application'\nandroid { productFlavors {\n play { applicationId "com.example.fake" }\n foss { applicationId "com.example.foss" }\n}\n}\n`,
      'app/google-services.json': services,
    },
    found: [],
  },
  {
    name: 'Capgo’s plugin that is given its IDs in code, beside a section that it does not read',
    files: {
      'package.json': packages('@capacitor/core', '@capgo/capacitor-social-login'),
      'capacitor.config.json': json({ plugins: { SocialLogin: { webClientId: ids.web } } }),
      'src/login.ts': 'SocialLogin.initialize(settings);',
    },
    found: [],
  },
];

describe('gsac check on apps of many kinds', () => {
  let desk: Desk;
  let tree: Tree;
  beforeAll(() => {
    desk = createDesk();
  });
  afterAll(() => desk.dispose());
  afterEach(() => tree.remove());

  it.each(kinds)('$name', async ({ files, found }) => {
    tree = plantTree();
    for (const [file, text] of Object.entries(files)) tree.write(file, text);
    const { findings } = await check(desk, tree.path);
    expect(brief(findings, ['rule', 'severity'])).toEqual(found);
  });
});
