import { isVariable, toIdShape, toScheme } from '../client-id.js';
import { lineOfKey, placeOf } from '../locate.js';
import type { App, CheckRule, IdMention, InfoPlist, Match, Project, Scheme } from '../model.js';
import { groupBy, isConfiguredInCode, mainPlist, ownOf, signInOf } from '../scope.js';
import { sources } from '../sources.js';

const googleScheme = /^com\.googleusercontent\.apps\./i;

/** Rules about URL schemes, and about where Info.plist is read. */
export const schemeRules: readonly CheckRule[] = [
  {
    id: 'url-scheme-missing',
    name: 'No URL scheme for Google’s answer',
    severity: 'error',
    why: 'The SDK raises “Your app is missing support for the following URL schemes” and the app ends, where the reversed client ID is none of its URL schemes.',
    source: sources.start,
    cause: 'reversed-client-id-scheme-missing',
    *find(project) {
      for (const app of project.apps.values()) yield* schemesOf(project, app);
    },
  },
  {
    id: 'url-scheme-variable',
    name: 'URL scheme left to the build settings',
    severity: 'note',
    why: 'A variable is filled in at build time, so whether it is the reversed client ID cannot be judged from the files.',
    source: sources.infoPlist,
    cause: null,
    *find(project) {
      for (const app of project.apps.values()) {
        if (signInOf(project, app) === undefined) continue;
        for (const scheme of ownOf(app, project.schemes)) {
          if (!isFilledIn(scheme.value)) continue;
          yield {
            ...placeOf(scheme),
            message: `A URL scheme is ${scheme.value}, filled in at build time: not judged.`,
            fix: 'See that it becomes the reversed client ID: com.googleusercontent.apps.123456789012-abc…',
          };
        }
      }
    },
  },
  {
    id: 'url-types-malformed',
    name: 'URL schemes in the wrong form',
    severity: 'error',
    why: 'iOS and the SDK read URL schemes only from CFBundleURLTypes, an array of dictionaries that each have an array CFBundleURLSchemes.',
    source: sources.urlTypes,
    cause: 'info-plist-malformed',
    *find(project) {
      for (const { file, values, lines } of project.infoPlists) {
        const problem = urlTypesProblem(values);
        if (problem === undefined) continue;
        const [key, message] = problem;
        yield {
          file,
          line: lineOfKey(lines, key),
          message,
          fix: 'Write CFBundleURLTypes as an array of dictionaries, each with an array of strings CFBundleURLSchemes.',
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
      for (const plist of project.infoPlists) yield* strayKeys(plist);
    },
  },
];

function* schemesOf(project: Project, app: App): Generator<Match> {
  if (signInOf(project, app) === undefined) return;
  const schemes = ownOf(app, project.schemes);
  const plist = mainPlist(project, app);
  const expo = ownOf(app, project.signInUses).find(({ file }) => expoFile.test(file));
  const place = plist
    ? { file: plist.file, line: lineOfKey(plist.lines, 'CFBundleURLTypes') }
    : expo;
  // Without either, the app's iOS side is not in the tree.
  if (place === undefined) return;
  const clients = ownOf(app, project.mentions).filter(({ role }) => role === 'client');
  const right = clients.filter(({ value }) => toIdShape(value).shape === 'right');
  const inPlists = right.filter(({ from }) => from === 'info-plist');
  if (inPlists.length > 0) {
    const byFile = groupBy(schemes, ({ file }) => file);
    const finders = new Map([...byFile].map(([file, taken]) => [file, createMissing(taken)]));
    const none = createMissing([]);
    for (const client of inPlists) yield* (finders.get(client.file) ?? none)(client);
    return;
  }
  if (right.length > 0) {
    // Build flavours each have a client; one that answers is enough here.
    const unmet = right.map(createMissing(schemes));
    const [first] = unmet.flat();
    if (first !== undefined && unmet.every((found) => found.length > 0)) yield first;
    return;
  }
  // The ID comes from elsewhere; its scheme has a known beginning all the same.
  const unknown = clients.every(({ value }) => toIdShape(value).shape === 'variable');
  const elsewhere = clients.length > 0 || isConfiguredInCode(app) || app.kind === 'flutter';
  if (!unknown || !elsewhere) return;
  if (schemes.some(({ value }) => googleScheme.test(value) || isFilledIn(value))) return;
  const plain = schemes.find(({ value }) => toIdShape(value).shape === 'right');
  if (plain !== undefined) {
    yield {
      ...placeOf(plain),
      message: plainScheme,
      fix: addScheme(toScheme(plain.value), plain.file),
    };
    return;
  }
  yield {
    ...placeOf(place),
    message: 'No URL scheme is a reversed client ID (com.googleusercontent.apps.…).',
    fix:
      plist === undefined
        ? 'Give the plugin the option iosUrlScheme: the reversed ID of the iOS client.'
        : 'Add the reversed ID of the iOS client to CFBundleURLTypes, CFBundleURLSchemes.',
  };
}

const expoFile = /(^|\/)app(\.config)?\.json$/;
const plainScheme = 'The URL scheme is the client ID itself; it has to be written in reverse.';

function addScheme(scheme: string, file: string): string {
  return expoFile.test(file)
    ? `Write the scheme as ${scheme}`
    : `Add this scheme to CFBundleURLTypes, CFBundleURLSchemes: ${scheme}`;
}

/** Whether a scheme may yet become the reversed client ID. */
function isFilledIn(scheme: string): boolean {
  return isVariable(scheme) && !/BUNDLE_IDENTIFIER/.test(scheme);
}

/** Tells of a client whose scheme is none of some schemes, looked up in maps: there may be many of both. */
function createMissing(schemes: readonly Scheme[]): (client: IdMention) => Match[] {
  const firstBy = (keyOf: (value: string) => string) =>
    new Map([...schemes].reverse().map((scheme) => [keyOf(scheme.value).toLowerCase(), scheme]));
  const exact = firstBy((value) => value);
  const trimmed = firstBy((value) => value.trim());
  const isOpen = schemes.some(({ value }) => isFilledIn(value));
  const other = schemes.find(({ value }) => googleScheme.test(value.trim()));
  return (client) => {
    const id = String(client.value).toLowerCase();
    const wanted = toScheme(id);
    if (isOpen || exact.has(wanted)) return [];
    const blank = trimmed.get(wanted);
    const plain = exact.get(id);
    const message =
      blank !== undefined
        ? 'The URL scheme has a blank or a line break around it.'
        : plain !== undefined
          ? plainScheme
          : other !== undefined
            ? `The URL scheme is that of another client than ${client.key}.`
            : `The reversed ${client.key} is none of the app’s URL schemes.`;
    const place = placeOf(blank ?? plain ?? other ?? client);
    return [{ ...place, message, fix: addScheme(wanted, place.file) }];
  };
}

function urlTypesProblem(values: Readonly<Record<string, unknown>>): [string, string] | undefined {
  if ('CFBundleURLSchemes' in values) {
    return ['CFBundleURLSchemes', 'CFBundleURLSchemes stands at the top, where nothing reads it.'];
  }
  const types = values['CFBundleURLTypes'];
  if (types === undefined) return undefined;
  if (!Array.isArray(types)) return ['CFBundleURLTypes', 'CFBundleURLTypes is no array.'];
  for (const type of types) {
    if (typeof type !== 'object' || type === null || Array.isArray(type)) {
      return ['CFBundleURLTypes', 'CFBundleURLTypes holds something that is no dictionary.'];
    }
    const schemes: unknown = (type as Record<string, unknown>)['CFBundleURLSchemes'];
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

function* strayKeys({ file, values, lines }: InfoPlist): Generator<Match> {
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
