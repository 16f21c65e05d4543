import { GsacError } from '../../core/errors.js';
import { type Check, decodeIdToken, type Verdict } from '../../core/id-token.js';
import { diagnoseChecks } from '../diagnose-failure.js';
import { checkIdToken } from '../id-token-check.js';
import { type Flow, grantCheck, type Stage } from './stage.js';

/** The checks of `gsac claims` by their names there, each with what it expects. */
const expected: Readonly<Record<string, (flow: Flow) => string>> = {
  algorithm: () => 'RS256',
  key_id: () => 'a key id in the header',
  signature: () => 'signed with a key of the issuer',
  issuer: () => 'https://accounts.google.com',
  audience: ({ client }) => client.clientId,
  expiry: () => 'in the future, within a day',
  issued_at: () => 'not in the future',
  not_before: () => 'in the past, where it is stated',
  subject: () => 'a sub of 1 to 255 characters',
  at_hash: () => 'the hash of the access token, where it is stated',
  hosted_domain: ({ expectations }) => expectations.hostedDomain ?? '',
  email_verified: () => 'true',
};

/** Those that run only where somebody asks for them. */
const onRequest: ReadonlySet<string> = new Set(['hosted_domain', 'email_verified']);

/** The ID token is judged check by check. */
export const idTokenStage: Stage = {
  checks: {
    'id_token.present': 'an ID token came',
    'id_token.algorithm': 'the ID token’s algorithm is RS256',
    'id_token.key_id': 'the ID token names its key',
    'id_token.signature': 'the ID token’s signature is the issuer’s',
    'id_token.issuer': 'the ID token is Google’s',
    'id_token.audience': 'the ID token is for this client',
    'id_token.expiry': 'the ID token has not expired',
    'id_token.issued_at': 'the ID token was issued by now',
    'id_token.not_before': 'the ID token is valid by now',
    'id_token.subject': 'the ID token names a person',
    'id_token.at_hash': 'the ID token belongs to the access token',
    'id_token.hosted_domain': 'the person is of the expected domain',
    'id_token.email_verified': 'the email address is verified',
  },
  async run(flow) {
    const { book, facts } = flow;
    const jwt = facts.session?.idToken;
    const names = Object.keys(expected);
    const blockAll = (why: string, blockedBy: string) => {
      for (const name of names.filter((each) => isAskedFor(flow, each))) {
        book.block(`id_token.${name}`, why, blockedBy, expected[name]?.(flow));
      }
    };
    if (facts.session === undefined) {
      const why = 'there is no answer to look at';
      book.block('id_token.present', why, grantCheck(flow));
      blockAll(why, 'id_token.present');
    } else if (jwt !== undefined) {
      await judgeChecks(flow, jwt, facts.session.accessToken);
    } else if (judgeAbsence(flow)) {
      for (const name of names.filter((each) => isAskedFor(flow, each))) {
        const [id, wants] = [`id_token.${name}`, expected[name]?.(flow)];
        // What a person asked for is missed, although no ID token was due.
        if (onRequest.has(name)) book.block(id, 'no ID token came', undefined, wants);
        else book.skip(id, 'not_applicable', 'no ID token came', wants);
      }
    } else {
      blockAll('no ID token came', 'id_token.present');
    }
  },
};

function isAskedFor({ expectations }: Flow, name: string): boolean {
  if (name === 'hosted_domain') return expectations.hostedDomain !== undefined;
  return name !== 'email_verified' || expectations.emailVerified;
}

/** Writes down that no ID token came; whether that is as it should be. */
function judgeAbsence({ book, facts, beginning, expectations }: Flow): boolean {
  const scopes = facts.grantedScopes ?? facts.askedScopes ?? expectations.scopes ?? [];
  const wanted = 'an ID token, since openid was granted';
  if (beginning.kind === 'account') {
    book.skip('id_token.present', 'not_applicable', 'none came with the refresh, as is common');
  } else if (scopes.includes('openid')) {
    book.judge('id_token.present', false, { expected: wanted, seen: 'none came' });
    return false;
  } else {
    book.skip('id_token.present', 'not_applicable', 'none came; openid was not granted');
  }
  return true;
}

async function judgeChecks(flow: Flow, jwt: string, accessToken: string): Promise<void> {
  const { book, facts, services } = flow;
  const begun = book.begin();
  const judged = await judgedIdToken(flow, jwt, accessToken);
  const { verdict, checks, header, claims } = judged;
  const malformed = checks.find(({ name }) => name === 'format');
  facts.idToken = { verdict, header, claims };
  book.conclude(
    'id_token.present',
    malformed === undefined,
    { expected: 'an ID token', seen: malformed?.detail ?? 'one came' },
    begun,
  );
  for (const [name, wants] of Object.entries(expected)) {
    const id = `id_token.${name}`;
    const check = checks.find((one) => one.name === name);
    const wanted = wants(flow);
    if (malformed !== undefined) {
      if (!isAskedFor(flow, name)) continue;
      book.block(id, 'the ID token cannot be read', 'id_token.present', wanted);
    } else if (check === undefined || (check.ok === null && name === 'email_verified')) {
      // Claims that may be absent: nothing is wrong, and nothing was seen to be right.
      if (isAskedFor(flow, name)) book.skip(id, 'not_applicable', 'it is not stated', wanted);
    } else {
      // A signature that nobody could check is no good one.
      book.judge(id, check.ok === true, { expected: wanted, seen: check.detail }, () =>
        // A signature that is merely wrong has no cause that its looks would tell.
        name === 'signature' && !check.detail.includes('has no key')
          ? []
          : diagnoseChecks([{ ...check, ok: false }], services.circumstances),
      );
    }
  }
}

/** Judges an ID token; what is no JWT at all is a failed check named `format`. */
export async function judgedIdToken(
  { services, endpoints, client, expectations }: Flow,
  jwt: string,
  accessToken: string,
): Promise<{
  verdict: Verdict;
  checks: Check[];
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
}> {
  try {
    const token = decodeIdToken(jwt);
    const judged = await checkIdToken(services, token, endpoints, {
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
    const checks: Check[] = [{ name: 'format', ok: false, detail: thrown.message }];
    return { verdict: 'invalid', checks, header: {}, claims: {} };
  }
}
