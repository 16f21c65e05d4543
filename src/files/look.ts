import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { systemCodeOf } from '../core/errors.js';

/**
 * What lies at a path, links not followed; undefined where there is nothing, or something that cannot
 * be looked at.
 */
export function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // A part of its path is no folder, or closed: that is said where the folder is written to.
    return undefined;
  }
}

/** The names in a folder, sorted; none where it cannot be listed. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (thrown) {
    // What cannot be listed is said by the check of the folders themselves.
    if (systemCodeOf(thrown) === undefined) throw thrown;
    return [];
  }
}
