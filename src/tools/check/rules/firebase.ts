import { toIdShape, toScheme } from '../client-id.js';
import { lineOfKey, placeOf, where } from '../locate.js';
import type { AndroidModule, App, CheckRule, GoogleServices, Project } from '../model.js';
import { foldersAround } from '../paths.js';
import {
  appPlists,
  codeOf,
  idsOf,
  isApple,
  isBundled,
  isConfiguredInCode,
  listsClientPlist,
  ownOf,
  signInOf,
} from '../scope.js';
import { sources } from '../sources.js';

/** Rules about Firebase's files: whether they hold what sign-in takes from them, for this app. */
export const firebaseRules: readonly CheckRule[] = [
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
        if (app === undefined || !readsPlist(project, app)) continue;
        yield {
          file: plist.file,
          line: lineOfKey(plist.lines, 'GOOGLE_APP_ID'),
          message: 'The file has no CLIENT_ID, and sign-in reads the client ID from it.',
          fix: 'Switch Google on under Authentication, Sign-in method, in the Firebase console and download the file again.',
        };
      }
    },
  },
  {
    id: 'client-plist-not-bundled',
    name: 'Client plist that is not in the app',
    severity: 'error',
    why: 'A GoogleService-Info.plist that lies in the folder and is in no target’s resources is not copied into the app, and what reads its client ID finds none.',
    source: sources.firebaseIos,
    cause: 'client-id-placeholder-or-unset',
    *find(project) {
      for (const app of project.apps.values()) {
        if (!readsPlist(project, app)) continue;
        const plists = ownOf(app, project.clientPlists).filter(
          ({ file }) => !/(^|\/)macos\//i.test(file),
        );
        if (plists.length === 0 || !plists.every((each) => isBundled(project, each) === false)) {
          continue;
        }
        const [plist] = plists;
        if (plist === undefined || listsClientPlist(project, app, false)) continue;
        yield {
          file: plist.file,
          line: null,
          message:
            'Sign-in reads the client ID from this file, and no target of the Xcode project copies it into the app.',
          fix: 'Add the file to the app’s target in Xcode (Build Phases, Copy Bundle Resources), or set GIDClientID in Info.plist.',
        };
      }
    },
  },
  {
    id: 'reversed-client-id-differs',
    name: 'REVERSED_CLIENT_ID of another client',
    severity: 'error',
    why: 'The two values of one client plist belong together; if one was edited, the URL scheme is not that of the client.',
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
    id: 'bundle-id-differs',
    name: 'Client plist of another bundle ID',
    severity: 'warning',
    why: 'An iOS client is registered for one bundle ID; the plist of another app’s client signs in as that app.',
    source: sources.firebaseIos,
    cause: null,
    *find(project) {
      for (const app of project.apps.values()) {
        const plists = ownOf(app, project.clientPlists).filter(
          (plist) =>
            'CLIENT_ID' in plist.values &&
            typeof plist.values['BUNDLE_ID'] === 'string' &&
            isBundled(project, plist) !== false,
        );
        // A file for another build may be copied in by a script.
        const isSingle = plists.length === 1 && plists.every((each) => isBundled(project, each));
        const ids = bundleIdsOf(project, app, isSingle);
        if (ids === undefined || signInOf(project, app) === undefined) continue;
        const names = plists.map(({ values }) => String(values['BUNDLE_ID']).toLowerCase());
        if (names.some((name) => ids.has(name))) continue;
        for (const plist of plists) {
          yield {
            file: plist.file,
            line: lineOfKey(plist.lines, 'BUNDLE_ID'),
            message: `The file is for the bundle ID ${String(plist.values['BUNDLE_ID'])}; the app’s is ${[...ids.values()].join(' or ')}.`,
            fix: 'Download the file of the app with that bundle ID, or register it in the console.',
          };
        }
      }
    },
  },
  {
    id: 'google-services-other-package',
    name: 'google-services.json of another package',
    severity: 'error',
    why: 'The Google Services plugin stops the build (“No matching client found for package name”) if the file does not name the app’s package, and Google gives no token to a package that has no Android client.',
    source: sources.firebaseAndroid,
    cause: null,
    *find(project) {
      for (const [owner, files] of servicesByOwner(project)) {
        const packages = new Set(files.flatMap((file) => file.packages));
        const names = [...packages];
        const isNamed = owner.ids.some((id) => packages.has(id));
        // A flavour may have a suffix in the file.
        const left = owner.flavours.filter(
          (id) => !isWithout.test(id) && !names.some((name) => `${name}.`.startsWith(`${id}.`)),
        );
        const missing = (isNamed ? left : owner.ids).slice(0, 3).join(' or ');
        const [file] = files.toSorted((one, other) => one.file.length - other.file.length);
        if (file === undefined || names.length === 0 || missing === '') continue;
        yield {
          file: file.file,
          line: null,
          severity: isNamed ? 'warning' : undefined,
          message: isNamed
            ? `No google-services.json names ${missing}, which a flavour has as its package (${where(owner)}).`
            : `The file is for ${names.slice(0, 3).join(', ')}; the app’s package is ${missing} (${where(owner)}).`,
          fix: 'Register that package with its SHA-1 in the console and download the file again, or correct the application ID.',
        };
      }
    },
  },
  {
    id: 'google-services-without-web-client',
    name: 'google-services.json without a web client',
    severity: 'warning',
    why: 'Without a web client in the file there is no default_web_client_id, and the Android app can ask for neither a server auth code nor an ID token.',
    source: sources.firebaseAndroid,
    cause: 'server-client-id-missing',
    *find(project) {
      for (const file of project.googleServices) {
        const app = project.apps.get(file.app);
        if (app === undefined || file.webClients > 0 || !readsServices(project, app)) continue;
        yield {
          ...placeOf(file),
          message:
            file.clients === 0
              ? 'The file names no OAuth client at all, and sign-in takes the server’s client from it.'
              : 'The file names no web client (client_type 3), and sign-in takes the server’s client from it.',
          fix: 'Switch Google on under Authentication in the Firebase console, register the SHA-1 of the build, and download the file again.',
        };
      }
    },
  },
  {
    id: 'google-services-without-android-client',
    name: 'google-services.json without an Android client',
    severity: 'warning',
    why: 'Google gives tokens only to a package and SHA-1 that an Android client of the project names (DEVELOPER_ERROR, 10). Such a client may also be registered outside Firebase.',
    source: sources.firebaseAndroid,
    cause: null,
    *find(project) {
      const keyOf = (app: string, id: unknown) => `${app}\n${String(id)}`;
      const servers = project.mentions.filter(
        ({ role, from, site }) => role === 'server' && !from.endsWith('plist') && !isApple(site),
      );
      const given = new Set(servers.map(({ app, value }) => keyOf(app, value)));
      const android = new Set<string>();
      const named = new Set<string>();
      for (const { kind, file, app, id } of project.knownClients) {
        if (kind === 'android') android.add(file);
        if (kind === 'web' && given.has(keyOf(app, id))) named.add(file);
      }
      const told = new Set<string>();
      for (const file of project.googleServices) {
        const app = project.apps.get(file.app);
        if (app === undefined || android.has(file.file) || file.webClients === 0) continue;
        const isUsed = named.has(file.file) || readsServices(project, app);
        if (told.has(file.app) || !isUsed) continue;
        told.add(file.app);
        yield {
          ...placeOf(file),
          message:
            'The file names no Android client (client_type 1): no SHA-1 is registered for the package in this project.',
          fix: 'Register the SHA-1 of each key that signs the app in the Firebase console, and download the file again.',
        };
      }
    },
  },
];

