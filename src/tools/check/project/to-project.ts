import { type Apps, appOf } from '../apps.js';
import type { InfoPlist, Limit, Project } from '../model.js';
import { folderOf, foldersAround, nameOf } from '../paths.js';
import type { Facts } from './facts.js';
import { moduleOfManifest } from './gradle.js';
import { libraryOf } from './lock-files.js';
import { takePlist } from './property-list.js';
import {
  createDefinitions,
  createFillIn,
  resolveMentions,
  resolveSchemes,
  targetsByPlist,
} from './resolve.js';
import { boundOf } from './version-limits.js';
import type { Walked } from './walk.js';

type Bare<T> = Omit<T, 'app'>;

/** Puts together what was read of a folder, when all of it was: what belongs to whom, and what names stand for. */
export function toProject(facts: Facts, apps: Apps, { files, skipped }: Walked): Project {
  const owners = ownersOf(facts, apps);
  const inApp = <T extends { file: string }>(given: readonly T[]) =>
    given.map((fact) => {
      const root = appOf(apps, fact.file)?.root ?? '';
      return { ...fact, app: owners.get(root) ?? root };
    });
  dropUnreadSections(facts);
  const modules = facts.androidModules;
  const definitions = createDefinitions(facts, modules);
  takeGeneratedPlists(facts);
  const infoPlists = toInfoPlists(facts);
  dropOtherPlists(facts, infoPlists);
  const fillIn = createFillIn(facts);
  // The plugins of React Native and Flutter take the ID from code, or from google-services.json.
  const readsResource = (file: string) =>
    !['react-native', 'flutter'].includes(appOf(apps, file)?.kind ?? '');
  const listed = facts.secretFiles.map((secret) => ({
    ...secret,
    listedIn: facts.resources.get(nameOf(secret.file)),
  }));
  const manifests = files.filter((file) => nameOf(file) === 'AndroidManifest.xml');
  const androidModules = new Set([
    ...modules.map(({ folder }) => folder),
    ...manifests.map(moduleOfManifest),
  ]);
  const { broken, misnamed, filesChecked, filesSearched } = facts;
  return {
    apps,
    appFolders: new Set([
      ...infoPlists.filter(({ ofApp }) => ofApp).map(({ file }) => folderOf(file)),
      ...facts.xcodeProjects.map((file) => folderOf(file).replace(/\.xcodeproj$/, '')),
    ]),
    androidModules,
    gradleFolders: new Set(
      [...androidModules].flatMap((module) => [module, ...foldersAround(module).slice(0, 2)]),
    ),
    bundledEnvironments: new Set(facts.bundledEnvironments),
    xcodeTargets: inApp(facts.xcodeTargets),
    modules,
    entitlements: inApp(facts.entitlements),
    expoConfigs: inApp(facts.expoConfigs),
    serverClients: inApp(facts.serverClients),
    limits: inApp(toLimits(facts.limits)),
    plugins: inApp(facts.plugins),
    infoPlists: inApp(infoPlists),
    schemes: inApp(resolveSchemes(facts, definitions, fillIn)),
    clientPlists: inApp(facts.clientPlists),
    mentions: inApp(resolveMentions(facts, definitions, fillIn, modules, readsResource)),
    knownClients: inApp(facts.knownClients),
    googleServices: inApp(facts.googleServices),
    secretFiles: inApp(listed),
    secretLiterals: inApp(facts.secretLiterals),
    pins: inApp(facts.pins),
    signInUses: inApp(facts.signInUses),
    sourceFacts: inApp(facts.sourceFacts),
    capacitorAuths: inApp(facts.capacitorAuths),
    broken,
    misnamed,
    skipped: [...facts.skipped, ...skipped],
    filesChecked,
    filesSearched,
  };
}

/** The app that a package in a folder of its own is part of: the only one that depends on it. */
function ownersOf({ packages, packageFolders }: Facts, apps: Apps): ReadonlyMap<string, string> {
  const partsOf = (folder: string) =>
    [...(packages.get(folder) ?? [])].flatMap((name) => packageFolders.get(name) ?? []);
  const parts = new Set([...packages.keys()].flatMap(partsOf));
  const owners = new Map<string, string | undefined>();
  for (const app of packages.keys()) {
    if (parts.has(app) || !apps.has(app)) continue;
    const reached = new Set([app]);
    for (const folder of reached) for (const part of partsOf(folder)) reached.add(part);
    reached.delete(app);
    for (const folder of reached) owners.set(folder, owners.has(folder) ? undefined : app);
  }
  return new Map(
    [...owners].flatMap(([folder, app]) => (app === undefined ? [] : [[folder, app]])),
  );
}

