import { isVariable, toIdShape, toScheme } from '../client-id.js';
import { lineOfKey } from '../locate.js';
import type {
  App,
  CheckRule,
  IdMention,
  InfoPlist,
  Match,
  Place,
  Project,
  Scheme,
} from '../model.js';
import { isConfiguredInCode, ownOf, seenBy, signInOf } from '../scope.js';
import { sources } from '../sources.js';

const googleScheme = /^com\.googleusercontent\.apps\./i;

/** The Info.plist that speaks for an app: the one with IDs, else the one that most looks like it. */
function mainPlist(project: Project, app: App): InfoPlist | undefined {
  const plists = ownOf(app, project.infoPlists).filter(({ ofApp }) => ofApp);
  return (
    plists.find(({ values }) => 'GIDClientID' in values) ??
    plists.find(({ surely }) => surely) ??
    plists[0]
  );
}

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
      for (const app of project.apps) {
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
      for (const app of project.apps) {
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
        const wanted = wantsServerCode(project, app);
        const key = keyOfServer(app, configure !== undefined);
        yield {
          file: at.file,
          line: at.line,
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
      for (const app of project.apps) {
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
        yield { file: server.file, line: server.line, ...reader };
      }
    },
  },
  {
    id: 'url-scheme-missing',
    name: 'No URL scheme for Google’s answer',
    severity: 'error',
    why: 'The SDK raises “Your app is missing support for the following URL schemes” and the app ends, where the reversed client ID is none of its URL schemes.',
    source: sources.start,
    cause: 'reversed-client-id-scheme-missing',
    *find(project) {
      for (const app of project.apps) yield* schemesOf(project, app);
    },
  },
  {
    id: 'url-scheme-variable',
    name: 'URL scheme left to the build settings',
    severity: 'note',
    why: 'A variable is filled in at build time, so whether it is the reversed client ID cannot be judged from the files.',
    source: sources.infoPlist,
    cause: null,
    *find(project) {
      for (const app of project.apps) {
        if (signInOf(project, app) === undefined) continue;
        for (const scheme of ownOf(app, project.schemes)) {
          if (!isFilledIn(scheme.value)) continue;
          yield {
            file: scheme.file,
            line: scheme.line,
            message: `A URL scheme is ${scheme.value}, filled in at build time: not judged.`,
            fix: 'See that it becomes the reversed client ID: com.googleusercontent.apps.123456789012-abc…',
          };
        }
      }
    },
  },
  {
    id: 'url-types-malformed',
    name: 'URL schemes in the wrong form',
    severity: 'error',
    why: 'iOS and the SDK read URL schemes only from CFBundleURLTypes, an array of dictionaries that each have an array CFBundleURLSchemes.',
    source: sources.urlTypes,
    cause: 'info-plist-malformed',
    *find(project) {
      for (const { file, values, lines } of project.infoPlists) {
        const problem = urlTypesProblem(values);
        if (problem === undefined) continue;
        const [key, message] = problem;
        yield {
          file,
          line: lineOfKey(lines, key),
          message,
          fix: 'Write CFBundleURLTypes as an array of dictionaries, each with an array of strings CFBundleURLSchemes.',
        };
      }
    },
  },
  {
    id: 'key-not-read',
    name: 'Key that the SDK does not read',
    severity: 'error',
    why: 'The SDK reads GIDClientID and GIDServerClientID, spelt so, from the top of Info.plist and from nowhere else.',
    source: sources.start,
    cause: 'info-plist-malformed',
    *find(project) {
      for (const plist of project.infoPlists) yield* strayKeys(plist);
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
        const app = project.apps.find(({ root }) => root === plist.app);
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
        const app = project.apps.find(({ root }) => root === file.app);
        const usesSignIn = app !== undefined && signInOf(project, app) !== undefined;
        if (!usesSignIn || file.webClients > 0) continue;
        if (ownOf(app, project.mentions).some(({ role }) => role === 'server')) continue;
        yield {
          file: file.file,
          line: file.line,
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
      for (const app of project.apps) {
        if (app.kind !== 'react-native') continue;
        const [configure] = ownOf(app, project.sourceFacts).filter(
          ({ fact }) => fact === 'configure',
        );
        if (configure === undefined || hasFact(project, app, 'offline-access')) continue;
        if (!hasFact(project, app, 'server-auth-code')) continue;
        yield {
          file: configure.file,
          line: configure.line,
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
        if (forcesCode === true) continue;
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

function wantsServerCode(project: Project, app: App): string | undefined {
  const read = ownOf(app, project.sourceFacts).find(({ fact }) => fact === 'server-auth-code');
  if (read !== undefined) return `${read.file}:${read.line} reads it`;
  const file = seenBy(app, project.secretFiles).find(({ kind }) => kind === 'web');
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

function* schemesOf(project: Project, app: App): Generator<Match> {
  if (signInOf(project, app) === undefined) return;
  const schemes = ownOf(app, project.schemes);
  const plist = mainPlist(project, app);
  const expo = ownOf(app, project.signInUses).find(({ file }) => expoFile.test(file));
  // Without either, the app's iOS side is not in the tree.
  if (plist === undefined && expo === undefined) return;
  const clients = ownOf(app, project.mentions).filter(({ role }) => role === 'client');
  const right = clients.filter(({ value }) => toIdShape(value).shape === 'right');
  const inPlists = right.filter(({ from }) => from === 'info-plist');
  for (const client of inPlists) {
    yield* missing(
      client,
      schemes.filter(({ file }) => file === client.file),
    );
  }
  if (inPlists.length > 0) return;
  if (right.length > 0) {
    // Build flavours each have a client; one that answers is enough here.
    const unmet = right.map((client) => [...missing(client, schemes)]);
    const [first] = unmet.flat();
    if (first !== undefined && unmet.every((found) => found.length > 0)) yield first;
    return;
  }
  // The ID comes from elsewhere; its scheme has a known beginning all the same.
  const unknown = clients.every(({ value }) => toIdShape(value).shape === 'variable');
  const elsewhere = clients.length > 0 || isConfiguredInCode(app) || app.kind === 'flutter';
  if (!unknown || !elsewhere) return;
  if (schemes.some(({ value }) => googleScheme.test(value) || isFilledIn(value))) return;
  const plain = schemes.find(({ value }) => toIdShape(value).shape === 'right');
  if (plain !== undefined) {
    yield {
      ...placeOf(plain),
      message: plainScheme,
      fix: addScheme(toScheme(plain.value), plain.file),
    };
    return;
  }
  const place =
    plist === undefined
      ? expo
      : { file: plist.file, line: lineOfKey(plist.lines, 'CFBundleURLTypes') };
  if (place === undefined) return;
  yield {
    ...placeOf(place),
    message: 'No URL scheme is a reversed client ID (com.googleusercontent.apps.…).',
    fix:
      plist === undefined
        ? 'Give the plugin the option iosUrlScheme: the reversed ID of the iOS client.'
        : 'Add the reversed ID of the iOS client to CFBundleURLTypes, CFBundleURLSchemes.',
  };
}

const expoFile = /(^|\/)app(\.config)?\.json$/;
const plainScheme = 'The URL scheme is the client ID itself; it has to be written in reverse.';

function addScheme(scheme: string, file: string): string {
  return expoFile.test(file)
    ? `Write the scheme as ${scheme}`
    : `Add this scheme to CFBundleURLTypes, CFBundleURLSchemes: ${scheme}`;
}

function placeOf({ file, line }: Place): Place {
  return { file, line };
}

/** Whether a scheme may yet become the reversed client ID. */
function isFilledIn(scheme: string): boolean {
  return isVariable(scheme) && !/BUNDLE_IDENTIFIER/.test(scheme);
}

function* missing(client: IdMention, schemes: readonly Scheme[]): Generator<Match> {
  const id = String(client.value).toLowerCase();
  const wanted = toScheme(id);
  if (schemes.some(({ value }) => value.toLowerCase() === wanted || isFilledIn(value))) return;
  const blank = schemes.find(({ value }) => value.trim().toLowerCase() === wanted);
  const plain = schemes.find(({ value }) => value.toLowerCase() === id);
  const other = schemes.find(({ value }) => googleScheme.test(value.trim()));
  const message =
    blank !== undefined
      ? 'The URL scheme has a blank or a line break around it.'
      : plain !== undefined
        ? plainScheme
        : other !== undefined
          ? `The URL scheme is that of another client than ${client.key}.`
          : `The reversed ${client.key} is none of the app’s URL schemes.`;
  const place = placeOf(blank ?? plain ?? other ?? client);
  yield { ...place, message, fix: addScheme(wanted, place.file) };
}

function urlTypesProblem(values: Readonly<Record<string, unknown>>): [string, string] | undefined {
  if ('CFBundleURLSchemes' in values) {
    return ['CFBundleURLSchemes', 'CFBundleURLSchemes stands at the top, where nothing reads it.'];
  }
  const types = values['CFBundleURLTypes'];
  if (types === undefined) return undefined;
  if (!Array.isArray(types)) return ['CFBundleURLTypes', 'CFBundleURLTypes is no array.'];
  for (const type of types) {
    if (typeof type !== 'object' || type === null || Array.isArray(type)) {
      return ['CFBundleURLTypes', 'CFBundleURLTypes holds something that is no dictionary.'];
    }
    const schemes: unknown = (type as Record<string, unknown>)['CFBundleURLSchemes'];
    if (schemes !== undefined && !Array.isArray(schemes)) {
      return ['CFBundleURLSchemes', 'CFBundleURLSchemes is no array.'];
    }
  }
  return undefined;
}

const readKeys = ['GIDClientID', 'GIDServerClientID'] as const;
const otherNames: Readonly<Record<string, (typeof readKeys)[number]>> = {
  gidclientid: 'GIDClientID',
  googleclientid: 'GIDClientID',
  gidserverclientid: 'GIDServerClientID',
  gidserverid: 'GIDServerClientID',
  gidserverclient: 'GIDServerClientID',
  gidwebclientid: 'GIDServerClientID',
  serverclientid: 'GIDServerClientID',
};

function* strayKeys({ file, values, lines }: InfoPlist): Generator<Match> {
  for (const name of Object.keys(values)) {
    const meant = otherNames[name.toLowerCase().replace(/[_\s-]/g, '')];
    if (meant === undefined || name === meant || meant in values) continue;
    yield {
      file,
      line: lineOfKey(lines, name),
      message: `${name.trim() === meant ? `“${name}” (with a blank)` : name} is not read; the SDK reads ${meant}.`,
      fix: `Name the key ${meant}.`,
    };
  }
  for (const key of readKeys) {
    if (key in values || !isNested(values, key)) continue;
    yield {
      file,
      line: lineOfKey(lines, key),
      message: `${key} stands inside another entry, where the SDK does not look.`,
      fix: `Move ${key} to the top of Info.plist, beside CFBundleURLTypes.`,
    };
  }
}

function isNested(value: unknown, key: string, depth = 0): boolean {
  if (typeof value !== 'object' || value === null || depth > 8) return false;
  if (value instanceof Uint8Array) return false;
  if (depth > 0 && !Array.isArray(value) && Object.hasOwn(value, key)) return true;
  return Object.values(value).some((inner) => isNested(inner, key, depth + 1));
}
