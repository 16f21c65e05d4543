import { GsacError } from '../../../core/errors.js';
import { expandScope, missingScopes } from '../../../core/scopes.js';
import type { TokenInfo } from '../../../google/tokeninfo.js';
import { type Flow, grantCheck, lookUpToken, type Stage } from './stage.js';

const checks = {
  'tokeninfo.answer': 'tokeninfo knows the access token',
  'tokeninfo.audience': 'tokeninfo agrees on the audience',
  'tokeninfo.scopes': 'tokeninfo agrees on the scopes',
  'tokeninfo.identity': 'tokeninfo agrees on the person',
  'tokeninfo.lifetime': 'tokeninfo agrees on the lifetime',
};
/** By how much the two endpoints may differ on what is left of a token, in seconds. */
const lifetimeTolerance = 120;

/** Google's own word on the newest access token is held against what the token endpoint said. */
export const tokenInfoStage: Stage = {
  checks,
  async run(flow) {
    const { book, facts, client, context } = flow;
    const { session } = facts;
    if (session === undefined) {
      return book.block(Object.keys(checks), 'there is no access token', grantCheck(flow));
    }
    const info = await book.attempt(
      'tokeninfo.answer',
      '200',
      async () => {
        const answer = await lookUpToken(flow, session.accessToken);
        if (answer !== undefined) return answer;
        throw new GsacError('access_token_refused', 'tokeninfo does not know the access token.');
      },
      () => 'tokeninfo knows it',
    );
    if (info === undefined) {
      return book.block(Object.keys(checks), 'tokeninfo gave no answer', 'tokeninfo.answer');
    }
    book.judge('tokeninfo.audience', info.audience === client.clientId, {
      expected: client.clientId,
      seen: info.audience ?? 'tokeninfo names none',
    });
    judgeScopes(flow, info.scopes);
    judgeIdentity(flow, info);
    const left = Math.round((session.expiresAt - context.now()) / 1000);
    const stated = info.expiresInSeconds;
    book.judge(
      'tokeninfo.lifetime',
      stated !== undefined && Math.abs(stated - left) <= lifetimeTolerance,
      {
        expected: `${left} s, give or take ${lifetimeTolerance} s`,
        seen: stated === undefined ? 'tokeninfo states none' : `${stated} s`,
      },
    );
  },
};

function judgeScopes({ book, facts }: Flow, stated: readonly string[] | undefined): void {
  const wanted = (facts.session?.scopes ?? []).map(expandScope).sort();
  if (wanted.length === 0) {
    book.skip('tokeninfo.scopes', 'not_applicable', 'the response with the token named no scopes');
    return;
  }
  const seen = (stated ?? []).map(expandScope).sort();
  const differences = [
    ...missingScopes(wanted, seen).map((scope) => `without ${scope}`),
    ...missingScopes(seen, wanted).map((scope) => `also ${scope}`),
  ];
  book.judge('tokeninfo.scopes', differences.length === 0, {
    expected: wanted.join(' '),
    seen: differences.length === 0 ? 'the same' : differences.join(', '),
  });
}

function judgeIdentity({ book, facts }: Flow, info: TokenInfo): void {
  const stated = facts.idToken?.claims['email'];
  // Of the address, only what came with this flow: that of a stored account may have changed since.
  const names = [
    { name: 'sub', known: facts.sub ?? undefined, seen: info.sub },
    { name: 'email', known: typeof stated === 'string' ? stated : undefined, seen: info.email },
  ];
  const both = names.filter(({ known, seen }) => known !== undefined && seen !== undefined);
  const list = (which: 'known' | 'seen', of = both) =>
    of.map((one) => `${one.name} ${one[which]}`).join(', ');
  if (both.length === 0) {
    const known = names.filter((one) => one.known !== undefined);
    const why = known.length === 0 ? 'nobody knows whose token it is' : 'tokeninfo names nobody';
    book.skip('tokeninfo.identity', 'not_applicable', why, list('known', known));
    return;
  }
  const same = both.every(({ name, known, seen }) =>
    name === 'email' ? known?.toLowerCase() === seen?.toLowerCase() : known === seen,
  );
  book.judge('tokeninfo.identity', same, { expected: list('known'), seen: list('seen') });
}
