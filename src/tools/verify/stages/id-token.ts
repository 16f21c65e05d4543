import { checkIdToken } from '../../../accounts/id-token-check.js';
import { GsacError } from '../../../core/errors.js';
import { type Check, decodeIdToken } from '../../../core/id-token.js';
import { toJudgement } from '../check-book.js';
import type { FlowReport } from '../model.js';
import { aboutFlow, type Flow, grantCheck, type Stage } from './stage.js';

/** A check of an ID token. */
interface IdTokenCheck {
  title: string;
  expected: (flow: Flow) => string;
  /** Of one that runs only if somebody asks for it: whether somebody did. */
  isAskedFor?: (flow: Flow) => boolean;
}

/** The checks of `gsac claims` by their names there. */
const idTokenChecks: Readonly<Record<string, IdTokenCheck>> = {
  algorithm: { title: 'the ID token’s algorithm is RS256', expected: () => 'RS256' },
  key_id: { title: 'the ID token names its key', expected: () => 'a key id in the header' },
  signature: {
    title: 'the ID token’s signature is the issuer’s',
    expected: () => 'signed with a key of the issuer',
  },
  issuer: { title: 'the ID token is Google’s', expected: () => 'https://accounts.google.com' },
  audience: {
    title: 'the ID token is for this client',
    expected: ({ client }) => client.clientId,
  },
  expiry: {
    title: 'the ID token has not expired',
    expected: () => 'in the future, within a day',
  },
  issued_at: { title: 'the ID token is not from the future', expected: () => 'not in the future' },
  not_before: {
    title: 'the ID token is already valid',
    expected: () => 'in the past, if it is stated',
  },
  subject: {
    title: 'the ID token names a person',
    expected: () => 'a sub of 1 to 255 characters',
  },
  at_hash: {
    title: 'the ID token belongs to the access token',
    expected: () => 'the hash of the access token, if it is stated',
  },
  hosted_domain: {
    title: 'the person belongs to the expected domain',
    expected: ({ expectations }) => expectations.hostedDomain ?? '',
    isAskedFor: ({ expectations }) => expectations.hostedDomain !== undefined,
  },
  email_verified: {
    title: 'the email address is verified',
    expected: () => 'true',
    isAskedFor: ({ expectations }) => expectations.emailVerified,
  },
};

const toId = (name: string) => `id_token.${name}`;
const isDue = ({ isAskedFor }: IdTokenCheck, flow: Flow) => isAskedFor?.(flow) !== false;

/** The ID token is judged check by check. */
export const idTokenStage: Stage = {
  checks: {
    'id_token.present': 'the response has an ID token',
    ...Object.fromEntries(
      Object.entries(idTokenChecks).map(([name, { title }]) => [toId(name), title]),
    ),
  },
  async run(flow) {
    const { book, facts } = flow;
    const jwt = facts.session?.idToken;
    const due = Object.entries(idTokenChecks).filter(([, check]) => isDue(check, flow));
    const blockAll = (why: string, blockedBy: string) => {
      for (const [name, { expected }] of due) {
        book.block(toId(name), why, blockedBy, expected(flow));
      }
    };
    if (facts.session === undefined) {
      const why = 'there is no response to check';
      book.block('id_token.present', why, grantCheck(flow));
      blockAll(why, 'id_token.present');
    } else if (jwt !== undefined) {
      await judgeChecks(flow, jwt, facts.session.accessToken);
    } else if (judgeAbsence(flow)) {
      for (const [name, { expected, isAskedFor }] of due) {
        // What a person asked for is missed, although no ID token was due.
        if (isAskedFor === undefined) {
          book.skip(toId(name), 'not_applicable', 'no ID token came', expected(flow));
        } else {
          book.block(toId(name), 'no ID token came', undefined, expected(flow));
        }
      }
    } else {
      blockAll('no ID token came', 'id_token.present');
    }
  },
};

/** Writes down that no ID token came; whether that is as it should be. */
function judgeAbsence({ book, facts, beginning, expectations }: Flow): boolean {
  const scopes = facts.grantedScopes ?? facts.askedScopes ?? expectations.scopes ?? [];
  const wanted = 'an ID token, because openid was granted';
  if (beginning.kind === 'account') {
    book.skip('id_token.present', 'not_applicable', 'none came with the refresh, which is common');
  } else if (scopes.includes('openid')) {
    book.judge('id_token.present', false, { expected: wanted, seen: 'none came' });
    return false;
  } else {
    book.skip('id_token.present', 'not_applicable', 'none came, because openid was not granted');
  }
  return true;
}

async function judgeChecks(flow: Flow, jwt: string, accessToken: string): Promise<void> {
  const { book, facts, context } = flow;
  const judged = await book.attempt(
    'id_token.present',
    'an ID token',
    () => judgedIdToken(flow, jwt, accessToken),
    ({ malformed }) => toJudgement(malformed === undefined, malformed ?? 'one came'),
  );
  if (judged === undefined) return;
  const { verdict, checks, header, claims, malformed } = judged;
  facts.idToken = { verdict, header, claims };
  for (const [name, known] of Object.entries(idTokenChecks)) {
    const id = toId(name);
    const check = checks.find((one) => one.name === name);
    const wanted = known.expected(flow);
    if (malformed !== undefined) {
      if (!isDue(known, flow)) continue;
      book.block(id, 'the ID token cannot be read', 'id_token.present', wanted);
    } else if (check === undefined || (check.ok === null && name === 'email_verified')) {
      // Claims that may be absent: nothing is wrong, and nothing was seen to be right.
      if (isDue(known, flow))
        book.skip(id, 'not_applicable', 'the ID token does not state it', wanted);
    } else {
      // A signature that nobody could check is no good one.
      const seen = withoutExpected(check.detail, wanted);
      book.judge(id, check.ok === true, { expected: wanted, seen }, async () =>
        // A signature that is merely wrong has no cause that its looks would tell.
        name === 'signature' && !check.detail.includes('has no key')
          ? []
          : context.diagnose.checks([{ ...check, ok: false }], aboutFlow(flow)),
      );
    }
  }
}

/** A detail of `gsac claims` without what was expected, which stands beside it here. */
function withoutExpected(detail: string, expected: string): string {
  const ending = [`, expected ${expected}`, `, ${expected} required`].find((one) =>
    detail.endsWith(one),
  );
  return ending === undefined ? detail : detail.slice(0, -ending.length);
}

/** What is made of an ID token; `malformed` says why it is no JWT at all. */
interface JudgedIdToken extends NonNullable<FlowReport['idToken']> {
  checks: Check[];
  malformed?: string;
}

/** Judges an ID token. */
export async function judgedIdToken(
  flow: Flow,
  jwt: string,
  accessToken: string,
): Promise<JudgedIdToken> {
  const { client, endpoints, expectations } = flow;
  try {
    const token = decodeIdToken(jwt);
    const judged = await checkIdToken(flow, token, endpoints, {
      audiences: [client.clientId],
      accessToken,
      hostedDomain: expectations.hostedDomain,
      requireEmailVerified: expectations.emailVerified,
      clockToleranceSeconds: expectations.clockToleranceSeconds,
      keysRequired: false,
    });
    return { ...judged, header: token.header, claims: token.claims };
  } catch (thrown) {
    if (!(thrown instanceof GsacError) || thrown.code !== 'id_token_malformed') throw thrown;
    const { message: malformed } = thrown;
    return { verdict: 'invalid', checks: [], header: {}, claims: {}, malformed };
  }
}
