import { resolveClient } from '../../cli/client.js';
import type { Provided } from '../../cli/runtime.js';
import type { Case, Finding } from '../../core/diagnosis.js';
import { GsacError } from '../../core/errors.js';
import type { TokenInfo } from '../../google/tokeninfo.js';
import type { ProbeLine } from './result.js';

/** What the probe found, for a person and for the rules. */
export interface Probe {
  lines: ProbeLine[];
  given: Case;
}

/** No code that Google ever made: it spends nothing. */
const badCode = '4/0AgsacProbeWhichIsNoCode';
const skewSeconds = 60;

/**
 * Asks Google what only Google knows: whether the client's ID and secret are right, by a code that
 * is none, and whether a given access token is good. Says first what it will send.
 *
 * @throws {GsacError} exit 2 without a client, 3 if Google cannot be reached.
 */
export async function probe(
  { context, google }: Pick<Provided, 'context' | 'google'>,
  given: Case,
  accessToken: string | undefined,
): Promise<Probe> {
  const resolved = await resolveClient(context);
  const { client, endpoints } = resolved;
  const redirectUri = given.redirectUri ?? '';
  const sent = `the client ID ${client.clientId}, its secret, ${redirectUri === '' ? 'an empty redirect URI' : `the redirect URI ${redirectUri}`} and an invalid code`;
  const asked = accessToken === undefined ? '' : `, and the access token to ${endpoints.tokeninfo}`;
  context.notices.say(`Sending to ${endpoints.token}: ${sent}${asked}. This spends nothing.`);
  const token = await google.token();
  const refusal = await token
    .exchangeCode({
      endpoints,
      clientId: client.clientId,
      clientSecret: client.clientSecret,
      code: badCode,
      redirectUri,
    })
    .then(
      () => new GsacError('answer_unreadable', 'The server accepted an invalid code.'),
      (thrown: unknown) => thrown,
    );
  if (!(refusal instanceof GsacError)) throw refusal;
  // There was no code to be spent.
  if (refusal.exitCode !== 4) throw new GsacError(refusal.code, refusal.message);
  const info =
    accessToken === undefined
      ? undefined
      : await google.tokeninfo().then((tokeninfo) => tokeninfo.lookUp(accessToken, endpoints));
  const answers = [
    judgeClient(refusal, client.clientId),
    judgeRedirect(refusal, redirectUri),
    judgeClock(google.clockAheadSeconds()),
    ...(accessToken === undefined ? [] : [judgeToken(info, client.clientId)]),
  ];
  return {
    lines: answers.map(({ line }) => line),
    given: {
      clientId: client.clientId,
      clockAheadSeconds: google.clockAheadSeconds(),
      ...(info?.scopes === undefined ? {} : { grantedScopes: info.scopes }),
      findings: answers.flatMap(({ findings }) => findings),
    },
  };
}

interface Judged {
  line: ProbeLine;
  findings: Finding[];
}

const clientCauses = [
  'client-secret-wrong',
  'client-secret-missing',
  'client-id-placeholder-or-unset',
  'client-id-malformed',
  'client-deleted',
  'client-disabled',
  'credential-whitespace',
  'api-key-as-credential',
];

