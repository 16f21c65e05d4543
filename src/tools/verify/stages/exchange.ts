import { exchangeFacts, redeemCode } from '../../../accounts/exchange.js';
import type { TokenSet } from '../../../core/token-answer.js';
import { judgeAccessToken } from './access-token-checks.js';
import { blockPermanence, judgePermanence, permanentId } from './permanence.js';
import { block, type Flow, type Stage } from './stage.js';

const checks = {
  'code.exchange': 'the code is taken',
  'token.type': 'the access token is a bearer token',
  'token.lifetime': 'the access token lives long enough to be of use',
  'refresh_token.present': 'a refresh token came',
  [permanentId]: 'the refresh token has no end',
};

/** The code is sent, once, and what came is looked at. */
export const exchangeStage: Stage = {
  checks,
  appliesTo: ({ beginning }) => beginning.kind !== 'account',
  async run(flow) {
    const { beginning, book, facts, services, client, endpoints, secrets } = flow;
    if (beginning.kind === 'account') return;
    const begun = book.begin();
    let code = facts.code;
    if (beginning.kind === 'code') code = facts.code = await beginning.obtain(services);
    if (code === undefined) {
      return block(flow, Object.keys(checks), 'the sign-in gave no code', 'sign_in.code');
    }
    secrets.learn(code.pasted);
    const sentAt = services.now();
    const request = {
      ...code,
      store: beginning.keep,
      remember: beginning.kind === 'code',
      replay: false,
    };
    Object.assign(services.circumstances, exchangeFacts(client, request));
    const redeemed = await redeemCode(services, { client, endpoints }, request).catch(
      (thrown: unknown) => {
        book.fail('code.exchange', '200 with an access token', thrown, begun);
        return undefined;
      },
    );
    if (redeemed === undefined) {
      return block(flow, Object.keys(checks), 'the code was not taken', 'code.exchange');
    }
    const { tokens, account, accessToken, status } = redeemed;
    for (const secret of [accessToken, tokens.refreshToken, tokens.idToken]) secrets.learn(secret);
    book.conclude(
      'code.exchange',
      true,
      { expected: '200 with an access token', seen: describeTokens(tokens) },
      begun,
    );
    Object.assign(facts, {
      askedScopes: code.requestedScopes,
      session: { ...tokens, accessToken, scopes: account.scopes, obtainedAt: sentAt },
      refreshToken: tokens.refreshToken,
      grantedScopes: tokens.scopes,
      sub: account.sub,
      email: account.email,
      ...(status === 'stored' ? { kept: account } : {}),
    });
    judgeTokens(flow, tokens, sentAt);
  },
};

function judgeTokens(flow: Flow, tokens: TokenSet, sentAt: number) {
  const { book, services } = flow;
  const { oddities, refreshToken, refreshTokenExpiresAt: endsAt } = tokens;
  judgeAccessToken(
    book,
    { type: 'token.type', lifetime: 'token.lifetime' },
    { oddities, lifetimeSeconds: (tokens.expiresAt - sentAt) / 1000 },
  );
  book.judge(
    'refresh_token.present',
    refreshToken !== undefined,
    {
      expected: 'a refresh token',
      seen:
        refreshToken === undefined
          ? (oddities.find((oddity) => oddity.startsWith('refresh_token ')) ?? 'none came')
          : 'one came',
    },
    () =>
      services.context.diagnose.case({
        ...services.circumstances,
        observed: 'no refresh_token in the answer',
      }),
  );
  if (refreshToken === undefined) blockPermanence(flow, 'no refresh token came');
  else judgePermanence(flow, endsAt, sentAt);
}

function describeTokens({ refreshToken, idToken }: TokenSet): string {
  const came = ['an access token'];
  if (refreshToken !== undefined) came.push('a refresh token');
  if (idToken !== undefined) came.push('an ID token');
  return came.join(', ');
}
