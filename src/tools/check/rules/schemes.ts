import { isVariable, toIdShape, toScheme } from '../client-id.js';
import { lineOfKey, placeOf } from '../locate.js';
import type {
  App,
  CheckRule,
  IdMention,
  InfoPlist,
  Match,
  Place,
  Project,
  Scheme,
} from '../model.js';
import { isFields } from '../project/json-file.js';
import {
  appPlists,
  codeOf,
  groupBy,
  idsOf,
  isBuiltForIos,
  isBundled,
  modulesOf,
  ownOf,
  signInOf,
} from '../scope.js';
import { sources } from '../sources.js';
import { urlTypesProblem } from './info-plist.js';

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
        const schemes = ownOf(app, project.schemes);
        if (schemes.some(({ value }) => googleScheme.test(value))) continue;
        // A configuration names one variable in several places.
        const open = new Map(
          schemes.filter(({ value }) => isFilledIn(value)).map((scheme) => [scheme.value, scheme]),
        );
        for (const scheme of open.values()) {
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
    id: 'redirect-uri-not-accepted',
    name: 'Redirect URI of the app’s own scheme',
    severity: 'warning',
    why: 'Of a phone Google accepts only a redirect URI whose scheme is the reversed client ID, the bundle ID or the package name.',
    source: sources.nativeApp,
    cause: 'redirect-uri-not-registered',
    *find(project) {
      for (const app of project.apps.values()) {
        const [own] = codeOf(project, app, 'own-scheme-redirect');
        const [open] = codeOf(project, app, 'default-scheme-redirect');
        // Without an option, the scheme is that of app.json.
        const schemes = ownOf(app, project.schemes).filter(({ whole }) => !whole);
        const isOwn = schemes.length > 0 && schemes.every(({ value }) => /^[\w+-]+$/.test(value));
        const call = own ?? (isOwn ? open : undefined);
        if (call === undefined) continue;
        yield {
          ...placeOf(call),
          message:
            'makeRedirectUri() gives a URI of the app’s own scheme here, which Google refuses.',
          fix: 'Leave redirectUri out, or give makeRedirectUri() native: "com.googleusercontent.apps.123456789012-abc…:/oauthredirect".',
        };
      }
    },
  },
];

/** What a match says, before it is known which finding of one cause speaks. */
function* schemesOf(project: Project, app: App): Generator<Match> {
  if (signInOf(project, app) === undefined) return;
  // A Flutter app may list the plugin and never call it.
  if (app.kind === 'flutter' && !codeOf(project, app, 'sign-in', 'signs-in-on-ios')[0]) return;
  const configures = codeOf(project, app, 'configure');
  if (configures.length > 0 && configures.every(({ file }) => /\.android\.\w+$/.test(file))) return;
  const schemes = ownOf(app, project.schemes);
  const named = schemes
    .filter(({ whole, value }) => whole || googleScheme.test(value.trim()))
    .flatMap(namedProblem);
  yield* named;
  if (named.length > 0) return;
  const plists = appPlists(project, app).filter((plist) => isJudged(project, app, plist));
  const expo = plists.length === 0 ? expoOf(project, app) : undefined;
  const [plist] = plists;
  const place = plist
    ? { file: plist.file, line: lineOfKey(plist.lines, 'CFBundleURLTypes') }
    : expo;
  // Without either, the app's iOS side is not in the tree.
  if (place === undefined || plists.some(({ values, lines }) => urlTypesProblem(values, lines))) {
    return;
  }
  const built = schemes.filter(({ site }) => plists.some((each) => each.site === site));
  const takes = ({ value }: Scheme) => googleScheme.test(value.trim()) || isFilledIn(value);
  const left = schemes.find((scheme) => expoFile.test(scheme.site) && takes(scheme));
  if (left !== undefined && plist !== undefined && !built.some(takes) && !plist.isOpen) {
    const message = `${left.site} has the URL scheme for Google’s answer, and Info.plist, which is built as it is, has none.`;
    const fix = 'Run npx expo prebuild, or add the scheme to CFBundleURLTypes, CFBundleURLSchemes.';
    yield { ...placeOf(place), severity: 'warning', message, fix };
    return;
  }
  // All targets run the same code, unless it is native.
  const sites = new Set(built.filter(takes).map(({ site }) => site));
  for (const { file, site, surely, values, isOpen } of plists) {
    const isLeft = sites.size > 0 && !sites.has(site) && surely && !isOpen;
    if (!isLeft || app.kind === 'native' || 'GIDClientID' in values) continue;
    const message =
      'The Info.plist of another target has the URL scheme for Google’s answer, and this one has none.';
    yield { file, line: null, severity: 'warning', message, fix: addReversed };
  }
  const clients = clientsOf(project, app, plists);
  const right = clients.filter(({ value }) => toIdShape(value).shape === 'right');
  const bySite = groupBy(schemes, ({ site }) => site);
  const inPlists = right.filter(({ from }) => from === 'info-plist');
  for (const client of inPlists) yield* createMissing(bySite.get(client.site) ?? [])(client);
  const others = right.filter(({ from }) => from !== 'info-plist');
  if (others.length > 0 && (inPlists.length === 0 || app.kind === 'native')) {
    // Build flavours each have a client; one that answers is enough here.
    const own = others.filter(({ from }) => from === 'source');
    const missing = createMissing(schemes, place);
    const places = own.length > 0 ? groupBy(own, ({ site }) => site).values() : [others];
    const unmet = [...places]
      .map((clients) => clients.map(missing))
      .find((found) => found.every(({ length }) => length > 0));
    yield* unmet?.[0] ?? [];
  }
  if (right.length > 0 || !needsScheme(project, app, clients)) return;
  if (plists.some(({ isOpen, values }) => isOpen || hasOpenType(values))) return;
  // The ID comes from elsewhere; its scheme has a known beginning all the same.
  if (schemes.some(takes)) return;
  const plain = schemes.find(({ value }) => toIdShape(value).shape === 'right');
  if (plain !== undefined) {
    const fix = addScheme(toScheme(plain.value), plain.file);
    yield { ...placeOf(plain), message: plainScheme, fix };
    return;
  }
  yield {
    ...placeOf(place),
    // Without a client and built pods, nobody may have meant to build for iOS yet.
    severity: isMeantForIos(project, app, clients) ? undefined : 'warning',
    message: 'No URL scheme is a reversed client ID (com.googleusercontent.apps.…).',
    fix:
      plist === undefined
        ? 'Give the plugin the option iosUrlScheme: the reversed ID of the iOS client.'
        : addReversed,
  };
}

