import { projectNumberOf } from '../client-id.js';
import { lineOfKey, placeOf, where } from '../locate.js';
import type { App, Match, OfApp, Place, Project, Severity } from '../model.js';
import { groupBy, isBundled, ownOf, seenBy } from '../scope.js';

const groups = ['app', 'plist', 'android', 'server'] as const;

/** The number of the project that a file is of. */
interface Numbered extends Place, OfApp {
  group: (typeof groups)[number];
  what: string;
  number: string;
}

/** One number per file: two in one file are for other rules. */
function numbersOf(project: Project): Numbered[] {
  const first = new Map<string, Numbered>();
  const add = (
    { file, line, app }: Place & OfApp,
    group: Numbered['group'],
    what: string,
    number: unknown,
  ) => {
    if (typeof number !== 'string' || first.has(file)) return;
    first.set(file, { file, line, app, group, what, number });
  };
  for (const mention of project.mentions) {
    if (mention.from === 'client-plist') continue;
    add(mention, 'app', mention.key, projectNumberOf(mention.value));
  }
  // A Firebase file without OAuth clients serves other ends, such as messages.
  for (const plist of project.clientPlists) {
    const number = projectNumberOf(plist.values['CLIENT_ID']);
    if (number === undefined || isBundled(project, plist) === false) continue;
    add({ ...plist, line: lineOfKey(plist.lines, 'CLIENT_ID') }, 'plist', 'CLIENT_ID', number);
  }
  for (const services of project.googleServices) {
    if (services.clients === 0) continue;
    add(services, 'android', 'project_number', services.projectNumber);
  }
  for (const file of project.secretFiles) {
    if (file.kind === 'web') add(file, 'server', 'client_id', projectNumberOf(file.clientId));
  }
  return [...first.values()];
}

/**
 * A file is held against the app's own settings, else against the first kind of file that there is.
 * A kind of which one file agrees is taken as build flavours, and left alone.
 */
export function* projectNumbersDiffer(project: Project): Generator<Match> {
  const all = groupBy(numbersOf(project), ({ group }) => group);
  const numbersIn = (entries: readonly Numbered[]) => new Set(entries.map(({ number }) => number));
  // Each app sees what belongs to none: sets, and telling each file once, keep that linear.
  const kinds = groups.map((group) => {
    const entries = all.get(group) ?? [];
    const untold = [...ownOf({ root: '' }, entries)];
    return { entries, untold, shared: numbersIn(untold), agreeing: new Set<unknown>() };
  });
  for (const kind of kinds) {
    const agree = kinds.filter(({ shared }) => [...kind.shared].some((each) => shared.has(each)));
    kind.agreeing = new Set(agree);
  }
  for (const app of project.apps.values()) {
    const ownIn = (entries: readonly Numbered[]) => (app.root === '' ? [] : ownOf(app, entries));
    const reference = kinds.find(({ entries }) => seenBy(app, entries).next().done !== true);
    if (reference === undefined) continue;
    const [against] = seenBy(app, reference.entries);
    const known = numbersIn(ownIn(reference.entries));
    for (const { entries, untold, shared, agreeing } of kinds) {
      const own = ownIn(entries);
      const agrees =
        agreeing.has(reference) ||
        [...known].some((number) => shared.has(number)) ||
        own.some(({ number }) => known.has(number) || reference.shared.has(number));
      if (agrees || against === undefined) continue;
      for (const entry of [...own, ...untold.splice(0)]) {
        yield {
          ...placeOf(entry),
          severity: weightOf(project, app, against, entry),
          message: `The file is of project ${entry.number}; ${against.what} (${where(against)}) is of project ${against.number}.`,
          fix: 'Use files and IDs of one project: download this one again from the project of the other.',
        };
      }
    }
  }
}

/**
 * How much two files of two projects matter. Flutter's plugin surely takes one of its two IDs from
 * each; beside IDs that are given in code, google-services.json may be there for other ends, unless
 * Firebase signs the person in with the ID token.
 */
function weightOf(
  project: Project,
  app: App,
  against: Numbered,
  entry: Numbered,
): Severity | undefined {
  if (against.group !== 'app') return undefined;
  if (entry.group === 'android') {
    return ownOf(app, project.sourceFacts).some(({ fact }) => fact === 'firebase-auth')
      ? undefined
      : 'note';
  }
  return app.kind === 'flutter' && entry.group === 'plist' ? 'error' : undefined;
}
