import { parseText } from '../../../schema/parse-text.js';
import { createLineAt } from '../locate.js';
import type { Pin } from '../model.js';
import { isFields } from './fields.js';
import { type FileFailure, isFailure, readJsonFile } from './json-file.js';

/** A pin before it is known where its file lies. */
export type BarePin = Pick<Pin, 'library' | 'line' | 'version' | 'instead'>;

/** How each library that matters is called: as a pod, as a package, and where it lives. */
const libraries: readonly { name: string; pattern: RegExp }[] = [
  { name: 'GoogleSignIn', pattern: /^google-?sign-?in(-ios)?$/i },
  { name: 'GTMAppAuth', pattern: /^gtm-?app-?auth$/i },
  { name: 'GTMSessionFetcher', pattern: /^gtm-?session-?fetcher$/i },
];

function libraryOf(name: string): string | undefined {
  const last = name
    .replace(/\.git$/i, '')
    .split('/')
    .findLast((part) => part !== '');
  if (last === undefined) return undefined;
  return libraries.find(({ pattern }) => pattern.test(last))?.name;
}

/** The library that a pod's name means: a subspec counts as its pod. */
function libraryOfPod(name: string): string | undefined {
  return libraryOf(name.split('/')[0] ?? '');
}

/**
 * Reads a `Podfile.lock`: the entries of `PODS`; the lines below them and `DEPENDENCIES` are
 * constraints.
 */
export function parsePodfileLock(text: string): BarePin[] | FileFailure {
  const parsed = parseText(text);
  if (!('value' in parsed)) {
    const reason = conflictIn(text) ?? 'it is no YAML';
    return { reason, line: parsed[0]?.line ?? null };
  }
  const pods = isFields(parsed.value) ? parsed.value['PODS'] : undefined;
  if (!Array.isArray(pods)) return { reason: 'it has no list PODS', line: null };
  const pins = new Map<string, BarePin>();
  for (const [at, pod] of pods.entries()) {
    const entry = /^\s*"?([^\s"(]+)(?:\s+\(([^)]*)\))?/.exec(
      isFields(pod) ? (Object.keys(pod)[0] ?? '') : String(pod),
    );
    const library = libraryOfPod(entry?.[1] ?? '');
    if (library === undefined || pins.has(library)) continue;
    const version = /^\d/.test(entry?.[2] ?? '') ? (entry?.[2] ?? null) : null;
    pins.set(library, { library, line: parsed.locate(['PODS', at]).line, version, instead: null });
  }
  return [...pins.values()];
}

/** Reads a `Package.resolved` of format 1, 2 or 3. */
export function parsePackageResolved(text: string): BarePin[] | FileFailure {
  const file = readJsonFile(text);
  if (isFailure(file)) return { ...file, reason: conflictIn(text) ?? file.reason };
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
  const conflict = conflictIn(text);
  if (conflict !== undefined) {
    return { reason: conflict, line: createLineAt(text)(text.search(/^[<>]{7}/m)) };
  }
  return text.split('\n').flatMap((line, at): BarePin[] => {
    const entry = /^\s*(github|git|binary)\s+"([^"]+)"\s+"([^"]*)"/.exec(line);
    if (entry === null) return [];
    const [, kind, location = '', version = ''] = entry;
    if (kind === 'binary') {
      if (!/GoogleSignIn/i.test(location)) return [];
      return [
        {
          library: 'GoogleSignIn',
          line: at + 1,
          version: null,
          instead: `the binary of Firebase ${version}`,
        },
      ];
    }
    const library = libraryOf(location);
    if (library === undefined) return [];
    const released = /^v?\d+(\.\d+)+/.test(version);
    return [
      {
        library,
        line: at + 1,
        version: released ? version : null,
        instead: released
          ? null
          : /^[\da-f]{40}$/.test(version)
            ? `revision ${version.slice(0, 12)}`
            : version,
      },
    ];
  });
}

function conflictIn(text: string): string | undefined {
  return /^(<{7}|>{7}) /m.test(text) ? 'it holds a merge conflict' : undefined;
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
