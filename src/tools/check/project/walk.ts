import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemCodeOf } from '../../../core/errors.js';
import type { Skipped } from '../model.js';

/** Folders of fetched or built things. The lock files lie beside them. */
const leftOut = [
  /^(node_modules|bower_components|Pods|Carthage|build|DerivedData|xcuserdata|ephemeral|coverage)$/,
  /^(venv|__pycache__)$|^[^.].*\.(framework|xcframework|xcarchive|xcassets|dSYM)$/,
  /^\.(git|hg|svn|gradle|build|cxx|dart_tool|symlinks|pub-cache|expo|next|nuxt|cache|venv|idea|vscode)$/,
];

const deepest = 64;
const foldersBetweenPauses = 200;

/** What a walk came across. */
export interface Walked {
  /** Relative to the root, `/` between the parts. */
  files: string[];
  /** Every folder that was entered, likewise; among them those of Xcode's projects. */
  folders: string[];
  skipped: Skipped[];
}

/**
 * Lists the files below a folder, without those of fetched or built things. Links to folders are not
 * followed, so no loop is walked; links to files are.
 *
 * @param most files at most; what is beyond is left out, and said.
 */
export async function walk(root: string, most: number, signal: AbortSignal): Promise<Walked> {
  const walked: Walked = { files: [], folders: [], skipped: [] };
  const waiting: { path: string; depth: number }[] = [{ path: '', depth: 0 }];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (walked.folders.length % foldersBetweenPauses === 0) await pause(signal);
    walked.folders.push(folder.path);
    for (const entry of entriesOf(root, folder.path, walked)) {
      const path = folder.path === '' ? entry.name : `${folder.path}/${entry.name}`;
      if (entry.isDirectory()) {
        if (leftOut.some((names) => names.test(entry.name))) continue;
        if (folder.depth < deepest) waiting.push({ path, depth: folder.depth + 1 });
        else walked.skipped.push({ file: path, reason: `more than ${deepest} folders deep` });
      } else if (entry.isFile() || (entry.isSymbolicLink() && leadsToFile(join(root, path)))) {
        if (walked.files.length >= most) {
          walked.skipped.push({ file: path, reason: `only the first ${most} files are looked at` });
          return walked;
        }
        walked.files.push(path);
      }
    }
  }
  return walked;
}

function entriesOf(root: string, path: string, walked: Walked): Dirent[] {
  try {
    // Windows has an order of its own.
    return readdirSync(join(root, path), { withFileTypes: true }).sort((one, other) =>
      one.name < other.name ? -1 : 1,
    );
  } catch (thrown) {
    const code = systemCodeOf(thrown) ?? 'unknown';
    if (code !== 'ENOENT') walked.skipped.push({ file: path || '.', reason: reasonOf(code) });
    return [];
  }
}

function leadsToFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** A system error's code in words. */
export function reasonOf(code: string): string {
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  return `the system says ${code}`;
}

/** Lets a cancellation in between the synchronous calls, which are several times faster here. */
export async function pause(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}
