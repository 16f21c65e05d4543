import { join } from 'node:path';
import { type AccountKey, accountFileName, type Session } from '../core/account.js';
import { parseJsonObject } from '../core/json.js';
import { open, seal } from '../core/sealed-box.js';
import { readPrivateFile, removePrivateFile, replacePrivateFile } from '../files/private-file.js';

/** Access and ID tokens, encrypted under a key that lives in the credential store. */
export type SessionCache = ReturnType<typeof createSessionCache>;

/**
 * A session cache of one encrypted file per account, mode 0600, in `directory` (made when first
 * written). The key lives in the credential store, so a new grant makes the old file a miss.
 *
 * No method throws for what is on the disk: what is missing, foreign or broken is a miss, a write says
 * whether it is kept, and a failed removal is silent. A token that was fetched is handed out from a
 * read-only disk, too.
 */
export function createSessionCache({ directory }: { directory: string }) {
  const pathOf = (key: AccountKey) => join(directory, `${accountFileName(key)}.session`);
  const contextOf = (key: AccountKey) => `session/${key}`;

  return {
    async read(key: AccountKey, sessionKey: string): Promise<Session | undefined> {
      try {
        const box = readPrivateFile(pathOf(key));
        return box && toSession(open(Buffer.from(sessionKey, 'base64'), contextOf(key), box) ?? '');
      } catch {
        return undefined;
      }
    },

    /** False if it could not be written. */
    async write(key: AccountKey, sessionKey: string, session: Session): Promise<boolean> {
      try {
        const box = seal(Buffer.from(sessionKey, 'base64'), contextOf(key), toText(session));
        await replacePrivateFile(pathOf(key), box);
        return true;
      } catch {
        // A full or read-only disk, a key of the wrong length: the next read is a miss.
        return false;
      }
    },

    async remove(key: AccountKey): Promise<void> {
      try {
        removePrivateFile(pathOf(key));
      } catch {
        // What cannot be removed cannot be opened either once its key is gone from the store.
      }
    },
  };
}

function toText(session: Session): string {
  return JSON.stringify({
    access_token: session.accessToken,
    token_type: session.tokenType,
    expires_at: session.expiresAt,
    scopes: session.scopes,
    id_token: session.idToken,
    id_token_is_older: session.idTokenIsOlder,
    obtained_at: session.obtainedAt,
  });
}

/** Only gsac can have sealed it, but an older or newer gsac may have: another shape is a miss. */
function toSession(text: string): Session | undefined {
  const fields = parseJsonObject(text) ?? {};
  const { access_token, token_type, expires_at, scopes, id_token, obtained_at } = fields;
  if (typeof access_token !== 'string' || typeof token_type !== 'string') return undefined;
  if (typeof expires_at !== 'number' || typeof obtained_at !== 'number') return undefined;
  if (!Array.isArray(scopes) || !scopes.every((scope) => typeof scope === 'string')) {
    return undefined;
  }
  const hasIdToken = typeof id_token === 'string';
  const isOlder = hasIdToken && fields['id_token_is_older'] === true;
  return {
    accessToken: access_token,
    tokenType: token_type,
    expiresAt: expires_at,
    scopes,
    obtainedAt: obtained_at,
    idToken: hasIdToken ? id_token : undefined,
    idTokenIsOlder: isOlder || undefined,
  };
}