/** Flavours that are made to do without Google. */
const isWithout = /f-?droid|foss|huawei|hms|libre|nogms/i;

/** Whether an app takes its iOS client from a client plist. */
function readsPlist(project: Project, app: App): boolean {
  if (idsOf(project, app, 'client').some(({ from }) => from !== 'client-plist')) return false;
  if (app.kind === 'native') {
    return (
      codeOf(project, app, 'firebase-options').length > 0 &&
      codeOf(project, app, 'sign-in').length > 0
    );
  }
  if (codeOf(project, app, 'configure-open').length > 0) return false;
  const isBroken = project.broken.some(
    ({ file, what }) => what === 'Info.plist' && foldersAround(file).includes(app.root),
  );
  if (!isBroken && !appPlists(project, app).some(({ platform }) => platform === 'ios'))
    return false;
  if (app.kind === 'capacitor') {
    const { length } = codeOf(project, app, 'configuration');
    const plugin = ownOf(app, project.plugins).find(({ name }) => name.endsWith('-google-auth'));
    return length === 0 && (plugin ?? codeOf(project, app, 'sign-in')[0]) !== undefined;
  }
  const signsIn = codeOf(project, app, 'sign-in', 'configure').length > 0;
  return signsIn && (app.kind === 'flutter' || app.kind === 'react-native');
}

/** Whether an app takes the server's client on Android from google-services.json. */
function readsServices(project: Project, app: App): boolean {
  const facts = ownOf(app, project.sourceFacts);
  if (facts.some(({ fact }) => fact === 'default-web-client')) {
    // Somebody may have written the resource that the plugin would make.
    return !ownOf(app, project.mentions).some(({ key }) => key === 'default_web_client_id');
  }
  if (app.kind === 'native' || isConfiguredInCode(app)) return false;
  const signsIn = facts.some(({ fact }) => fact === 'sign-in');
  return signsIn && !idsOf(project, app, 'server').some(({ from }) => from !== 'client-plist');
}

/**
 * The bundle IDs of an app's targets, or only those that it is released under, each by its small
 * letters; undefined if one of them is not known.
 */
function bundleIdsOf(
  project: Project,
  app: App,
  released: boolean,
): ReadonlyMap<string, string> | undefined {
  const targets = ownOf(app, project.xcodeTargets).filter(({ isApp }) => isApp);
  const written = targets.flatMap(
    ({ settings }) => settings.get('PRODUCT_BUNDLE_IDENTIFIER') ?? [],
  );
  const release = written.filter(({ build }) => build?.toLowerCase() === 'release');
  const ids = (released && release.length > 0 ? release : written).map(({ value }) => value);
  const isKnown = ids.length > 0 && !ids.some((id) => id.includes('$'));
  return isKnown ? new Map(ids.map((id) => [id.toLowerCase(), id])) : undefined;
}

/** The Android apps whose IDs are all known, each with the files that its build takes. */
function servicesByOwner(
  project: Project,
): [Pick<AndroidModule, 'ids' | 'flavours' | 'file' | 'line'>, GoogleServices[]][] {
  const owners: ReturnType<typeof servicesByOwner> = [];
  for (const module of project.modules) {
    if (!module.isApp || !module.isKnown) continue;
    const files = project.googleServices.filter(({ file }) =>
      foldersAround(file).includes(module.folder),
    );
    if (files.length > 0) owners.push([module, files]);
  }
  for (const { file, app, line, package: id, androidServices } of project.expoConfigs) {
    if (id === undefined || androidServices === undefined) continue;
    if (project.modules.some((module) => foldersAround(module.folder).includes(app))) continue;
    const name = androidServices.replace(/^\.\//, '');
    const files = project.googleServices.filter((each) => each.file.endsWith(name));
    if (files.length > 0) owners.push([{ ids: [id], flavours: [], file, line }, files]);
  }
  return owners;
}
