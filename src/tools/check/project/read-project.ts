import { stat } from 'node:fs/promises';
import { GsacError, messageOf, systemCodeOf } from '../../../core/errors.js';
import { type Apps, toApps } from '../apps.js';
import { isAppSource } from '../destination.js';
import { createIsLeftOut, foldersOfApps } from '../left-out.js';
import type { App, Project } from '../model.js';
import { endingOf, folderOf } from '../paths.js';
import { createBoundedReader } from './bounded-reader.js';
import { Facts } from './facts.js';
import type { AskGit } from './git.js';
import { type Reader, readerOf } from './readers.js';
import { isSearched } from './searched-files.js';
import { mayHoldSecret, secretLiterals } from './secret-literals.js';
import { readSource, sourceEndings, worthReading } from './source-file.js';
import { toProject } from './to-project.js';
import { pause, reasonOf, walk } from './walk.js';

const mostFiles = 200_000;
const mostSourceBytes = 524_288;
const filesBetweenPauses = 500;

/**
 * Reads everything below a folder that has to do with Google Sign-In, and searches source and settings
 * for secrets. Offline; what cannot be read is part of the answer.
 *
 * @throws {GsacError} `usage` where the folder is none; `cancelled`.
 */
export async function readProject(
  directory: string,
  askGit: AskGit,
  signal: AbortSignal,
): Promise<Project> {
  await requireFolder(directory);
  try {
    return await readFolder(directory, askGit, signal);
  } catch (thrown) {
    if (signal.aborted) throw new GsacError('cancelled', 'Cancelled.');
    throw thrown;
  }
}

