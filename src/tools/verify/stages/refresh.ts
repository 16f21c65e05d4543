import { type OpenAccount, openRecord } from '../../../accounts/open.js';
import { refreshNow } from '../../../accounts/refresh.js';
import type { Session } from '../../../core/account.js';
import { GsacError } from '../../../core/errors.js';
import { identityOf } from '../../../core/id-token.js';
import { missingScopes } from '../../../core/scopes.js';
import { toJudgement } from '../check-book.js';
import { judgedIdToken } from './id-token.js';
import { type Flow, lookUpToken, type Stage, sendRefresh } from './stage.js';
import { judgeAccessToken, judgePermanence, permanentId } from './token-checks.js';

const checks = {
  'refresh.grant': 'the refresh works',
  'refresh.type': 'the new access token is a bearer token',
  'refresh.lifetime': 'the new access token lives long enough',
  'refresh.scopes': 'the refresh keeps the scopes',
  'refresh.id_token': 'the ID token that came with the refresh is valid',
  'refresh.identity': 'the refresh keeps the identity',
  'refresh.rotation': 'a refresh token that replaces the first one works',
};

/** These judge what need not come: an ID token, another refresh token. */
const occasional: ReadonlySet<string> = new Set(['refresh.id_token', 'refresh.rotation']);
const due = Object.keys(checks).filter((id) => !occasional.has(id));

/** What a refresh brought. */
interface Brought {
  session: Session;
  /** What was odd about the answer; undefined where another process had it. */
  oddities: readonly string[] | undefined;
}

/** The refresh token is used, as a backend does while its person is away. */
export const refreshStage: Stage = {
  checks,
  async run(flow) {
    const { book, facts, beginning } = flow;
    if (beginning.kind !== 'account' && facts.refreshToken === undefined) {
      return book.block(due, 'there is no refresh token', 'refresh_token.present');
    }
    const before = facts.refreshToken;
    const brought = await book.attempt(
      'refresh.grant',
      '200 with an access token',
      () => refresh(flow),
      () => 'an access token',
    );
    if (brought === undefined) {
      const ofAccount = beginning.kind === 'account' ? [permanentId] : [];
      return book.block([...due, ...ofAccount], 'the refresh failed', 'refresh.grant');
    }
    const { session } = brought;
    const { idToken } = session;
    facts.session = session;
    judgeToken(flow, brought);
    judgeScopes(flow, session);
    if (beginning.kind === 'account') {
      // The ID token is what the checks of the ID token look at.
      judgePermanence(flow, facts.grantEndsAt, flow.context.now());
    } else if (idToken === undefined) {
      book.skip('refresh.id_token', 'not_applicable', 'none came, which is common');
    } else {
      await judgeIdToken(flow, session, idToken);
    }
    await judgeIdentity(flow, session);
    await judgeRotation(flow, before);
  },
};

/** A refresh by itself, or of a stored account under its lock, which stores a rotated token. */
async function refresh(flow: Flow): Promise<Brought> {
  const { facts, secrets } = flow;
  const opened = await openStored(flow);
  const brought =
    opened === undefined ? await refreshAlone(flow) : await refreshStored(flow, opened);
  const { accessToken, idToken } = brought.session;
  for (const secret of [accessToken, idToken, facts.refreshToken]) secrets.learn(secret);
  return brought;
}

async function refreshStored(flow: Flow, opened: OpenAccount): Promise<Brought> {
  const { facts } = flow;
  const { account, store } = opened;
  const { session, oddities, refreshTokenExpiresAt } = await refreshNow(flow, opened);
  facts.refreshToken = (await store.read(account.key))?.refreshToken;
  facts.grantEndsAt = refreshTokenExpiresAt ?? account.refreshTokenExpiresAt ?? undefined;
  // An ID token from before says nothing of this refresh.
  const { idToken, idTokenIsOlder, ...bare } = session;
  return { session: idTokenIsOlder ? bare : { ...bare, idToken }, oddities };
}

