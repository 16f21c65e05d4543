import { randomUUID } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listRescueFiles, readRescueFile } from '../../accounts/rescue-files.js';
import { createVaultHeader } from '../../accounts/stores/vault-key.js';
import { systemCodeOf } from '../../core/errors.js';
import type { CredentialStore } from '../../core/ports.js';
import { withFileErrors } from '../../files/errno.js';
import { lookAt, namesIn } from '../../files/look.js';
import { removePrivateFile, writePrivateFile } from '../../files/private-file.js';
import type { Machine, OwnFile } from './machine-port.js';

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
