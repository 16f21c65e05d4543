import { accessSync, constants, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';

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
  const { platform, env, canRun = isProgram } = search;
  if (/[/\\:]/.test(name)) return undefined;
  if (platform !== 'win32') {
    return (env['PATH'] ?? '/usr/bin:/bin')
      .split(':')
      .filter((folder) => posix.isAbsolute(folder))
      .map((folder) => posix.join(folder, name))
      .find(canRun);
  }
  const [, path = ''] = Object.entries(env).find(([key]) => key.toUpperCase() === 'PATH') ?? [];
  const names = /\.(exe|com)$/i.test(name) ? [name] : [`${name}.exe`, `${name}.com`];
  return path
    .split(';')
    .map((folder) => folder.replaceAll('"', ''))
    .filter(isAbsoluteOnWindows)
    .flatMap((folder) => names.map((file) => win32.join(folder, file)))
    .find(canRun);
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
