// Builds dist/ where it is missing or older than what it is made of.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Builds where that is due, with the build's own output on stderr.
 * @returns {boolean} whether dist/ is up to date now.
 */
export function buildIfStale() {
  const sources = ['src', '.config', 'package.json'];
  const newest = Math.max(...sources.map((path) => newestIn(join(root, path))));
  if (newestIn(join(root, 'dist', 'main.cjs')) >= newest) return true;
  process.stderr.write('Building dist/.\n');
  const { status } = spawnSync(process.execPath, [join(root, '.config', 'build.js')], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  return status === 0;
}

/** The latest change of a file, or of any below a folder; 0 where there is none. */
function newestIn(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = buildIfStale() ? 0 : 1;
