import { expandScope } from '../../../core/scopes.js';
import { type Flow, grantCheck, type Stage } from './stage.js';

/** Who it is, by what came in this flow, is held to who was expected. */
export const identityStage: Stage = {
  checks: {
    'identity.sub': 'the person has the expected sub',
    'identity.email': 'the person has the expected email address',
  },
  async run(flow) {
    const { book, facts, expectations } = flow;
    const sameAddress = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
    const parts = [
      ['identity.sub', expectations.sub, 'sub', Object.is],
      ['identity.email', expectedEmail(flow), 'email', sameAddress],
    ] as const;
    for (const [id, wanted, name, isSame] of parts) {
      if (wanted === undefined) continue;
      const { named, isSilent, words } = findNamed(flow, name);
      if (facts.session === undefined) {
        book.block(id, 'there is no response to check', grantCheck(flow), wanted);
      } else if (isSilent) {
        const token = 'id_token.present';
        const lacking = book.outcomeOf(token) === 'fail' ? token : undefined;
        book.block(id, 'nothing in the responses names the person', lacking, wanted);
      } else {
        const ok = named !== undefined && isSame(wanted, named);
        book.judge(id, ok, { expected: wanted, seen: words });
      }
    }
  },
};

/**
 * Whom the ID token names, or, where none came that can be read, tokeninfo, which may be silent. What
 * this machine knows of a stored account is not asked: it is from before.
 */
function findNamed(
  { facts }: Flow,
  name: 'sub' | 'email',
): { named: string | undefined; isSilent: boolean; words: string } {
  const claims = facts.idToken?.claims ?? {};
  if (Object.keys(claims).length > 0) {
    const claim = claims[name];
    const named = typeof claim === 'string' && claim !== '' ? claim : undefined;
    return { named, isSilent: false, words: named ?? 'nobody is named' };
  }
  const named = facts.tokenInfo?.answer?.[name];
  return { named, isSilent: named === undefined, words: `${named} (tokeninfo)` };
}

/**
 * Whose address it must be. Where nobody says who it must be, a sign-in that names its person is held
 * to that one, as far as what was granted has to tell; where it has not, nothing is missing.
 */
function expectedEmail({ expectations, beginning, facts }: Flow): string | undefined {
  const { sub, email } = expectations;
  if (sub !== undefined || email !== undefined || beginning.kind === 'account') return email;
  const scopes = (facts.grantedScopes ?? facts.askedScopes ?? []).map(expandScope);
  const isReadable = Object.keys(facts.idToken?.claims ?? {}).length > 0;
  return isReadable && scopes.includes(expandScope('email')) ? beginning.user : undefined;
}
