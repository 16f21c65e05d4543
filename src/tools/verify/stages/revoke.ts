import { proveRevocable } from '../../../accounts/accounts.js';
import { revoked } from '../../../accounts/changes.js';
import type { AccountRecord } from '../../../core/account.js';
import { describeAccount } from '../../../core/account.js';
import { GsacError } from '../../../core/errors.js';
import { block, type Flow, grantCheck, lookUpToken, type Stage } from './stage.js';

const checks = {
  'revoke.accepted': 'the revocation is accepted',
  'revoke.access_token': 'the access token is dead after it',
  'revoke.refresh_token': 'the refresh token is dead after it',
};

/** Access is taken back, after which nothing of it may work. */
export const revokeStage: Stage = {
  checks,
  async run(flow) {
    const { book, facts, services, endpoints, expectations } = flow;
    if (!expectations.revoke) {
      book.skip('revoke.accepted', 'not_asked', '--revoke; it ends the access of every client');
      return;
    }
    // A refresh token that did not work cannot be revoked either; the access token may.
    if (!book.passed('refresh.grant')) delete facts.refreshToken;
    const token = facts.refreshToken ?? facts.session?.accessToken;
    if (token === undefined) {
      return block(flow, Object.keys(checks), 'there is no token', grantCheck(flow));
    }
    const stored = storedAccount(flow);
    if (stored !== undefined) await proveRevocable(services, stored);
    services.circumstances.stage = 'revoke';
    const begun = book.begin();
    try {
      const outcome = await (await services.revocation()).revoke(token, endpoints);
      if (outcome === 'revoked') {
        book.conclude('revoke.accepted', true, { expected: '200', seen: 'revoked' }, begun);
      } else if (isEndedByReplay(flow)) {
        book.skip('revoke.accepted', 'not_applicable', endedByReplay, '200', begun);
      } else {
        throw new GsacError('invalid_grant', 'The token was dead before it was revoked.');
      }
    } catch (thrown) {
      book.fail('revoke.accepted', '200', thrown, begun);
      const why = 'the revocation was not accepted';
      return block(flow, Object.keys(checks), why, 'revoke.accepted');
    }
    await judgeAccessToken(flow);
    await judgeRefreshToken(flow);
    if (stored !== undefined) await forget(flow, stored);
  },
};

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
  { services, book, facts, beginning }: Flow,
  account: AccountRecord,
): Promise<void> {
  if (book.failed('revoke.refresh_token')) {
    services.notices.warn(
      `The refresh token of ${describeAccount(account)} is not known to be dead, so the account stays on this machine.`,
      `Revoke it again with \`gsac revoke\`, or forget it: \`gsac accounts remove ${account.key}\`.`,
    );
    return;
  }
  try {
    const accounts = await services.accounts.book();
    const opened = beginning.kind === 'account' ? beginning.opened.credential : undefined;
    const token = facts.refreshToken ?? opened?.refreshToken;
    const { next } = await accounts.change(account, revoked(token));
    if (next !== undefined) return;
    services.notices.warn(
      `Another token of ${describeAccount(account)} was stored meanwhile; the account stays on this machine.`,
      'To end that one, too, run `gsac revoke`.',
    );
  } catch (thrown) {
    if (!(thrown instanceof GsacError)) throw thrown;
    services.notices.warn(
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
  if (!book.passed('code.replay')) return false;
  return facts.refreshToken === undefined
    ? book.passed('tokeninfo.answer') && !book.failed('appfolder.read')
    : book.passed('refresh.grant') && !book.failed('refresh.rotation');
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
  const begun = book.begin();
  try {
    const info = await lookUpToken(flow, session.accessToken);
    const seen = info === undefined ? 'it is unknown' : 'it still works';
    book.conclude(id, info === undefined, { expected, seen }, begun);
  } catch (thrown) {
    book.fail(id, expected, thrown, begun);
  }
}

async function judgeRefreshToken({
  book,
  facts,
  services,
  client,
  endpoints,
}: Flow): Promise<void> {
  const { refreshToken } = facts;
  const id = 'revoke.refresh_token';
  const expected = 'invalid_grant';
  if (refreshToken === undefined) {
    return book.skip(id, 'not_applicable', 'there is no refresh token that worked', expected);
  }
  const { clientId, clientSecret, tokenUri } = client;
  const begun = book.begin();
  const judge = (ok: boolean, seen: string) => book.conclude(id, ok, { expected, seen }, begun);
  try {
    await (await services.tokenEndpoint()).refresh(
      {
        clientId,
        ...(clientSecret === undefined ? {} : { clientSecret }),
        refreshToken,
        tokenUri,
        sessionKey: '',
      },
      endpoints,
    );
    judge(false, 'it still works');
  } catch (thrown) {
    if (!(thrown instanceof GsacError) || thrown.exitCode !== 4) {
      return book.fail(id, expected, thrown, begun);
    }
    judge(thrown.code === 'invalid_grant', thrown.code);
  }
}
