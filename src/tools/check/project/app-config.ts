import { createLineAt } from '../locate.js';
import { folderOf, join, nameOf } from '../paths.js';
import type { Facts } from './facts.js';
import { isFailure, isFields, type JsonFile, readJsonFile } from './json-file.js';
import { infoKeys, schemesIn } from './property-list.js';

const capacitorKeys = [
  ['iosClientId', 'client'],
  ['serverClientId', 'server'],
] as const;
/** Reads `app.json`, `app.config.json` or `capacitor.config.json`. Expo takes comments, too. */
export function readExpoOrCapacitor(file: string, bytes: Buffer, facts: Facts): void {
  const text = bytes.toString('utf8');
  const isCapacitor = /(^|\/)capacitor\.config\.json$/.test(file);
  const json = readJsonFile(text, !isCapacitor);
  if (isFailure(json)) {
    // Other tools have an app.json, too.
    if (!isCapacitor && !/"expo"/.test(text)) return;
    facts.filesChecked += 1;
    facts.broken.push({ file, what: nameOf(file), ...json });
    return;
  }
  if (isCapacitor) readCapacitor(file, json, facts);
  else if (isFields(json.at('expo'))) readExpo(file, json, facts);
  else return;
  facts.filesChecked += 1;
}

function readCapacitor(file: string, json: JsonFile, facts: Facts): void {
  facts.markers.push({ root: folderOf(file), kind: 'capacitor' });
  const path = ['plugins', 'GoogleAuth'];
  if (!isFields(json.at(...path))) return;
  const forced = json.at(...path, 'forceCodeForRefreshToken');
  const line = json.lineOf(...path);
  facts.signInUses.push({ file, line, what: 'the plugin GoogleAuth' });
  facts.capacitorAuths.push({ file, line, forcesCode: forced === true });
  for (const [key, role] of capacitorKeys) {
    const value = json.at(...path, key);
    if (value === undefined) continue;
    const place = { file, line: json.lineOf(...path, key) };
    facts.mentions.push({ ...place, from: 'capacitor', key, role, value });
  }
}

/** Reads `capacitor.config.ts` and its kin for what stands there literally. */
export function readCapacitorScript(file: string, bytes: Buffer, facts: Facts): void {
  const text = bytes.toString('utf8');
  facts.filesChecked += 1;
  facts.markers.push({ root: folderOf(file), kind: 'capacitor' });
  const section = /\bGoogleAuth['"]?\s*:\s*\{([^{}]{0,5000})\}/.exec(text);
  const body = section?.[1];
  if (section === null || body === undefined) return;
  const start = section.index + section[0].indexOf(body);
  const lineAt = createLineAt(text);
  const line = lineAt(section.index);
  facts.signInUses.push({ file, line, what: 'the plugin GoogleAuth' });
  const forced = /\bforceCodeForRefreshToken['"]?\s*:\s*(\w+)/.exec(body)?.[1];
  facts.capacitorAuths.push({ file, line, forcesCode: (forced ?? 'false') !== 'false' });
  for (const [key, role] of capacitorKeys) {
    const entry = new RegExp(
      `\\b${key}['"]?\\s*:\\s*(?:'([^'\\n]*)'|"([^"\\n]*)"|([^,\\n}]+))`,
    ).exec(body);
    if (entry === null) continue;
    const at = lineAt(start + entry.index);
    // What is worked out at build time is told like a build setting.
    const value = entry[1] ?? entry[2] ?? `\${${entry[3]?.trim()}}`;
    facts.mentions.push({ file, line: at, from: 'capacitor', key, role, value });
  }
}

const expoPlugin = '@react-native-google-signin/google-signin';

function readExpo(file: string, json: JsonFile, facts: Facts): void {
  facts.markers.push({ root: folderOf(file), kind: 'react-native' });
  const plist = ['expo', 'ios', 'infoPlist'];
  for (const [key, role] of infoKeys) {
    const value = json.at(...plist, key);
    if (value === undefined) continue;
    facts.mentions.push({ file, line: json.lineOf(...plist, key), from: 'expo', key, role, value });
  }
  const schemes = json.at('expo', 'scheme');
  for (const value of Array.isArray(schemes) ? schemes : [schemes]) {
    if (typeof value === 'string')
      facts.schemes.push({ file, line: json.lineOf('expo', 'scheme'), value });
  }
  for (const value of schemesIn(json.at(...plist, 'CFBundleURLTypes'))) {
    facts.schemes.push({ file, line: json.lineOf(...plist, 'CFBundleURLTypes'), value });
  }
  const plugins = json.at('expo', 'plugins');
  for (const [at, plugin] of (Array.isArray(plugins) ? plugins : []).entries()) {
    const [name, options] = Array.isArray(plugin) ? plugin : [plugin];
    if (name !== expoPlugin) continue;
    const line = json.lineOf('expo', 'plugins', at);
    facts.signInUses.push({ file, line, what: `the plugin ${name}` });
    const scheme: unknown = isFields(options) ? options['iosUrlScheme'] : undefined;
    const services = json.at('expo', 'ios', 'googleServicesFile');
    if (typeof scheme === 'string') {
      const place = json.lineOf('expo', 'plugins', at, 1, 'iosUrlScheme');
      facts.schemes.push({ file, line: place, value: scheme });
    } else if (typeof services === 'string') {
      const plist = join(folderOf(file), services.replace(/^\.\//, ''));
      facts.schemesByPlist.push({ file, line, plist });
    }
  }
}
