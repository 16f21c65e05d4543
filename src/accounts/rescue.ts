import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { AccountRecord, Credential } from '../core/account.js';
import {
  type AuthorizedUser,
  formatAuthorizedUser,
  maxCredentialFileBytes,
  parseAuthorizedUser,
} from '../core/authorized-user.js';
import { GsacError, messageOf } from '../core/errors.js';
import { type Shell, shellQuote } from '../core/shell-quote.js';
import type { CloseToOthers } from '../files/access-list.js';
import { toFileError } from '../files/errno.js';
import { createPrivateFile, lookAt, namesIn, readPrivateFile } from '../files/private-file.js';

/** Where rescue files may lie, and whose they must be. */
interface RescuePlaces {
  /** gsac's own folder for them. */
  directory: string;
  /** The temporary folder, which is everybody's: where they go if their own takes nothing. */
  tmpDirectory: string;
  /** The user's number; undefined if the system has none, and no modes either. */
  userId: number | undefined;
}

interface RescueOptions extends RescuePlaces {
  /** `GSAC_STORE`, or what holds without it: where an import goes that names no store. */
  usualStore: string;
  /** The shell that the import command is for; `sh` unless told. */
  shell?: Shell;
  /** What closes a new file to others on a platform whose modes do not. */
  closeToOthers?: CloseToOthers | undefined;
}

/** The last resort for a refresh token that no store would take. */
export type Rescue = ReturnType<typeof createRescue>;

/** A rescue by files `gsac-rescue-<random>.json`, which hold token and client secret in plaintext. */
export function createRescue(options: RescueOptions) {
  return {
    /**
     * Writes an authorized_user file, mode 0600, flushed to the disk, read back, never over an existing
     * file, and returns its path. Whose account it is goes in too, so that the import needs no network.
     *
     * @throws {GsacError} `store_refused` if no folder takes it, or if there is no refresh token.
     */
    async save(credential: Credential, account: AccountRecord): Promise<string> {
      const text = toRescueFile(credential, account);
      const failures: string[] = [];
      for (const directory of [options.directory, options.tmpDirectory]) {
        const path = join(directory, `gsac-rescue-${randomBytes(6).toString('hex')}.json`);
        try {
          const { closeToOthers } = options;
          const isNew = createPrivateFile(path, text, { closeToOthers });
          if (isNew && readPrivateFile(path)?.toString('utf8') === text) {
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

    /** The newest rescue file that holds another refresh token of the same account. */
    find(
      { clientId, sub, email }: AccountRecord,
      { refreshToken }: Credential,
    ): string | undefined {
      const found = listRescueFiles(options).flatMap((path) => {
        const user = readRescue(path, options.userId);
        const isOf =
          user?.clientId === clientId &&
          (user.sub ?? null) === sub &&
          (user.email ?? null) === email;
        if (!isOf || user.refreshToken === refreshToken) return [];
        return [{ path, issuedAt: user.issuedAt ?? 0 }];
      });
      return found.sort((one, other) => other.issuedAt - one.issuedAt)[0]?.path;
    },

    /**
     * The command that imports a file into the store that an account is in. The store is named if the
     * command would take another one by itself: a flag of today's command is gone with it. For an
     * account of the environment, which takes nothing, it is the store of new accounts.
     */
    importCommand(path: string, { store }: Pick<AccountRecord, 'store'>): string {
      const { usualStore: usual } = options;
      const writable = usual === 'env' ? 'keychain' : usual;
      const wanted = store === 'env' ? writable : store;
      const where = wanted === usual ? '' : ` --store ${shellQuote(wanted, options.shell)}`;
      return `gsac accounts import ${shellQuote(path, options.shell)}${where}`;
    },
  };
}

/** What a rescue file holds; undefined if its writing was cut off, or somebody else wrote it. */
function readRescue(path: string, userId: number | undefined): AuthorizedUser | undefined {
  try {
    const user = parseAuthorizedUser(readRescueFile(path, userId), path);
    return user.rescue ? user : undefined;
  } catch {
    return undefined;
  }
}

function toRescueFile({ refreshToken, ...credential }: Credential, account: AccountRecord): string {
  if (refreshToken === undefined) {
    throw new GsacError('store_refused', 'There is no refresh token to rescue.');
  }
  return formatAuthorizedUser({
    ...credential,
    ...account,
    refreshToken,
    rescue: true,
    email: account.email ?? undefined,
    sub: account.sub ?? undefined,
    refreshTokenExpiresAt: account.refreshTokenExpiresAt ?? undefined,
  });
}

const rescueName = /^gsac-rescue-[0-9a-f]{12}\.json$/;
/** What is left of a rescue file whose writing was cut off. */
const temporaryName = /^\.[0-9a-f]{16}\.tmp$/;

/**
 * The paths of rescue files, and in gsac's own folder of what is left of one whose writing was cut
 * off. In the temporary folder anybody may put a file of that name: only what {@link readRescueFile}
 * would read counts there. Nothing is opened.
 */
export function listRescueFiles({ directory, tmpDirectory, userId }: RescuePlaces): string[] {
  return [
    ...pathsIn(directory, [rescueName, temporaryName]).filter((path) => lookAt(path)?.isFile()),
    ...pathsIn(tmpDirectory, [rescueName]).filter((path) => isOurs(lookAt(path), userId)),
  ];
}

/**
 * The text of a rescue file, where it is a plain file as gsac writes them: the user's own, closed to
 * everybody else, no larger than a credential may be. A pipe of its name is not waited for, a link
 * not followed.
 *
 * @throws {Error} where it is none such, or cannot be read.
 */
function readRescueFile(path: string, userId: number | undefined): string {
  // Windows has neither flag, and no pipes among its files.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    if (!isOurs(fstatSync(file), userId)) throw new Error('no rescue file of this user');
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function isOurs(stat: Stats | undefined, userId: number | undefined): boolean {
  if (!stat?.isFile() || stat.size > maxCredentialFileBytes) return false;
  return userId === undefined || (stat.uid === userId && (stat.mode & 0o077) === 0);
}

function pathsIn(folder: string, names: readonly RegExp[]): string[] {
  return namesIn(folder)
    .filter((name) => names.some((known) => known.test(name)))
    .map((name) => join(folder, name));
}