async function requireFolder(directory: string): Promise<void> {
  const found = await stat(directory).catch((thrown: unknown) => {
    const code = systemCodeOf(thrown);
    const reason = code === undefined ? messageOf(thrown) : reasonOf(code);
    const message =
      code === 'ENOENT' || code === 'ENOTDIR'
        ? `There is no folder ${directory}.`
        : `The folder ${directory} cannot be opened: ${reason}.`;
    const hint = 'Give the folder of the app or of the whole repository.';
    throw new GsacError('usage', message, { hint });
  });
  if (!found.isDirectory()) {
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
  const read = createBoundedReader(directory);
  const facts = new Facts();
  const others: string[] = [];
  let done = 0;
  const breathe = async () => {
    done += 1;
    if (done % filesBetweenPauses === 0) await pause(signal);
  };

  const isLeftOut = createIsLeftOut(walked.folders, walked.files);
  const appFolders = foldersOfApps(walked.folders, walked.files);

  for (const file of walked.files) {
    const kind = isLeftOut(file) ? credentialReaderOf(file) : readerOf(file);
    if (kind === undefined) {
      if (isSearched(file) || sourceEndings.has(endingOf(file))) others.push(file);
      continue;
    }
    await breathe();
    const { what, mostBytes } = kind;
    const leaveOut = (reason: string) => what && facts.skipped.push({ file, reason });
    try {
      const bytes = read(file, mostBytes);
      const standIn = bytes && standInFor(bytes);
      if (bytes === undefined) leaveOut(`larger than ${mostBytes / 1_048_576} MiB`);
      else if (standIn !== undefined) leaveOut(standIn);
      else readKnownFile(file, kind, bytes, facts);
    } catch (thrown) {
      const code = systemCodeOf(thrown);
      if (thrown instanceof RangeError) {
        // The parsers recurse.
        const reason = 'it is nested too deeply';
        if (what !== undefined) facts.broken.push({ file, line: null, what, reason });
      } else if (code === undefined) throw thrown;
      else if (code !== 'ENOENT') leaveOut(reasonOf(code));
    }
  }

  const found = toApps([...facts.markers, ...folderMarkers(walked.folders)]);
  // The checked folder counts as an app of its own for what no other app holds.
  const apps: Apps = found.has('')
    ? found
    : new Map([...found, ['', { root: '', kind: 'native' }]]);
  for (const file of others) {
    const ofApp =
      sourceEndings.has(endingOf(file)) && !isLeftOut(file) && isAppSource(apps, file, appFolders);
    if (!ofApp && !isSearched(file)) continue;
    await breathe();
    try {
      const bytes = read(file, mostSourceBytes);
      // Generated and bundled code is larger than what people write.
      if (bytes !== undefined) readSourceFile(file, ofApp, bytes, facts);
    } catch (thrown) {
      if (systemCodeOf(thrown) === undefined) throw thrown;
    }
  }
  await nameGitStates(directory, facts, askGit);
  return toProject(facts, apps, walked);
}

/** Why a file holds something else than it does on its owner's machine; undefined if it does not. */
function standInFor(bytes: Buffer): string | undefined {
  const start = bytes.subarray(0, 40).toString('latin1');
  if (start.startsWith('\0GITCRYPT\0')) return 'it is encrypted by git-crypt';
  if (start.startsWith('version https://git-lfs.github.com/')) return 'it lies in Git LFS';
  // Ansible Vault, transcrypt, PGP and age.
  const isSealed =
    /^(\$ANSIBLE_VAULT;|U2FsdGVkX1|-----BEGIN (PGP MESSAGE|AGE ENCRYPTED FILE)-----)/;
  if (isSealed.test(start)) return 'it is encrypted';
  return undefined;
}

/** The folders that Xcode's projects and workspaces lie in. */
function folderMarkers(folders: readonly string[]): App[] {
  return folders
    .filter((folder) => /\.(xcodeproj|xcworkspace)$/.test(folder))
    .map((folder): App => ({ root: folderOf(folder), kind: 'native' }))
    .filter(({ root }) => !root.endsWith('.xcodeproj'));
}

/** Reads a file of a known kind, and what is written into it; a credential file is told as a whole. */
function readKnownFile(file: string, kind: Reader, bytes: Buffer, facts: Facts): void {
  const { filesChecked } = facts;
  const credentials = facts.secretFiles.length;
  kind.read(file, bytes, facts);
  const isCredential = kind.holdsCredential === true || facts.secretFiles.length > credentials;
  const holds = !isCredential && readSecrets(file, bytes, facts);
  if (facts.filesChecked > filesChecked) return;
  if (holds) facts.filesChecked += 1;
  else if (isSearched(file)) facts.filesSearched += 1;
}

/** Takes the secrets that are written into a file, and says whether there are any. */
function readSecrets(file: string, bytes: Buffer, facts: Facts): boolean {
  // Plain bytes are searched several times faster than decoded text.
  if (!mayHoldSecret(bytes)) return false;
  const text = bytes.toString('utf8');
  const usesAndroid = /^[ \t]*import (android|androidx|com\.google\.android)\./m.test(text);
  const secrets = secretLiterals(text);
  // A binary list shows its strings, and has no lines.
  const isBinary = bytes.subarray(0, 6).toString('latin1') === 'bplist';
  for (const secret of secrets) {
    const line = isBinary ? null : secret.line;
    facts.secretLiterals.push({ file, ...secret, line, usesAndroid, git: 'unknown' });
  }
  return secrets.length > 0;
}

function readSourceFile(file: string, ofApp: boolean, bytes: Buffer, facts: Facts): void {
  const holds = readSecrets(file, bytes, facts);
  const told = ofApp ? readFacts(file, bytes, facts) : readOtherLanguage(file, bytes, facts);
  if (holds || told) facts.filesChecked += 1;
  else facts.filesSearched += 1;
}

/** Takes what an app's source says of sign-in, and tells whether it says anything. */
function readFacts(file: string, bytes: Buffer, facts: Facts): boolean {
  if (!worthReading.test(bytes.toString('latin1'))) return false;
  const source = readSource(bytes.toString('utf8'), endingOf(file));
  for (const fact of source.facts) facts.sourceFacts.push({ file, ...fact });
  for (const passed of source.passed) facts.passed.push({ file, from: 'source', ...passed });
  facts.sources.push({ file, code: source.code });
  return source.facts.length + source.passed.length > 0;
}

const otherLanguages: Readonly<Record<string, RegExp>> = {
  cs: /GoogleSignInOptions|GoogleSignInConfiguration|RequestServerAuthCode|GidSignIn|\bSignIn\.SharedInstance/,
  gd: /GodotGoogleSignIn|GoogleSignIn/,
  lua: /google[._]?[sS]ign_?[iI]n/,
};

/** Takes that an app signs in by source in a language that is not read for it. */
function readOtherLanguage(file: string, bytes: Buffer, facts: Facts): boolean {
  const found = otherLanguages[endingOf(file)]?.exec(bytes.toString('latin1'));
  if (found === undefined || found === null) return false;
  const line = bytes.subarray(0, found.index).filter((byte) => byte === 10).length + 1;
  facts.sourceFacts.push({ file, line, fact: 'other-language' });
  return true;
}

async function nameGitStates(directory: string, facts: Facts, askGit: AskGit): Promise<void> {
  const files = facts.secretFiles.filter(({ masked }) => masked !== undefined);
  const asked = [...files, ...facts.secretLiterals];
  if (asked.length === 0) return;
  const states = await askGit(directory, [...new Set(asked.map(({ file }) => file))]);
  for (const secret of asked) secret.git = states.get(secret.file) ?? 'unknown';
}

/** What is left out of an app may hold a secret all the same. */
function credentialReaderOf(file: string): ReturnType<typeof readerOf> {
  const kind = readerOf(file);
  return kind?.readsLeftOut === true ? kind : undefined;
}
