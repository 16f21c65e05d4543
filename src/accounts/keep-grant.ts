import {
  type AccountRecord,
  type Credential,
  type Session,
  toAccountKey,
} from '../core/account.js';
import { fingerprintOf } from '../core/authorized-user.js';
import type { ClientConfig } from '../core/client-config.js';
import { identityOf } from '../core/id-token.js';
import type { TokenSet } from '../core/token-answer.js';
import type { Services } from '../wiring.js';
import { keepCredential } from './keep-credential.js';
import type { OpenAccount } from './open-account.js';
import { cacheSession } from './refresh.js';
import type { CredentialStore } from './stores/store.js';
import { writeAlone } from './write-alone.js';

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
  const account: AccountRecord = {
    key: toAccountKey(client.clientId, sub, fingerprint),
    sub,
    email,
    clientId: client.clientId,
    scopes: tokens.scopes ?? [],
    store: store?.kind ?? 'keychain',
    issuedAt: services.now(),
    lastUsedAt: null,
    refreshTokenExpiresAt: tokens.refreshTokenExpiresAt ?? null,
  };
  // An answer without any token names nobody, so there is no account to remember.
  const empty = refreshToken === undefined && accessToken === undefined;
  if (store === undefined || empty) {
    return { account, status: refreshToken === undefined ? 'absent' : 'not_stored' };
  }
  if (refreshToken === undefined) return keepWithout(services, store, client, account, tokens);
  const credential = toCredential(services, client, refreshToken);
  const kept = await keepCredential(services, store, account, credential, 1);
  if (accessToken !== undefined) {
    await cacheSession(services, { account, credential }, toSession(services, account, tokens));
  }
  return { account: kept, status: 'stored' };
}

/** An answer without refresh token never touches the one that is stored. */
async function keepWithout(
  services: Services,
  store: CredentialStore,
  client: ClientConfig,
  fresh: AccountRecord,
  tokens: TokenSet,
): Promise<KeptGrant> {
  const previous = await renewPrevious(services, store, fresh, tokens);
  const credential = previous?.credential ?? toCredential(services, client, undefined);
  const account =
    previous?.account ?? (await keepCredential(services, store, fresh, credential, 0));
  await cacheSession(services, { account, credential }, toSession(services, account, tokens));
  return { account, status: credential.refreshToken === undefined ? 'absent' : 'kept_previous' };
}

/** The account as it was before, with what the answer says of it; undefined where none is stored. */
async function renewPrevious(
  services: Services,
  store: CredentialStore,
  fresh: AccountRecord,
  tokens: TokenSet,
): Promise<Pick<OpenAccount, 'account' | 'credential'> | undefined> {
  return writeAlone(services, fresh.key, async (index) => {
    // A broken file of the index is written anew here.
    const known = await index.get(fresh.key).catch(() => undefined);
    const credential = await (known === undefined ? store : await services.store(known.store)).read(
      fresh.key,
    );
    if (credential === undefined) return undefined;
    const account =
      known === undefined
        ? fresh
        : {
            ...known,
            // An answer that names no scopes changes none.
            scopes: tokens.scopes ?? known.scopes,
            email: fresh.email ?? known.email,
          };
    await index.put(account);
    return { account, credential };
  });
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
