import { stat } from 'node:fs/promises';
import { appOf, type Marker, toApps } from '../core/check/apps.js';
import type { App, Place, Project } from '../core/check/model.js';
import { GsacError, messageOf, systemCodeOf } from '../core/errors.js';
import { createBoundedReader } from './bounded-reader.js';
import { createFindings, type Found } from './found.js';
import type { AskGit } from './git.js';
import { readerOf } from './readers.js';
import { secretLiterals } from './secret-literals.js';
import { readSource, sourceEndings, worthReading } from './source-file.js';
import { reasonOf, walk } from './walk.js';

/** What reading a project needs of the world. */
export interface ProjectReading {
  directory: string;
  askGit: AskGit;
  /** Aborted when the person cancels. */
  signal: AbortSignal;
}

const mostFiles = 200_000;
const mostSourceBytes = 524_288;
const filesBetweenPauses = 500;

/**
 * Reads everything below a folder that has to do with Google Sign-In. Offline; what cannot be read
 * is part of the answer.
 *
 * @throws {GsacError} `usage` where the folder is none; `cancelled`.
 */
export async function readProject({ directory, askGit, signal }: ProjectReading): Promise<Project> {
  await requireFolder(directory);
  try {
    return await readFolder(directory, askGit, signal);
  } catch (thrown) {
    if (signal.aborted) throw new GsacError('cancelled', 'Cancelled.');
    throw thrown;
  }
}

async function requireFolder(directory: string): Promise<void> {
  const isFolder = await stat(directory).then(
    (found) => found.isDirectory(),
    (thrown: unknown) => {
      const code = systemCodeOf(thrown);
      const missing = code === 'ENOENT' || code === 'ENOTDIR';
      throw new GsacError(
        'usage',
        missing
          ? `There is no folder ${directory}.`
          : `The folder ${directory} cannot be opened: ${code === undefined ? messageOf(thrown) : reasonOf(code)}.`,
        { hint: 'Give the folder of the app or of the whole repository.' },
      );
    },
  );
  if (!isFolder) {
    throw new GsacError('usage', `${directory} is a file; gsac check takes a folder.`, {
      hint: 'Give the folder that the file lies in.',
    });
  }
}

async function readFolder(
  directory: string,
  askGit: AskGit,
  signal: AbortSignal,
): Promise<Project> {
  const walked = await walk(directory, mostFiles, signal);
  const reader = createBoundedReader(directory);
  const found = createFindings();
  const sources: { file: string; ending: string }[] = [];
  let done = 0;

  async function breathe(): Promise<void> {
    done += 1;
    if (done % filesBetweenPauses !== 0) return;
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }

  for (const file of walked.files) {
    const kind = readerOf(file);
    if (kind === undefined) {
      const ending = endingOf(file);
      if (sourceEndings.has(ending)) sources.push({ file, ending });
      continue;
    }
    await breathe();
    try {
      const read = reader.read(file, kind.mostBytes);
      if (read !== 'too-large') kind.read(file, read.bytes, found);
      else if (kind.named) {
        found.skipped.push({ file, reason: `larger than ${kind.mostBytes / 1_048_576} MiB` });
      }
    } catch (thrown) {
      if (thrown instanceof RangeError) {
        // The parsers recurse.
        const reason = 'it is nested too deeply';
        if (kind.named) found.broken.push({ file, line: null, what: kind.what, reason });
        continue;
      }
      const code = systemCodeOf(thrown);
      if (code === undefined) throw thrown;
      if (kind.named && code !== 'ENOENT') found.skipped.push({ file, reason: reasonOf(code) });
    }
  }

  const apps = appsOf([...found.markers, ...folderMarkers(walked.folders)]);
  for (const { file, ending } of sources) {
    if (!isAppSource(apps, file, ending)) continue;
    await breathe();
    readSourceFile(file, ending, () => reader.read(file, mostSourceBytes), found);
  }

  await nameGitStates(directory, found, askGit);
  return toProject(found, apps, walked.skipped);
}

/** The folders that Xcode's projects and workspaces lie in. */
function folderMarkers(folders: readonly string[]): Marker[] {
  return folders.flatMap((folder): Marker[] => {
    if (!/\.(xcodeproj|xcworkspace)$/.test(folder)) return [];
    const parent = parentOf(folder);
    return parent.endsWith('.xcodeproj') ? [] : [{ folder: parent, kind: 'native' }];
  });
}

/** The checked folder counts as an app of its own for what no other app holds. */
function appsOf(markers: readonly Marker[]): App[] {
  const apps = toApps(markers);
  return apps.some(({ root }) => root === '') ? apps : [...apps, { root: '', kind: 'native' }];
}

