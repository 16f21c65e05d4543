import { placeOf } from '../locate.js';
import type { App, CheckRule, InfoPlist, Match, OfApp, Place, Project } from '../model.js';
import {
  appPlists,
  codeOf,
  idsOf,
  isBuiltForIos,
  isConfiguredInCode,
  listsClientPlist,
  mainPlist,
  modulesOf,
  ownOf,
  seenBy,
  signInOf,
} from '../scope.js';
import { sources } from '../sources.js';
import { strayKeys } from './info-plist.js';

/** Rules about what an app's code and settings lack. Each speaks only if the app shows that it needs it. */
export const appRules: readonly CheckRule[] = [
  {
    id: 'client-id-missing',
    name: 'No client ID',
    severity: 'error',
    why: 'Without GIDClientID, and without a configuration in code, the SDK raises “No active configuration. Make sure GIDClientID is set in Info.plist.” at sign-in.',
    source: sources.start,
    cause: 'client-id-placeholder-or-unset',
    *find(project) {
      for (const app of project.apps.values()) {
        yield* initializedWithoutClient(project, app);
        yield* configuredWithoutClient(project, app);
        if (isConfiguredInCode(app) || idsOf(project, app, 'client').some(isRead(app))) continue;
        if (codeOf(project, app, 'configuration', 'configuration-with-server').length > 0) continue;
        // A Kotlin module for iOS lies beside the Xcode project, and belongs to no app.
        const facts = [...seenBy(app, project.sourceFacts)];
        if (facts.some(({ file, fact }) => /Main\/.*\.kt$/.test(file) && /^conf/.test(fact)))
          continue;
        const [use] = codeOf(project, app, 'sign-in');
        if (!use || (app.kind === 'flutter' && listsClientPlist(project, app, true))) continue;
        // A Flutter app may be built for Android only, although it has the folder.
        const isMeant =
          app.kind !== 'flutter' ||
          isBuiltForIos(project, app) ||
          ownOf(app, project.schemes).some(({ value }) => /^com\.googleusercontent/.test(value));
        const [plist] = appPlists(project, app);
        if (plist === undefined || plist.isOpen || [...strayKeys(plist)].length > 0) continue;
        const [firebase] = ownOf(app, project.mentions).filter(
          ({ from, role }) => from === 'client-plist' && role === 'client',
        );
        // One that names no client anywhere may not be meant for iOS; what names some knew why.
        const named = [...ownOf(app, project.mentions), ...ownOf(app, project.knownClients)];
        if (!isMeant && (named[0] ?? codeOf(project, app, 'signs-in-on-ios')[0])) continue;
        const severity = isMeant ? undefined : 'warning';
        yield { ...missingIn(project, plist, firebase), severity, fix: fixOf(app, plist) };
      }
    },
  },
  {
    id: 'server-client-id-missing',
    name: 'No server client ID',
    severity: 'error',
    why: 'Without a server client ID the SDK asks for no code, and serverAuthCode is nil.',
    source: sources.offline,
    cause: 'server-client-id-missing',
    *find(project) {
      const webFiles = project.secretFiles.filter(({ kind }) => kind === 'web');
      for (const app of project.apps.values()) {
        if (idsOf(project, app, 'server').some(({ from }) => from !== 'android')) continue;
        if (codeOf(project, app, 'configuration-with-server', 'configure-open').length > 0)
          continue;
        const key = keyOfServer(project, app);
        const fix = `Set ${key} to the ID of the server’s client, of type “Web application”, of the same project.`;
        const wanted = wantsServerCode(project, app, webFiles);
        if (wanted === undefined) {
          const token = wantsIdToken(project, app);
          if (token !== undefined) yield { ...token, fix };
          continue;
        }
        const at = placeOfConfiguration(project, app);
        if (at === undefined) continue;
        yield {
          ...placeOf(at),
          severity: wanted.severity,
          message: `No ${key} is set, so Google makes no server auth code; ${wanted.why}.`,
          fix,
        };
      }
    },
  },
  {
    id: 'server-client-id-not-read',
    name: 'Server client ID where it is not read',
    severity: 'warning',
    why: 'A configuration that is set in code, or by a plugin, replaces that of Info.plist as a whole, GIDServerClientID with it.',
    source: sources.flutterNotRead,
    cause: 'server-client-id-not-read',
    *find(project) {
      for (const app of project.apps.values()) {
        const own = idsOf(project, app, 'server');
        yield* unreadSection(project, app);
        const server = own.find(({ key }) => key === 'GIDServerClientID');
        if (server === undefined) continue;
        if (codeOf(project, app, 'configuration-with-server').length > 0) continue;
        if (own.some(({ from }) => from !== 'info-plist' && from !== 'android')) continue;
        const reader = readerInstead(project, app);
        if (reader !== undefined) yield { ...placeOf(server), ...reader };
      }
    },
  },
  {
    id: 'offline-access-off',
    name: 'Offline access not asked for',
    severity: 'warning',
    why: 'Without offlineAccess the plugin asks Android for no server auth code, and serverAuthCode is null there.',
    source: sources.reactNative,
    cause: 'offline-access-not-requested',
    *find(project) {
      for (const app of project.apps.values()) {
        if (app.kind !== 'react-native') continue;
        const [configure] = codeOf(project, app, 'configure');
        if (configure === undefined) continue;
        if (codeOf(project, app, 'offline-access', 'configure-open').length > 0) continue;
        const [read] = codeOf(project, app, 'server-auth-code');
        if (read === undefined) continue;
        yield {
          ...placeOf(configure),
          message: `${read.file}:${read.line} reads serverAuthCode, and GoogleSignin.configure() does not set offlineAccess.`,
          fix: 'Add offlineAccess: true beside webClientId.',
        };
      }
    },
  },
  {
    id: 'activity-not-prepared',
    name: 'Activity that the plugin refuses',
    severity: 'error',
    why: 'Capgo’s plugin refuses scopes and offline mode on Android (“You CANNOT use scopes without modifying the main activity”) if the activity does not implement its interface.',
    source: sources.capgo,
    cause: null,
    *find(project) {
      for (const app of project.apps.values()) {
        const [use] = codeOf(project, app, 'needs-activity');
        const [activity] = codeOf(project, app, 'plain-activity');
        if (use === undefined || activity === undefined) continue;
        yield {
          ...placeOf(activity),
          message: `${use.file}:${use.line} asks for scopes or offline mode, and the plugin refuses both if the activity does not implement its interface.`,
          fix: 'Let the activity implement ModifiedMainActivityForSocialLoginPlugin and pass onActivityResult on to the plugin.',
        };
      }
    },
  },
  {
    id: 'refresh-code-not-forced',
    name: 'No code for a refresh token',
    severity: 'note',
    why: 'Without forceCodeForRefreshToken a person who has consented before gives a code without a refresh token on Android.',
    source: sources.capacitor,
    cause: 'refresh-token-omitted-repeat-consent',
    *find(project) {
      for (const auth of project.capacitorAuths) {
        if (auth.forcesCode || auth.section !== 'GoogleAuth') continue;
        const servers = ownOf({ root: auth.app }, project.mentions).filter(
          ({ role, site }) => role === 'server' && site === auth.file,
        );
        if (servers.length === 0) continue;
        yield {
          ...placeOf(auth),
          message: 'forceCodeForRefreshToken is not switched on.',
          fix: 'Add "forceCodeForRefreshToken": true if the server needs a refresh token.',
        };
      }
    },
  },
];

