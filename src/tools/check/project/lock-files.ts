import type { Pin } from '../model.js';
import { type FileFailure, isFailure, readJsonFile, toText } from './json-file.js';
import { linesBelow } from './yaml-lines.js';

/** A pin before it is known where its file lies. */
export type BarePin = Pick<Pin, 'library' | 'line' | 'version' | 'instead'>;

/** How each library that matters is called: as a pod, as a package, and where it lives. */
const libraries: readonly { name: string; pattern: RegExp }[] = [
  { name: 'GoogleSignIn', pattern: /^google-?sign-?in(-ios)?$/i },
  { name: 'AppAuth', pattern: /^appauth(-ios)?$/i },
  { name: 'GTMAppAuth', pattern: /^gtm-?app-?auth$/i },
  { name: 'GTMSessionFetcher', pattern: /^gtm-?session-?fetcher$/i },
];

/** The library that a package or pod of some name is, if it matters. */
export function libraryOf(name: string): string | undefined {
  const last = name
    .replace(/\.git$/i, '')
    .split('/')
    .findLast((part) => part !== '');
  if (last === undefined) return undefined;
  return libraries.find(({ pattern }) => pattern.test(last))?.name;
}

/**
 * Reads a `Podfile.lock`, as CocoaPods writes it: the entries of `PODS`. The lines below them and
 * `DEPENDENCIES` are constraints.
 */
export function parsePodfileLock(text: string): BarePin[] | FileFailure {
  const pods = linesBelow(text, 'PODS');
  if (pods === undefined) return { reason: 'it has no list PODS', line: null };
  const pins = new Map<string, BarePin>();
  for (const { line, text: pod } of pods) {
    if (!pod.startsWith('- ')) return { reason: 'it is no YAML', line };
    const [, name = '', version = ''] = /^- +["']?([^\s"'(]+)(?: +\(([^)]*)\))?/.exec(pod) ?? [];
    // A subspec counts as its pod.
    const library = libraryOf(name.split('/')[0] ?? '');
    if (library === undefined || pins.has(library)) continue;
    pins.set(library, {
      library,
      line,
      version: /^\d/.test(version) ? version : null,
      instead: null,
    });
  }
  return [...pins.values()];
}

/** Reads a `Package.resolved` of format 1, 2 or 3. */
export function parsePackageResolved(text: string): BarePin[] | FileFailure {
  const file = readJsonFile(text);
  if (isFailure(file)) return file;
  const path = file.at('pins') === undefined ? ['object', 'pins'] : ['pins'];
  const pins = file.at(...path);
  if (!Array.isArray(pins)) return { reason: 'it has no list pins', line: null };
  return pins.flatMap((_pin: unknown, at): BarePin[] => {
    const field = (...names: string[]) => toText(file.at(...path, at, ...names));
    const location = field('location') ?? field('repositoryURL');
    const library =
      libraryOf(field('identity') ?? '') ??
      libraryOf(location ?? '') ??
      libraryOf(field('package') ?? '');
    if (library === undefined) return [];
    const version = field('state', 'version') ?? null;
    const branch = field('state', 'branch');
    const revision = field('state', 'revision');
    const instead =
      branch !== undefined
        ? `branch ${branch}`
        : revision !== undefined
          ? `revision ${revision.slice(0, 12)}`
          : null;
    const line = file.lineOf(...path, at, 'state', 'version') ?? file.lineOf(...path, at);
    return [{ library, line, version, instead: version === null ? instead : null }];
  });
}

/** Reads a `Cartfile.resolved`. Firebase's binary brings GoogleSignIn along, in a version of its own. */
export function parseCartfileResolved(text: string): BarePin[] | FileFailure {
  return text.split('\n').flatMap((line, at): BarePin[] => {
    const entry = /^\s*(github|git|binary)\s+"([^"]+)"\s+"([^"]*)"/.exec(line);
    const [, kind, location = '', version = ''] = entry ?? [];
    const bare = { line: at + 1, version: null };
    if (kind === 'binary') {
      if (!/GoogleSignIn/i.test(location)) return [];
      return [{ ...bare, library: 'GoogleSignIn', instead: `the binary of Firebase ${version}` }];
    }
    const library = libraryOf(location);
    if (library === undefined) return [];
    if (/^v?\d+(\.\d+)+/.test(version)) return [{ ...bare, library, version, instead: null }];
    const isRevision = /^[\da-f]{40}$/.test(version);
    return [
      { ...bare, library, instead: isRevision ? `revision ${version.slice(0, 12)}` : version },
    ];
  });
}
