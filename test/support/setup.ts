import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder that all test files of one run share, removed at its end. */
    runFolder: string;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Builds dist/ if it is missing or stale, and makes the folder of a run. vitest calls it once, and
 * what it returns at the end.
 */
export function setup(project: TestProject): () => void {
  buildIfStale();
  const folder = mkdtempSync(join(tmpdir(), 'gsac-run-'));
  // One test runs gsac as another user, who has to reach the installed package.
  chmodSync(folder, 0o755);
  project.provide('runFolder', folder);
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Builds dist/ if it is older than what it is made of, with the build's own output on stderr. */
function buildIfStale(): void {
  const newest = newestIn('src', '.config', 'package.json');
  if (newestIn('dist/main.cjs') >= newest) return;
  const { status } = spawnSync(process.execPath, [join(root, '.config/build.js')], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error('The build failed.');
}

/** The latest change of some files, or of any below a folder; 0 if there is none. */
function newestIn(...paths: readonly string[]): number {
  const times = paths.map((path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (stat === undefined) return 0;
    if (!stat.isDirectory()) return stat.mtimeMs;
    return newestIn(...readdirSync(join(root, path)).map((name) => join(path, name)));
  });
  return Math.max(0, ...times);
}
