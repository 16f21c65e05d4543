import type { Diagnose } from '../../core/context.js';
import type { Diagnosis } from '../../core/diagnosis.js';
import { decodeIdToken, googleIssuers, judgeIdToken } from '../../core/id-token.js';
import { missingScopes } from '../../core/scopes.js';
import { spokenSpan } from '../../core/times.js';
import type { TokenSet } from '../../core/token-answer.js';
import type { Sighting } from './policy.js';
import type { Refused } from './refusal.js';
import type { TokenRequest } from './run-memory.js';
import { type Circumstances, describeSkew } from './to-case.js';

/** Something wrong that no response says. */
export interface Finding {
  /** Stable. */
  code:
    | 'code_sent_twice'
    | 'secret_in_url'
    | 'redirect_uri_contradicts_source'
    | 'clock_differs'
    | 'refresh_token_absent'
    | 'token_response_odd'
    | 'scopes_differ'
    | 'id_token_wrong';
  message: string;
  hint: string;
  diagnosis: Diagnosis[];
}

/** What findings are looked for in. */
export interface Evidence extends Circumstances {
  sighting: Sighting;
  refused: Refused | undefined;
  /** What a token response brought. */
  tokens: TokenSet | undefined;
  diagnose: Diagnose;
  now: number;
}

/** Leeway for clocks that differ, as in Google's libraries. */
const toleranceSeconds = 300;

/** Finds what is wrong with a request or its response, beside a refusal. */
export async function findWrongs(evidence: Evidence): Promise<Finding[]> {
  const { request, tokens, clockAheadSeconds } = evidence;
  const found = [secretInUrl(evidence.sighting)];
  if (clockAheadSeconds !== undefined && Math.abs(clockAheadSeconds) > toleranceSeconds) {
    found.push(
      finding(
        'clock_differs',
        `This machine’s clock is ${describeSkew(clockAheadSeconds)}.`,
        'Set it from the network (NTP): libraries refuse ID tokens, and refresh too late or too early.',
      ),
    );
  }
  if (request !== undefined) {
    found.push(sentTwice(evidence), contradiction(evidence, request));
    if (tokens !== undefined && evidence.refused === undefined) {
      found.push(
        await withoutRefreshToken(evidence, request, tokens),
        oddResponse(tokens),
        otherScopes(evidence, request, tokens),
        await wrongIdToken(evidence, request, tokens),
      );
    }
  }
  return found.filter((one) => one !== undefined);
}

function finding(
  code: Finding['code'],
  message: string,
  hint: string,
  diagnosis: Diagnosis[] = [],
): Finding {
  return { code, message, hint, diagnosis };
}

const secretParameters = [
  'access_token',
  'refresh_token',
  'id_token',
  'client_secret',
  'code',
  'token',
];

/** Google documents tokeninfo and revoke with the token in the query. */
function secretInUrl({ endpoint, url }: Sighting): Finding | undefined {
  if (endpoint === 'tokeninfo' || endpoint === 'revoke' || endpoint === 'authorize')
    return undefined;
  const query = new URLSearchParams(url.split('?')[1] ?? '');
  const names = secretParameters.filter((name) => {
    const isSecret = endpoint === 'token' || !['code', 'token'].includes(name);
    return isSecret && (query.get(name) ?? '') !== '';
  });
  if (names.length === 0) return undefined;
  return finding(
    'secret_in_url',
    `The URL of a request holds ${names.join(' and ')}.`,
    'URLs end up in logs. Send an access token in the Authorization header, and everything else in the body.',
  );
}

function sentTwice({ codeBefore: before, sighting }: Evidence): Finding | undefined {
  if (before?.firstSentAt === undefined || before.outcome === 'refused') return undefined;
  const span = spokenSpan(sighting.startedAt - before.firstSentAt);
  return finding(
    'code_sent_twice',
    `The same code was sent a second time, ${span} after the first.`,
    'A code works once, and Google may revoke what it gave. Look for a retry, a page reload or two servers.',
  );
}

/** Where a code that takes this redirect URI comes from. */
function sourceOf(redirectUri: string): string {
  if (redirectUri === '') return 'codes from a phone';
  if (redirectUri === 'postmessage') return 'codes from a web page’s popup';
  return 'codes that a browser brings to this address';
}

