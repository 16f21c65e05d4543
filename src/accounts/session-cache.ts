import { join } from 'node:path';
import type { AccountKey, Session } from '../core/account.js';
import { accountFileName } from '../core/account.js';
import { open, seal } from '../core/sealed-box.js';
import { readPrivateFile, removePrivateFile, replacePrivateFile } from '../files/private-file.js';

/**
 * A session cache of one encrypted file per account, mode 0600, in `directory` (made when first
 * written). The key lives in the credential store, so a new grant makes the old file a miss.
 *
 * No method throws for what is on the disk: unreadable is a miss, a write says whether it is kept, and
 * a failed removal is silent. A token that was fetched is handed out from a read-only disk, too.
 */
export function createSessionCache(options: { directory: string }): SessionCache {
  const pathOf = (key: AccountKey) => join(options.directory, `${accountFileName(key)}.session`);

  return {
    async read(key, sessionKey) {
      try {
        const box = readPrivateFile(pathOf(key));
        if (box === undefined) return undefined;
        const text = open(Buffer.from(sessionKey, 'base64'), contextOf(key), box);
        return text === undefined ? undefined : toSession(JSON.parse(text));
      } catch {
        return undefined;
      }
    },

    async write(key, sessionKey, session) {
      try {
        const text = JSON.stringify(toDocument(session));
        await replacePrivateFile(
          pathOf(key),
          seal(Buffer.from(sessionKey, 'base64'), contextOf(key), text),
        );
        return true;
      } catch {
        // A full or read-only disk, a key of the wrong length: the next read is a miss.
        return false;
      }
    },

    async remove(key) {
      try {
        removePrivateFile(pathOf(key));
      } catch {
        // What cannot be removed cannot be opened either once its key is gone from the store.
      }
    },
  };
}

function contextOf(key: AccountKey): string {
  return `session/${key}`;
}

function toDocument(session: Session): Record<string, unknown> {
  return {
    access_token: session.accessToken,
    token_type: session.tokenType,
    expires_at: session.expiresAt,
    scopes: session.scopes,
    id_token: session.idToken,
    id_token_is_older: session.idTokenIsOlder,
    obtained_at: session.obtainedAt,
  };
}

/** Only gsac can have sealed it, but an older or newer gsac may have: another shape is a miss. */
function toSession(document: unknown): Session | undefined {
  if (typeof document !== 'object' || document === null) return undefined;
  const fields = document as Record<string, unknown>;
  const { access_token, token_type, expires_at, scopes, id_token, obtained_at } = fields;
  const older = fields['id_token_is_older'] === true ? { idTokenIsOlder: true as const } : {};
  if (typeof access_token !== 'string' || typeof token_type !== 'string') return undefined;
  if (typeof expires_at !== 'number' || typeof obtained_at !== 'number') return undefined;
  if (!Array.isArray(scopes) || !scopes.every((scope) => typeof scope === 'string')) {
    return undefined;
  }
  return {
    accessToken: access_token,
    tokenType: token_type,
    expiresAt: expires_at,
    scopes,
    obtainedAt: obtained_at,
    ...(typeof id_token === 'string' ? { idToken: id_token, ...older } : {}),
  };
}

/**
 * Access and ID tokens, encrypted under a key that lives in the credential store. A cache: what is
 * missing, foreign or broken is a miss, and a write that fails loses nothing.
 */
export interface SessionCache {
  read(key: AccountKey, sessionKey: string): Promise<Session | undefined>;
  /** False if it could not be written. */
  write(key: AccountKey, sessionKey: string, session: Session): Promise<boolean>;
  remove(key: AccountKey): Promise<void>;
}