/** The account that holds the refresh token, where one is stored. */
async function openStored(flow: Flow): Promise<OpenAccount | undefined> {
  const { beginning, facts } = flow;
  if (beginning.kind === 'account') return beginning.opened;
  return facts.kept === undefined ? undefined : openRecord(flow, facts.kept);
}

async function refreshAlone(flow: Flow): Promise<Brought> {
  const { context, facts } = flow;
  const sentAt = context.now();
  const { tokens } = await sendRefresh(flow);
  if (tokens.refreshToken !== undefined) facts.refreshToken = tokens.refreshToken;
  if (tokens.accessToken === undefined) {
    throw new GsacError('answer_unreadable', 'The response to the refresh has no access token.');
  }
  const session: Session = {
    accessToken: tokens.accessToken,
    tokenType: tokens.tokenType,
    expiresAt: tokens.expiresAt,
    scopes: tokens.scopes ?? [...(facts.grantedScopes ?? [])],
    idToken: tokens.idToken,
    obtainedAt: sentAt,
  };
  return { session, oddities: tokens.oddities };
}

function judgeToken({ book }: Flow, { session, oddities }: Brought): void {
  if (oddities === undefined) {
    const why = 'another process refreshed at the same moment and got the response';
    book.block(['refresh.type', 'refresh.lifetime'], why, undefined);
    return;
  }
  judgeAccessToken(book, 'refresh', oddities, session.expiresAt - session.obtainedAt);
}

function judgeScopes({ book, facts }: Flow, session: Session): void {
  const { grantedScopes } = facts;
  if (grantedScopes === undefined) {
    book.skip('refresh.scopes', 'not_applicable', 'the scopes of the grant are unknown');
    return;
  }
  const differences = [
    ...missingScopes(grantedScopes, session.scopes).map((scope) => `${scope} is missing`),
    ...missingScopes(session.scopes, grantedScopes).map((scope) => `${scope} is new`),
  ];
  book.judge('refresh.scopes', differences.length === 0, {
    expected: 'the scopes of the grant',
    seen: differences.length === 0 ? 'the same' : differences.join(', '),
  });
}

async function judgeIdToken(flow: Flow, session: Session, jwt: string): Promise<void> {
  await flow.book.attempt(
    'refresh.id_token',
    'valid',
    () => judgedIdToken(flow, jwt, session.accessToken),
    ({ verdict, checks, malformed }) => {
      // A signature that nobody could check is no good one, and is not `false` either.
      const faulty = checks.filter(({ name, ok }) => ok === false || (name === 'signature' && !ok));
      const seen = faulty.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
      return toJudgement(verdict === 'valid', malformed ?? (seen === '' ? verdict : seen));
    },
  );
}

async function judgeIdentity(flow: Flow, session: Session): Promise<void> {
  const known = flow.facts.sub ?? undefined;
  await flow.book.attempt(
    'refresh.identity',
    known === undefined ? 'the same sub' : `sub ${known}`,
    async () => {
      const { sub } = identityOf(session.idToken);
      if (sub !== null) return { sub, from: 'the ID token' };
      return { sub: (await lookUpToken(flow, session.accessToken))?.sub, from: 'tokeninfo' };
    },
    ({ sub, from }) => {
      if (known !== undefined && sub !== undefined) {
        return toJudgement(sub === known, `sub ${sub} (${from})`);
      }
      const why =
        known === undefined ? 'nobody knows whose grant it is (no openid)' : 'nothing names a sub';
      return { outcome: 'skip', skip: 'not_applicable', seen: why };
    },
  );
}

/** Google does not rotate; a provider that does must take the new one. */
async function judgeRotation(flow: Flow, before: string | undefined): Promise<void> {
  const { book, facts, beginning } = flow;
  // Of a stored account the rotated token was stored under the lock; it is used the next time.
  if (beginning.kind === 'account') return;
  if (facts.refreshToken === before) {
    return book.skip('refresh.rotation', 'not_applicable', 'the refresh token stayed the same');
  }
  const brought = await book.attempt(
    'refresh.rotation',
    '200 for the new refresh token',
    () => refresh(flow),
    () => 'an access token',
  );
  if (brought !== undefined) facts.session = brought.session;
}
