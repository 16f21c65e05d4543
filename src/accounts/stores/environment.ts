import { hkdfSync } from 'node:crypto';
import { type EnvironmentAccount, toAccountKey } from '../../core/account.js';
import {
  type AuthorizedUser,
  fingerprintOf,
  maxCredentialFileBytes,
  parseAuthorizedUser,
} from '../../core/authorized-user.js';
import type { ResolvedClient } from '../../core/client-config.js';
import { googleTokenUri } from '../../core/endpoints.js';
import { GsacError, systemCodeOf } from '../../core/errors.js';
import { readBounded } from '../../files/named-file.js';
import type { CredentialStore } from './store.js';

/** The variables that the credentials of the environment come from. */
const variables = [
  'GSAC_CREDENTIALS',
  'GSAC_CLIENT',
  'GSAC_CLIENT_ID',
  'GSAC_CLIENT_SECRET',
  'GSAC_REFRESH_TOKEN',
] as const;

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads the account that the environment gives: `GSAC_CREDENTIALS` (an authorized_user JSON, or the
 * path of one), else `GSAC_REFRESH_TOKEN` with the client that is named, whose secret may be in
 * `GSAC_CLIENT_SECRET`. Undefined if neither is set.
 *
 * The session key is derived from client id and refresh token, so that processes with the same
 * variables share a session cache. It does not check that `token_uri` may be used.
 *
 * @param now epoch milliseconds; taken as the time of issue if the document states none.
 * @param namedClient the client that flags or variables name.
 * @throws {GsacError} `credential_file_invalid` for a document of the wrong kind or an unreadable
 * file, `usage` for variables that are set but empty and for a refresh token without its client,
 * `client_mismatch` if two clients are named.
 */
export async function readEnvironmentAccount(
  env: Env,
  now: number,
  namedClient: () => Promise<ResolvedClient | undefined>,
): Promise<EnvironmentAccount | undefined> {
  refuseEmpty(env);
  const document = env['GSAC_CREDENTIALS'];
  if (document) {
    const user = document.trimStart().startsWith('{')
      ? parseAuthorizedUser(document, 'GSAC_CREDENTIALS')
      : parseAuthorizedUser(await readDocument(document), document);
    return toCredentials(user, 'GSAC_CREDENTIALS', now);
  }
  const refreshToken = env['GSAC_REFRESH_TOKEN'];
  if (!refreshToken) return undefined;
  const client = (await namedClient())?.client;
  const clientId = env['GSAC_CLIENT_ID'] ?? client?.clientId;
  if (clientId === undefined) {
    throw new GsacError('usage', 'GSAC_REFRESH_TOKEN is set, but no client is named.', {
      hint: `Name the client that the token was issued to. ${howToSet}`,
    });
  }
  if (client !== undefined && client.clientId !== clientId) {
    throw new GsacError(
      'client_mismatch',
      `GSAC_CLIENT_ID is ${clientId}, but the client that is named is ${client.clientId}.`,
      { hint: 'Unset the one that GSAC_REFRESH_TOKEN was not issued to.' },
    );
  }
  const user = {
    clientId,
    clientSecret: client?.clientSecret ?? env['GSAC_CLIENT_SECRET'],
    tokenUri: client?.tokenUri,
    refreshToken: refreshToken.trim(),
    rescue: false,
  };
  return toCredentials(user, 'GSAC_REFRESH_TOKEN', now);
}

const howToSet =
  'Set GSAC_CREDENTIALS, or GSAC_REFRESH_TOKEN with GSAC_CLIENT, or with GSAC_CLIENT_ID and GSAC_CLIENT_SECRET.';

/** CI systems give an empty text for a secret that the job may not see, or whose name is misspelt. */
function refuseEmpty(env: Env): void {
  const empty = variables.filter((name) => env[name] === '');
  // A client file may be unset that way; a refresh token needs its client.
  const isForToken = env['GSAC_REFRESH_TOKEN'] && !env['GSAC_CLIENT_ID'];
  if (empty.length === 0 || (empty.join() === 'GSAC_CLIENT' && !isForToken)) return;
  const [one = '', ...others] = empty;
  const names = others.length === 0 ? one : `${empty.slice(0, -1).join(', ')} and ${empty.at(-1)}`;
  throw new GsacError('usage', `${names} ${others.length === 0 ? 'is' : 'are'} set but empty.`, {
    hint: 'Can this job see its secrets? Give each a value or unset it, or name the store of your account: --store keychain or --store file.',
    details: { variables: empty },
  });
}

/**
 * A read-only store of the one account that came from the environment. Every other account is
 * absent; `write`, `remove` and `proveWritable` throw {@link GsacError} `store_read_only`.
 *
 * @throws {GsacError} `store_unavailable` if the environment holds no credentials.
 */
export function createEnvironmentStore(
  credentials: EnvironmentAccount | undefined,
): CredentialStore {
  if (credentials === undefined) {
    throw new GsacError('store_unavailable', 'The environment holds no credentials.', {
      hint: howToSet,
    });
  }
  const { from, account, credential } = credentials;
  async function refuse(): Promise<never> {
    throw new GsacError(
      'store_read_only',
      `The credentials come from ${from}, which cannot be written.`,
      { hint: `Unset ${from}, or choose --store keychain or --store file.` },
    );
  }

  return {
    kind: 'env',
    readOnly: true,
    proveWritable: refuse,
    write: refuse,
    remove: refuse,
    async read(key) {
      return key === account.key ? { ...credential } : undefined;
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
      ETIMEDOUT: 'no process writes to that pipe',
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
