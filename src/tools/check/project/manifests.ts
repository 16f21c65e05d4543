import { parseText } from '../../../schema/parse-text.js';
import { createLineAt } from '../locate.js';
import type { AppKind } from '../model.js';
import { isFields } from './fields.js';
import type { Found } from './found.js';
import { isFailure, readJsonFile } from './json-file.js';

const folderOf = (file: string) => file.split('/').slice(0, -1).join('/');

/** Packages that show what an app is built with, the most telling first. */
const frameworks: readonly [name: string, kind: AppKind][] = [
  ['@capacitor/core', 'capacitor'],
  ['expo', 'react-native'],
  ['react-native', 'react-native'],
  ['cordova-ios', 'cordova'],
  ['cordova-android', 'cordova'],
];
const plugins: readonly string[] = [
  '@react-native-google-signin/google-signin',
  '@react-native-community/google-signin',
  'react-native-google-signin',
  '@codetrix-studio/capacitor-google-auth',
  '@southdevs/capacitor-google-auth',
  '@capgo/capacitor-social-login',
  'cordova-plugin-googleplus',
];
/** Packages that build all of `.env` into the app. */
const environmentBundlers = ['react-native-config', 'react-native-dotenv'];

/** Reads a `package.json` for what the app is built with and how it signs in. */
export function readPackageJson(file: string, bytes: Buffer, found: Found): void {
  if (!/react-native|capacitor|cordova|"expo"/.test(bytes.toString('latin1'))) return;
  const json = readJsonFile(bytes.toString('utf8'));
  if (isFailure(json)) return;
  const lists = ['dependencies', 'devDependencies'];
  const listOf = (name: string) =>
    lists.find((list) => {
      const entries = json.at(list);
      return isFields(entries) && Object.hasOwn(entries, name);
    });
  const framework = frameworks.find(([name]) => listOf(name) !== undefined);
  if (framework === undefined) return;
  found.filesChecked += 1;
  found.markers.push({ folder: folderOf(file), kind: framework[1] });
  if (environmentBundlers.some((name) => listOf(name) !== undefined)) {
    found.bundledEnvironments.push(folderOf(file));
  }
  for (const name of plugins) {
    const list = listOf(name);
    if (list === undefined) continue;
    found.signInUses.push({ file, line: json.lineOf(list, name), what: `the plugin ${name}` });
  }
}

/** Reads a `pubspec.yaml` for whether it is a Flutter app's and signs in with Google. */
export function readPubspec(file: string, bytes: Buffer, found: Found): void {
  const text = bytes.toString('utf8');
  if (!/^[ \t]*flutter[ \t]*:/m.test(text)) return;
  found.filesChecked += 1;
  found.markers.push({ folder: folderOf(file), kind: 'flutter' });
  const parsed = parseText(text);
  if (!('value' in parsed) || !isFields(parsed.value)) return;
  const { dependencies } = parsed.value;
  const has = (name: string) => isFields(dependencies) && Object.hasOwn(dependencies, name);
  if (has('flutter_dotenv')) found.bundledEnvironments.push(folderOf(file));
  if (!has('google_sign_in')) return;
  const { line } = parsed.locate(['dependencies', 'google_sign_in']);
  found.signInUses.push({ file, line, what: 'the plugin google_sign_in' });
}

/** Reads a Podfile, Cartfile or Package.swift for whether it names Google Sign-In. */
export function readManifest(file: string, bytes: Buffer, found: Found): void {
  const text = bytes.toString('utf8');
  if (!/(^|\/)Package\.swift$/.test(file)) {
    found.markers.push({ folder: folderOf(file), kind: 'native' });
  }
  const named = /^(?![ \t]*(?:#|\/\/)).*GoogleSignIn/m.exec(text);
  if (named === null) return;
  found.filesChecked += 1;
  found.signInUses.push({ file, line: createLineAt(text)(named.index), what: 'GoogleSignIn' });
}

/** Reads an Xcode project for whether it links Google Sign-In, and for what it copies. */
export function readXcodeProject(file: string, bytes: Buffer, found: Found): void {
  found.filesChecked += 1;
  const text = bytes.toString('utf8');
  found.xcodeProjects.push({ file, resources: resourcesOf(text) });
  const at = text.search(/GoogleSignIn(?!Swift)/);
  if (at < 0) return;
  found.signInUses.push({ file, line: createLineAt(text)(at), what: 'GoogleSignIn' });
}

/** The names of the files that an Xcode project copies: `/* Config.json in Resources *\/`. */
function resourcesOf(text: string): Set<string> {
  const names = text.matchAll(/\/\* ([^/*\n]{1,255}) in Resources \*\//g);
  return new Set([...names].map(([, name = '']) => name));
}

const androidPlugin =
  /com\.android\.(application|library|dynamic-feature)\b|\blibs\.plugins\.(com\.)?android\b/;

/** Reads a module's Gradle build for whether it makes an Android app or a part of one. */
export function readGradle(file: string, bytes: Buffer, found: Found): void {
  const plugins = bytes
    .toString('latin1')
    .split('\n')
    // The outermost build names the plugin for its modules, and does not apply it.
    .filter((line) => androidPlugin.test(line) && !/^\s*\/\/|\bapply\(?\s*false/.test(line));
  if (plugins.length > 0) found.androidModules.push(folderOf(file));
}

/** The Android module that a manifest shows by where it lies. */
export function moduleOfManifest(file: string): string {
  return folderOf(file).replace(/(^|\/)src\/\w+$/, '');
}

const idName = /^(server_client_id|default_web_client_id|google_server_client_id|web_client_id)$/;

/** Reads an Android app's string resources for the server's client ID. */
export function readStrings(file: string, bytes: Buffer, found: Found): void {
  const text = bytes.toString('utf8');
  const lineAt = createLineAt(text);
  let read = false;
  for (const entry of text.matchAll(
    /<string\s+name="(\w+)"[^>]{0,200}>([^<]{0,1000})<\/string>/g,
  )) {
    const [, key = '', value = ''] = entry;
    if (!idName.test(key)) continue;
    read = true;
    const line = lineAt(entry.index);
    found.mentions.push({ file, line, from: 'android', key, role: 'server', value });
  }
  if (read) found.filesChecked += 1;
}
