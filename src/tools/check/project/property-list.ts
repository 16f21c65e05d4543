import { lineOfKey } from '../locate.js';
import type { Facts } from './facts.js';
import { isFields } from './json-file.js';
import { type Plist, PlistError, parsePlist } from './plist-file.js';

const ofInterest = /GID(Server)?ClientID|CLIENT_ID|CFBundleURLTypes/;
const clientKeys = [
  ['CLIENT_ID', 'client'],
  ['SERVER_CLIENT_ID', 'server'],
] as const;
/** The keys of Info.plist that the SDK reads, each with whose client it names. */
export const infoKeys = [
  ['GIDClientID', 'client'],
  ['GIDServerClientID', 'server'],
] as const;

/**
 * Reads a property list as what it holds: an Info.plist, a GoogleService-Info.plist, the plist of an
 * iOS client, or nothing of interest.
 *
 * @param named whether its name promises one of them, so that a broken one is worth telling.
 */
export function readPropertyList(file: string, bytes: Buffer, named: boolean, facts: Facts): void {
  if (!named && !ofInterest.test(bytes.toString('latin1'))) return;
  const google = /GoogleService|client_[^/]*$/i.test(file);
  let plist: Plist;
  try {
    plist = parsePlist(bytes);
  } catch (thrown) {
    if (!(thrown instanceof PlistError)) throw thrown;
    facts.filesChecked += 1;
    const what = google ? 'client plist' : named ? 'Info.plist' : 'property list';
    facts.broken.push({ file, line: thrown.line, what, reason: thrown.message });
    return;
  }
  const { values } = plist;
  if ('GOOGLE_APP_ID' in values || 'REVERSED_CLIENT_ID' in values || 'PLIST_VERSION' in values) {
    readClientPlist(file, plist, facts);
  } else if (google && named) {
    const expected = 'a client plist of Google’s';
    facts.misnamed.push({ file, line: 1, expected, found: 'none of its keys' });
  } else if (named || 'GIDClientID' in values || 'GIDServerClientID' in values) {
    readInfoPlist(file, plist, facts);
  } else return;
  facts.filesChecked += 1;
}

function readClientPlist(file: string, { values, lines }: Plist, facts: Facts): void {
  const kind = 'GOOGLE_APP_ID' in values ? 'firebase' : 'ios-client';
  facts.clientPlists.push({ file, kind, values, lines });
  for (const [key, role] of clientKeys) {
    if (!(key in values)) continue;
    const line = lineOfKey(lines, key);
    const value = values[key];
    facts.mentions.push({ file, line, from: 'client-plist', key, role, value, site: file });
  }
  // Not SERVER_CLIENT_ID: what somebody added by hand is no word of Google's.
  const known = [
    ['CLIENT_ID', 'ios'],
    ['ANDROID_CLIENT_ID', 'android'],
  ] as const;
  for (const [key, client] of known) {
    const id = values[key];
    if (typeof id !== 'string') continue;
    facts.knownClients.push({ file, line: lineOfKey(lines, key), id, kind: client });
  }
}

function readInfoPlist(file: string, { values, lines }: Plist, facts: Facts): void {
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
  const ofApp = !other && !ofTests;
  facts.infoPlists.push({ file, site: file, ofApp, surely: surely && !other, values, lines });
  takePlist(file, file, { values, lines }, facts);
}

/** Takes the IDs and URL schemes of an Info.plist. */
export function takePlist(
  file: string,
  site: string,
  { values, lines }: Plist,
  facts: Facts,
): void {
  for (const [key, role] of infoKeys) {
    if (!Object.hasOwn(values, key)) continue;
    const line = lineOfKey(lines, key);
    const value = values[key];
    facts.mentions.push({ file, line, from: 'info-plist', key, role, value, site });
  }
  for (const value of schemesIn(values['CFBundleURLTypes'])) {
    const line = lines.texts.get(value) ?? lineOfKey(lines, 'CFBundleURLSchemes');
    facts.schemes.push({ file, line, value, site });
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
