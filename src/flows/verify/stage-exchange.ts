import { diagnose } from '../../core/diagnosis/diagnose.js';
import { relativeTime } from '../../core/times.js';
import type { TokenSet } from '../../core/token-answer.js';
import { redeemCode } from '../exchange-code.js';
import { block, type Flow, type Stage, shortestLifetimeSeconds } from './stage.js';

const afterwards = [
  'token.type',
  'token.lifetime',
  'refresh_token.present',
  'refresh_token.permanent',
];

/** The code is sent, once, and what came is looked at. */
export const exchangeStage: Stage = {
  checks: {
    'code.exchange': 'the code is taken',
    'token.type': 'the access token is a bearer token',
    'token.lifetime': 'the access token lives long enough to be of use',
    'refresh_token.present': 'a refresh token came',
    'refresh_token.permanent': 'the refresh token has no end',
  },
  appliesTo: ({ beginning }) => beginning.kind !== 'account',
  async run(flow) {
    const { beginning, book, facts, services, client, endpoints } = flow;
    if (beginning.kind === 'account') return;
    const begun = book.begin();
    let code = facts.code;
    if (beginning.kind === 'code') code = facts.code = await beginning.obtain(services);
    if (code === undefined) {
      return block(flow, ['code.exchange', ...afterwards], 'the sign-in gave no code');
    }
    const sentAt = services.now();
    const redeemed = await redeemCode(
      services,
      { client, endpoints },
      { ...code, store: beginning.keep, remember: beginning.kind === 'code', replay: false },
    ).catch((thrown: unknown) => {
      book.fail('code.exchange', '200 with an access token', thrown, begun);
      return undefined;
    });
    if (redeemed === undefined) return block(flow, afterwards, 'the code was not taken');
    const { tokens, account, accessToken } = redeemed;
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
    });
    judgeTokens(flow, tokens, sentAt);
  },
};

function judgeTokens({ book, services, expectations }: Flow, tokens: TokenSet, sentAt: number) {
  const odd = (about: string) => tokens.oddities.find((oddity) => oddity.includes(about));
  book.judge('token.type', odd('token_type') === undefined, {
    expected: 'token_type Bearer',
    seen: odd('token_type') ?? 'Bearer',
  });
  const seconds = Math.round((tokens.expiresAt - sentAt) / 1000);
  const oddLifetime = odd('expires_in');
  book.judge('token.lifetime', oddLifetime === undefined && seconds >= shortestLifetimeSeconds, {
    expected: `expires_in a number, at least ${shortestLifetimeSeconds}`,
    seen: oddLifetime ?? `${seconds} s`,
  });
  const { refreshToken, refreshTokenExpiresAt: endsAt } = tokens;
  book.judge(
    'refresh_token.present',
    refreshToken !== undefined,
    {
      expected: 'a refresh token',
      seen: refreshToken === undefined ? (odd('refresh_token') ?? 'none came') : 'one came',
    },
    () => diagnose({ ...services.circumstances, observed: 'no refresh_token in the answer' }),
  );
  const end = endsAt === undefined ? 'no end is stated' : `ends ${relativeTime(endsAt, sentAt)}`;
  const expected = 'no refresh_token_expires_in';
  if (refreshToken === undefined) {
    book.skip('refresh_token.permanent', 'blocked', 'no refresh token came', expected);
  } else if (endsAt !== undefined && !expectations.noExpiringGrant) {
    const why = `it ${end}; judged with --no-expiring-grant`;
    book.skip('refresh_token.permanent', 'not_asked', why, expected);
  } else {
    book.judge('refresh_token.permanent', endsAt === undefined, { expected, seen: end });
  }
}

function describeTokens({ refreshToken, idToken }: TokenSet): string {
  const came = ['an access token'];
  if (refreshToken !== undefined) came.push('a refresh token');
  if (idToken !== undefined) came.push('an ID token');
  return came.join(', ');
}
