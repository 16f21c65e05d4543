import { findConflict } from '../locate.js';
import { folderOf, nameOf } from '../paths.js';
import { readCapacitor, readCordova, readExpo, readMeteor } from './app-config.js';
import type { Facts } from './facts.js';
import { readGoogleServices, readMaybeSecret, readNamedClient } from './google-json.js';
import { readGradle, readStrings } from './gradle.js';
import type { FileFailure } from './json-file.js';
import {
  type BarePin,
  parseCartfileResolved,
  parsePackageResolved,
  parsePodfileLock,
} from './lock-files.js';
import { readManifest, readPackageJson, readPubspec, readXcodeProject } from './manifests.js';
import { readPropertyList } from './property-list.js';
import { isSettings, readSettings } from './server-settings.js';
import { readEntitlements, readTuist, readXcconfig, readXcodeGen } from './xcode-settings.js';

/** How files of one kind are read. */
export interface Reader {
  /** The names of its files. */
  name: RegExp;
  /** The paths of its files, if their names say too little. */
  path?: { test(file: string): boolean };
  /** What a file is by its name alone; without it, what cannot be read is left out silently. */
  what?: string;
  /** Whether such a file is meant to hold a secret, so that its own rules tell of it. */
  holdsCredential?: boolean;
  /** Whether it is read in tests, samples and built folders, too. */
  readsLeftOut?: boolean;
  /** A mebibyte if nothing else is given. */
  mostBytes?: number;
  read(file: string, bytes: Buffer, facts: Facts): void;
}

const mebibyte = 1_048_576;

function lockFile(
  what: string,
  parse: (text: string) => BarePin[] | FileFailure,
  marks: (file: string) => string,
): Reader {
  return {
    what,
    name: new RegExp(`^${what.replace('.', '\\.')}$`),
    mostBytes: 8 * mebibyte,
    read(file, bytes, facts) {
      facts.filesChecked += 1;
      facts.markers.push({ root: marks(file), kind: 'native' });
      const text = bytes.toString('utf8');
      const pins = findConflict(text) ?? parse(text);
      if (!Array.isArray(pins)) facts.broken.push({ file, what, ...pins });
      else for (const pin of pins) facts.pins.push({ file, ...pin });
    },
  };
}

/** The folder of the project that a Package.resolved belongs to. */
function packageFolder(file: string): string {
  return file
    .replace(/(^|\/)[^/]+\.(xcodeproj|xcworkspace)\/.*$/, '')
    .replace(/(^|\/)Package\.resolved$/, '');
}

/** Files of settings, which are told by their path. */
const settings = { test: isSettings };

/** Every kind of file that is read; the first that a file fits takes it. */
const readers: readonly Reader[] = [
  lockFile('Podfile.lock', parsePodfileLock, folderOf),
  lockFile('Package.resolved', parsePackageResolved, packageFolder),
  lockFile('Cartfile.resolved', parseCartfileResolved, folderOf),
  {
    what: 'Info.plist',
    name: /^(.*[-_. ])?Info([-_. ].*)?\.plist$/i,
    mostBytes: 2 * mebibyte,
    read: (file, bytes, facts) => readPropertyList(file, bytes, true, facts),
  },
  {
    what: 'client plist',
    name: /^client_.*\.plist$/i,
    read: (file, bytes, facts) => readPropertyList(file, bytes, true, facts),
  },
  { name: /\.plist$/, read: (file, bytes, facts) => readPropertyList(file, bytes, false, facts) },
  {
    what: 'client file',
    name: /^client[-_]?secrets?.*\.json$/i,
    holdsCredential: true,
    readsLeftOut: true,
    read: readNamedClient,
  },
  { what: 'google-services.json', name: /^google-services.*\.json$/i, read: readGoogleServices },
  { name: /^package\.json$/, read: readPackageJson },
  { what: 'app configuration', name: /^app(\.config)?\.json$/, read: readExpo },
  { name: /^app\.config\.[cm]?[jt]s$/, read: readExpo },
  {
    what: 'Capacitor configuration',
    name: /^capacitor\.config\.([cm]?[jt]s|json)$/,
    read: readCapacitor,
  },
  { name: /^mobile-config\.js$/, read: readMeteor },
  { name: /^pubspec\.yaml$/, read: readPubspec },
  { name: /^(Podfile|Cartfile|Package\.swift)$/, read: readManifest },
  { name: /^project\.pbxproj$/, mostBytes: 32 * mebibyte, read: readXcodeProject },
  { name: /^project\.ya?ml$/, read: readXcodeGen },
  { name: /^Project\.swift$/, read: readTuist },
  { name: /\.xcconfig$/, read: readXcconfig },
  { name: /\.entitlements$/, read: readEntitlements },
  { name: /^build\.gradle(\.kts)?$/, read: readGradle },
  { name: /\.xml$/, path: /(^|\/)res\/values\/[^/]+$/, read: readStrings },
  { name: /^config\.xml$/, read: readCordova },
  {
    name: /./,
    path: settings,
    read(file, bytes, facts) {
      readSettings(file, bytes, facts);
      if (file.endsWith('.json')) readMaybeSecret(file, bytes, facts);
    },
  },
  {
    name: /^(?!(package-lock|tsconfig.*|Contents|manifest|composer)\.json$).*\.json$/,
    mostBytes: 65_536,
    readsLeftOut: true,
    read: readMaybeSecret,
  },
];

/** The reader of a file, by its path; undefined if nothing reads it. */
export function readerOf(file: string): (Reader & { mostBytes: number }) | undefined {
  const base = nameOf(file);
  const reader = readers.find(({ name, path }) => name.test(base) && path?.test(file) !== false);
  return reader && { mostBytes: mebibyte, ...reader };
}