const scriptEndings: ReadonlySet<string> = new Set(['js', 'jsx', 'ts', 'tsx', 'mjs', 'vue']);
const jvmEndings: ReadonlySet<string> = new Set(['kt', 'java']);
const notTheApp =
  /(^|\/)(server|servers|backend|api|functions|cloud|scripts|tools|infra|deploy|docs?|examples?|samples?|tests?|__tests__|__mocks__|mocks?|fixtures?|e2e|integration_test|\w+Tests)\//i;

/** Whether a source file is an app's own: no server's, no test's, no tool's. */
function isAppSource(apps: readonly App[], file: string, ending: string): boolean {
  const app = appOf(apps, file);
  if (app === undefined) return false;
  const path = app.root === '' ? file : file.slice(app.root.length + 1);
  if (notTheApp.test(path) || /\.(test|spec|d|min|config)\.\w+$/.test(file)) return false;
  if (scriptEndings.has(ending)) return app.kind !== 'native' && app.kind !== 'flutter';
  if (jvmEndings.has(ending)) return app.root !== '' || app.kind !== 'native';
  return true;
}

function readSourceFile(
  file: string,
  ending: string,
  read: () => ReturnType<ReturnType<typeof createBoundedReader>['read']>,
  found: Found,
): void {
  let bytes: Buffer;
  try {
    const result = read();
    // Generated and bundled code is larger than what people write.
    if (result === 'too-large') return;
    bytes = result.bytes;
  } catch (thrown) {
    if (systemCodeOf(thrown) === undefined) throw thrown;
    return;
  }
  // Plain bytes are searched several times faster than decoded text.
  if (!worthReading.test(bytes.toString('latin1'))) return;
  const text = bytes.toString('utf8');
  const { facts, mentions } = readSource(text, ending);
  for (const fact of facts) found.sourceFacts.push({ file, ...fact });
  for (const mention of mentions) found.mentions.push({ file, from: 'source', ...mention });
  const secrets = secretLiterals(text);
  for (const secret of secrets) found.secretLiterals.push({ file, ...secret });
  if (facts.length + mentions.length + secrets.length > 0) found.filesChecked += 1;
}

async function nameGitStates(directory: string, found: Found, askGit: AskGit): Promise<void> {
  const asked = found.secretFiles.filter(({ masked }) => masked !== undefined);
  if (asked.length === 0) return;
  const states = await askGit(
    directory,
    asked.map(({ file }) => file),
  );
  for (const secret of asked) secret.git = states.get(secret.file) ?? 'unknown';
}

function toProject(found: Found, apps: readonly App[], skipped: Project['skipped']): Project {
  const inApp = <T extends { file: string }>(facts: readonly T[]) =>
    facts.map((fact) => ({ ...fact, app: appOf(apps, fact.file)?.root ?? '' }));
  const schemes = [...found.schemes];
  for (const { plist, ...place } of found.schemesByPlist) {
    const reversed: unknown = found.clientPlists.find(({ file }) => file === plist)?.values[
      'REVERSED_CLIENT_ID'
    ];
    const value = typeof reversed === 'string' ? reversed : '$(REVERSED_CLIENT_ID)';
    schemes.push({ ...place, value });
  }
  return {
    apps,
    appFolders: [
      ...found.infoPlists.filter(({ ofApp }) => ofApp).map(({ file }) => parentOf(file)),
      ...found.xcodeProjects.map(({ file }) => parentOf(file).replace(/\.xcodeproj$/, '')),
    ],
    infoPlists: inApp(found.infoPlists),
    schemes: inApp(schemes),
    clientPlists: inApp(found.clientPlists),
    mentions: inApp(found.mentions),
    knownClients: inApp(found.knownClients),
    googleServices: inApp(found.googleServices),
    secretFiles: inApp(
      found.secretFiles.map((secret) => ({ ...secret, listedIn: listing(secret, found) })),
    ),
    secretLiterals: inApp(found.secretLiterals),
    misnamed: found.misnamed,
    pins: inApp(found.pins),
    signInUses: inApp(found.signInUses),
    sourceFacts: inApp(found.sourceFacts),
    capacitorAuths: inApp(found.capacitorAuths),
    broken: found.broken,
    skipped: [...found.skipped, ...skipped],
    filesChecked: found.filesChecked,
  };
}

/** The Xcode project that copies a file into the app. */
function listing({ file }: Place, { xcodeProjects }: Found): string | undefined {
  const name = file.split('/').at(-1) ?? '';
  return xcodeProjects.find(({ text }) => text.includes(`${name} in Resources`))?.file;
}

function endingOf(file: string): string {
  return file.slice(file.lastIndexOf('.') + 1);
}

function parentOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}