function judgeClient(refusal: GsacError, clientId: string): Judged {
  const words = `Google answered the probe: ${wordsOf(refusal)}`;
  const wrong = (
    detail: string,
    proven: readonly string[],
    cleared: readonly string[],
  ): Judged => ({
    line: { what: 'client', verdict: 'wrong', detail },
    findings: [
      ...proven.map((cause) => ({ cause, verdict: 'speaks-for' as const, words })),
      ...ruleOut(cleared, words),
    ],
  });
  if (refusal.code === 'deleted_client') {
    return wrong('Google says that this client was deleted', ['client-deleted'], []);
  }
  if (refusal.code === 'disabled_client') {
    return wrong('Google says that this client is disabled', ['client-disabled'], []);
  }
  if (/client was not found/i.test(wordsOf(refusal))) {
    const isWhole = /^\d{6,20}-\w{10,60}\.apps\.googleusercontent\.com$/.test(clientId);
    return wrong(
      `Google does not know the client ${clientId}`,
      ['client-id-malformed', isWhole ? 'client-deleted' : 'client-id-placeholder-or-unset'],
      ['client-secret-wrong', 'client-secret-missing'],
    );
  }
  if (refusal.code === 'invalid_client') {
    return wrong(
      'Google knows the client ID, but the secret is not this client’s',
      ['client-secret-wrong'],
      ['client-id-malformed', 'client-id-placeholder-or-unset', 'client-deleted'],
    );
  }
  if (refusal.code === 'invalid_grant' || refusal.code === 'redirect_uri_mismatch') {
    return {
      line: {
        what: 'client',
        verdict: 'right',
        detail: 'Google accepts the client ID with this secret',
      },
      findings: ruleOut(clientCauses, 'Google answered the probe: the ID and the secret are right'),
    };
  }
  return { line: { what: 'client', verdict: 'undecided', detail: words }, findings: [] };
}

function judgeRedirect(refusal: GsacError, redirectUri: string): Judged {
  const line = (verdict: ProbeLine['verdict'], detail: string): ProbeLine => ({
    what: 'redirect_uri',
    verdict,
    detail,
  });
  if (refusal.code === 'redirect_uri_mismatch') {
    const words = `Google answered the probe: ${wordsOf(refusal)}`;
    return {
      line: line('wrong', `${redirectUri || 'an empty one'} is not registered for this client`),
      findings: [{ cause: 'redirect-uri-not-registered', verdict: 'speaks-for', words }],
    };
  }
  return { line: line('undecided', 'Google looked at the code first'), findings: [] };
}

function judgeClock(ahead: number | undefined): Judged {
  const line = (verdict: ProbeLine['verdict'], detail: string): ProbeLine => ({
    what: 'clock',
    verdict,
    detail,
  });
  if (ahead === undefined) {
    return { line: line('undecided', 'the response had no Date'), findings: [] };
  }
  const by = Math.round(Math.abs(ahead));
  if (by <= skewSeconds)
    return { line: line('right', `within ${skewSeconds} s of Google’s`), findings: [] };
  const detail = `${by} s ${ahead > 0 ? 'ahead of' : 'behind'} Google’s`;
  // The rules read the clock itself.
  return { line: line('wrong', detail), findings: [] };
}

function judgeToken(info: TokenInfo | undefined, clientId: string): Judged {
  const line = (verdict: ProbeLine['verdict'], detail: string): ProbeLine => ({
    what: 'access_token',
    verdict,
    detail,
  });
  if (info === undefined) {
    const words = 'tokeninfo does not know this access token (any longer)';
    return {
      line: line('wrong', 'Google does not know it (any longer)'),
      findings: [{ cause: 'access-token-expired', verdict: 'speaks-for', words }],
    };
  }
  const left = info.expiresInSeconds === undefined ? '' : `, for ${info.expiresInSeconds} s`;
  const whose =
    info.audience === undefined || info.audience === clientId
      ? ''
      : `, of the client ${info.audience}`;
  return {
    line: line('right', `good${left}${whose}; scopes: ${info.scopes?.join(' ') || 'not stated'}`),
    findings: ruleOut(['access-token-expired'], 'tokeninfo knows the access token'),
  };
}

function ruleOut(causes: readonly string[], words: string): Finding[] {
  return causes.map((cause) => ({ cause, verdict: 'rules-out', words }));
}

/** Google's own words for a refusal. */
function wordsOf({ details, code }: GsacError): string {
  const said = details['google'];
  if (typeof said !== 'object' || said === null) return code;
  const texts = Object.values(said).filter((value) => typeof value === 'string');
  return texts.length === 0 ? code : texts.join(': ');
}
