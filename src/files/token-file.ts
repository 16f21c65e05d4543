import { existsSync, mkdtempSync } from 'node:fs';
import { rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { CloseToOthers } from './access-list.js';
import { withFileErrors } from './errno.js';
import { makePrivateFolder, replacePrivateFile } from './private-file.js';

/**
 * Makes `gsac-exec-<random>/access-token` below a folder; the modes are 0700 and 0600.
 *
 * @param closeToOthers what closes the folder on a platform whose modes do not.
 * @throws {GsacError} `local_file_broken` where the folder takes nothing.
 */
export function createTokenFile(directory: string, closeToOthers?: CloseToOthers): TokenFile {
  const folder = withFileErrors('local_file_broken', 'write', directory, () => {
    makePrivateFolder(directory);
    return mkdtempSync(join(directory, 'gsac-exec-'));
  });
  closeToOthers?.(folder);
  const path = join(folder, 'access-token');
  return {
    path,
    write: (token) => replacePrivateFile(path, token),
    async remove() {
      const options = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 };
      try {
        await rm(folder, options);
        return 'removed';
      } catch {
        // Windows removes no file that another program has open; most let it be emptied.
        if (!existsSync(path)) return 'removed';
        return truncate(path).then(
          () => 'emptied',
          () => 'left',
        );
      }
    },
  };
}

/** A file that another program reads the current access token from. */
export interface TokenFile {
  readonly path: string;
  /** Replaces the content in one step: a reader sees the old token or the new one. */
  write(token: string): Promise<void>;
  /** Removes it, as far as other programs let it, which on Windows may hold it open. Throws nothing. */
  remove(): Promise<'removed' | 'emptied' | 'left'>;
}
