import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listRescueFiles } from '../../accounts/rescue.js';
import { createVaultHeader } from '../../accounts/stores/vault-key.js';
import type { System } from '../../cli/system.js';
import { withFileErrors } from '../../files/errno.js';
import { readBounded } from '../../files/named-file.js';
import { toPaths } from '../../files/own-folders.js';
import { listFolder, lookAt, namesIn, proveFolder } from '../../files/private-file.js';
import { findLeftovers, removeRun } from '../../intercept/run-folder.js';

/** A bundle of every authority that there is has less than a tenth of that. */
const mostTextBytes = 8_388_608;
const mostEntries = 10_000;
const deepest = 6;

/** A file or folder below gsac's own folders. */
export interface OwnFile {
  path: string;
  kind: 'file' | 'folder';
  /** The permission bits, such as 0o600. */
  mode: number;
}

/** What `gsac doctor` reads of the machine. */
export type Machine = ReturnType<typeof createMachine>;

/** Reads this machine. Proofs remove what they wrote; beside that, only leftovers are removed. */
export function createMachine(
  system: Pick<System, 'env' | 'nodeVersion' | 'platform' | 'tmpDirectory' | 'userId'>,
) {
  const { env, nodeVersion, platform, tmpDirectory, userId } = system;
  const { data, cache, rescue } = toPaths(env['GSAC_HOME']);
  const folders = [...new Set([data, cache])];

  return {
    /** Without the `v`. */
    nodeVersion,
    platform,
    env,
    folders: { data, cache },

    /**
     * Everything below gsac's folders, the folders too, symbolic links left out; at most ten thousand
     * entries. @throws {GsacError} `local_file_broken` for a folder that cannot be listed.
     */
    ownFiles(): OwnFile[] {
      const found = new Map<string, OwnFile>();
      for (const folder of folders) collect(folder, deepest, found);
      return [...found.values()];
    },

    /** Paths of rescue files, in gsac's own folder and, if they are the user's, in the temporary one. */
    rescueFiles: () => listRescueFiles({ directory: rescue, tmpDirectory, userId }),

    /** Removes the folders of runs that were killed, and names them. */
    removeLeftoverRuns(): string[] {
      const paths = findLeftovers({ tmpDirectory, userId });
      for (const path of paths) removeRun(path);
      return paths;
    },

    /** The locks, and when the holder of each last gave a sign of life, in epoch milliseconds. */
    locks() {
      const folder = join(data, 'locks');
      return namesIn(folder)
        .filter((name) => name.endsWith('.lock'))
        .map((name) => join(folder, name))
        .flatMap((path) => {
          const touchedAt = lookAt(path)?.mtimeMs;
          return touchedAt === undefined ? [] : [{ path, touchedAt }];
        });
    },

    /** Whether there is an encrypted file store. */
    hasVault: () => existsSync(join(data, 'vault', 'vault.json')),

    /**
     * Proves that gsac's folders can be written or, if there are none yet, that they could be made.
     * @throws {GsacError} `local_file_broken`.
     */
    proveWritable() {
      for (const folder of folders) proveOwnFolder(folder);
    },

    /** Bytes that are free on the data folder's disk; undefined if the system does not say. */
    async freeBytes(): Promise<number | undefined> {
      try {
        const { bavail, bsize } = await statfs(nearestExisting(data));
        return bavail * bsize;
      } catch {
        return undefined;
      }
    },

    /** A text file of 8 MiB at most. @throws as {@link readBounded}. */
    readText: (path: string) => readBounded(path, mostTextBytes),

    /** Checks the form of `GSAC_FILE_KEY` if there is no store to try it on. @throws {GsacError} */
    async checkFileKey() {
      const fileKey = env['GSAC_FILE_KEY'];
      if (fileKey) await createVaultHeader({ fileKey });
    },
  };
}

function collect(path: string, depth: number, found: Map<string, OwnFile>): void {
  const stat = lookAt(path);
  if (stat === undefined || found.has(path) || found.size >= mostEntries) return;
  const mode = stat.mode & 0o777;
  if (stat.isFile()) found.set(path, { path, kind: 'file', mode });
  if (!stat.isDirectory()) return;
  found.set(path, { path, kind: 'folder', mode });
  if (depth === 0) return;
  const names = withFileErrors('local_file_broken', 'list', path, () => listFolder(path));
  for (const name of names) collect(join(path, name), depth - 1, found);
}

/** A real write if the folder exists; else nothing is made, so that a look leaves no folder behind. */
function proveOwnFolder(folder: string): void {
  withFileErrors('local_file_broken', 'write', folder, () => {
    if (existsSync(folder)) {
      proveFolder(folder);
      return;
    }
    const above = nearestExisting(folder);
    if (!statSync(above).isDirectory()) {
      throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
    }
    accessSync(above, constants.W_OK);
  });
}

function nearestExisting(path: string): string {
  const above = dirname(path);
  return existsSync(path) || above === path ? path : nearestExisting(above);
}
