import { execFile } from 'node:child_process';
import type { System } from '../../../cli/system.js';
import { withoutOwnSecrets } from '../../../core/own-secrets.js';
import { findProgram } from '../../../files/find-program.js';
import type { GitState } from '../model.js';

/** Tells what git knows of files. */
export type AskGit = (root: string, files: readonly string[]) => Promise<Map<string, GitState>>;

const timeoutMs = 5_000;
const mostOutput = 1_048_576;
const filesAtOnce = 200;

/** Variables that only bound where git looks for a repository. */
const bounds = /^GIT_(CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM)$/i;

/**
 * Asks git about a few files, with one bounded call for every 200. Without git, or outside a
 * repository, nothing is known.
 *
 * The repository may be anybody's. Nothing that its own configuration names is run: no monitor of
 * the file system, no hook, no pager, and nothing to fetch what the repository lacks.
 *
 * @param env the environment; git gets neither gsac's own secrets nor what it says of git.
 */
export function createAskGit({ env, platform }: Pick<System, 'env' | 'platform'>): AskGit {
  const git = findProgram('git', { env, platform });
  const own = Object.fromEntries(
    Object.entries(withoutOwnSecrets(env)).filter(
      ([name]) => !/^GIT_/i.test(name) || bounds.test(name),
    ),
  );
  const safe = {
    ...own,
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };

  return async (root, files) => {
    const states = new Map<string, GitState>();
    for (let at = 0; git !== undefined && at < files.length; at += filesAtOnce) {
      const some = files.slice(at, at + filesAtOnce);
      const list = (...flags: string[]) => lsFiles(git, root, some, flags, safe);
      const tracked = await list('--cached');
      const open = tracked && (await list('--others', '--exclude-standard'));
      if (open === undefined || tracked === undefined) break;
      for (const file of some) states.set(file, 'ignored');
      for (const file of open) states.set(file, 'not-ignored');
      for (const file of tracked) states.set(file, 'tracked');
    }
    return states;
  };
}

function lsFiles(
  git: string,
  root: string,
  files: readonly string[],
  flags: readonly string[],
  env: Record<string, string | undefined>,
): Promise<string[] | undefined> {
  const off = ['core.fsmonitor=false', 'core.untrackedCache=false', 'core.hooksPath=/dev/null'];
  const settings = ['--no-pager', '--literal-pathspecs', ...off.flatMap((each) => ['-c', each])];
  const args = ['-C', root, ...settings, 'ls-files', '-z', ...flags, '--'];
  const options = { env, timeout: timeoutMs, maxBuffer: mostOutput, windowsHide: true };
  return new Promise((resolve) => {
    execFile(git, [...args, ...files], options, (error, stdout) => {
      resolve(error === null ? stdout.split('\0').filter((file) => file !== '') : undefined);
    });
  });
}
