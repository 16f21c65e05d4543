import { type AccountRecord, lastingRefusals, type Session } from '../core/account.js';
import type { Case } from '../core/diagnosis.js';
import { GsacError, withFacts } from '../core/errors.js';
import { toSession } from '../core/token-answer.js';
import type { AccountWork } from './accounts.js';
import { refused, rotated, toUsed, used } from './changes.js';
import { nothingStored, type OpenAccount } from './open.js';

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
  work: AccountWork,
  opened: OpenAccount,
  minTtlMs: number,
): Promise<Session> {
  const cached = await readSession(work, opened);
  if (cached !== undefined && cached.expiresAt - work.context.now() >= minTtlMs) return cached;
  return (await refreshNow(work, opened, undefined, minTtlMs)).session;
}

/**
 * Refreshes now, unless another process does so at this moment: then its outcome is shared.
 *
 * @param onAnswer called when Google has answered a request of ours with tokens, before they are kept.
 * @param minTtlMs a cached token that lives so much longer will do; none does unless told.
 */
export async function refreshNow(
  work: AccountWork,
  opened: OpenAccount,
  onAnswer?: () => void,
  minTtlMs = Number.POSITIVE_INFINITY,
): Promise<Refreshed> {
  const { context, accounts } = work;
  const { key } = opened.account;
  const beganAt = context.now();
  const book = await accounts.book();
  const settled = async () => {
    const session = await readSession(work, opened);
    if (session === undefined) return undefined;
    const now = context.now();
    // One from the time to come is from before the clock was set back, and nobody's answer to this.
    const isNew = session.obtainedAt > beganAt && session.obtainedAt <= now;
    const enough = isNew || session.expiresAt - now >= minTtlMs;
    return enough ? { session, rotated: false } : undefined;
  };
  const refresh = () => refreshUnderLock(work, opened, onAnswer);
  return withFacts(
    () => ({ stage: 'refresh', ...accountCircumstances(opened.account, context.now()) }),
    () => book.share<Refreshed>(key, { settled, refresh }),
  );
}

/** The cached session of an account, whatever its age. */
export async function readSession(
  { accounts }: Pick<AccountWork, 'accounts'>,
  { account, credential }: Pick<OpenAccount, 'account' | 'credential'>,
): Promise<Session | undefined> {
  return (await accounts.sessions()).read(account.key, credential.sessionKey);
}

const dayMs = 86_400_000;

/** What an account's history says of its refresh token. */
export function accountCircumstances(account: AccountRecord, now: number): Case {
  const { issuedAt, lastUsedAt, refreshTokenExpiresAt, refreshTokensIssued } = account;
  return {
    tokenAgeDays: (now - issuedAt) / dayMs,
    unusedDays: (now - (lastUsedAt ?? issuedAt)) / dayMs,
    grantedScopes: account.scopes,
    statedLifetimeDays:
      refreshTokenExpiresAt === null ? undefined : (refreshTokenExpiresAt - issuedAt) / dayMs,
    refreshTokensIssued,
  };
}

async function refreshUnderLock(
  work: AccountWork,
  opened: OpenAccount,
  onAnswer?: () => void,
): Promise<Refreshed> {
  const current = await readAgain(work, opened);
  const { account, credential, endpoints } = current;
  const { tokens, damaged } = await (await work.google.token())
    .refresh(credential, endpoints)
    .catch(async (thrown) => {
      throw await explainRefusal(work, current, thrown);
    });
  onAnswer?.();
  const { refreshToken, oddities } = tokens;
  const usage = { ...tokens, at: work.context.now() };
  const { scopes, refreshTokenExpiresAt } = toUsed(account, usage);
  const session = damaged ? undefined : toSession(tokens, scopes, usage.at);
  if (session !== undefined && session.idToken === undefined) {
    // The one from before is the newest that there is.
    session.idToken = (await readSession(work, current))?.idToken;
    session.idTokenIsOlder = session.idToken === undefined ? undefined : true;
  }
  const isOther = refreshToken !== undefined && refreshToken !== credential.refreshToken;
  const book = await work.accounts.book();
  // Before all else: whatever is odd about the answer, its refresh token must not be lost.
  const isKept =
    isOther &&
    (await book.change(account, rotated(current, refreshToken, usage, session))).next !== undefined;
  if (session === undefined) {
    throw new GsacError('answer_unreadable', 'The answer to the refresh has no access token.', {
      hint: isKept
        ? 'The new refresh token in it is stored. Try again.'
        : 'Try again; --trace shows the answer.',
    });
  }
  // Of an account that was removed or signed in anew meanwhile, nothing is kept: the token is good
  // all the same for who asked for it, and so it is if nobody can write.
  if (!isOther) await book.change(account, used(current, usage, session)).catch(onlyForeseen);
  return { session, rotated: isKept, oddities, refreshTokenExpiresAt };
}

/** The account as it is now: who held the lock before may have stored a rotated token. */
async function readAgain({ accounts }: AccountWork, opened: OpenAccount): Promise<OpenAccount> {
  const { store } = opened;
  let { account } = opened;
  if (store.kind !== 'env') {
    // The line before the secret: if somebody signs in between the two, the line is seen to be old.
    const index = await accounts.index();
    account = (await index.get(account.key).catch(onlyForeseen)) ?? account;
  }
  const credential = await store.read(account.key);
  if (credential === undefined) throw nothingStored(account);
  return { ...opened, account, credential };
}

/** Passes over what a person can be told, and not over a bug. */
function onlyForeseen(thrown: unknown): undefined {
  if (!(thrown instanceof GsacError)) throw thrown;
  return undefined;
}

/**
 * What to throw for a refresh that failed. One that Google refused for good is remembered with the
 * account until a later one goes well, and its hint names the rescue file of the same account where
 * there is one: a newer token may lie in it. Any other failure is returned as it is.
 */
async function explainRefusal(
  work: AccountWork,
  opened: OpenAccount,
  thrown: unknown,
): Promise<unknown> {
  if (!(thrown instanceof GsacError)) return thrown;
  const code = lastingRefusals.find((lasting) => lasting === thrown.code);
  if (code === undefined) return thrown;
  const error = code === 'invalid_grant' ? await withRescueFile(work, opened, thrown) : thrown;
  if (opened.store.readOnly) return error;
  const refusal = { at: work.context.now(), code, message: error.message, hint: error.hint };
  const book = await work.accounts.book();
  // A convenience: that nobody can write must not hide what Google said.
  await book.change(opened.account, refused(opened, refusal)).catch(onlyForeseen);
  return error;
}

async function withRescueFile(
  { accounts }: AccountWork,
  { account, credential }: OpenAccount,
  thrown: GsacError,
): Promise<GsacError> {
  const rescue = await accounts.rescue();
  const path = rescue.find(account, credential);
  if (path === undefined) return thrown;
  const { code, message, details } = thrown;
  const then = account.store === 'env' ? 'unset the credentials in the environment' : 'try again';
  return new GsacError(code, message, {
    hint: `A newer token that no store would take was saved in ${path}: run \`${rescue.importCommand(path, account)}\`, then ${then}. If that one is dead, too, sign in again and exchange the new code.`,
    details: { ...details, rescue_file: path },
  });
}
