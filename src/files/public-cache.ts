import { join } from 'node:path';
import { readPrivateFile, writePrivateFile } from './private-file.js';

/**
 * A cache of public documents (signing keys) in `directory`. Nothing in it is secret, but who can
 * write it decides which signatures count as good: files are 0600, folders 0700.
 */
export function createPublicCache({ directory }: { directory: string }) {
  const pathOf = (name: string) => join(directory, `${name}.json`);
  return {
    async read(name: string): Promise<string | undefined> {
      try {
        return readPrivateFile(pathOf(name))?.toString('utf8');
      } catch {
        return undefined;
      }
    },
    async write(name: string, text: string): Promise<void> {
      writePrivateFile(pathOf(name), text);
    },
  };
}