/** Whether an Info.plist is of a platform that the app is known to sign in on. */
function isJudged(project: Project, app: App, { platform, values, site }: InfoPlist): boolean {
  if (platform === 'ios') return true;
  const takes = ownOf(app, project.schemes).some(
    (scheme) => scheme.site === site && googleScheme.test(scheme.value),
  );
  return app.kind === 'native' || 'GIDClientID' in values || takes;
}

/** Expo's configuration, if it is what the iOS project is made from. */
function expoOf(project: Project, app: App): Place | undefined {
  const configs = ownOf(app, project.expoConfigs);
  const [expo] = configs.toSorted((one, other) => Number(other.hasPlugin) - Number(one.hasPlugin));
  // A native project of Android's alone says what it is built for; the ID may be read for later.
  const isOnlyAndroid = modulesOf(project, app).length > 0 || configs.some((each) => each.package);
  const isForIos = configs.some((each) => each.isForIos) || !isOnlyAndroid;
  const isGiven = idsOf(project, app, 'client').some(({ value }) => !isVariable(String(value)));
  if (expo === undefined || !(isForIos || isGiven)) return undefined;
  const isOpen = configs.some((each) => each.isOpen);
  const takesPlist = expo.hasPlugin && expo.iosServices !== undefined;
  const named = ownOf(app, project.schemes).some(({ value }) => googleScheme.test(value));
  return takesPlist || (isOpen && !named) ? undefined : placeOf(expo);
}

/** The iOS clients that an app signs in with, as far as they are known. */
function clientsOf(project: Project, app: App, plists: readonly InfoPlist[]): IdMention[] {
  const ios = plists.some(({ platform }) => platform === 'ios');
  return idsOf(project, app, 'client').filter((client) => {
    if (client.from !== 'client-plist') return true;
    // A native app reads the ID from Info.plist or sets it in code.
    const reads = app.kind !== 'native' || codeOf(project, app, 'firebase-options').length > 0;
    const isMac = /(^|\/)macos\//i.test(client.site);
    const plists = ownOf(app, project.clientPlists);
    const plist = plists.find(({ file }) => file === client.site);
    if (!reads || (isMac && ios) || plist === undefined) return false;
    // One that no target has yet is meant for it if there is no other.
    return (
      isBundled(project, plist) !== false ||
      plists.every((each) => isBundled(project, each) === false)
    );
  });
}

/** Whether an app whose client is not known signs in on iOS all the same. */
function needsScheme(project: Project, app: App, clients: readonly IdMention[]): boolean {
  if (app.kind === 'native') {
    const configured =
      codeOf(project, app, 'configuration', 'configuration-with-server').length > 0;
    return codeOf(project, app, 'sign-in').length > 0 && (configured || clients.length > 0);
  }
  return (
    isMeantForIos(project, app, clients) ||
    codeOf(project, app, 'signs-in-on-ios').length > 0 ||
    (app.kind === 'react-native' && codeOf(project, app, 'configure').length > 0)
  );
}

