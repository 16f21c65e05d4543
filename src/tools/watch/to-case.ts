import { parseAuthCode } from '../../core/auth-code.js';
import { type Case, endpointStages, type Finding } from '../../core/diagnosis.js';
import { spokenSpan } from '../../core/times.js';
import { headerOf, type Sighting } from './policy.js';
import type { Refused } from './refusal.js';
import type { KnownCode, RunMemory, TokenRequest } from './run-memory.js';

/** What was known when a request was sent. */
export interface Circumstances {
  memory: RunMemory;
  /** Of the token endpoint. */
  request: TokenRequest | undefined;
  /** What was known of the code before it was sent this time. */
  codeBefore: KnownCode | undefined;
  /** Seconds that this machine's clock is ahead of Google's. */
  clockAheadSeconds: number | undefined;
}

/** What gsac saw beside the response: for the rules, and a phrase each for people. */
interface Seen {
  findings: Finding[];
  words: string[];
}

/** A case for the rules of diagnosis, and what gsac saw beside the response, a phrase each. */
export function toCase(
  sighting: Sighting,
  refused: Refused,
  { memory, request, codeBefore, clockAheadSeconds }: Circumstances,
): { given: Case; seen: string[] } {
  const { endpoint, status, responseBody = '', responseHeaders } = sighting;
  const location = endpoint === 'authorize' ? (headerOf(responseHeaders, 'location') ?? '') : '';
  const observed = [refused.description, responseBody, location].filter((text) => text !== '');
  const seen: Seen = { findings: [], words: [] };
  if (clockAheadSeconds !== undefined && Math.abs(clockAheadSeconds) >= 60) {
    seen.words.push(`this machine’s clock is ${describeSkew(clockAheadSeconds)}`);
  }
  let more: Case;
  if (request === undefined) more = bearerCase(sighting, memory, seen);
  else if (request.grantType === 'refresh_token')
    more = refreshCase(request, memory, sighting, seen);
  else more = exchangeCase(request, codeBefore, sighting, refused, seen);
  const given: Case = {
    observed: observed.join('\n'),
    httpStatus: status,
    stage: endpointStages[endpoint],
    clockAheadSeconds,
    clientId: request?.clientId || undefined,
    findings: seen.findings,
    ...more,
  };
  return { given, seen: seen.words };
}

/** A difference between two clocks, in words. */
export function describeSkew(aheadSeconds: number): string {
  const side = aheadSeconds > 0 ? 'ahead of' : 'behind';
  return `${spokenSpan(aheadSeconds * 1000)} ${side} Google’s`;
}

const wrappings = ['code-whitespace', 'code-percent-encoded', 'code-double-encoded'];

function exchangeCase(
  { fields, grantType }: TokenRequest,
  before: KnownCode | undefined,
  { startedAt: now, status }: Sighting,
  refused: Refused,
  { findings, words }: Seen,
): Case {
  if (grantType !== 'authorization_code' && grantType !== '') return {};
  const redirectUri = fields.get('redirect_uri') ?? '';
  const code = fields.get('code') ?? undefined;
  const sentUri =
    redirectUri === '' ? 'redirect_uri was sent empty' : `redirect_uri=${redirectUri} was sent`;
  words.push(sentUri);
  if (status === undefined) words.push('the code may be spent all the same');
  const isAsGiven = code !== undefined && isClean(code);
  if (isAsGiven) {
    const asGiven = 'the code was sent as Google gives it out';
    findings.push(
      ...wrappings.map((cause) => ({ cause, verdict: 'rules-out' as const, words: asGiven })),
    );
  }
  const { askedWith } = before ?? {};
  if (askedWith !== undefined && askedWith.redirectUri !== redirectUri) {
    const asked = `the code was requested with redirect_uri=${askedWith.redirectUri}`;
    words.push(asked);
    if (refused.error === 'redirect_uri_mismatch') {
      findings.push({
        cause: 'redirect-uri-differs-between-legs',
        verdict: 'proves',
        words: asked,
      });
    }
  }
  const wasSent = before?.firstSentAt !== undefined && before.outcome !== 'refused';
  const secondsAgo = wasSent ? Math.max(0, (now - (before?.firstSentAt ?? now)) / 1000) : 0;
  if (wasSent) {
    words.push(`this code was sent ${spokenSpan(secondsAgo * 1000)} before`);
  } else {
    const once = 'the command sent this code for the first time';
    findings.push({ cause: 'code-already-redeemed', verdict: 'counts-against', words: once });
  }
  return {
    stage: 'exchange',
    code,
    codeCleaned: isAsGiven,
    redirectUri,
    requestedScopes: askedWith?.scopes,
    codeSeen: wasSent
      ? { outcome: before?.outcome === 'exchanged' ? 'exchanged' : 'unknown', secondsAgo }
      : undefined,
  };
}