/** Whether a client ID is one that the app's sign-in reads. */
function isRead({ kind }: App) {
  return ({ from }: { from: string }) =>
    from === 'info-plist' || from === 'source' || (kind === 'flutter' && from === 'client-plist');
}

function missingIn(
  project: Project,
  { file, generated, site }: InfoPlist,
  firebase: Place | undefined,
): Place & { message: string } {
  if (generated) {
    const target = project.xcodeTargets.find((each) => `${each.file}#${each.name}` === site);
    const key = target?.settings.get('INFOPLIST_KEY_GIDClientID')?.[0];
    return {
      file,
      line: key?.line ?? target?.line ?? null,
      message:
        key === undefined
          ? `The target ${target?.name ?? ''} signs in with Google, and Xcode makes its Info.plist without GIDClientID.`
          : 'Xcode ignores INFOPLIST_KEY_GIDClientID: it knows no such key, so Info.plist has no GIDClientID.',
    };
  }
  return {
    file,
    line: null,
    message:
      site !== file
        ? 'The app signs in with Google, and the Info.plist that is written from this file has no GIDClientID, whatever the one on disk has.'
        : firebase === undefined
          ? 'The app signs in with Google, and its Info.plist has no GIDClientID.'
          : `Info.plist has no GIDClientID, and the SDK does not read the CLIENT_ID of ${firebase.file} by itself.`,
  };
}

