import { hkdfSync } from 'node:crypto';
import { type EnvironmentAccount, toAccountKey } from '../../core/account.js';
import {
  type AuthorizedUser,
  fingerprintOf,
  maxCredentialFileBytes,
  parseAuthorizedUser,
} from '../../core/authorized-user.js';
import { googleTokenUri } from '../../core/endpoints.js';
import { GsacError, systemCodeOf } from '../../core/errors.js';
import { readBounded } from '../../files/named-file.js';
import type { CredentialStore } from './store.js';

/**
 * Reads the account that the environment gives: `GSAC_CREDENTIALS` (an authorized_user JSON, or the
 * path of one), else `GSAC_REFRESH_TOKEN` with `GSAC_CLIENT_ID` and, for clients that have one,
 * `GSAC_CLIENT_SECRET`. Empty variables count as unset. Undefined where neither is set.
 *
 * The session key is derived from client id and refresh token, so that processes with the same
 * variables share a session cache. It does not check that `token_uri` may be used.
 *
 * @param now epoch milliseconds; taken as the time of issue where the document states none.
 * @throws {GsacError} `credential_file_invalid` for a document of the wrong kind or an unreadable
 * file, `usage` for a refresh token without its client id.
 */
export async function readEnvironmentAccount(
  env: Readonly<Record<string, string | undefined>>,
  now: number,
): Promise<EnvironmentAccount | undefined> {
  const document = env['GSAC_CREDENTIALS'];
  if (document) {
    const user = document.trimStart().startsWith('{')
      ? parseAuthorizedUser(document, 'GSAC_CREDENTIALS')
      : parseAuthorizedUser(await readDocument(document), document);
    return toCredentials(user, 'GSAC_CREDENTIALS', now);
  }
  const refreshToken = env['GSAC_REFRESH_TOKEN'];
  if (!refreshToken) return undefined;
  const clientId = env['GSAC_CLIENT_ID'];
  if (!clientId) {
    throw new GsacError('usage', 'GSAC_REFRESH_TOKEN is set, but GSAC_CLIENT_ID is not.', {
      hint: 'Set GSAC_CLIENT_ID and GSAC_CLIENT_SECRET to the client that the token was issued to.',
    });
  }
  const clientSecret = env['GSAC_CLIENT_SECRET'] || undefined;
  const user = { clientId, clientSecret, refreshToken: refreshToken.trim(), rescue: false };
  return toCredentials(user, 'GSAC_REFRESH_TOKEN', now);
}

/**
 * A read-only store of the one account that came from the environment. Every other account is
 * absent; `write`, `remove` and `proveWritable` throw {@link GsacError} `store_read_only`.
 */
export function createEnvironmentStore(credentials: EnvironmentAccount): CredentialStore {
  async function refuse(): Promise<never> {
    throw new GsacError(
      'store_read_only',
      `The credentials come from ${credentials.from}, which cannot be written.`,
      { hint: `Unset ${credentials.from}, or choose --store keychain or --store file.` },
    );
  }

  return {
    kind: 'env',
    readOnly: true,
    proveWritable: refuse,
    write: refuse,
    remove: refuse,
    async read(key) {
      return key === credentials.account.key ? { ...credentials.credential } : undefined;
    },
  };
}

async function readDocument(path: string): Promise<string> {
  try {
    return await readBounded(path, maxCredentialFileBytes);
  } catch (thrown) {
    const code = systemCodeOf(thrown);
    const reasons: Record<string, string> = {
      ENOENT: 'there is no such file',
      EFBIG: 'it is too large for a credential file',
      ETIMEDOUT: 'nobody writes to that pipe',
    };
    const reason = reasons[code ?? ''] ?? 'it cannot be read';
    throw new GsacError(
      'credential_file_invalid',
      // A token pasted in by mistake is no path, and must not be printed as one.
      looksLikePath(path)
        ? `GSAC_CREDENTIALS names ${path}: ${reason}${code === undefined ? '' : ` (${code})`}.`
        : 'GSAC_CREDENTIALS is neither JSON nor the path of a file.',
      { hint: 'Set it to an authorized_user JSON (beginning with "{"), or to the path of one.' },
    );
  }
}

function looksLikePath(text: string): boolean {
  return text.length < 4096 && !/^(?:1\/\/|ya29\.|GOCSPX-|eyJ)|[\r\n]/.test(text);
}

function toCredentials(
  user: AuthorizedUser,
  from: EnvironmentAccount['from'],
  now: number,
): EnvironmentAccount {
  const { clientId, clientSecret, refreshToken, sub = null } = user;
  const derived = hkdfSync('sha256', refreshToken, clientId, 'gsac session cache 1', 32);
  return {
    from,
    credential: {
      clientId,
      refreshToken,
      tokenUri: user.tokenUri ?? googleTokenUri,
      sessionKey: Buffer.from(derived).toString('base64'),
      clientSecret,
    },
    account: {
      key: toAccountKey(clientId, sub, fingerprintOf(refreshToken)),
      sub,
      email: user.email ?? null,
      clientId,
      scopes: user.scopes ?? [],
      store: 'env',
      issuedAt: user.issuedAt ?? now,
      lastUsedAt: null,
      refreshTokenExpiresAt: user.refreshTokenExpiresAt ?? null,
    },
  };
}
