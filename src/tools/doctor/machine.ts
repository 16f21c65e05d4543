import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listRescueFiles, readRescueFile } from '../../accounts/rescue.js';
import { createVaultHeader } from '../../accounts/stores/encrypted-file.js';
import type { CredentialStore } from '../../accounts/stores/store.js';
import { systemCodeOf } from '../../core/errors.js';
import { withFileErrors } from '../../files/errno.js';
import { readBounded } from '../../files/named-file.js';
import { lookAt, namesIn, proveFolder } from '../../files/private-file.js';

/** Where the machine's reader looks. */
export interface MachineOptions {
  nodeVersion: string;
  platform: string;
  env: Readonly<Record<string, string | undefined>>;
  dataFolder: string;
  cacheFolder: string;
  /** gsac's own folder for rescue files, where it has one. */
  rescueFolder: string | undefined;
  temporaryFolder: string;
  /** The user's number, where the system has them. */
  userId: number | undefined;
  /** A keychain whose calls are bounded in time. */
  keychain: () => Promise<Pick<CredentialStore, 'proveWritable'>>;
}

/** A bundle of every authority that there is has less than a tenth of that. */
const mostTextBytes = 8_388_608;
const mostEntries = 10_000;
const deepest = 6;

/** Reads this machine; see the port for what each method promises. */
export function createMachine(options: MachineOptions): Machine {
  const { dataFolder, cacheFolder, rescueFolder, temporaryFolder, userId, env } = options;
  const locksFolder = join(dataFolder, 'locks');

  return {
    nodeVersion: options.nodeVersion,
    platform: options.platform,
    env,
    folders: { data: dataFolder, cache: cacheFolder },

    ownFiles() {
      const found = new Map<string, OwnFile>();
      for (const folder of [dataFolder, cacheFolder]) collect(folder, deepest, found);
      return [...found.values()];
    },

    rescueFiles: () =>
      listRescueFiles({ directory: rescueFolder, tmpDirectory: temporaryFolder, userId }),
    readRescueFile: (path) => readRescueFile(path, userId),

    locks() {
      return namesIn(locksFolder)
        .filter((name) => name.endsWith('.lock'))
        .flatMap((name) => {
          const path = join(locksFolder, name);
          const stat = lookAt(path);
          return stat === undefined ? [] : [{ path, touchedAt: stat.mtimeMs }];
        });
    },

    hasVault: () => existsSync(join(dataFolder, 'vault', 'vault.json')),

    proveWritable() {
      for (const folder of new Set([dataFolder, cacheFolder])) proveOwnFolder(folder);
    },

    async freeBytes() {
      try {
        const { bavail, bsize } = await statfs(nearestExisting(dataFolder));
        return bavail * bsize;
      } catch {
        return undefined;
      }
    },

    readText: (path) => readBounded(path, mostTextBytes),

    async checkFileKey() {
      const fileKey = env['GSAC_FILE_KEY'];
      if (fileKey) await createVaultHeader({ fileKey });
    },

    async proveKeychain() {
      await (await options.keychain()).proveWritable();
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
  for (const name of listFolder(path)) collect(join(path, name), depth - 1, found);
}

/** Names in a folder of ours; one that has just gone, such as a lock, has none. */
function listFolder(path: string): string[] {
  return withFileErrors('local_file_broken', 'list', path, () => {
    try {
      return readdirSync(path).sort();
    } catch (thrown) {
      if (systemCodeOf(thrown) === 'ENOENT') return [];
      throw thrown;
    }
  });
}

/** A real write where the folder exists; else only a look, so that a look leaves no folder behind. */
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

/** A file or folder below gsac's own folders. */
export interface OwnFile {
  path: string;
  kind: 'file' | 'folder';
  /** The permission bits, such as 0o600. */
  mode: number;
}

/** A lock as it lies on the disk. Times are epoch milliseconds. */
export interface FoundLock {
  path: string;
  /** When its holder last gave a sign of life. */
  touchedAt: number;
}

/** The folders that gsac keeps its files in. */
export interface OwnFolders {
  data: string;
  cache: string;
}

/**
 * What is read of the machine: by `gsac doctor`, and where a refused refresh looks for a rescue file.
 * Proofs write and remove what they wrote; nothing in here changes anything that lasts.
 */
export interface Machine {
  /** Without the `v`. */
  readonly nodeVersion: string;
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly folders: OwnFolders;
  /**
   * Everything below gsac's folders, the folders too, symbolic links left out. At most ten thousand
   * entries. @throws {GsacError} `local_file_broken` for a folder that cannot be listed.
   */
  ownFiles(): OwnFile[];
  /** Paths of rescue files, in gsac's own folder and, where they are the user's, in the temporary one. */
  rescueFiles(): string[];
  /** A rescue file's text. @throws {Error} where it is not the user's alone, or no plain file. */
  readRescueFile(path: string): string;
  locks(): FoundLock[];
  /** Whether there is an encrypted file store. */
  hasVault(): boolean;
  /**
   * Proves that gsac's folders can be written; where one does not exist yet, that it could be made.
   * @throws {GsacError} `local_file_broken`.
   */
  proveWritable(): void;
  /** Bytes that are free where the data folder lies; undefined where the system does not say. */
  freeBytes(): Promise<number | undefined>;
  /** A text file of 8 MiB at most. @throws as {@link readBounded}. */
  readText(path: string): Promise<string>;
  /** Checks the form of `GSAC_FILE_KEY` where there is no store to try it on. @throws {GsacError} */
  checkFileKey(): Promise<void>;
  /** Proves that the keychain takes an entry, within ten seconds. @throws {GsacError} `store_*`. */
  proveKeychain(): Promise<void>;
}
