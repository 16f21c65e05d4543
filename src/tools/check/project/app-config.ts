import { createLineAt } from '../locate.js';
import { isFields } from './fields.js';
import type { Found } from './found.js';
import { isFailure, type JsonFile, readJsonFile } from './json-file.js';
import { schemesIn } from './property-list.js';

const capacitorKeys = [
  ['iosClientId', 'client'],
  ['serverClientId', 'server'],
] as const;
const folderOf = (file: string) => file.split('/').slice(0, -1).join('/');

/** Reads `app.json`, `app.config.json` or `capacitor.config.json`. Expo takes comments, too. */
export function readExpoOrCapacitor(file: string, bytes: Buffer, found: Found): void {
  const text = bytes.toString('utf8');
  const isCapacitor = /(^|\/)capacitor\.config\.json$/.test(file);
  const json = readJsonFile(text, !isCapacitor);
  if (isFailure(json)) {
    // Other tools have an app.json, too.
    if (!isCapacitor && !/"expo"/.test(text)) return;
    found.filesChecked += 1;
    found.broken.push({ file, what: file.split('/').at(-1) ?? file, ...json });
    return;
  }
  if (isCapacitor) readCapacitor(file, json, found);
  else if (isFields(json.at('expo'))) readExpo(file, json, found);
  else return;
  found.filesChecked += 1;
}

function readCapacitor(file: string, json: JsonFile, found: Found): void {
  found.markers.push({ folder: folderOf(file), kind: 'capacitor' });
  const path = ['plugins', 'GoogleAuth'];
  if (!isFields(json.at(...path))) return;
  const forced = json.at(...path, 'forceCodeForRefreshToken');
  const line = json.lineOf(...path);
  found.signInUses.push({ file, line, what: 'the plugin GoogleAuth' });
  found.capacitorAuths.push({
    file,
    line,
    forcesCode: forced === undefined ? undefined : forced === true,
  });
  for (const [key, role] of capacitorKeys) {
    const value = json.at(...path, key);
    if (value === undefined) continue;
    found.mentions.push({
      file,
      line: json.lineOf(...path, key),
      from: 'capacitor',
      key,
      role,
      value,
    });
  }
}

/** Reads `capacitor.config.ts` and its kin for what stands there literally. */
export function readCapacitorScript(file: string, bytes: Buffer, found: Found): void {
  const text = bytes.toString('utf8');
  found.filesChecked += 1;
  found.markers.push({ folder: folderOf(file), kind: 'capacitor' });
  const section = /\bGoogleAuth['"]?\s*:\s*\{([^{}]{0,5000})\}/.exec(text);
  const body = section?.[1];
  if (section === null || body === undefined) return;
  const start = section.index + section[0].indexOf(body);
  const lineAt = createLineAt(text);
  const line = lineAt(section.index);
  found.signInUses.push({ file, line, what: 'the plugin GoogleAuth' });
  const forced = /\bforceCodeForRefreshToken['"]?\s*:\s*(\w+)/.exec(body)?.[1];
  found.capacitorAuths.push({
    file,
    line,
    forcesCode: forced === undefined ? undefined : forced !== 'false',
  });
  for (const [key, role] of capacitorKeys) {
    const entry = new RegExp(
      `\\b${key}['"]?\\s*:\\s*(?:'([^'\\n]*)'|"([^"\\n]*)"|([^,\\n}]+))`,
    ).exec(body);
    if (entry === null) continue;
    const at = lineAt(start + entry.index);
    // What is worked out at build time is told like a build setting.
    const value = entry[1] ?? entry[2] ?? `\${${entry[3]?.trim()}}`;
    found.mentions.push({ file, line: at, from: 'capacitor', key, role, value });
  }
}

const expoPlugin = /^@react-native-google-signin\/google-signin$/;

function readExpo(file: string, json: JsonFile, found: Found): void {
  found.markers.push({ folder: folderOf(file), kind: 'react-native' });
  const plist = ['expo', 'ios', 'infoPlist'];
  for (const [key, role] of [
    ['GIDClientID', 'client'],
    ['GIDServerClientID', 'server'],
  ] as const) {
    const value = json.at(...plist, key);
    if (value === undefined) continue;
    found.mentions.push({ file, line: json.lineOf(...plist, key), from: 'expo', key, role, value });
  }
  const schemes = json.at('expo', 'scheme');
  for (const value of Array.isArray(schemes) ? schemes : [schemes]) {
    if (typeof value === 'string')
      found.schemes.push({ file, line: json.lineOf('expo', 'scheme'), value });
  }
  for (const value of schemesIn(json.at(...plist, 'CFBundleURLTypes'))) {
    found.schemes.push({ file, line: json.lineOf(...plist, 'CFBundleURLTypes'), value });
  }
  const plugins = json.at('expo', 'plugins');
  for (const [at, plugin] of (Array.isArray(plugins) ? plugins : []).entries()) {
    const [name, options] = Array.isArray(plugin) ? plugin : [plugin];
    if (typeof name !== 'string' || !expoPlugin.test(name)) continue;
    const line = json.lineOf('expo', 'plugins', at);
    found.signInUses.push({ file, line, what: `the plugin ${name}` });
    const scheme: unknown = isFields(options) ? options['iosUrlScheme'] : undefined;
    const services = json.at('expo', 'ios', 'googleServicesFile');
    if (typeof scheme === 'string') {
      const place = json.lineOf('expo', 'plugins', at, 1, 'iosUrlScheme');
      found.schemes.push({ file, line: place, value: scheme });
    } else if (typeof services === 'string') {
      const folder = folderOf(file);
      const path = services.replace(/^\.\//, '');
      found.schemesByPlist.push({ file, line, plist: folder === '' ? path : `${folder}/${path}` });
    }
  }
}
