import { type OpenAccount, openRecord } from '../../../accounts/open.js';
import { accountCircumstances, refreshNow } from '../../../accounts/refresh.js';
import type { Session } from '../../../core/account.js';
import { GsacError } from '../../../core/errors.js';
import { identityOf } from '../../../core/id-token.js';
import { expandScope } from '../../../core/scopes.js';
import type { Services } from '../../../wiring.js';
import { judgeAccessToken } from './access-token-checks.js';
import { judgedIdToken } from './id-token.js';
import { judgePermanence, permanentId } from './permanence.js';
import { block, type Flow, lookUpToken, type Stage } from './stage.js';

const checks = {
  'refresh.grant': 'the refresh works',
  'refresh.type': 'the new access token is a bearer token',
  'refresh.lifetime': 'the new access token lives long enough to be of use',
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
    const expected = '200 with an access token';
    if (beginning.kind !== 'account' && facts.refreshToken === undefined) {
      return block(flow, due, 'there is no refresh token', 'refresh_token.present');
    }
    const before = facts.refreshToken;
    const brought = await book.attempt(
      'refresh.grant',
      expected,
      () => refresh(flow),
      () => 'an access token',
    );
    if (brought === undefined) {
      const ofAccount = beginning.kind === 'account' ? [permanentId] : [];
      return block(flow, [...due, ...ofAccount], 'the refresh did not work', 'refresh.grant');
    }
    const { session } = brought;
    facts.session = session;
    judgeToken(flow, brought);
    judgeScopes(flow, session);
    const idToken = session.idToken;
    if (beginning.kind === 'account') {
      // The ID token is what the checks of the ID token look at.
      judgePermanence(flow, facts.grantEndsAt, flow.services.now());
    } else if (idToken === undefined) {
      book.skip('refresh.id_token', 'not_applicable', 'none came, as is common');
    } else {
      await judgeIdToken(flow, session, idToken);
    }
    await judgeIdentity(flow, session);
    await judgeRotation(flow, before);
  },
};

/** A refresh by itself, or of a stored account under its lock, which stores a rotated token. */
async function refresh(flow: Flow): Promise<Brought> {
  const { services, facts, secrets } = flow;
  const opened = await openStored(flow);
  const brought =
    opened === undefined ? await refreshAlone(flow, services) : await refreshStored(flow, opened);
  const { accessToken, idToken } = brought.session;
  for (const secret of [accessToken, idToken, facts.refreshToken]) secrets.learn(secret);
  return brought;
}

async function refreshStored({ services, facts }: Flow, opened: OpenAccount): Promise<Brought> {
  const { account, store } = opened;
  const history = accountCircumstances(account, services.now());
  Object.assign(services.circumstances, { stage: 'refresh', ...history });
  const { session, oddities, refreshTokenExpiresAt } = await refreshNow(services, opened);
  facts.refreshToken = (await store.read(account.key))?.refreshToken;
  facts.grantEndsAt = refreshTokenExpiresAt ?? account.refreshTokenExpiresAt ?? undefined;
  // An ID token from before says nothing of this refresh.
  const { idToken, idTokenIsOlder, ...bare } = session;
  const isNew = idToken !== undefined && !idTokenIsOlder;
  return { session: isNew ? { ...bare, idToken } : bare, oddities };
}

/** The account that holds the refresh token, where one is stored. */
async function openStored({ beginning, facts, services }: Flow): Promise<OpenAccount | undefined> {
  if (beginning.kind === 'account') return beginning.opened;
  return facts.kept === undefined ? undefined : openRecord(services, facts.kept);
}

async function refreshAlone(flow: Flow, services: Services): Promise<Brought> {
  const { client, endpoints, facts } = flow;
  const { clientId, clientSecret, tokenUri } = client;
  services.circumstances.stage = 'refresh';
  const sentAt = services.now();
  const { tokens } = await (await services.tokenEndpoint()).refresh(
    {
      clientId,
      ...(clientSecret === undefined ? {} : { clientSecret }),
      ...(facts.refreshToken === undefined ? {} : { refreshToken: facts.refreshToken }),
      tokenUri,
      sessionKey: '',
    },
    endpoints,
  );
  if (tokens.refreshToken !== undefined) facts.refreshToken = tokens.refreshToken;
  if (tokens.accessToken === undefined) {
    throw new GsacError('answer_unreadable', 'The answer to the refresh has no access token.');
  }
  const { oddities } = tokens;
  const session: Session = {
    accessToken: tokens.accessToken,
    tokenType: tokens.tokenType,
    expiresAt: tokens.expiresAt,
    scopes: tokens.scopes ?? [...(facts.grantedScopes ?? [])],
    ...(tokens.idToken === undefined ? {} : { idToken: tokens.idToken }),
    obtainedAt: sentAt,
  };
  return { session, oddities };
}

