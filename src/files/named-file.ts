import { maxCredentialFileBytes } from '../core/authorized-user.js';
import { GsacError, systemCodeOf } from '../core/errors.js';
import type { Services } from '../wiring.js';

/** Reads a file that the person named, with a sentence for each way in which that fails. */
export async function readNamedFile(
  services: Services,
  path: string,
  code: 'client_file_unreadable' | 'credential_file_invalid' | 'usage',
  maxBytes = maxCredentialFileBytes,
): Promise<string> {
  try {
    return await services.readFile(path, maxBytes);
  } catch (thrown) {
    if (thrown instanceof GsacError) throw thrown;
    const reasons: Record<string, string> = {
      ENOENT: 'does not exist',
      EACCES: 'may not be read by this user',
      EISDIR: 'is a folder',
      EFBIG: `is larger than ${maxBytes} bytes, so it is something else`,
    };
    const reason = reasons[systemCodeOf(thrown) ?? ''] ?? 'cannot be read';
    throw new GsacError(code, `${path} ${reason}.`, { hint: 'Check the path and try again.' });
  }
}