/** Leaves out the sections of Capacitor's configuration whose plugins the app does not have. */
function dropUnreadSections(facts: Facts): void {
  for (const auth of facts.capacitorAuths.splice(0)) {
    const names = facts.packages.get(folderOf(auth.file));
    if (names === undefined || auth.plugins.some((name) => names.has(name))) {
      facts.capacitorAuths.push(auth);
      const { file, line, section } = auth;
      facts.signInUses.push({ file, line, what: `the plugin ${section}` });
      continue;
    }
    const passed = facts.passed.splice(0);
    const ofSection = (each: (typeof passed)[number]) =>
      each.file === auth.file && each.section === auth.section;
    facts.passed.push(...passed.filter((each) => !ofSection(each)));
  }
}

/** Takes the Info.plist files that a project generator writes from its own settings. */
function takeGeneratedPlists(facts: Facts): void {
  for (const { file, key, isApp, values, lines } of facts.generatedPlists) {
    facts.infoPlists.push({ file, site: key, ofApp: isApp, surely: true, values, lines });
    takePlist(file, key, { values: { ...values }, lines }, facts);
  }
}

/**
 * Tells which Info.plist files are an app's own: those that its targets name, if a project says so,
 * and else those that look like it.
 */
function toInfoPlists({ infoPlists, xcodeTargets }: Facts): Bare<InfoPlist>[] {
  const owners = targetsByPlist(xcodeTargets);
  // A project speaks for the folders around it if every path in it is known.
  const speaking = new Set(xcodeTargets.map(({ file }) => projectFolder(file)));
  for (const { file, infoPlists: paths } of xcodeTargets) {
    if (paths.some((path) => path.includes('$'))) speaking.delete(projectFolder(file));
  }
  const found = infoPlists.map((plist): Bare<InfoPlist> => {
    const targets = (owners.get(plist.site) ?? []).filter(({ platform }) => platform !== 'other');
    const app = targets.find(({ isApp }) => isApp);
    const owned = owners.has(plist.site);
    const isKnown = owned || foldersAround(plist.file).some((folder) => speaking.has(folder));
    const ofApp = isKnown ? app !== undefined : plist.ofApp;
    const isMac = /(^|\/)macos\//i.test(plist.file) || 'LSMinimumSystemVersion' in plist.values;
    const platform = app?.platform ?? (isMac ? 'macos' : 'ios');
    return {
      ...plist,
      ofApp,
      surely: ofApp && (isKnown || plist.surely),
      generated: false,
      isOpen: targets.some(({ editsPlist }) => editsPlist),
      platform,
    };
  });
  for (const { file, name, isApp, platform, infoPlists: paths, generated } of xcodeTargets) {
    if (!isApp || !generated || paths.length > 0 || platform === 'other') continue;
    const lines = { keys: new Map<string, number>(), texts: new Map<string, number>() };
    const site = `${file}#${name}`;
    const isOpen = false;
    found.push({
      ...{ file, site, ofApp: true, surely: true, generated, isOpen, values: {}, lines, platform },
    });
  }
  return found;
}

function projectFolder(file: string): string {
  const folder = folderOf(file);
  return folder.endsWith('.xcodeproj') ? folderOf(folder) : folder;
}

/** What an extension's or a framework's Info.plist says is not read by the app's sign-in. */
function dropOtherPlists(facts: Facts, infoPlists: readonly Bare<InfoPlist>[]): void {
  const others = new Set(infoPlists.filter(({ ofApp }) => !ofApp).map(({ site }) => site));
  const keep = <T extends { site?: string; file: string }>(list: T[]) => {
    const kept = list.filter(({ site, file }) => !others.has(site ?? file));
    list.splice(0, list.length, ...kept);
  };
  keep(facts.mentions);
  keep(facts.schemes);
}

/** The versions that manifests hold libraries to; one that leaves newer ones open is none. */
function toLimits(limits: Facts['limits']): Bare<Limit>[] {
  return limits.flatMap((limit): Bare<Limit>[] => {
    const library = libraryOf(limit.name);
    const bound = boundOf(limit);
    if (library === undefined || bound === undefined) return [];
    const { file, line } = limit;
    return 'exactly' in bound
      ? [{ file, line, library, version: bound.exactly, isExact: true }]
      : [{ file, line, library, version: bound.below, isExact: false }];
  });
}
