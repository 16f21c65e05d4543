import { redeemCode } from '../../../accounts/exchange.js';
import type { TokenSet } from '../../../core/token-answer.js';
import { aboutFlow, type Flow, type Stage } from './stage.js';
import { blockPermanence, judgeAccessToken, judgePermanence, permanentId } from './token-checks.js';

/** Somebody signs in: in a browser, or at the emulator. A code that was handed in needs none. */
export const signInStage: Stage = {
  checks: { 'sign_in.code': 'the sign-in gives a code' },
  appliesTo: ({ beginning }) => beginning.kind === 'browser' || beginning.kind === 'emulator',
  async run({ beginning, book, facts, google }) {
    if (beginning.kind === 'account') return;
    const code = await book.attempt(
      'sign_in.code',
      'a code',
      () => beginning.obtain(google),
      ({ pasted }) => `a code of ${pasted.length} characters`,
    );
    if (code !== undefined) facts.code = code;
  },
};

const checks = {
  'code.exchange': 'the code is accepted',
  'token.type': 'the access token is a bearer token',
  'token.lifetime': 'the access token lives long enough',
  'refresh_token.present': 'the response has a refresh token',
  [permanentId]: 'the refresh token has no stated end',
};

/** The code is sent, once, and what came is looked at. */
export const exchangeStage: Stage = {
  checks,
  appliesTo: ({ beginning }) => beginning.kind !== 'account',
  async run(flow) {
    const { beginning, book, facts, context, google, secrets } = flow;
    if (beginning.kind === 'account') return;
    if (beginning.kind === 'code') facts.code = await beginning.obtain(google);
    const { code } = facts;
    if (code === undefined) {
      return book.block(Object.keys(checks), 'the sign-in gave no code', 'sign_in.code');
    }
    secrets.learn(code.pasted);
    const sentAt = context.now();
    const remember = beginning.kind === 'code';
    const request = { ...code, store: beginning.keep, remember, replay: false };
    const redeemed = await book.attempt(
      'code.exchange',
      '200 with an access token',
      () => redeemCode(flow, flow, request),
      ({ tokens }) => describeTokens(tokens),
    );
    if (redeemed === undefined) {
      return book.block(Object.keys(checks), 'the exchange failed', 'code.exchange');
    }
    const { tokens, account, accessToken, status } = redeemed;
    for (const secret of [accessToken, tokens.refreshToken, tokens.idToken]) secrets.learn(secret);
    Object.assign(facts, {
      askedScopes: code.requestedScopes,
      session: { ...tokens, accessToken, scopes: account.scopes, obtainedAt: sentAt },
      refreshToken: tokens.refreshToken,
      grantedScopes: tokens.scopes,
      sub: account.sub,
      email: account.email,
      kept: status === 'stored' ? account : undefined,
    });
    judgeTokens(flow, tokens, sentAt);
  },
};

function judgeTokens(flow: Flow, tokens: TokenSet, sentAt: number) {
  const { book, context } = flow;
  const { oddities, refreshToken, refreshTokenExpiresAt: endsAt } = tokens;
  judgeAccessToken(book, 'token', oddities, tokens.expiresAt - sentAt);
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
    () => context.diagnose.case({ ...aboutFlow(flow), observed: 'no refresh_token in the answer' }),
  );
  if (refreshToken === undefined) blockPermanence(flow);
  else judgePermanence(flow, endsAt, sentAt);
}

function describeTokens({ refreshToken, idToken }: TokenSet): string {
  const came = ['an access token'];
  if (refreshToken !== undefined) came.push('a refresh token');
  if (idToken !== undefined) came.push('an ID token');
  return came.join(', ');
}
