import { createLineAt } from '../locate.js';
import type { AppKind } from '../model.js';
import { folderOf } from '../paths.js';
import { takeVariable } from './app-config.js';
import { withoutComments } from './code.js';
import type { Facts } from './facts.js';
import { isFailure, isFields, readJsonFile } from './json-file.js';
import { packageLimits, podLimit } from './version-limits.js';
import { parseXcodeProject } from './xcode-project.js';
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
  '@capacitor/ios',
];
/** Packages that build all of `.env` into the app. */
const environmentBundlers = ['react-native-config', 'react-native-dotenv'];

/** Reads a `package.json` for what the app is built with and how it signs in. */
export function readPackageJson(file: string, bytes: Buffer, facts: Facts): void {
  if (!/react-native|capacitor|cordova|"expo"/.test(bytes.toString('latin1'))) return;
  const json = readJsonFile(bytes.toString('utf8'));
  if (isFailure(json)) return;
  const lists = ['dependencies', 'devDependencies'];
  const names = lists.flatMap((list) => {
    const entries = json.at(list);
    return isFields(entries) ? Object.keys(entries) : [];
  });
  facts.packages.set(folderOf(file), new Set(names));
  const own = json.at('name');
  if (typeof own === 'string') facts.packageFolders.set(own, folderOf(file));
  const listOf = (name: string) =>
    lists.find((list) => {
      const entries = json.at(list);
      return isFields(entries) && Object.hasOwn(entries, name);
    });
  const [, kind] = frameworks.find(([name]) => listOf(name) !== undefined) ?? [];
  // Cordova itself need not be a dependency.
  const framework = kind ?? (isFields(json.at('cordova', 'plugins')) ? 'cordova' : undefined);
  if (framework === undefined) return;
  facts.filesChecked += 1;
  facts.markers.push({ root: folderOf(file), kind: framework });
  if (environmentBundlers.some((name) => listOf(name) !== undefined)) {
    facts.bundledEnvironments.push(folderOf(file));
  }
  for (const name of plugins) {
    const list = listOf(name);
    if (list === undefined) continue;
    const line = json.lineOf(list, name);
    // The platform is no use of sign-in.
    if (name !== '@capacitor/ios') {
      facts.signInUses.push({ file, line, what: `the plugin ${name}` });
    }
    const version = json.at(list, name);
    facts.plugins.push({ file, line, name, version: typeof version === 'string' ? version : '' });
  }
  const variables = json.at('cordova', 'plugins', 'cordova-plugin-googleplus');
  for (const [name, value] of isFields(variables) ? Object.entries(variables) : []) {
    const line = json.lineOf('cordova', 'plugins', 'cordova-plugin-googleplus', name);
    if (typeof value === 'string') takeVariable({ file, line }, name, value, facts);
  }
}

/** Reads a `pubspec.yaml` for whether it is a Flutter app's and signs in with Google. */
export function readPubspec(file: string, bytes: Buffer, facts: Facts): void {
  const text = bytes.toString('utf8');
  if (!/^[ \t]*flutter[ \t]*:/m.test(text)) return;
  facts.filesChecked += 1;
  facts.markers.push({ root: folderOf(file), kind: 'flutter' });
  const own = /^name:[ \t]*["']?(\w+)/m.exec(text)?.[1];
  if (own !== undefined) facts.packageFolders.set(own, folderOf(file));
  const names = new Set<string>();
  facts.packages.set(folderOf(file), names);
  for (const { line, text: entry } of linesBelow(text, 'dependencies') ?? []) {
    const name = /^["']?(\w+)["']?\s*:/.exec(entry)?.[1];
    if (name !== undefined) names.add(name);
    if (name === 'flutter_dotenv') facts.bundledEnvironments.push(folderOf(file));
    if (name !== 'google_sign_in') continue;
    facts.signInUses.push({ file, line, what: 'the plugin google_sign_in' });
  }
}

/** Reads a Podfile, Cartfile or Package.swift for Google Sign-In, and for versions that it pins. */
export function readManifest(file: string, bytes: Buffer, facts: Facts): void {
  const text = bytes.toString('utf8');
  const isPackage = /(^|\/)Package\.swift$/.test(file);
  if (!isPackage) facts.markers.push({ root: folderOf(file), kind: 'native' });
  const code = withoutComments(text, isPackage ? 'c' : 'hash');
  const lineAt = createLineAt(code);
  if (isPackage)
    for (const limit of packageLimits(code, lineAt)) facts.limits.push({ file, ...limit });
  for (const found of code.matchAll(/^[ \t]*pod\s+["']([\w/-]+)["']\s*,\s*["']([^"'\n]+)["']/gm)) {
    const limit = podLimit(found[2] ?? '');
    const name = (found[1] ?? '').replace(/\/.*$/, '');
    if (limit !== undefined) facts.limits.push({ file, line: lineAt(found.index), name, ...limit });
  }
  const named = code.search(/GoogleSignIn/);
  if (named < 0) return;
  facts.filesChecked += 1;
  facts.signInUses.push({ file, line: lineAt(named), what: 'GoogleSignIn' });
}

/** Reads an Xcode project for its targets, whether it links Google Sign-In, and what it copies. */
export function readXcodeProject(file: string, bytes: Buffer, facts: Facts): void {
  facts.filesChecked += 1;
  const text = bytes.toString('utf8');
  facts.xcodeProjects.push(file);
  for (const [, name = ''] of text.matchAll(/\/\* ([^/*\n]{1,255}) in Resources \*\//g)) {
    if (!facts.resources.has(name)) facts.resources.set(name, file);
  }
  const project = parseXcodeProject(file, text);
  facts.xcodeTargets.push(...(project?.targets ?? []));
  for (const limit of project?.limits ?? []) facts.limits.push({ file, ...limit });
  const at = text.search(/GoogleSignIn(?!Swift)/);
  if (at < 0) return;
  facts.signInUses.push({ file, line: createLineAt(text)(at), what: 'GoogleSignIn' });
}
