import { proveRevocable } from '../../../accounts/accounts.js';
import { revoked } from '../../../accounts/changes.js';
import { type AccountRecord, describeAccount } from '../../../core/account.js';
import { GsacError, withFacts } from '../../../core/errors.js';
import { toJudgement } from '../check-book.js';
import {
  type Flow,
  grantCheck,
  lookUpToken,
  requireRefusal,
  type Stage,
  sendRefresh,
} from './stage.js';

const checks = {
  'revoke.accepted': 'the revocation is accepted',
  'revoke.access_token': 'the access token is dead after it',
  'revoke.refresh_token': 'the refresh token is dead after it',
};

/** Access is taken back, after which nothing of it may work. */
export const revokeStage: Stage = {
  checks,
  async run(flow) {
    const { book, facts, expectations } = flow;
    if (!expectations.revoke) {
      const why = '--revoke; it ends the access of every client';
      return book.skip('revoke.accepted', 'not_asked', why);
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
      const why = 'the revocation was not accepted';
      return book.block(Object.keys(checks), why, 'revoke.accepted');
    }
    await judgeAccessToken(flow);
    await judgeRefreshToken(flow);
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
  throw new GsacError('invalid_grant', 'The token was dead before it was revoked.', {
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
      `The refresh token of ${describeAccount(account)} is not known to be dead, so the account stays on this machine.`,
      `Revoke it again with \`gsac revoke\`, or forget it: \`gsac accounts remove ${account.key}\`.`,
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
      `Another token of ${describeAccount(account)} was stored meanwhile; the account stays on this machine.`,
      'To end that one, too, run `gsac revoke`.',
    );
  } catch (thrown) {
    if (!(thrown instanceof GsacError)) throw thrown;
    context.notices.warn(
      `The access of ${describeAccount(account)} is ended; only its entry on this machine remains: ${thrown.message}`,
      `${thrown.hint ?? ''} Then forget it: \`gsac accounts remove ${account.key}\`.`.trimStart(),
    );
  }
}

/** A server may answer a second use of a code by ending what the first one brought. */
const endedByReplay =
  'the provider ended the access when --replay sent the code again, as RFC 6749 (4.1.2) recommends';

/** Whether the tokens worked until the code was sent a second time, and refused. */
function isEndedByReplay({ book, facts }: Flow): boolean {
  const worked =
    facts.refreshToken === undefined
      ? ['code.replay', 'tokeninfo.answer']
      : ['code.replay', 'refresh.grant'];
  const last = facts.refreshToken === undefined ? 'appfolder.read' : 'refresh.rotation';
  return worked.every((id) => book.outcomeOf(id) === 'pass') && book.outcomeOf(last) !== 'fail';
}

async function judgeAccessToken(flow: Flow): Promise<void> {
  const { book, facts } = flow;
  const { session } = facts;
  const id = 'revoke.access_token';
  const expected = 'tokeninfo knows it no longer';
  if (session === undefined) {
    return book.block(id, 'there is no access token', grantCheck(flow), expected);
  }
  delete facts.tokenInfo;
  await book.attempt(
    id,
    expected,
    () => lookUpToken(flow, session.accessToken),
    (info) =>
      toJudgement(info === undefined, info === undefined ? 'it is unknown' : 'it still works'),
  );
}

async function judgeRefreshToken(flow: Flow): Promise<void> {
  const id = 'revoke.refresh_token';
  if (flow.facts.refreshToken === undefined) {
    const why = 'there is no refresh token that worked';
    return flow.book.skip(id, 'not_applicable', why, 'invalid_grant');
  }
  await requireRefusal(flow, id, () => sendRefresh(flow), 'it still works');
}
