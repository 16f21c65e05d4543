import { createLineAt } from '../locate.js';
import type { ExpoConfig, IdFrom } from '../model.js';
import { endingOf, folderOf, nameOf } from '../paths.js';
import { expressionAt, firstMatches, type Part, partsOf, withoutComments } from './code.js';
import type { Facts } from './facts.js';
import { isFields, readNamedJson } from './json-file.js';

/** The sections of Capacitor's configuration that sign-in plugins read, and the plugins. */
const sections: Readonly<Record<string, { plugins: readonly string[]; keys: Keys }>> = {
  GoogleAuth: {
    plugins: ['@codetrix-studio/capacitor-google-auth', '@southdevs/capacitor-google-auth'],
    keys: { iosClientId: 'client', serverClientId: 'server' },
  },
  GooglePlus: {
    plugins: ['cordova-plugin-googleplus'],
    keys: { webClientId: 'server' },
  },
};
type Keys = Readonly<Record<string, 'client' | 'server'>>;

/** A configuration's text without its comments, and how its parts are told. */
interface Config {
  file: string;
  code: string;
  lineAt: (offset: number) => number;
  facts: Facts;
}

function open(file: string, bytes: Buffer, facts: Facts): Config {
  const code = withoutComments(bytes.toString('utf8'), 'script');
  facts.sources.push({ file, code });
  return { file, code, lineAt: createLineAt(code), facts };
}

/** Reads `capacitor.config.json`, `.ts` and their kin for the sections of sign-in plugins. */
export function readCapacitor(file: string, bytes: Buffer, facts: Facts): void {
  facts.markers.push({ root: folderOf(file), kind: 'capacitor' });
  if (endingOf(file) !== 'json') facts.filesChecked += 1;
  else if (readNamedJson(file, nameOf(file), bytes, facts) === undefined) return;
  const config = open(file, bytes, facts);
  for (const [section, { plugins, keys }] of Object.entries(sections)) {
    const start = config.code.search(new RegExp(`["']?\\b${section}\\b["']?\\s*:\\s*\\{`));
    if (start < 0) continue;
    const parts = partsOf(config.code, config.code.indexOf('{', start));
    const forced = parts.find(({ name }) => name === 'forceCodeForRefreshToken');
    facts.capacitorAuths.push({
      file,
      line: config.lineAt(start),
      section,
      plugins,
      forcesCode: forced !== undefined && forced.text !== 'false',
    });
    passKeys(config, parts, keys, 'capacitor', section);
    // On iOS the plugin takes it for want of an iosClientId.
    const client = parts.find(({ name }) => name === 'clientId');
    if (client !== undefined) {
      facts.sourceFacts.push({ file, line: config.lineAt(client.offset), fact: 'configuration' });
    }
  }
  for (const { name = '', text, offset } of objectAt(config.code, 'plugins') ?? []) {
    if (Object.hasOwn(sections, name) || !idInSection.test(text)) continue;
    facts.sourceFacts.push({ file, line: config.lineAt(offset), fact: 'unread-section' });
  }
}

