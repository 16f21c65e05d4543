import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { AccountRecord, Credential } from '../core/account.js';
import { formatAuthorizedUser } from '../core/authorized-user.js';
import { GsacError, messageOf } from '../core/errors.js';
import { toFileError } from '../files/errno.js';
import { createPrivateFile, readPrivateFile } from '../files/private-file.js';

/** What rescue files are called. */
export const rescueName = /^gsac-rescue-[0-9a-f]{12}\.json$/;

/** Where a rescue file may go. */
export interface RescueOptions {
  /** Tried first (gsac's own folder); made where it is missing. Undefined: only the temporary one. */
  directory: string | undefined;
  /** The user's temporary folder, tried where the first takes nothing. */
  tmpDirectory: string;
}

/**
 * A rescue that writes `gsac-rescue-<random>.json`, mode 0600, flushed to the disk and read back.
 * The file holds the refresh token and the client secret in plaintext.
 *
 * `save` throws {@link GsacError} `store_refused` where neither folder takes it, or where there is
 * no refresh token to rescue.
 */
export function createRescue(options: RescueOptions): Rescue {
  return {
    async save(credential, account) {
      const text = toRescueFile(credential, account);
      const failures: string[] = [];
      for (const directory of [options.directory, options.tmpDirectory]) {
        if (directory === undefined) continue;
        const path = join(directory, `gsac-rescue-${randomBytes(6).toString('hex')}.json`);
        try {
          if (createPrivateFile(path, text) && readPrivateFile(path)?.toString('utf8') === text) {
            return path;
          }
          failures.push(`${path} did not keep what was written.`);
        } catch (thrown) {
          failures.push(messageOf(toFileError(thrown, 'store_refused', 'write', path)));
        }
      }
      throw new GsacError(
        'store_refused',
        `No rescue file could be written. ${failures.join(' ')}`,
      );
    },
  };
}

function toRescueFile(credential: Credential, account: AccountRecord): string {
  const { clientId, clientSecret, refreshToken, tokenUri } = credential;
  if (refreshToken === undefined) {
    throw new GsacError('store_refused', 'There is no refresh token to rescue.');
  }
  return formatAuthorizedUser({
    clientId,
    refreshToken,
    tokenUri,
    scopes: account.scopes,
    issuedAt: account.issuedAt,
    rescue: true,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(account.email === null ? {} : { email: account.email }),
    ...(account.sub === null ? {} : { sub: account.sub }),
    ...(account.refreshTokenExpiresAt === null
      ? {}
      : { refreshTokenExpiresAt: account.refreshTokenExpiresAt }),
  });
}

/** The last resort for a refresh token that no store would take. */
export interface Rescue {
  /**
   * Writes an authorized_user file, mode 0600, never over an existing file, and returns its path.
   * Whose account it is goes in too, so that the import needs no network.
   *
   * @throws {GsacError} `store_refused` where no folder takes it, or there is no refresh token.
   */
  save(credential: Credential, account: AccountRecord): Promise<string>;
}