function fixOf({ kind }: App, { generated, values }: InfoPlist): string {
  const add = generated
    ? 'Give the target an Info.plist of its own (INFOPLIST_FILE) with the key GIDClientID'
    : 'Add the key GIDClientID with the iOS client’s ID as a string';
  const scheme =
    'CFBundleURLTypes' in values ? '' : ' and the reversed ID as a URL scheme in CFBundleURLTypes';
  const code =
    kind === 'flutter'
      ? 'pass clientId in Dart'
      : 'set GIDSignIn.sharedInstance.configuration in code';
  return `${add}${scheme}, or ${code}.`;
}

/** What shows that a server waits for a code, and how much it shows. */
function wantsServerCode(
  project: Project,
  app: App,
  webFiles: readonly (OfApp & { file: string })[],
): { why: string; severity: 'error' | 'warning' | 'note' } | undefined {
  const [read] = codeOf(project, app, 'server-auth-code');
  if (read !== undefined) return { why: `${read.file}:${read.line} reads it`, severity: 'error' };
  const [offline] = codeOf(project, app, 'offline-access');
  if (offline !== undefined) {
    return { why: `${offline.file}:${offline.line} asks for offline access`, severity: 'error' };
  }
  const auth = ownOf(app, project.capacitorAuths).find(({ forcesCode }) => forcesCode);
  if (auth !== undefined) {
    return { why: 'forceCodeForRefreshToken asks for one', severity: 'warning' };
  }
  const [file] = seenBy(app, webFiles);
  if (file === undefined || signInOf(project, app) === undefined) return undefined;
  return { why: `${file.file} is the client of a server`, severity: 'note' };
}

/** React Native's plugin is given no client for iOS, for which Expo has a scheme or pods were built. */
function* configuredWithoutClient(project: Project, app: App): Generator<Match> {
  const [request] = codeOf(project, app, 'request-without-android');
  if (request !== undefined && modulesOf(project, app).length > 0) {
    const message = 'No androidClientId is given, and Google’s hook throws on Android without it.';
    yield { ...placeOf(request), severity: 'warning', message, fix: 'Set androidClientId.' };
  }
  const [configure] = codeOf(project, app, 'configure');
  const isOpen = codeOf(project, app, 'configure-open').length > 0;
  if (app.kind !== 'react-native' || configure === undefined || isOpen) return;
  if (idsOf(project, app, 'client').length + ownOf(app, project.clientPlists).length > 0) return;
  const configs = ownOf(app, project.expoConfigs);
  if (configs.some(({ iosServices }) => iosServices !== undefined)) return;
  const expo = configs.find(({ hasPlugin }) => hasPlugin);
  const hasScheme = ownOf(app, project.schemes).some(({ whole }) => whole);
  const isBuilt =
    isBuiltForIos(project, app) &&
    ownOf(app, project.xcodeTargets).some(({ isApp }) => isApp) &&
    !listsClientPlist(project, app, true) &&
    !/\.android\.\w+$/.test(configure.file);
  if (!isBuilt && (expo === undefined || expo.isOpen || !hasScheme)) return;
  yield {
    ...placeOf(configure),
    severity: 'warning',
    message:
      'No iosClientId is set, and there is no GoogleService-Info.plist: sign-in on iOS finds no client ID.',
    fix: 'Set iosClientId to the ID of the iOS client.',
  };
}

/** Capgo's plugin is told of Google, and of no client for the iOS that the app is built for. */
function* initializedWithoutClient(project: Project, app: App): Generator<Match> {
  const [call] = codeOf(project, app, 'configure-without-ios');
  const [plist] = appPlists(project, app);
  const isForIos = ownOf(app, project.plugins).some(({ name }) => name === '@capacitor/ios');
  if (call === undefined || (plist === undefined && !isForIos)) return;
  if (idsOf(project, app, 'client').some(({ from }) => from === 'source')) return;
  yield {
    ...placeOf(call),
    severity: plist === undefined ? 'warning' : undefined,
    message: 'No iOSClientId is given, so the plugin knows no Google on iOS.',
    fix: 'Pass iOSClientId: the ID of the iOS client.',
  };
}

