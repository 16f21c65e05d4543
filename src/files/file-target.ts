import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, realpath, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { GsacError, systemCodeOf } from '../core/errors.js';
import { reasonOf } from './output-error.js';
import { findPlace } from './output-place.js';

/**
 * Proves that a file could be written at a path that a person named, and returns where that file
 * really is: two names of one file, through links or folders, have one answer.
 *
 * Nothing is left behind: the folder takes a short file of another name, which is removed at once.
 * What exists is not opened, a device or a pipe least of all. That the disk has room for the whole,
 * and that all stays as it is until then, it cannot prove.
 *
 * @throws {GsacError} `usage`: the folder is none or takes no files, or the path is a folder.
 */
export async function proveFileTarget(path: string): Promise<string> {
  try {
    const place = await findPlace(path);
    if (place.kind === 'stream') {
      await access(path, constants.W_OK);
      // A pipe that a process was given has a name that leads nowhere.
      return await realpath(path).catch(() => path);
    }
    const isThere = place.mode !== undefined;
    const folder = await realpath(dirname(place.final));
    await proveFolder(folder).catch(async (thrown: unknown) => {
      // A file that is there is written in place then.
      if (!isThere || !/^(EACCES|EPERM)$/.test(systemCodeOf(thrown) ?? '')) throw thrown;
      await access(place.final, constants.R_OK | constants.W_OK);
    });
    return join(folder, basename(place.final));
  } catch (thrown) {
    throw new GsacError('usage', `${path} cannot be written: ${reasonOf(thrown)}.`, {
      hint: 'Nothing was sent. Name a file in a folder that is there and takes files.',
      details: { system_code: systemCodeOf(thrown) ?? null },
    });
  }
}

async function proveFolder(folder: string): Promise<void> {
  const probe = join(folder, `.${randomBytes(8).toString('hex')}.tmp`);
  try {
    await writeFile(probe, 'probe', { flag: 'wx', mode: 0o600 });
  } finally {
    await unlink(probe).catch(() => undefined);
  }
}
