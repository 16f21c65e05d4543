import { createLineAt } from '../locate.js';
import type { AppKind } from '../model.js';
import { folderOf } from '../paths.js';
import type { Facts } from './facts.js';
import { isFailure, isFields, readJsonFile } from './json-file.js';
import { linesBelow } from './yaml-lines.js';

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
export function readPackageJson(file: string, bytes: Buffer, facts: Facts): void {
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
  facts.filesChecked += 1;
  facts.markers.push({ root: folderOf(file), kind: framework[1] });
  if (environmentBundlers.some((name) => listOf(name) !== undefined)) {
    facts.bundledEnvironments.push(folderOf(file));
  }
  for (const name of plugins) {
    const list = listOf(name);
    if (list === undefined) continue;
    facts.signInUses.push({ file, line: json.lineOf(list, name), what: `the plugin ${name}` });
  }
}

/** Reads a `pubspec.yaml` for whether it is a Flutter app's and signs in with Google. */
export function readPubspec(file: string, bytes: Buffer, facts: Facts): void {
  const text = bytes.toString('utf8');
  if (!/^[ \t]*flutter[ \t]*:/m.test(text)) return;
  facts.filesChecked += 1;
  facts.markers.push({ root: folderOf(file), kind: 'flutter' });
  for (const { line, text: entry } of linesBelow(text, 'dependencies') ?? []) {
    const name = /^["']?(\w+)["']?\s*:/.exec(entry)?.[1];
    if (name === 'flutter_dotenv') facts.bundledEnvironments.push(folderOf(file));
    if (name !== 'google_sign_in') continue;
    facts.signInUses.push({ file, line, what: 'the plugin google_sign_in' });
  }
}

/** Reads a Podfile, Cartfile or Package.swift for whether it names Google Sign-In. */
export function readManifest(file: string, bytes: Buffer, facts: Facts): void {
  const text = bytes.toString('utf8');
  if (!/(^|\/)Package\.swift$/.test(file)) {
    facts.markers.push({ root: folderOf(file), kind: 'native' });
  }
  const named = /^(?![ \t]*(?:#|\/\/)).*GoogleSignIn/m.exec(text);
  if (named === null) return;
  facts.filesChecked += 1;
  facts.signInUses.push({ file, line: createLineAt(text)(named.index), what: 'GoogleSignIn' });
}

/** Reads an Xcode project for whether it links Google Sign-In, and for what it copies. */
export function readXcodeProject(file: string, bytes: Buffer, facts: Facts): void {
  facts.filesChecked += 1;
  const text = bytes.toString('utf8');
  facts.xcodeProjects.push(file);
  for (const [, name = ''] of text.matchAll(/\/\* ([^/*\n]{1,255}) in Resources \*\//g)) {
    if (!facts.resources.has(name)) facts.resources.set(name, file);
  }
  const at = text.search(/GoogleSignIn(?!Swift)/);
  if (at < 0) return;
  facts.signInUses.push({ file, line: createLineAt(text)(at), what: 'GoogleSignIn' });
}

const androidPlugin =
  /com\.android\.(application|library|dynamic-feature)\b|\blibs\.plugins\.(com\.)?android\b/;

/** Reads a module's Gradle build for whether it makes an Android app or a part of one. */
export function readGradle(file: string, bytes: Buffer, facts: Facts): void {
  const plugins = bytes
    .toString('latin1')
    .split('\n')
    // The outermost build names the plugin for its modules, and does not apply it.
    .filter((line) => androidPlugin.test(line) && !/^\s*\/\/|\bapply\(?\s*false/.test(line));
  if (plugins.length > 0) facts.androidModules.push(folderOf(file));
}

/** The Android module that a manifest shows by where it lies. */
export function moduleOfManifest(file: string): string {
  return folderOf(file).replace(/(^|\/)src\/\w+$/, '');
}

const idName = /^(server_client_id|default_web_client_id|google_server_client_id|web_client_id)$/;

/** Reads an Android app's string resources for the server's client ID. */
export function readStrings(file: string, bytes: Buffer, facts: Facts): void {
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
    facts.mentions.push({ file, line, from: 'android', key, role: 'server', value });
  }
  if (read) facts.filesChecked += 1;
}
