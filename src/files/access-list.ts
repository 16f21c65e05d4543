import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { once } from '../core/promises.js';

/**
 * Closes a file or a folder to everybody but this user, and with a folder what is made in it later.
 * False if that failed, as on a file system without access lists. Throws nothing.
 */
export type CloseToOthers = (path: string) => boolean;

const timeoutMs = 10_000;

/**
 * The way to close files on Windows, where a mode says nothing about readers: by an access list with one
 * entry. Administrators can still take a file over, as root can elsewhere.
 *
 * @param env of which `SystemRoot` is read.
 */
export function createCloseToOthers(
  env: Readonly<Record<string, string | undefined>>,
): CloseToOthers {
  const run = (program: string, args: readonly string[]) =>
    execFileSync(`${env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\${program}.exe`, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: timeoutMs,
      windowsHide: true,
    });
  // By number: names are translated, and differ between a machine and its domain.
  const user = once(() => /S-1-[\d-]+/.exec(run('whoami', ['/user', '/fo', 'csv', '/nh']))?.[0]);
  return (path) => {
    try {
      const sid = user();
      if (sid === undefined) return false;
      const inherited = statSync(path).isDirectory() ? '(OI)(CI)' : '';
      run('icacls', [path, '/inheritance:r', '/grant:r', `*${sid}:${inherited}F`]);
      return true;
    } catch {
      return false;
    }
  };
}
