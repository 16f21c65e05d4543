import { proveRevocable } from '../../../accounts/accounts.js';
import { revoked } from '../../../accounts/changes.js';
import { type AccountRecord, describeAccount } from '../../../core/account.js';
import { GsacError, withFacts } from '../../../core/errors.js';
import { toJudgement } from '../check-book.js';
import {
  type Flow,
  grantCheck,
  lookUpToken,
  notAskedFor,
  refusalOf,
  type Stage,
  sendRefresh,
} from './stage.js';

const checks = {
  'revoke.accepted': 'the revocation is accepted',
  'revoke.access_token': 'the access token is dead afterwards',
  'revoke.refresh_token': 'the refresh token is dead afterwards',
};

/** The first pause before a look at whether the revocation has taken effect; each next is twice as long. */
const firstPauseMs = 500;

/** Access is taken back, after which nothing of it may work. */
export const revokeStage: Stage = {
  checks,
  async run(flow) {
    const { book, facts, expectations } = flow;
    if (!expectations.revoke) {
      const why = notAskedFor(flow, '--revoke', 'revoke: true');
      const cost = ' (it ends the access of every client of the project)';
      return book.skip('revoke.accepted', 'not_asked', why + cost);
    }
    // A refresh token that did not work cannot be revoked either; the access token may.
    if (book.outcomeOf('refresh.grant') !== 'pass') delete facts.refreshToken;
    const token = facts.refreshToken ?? facts.session?.accessToken;
    if (token === undefined) {
      return book.block(Object.keys(checks), 'there is no token', grantCheck(flow));
    }
    const stored = storedAccount(flow);
    if (stored !== undefined) await proveRevocable(flow, stored);
    const outcome = await book.attempt(
      'revoke.accepted',
      '200',
      () => revoke(flow, token),
      (became) =>
        became === 'revoked'
          ? became
          : { outcome: 'skip', skip: 'not_applicable', seen: endedByReplay },
    );
    if (outcome === undefined) {
      const why = 'the revocation failed';
      return book.block(Object.keys(checks), why, 'revoke.accepted');
    }
    const look = createLook(flow);
    await judgeAccessToken(flow, look);
    await judgeRefreshToken(flow, look);
    if (stored !== undefined) await forget(flow, stored);
  },
};

async function revoke(flow: Flow, token: string): Promise<'revoked' | 'already_dead'> {
  const { google, endpoints } = flow;
  const outcome = await withFacts(
    () => ({ stage: 'revoke' }),
    async () => (await google.revoke()).revoke(token, endpoints),
  );
  if (outcome === 'revoked' || isEndedByReplay(flow)) return outcome;
  throw new GsacError('invalid_grant', 'The token was already dead before the revocation.', {
    about: { stage: 'revoke' },
  });
}

/** The account whose tokens are revoked, where this machine keeps them. */
function storedAccount({ beginning }: Flow): AccountRecord | undefined {
  if (beginning.kind !== 'account' || beginning.opened.store.readOnly) return undefined;
  return beginning.opened.account;
}

/**
 * Forgets the account, unless its refresh token still works: this may be its last copy. What cannot be
 * forgotten says nothing of the flow, and must not cost its report.
 */
async function forget(
  { context, accounts, book, facts, beginning }: Flow,
  account: AccountRecord,
): Promise<void> {
  if (book.outcomeOf('revoke.refresh_token') === 'fail') {
    context.notices.warn(
      `The refresh token of ${describeAccount(account)} is not known to be dead, so gsac keeps the account.`,
      `Revoke it again with \`gsac revoke\`, or remove the account: \`gsac accounts remove ${account.key}\`.`,
    );
    return;
  }
  try {
    const accountBook = await accounts.book();
    const opened = beginning.kind === 'account' ? beginning.opened.credential : undefined;
    const token = facts.refreshToken ?? opened?.refreshToken;
    const { next } = await accountBook.change(account, revoked(token));
    if (next !== undefined) return;
    context.notices.warn(
      `Another token of ${describeAccount(account)} was stored in the meantime, so gsac keeps the account.`,
      'To revoke that token too, run `gsac revoke`.',
    );
  } catch (thrown) {
    if (!(thrown instanceof GsacError)) throw thrown;
    context.notices.warn(
      `Google ended the access of ${describeAccount(account)}, but gsac could not remove the account from this machine: ${thrown.message}`,
      `${thrown.hint ?? ''} Then remove it: \`gsac accounts remove ${account.key}\`.`.trimStart(),
    );
  }
}

/** A server may answer a second use of a code by ending what the first one brought. */
const endedByReplay =
  'the provider ended the access when gsac replayed the code, as RFC 6749 (4.1.2) recommends';

/** Whether the tokens worked until the code was sent a second time, and refused. */
function isEndedByReplay({ book, facts }: Flow): boolean {
  const worked =
    facts.refreshToken === undefined
      ? ['code.replay', 'tokeninfo.answer']
      : ['code.replay', 'refresh.grant'];
  const last = facts.refreshToken === undefined ? 'appfolder.read' : 'refresh.rotation';
  return worked.every((id) => book.outcomeOf(id) === 'pass') && book.outcomeOf(last) !== 'fail';
}

/** Looks until a token is dead, or the flow has waited long enough. */
type Look = <T>(at: () => Promise<T>, isDead: (found: T) => boolean) => Promise<Looked<T>>;

interface Looked<T> {
  found: T;
  /** `, 3 s after the revocation`; empty if the first look was enough. */
  later: string;
}

/**
 * Google says that a revocation may take some time to have full effect. All looks together wait as long
 * as one request may take (`--timeout`): what still works then counts as alive.
 *
 * @see https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke
 */
function createLook({ context, pause }: Flow): Look {
  let waitedMs = 0;
  let nextMs = firstPauseMs;
  return async (at, isDead) => {
    for (;;) {
      const found = await at();
      const pauseMs = Math.min(nextMs, context.globals.timeoutMs - waitedMs);
      if (isDead(found) || pauseMs <= 0) {
        const later = waitedMs === 0 ? '' : `, ${waitedMs / 1000} s after the revocation`;
        return { found, later };
      }
      await pause(pauseMs).catch(() => {
        throw new GsacError('cancelled', 'Cancelled.');
      });
      waitedMs += pauseMs;
      nextMs *= 2;
    }
  };
}

async function judgeAccessToken(flow: Flow, look: Look): Promise<void> {
  const { book, facts } = flow;
  const { session } = facts;
  const id = 'revoke.access_token';
  const expected = 'tokeninfo no longer knows it';
  if (session === undefined) {
    return book.block(id, 'there is no access token', grantCheck(flow), expected);
  }
  const lookUp = () => {
    delete facts.tokenInfo;
    return lookUpToken(flow, session.accessToken);
  };
  await book.attempt(
    id,
    expected,
    () => look(lookUp, (info) => info === undefined),
    ({ found, later }) =>
      toJudgement(found === undefined, `${found ? 'it still works' : 'it is unknown'}${later}`),
  );
}

async function judgeRefreshToken(flow: Flow, look: Look): Promise<void> {
  const id = 'revoke.refresh_token';
  const expected = 'invalid_grant';
  if (flow.facts.refreshToken === undefined) {
    const why = 'there is no refresh token that worked';
    return flow.book.skip(id, 'not_applicable', why, expected);
  }
  const taken = 'it still works';
  await flow.book.attempt(
    id,
    expected,
    () =>
      look(
        () => sendRefresh(flow).then(() => taken, refusalOf),
        (found) => found !== taken,
      ),
    ({ found, later }) => toJudgement(found === expected, `${found}${later}`),
  );
}