/** Whether an app has an iOS client in its settings, or was built for iOS. */
function isMeantForIos(project: Project, app: App, clients: readonly IdMention[]): boolean {
  const passes = clients.some(({ from }) => from !== 'client-plist');
  return app.kind === 'native' || passes || (app.kind !== 'flutter' && isBuiltForIos(project, app));
}

const expoFile = /(^|\/)app(\.config)?\.(json|[cm]?[jt]s)$/;
const addReversed =
  'Add the reversed ID of the iOS client to CFBundleURLTypes, CFBundleURLSchemes.';
const plainScheme = 'The URL scheme is the client ID itself; it has to be written in reverse.';

/** What is wrong with a value that is said to be the reversed client ID. */
function namedProblem({ file, line, value }: Scheme): Match[] {
  if (isVariable(value)) return [];
  const isReversed = googleScheme.test(value.trim());
  const shape = toIdShape(isReversed ? toScheme(value.trim()) : value);
  if (isReversed && shape.shape === 'right') {
    const message = 'The URL scheme has a blank or a line break around it.';
    const fix = `Write only ${value.trim()}`;
    return value === value.trim() ? [] : [{ file, line, message, fix }];
  }
  if (isReversed && !['placeholder', 'malformed'].includes(shape.shape)) return [];
  if (shape.shape === 'right') {
    return [{ file, line, message: plainScheme, fix: `Write it as ${toScheme(value)}` }];
  }
  const isOpen = isReversed || shape.shape === 'placeholder';
  const what = isOpen ? 'still a placeholder' : 'no reversed client ID';
  return [
    {
      file,
      line,
      message: `The URL scheme for Google’s answer is ${what}.`,
      fix: 'Put the reversed ID of the iOS client there: com.googleusercontent.apps.123456789012-abc…',
    },
  ];
}

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
function createMissing(
  schemes: readonly Scheme[],
  declared?: Place,
): (client: IdMention) => Match[] {
  const firstBy = (keyOf: (value: string) => string) =>
    new Map([...schemes].reverse().map((scheme) => [keyOf(scheme.value).toLowerCase(), scheme]));
  const exact = firstBy((value) => value);
  const isOpen = schemes.some(({ value }) => isFilledIn(value));
  const other = schemes.find(({ value }) => googleScheme.test(value.trim()));
  return (client) => {
    const id = String(client.value).toLowerCase();
    const wanted = toScheme(id);
    if (isOpen || exact.has(wanted)) return [];
    const plain = exact.get(id);
    const message =
      plain !== undefined
        ? plainScheme
        : other !== undefined
          ? `The URL scheme is that of another client than ${client.key}.`
          : `The reversed ${client.key} is none of the app’s URL schemes.`;
    // Of a client plist and a scheme that differ, the plist may be the wrong one.
    const isPlist = client.from === 'client-plist';
    const differing = isPlist ? undefined : other;
    const lacking = isPlist && other !== undefined ? client : (declared ?? client);
    const place = placeOf(plain ?? differing ?? lacking);
    return [{ ...place, message, fix: addScheme(wanted, place.file) }];
  };
}

/** Whether a URL type named after Google has no scheme: somebody's build fills it in. */
function hasOpenType(values: Readonly<Record<string, unknown>>): boolean {
  const types = values['CFBundleURLTypes'];
  const isOpen = (type: unknown) => {
    const schemes = isFields(type) && type['CFBundleURLSchemes'];
    const name = isFields(type) && type['CFBundleURLName'];
    return /google/i.test(String(name)) && Array.isArray(schemes) && schemes.length === 0;
  };
  return Array.isArray(types) && types.some(isOpen);
}

/** The URL schemes that are the server's client in reverse, where no iOS client is named. */
export function* serverSchemes(project: Project, app: App): Generator<Match> {
  const isRight = ({ value }: IdMention) => toIdShape(value).shape === 'right';
  if (idsOf(project, app, 'client').some(isRight)) return;
  const servers = idsOf(project, app, 'server').filter(isRight);
  const byScheme = new Map(servers.map((server) => [toScheme(String(server.value)), server]));
  for (const scheme of ownOf(app, project.schemes)) {
    const server = byScheme.get(scheme.value.trim().toLowerCase());
    if (server === undefined) continue;
    yield {
      ...placeOf(scheme),
      message: `The URL scheme is the client of ${server.key}, reversed: an app on iOS has a client of its own.`,
      fix: 'Make a client of type “iOS” in the Cloud console, in the same project, and put its reversed ID there.',
    };
    // Cordova keeps the scheme in two files.
    return;
  }
}
