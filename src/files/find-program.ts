import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { namesIn } from './private-file.js';

/** Where programs are looked for. */
export interface ProgramSearch {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a path is a file that this user may run; asks the file system by default. */
  readonly canRun?: (path: string) => boolean;
}

/**
 * Finds a program by its bare name and returns its absolute path; undefined if there is none. It
 * looks only into the absolute folders of PATH: never into the current folder, where Windows looks
 * first. On Windows it takes `.exe` and `.com`, and no scripts.
 *
 * @param name without a folder; a name with one finds nothing.
 */
export function findProgram(name: string, search: ProgramSearch): string | undefined {
  if (/[/\\:]/.test(name)) return undefined;
  return placesOf(name, search, ['.exe', '.com']).find(search.canRun ?? isProgram);
}

/**
 * Finds what a person means by a command. A bare name is looked up as {@link findProgram} does, on
 * Windows also as a batch file, in the order of PATHEXT. A name with a folder means that file; on
 * Windows its ending may be left out.
 *
 * @returns the path, which need not be absolute if the name has a folder; undefined if there is none.
 *   A file that cannot be run is found if there is nothing better: to start it says why.
 */
export function findCommand(name: string, search: ProgramSearch): string | undefined {
  if (name === '') return undefined;
  const { platform, canRun = isProgram } = search;
  const endings = platform === 'win32' ? commandEndings(search.env) : [];
  const hasFolder = platform === 'win32' ? /[/\\:]/.test(name) : name.includes('/');
  // Where a system looks for a path is its own affair; only the ending is missing.
  if (hasFolder && platform !== 'win32') return name;
  const places = hasFolder ? withEndings(name, endings) : placesOf(name, search, endings);
  const asNamed = hasFolder ? [name] : placesOf(name, search, []);
  return places.find(canRun) ?? asNamed.find((path) => existsSync(path) && !isFolder(path));
}

/** Whether a file is a batch file, which Windows starts only through its command interpreter. */
export function isBatchFile(path: string): boolean {
  return /\.(cmd|bat)$/i.test(path);
}

/**
 * The programs that {@link findCommand} finds under names which begin alike: what follows, sorted.
 *
 * @param prefix without a folder.
 */
export function findPrograms(prefix: string, search: ProgramSearch): string[] {
  const ending = search.platform === 'win32' ? /\.(com|exe|bat|cmd)$/i : /$/;
  const names = placesOf('', search, [])
    .flatMap(namesIn)
    .filter((name) => name.startsWith(prefix) && ending.test(name))
    .map((name) => name.slice(prefix.length).replace(ending, ''));
  return [...new Set(names)].sort();
}

/** Every path at which a bare name may be found. @param endings that a name gets on Windows. */
function placesOf(
  name: string,
  { platform, env }: ProgramSearch,
  endings: readonly string[],
): string[] {
  if (platform !== 'win32') {
    return (env['PATH'] ?? '/usr/bin:/bin')
      .split(':')
      .filter((folder) => posix.isAbsolute(folder))
      .map((folder) => posix.join(folder, name));
  }
  return (variable(env, 'PATH') ?? '')
    .split(';')
    .map((folder) => folder.replaceAll('"', ''))
    .filter(isAbsoluteOnWindows)
    .flatMap((folder) => withEndings(name, endings).map((file) => win32.join(folder, file)));
}

function withEndings(name: string, endings: readonly string[]): string[] {
  const hasOne = endings.some((ending) => name.toLowerCase().endsWith(ending));
  return hasOne || endings.length === 0 ? [name] : endings.map((ending) => `${name}${ending}`);
}

/** Of PATHEXT what can be started: scripts of Windows' own script host are another program's. */
function commandEndings(env: ProgramSearch['env']): string[] {
  const known = ['.com', '.exe', '.bat', '.cmd'];
  const named = (variable(env, 'PATHEXT') ?? '').toLowerCase().split(';');
  const wanted = named.filter((ending) => known.includes(ending));
  return wanted.length === 0 ? known : wanted;
}

/** A variable of Windows, whatever its case. */
function variable(env: ProgramSearch['env'], name: string): string | undefined {
  return Object.entries(env).find(([key]) => key.toUpperCase() === name)?.[1];
}

/** `\bin` is of the current drive, `C:bin` of that drive's current folder. */
function isAbsoluteOnWindows(folder: string): boolean {
  return /^([a-z]:[\\/]|[\\/]{2})/i.test(folder);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