const idInSection =
  /\b(?:web|server|ios|iOS|android)ClientId["']?\s*:\s*["'`][^"'`\n]{0,200}googleusercontent/;

function passKeys(
  { file, facts }: Pick<Config, 'file' | 'facts'>,
  parts: readonly Part[],
  keys: Keys,
  from: IdFrom,
  section?: string,
): void {
  for (const { name = '', text, offset } of parts) {
    const role = Object.hasOwn(keys, name) ? keys[name] : undefined;
    if (role === undefined) continue;
    facts.passed.push({ file, from, key: name, role, text, offset, section });
  }
}

const expoPlugin = '@react-native-google-signin/google-signin';
const infoKeys: Keys = { GIDClientID: 'client', GIDServerClientID: 'server' };

/** Reads Expo's `app.json`, `app.config.json`, `app.config.js` and `app.config.ts`. */
export function readExpo(file: string, bytes: Buffer, facts: Facts): void {
  const text = bytes.toString('utf8');
  if (endingOf(file) === 'json') {
    // Other tools have an app.json, too.
    const json = /"expo"/.test(text) && readNamedJson(file, nameOf(file), bytes, facts, true);
    if (!json || !isFields(json.at('expo'))) return;
    facts.markers.push({ root: folderOf(file), kind: 'react-native' });
  } else if (/expo|google-signin|bundleIdentifier|infoPlist/i.test(text)) facts.filesChecked += 1;
  else return;
  const config = open(file, bytes, facts);
  const { code, lineAt } = config;
  const ios = objectAt(code, 'ios');
  const android = objectAt(code, 'android');
  const partNamed = (parts: readonly Part[] | undefined, key: string) =>
    parts?.find(({ name }) => name === key);
  const expo: Omit<ExpoConfig, 'app'> = {
    file,
    line: null,
    hasPlugin: false,
    isOpen:
      endingOf(file) !== 'json' &&
      /\.\.\.(?!config\b)|require\(|withPlugins|infoPlist\b/.test(code),
    iosServices: plainText(partNamed(ios, 'googleServicesFile')),
    androidServices: plainText(partNamed(android, 'googleServicesFile')),
    isForIos:
      partNamed(ios, 'bundleIdentifier') !== undefined &&
      !/\bplatforms["']?\s*:\s*\[(?![^\]]*\bios\b)/.test(code),
    package: plainText(partNamed(android, 'package')),
  };
  const plist = partNamed(ios, 'infoPlist');
  const plistParts = plist?.text.startsWith('{') ? partsOf(code, plist.offset) : [];
  passKeys(config, plistParts, infoKeys, 'expo');
  const types = partNamed(plistParts, 'CFBundleURLTypes');
  if (types !== undefined) passSchemes(config, types, /CFBundleURLSchemes["']?\s*:\s*/g);
  for (const found of firstMatches(code, /(?<![\w.])["']?scheme["']?\s*:\s*/g)) {
    const offset = found.index + found[0].length;
    passScheme(config, expressionAt(code, offset), offset);
  }
  const at = code.search(new RegExp(`["'\`]${expoPlugin}["'\`]`));
  if (at >= 0) {
    expo.hasPlugin = true;
    expo.line = lineAt(at);
    facts.signInUses.push({ file, line: expo.line, what: `the plugin ${expoPlugin}` });
    const after = /^.[^"'`]+["'`]\s*,\s*(?=\{)/.exec(code.slice(at, at + 300));
    const options = after === null ? [] : partsOf(code, at + after[0].length);
    const scheme = partNamed(options, 'iosUrlScheme');
    if (scheme !== undefined) passScheme(config, scheme.text, scheme.offset, true);
  }
  facts.expoConfigs.push(expo);
}

function objectAt(code: string, key: string): Part[] | undefined {
  const found = new RegExp(`(?<![\\w.])["']?${key}["']?\\s*:\\s*\\{`).exec(code);
  return found === null ? undefined : partsOf(code, found.index + found[0].length - 1);
}

function plainText(part: Part | undefined): string | undefined {
  return /^["'`]([^"'`$]+)["'`]$/.exec(part?.text ?? '')?.[1];
}

function passScheme(config: Config, text: string, offset: number, whole = false): void {
  const { file, code, facts } = config;
  if (text.startsWith('[')) {
    for (const part of partsOf(code, code.indexOf('[', offset))) {
      facts.passedSchemes.push({ file, text: part.text, offset: part.offset, whole });
    }
  } else facts.passedSchemes.push({ file, text, offset, whole });
}

function passSchemes(config: Config, { text, offset }: Part, key: RegExp): void {
  for (const found of firstMatches(text, key)) {
    const at = offset + found.index + found[0].length;
    passScheme(config, expressionAt(config.code, at), at);
  }
}

const cordovaPlugin = 'cordova-plugin-googleplus';

/** Reads Meteor's `mobile-config.js` for what it gives Cordova's plugin. */
export function readMeteor(file: string, bytes: Buffer, facts: Facts): void {
  const config = open(file, bytes, facts);
  const call = new RegExp(`configurePlugin\\s*\\(\\s*["']${cordovaPlugin}["']\\s*,\\s*(?=\\{)`);
  const found = call.exec(config.code);
  if (found === null) return;
  facts.filesChecked += 1;
  facts.markers.push({ root: folderOf(file), kind: 'cordova' });
  const line = config.lineAt(found.index);
  facts.signInUses.push({ file, line, what: `the plugin ${cordovaPlugin}` });
  const parts = partsOf(config.code, found.index + found[0].length);
  const scheme = parts.find(({ name }) => name === 'REVERSED_CLIENT_ID');
  if (scheme !== undefined) passScheme(config, scheme.text, scheme.offset, true);
  passKeys(config, parts, { WEB_APPLICATION_CLIENT_ID: 'server' }, 'cordova');
}

/** Reads Cordova's `config.xml` for the variables of its plugin. */
export function readCordova(file: string, bytes: Buffer, facts: Facts): void {
  const text = bytes.toString('utf8');
  if (!/<widget\b/.test(text)) return;
  facts.filesChecked += 1;
  facts.markers.push({ root: folderOf(file), kind: 'cordova' });
  const code = withoutComments(text, 'xml');
  const start = code.search(new RegExp(`<plugin\\s[^<>]*["']${cordovaPlugin}["']`));
  if (start < 0) return;
  const lineAt = createLineAt(code);
  facts.signInUses.push({ file, line: lineAt(start), what: `the plugin ${cordovaPlugin}` });
  const end = code.indexOf('</plugin>', start);
  for (const found of code.slice(start, end < 0 ? start : end).matchAll(/<variable\s([^<>]*)>/g)) {
    const attribute = (name: string) =>
      new RegExp(`(?:^|\\s)${name}\\s*=\\s*["']([^"']*)["']`).exec(found[1] ?? '')?.[1];
    const value = attribute('value');
    const place = { file, line: lineAt(start + found.index) };
    if (value !== undefined) takeVariable(place, attribute('name'), value, facts);
  }
}

/** Takes a variable of Cordova's plugin, from `config.xml` or `package.json`. */
export function takeVariable(
  place: { file: string; line: number | null },
  name: string | undefined,
  value: string,
  facts: Facts,
): void {
  if (name === 'REVERSED_CLIENT_ID') facts.schemes.push({ ...place, value, whole: true });
  if (name === 'WEB_APPLICATION_CLIENT_ID') {
    const mention = { from: 'cordova', key: name, role: 'server', value } as const;
    facts.mentions.push({ ...place, site: place.file, ...mention });
  }
}
