import { stat } from 'node:fs/promises';
import { GsacError, messageOf, systemCodeOf } from '../../../core/errors.js';
import { appOf, type Marker, toApps } from '../apps.js';
import { isAppSource } from '../destination.js';
import type { App, Place, Project } from '../model.js';
import { createBoundedReader } from './bounded-reader.js';
import { createFindings, type Found } from './found.js';
import type { AskGit } from './git.js';
import { moduleOfManifest } from './manifests.js';
import { type Reader, readerOf } from './readers.js';
import { isSearched } from './searched-files.js';
import { mayHoldSecret, secretLiterals } from './secret-literals.js';
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
 * Reads everything below a folder that has to do with Google Sign-In, and searches source and settings
 * for secrets. Offline; what cannot be read is part of the answer.
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
  const others: string[] = [];
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
      if (isSearched(file) || sourceEndings.has(endingOf(file))) others.push(file);
      continue;
    }
    await breathe();
    try {
      const read = reader.read(file, kind.mostBytes);
      if (read !== 'too-large') readKnownFile(file, kind, read.bytes, found);
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
  for (const file of others) {
    const ofApp = sourceEndings.has(endingOf(file)) && isAppSource(apps, file);
    if (!ofApp && !isSearched(file)) continue;
    await breathe();
    readSourceFile(file, ofApp, () => reader.read(file, mostSourceBytes), found);
  }
  const manifests = walked.files.filter((file) => /(^|\/)AndroidManifest\.xml$/.test(file));
  found.androidModules.push(...manifests.map(moduleOfManifest));

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

/** Reads a file of a known kind, and what is written into it; a credential file is told as a whole. */
function readKnownFile(file: string, kind: Reader, bytes: Buffer, found: Found): void {
  const { filesChecked, secretFiles } = found;
  const credentials = secretFiles.length;
  kind.read(file, bytes, found);
  const isCredential = kind.holdsCredential === true || secretFiles.length > credentials;
  const holds = !isCredential && readSecrets(file, bytes, found);
  if (found.filesChecked > filesChecked) return;
  if (holds) found.filesChecked += 1;
  else if (isSearched(file)) found.filesSearched += 1;
}

/** Takes the secrets that are written into a file, and says whether there are any. */
function readSecrets(file: string, bytes: Buffer, found: Found): boolean {
  // Plain bytes are searched several times faster than decoded text.
  if (!mayHoldSecret(bytes)) return false;
  const text = bytes.toString('utf8');
  const usesAndroid = /^[ \t]*import (android|androidx|com\.google\.android)\./m.test(text);
  const secrets = secretLiterals(text);
  // A binary list shows its strings, and has no lines.
  const isBinary = bytes.subarray(0, 6).toString('latin1') === 'bplist';
  for (const secret of secrets) {
    const line = isBinary ? null : secret.line;
    found.secretLiterals.push({ file, ...secret, line, usesAndroid, git: 'unknown' });
  }
  return secrets.length > 0;
}

function readSourceFile(
  file: string,
  ofApp: boolean,
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
  const holds = readSecrets(file, bytes, found);
  const told = ofApp && readFacts(file, bytes, found);
  if (holds || told) found.filesChecked += 1;
  else found.filesSearched += 1;
}

/** Takes what an app's source says of sign-in, and tells whether it says anything. */
function readFacts(file: string, bytes: Buffer, found: Found): boolean {
  if (!worthReading.test(bytes.toString('latin1'))) return false;
  const { facts, mentions } = readSource(bytes.toString('utf8'), endingOf(file));
  for (const fact of facts) found.sourceFacts.push({ file, ...fact });
  for (const mention of mentions) found.mentions.push({ file, from: 'source', ...mention });
  return facts.length + mentions.length > 0;
}

async function nameGitStates(directory: string, found: Found, askGit: AskGit): Promise<void> {
  const files = found.secretFiles.filter(({ masked }) => masked !== undefined);
  const asked = [...files, ...found.secretLiterals];
  if (asked.length === 0) return;
  const states = await askGit(directory, [...new Set(asked.map(({ file }) => file))]);
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
    androidModules: [...new Set(found.androidModules)],
    bundledEnvironments: found.bundledEnvironments,
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
    filesSearched: found.filesSearched,
  };
}

/** The Xcode project that copies a file into the app. */
function listing({ file }: Place, { xcodeProjects }: Found): string | undefined {
  const name = file.split('/').at(-1) ?? '';
  return xcodeProjects.find(({ resources }) => resources.has(name))?.file;
}

function endingOf(file: string): string {
  return file.slice(file.lastIndexOf('.') + 1);
}

function parentOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}
