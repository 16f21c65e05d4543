import type { App, InfoPlist, OfApp, Place, Project } from './model.js';

/** The facts that an app sees: its own, and those that belong to no app. */
export function seenBy<T extends OfApp>(app: App, facts: readonly T[]): T[] {
  return facts.filter((fact) => fact.app === app.root || fact.app === '');
}

/** The facts that are an app's own. */
export function ownOf<T extends OfApp>(app: App, facts: readonly T[]): T[] {
  return facts.filter((fact) => fact.app === app.root);
}

/** Facts in the groups that share a file. */
export function byFile<T extends Place>(facts: readonly T[]): T[][] {
  const groups = new Map<string, T[]>();
  for (const fact of facts) {
    const group = groups.get(fact.file);
    if (group === undefined) groups.set(fact.file, [fact]);
    else group.push(fact);
  }
  return [...groups.values()];
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
