import { lineOfKey } from '../locate.js';
import type { PlistLines } from '../model.js';
import { isFields } from './fields.js';
import type { Found } from './found.js';
import { type Plist, PlistError, parsePlist } from './plist-file.js';

const ofInterest = /GID(Server)?ClientID|CLIENT_ID|CFBundleURLTypes/;
const clientKeys = [
  ['CLIENT_ID', 'client'],
  ['SERVER_CLIENT_ID', 'server'],
] as const;
const infoKeys = [
  ['GIDClientID', 'client'],
  ['GIDServerClientID', 'server'],
] as const;

/**
 * Reads a property list as what it holds: an Info.plist, a GoogleService-Info.plist, the plist of an
 * iOS client, or nothing of interest.
 *
 * @param named whether its name promises one of them, so that a broken one is worth telling.
 */
export function readPropertyList(file: string, bytes: Buffer, named: boolean, found: Found): void {
  if (!named && !ofInterest.test(bytes.toString('latin1'))) return;
  const google = /GoogleService|client_[^/]*$/i.test(file);
  let plist: Plist;
  try {
    plist = parsePlist(bytes);
  } catch (thrown) {
    if (!(thrown instanceof PlistError)) throw thrown;
    found.filesChecked += 1;
    const what = google ? 'client plist' : named ? 'Info.plist' : 'property list';
    found.broken.push({ file, line: thrown.line, what, reason: thrown.message });
    return;
  }
  const { values } = plist;
  if ('GOOGLE_APP_ID' in values || 'REVERSED_CLIENT_ID' in values || 'PLIST_VERSION' in values) {
    readClientPlist(file, plist, found);
  } else if (google && named) {
    found.filesChecked += 1;
    found.misnamed.push({
      file,
      line: 1,
      expected: 'a client plist of Google’s',
      found: 'none of its keys',
    });
  } else if (named || 'GIDClientID' in values || 'GIDServerClientID' in values) {
    readInfoPlist(file, plist, found);
  } else return;
  found.filesChecked += 1;
}

function readClientPlist(file: string, { values, lines }: Plist, found: Found): void {
  const kind = 'GOOGLE_APP_ID' in values ? 'firebase' : 'ios-client';
  found.clientPlists.push({ file, kind, values, lines });
  for (const [key, role] of clientKeys) {
    if (!(key in values)) continue;
    const line = lineOfKey(lines, key);
    found.mentions.push({ file, line, from: 'client-plist', key, role, value: values[key] });
  }
  // Not SERVER_CLIENT_ID: what somebody added by hand is no word of Google's.
  const known = [
    ['CLIENT_ID', 'ios'],
    ['ANDROID_CLIENT_ID', 'android'],
  ] as const;
  for (const [key, client] of known) {
    const id = values[key];
    if (typeof id !== 'string') continue;
    found.knownClients.push({ file, line: lineOfKey(lines, key), id, kind: client });
  }
}

function readInfoPlist(file: string, { values, lines }: Plist, found: Found): void {
  const type = values['CFBundlePackageType'];
  const other =
    (typeof type === 'string' && /^(FMWK|BNDL|XPC!)$/.test(type)) ||
    'NSExtension' in values ||
    'EXAppExtensionAttributes' in values ||
    'WKWatchKitApp' in values;
  const surely =
    type === 'APPL' ||
    ['LSRequiresIPhoneOS', 'UILaunchStoryboardName', 'UIApplicationSceneManifest'].some(
      (key) => key in values,
    );
  const ofTests = /(^|\/)\w*Tests?\//.test(file) && !surely;
  found.infoPlists.push({
    file,
    ofApp: !other && !ofTests,
    surely: surely && !other,
    values,
    lines,
  });
  for (const [key, role] of infoKeys) {
    if (!Object.hasOwn(values, key)) continue;
    const line = lineOfKey(lines, key);
    found.mentions.push({ file, line, from: 'info-plist', key, role, value: values[key] });
  }
  for (const value of schemesIn(values['CFBundleURLTypes'])) {
    found.schemes.push({ file, line: lineOfScheme(lines, value), value });
  }
}

/** The schemes of `CFBundleURLTypes`, as far as it has the form that iOS reads. */
export function schemesIn(urlTypes: unknown): string[] {
  if (!Array.isArray(urlTypes)) return [];
  return urlTypes.flatMap((type: unknown): string[] => {
    const schemes = isFields(type) ? type['CFBundleURLSchemes'] : undefined;
    if (!Array.isArray(schemes)) return [];
    return schemes.filter((scheme: unknown) => typeof scheme === 'string');
  });
}

function lineOfScheme(lines: PlistLines, scheme: string): number | null {
  return lines.texts.get(scheme) ?? lineOfKey(lines, 'CFBundleURLSchemes');
}
