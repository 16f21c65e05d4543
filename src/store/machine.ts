import { randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  type Stats,
  statSync,
} from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCodeOf } from '../core/errors.js';
import type { Machine, OwnFile } from '../core/machine.js';
import type { CredentialStore } from '../core/ports.js';
import { withFileErrors } from './file-error.js';
import { removePrivateFile, writePrivateFile } from './private-file.js';
import { createVaultHeader } from './vault-key.js';

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
  /** A keychain whose calls are bounded in time. */
  keychain: () => Promise<Pick<CredentialStore, 'proveWritable'>>;
}

const mostEntries = 10_000;
const deepest = 6;
/** Rescue files, and what is left of one whose writing was cut off. */
const rescueName = /^gsac-rescue-.*\.json$/;
const temporaryName = /^\.[0-9a-f]{16}\.tmp$/;

/** Reads this machine; see the port for what each method promises. */
export function createMachine(options: MachineOptions): Machine {
  const { dataFolder, cacheFolder, rescueFolder, temporaryFolder, env } = options;
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

    rescueFiles() {
      const own = rescueFolder === undefined ? [] : namesIn(rescueFolder);
      return [
        ...own
          .filter((name) => rescueName.test(name) || temporaryName.test(name))
          .map((name) => join(rescueFolder ?? '', name)),
        ...namesIn(temporaryFolder)
          .filter((name) => rescueName.test(name))
          .map((name) => join(temporaryFolder, name))
          // The temporary folder is everybody's.
          .filter(isReadable),
      ];
    },

    locks() {
      return namesIn(locksFolder)
        .filter((name) => name.endsWith('.lock'))
        .flatMap((name) => {
          const path = join(locksFolder, name);
          const stat = statOf(path);
          return stat === undefined ? [] : [{ path, touchedAt: stat.mtimeMs }];
        });
    },

    hasVault: () => existsSync(join(dataFolder, 'vault', 'vault.json')),

    proveWritable() {
      for (const folder of new Set([dataFolder, cacheFolder])) proveFolder(folder);
    },

    async freeBytes() {
      try {
        const { bavail, bsize } = await statfs(nearestExisting(dataFolder));
        return bavail * bsize;
      } catch {
        return undefined;
      }
    },

    readText: (path) => readFileSync(path, 'utf8'),

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
  const stat = statOf(path);
  if (stat === undefined || found.has(path) || found.size >= mostEntries) return;
  const mode = stat.mode & 0o777;
  if (stat.isFile()) found.set(path, { path, kind: 'file', mode });
  if (!stat.isDirectory()) return;
  found.set(path, { path, kind: 'folder', mode });
  if (depth === 0) return;
  for (const name of listFolder(path)) collect(join(path, name), depth - 1, found);
}

/** Undefined where there is nothing, or something that cannot be looked at. */
function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // A part of its path is no folder, or closed: that is said where the folder is written to.
    return undefined;
  }
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
function proveFolder(folder: string): void {
  withFileErrors('local_file_broken', 'write', folder, () => {
    if (existsSync(folder)) {
      const path = join(folder, `.probe-${randomUUID()}`);
      writePrivateFile(path, 'probe');
      removePrivateFile(path);
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

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (thrown) {
    const code = systemCodeOf(thrown);
    // What cannot be listed is said by the check of the folders themselves.
    if (code === undefined) throw thrown;
    return [];
  }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
