import {
  type AccountRecord,
  type Credential,
  type Session,
  toAccountKey,
} from '../core/account.js';
import { fingerprintOf } from '../core/authorized-user.js';
import type { ClientConfig } from '../core/client-config.js';
import { identityOf } from '../core/id-token.js';
import type { CredentialStore } from '../core/ports.js';
import type { Services } from '../core/services.js';
import type { TokenSet } from '../core/token-answer.js';
import { cacheSession } from './access-token.js';
import { keepCredential } from './keep-credential.js';

/** What became of an answer's refresh token. */
export interface KeptGrant {
  account: AccountRecord;
  status: 'stored' | 'absent' | 'kept_previous' | 'not_stored';
}

/**
 * Keeps what an exchange brought: the refresh token in the store, read back, the account in the
 * index, the access token in the session cache. An answer without refresh token leaves a stored one
 * alone.
 *
 * @param store undefined to keep nothing.
 * @throws {GsacError} exit 5, with a rescue file, where the store refuses after all.
 */
export async function keepGrant(
  services: Services,
  store: CredentialStore | undefined,
  client: ClientConfig,
  tokens: TokenSet,
): Promise<KeptGrant> {
  const { sub, email } = identityOf(tokens.idToken);
  const { refreshToken, accessToken } = tokens;
  const fingerprint = fingerprintOf(refreshToken ?? accessToken ?? '');
  const key = toAccountKey(client.clientId, sub, fingerprint);
  const now = services.now();
  const index = await services.accounts();
  // A broken file of the index is written anew here.
  const known = store === undefined ? undefined : await index.get(key).catch(() => undefined);
  const account: AccountRecord = {
    key,
    sub,
    email,
    clientId: client.clientId,
    scopes: tokens.scopes ?? [],
    store: store?.kind ?? 'keychain',
    issuedAt: now,
    lastUsedAt: null,
    refreshTokenExpiresAt: tokens.refreshTokenExpiresAt ?? null,
    refreshTokensIssued: (known?.refreshTokensIssued ?? 0) + (refreshToken === undefined ? 0 : 1),
  };
  // An answer without any token names nobody, so there is no account to remember.
  const empty = refreshToken === undefined && accessToken === undefined;
  if (store === undefined || empty) {
    return { account, status: refreshToken === undefined ? 'absent' : 'not_stored' };
  }
  if (refreshToken === undefined) {
    return keepWithout(services, store, client, { fresh: account, known }, tokens);
  }
  const credential = toCredential(services, client, refreshToken);
  await keepCredential(services, store, account, credential);
  if (accessToken !== undefined) {
    await cacheSession(services, { account, credential }, toSession(services, account, tokens));
  }
  return { account, status: 'stored' };
}

/** An answer without refresh token never touches the one that is stored. */
async function keepWithout(
  services: Services,
  store: CredentialStore,
  client: ClientConfig,
  { fresh, known }: { fresh: AccountRecord; known: AccountRecord | undefined },
  tokens: TokenSet,
): Promise<KeptGrant> {
  const previousStore = known === undefined ? store : await services.store(known.store);
  const previous = await previousStore.read(fresh.key);
  const credential = previous ?? toCredential(services, client, undefined);
  const account =
    known === undefined || previous === undefined
      ? fresh
      : { ...known, scopes: fresh.scopes, email: fresh.email ?? known.email };
  if (previous === undefined) await keepCredential(services, store, account, credential);
  else await (await services.accounts()).put(account);
  await cacheSession(services, { account, credential }, toSession(services, account, tokens));
  return { account, status: previous?.refreshToken === undefined ? 'absent' : 'kept_previous' };
}

function toCredential(
  services: Services,
  client: ClientConfig,
  refreshToken: string | undefined,
): Credential {
  const { clientId, clientSecret, tokenUri } = client;
  return {
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(refreshToken === undefined ? {} : { refreshToken }),
    tokenUri,
    sessionKey: services.newSessionKey(),
  };
}

function toSession(services: Services, account: AccountRecord, tokens: TokenSet): Session {
  return {
    accessToken: tokens.accessToken ?? '',
    tokenType: tokens.tokenType,
    expiresAt: tokens.accessToken === undefined ? 0 : tokens.expiresAt,
    scopes: account.scopes,
    ...(tokens.idToken === undefined ? {} : { idToken: tokens.idToken }),
    obtainedAt: services.now(),
  };
}
