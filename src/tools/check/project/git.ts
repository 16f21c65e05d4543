import { execFile } from 'node:child_process';
import { withoutOwnSecrets } from '../../../core/own-secrets.js';
import type { GitState } from '../model.js';

/** Tells what git knows of files. */
export type AskGit = (root: string, files: readonly string[]) => Promise<Map<string, GitState>>;

const timeoutMs = 5_000;
const mostOutput = 1_048_576;
const filesAtOnce = 200;

/**
 * Asks git about a few files, with one bounded call for every 200. Without git, or outside a
 * repository, nothing is known.
 *
 * What a repository's own configuration could have git run is switched off.
 *
 * @param env the environment; gsac's own secrets and what it says of another repository are left out.
 */
export function createAskGit(env: Readonly<Record<string, string | undefined>>): AskGit {
  const own: Record<string, string | undefined> = {
    ...withoutOwnSecrets(env),
    GIT_OPTIONAL_LOCKS: '0',
    LC_ALL: 'C',
  };
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_TRACE']) {
    delete own[name];
  }

  async function ask(root: string, files: readonly string[], states: Map<string, GitState>) {
    const list = (...flags: string[]) => lsFiles(root, files, flags, own);
    const tracked = await list('--cached');
    if (tracked === undefined) return;
    const open = (await list('--others', '--exclude-standard')) ?? [];
    for (const file of files) states.set(file, 'ignored');
    for (const file of open) states.set(file, 'not-ignored');
    for (const file of tracked) states.set(file, 'tracked');
  }

  return async (root, files) => {
    const states = new Map<string, GitState>();
    for (let at = 0; at < files.length; at += filesAtOnce) {
      await ask(root, files.slice(at, at + filesAtOnce), states);
    }
    return states;
  };
}

function lsFiles(
  root: string,
  files: readonly string[],
  flags: readonly string[],
  env: Record<string, string | undefined>,
): Promise<string[] | undefined> {
  const settings = ['-c', 'core.fsmonitor=false', '-c', 'core.untrackedCache=false'];
  const args = ['-C', root, '--literal-pathspecs', ...settings, 'ls-files', '-z', ...flags, '--'];
  const options = { env, timeout: timeoutMs, maxBuffer: mostOutput, windowsHide: true };
  return new Promise((resolve) => {
    execFile('git', [...args, ...files], options, (error, stdout) => {
      resolve(error === null ? stdout.split('\0').filter((file) => file !== '') : undefined);
    });
  });
}
