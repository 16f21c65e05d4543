import type { AccountRecord, Session } from '../core/account.js';
import { GsacError } from '../core/errors.js';
import type { Services } from '../wiring.js';
import { accountCircumstances } from './account-circumstances.js';
import { keepRotated } from './keep-credential.js';
import { nothingStored, type OpenAccount } from './open-account.js';

/** What a refresh brought. */
export interface Refreshed {
  session: Session;
  /** Whether Google gave a new refresh token, which is stored by now. */
  rotated: boolean;
  /** What was odd about the answer, a phrase each; undefined where another process refreshed. */
  oddities?: readonly string[];
  /** The stated end of the refresh token, epoch milliseconds; undefined where another process refreshed. */
  refreshTokenExpiresAt?: number | null;
}

/**
 * An access token with at least `minTtlMs` left: from the cache, else by a refresh that all
 * processes share. A token that is shorter-lived than asked for is returned all the same when it
 * was issued just now.
 *
 * @throws {GsacError} what the token endpoint said (3, 4) or the store (5).
 */
export async function freshSession(
  services: Services,
  opened: OpenAccount,
  minTtlMs: number,
): Promise<Session> {
  const cached = await readSession(services, opened);
  if (cached !== undefined && cached.expiresAt - services.now() >= minTtlMs) return cached;
  return (await sharedRefresh(services, opened, minTtlMs)).session;
}

/**
 * Refreshes now, unless another process does so at this moment: then its outcome is shared.
 *
 * @param onAnswer called where Google has answered a request of ours, before what came is kept.
 */
export async function refreshNow(
  services: Services,
  opened: OpenAccount,
  onAnswer?: () => void,
): Promise<Refreshed> {
  return sharedRefresh(services, opened, Number.POSITIVE_INFINITY, onAnswer);
}

/** The cached session of an account, whatever its age. */
export async function readSession(
  services: Services,
  { account, credential }: OpenAccount,
): Promise<Session | undefined> {
  return (await services.sessions()).read(account.key, credential.sessionKey);
}

async function sharedRefresh(
  services: Services,
  opened: OpenAccount,
  minTtlMs: number,
  onAnswer?: () => void,
): Promise<Refreshed> {
  const beganAt = services.now();
  const lock = await services.refreshLock();
  return lock.share<Refreshed>(opened.account.key, {
    waitMs: services.globals.timeoutMs * 2,
    settled: async () => {
      const session = await readSession(services, opened);
      if (session === undefined) return undefined;
      const now = services.now();
      // One from the time to come is from before the clock was set back, and nobody's answer to this.
      const isNew = session.obtainedAt > beganAt && session.obtainedAt <= now;
      const enough = isNew || session.expiresAt - now >= minTtlMs;
      return enough ? { session, rotated: false } : undefined;
    },
    refresh: () => refreshUnderLock(services, opened, onAnswer),
  });
}

async function refreshUnderLock(
  services: Services,
  opened: OpenAccount,
  onAnswer?: () => void,
): Promise<Refreshed> {
  const { account, store, endpoints } = opened;
  const beganAt = services.now();
  Object.assign(services.circumstances, {
    stage: 'refresh',
    ...accountCircumstances(account, services.now()),
  });
  // Read again: the process that held the lock before may have stored a rotated token.
  const credential = await store.read(account.key);
  if (credential === undefined) throw nothingStored(account);
  const current = { ...opened, credential };
  const endpoint = await services.tokenEndpoint();
  const { tokens, damaged } = await endpoint
    .refresh(credential, endpoints)
    .catch(async (thrown) => {
      const { explainRefusal } = await import('./refused-refresh.js');
      throw await explainRefusal(services, current, thrown);
    })
    .finally(onAnswer);
  const { refreshToken } = tokens;
  const rotated = refreshToken !== undefined && refreshToken !== credential.refreshToken;
  const usedAt = services.now();
  const toUsed = ({ refused: _, ...known }: AccountRecord): AccountRecord => ({
    ...known,
    scopes: tokens.scopes ?? known.scopes,
    issuedAt: rotated ? usedAt : known.issuedAt,
    lastUsedAt: usedAt,
    refreshTokenExpiresAt: tokens.refreshTokenExpiresAt ?? known.refreshTokenExpiresAt,
  });
  // Before all else: whatever is odd about the answer, its refresh token must not be lost.
  const isKept =
    rotated && (await keepRotated(services, current, { ...credential, refreshToken }, toUsed));
  if (damaged || tokens.accessToken === undefined) {
    throw new GsacError('answer_unreadable', 'The answer to the refresh has no access token.', {
      hint: isKept
        ? 'The new refresh token in it is stored. Try again.'
        : 'Try again; --trace shows the answer.',
    });
  }
  const { scopes, refreshTokenExpiresAt } = toUsed(account);
  const session: Session = {
    accessToken: tokens.accessToken,
    tokenType: tokens.tokenType,
    expiresAt: tokens.expiresAt,
    scopes,
    ...(await newestIdToken(services, current, tokens.idToken)),
    obtainedAt: services.now(),
  };
  // Of an account that was removed or signed in anew meanwhile, nothing is kept: the token is good
  // all the same for who asked for it.
  const isStored = rotated ? isKept : await recordUse(services, current, beganAt, toUsed);
  if (isStored) await cacheSession(services, current, session);
  const { oddities } = tokens;
  return { session, rotated: isKept, oddities, refreshTokenExpiresAt };
}

/** The ID token that came, else the one from before. */
async function newestIdToken(
  services: Services,
  opened: OpenAccount,
  came: string | undefined,
): Promise<Pick<Session, 'idToken' | 'idTokenIsOlder'>> {
  if (came !== undefined) return { idToken: came };
  const idToken = (await readSession(services, opened))?.idToken;
  return idToken === undefined ? {} : { idToken, idTokenIsOlder: true };
}

/**
 * Records that a refresh token was used. False where its account was removed, moved or signed in anew
 * while Google answered, as far as the index tells. The time of use is a convenience: a disk that cannot
 * take it must not cost the token.
 */
async function recordUse(
  services: Services,
  { account, store }: OpenAccount,
  beganAt: number,
  toUsed: (known: AccountRecord) => AccountRecord,
): Promise<boolean> {
  if (store.readOnly) return true;
  try {
    const index = await services.accountIndex();
    // Not the record that was opened, perhaps hours ago: others have written it since.
    const known = await index.get(account.key);
    if (known?.store !== store.kind) return false;
    // One that was there when the command began is no new one, though the clock was set back since.
    if (known.issuedAt > beganAt && known.issuedAt !== account.issuedAt) return false;
    await index.put(toUsed(known));
  } catch {
    // See above.
  }
  return true;
}

/** Keeps a session for the next process. A cache: where that fails, it is said and nothing is lost. */
export async function cacheSession(
  services: Services,
  { account, credential }: Pick<OpenAccount, 'account' | 'credential'>,
  session: Session,
): Promise<void> {
  try {
    await (await services.sessions()).write(account.key, credential.sessionKey, session);
  } catch {
    services.notices.warn(
      'The access token could not be cached; the next command asks Google again.',
    );
  }
}
