import { join } from 'node:path';
import envPaths from 'env-paths';

/** The folders that gsac keeps its files in. */
export interface Paths {
  /** Account index, encrypted store, locks: what must last. */
  data: string;
  /** Encrypted sessions and public keys: what can be had again. */
  cache: string;
  /** Where a rescue file goes. */
  rescue: string;
}

/**
 * Everything below `GSAC_HOME` where it is set, else the platform's usual folders (XDG on Linux,
 * `~/Library` on macOS, `%LOCALAPPDATA%` on Windows).
 */
export function toPaths(home: string | undefined): Paths {
  if (home !== undefined && home !== '') {
    return toFolders(home, join(home, 'cache'));
  }
  const usual = envPaths('gsac', { suffix: '' });
  return toFolders(usual.data, usual.cache);
}

function toFolders(data: string, cache: string): Paths {
  // Not the temporary folder, which systems empty by themselves.
  return { data, cache, rescue: join(data, 'rescue') };
}
