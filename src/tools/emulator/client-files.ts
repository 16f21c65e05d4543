import { parseClientFile } from '../../core/client-config.js';
import { isLoopbackHost } from '../../core/endpoints.js';
import { GsacError, systemCodeOf } from '../../core/errors.js';
import { parseJsonObject } from '../../core/json.js';
import { overwriteNamedFile } from '../../files/secret-file.js';

/**
 * Writes a client file, unless the file that is there has a client of Google's.
 *
 * @throws {GsacError} `usage`, `file_exists`.
 */
export function writeClientFile(path: string, text: string, signal: AbortSignal): Promise<void> {
  const mayReplace = (old: string) => {
    const host = hostOf(old);
    return host !== undefined && (isLoopbackHost(host) || host === hostOf(text));
  };
  return writeOwnFile({ path, text, flag: '--client-out', mayReplace }, signal);
}

/**
 * Writes the key of a service account, unless the file that is there has another key.
 *
 * @throws {GsacError} `usage`, `file_exists`.
 */
export function writeServiceAccountFile(
  path: string,
  text: string,
  signal: AbortSignal,
): Promise<void> {
  const keyOf = (file: string) => parseJsonObject(file)?.['private_key_id'];
  const mayReplace = (old: string) => keyOf(old) === keyOf(text);
  return writeOwnFile({ path, text, flag: '--service-account-out', mayReplace }, signal);
}

/**
 * A file gives way if it has nothing in it or if an earlier emulator wrote it. A client of Google's cannot
 * be had again: its secret is shown once, as is the key of a service account.
 */
async function writeOwnFile(
  file: { path: string; text: string; flag: string; mayReplace: (old: string) => boolean },
  signal: AbortSignal,
): Promise<void> {
  const { path, text, flag } = file;
  const mayReplace = (old: string) => old.trim() === '' || file.mayReplace(old);
  const isWritten = await overwriteNamedFile(path, text, signal, mayReplace).catch((thrown) => {
    signal.throwIfAborted();
    if (thrown instanceof GsacError) throw thrown;
    throw new GsacError(
      'usage',
      `${path} cannot be written (${systemCodeOf(thrown) ?? 'unknown'}).`,
      { hint: `Name another file with ${flag}.` },
    );
  });
  if (isWritten) return;
  throw new GsacError('file_exists', `${path} exists and was not written by the emulator.`, {
    hint: `gsac left it as it is. Name another file with ${flag}.`,
    details: { path },
  });
}

function hostOf(clientFile: string): string | undefined {
  try {
    return new URL(parseClientFile(clientFile, '--client-out').tokenUri).hostname;
  } catch {
    return undefined;
  }
}
