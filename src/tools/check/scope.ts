import type { App, InfoPlist, OfApp, Place, Project } from './model.js';

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
    ownOf(app, project.mentions).find(({ from }) => from === 'info-plist')
  );
}

/** Whether an app's plugin takes the IDs from its own code, and never from Info.plist. */
export function isConfiguredInCode(app: App): boolean {
  return app.kind === 'react-native' || app.kind === 'capacitor' || app.kind === 'cordova';
}

/** The Info.plist that speaks for an app: the one with IDs, else the one that most looks like it. */
export function mainPlist(project: Project, app: App): InfoPlist | undefined {
  const plists = ownOf(app, project.infoPlists).filter(({ ofApp }) => ofApp);
  return (
    plists.find(({ values }) => 'GIDClientID' in values) ??
    plists.find(({ surely }) => surely) ??
    plists[0]
  );
}
