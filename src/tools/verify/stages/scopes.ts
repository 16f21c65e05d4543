import { expandScope, missingScopes } from '../../../core/scopes.js';
import { aboutFlow, type Flow, grantCheck, notAskedFor, type Stage } from './stage.js';

const extraKey = 'extra_scopes: false';

/** What was granted is held to what was asked for: people untick single scopes. */
export const scopesStage: Stage = {
  checks: {
    'scopes.granted': 'the expected scopes are granted',
    'scopes.extra': 'no other scope is granted',
  },
  async run(flow) {
    const { book, facts, expectations, context } = flow;
    const wanted = expectations.scopes ?? facts.askedScopes;
    if (wanted === undefined || wanted.length === 0) {
      const [flag, key] = ['--expect-scope', 'expect.scopes'];
      book.skip('scopes.granted', 'not_asked', notAskedFor(flow, flag, key));
      const both = notAskedFor(flow, `--no-extra-scopes and ${flag}`, `${extraKey} and ${key}`);
      return book.skip('scopes.extra', 'not_asked', both);
    }
    const granted = facts.grantedScopes;
    const list = wanted.map(expandScope).join(' ');
    if (granted === undefined) {
      if (facts.session === undefined) {
        book.block('scopes.granted', 'there is no response to check', grantCheck(flow), list);
      } else {
        book.judge('scopes.granted', false, {
          expected: list,
          seen: 'the response names no scopes',
        });
      }
      return book.block('scopes.extra', 'nobody knows which scopes were granted', 'scopes.granted');
    }
    const missing = missingScopes(wanted, granted);
    book.judge(
      'scopes.granted',
      missing.length === 0,
      {
        expected: list,
        seen: missing.length === 0 ? 'all of them' : `without ${missing.join(' ')}`,
      },
      () =>
        context.diagnose.case({
          ...aboutFlow(flow),
          // What somebody expects, nobody need have asked for.
          requestedScopes: facts.askedScopes,
          grantedScopes: granted,
        }),
    );
    judgeExtra(flow, wanted, granted);
  },
};

function judgeExtra(flow: Flow, wanted: readonly string[], granted: readonly string[]): void {
  const { book, expectations } = flow;
  if (!expectations.noExtraScopes) {
    book.skip('scopes.extra', 'not_asked', notAskedFor(flow, '--no-extra-scopes', extraKey));
    return;
  }
  const expanded = wanted.map(expandScope);
  // Google adds openid by itself where the address or the profile is asked for.
  const implied = expanded.some((scope) => /\/userinfo\.(email|profile)$/.test(scope))
    ? ['openid']
    : [];
  const extra = missingScopes(granted, [...expanded, ...implied]);
  book.judge('scopes.extra', extra.length === 0, {
    expected: expanded.join(' '),
    seen: extra.length === 0 ? 'nothing else' : `also ${extra.join(' ')}`,
  });
}