/** Whether a code is sent as Google gives it out: not encoded, wrapped or cut. */
function isClean(code: string): boolean {
  try {
    return parseAuthCode(code).code === code;
  } catch {
    return false;
  }
}

const dayMs = 86_400_000;
/** A client that got so many refresh tokens in one run signs in anew each time. */
const manyTokens = 10;

function refreshCase(
  { fields }: TokenRequest,
  memory: RunMemory,
  { startedAt: now }: Sighting,
  { findings, words }: Seen,
): Case {
  const token = fields.get('refresh_token') ?? '';
  const grant = memory.refreshTokens.get(token);
  if (token !== '' && !/^1\/\/?[\w-]+$/.test(token)) {
    const odd = 'it does not look like a refresh token of Google’s';
    words.push(odd);
    findings.push({ cause: 'refresh-token-damaged', verdict: 'proves', words: odd });
  }
  if (grant === undefined) words.push('the refresh token is from before this run');
  const { issuedAt, refreshTokenEndsAt: endsAt, scopes, clientId = '' } = grant ?? {};
  if (issuedAt === undefined) return { stage: 'refresh', grantedScopes: scopes };
  const issued = memory.issuedTo(clientId);
  words.push(
    `the refresh token was issued ${spokenSpan(now - issuedAt)} before, in this run`,
    ...(issued >= manyTokens ? [`this run got ${issued} refresh tokens for this client`] : []),
  );
  return {
    stage: 'refresh',
    tokenAgeDays: (now - issuedAt) / dayMs,
    unusedDays: (now - issuedAt) / dayMs,
    grantedScopes: scopes,
    refreshTokensIssued: issued,
    statedLifetimeDays: endsAt === undefined ? undefined : (endsAt - issuedAt) / dayMs,
  };
}

function bearerCase(sighting: Sighting, memory: RunMemory, { findings, words }: Seen): Case {
  const header = headerOf(sighting.requestHeaders, 'authorization');
  const [, token = ''] = /^Bearer\s+(\S+)$/i.exec(header ?? '') ?? [];
  const known = memory.accessTokenOf(sighting);
  if (sighting.status === 401) {
    const wrong = describeBearer(header, token);
    if (wrong !== undefined) {
      words.push(wrong.words);
      findings.push({ verdict: 'proves', ...wrong });
    }
  }
  if (known === undefined) return {};
  const { grant, endsAt } = known;
  const left = endsAt - sighting.startedAt;
  const ends =
    left > 0
      ? `the access token had ${spokenSpan(left)} left`
      : `the access token expired ${spokenSpan(left)} before`;
  if (sighting.status === 401) {
    words.push(ends);
    findings.push({
      cause: 'access-token-expired',
      verdict: left > 0 ? 'rules-out' : 'proves',
      words: ends,
    });
    if (left > 0)
      findings.push({ cause: 'access-revoked-by-user', verdict: 'speaks-for', words: ends });
  } else if (grant.scopes !== undefined) {
    words.push(`its access token has ${grant.scopes.join(' ')}`);
  }
  return { grantedScopes: grant.scopes, requestedScopes: grant.requestedScopes };
}

/** What is wrong with how a request says who it is for, whatever the token. */
function describeBearer(header: string | undefined, token: string) {
  if (header === undefined) {
    return { cause: 'access-token-not-sent', words: 'the request carries no Authorization header' };
  }
  if (/^(undefined|null|None|nil)?$/.test(token)) {
    const what = token === '' ? 'no bearer token' : `the word ${token} as bearer token`;
    return { cause: 'access-token-not-sent', words: `the request carries ${what}` };
  }
  if (token.startsWith('eyJ')) {
    return {
      cause: 'id-token-as-access-token',
      words: 'the request carries a JWT as bearer token',
    };
  }
  return undefined;
}
