import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withFileErrors } from './errno.js';
import { makePrivateFolder, replacePrivateFile } from './private-file.js';

/**
 * Makes `gsac-exec-<random>/access-token` below a folder; the modes are 0700 and 0600.
 *
 * @throws {GsacError} `local_file_broken` where the folder takes nothing.
 */
export function createTokenFile(directory: string): TokenFile {
  const folder = withFileErrors('local_file_broken', 'write', directory, () => {
    makePrivateFolder(directory);
    return mkdtempSync(join(directory, 'gsac-exec-'));
  });
  const path = join(folder, 'access-token');
  return {
    path,
    write: (token) => replacePrivateFile(path, token),
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A file that another program reads the current access token from. */
export interface TokenFile {
  readonly path: string;
  /** Replaces the content in one step: a reader sees the old token or the new one. */
  write(token: string): Promise<void>;
  remove(): Promise<void>;
}