/** What an app lacks that signs in on Android by an ID token, which is made for a server's client. */
function wantsIdToken(project: Project, app: App): Omit<Match, 'fix'> | undefined {
  const [read] = codeOf(project, app, 'id-token');
  const modules = modulesOf(project, app);
  if (read === undefined || codeOf(project, app, 'default-web-client').length > 0) return undefined;
  if (app.kind === 'react-native') {
    const [configure] = codeOf(project, app, 'configure');
    const hasPackage = ownOf(app, project.expoConfigs).some((each) => each.package !== undefined);
    if (configure === undefined || (modules.length === 0 && !hasPackage)) return undefined;
    const message = `No webClientId is set, so Google gives Android no ID token; ${read.file}:${read.line} reads it.`;
    return { ...placeOf(configure), severity: 'warning', message };
  }
  // Flutter's plugin takes what is missing from the file that Gradle's plugin reads.
  const services = ownOf(app, project.googleServices);
  // Of a file without a web client another rule tells, and git may leave the file out.
  const mayHave = services.length > 0 || modules.some(({ readsServices }) => readsServices);
  if (app.kind !== 'flutter' || modules.length === 0 || mayHave) return undefined;
  const message =
    'No serverClientId is given, and on Android google_sign_in gives no ID token without it.';
  return { ...placeOf(read), severity: 'warning', message };
}

/** IDs in a section of Capacitor's configuration where the app's plugin does not look. */
function* unreadSection(project: Project, app: App): Generator<Match> {
  const [section] = codeOf(project, app, 'unread-section');
  const plugins = ownOf(app, project.plugins).map(({ name }) => name);
  const plugin = plugins.find((name) => /\/capacitor-(google-auth|social-login)$/.test(name));
  if (section === undefined || plugin === undefined) return;
  if (codeOf(project, app, 'configuration', 'configure-open').length > 0) return;
  const ids = idsOf(project, app, 'server');
  if (ids.some(({ from }) => from === 'source' || from === 'capacitor')) return;
  const fix = plugin.endsWith('social-login')
    ? 'Give them to SocialLogin.initialize({ google: … }) in code.'
    : 'Name the section GoogleAuth.';
  yield { ...placeOf(section), message: `${plugin} does not read the IDs in this section.`, fix };
}

/** Where an app is configured, and so where a server's ID is missing. */
function placeOfConfiguration(project: Project, app: App): Place | undefined {
  const [configure] = codeOf(project, app, 'configure', 'configuration');
  if (configure !== undefined) return configure;
  const [auth] = ownOf(app, project.capacitorAuths);
  if (auth !== undefined) return auth;
  // A plugin's settings may stand in code that is not told apart here.
  if (isConfiguredInCode(app)) return undefined;
  const clients = idsOf(project, app, 'client');
  const client = clients.find(({ from }) => from === 'info-plist') ?? clients[0];
  if (client !== undefined) return client;
  const plist = mainPlist(project, app);
  // Android's part of a Flutter app takes the server's ID from google-services.json.
  const hasWeb = ownOf(app, project.googleServices).some(({ webClients }) => webClients > 0);
  if (plist === undefined || (app.kind === 'flutter' && hasWeb)) return undefined;
  return signInOf(project, app) === undefined ? undefined : { file: plist.file, line: null };
}

function keyOfServer(project: Project, app: App): string {
  if (app.kind === 'react-native' || app.kind === 'cordova') return 'webClientId';
  if (app.kind === 'capacitor') return 'serverClientId';
  // Flutter's plugin reads GIDServerClientID only if it reads GIDClientID.
  if (app.kind === 'flutter') return 'serverClientId in Dart';
  const inCode = codeOf(project, app, 'configuration').length > 0;
  return inCode ? 'serverClientID' : 'GIDServerClientID';
}

function readerInstead(project: Project, app: App): Pick<Match, 'message' | 'fix'> | undefined {
  if (app.kind === 'react-native') {
    return {
      message: 'GIDServerClientID is not read: the plugin takes webClientId from configure().',
      fix: 'Pass webClientId to GoogleSignin.configure().',
    };
  }
  if (app.kind === 'flutter') {
    const firebase = ownOf(app, project.clientPlists).find(
      ({ values }) => 'CLIENT_ID' in values && !('SERVER_CLIENT_ID' in values),
    );
    if (firebase === undefined) return undefined;
    return {
      message: `GIDServerClientID is not read: the plugin takes both IDs from ${firebase.file} if that is in the bundle, and it has no SERVER_CLIENT_ID.`,
      fix: 'Pass serverClientId in Dart, or add SERVER_CLIENT_ID to that file.',
    };
  }
  const [code] = codeOf(project, app, 'configuration');
  if (app.kind !== 'native' || code === undefined) return undefined;
  return {
    message: `GIDServerClientID is not read: ${code.file}:${code.line} sets a configuration without serverClientID.`,
    fix: 'Pass serverClientID to GIDConfiguration, or leave out the configuration in code.',
  };
}
