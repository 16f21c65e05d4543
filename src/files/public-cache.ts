import { join } from 'node:path';
import type { PublicCache } from '../google/keys.js';
import { readPrivateFile, writePrivateFile } from './private-file.js';

/**
 * A cache of public documents (signing keys) in `directory`. Nothing in it is secret, but who can
 * write it decides which signatures count as good: files are 0600, folders 0700.
 */
export function createPublicCache({ directory }: { directory: string }): PublicCache {
  const pathOf = (name: string) => join(directory, `${name}.json`);
  return {
    async read(name) {
      try {
        return readPrivateFile(pathOf(name))?.toString('utf8');
      } catch {
        return undefined;
      }
    },
    async write(name, text) {
      writePrivateFile(pathOf(name), text);
    },
  };
}
