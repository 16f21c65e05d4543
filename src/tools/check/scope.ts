import { appOf } from './apps.js';
import type {
  App,
  ClientPlist,
  IdMention,
  InfoPlist,
  OfApp,
  Place,
  Project,
  SourceFact,
} from './model.js';
import { endingOf } from './paths.js';

const byApp = new WeakMap<readonly OfApp[], ReadonlyMap<string, OfApp[]>>();

/** The facts that are an app's own. Grouped once: there may be thousands of apps, and of facts. */
export function ownOf<T extends OfApp>({ root }: Pick<App, 'root'>, facts: readonly T[]): T[] {
  const groups = byApp.get(facts) ?? groupBy<OfApp>(facts, ({ app }) => app);
  byApp.set(facts, groups);
  return (groups.get(root) ?? []) as T[];
}

/** The facts that an app sees: its own, then those that belong to no app. */
export function* seenBy<T extends OfApp>(app: App, facts: readonly T[]): Generator<T> {
  yield* ownOf(app, facts);
  if (app.root !== '') yield* ownOf({ root: '' }, facts);
}

/** Values in the groups that share a key, in the order in which they come. */
export function groupBy<T>(
  values: readonly T[],
  keyOf: (value: T) => string,
): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

/** The first place that shows that an app signs in with Google. */
export function signInOf(project: Project, app: App): Place | undefined {
  return (
    ownOf(app, project.signInUses)[0] ??
    ownOf(app, project.pins).find(({ library }) => library === 'GoogleSignIn') ??
    ownOf(app, project.sourceFacts).find(({ fact }) => fact === 'sign-in') ??
    ownOf(app, project.mentions).find(({ from }) => from === 'info-plist')
  );
}

/** What an app's code says of sign-in; on Apple's platforms, if a native app is asked for. */
export function codeOf(
  project: Project,
  app: App,
  ...facts: readonly SourceFact['fact'][]
): SourceFact[] {
  return ownOf(app, project.sourceFacts).filter(
    ({ fact, file }) => facts.includes(fact) && (app.kind !== 'native' || isApple(file)),
  );
}

/** Whether a file is source of Apple's platforms; Kotlin's is, in the source sets that are named so. */
export function isApple(file: string): boolean {
  return ['swift', 'm', 'mm'].includes(endingOf(file)) || /(^|\/)(ios|apple)\w*Main\//.test(file);
}

/** Whether an app's plugin takes the IDs from its own code, and never from Info.plist. */
export function isConfiguredInCode(app: App): boolean {
  return app.kind === 'react-native' || app.kind === 'capacitor' || app.kind === 'cordova';
}

/** The Info.plist files of an app's own targets, those of phones first. */
export function appPlists(project: Project, app: App): InfoPlist[] {
  const plists = ownOf(app, project.infoPlists).filter(({ ofApp }) => ofApp);
  const rank = ({ platform, surely }: InfoPlist) => (platform === 'ios' ? 0 : 2) + (surely ? 0 : 1);
  return plists.sort((one, other) => rank(one) - rank(other));
}

/** The Info.plist that speaks for an app: the one with IDs, else the one that most looks like it. */
export function mainPlist(project: Project, app: App): InfoPlist | undefined {
  const plists = appPlists(project, app);
  return plists.find(({ values }) => 'GIDClientID' in values) ?? plists[0];
}

/** The IDs that an app's own code and settings give; one of them may be unknown. */
export function idsOf(project: Project, app: App, role: IdMention['role']): IdMention[] {
  return ownOf(app, project.mentions).filter(
    (mention) =>
      mention.role === role &&
      (app.kind !== 'native' || mention.from !== 'source' || isApple(mention.site)),
  );
}

/** Whether an Xcode target takes a client plist into the app; undefined if its project does not say. */
export function isBundled(project: Project, { file, app }: ClientPlist): boolean | undefined {
  const targets = ownOf({ root: app }, project.xcodeTargets).filter(({ isApp }) => isApp);
  const known = targets.flatMap(({ resources }) => resources ?? []);
  if (targets.length === 0 || known.length < targets.length) return undefined;
  return known.some((resources) => resources.has(file));
}

/** Whether a target copies a GoogleService-Info.plist, which git may leave out. */
export function listsClientPlist(project: Project, app: App, ifUnknown: boolean): boolean {
  return ownOf(app, project.xcodeTargets).some(({ resources }) =>
    resources === undefined
      ? ifUnknown
      : [...resources].some((file) => /GoogleService-Info/.test(file)),
  );
}

/** Whether somebody has built an app for iOS with Google's SDK, as its pods say. */
export function isBuiltForIos(project: Project, app: App): boolean {
  return ownOf(app, project.pins).some(
    ({ library, file }) => library === 'GoogleSignIn' && file.endsWith('Podfile.lock'),
  );
}

/** The modules that are an app on Android. */
export function modulesOf({ apps, modules }: Project, app: App): Project['modules'] {
  return modules.filter(({ isApp, folder }) => isApp && appOf(apps, folder) === app);
}
