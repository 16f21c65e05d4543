import { createHash } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { GsacError } from '../../core/errors.js';
import {
  createPrivateFile,
  lookAt,
  makePrivateFolder,
  readPrivateFile,
  removePrivateFile,
} from '../../files/private-file.js';
import type { Keytar } from './keychain.js';
import { toUnpackError } from './keychain-error.js';

/** Where keytar's native part goes, since no system loads one from the inside of another file. */
export interface KeytarPlace {
  /** An absolute path below the user's own cache. */
  folder: string;
  /** Undefined where files have no owner. */
  userId: number | undefined;
}

/** Loads keytar from its bytes, which are written to a file first if they are not there yet. */
export async function loadPackedKeytar(bytes: Uint8Array, place: KeytarPlace): Promise<Keytar> {
  const path = unpackKeytar(bytes, place);
  return createRequire(path)(path);
}

/**
 * The path of a file that held exactly these bytes a moment ago, in a folder that only this user can
 * write to. Its name holds their hash: versions of gsac do not disturb each other, and of many processes
 * one writes it.
 *
 * @throws {GsacError} `store_unavailable` if the folder belongs to somebody else or takes no file.
 */
export function unpackKeytar(bytes: Uint8Array, { folder, userId }: KeytarPlace): string {
  const hash = sha256(bytes);
  const path = join(folder, `keytar-${hash.slice(0, 16)}.node`);
  const isRight = () => {
    const found = readPrivateFile(path);
    return found !== undefined && sha256(found) === hash;
  };
  try {
    makePrivateFolder(folder);
    if (userId !== undefined) closeFolder(folder, userId);
    if (isRight()) return path;
    removePrivateFile(path);
    createPrivateFile(path, bytes);
    if (isRight()) return path;
  } catch (thrown) {
    if (thrown instanceof GsacError) throw thrown;
    throw toUnpackError(folder);
  }
  throw toUnpackError(folder);
}

/** A folder that others could write to may hold a file of theirs between the check and the loading. */
function closeFolder(folder: string, userId: number): void {
  const found = lookAt(folder);
  if (found?.isDirectory() !== true || found.uid !== userId) throw toUnpackError(folder);
  if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
