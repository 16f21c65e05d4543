import { readCapacitorScript, readExpoOrCapacitor } from './app-config.js';
import type { Found } from './found.js';
import { readGoogleServices, readMaybeSecret, readNamedClient } from './google-json.js';
import type { FileFailure } from './json-file.js';
import {
  type BarePin,
  parseCartfileResolved,
  parsePackageResolved,
  parsePodfileLock,
} from './lock-files.js';
import {
  readGradle,
  readManifest,
  readPackageJson,
  readPubspec,
  readStrings,
  readXcodeProject,
} from './manifests.js';
import { readPropertyList } from './property-list.js';

/** How files of one kind are read. The first whose `matches` says yes takes the file. */
export interface Reader {
  /** What it is called where it cannot be read. */
  what: string;
  matches(name: string, file: string): boolean;
  /** Whether the name alone says what the file is; what is looked into by chance fails silently. */
  named: boolean;
  /** Whether such a file is meant to hold a secret, so that its own rules tell of it. */
  holdsCredential?: boolean;
  mostBytes: number;
  read(file: string, bytes: Buffer, found: Found): void;
}

const mebibyte = 1_048_576;

function lockFile(
  what: string,
  parse: (text: string) => BarePin[] | FileFailure,
  marks: (file: string) => string | undefined,
): Reader {
  return {
    what,
    matches: (name) => name === what,
    named: true,
    mostBytes: 8 * mebibyte,
    read(file, bytes, found) {
      found.filesChecked += 1;
      const folder = marks(file);
      if (folder !== undefined) found.markers.push({ folder, kind: 'native' });
      const pins = parse(bytes.toString('utf8'));
      if (!Array.isArray(pins)) found.broken.push({ file, what, ...pins });
      else for (const pin of pins) found.pins.push({ file, ...pin });
    },
  };
}

const folderOf = (file: string) => file.split('/').slice(0, -1).join('/');

/** The folder of the project that a Package.resolved belongs to. */
function packageFolder(file: string): string {
  return file
    .replace(/(^|\/)[^/]+\.(xcodeproj|xcworkspace)\/.*$/, '')
    .replace(/(^|\/)Package\.resolved$/, '');
}

/** Every kind of file that is read, by name. */
export const readers: readonly Reader[] = [
  lockFile('Podfile.lock', parsePodfileLock, folderOf),
  lockFile('Package.resolved', parsePackageResolved, packageFolder),
  lockFile('Cartfile.resolved', parseCartfileResolved, folderOf),
  {
    what: 'Info.plist',
    matches: (name) => /^(.*[-_. ])?Info([-_. ].*)?\.plist$/i.test(name),
    named: true,
    mostBytes: 2 * mebibyte,
    read: (file, bytes, found) => readPropertyList(file, bytes, true, found),
  },
  {
    what: 'client plist',
    matches: (name) => /^client_.*\.plist$/i.test(name),
    named: true,
    mostBytes: mebibyte,
    read: (file, bytes, found) => readPropertyList(file, bytes, true, found),
  },
  {
    what: 'property list',
    matches: (name) => name.endsWith('.plist'),
    named: false,
    mostBytes: mebibyte,
    read: (file, bytes, found) => readPropertyList(file, bytes, false, found),
  },
  {
    what: 'client file',
    matches: (name) => /^client[-_]?secrets?.*\.json$/i.test(name),
    named: true,
    holdsCredential: true,
    mostBytes: mebibyte,
    read: readNamedClient,
  },
  {
    what: 'google-services.json',
    matches: (name) => /^google-services.*\.json$/i.test(name),
    named: true,
    mostBytes: mebibyte,
    read: readGoogleServices,
  },
  {
    what: 'package.json',
    matches: (name) => name === 'package.json',
    named: false,
    mostBytes: mebibyte,
    read: readPackageJson,
  },
  {
    what: 'app configuration',
    matches: (name) => /^(app|app\.config|capacitor\.config)\.json$/.test(name),
    named: true,
    mostBytes: mebibyte,
    read: readExpoOrCapacitor,
  },
  {
    what: 'Capacitor configuration',
    matches: (name) => /^capacitor\.config\.[cm]?[jt]s$/.test(name),
    named: true,
    mostBytes: mebibyte,
    read: readCapacitorScript,
  },
  {
    what: 'pubspec.yaml',
    matches: (name) => name === 'pubspec.yaml',
    named: false,
    mostBytes: mebibyte,
    read: readPubspec,
  },
  {
    what: 'dependency list',
    matches: (name) => /^(Podfile|Cartfile|Package\.swift)$/.test(name),
    named: false,
    mostBytes: mebibyte,
    read: readManifest,
  },
  {
    what: 'Xcode project',
    matches: (name) => name === 'project.pbxproj',
    named: false,
    mostBytes: 32 * mebibyte,
    read: readXcodeProject,
  },
  {
    what: 'Gradle build',
    matches: (name) => /^build\.gradle(\.kts)?$/.test(name),
    named: false,
    mostBytes: mebibyte,
    read: readGradle,
  },
  {
    what: 'Android strings',
    matches: (name, file) => name.endsWith('.xml') && /(^|\/)res\/values\/[^/]+$/.test(file),
    named: false,
    mostBytes: mebibyte,
    read: readStrings,
  },
  {
    what: 'credential file',
    matches: (name) =>
      name.endsWith('.json') &&
      !/^(package-lock|tsconfig.*|Contents|manifest|composer)\.json$/.test(name),
    named: false,
    mostBytes: 65_536,
    read: readMaybeSecret,
  },
];

/** The reader of a file, by its path; undefined where nothing reads it. */
export function readerOf(file: string): Reader | undefined {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return readers.find((reader) => reader.matches(name, file));
}
