import { accessSync, constants, lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import { createPrivateFile, replacePrivateFile } from './private-file.js';

/**
 * Writes a file that a person named, mode 0600, in one step; over an existing one only with
 * `replace`, and false where there is one. A link is replaced, not followed.
 *
 * @throws the system's error, also where the folder does not exist.
 */
export async function writeSecretFile(
  path: string,
  text: string,
  replace: boolean,
): Promise<boolean> {
  accessSync(dirname(path), constants.F_OK);
  if (!replace) return createPrivateFile(path, text);
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
  }
  await replacePrivateFile(path, text);
  return true;
}
