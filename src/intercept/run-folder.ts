import { lstatSync, mkdtempSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { withFileErrors } from '../files/errno.js';
import { makePrivateFolder, namesIn, writePrivateFile } from '../files/private-file.js';
import type { ChildPlaces } from './child-environment.js';

const prefix = 'gsac-intercept-';
const note = 'run.json';
const mostAgeMs = 31 * 86_400_000;

/** What a folder says of the run that it belongs to. */
export interface RunNote {
  pid: number;
  /** Where processes have their numbers from: those of another container mean nothing here. */
  namespace: string;
  /** The emulator's origin, and what leads programs to it; for `gsac emulator env --intercept`. */
  origin?: string;
  /** Where it listens. */
  host?: string;
  password?: string | undefined;
  places?: ChildPlaces;
  env?: Readonly<Record<string, string>>;
}

/** A folder of one run, which nobody else may read. */
export interface RunFolder {
  readonly path: string;
  /** Writes a file in it. */
  write(name: string, content: string | Uint8Array): string;
  /** Says what the run is, for other processes. */
  tell(more: Omit<RunNote, 'pid' | 'namespace'>): void;
  remove(): void;
}

/** Where runs have their folders, and whose they are. */
export interface RunWorld {
  readonly tmpDirectory: string;
  readonly userId?: number | undefined;
}

/**
 * Makes a folder of mode 0700 for one run, and removes what runs that were killed have left.
 *
 * @throws {GsacError} `local_file_broken` if the temporary folder takes nothing.
 */
export function createRunFolder(world: RunWorld & { readonly pid: number }): RunFolder {
  const { tmpDirectory, pid } = world;
  for (const path of findLeftovers(world)) removeRun(path);
  const path = withFileErrors('local_file_broken', 'write', tmpDirectory, () => {
    makePrivateFolder(tmpDirectory);
    return realpathSync(mkdtempSync(join(tmpDirectory, prefix)));
  });
  const write = (name: string, content: string | Uint8Array) => {
    const file = join(path, name);
    withFileErrors('local_file_broken', 'write', file, () => writePrivateFile(file, content));
    return file;
  };
  const tell = (more: Omit<RunNote, 'pid' | 'namespace'>) => {
    write(note, `${JSON.stringify({ pid, namespace: namespaceOf(), ...more })}\n`);
  };
  tell({});
  return { path, write, tell, remove: () => removeRun(path) };
}

/** The folders of runs that have ended without removing them. */
export function findLeftovers(world: RunWorld): string[] {
  return listRuns(world)
    .filter(({ path, note }) => !isAlive(note) || isOld(path))
    .map(({ path }) => path);
}

/** The runs that go on. */
export function findRuns(world: RunWorld): RunNote[] {
  return listRuns(world).flatMap(({ note }) => (note !== undefined && isAlive(note) ? [note] : []));
}

/** Removes what a run has left. */
export function removeRun(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // `gsac doctor` finds it.
  }
}

function listRuns({ tmpDirectory, userId }: RunWorld) {
  return namesIn(tmpDirectory)
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(tmpDirectory, name))
    .filter((path) => isOurs(path, userId))
    .map((path) => ({ path, note: readNote(path) }));
}

/** A folder that somebody else has put there is neither read nor removed. */
function isOurs(path: string, userId: number | undefined): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() === true && (userId === undefined || found.uid === userId);
}

function readNote(path: string): RunNote | undefined {
  try {
    const found: unknown = JSON.parse(readFileSync(join(path, note), 'utf8'));
    return typeof found === 'object' && found !== null && 'pid' in found
      ? (found as RunNote)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Without a word of its process, a folder may be one that is just being made: its age decides. */
function isAlive(run: RunNote | undefined): boolean {
  if (run === undefined || run.namespace !== namespaceOf()) return true;
  try {
    getPriority(run.pid);
    return true;
  } catch (thrown) {
    return !(thrown instanceof Error && /ESRCH/.test(thrown.message));
  }
}

function namespaceOf(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function isOld(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > mostAgeMs;
}