function judgeToken({ book }: Flow, { session, oddities }: Brought): void {
  const ids = { type: 'refresh.type', lifetime: 'refresh.lifetime' };
  if (oddities === undefined) {
    const why = 'another process refreshed at the same moment, and had the answer';
    for (const id of Object.values(ids)) book.block(id, why, undefined);
    return;
  }
  judgeAccessToken(book, ids, {
    oddities,
    lifetimeSeconds: (session.expiresAt - session.obtainedAt) / 1000,
  });
}

function judgeScopes({ book, facts }: Flow, session: Session): void {
  const { grantedScopes } = facts;
  if (grantedScopes === undefined) {
    book.skip('refresh.scopes', 'not_applicable', 'the scopes of the grant are not known');
    return;
  }
  const before = new Set(grantedScopes.map(expandScope));
  const after = new Set(session.scopes.map(expandScope));
  const lost = [...before].filter((scope) => !after.has(scope));
  const gained = [...after].filter((scope) => !before.has(scope));
  const differences = [
    ...lost.map((scope) => `${scope} is gone`),
    ...gained.map((scope) => `${scope} is new`),
  ];
  book.judge('refresh.scopes', differences.length === 0, {
    expected: 'the scopes of the grant',
    seen: differences.length === 0 ? 'the same' : differences.join(', '),
  });
}

async function judgeIdToken(flow: Flow, session: Session, jwt: string): Promise<void> {
  const { book } = flow;
  const begun = book.begin();
  const { verdict, checks } = await judgedIdToken(flow, jwt, session.accessToken);
  // A signature that nobody could check is no good one, and is not `false` either.
  const faulty = checks.filter(({ name, ok }) => ok === false || (name === 'signature' && !ok));
  const seen = faulty.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
  book.conclude(
    'refresh.id_token',
    verdict === 'valid',
    { expected: 'valid', seen: seen === '' ? verdict : seen },
    begun,
  );
}

async function judgeIdentity(flow: Flow, session: Session): Promise<void> {
  const { book, facts } = flow;
  const known = facts.sub ?? undefined;
  const expected = known === undefined ? 'the same sub' : `sub ${known}`;
  const fromToken = identityOf(session.idToken).sub;
  const begun = book.begin();
  let sub: string | undefined = fromToken ?? undefined;
  let from = 'the ID token';
  if (sub === undefined) {
    try {
      sub = (await lookUpToken(flow, session.accessToken))?.sub;
      from = 'tokeninfo';
    } catch (thrown) {
      return book.fail('refresh.identity', expected, thrown, begun);
    }
  }
  if (known === undefined || sub === undefined) {
    const why =
      known === undefined ? 'nobody knows whose grant it is (no openid)' : 'nothing names a sub';
    return book.skip('refresh.identity', 'not_applicable', why, expected);
  }
  book.conclude(
    'refresh.identity',
    sub === known,
    { expected, seen: `sub ${sub} (${from})` },
    begun,
  );
}

/** Google does not rotate; a provider that does must take the new one. */
async function judgeRotation(flow: Flow, before: string | undefined): Promise<void> {
  const { book, facts, beginning } = flow;
  // Of a stored account the rotated token was stored under the lock; it is used the next time.
  if (beginning.kind === 'account') return;
  if (facts.refreshToken === before) {
    book.skip('refresh.rotation', 'not_applicable', 'the refresh token stayed the same');
    return;
  }
  const brought = await book.attempt(
    'refresh.rotation',
    '200 for the new refresh token',
    () => refresh(flow),
    () => 'an access token',
  );
  if (brought !== undefined) facts.session = brought.session;
}
