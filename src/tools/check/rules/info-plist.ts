import { lineOfKey } from '../locate.js';
import type { CheckRule, InfoPlist, Match } from '../model.js';
import { isFields } from '../project/json-file.js';
import { codeOf, ownOf } from '../scope.js';
import { sources } from '../sources.js';

/** Rules about the form of Info.plist, and about keys that the SDK does not read there. */
export const infoPlistRules: readonly CheckRule[] = [
  {
    id: 'url-types-malformed',
    name: 'URL schemes in the wrong form',
    severity: 'error',
    why: 'iOS and the SDK read URL schemes only from CFBundleURLTypes, an array of dictionaries that each have an array CFBundleURLSchemes.',
    source: sources.urlTypes,
    cause: 'info-plist-malformed',
    *find(project) {
      for (const { file, values, lines, ofApp } of project.infoPlists) {
        const problem = ofApp ? urlTypesProblem(values, lines) : undefined;
        if (problem === undefined) continue;
        const [key, message, line] = problem;
        yield {
          file,
          line: line ?? lineOfKey(lines, key),
          message,
          fix: 'Write CFBundleURLTypes once, as an array of dictionaries, each with an array of strings CFBundleURLSchemes.',
        };
      }
    },
  },
  {
    id: 'key-not-read',
    name: 'Key that the SDK does not read',
    severity: 'error',
    why: 'The SDK reads GIDClientID and GIDServerClientID, spelt so, from the top of Info.plist and from nowhere else.',
    source: sources.start,
    cause: 'info-plist-malformed',
    *find(project) {
      for (const app of project.apps.values()) {
        // Without the SDK, the app's own code reads the key.
        const usesSdk =
          ownOf(app, project.signInUses).length > 0 ||
          ownOf(app, project.pins).some(({ library }) => library === 'GoogleSignIn') ||
          codeOf(project, app, 'sign-in').length > 0;
        const ownFlow = ownOf(app, project.sourceFacts).some(({ fact }) => fact === 'own-flow');
        for (const plist of ownOf(app, project.infoPlists)) {
          if (plist.ofApp && (usesSdk || !ownFlow)) yield* strayKeys(plist);
        }
      }
    },
  },
];

/** What is wrong with the form of an Info.plist's URL types: the key, the words, and the line if it is known. */
export function urlTypesProblem(
  values: Readonly<Record<string, unknown>>,
  { repeated }: Pick<InfoPlist['lines'], 'repeated'>,
): [string, string, number?] | undefined {
  const second = repeated?.get('CFBundleURLTypes');
  if (second !== undefined) {
    const message = 'CFBundleURLTypes stands in Info.plist twice, and iOS reads only one of them.';
    return ['CFBundleURLTypes', message, second];
  }
  if ('CFBundleURLSchemes' in values) {
    return ['CFBundleURLSchemes', 'CFBundleURLSchemes stands at the top, where nothing reads it.'];
  }
  const types = values['CFBundleURLTypes'];
  if (types === undefined) return undefined;
  if (!Array.isArray(types)) return ['CFBundleURLTypes', 'CFBundleURLTypes is no array.'];
  for (const type of types) {
    if (!isFields(type)) {
      return ['CFBundleURLTypes', 'CFBundleURLTypes holds something that is no dictionary.'];
    }
    const schemes = type['CFBundleURLSchemes'];
    if (schemes !== undefined && !Array.isArray(schemes)) {
      return ['CFBundleURLSchemes', 'CFBundleURLSchemes is no array.'];
    }
  }
  return undefined;
}

const readKeys = ['GIDClientID', 'GIDServerClientID'] as const;
const otherNames: Readonly<Record<string, (typeof readKeys)[number]>> = {
  gidclientid: 'GIDClientID',
  googleclientid: 'GIDClientID',
  gidserverclientid: 'GIDServerClientID',
  gidserverid: 'GIDServerClientID',
  gidserverclient: 'GIDServerClientID',
  gidwebclientid: 'GIDServerClientID',
  serverclientid: 'GIDServerClientID',
};

/** The keys of an Info.plist that look like those of the SDK and are not. */
export function* strayKeys({ file, values, lines }: InfoPlist): Generator<Match> {
  for (const name of Object.keys(values)) {
    const meant = otherNames[name.toLowerCase().replace(/[_\s-]/g, '')];
    if (meant === undefined || name === meant || meant in values) continue;
    yield {
      file,
      line: lineOfKey(lines, name),
      message: `${name.trim() === meant ? `“${name}” (with a blank)` : name} is not read; the SDK reads ${meant}.`,
      fix: `Name the key ${meant}.`,
    };
  }
  for (const key of readKeys) {
    if (key in values || !isNested(values, key)) continue;
    yield {
      file,
      line: lineOfKey(lines, key),
      message: `${key} stands inside another entry, where the SDK does not look.`,
      fix: `Move ${key} to the top of Info.plist, beside CFBundleURLTypes.`,
    };
  }
}

function isNested(value: unknown, key: string, depth = 0): boolean {
  if (typeof value !== 'object' || value === null || depth > 8) return false;
  if (value instanceof Uint8Array) return false;
  if (depth > 0 && !Array.isArray(value) && Object.hasOwn(value, key)) return true;
  return Object.values(value).some((inner) => isNested(inner, key, depth + 1));
}