function contradiction(
  { refused, codeBefore, memory }: Evidence,
  { fields, clientId }: TokenRequest,
): Finding | undefined {
  if (fields.get('grant_type') !== 'authorization_code') return undefined;
  const sent = fields.get('redirect_uri') ?? '';
  const shown = sent === '' ? 'An empty redirect_uri' : `redirect_uri=${sent}`;
  const asked = codeBefore?.askedWith?.redirectUri;
  const isRefused = refused?.error === 'redirect_uri_mismatch';
  const instead = asked ?? (isRefused ? memory.redirectUris.get(clientId) : undefined);
  // Without either, the diagnosis of the refusal says what there is to say.
  if (instead === undefined || instead === sent) return undefined;
  const hint = `Send ${instead === '' ? 'it empty' : `redirect_uri=${instead}`}, as ${asked === undefined ? 'an earlier exchange of this client did' : 'the authorization request did'}.`;
  return finding(
    'redirect_uri_contradicts_source',
    `${shown} is for ${sourceOf(sent)}, and this code comes from elsewhere.`,
    hint,
  );
}

async function withoutRefreshToken(
  { diagnose, sighting }: Evidence,
  { grantType }: TokenRequest,
  { refreshToken }: TokenSet,
): Promise<Finding | undefined> {
  if (grantType !== 'authorization_code' || refreshToken !== undefined) return undefined;
  const diagnosis = await diagnose.case({
    stage: 'exchange',
    httpStatus: 200,
    observed: sighting.responseBody,
  });
  return finding(
    'refresh_token_absent',
    'The code brought no refresh token.',
    'Ask for offline access. Google gives a refresh token only with the first consent, or with prompt=consent.',
    diagnosis,
  );
}

function oddResponse({ oddities }: TokenSet): Finding | undefined {
  if (oddities.length === 0) return undefined;
  return finding(
    'token_response_odd',
    `The token response is odd: ${oddities.join(', ')}.`,
    'Does something stand between the program and Google?',
  );
}

function otherScopes(
  { memory, codeBefore }: Evidence,
  { grantType, fields }: TokenRequest,
  { scopes }: TokenSet,
): Finding | undefined {
  if (scopes === undefined) return undefined;
  const isRefresh = grantType === 'refresh_token';
  const before = isRefresh
    ? memory.refreshTokens.get(fields.get('refresh_token') ?? '')?.scopes
    : codeBefore?.askedWith?.scopes;
  const missing = missingScopes(before ?? [], scopes);
  if (missing.length === 0) return undefined;
  return finding(
    'scopes_differ',
    isRefresh
      ? `The refresh brought fewer scopes than were granted: ${missing.join(', ')}.`
      : `Requested scopes were not granted: ${missing.join(', ')}.`,
    'A person can decline single scopes. Check `scope` in the response before you call an API.',
  );
}

async function wrongIdToken(
  { diagnose, now, clockAheadSeconds }: Evidence,
  { clientId }: TokenRequest,
  { idToken, accessToken }: TokenSet,
): Promise<Finding | undefined> {
  if (idToken === undefined) return undefined;
  const judged = judge(idToken, { clientId, accessToken, now });
  const failed = judged.filter(({ ok }) => ok === false);
  if (failed.length === 0) return undefined;
  const diagnosis = await diagnose.checks(judged, { clockAheadSeconds });
  return finding(
    'id_token_wrong',
    `The ID token in a token response is wrong: ${failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ')}.`,
    'A backend must refuse it. gsac did not check its signature.',
    diagnosis,
  );
}

function judge(
  idToken: string,
  {
    clientId,
    accessToken,
    now,
  }: { clientId: string; accessToken: string | undefined; now: number },
) {
  try {
    return judgeIdToken(decodeIdToken(idToken), {
      now,
      clockToleranceSeconds: toleranceSeconds,
      audiences: clientId === '' ? [] : [clientId],
      issuers: googleIssuers,
      accessToken,
      signature: { state: 'unchecked', detail: 'not checked' },
    }).checks;
  } catch {
    return [{ name: 'format', ok: false, detail: 'it is not a JWT' }];
  }
}
