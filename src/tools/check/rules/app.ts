import { toIdShape, toScheme } from '../client-id.js';
import { lineOfKey, placeOf } from '../locate.js';
import type { App, CheckRule, Match, OfApp, Project } from '../model.js';
import { isConfiguredInCode, mainPlist, ownOf, seenBy, signInOf } from '../scope.js';
import { sources } from '../sources.js';

function hasFact(project: Project, app: App, ...facts: string[]): boolean {
  return ownOf(app, project.sourceFacts).some(({ fact }) => facts.includes(fact));
}

/** Rules about what an app's files say together. */
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
        const use = signInOf(project, app);
        if (use === undefined || isConfiguredInCode(app)) continue;
        const mentions = ownOf(app, project.mentions).filter(({ role }) => role === 'client');
        if (mentions.some(({ from }) => from === 'info-plist' || from === 'source')) continue;
        if (
          hasFact(project, app, 'configuration', 'configuration-with-server', 'client-id-passed')
        ) {
          continue;
        }
        const plist = mainPlist(project, app);
        if (plist === undefined) continue;
        const firebase = mentions.find(({ from }) => from === 'client-plist');
        if (app.kind === 'flutter' && firebase !== undefined) continue;
        yield {
          file: plist.file,
          line: null,
          message:
            firebase === undefined
              ? 'The app uses Google Sign-In, and its Info.plist has no GIDClientID.'
              : `Info.plist has no GIDClientID; the SDK does not read the CLIENT_ID of ${firebase.file} by itself.`,
          fix: `Add the key GIDClientID with the iOS client’s ID as a string, or ${app.kind === 'flutter' ? 'pass clientId in Dart' : 'set GIDSignIn.sharedInstance.configuration in code'}.`,
        };
      }
    },
  },
  {
    id: 'server-client-id-missing',
    name: 'No server client ID',
    severity: 'warning',
    why: 'Without a server client ID the SDK asks for no code, and serverAuthCode is nil.',
    source: sources.offline,
    cause: 'server-client-id-missing',
    *find(project) {
      const webFiles = project.secretFiles.filter(({ kind }) => kind === 'web');
      for (const app of project.apps.values()) {
        const own = ownOf(app, project.mentions);
        if (own.some(({ role, from }) => role === 'server' && from !== 'android')) continue;
        if (hasFact(project, app, 'configuration-with-server', 'server-id-passed')) continue;
        const client = own.find(({ from }) => from === 'info-plist') ?? own[0];
        const [auth] = ownOf(app, project.capacitorAuths);
        const [configure] = ownOf(app, project.sourceFacts).filter(
          ({ fact }) => fact === 'configure' || fact === 'configuration',
        );
        const plist = mainPlist(project, app);
        const at =
          configure ??
          (app.kind === 'capacitor' ? (auth ?? client) : client) ??
          (plist === undefined ? undefined : { file: plist.file, line: null });
        // A plugin's settings may stand in code that is not told apart here.
        if (isConfiguredInCode(app) && configure === undefined && auth === undefined) continue;
        if (at === undefined || (signInOf(project, app) === undefined && auth === undefined))
          continue;
        const wanted = wantsServerCode(project, app, webFiles);
        const key = keyOfServer(app, configure !== undefined);
        yield {
          ...placeOf(at),
          severity: wanted === undefined ? 'warning' : 'error',
          message: `No ${key} is set, so no server auth code is made${wanted === undefined ? '' : `; ${wanted}`}.`,
          fix: `Set ${key} to the ID of the server’s client, of type “Web application”, of the same project.`,
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
        const own = ownOf(app, project.mentions);
        const server = own.find(({ key }) => key === 'GIDServerClientID');
        if (server === undefined) continue;
        if (hasFact(project, app, 'configuration-with-server', 'server-id-passed')) continue;
        if (
          own.some(
            ({ role, from }) => role === 'server' && from !== 'info-plist' && from !== 'android',
          )
        )
          continue;
        const reader = readerInstead(project, app);
        if (reader === undefined) continue;
        yield { ...placeOf(server), ...reader };
      }
    },
  },
  {
    id: 'firebase-plist-without-client-id',
    name: 'GoogleService-Info.plist without CLIENT_ID',
    severity: 'warning',
    why: 'A file that was downloaded before Google sign-in was switched on in Firebase has no CLIENT_ID, and what reads its client ID from there finds none.',
    source: sources.firebaseIos,
    cause: 'client-id-placeholder-or-unset',
    *find(project) {
      for (const plist of project.clientPlists) {
        if (plist.kind !== 'firebase' || 'CLIENT_ID' in plist.values) continue;
        const app = project.apps.get(plist.app);
        if (app === undefined || signInOf(project, app) === undefined) continue;
        const only = !ownOf(app, project.mentions).some(({ role }) => role === 'client');
        yield {
          file: plist.file,
          line: lineOfKey(plist.lines, 'GOOGLE_APP_ID'),
          severity:
            only && isConfiguredInCode(app) && !hasFact(project, app, 'client-id-passed')
              ? 'error'
              : 'warning',
          message: 'The file has no CLIENT_ID: it was made before Google sign-in was switched on.',
          fix: 'Switch Google on under Authentication, Sign-in method, in the Firebase console and download the file again.',
        };
      }
    },
  },
  {
    id: 'reversed-client-id-differs',
    name: 'REVERSED_CLIENT_ID of another client',
    severity: 'error',
    why: 'The two values of one client plist belong together; where one was edited, the URL scheme is not that of the client.',
    source: sources.start,
    cause: 'reversed-client-id-scheme-missing',
    *find(project) {
      for (const { file, values, lines } of project.clientPlists) {
        const { CLIENT_ID: id, REVERSED_CLIENT_ID: reversed } = values;
        if (typeof id !== 'string' || typeof reversed !== 'string') continue;
        if (toIdShape(id).shape !== 'right' || toScheme(id) === reversed.toLowerCase()) continue;
        yield {
          file,
          line: lineOfKey(lines, 'REVERSED_CLIENT_ID'),
          message: 'REVERSED_CLIENT_ID is not the CLIENT_ID in reverse.',
          fix: 'Download the file again instead of editing it.',
        };
      }
    },
  },
  {
    id: 'google-services-without-web-client',
    name: 'google-services.json without a web client',
    severity: 'warning',
    why: 'Without a web client in the file there is no default_web_client_id, and the Android app can ask for no server auth code.',
    source: sources.firebaseAndroid,
    cause: 'server-client-id-missing',
    *find(project) {
      for (const file of project.googleServices) {
        const app = project.apps.get(file.app);
        const usesSignIn = app !== undefined && signInOf(project, app) !== undefined;
        if (!usesSignIn || file.webClients > 0) continue;
        if (ownOf(app, project.mentions).some(({ role }) => role === 'server')) continue;
        yield {
          ...placeOf(file),
          message:
            file.clients === 0
              ? 'The file names no OAuth client at all.'
              : 'The file names no web client (client_type 3).',
          fix: 'Switch Google on under Authentication in the Firebase console, register the SHA-1 of the build, and download the file again.',
        };
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
        const configure = ownOf(app, project.sourceFacts).find(({ fact }) => fact === 'configure');
        if (configure === undefined || hasFact(project, app, 'offline-access')) continue;
        if (!hasFact(project, app, 'server-auth-code')) continue;
        yield {
          ...placeOf(configure),
          message:
            'The app reads serverAuthCode, and GoogleSignin.configure() has no offlineAccess.',
          fix: 'Add offlineAccess: true beside webClientId.',
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
      for (const { file, line, forcesCode } of project.capacitorAuths) {
        if (forcesCode) continue;
        yield {
          file,
          line,
          message: 'forceCodeForRefreshToken is not switched on.',
          fix: 'Add "forceCodeForRefreshToken": true where the server needs a refresh token.',
        };
      }
    },
  },
];

function wantsServerCode(
  project: Project,
  app: App,
  webFiles: readonly (OfApp & { file: string })[],
): string | undefined {
  const read = ownOf(app, project.sourceFacts).find(({ fact }) => fact === 'server-auth-code');
  if (read !== undefined) return `${read.file}:${read.line} reads it`;
  const [file] = seenBy(app, webFiles);
  return file === undefined ? undefined : `${file.file} shows that a server waits for it`;
}

function keyOfServer(app: App, inCode: boolean): string {
  if (app.kind === 'react-native' || app.kind === 'cordova') return 'webClientId';
  if (app.kind === 'capacitor') return 'serverClientId';
  if (app.kind === 'flutter') return inCode ? 'serverClientId' : 'GIDServerClientID';
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
      message: `GIDServerClientID is not read: the plugin takes both IDs from ${firebase.file} where it is in the bundle, and that has no SERVER_CLIENT_ID.`,
      fix: 'Pass serverClientId in Dart, or add SERVER_CLIENT_ID to that file.',
    };
  }
  const [code] = ownOf(app, project.sourceFacts).filter(({ fact }) => fact === 'configuration');
  if (app.kind !== 'native' || code === undefined) return undefined;
  return {
    message: `GIDServerClientID is not read: ${code.file}:${code.line} sets a configuration without serverClientID.`,
    fix: 'Pass serverClientID to GIDConfiguration, or leave out the configuration in code.',
  };
}
