import { parseAuthCode } from '../../core/auth-code.js';
import type { Case, Stage } from '../../core/diagnosis.js';
import { isJsonObject, parseJsonObject } from '../../core/json.js';
import { spokenSpan } from '../../core/times.js';
import { parseTokenAnswer } from '../../core/token-answer.js';
import type { Endpoint } from './endpoint.js';
import { headerOf, type Sighting } from './policy.js';
import type { KnownCode, RunMemory, TokenRequest } from './run-memory.js';

/** What a response says in place of what was asked for. */
export interface Refused {
  /** An OAuth error, the reason of an API's error, or a word of ours. */
  error: string;
  description: string;
}

/** Errors that are words of gsac's: no rule is about the text. */
export const ownWords: readonly string[] = [
  'no_response',
  'response_cut',
  'redirect',
  'not_json',
  'no_keys',
  'no_access_token',
];

/** Responses of these are JSON objects if all is well. */
const jsonEndpoints: readonly Endpoint[] = ['token', 'tokeninfo', 'userinfo', 'device', 'certs'];

/** What is wrong with a response; undefined if nothing is. */
export function readRefusal(sighting: Sighting): Refused | undefined {
  const { status, failure, responseBody = '', endpoint } = sighting;
  if (status === undefined) return { error: 'no_response', description: failure ?? '' };
  if (failure !== undefined) return { error: 'response_cut', description: failure };
  const fields = parseJsonObject(responseBody);
  if (status >= 400) return readError(fields, responseBody);
  if (endpoint === 'authorize') return readRedirect(sighting);
  if (status >= 300) {
    return endpoint === 'token'
      ? { error: 'redirect', description: 'it must not be followed with a secret' }
      : undefined;
  }
  const isPage = /^\s*<(!doctype|html)/i.test(responseBody);
  if (jsonEndpoints.includes(endpoint) && fields === undefined) {
    return { error: isPage ? 'html' : 'not_json', description: nameText(responseBody, isPage) };
  }
  if (endpoint === 'certs' && isJsonObject(fields) && isEmptyList(fields['keys'])) {
    return { error: 'no_keys', description: 'no keys are published' };
  }
  if (endpoint !== 'token') return undefined;
  const { accessToken, oddities } = parseTokenAnswer(responseBody, 0) ?? { oddities: [] };
  if (typeof fields?.['error'] === 'string') return readError(fields, responseBody);
  return accessToken === undefined
    ? { error: 'no_access_token', description: oddities.join(', ') }
    : undefined;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function nameText(text: string, isPage: boolean): string {
  if (isPage) return 'a web page instead of JSON';
  return text === '' ? 'an empty body instead of JSON' : 'no JSON';
}

function readError(fields: Record<string, unknown> | undefined, body: string): Refused {
  const error = fields?.['error'];
  const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, 500) : '');
  if (typeof error === 'string') {
    return { error: text(error), description: text(fields?.['error_description']) };
  }
  if (isJsonObject(error)) {
    const reasons = [error['errors'], error['details']]
      .flatMap((list): unknown[] => (Array.isArray(list) ? list : []))
      .flatMap((item) => (isJsonObject(item) ? text(item['reason']) || [] : []));
    return { error: reasons[0] ?? text(error['status']), description: text(error['message']) };
  }
  const isPage = /^\s*<(!doctype|html)/i.test(body);
  return { error: '', description: isPage ? 'a web page instead of JSON' : '' };
}

/** The authorization endpoint refuses with a redirect back to the app. */
function readRedirect({ responseHeaders }: Sighting): Refused | undefined {
  const location = headerOf(responseHeaders, 'location') ?? '';
  const query = URL.canParse(location) ? new URL(location).searchParams : undefined;
  const error = query?.get('error');
  if (!error) return undefined;
  return { error: error.slice(0, 100), description: query?.get('error_description') ?? '' };
}

const stages: Readonly<Partial<Record<Endpoint, Stage>>> = {
  revoke: 'revoke',
  tokeninfo: 'verify',
  userinfo: 'verify',
  certs: 'verify',
  authorize: 'signin-config',
  drive: 'drive',
};

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

/** A case for the rules of diagnosis, and what gsac saw beside the response, a phrase each. */
export function toCase(
  sighting: Sighting,
  refused: Refused,
  { memory, request, codeBefore, clockAheadSeconds }: Circumstances,
): { given: Case; seen: string[] } {
  const { endpoint, status, responseBody = '', responseHeaders } = sighting;
  const location = endpoint === 'authorize' ? (headerOf(responseHeaders, 'location') ?? '') : '';
  const observed = [refused.description, responseBody, location].filter((text) => text !== '');
  const common: Case = {
    observed: observed.join('\n'),
    httpStatus: status,
    stage: stages[endpoint],
    clockAheadSeconds,
  };
  const seen: string[] = [];
  if (clockAheadSeconds !== undefined && Math.abs(clockAheadSeconds) >= 60) {
    seen.push(`this machine’s clock is ${describeSkew(clockAheadSeconds)}`);
  }
  if (request !== undefined) {
    const more =
      request.grantType === 'refresh_token'
        ? refreshCase(request, memory, sighting.startedAt, seen)
        : exchangeCase(request, codeBefore, sighting, seen);
    return {
      given: { ...common, ...more, observed: [common.observed, ...oddToken(request)].join('\n') },
      seen,
    };
  }
  return { given: { ...common, ...bearerCase(sighting, memory, seen) }, seen };
}

/** A difference between two clocks, in words. */
export function describeSkew(aheadSeconds: number): string {
  const side = aheadSeconds > 0 ? 'ahead of' : 'behind';
  return `${spokenSpan(aheadSeconds * 1000)} ${side} Google’s`;
}

function exchangeCase(
  { fields, grantType }: TokenRequest,
  before: KnownCode | undefined,
  sighting: Sighting,
  seen: string[],
): Case {
  const now = sighting.startedAt;
  if (grantType !== 'authorization_code' && grantType !== '') return {};
  const redirectUri = fields.get('redirect_uri') ?? '';
  const code = fields.get('code') ?? undefined;
  seen.push(
    redirectUri === '' ? 'redirect_uri was sent empty' : `redirect_uri=${redirectUri} was sent`,
  );
  if (fields.has('code_verifier')) seen.push('a code_verifier was sent');
  if (sighting.status === undefined) seen.push('the code may be spent all the same');
  const { askedWith } = before ?? {};
  if (askedWith !== undefined && askedWith.redirectUri !== redirectUri) {
    seen.push(`the code was asked for with redirect_uri=${askedWith.redirectUri}`);
  }
  const wasSent = before?.firstSentAt !== undefined && before.outcome !== 'refused';
  const secondsAgo = wasSent ? Math.max(0, (now - (before?.firstSentAt ?? now)) / 1000) : 0;
  if (wasSent) seen.push(`this code was sent ${spokenSpan(secondsAgo * 1000)} before`);
  return {
    stage: 'exchange',
    code,
    codeCleaned: code !== undefined && isClean(code),
    redirectUri,
    requestedScopes: askedWith?.scopes,
    codeSeen:
      wasSent && before !== undefined
        ? { outcome: before.outcome === 'exchanged' ? 'exchanged' : 'unknown', secondsAgo }
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
  now: number,
  seen: string[],
): Case {
  const grant = memory.refreshTokens.get(fields.get('refresh_token') ?? '');
  if (grant === undefined) {
    seen.push('the refresh token is from before this run');
    return { stage: 'refresh' };
  }
  const { issuedAt, refreshTokenEndsAt, scopes, clientId } = grant;
  if (issuedAt === undefined) return { stage: 'refresh', grantedScopes: scopes };
  const issued = memory.issuedTo(clientId);
  seen.push(
    `the refresh token was issued ${spokenSpan(now - issuedAt)} before, in this run`,
    ...(issued >= manyTokens ? [`this run got ${issued} refresh tokens for this client`] : []),
  );
  return {
    stage: 'refresh',
    tokenAgeDays: (now - issuedAt) / dayMs,
    grantedScopes: scopes,
    refreshTokensIssued: issued,
    statedLifetimeDays:
      refreshTokenEndsAt === undefined ? undefined : (refreshTokenEndsAt - issuedAt) / dayMs,
  };
}

/** What is sent in the place of a refresh token, if it does not look like one: its beginning only. */
function oddToken({ fields, grantType }: TokenRequest): string[] {
  const token = fields.get('refresh_token') ?? '';
  if (grantType !== 'refresh_token' || /^1\/\/?[\w-]+$/.test(token) || token === '') return [];
  return [`refresh_token=${encodeURIComponent(token.slice(0, 4))}`];
}

function bearerCase(sighting: Sighting, memory: RunMemory, seen: string[]): Case {
  const header = headerOf(sighting.requestHeaders, 'authorization');
  const [, token = ''] = /^Bearer\s+(\S+)$/i.exec(header ?? '') ?? [];
  const known = memory.accessTokenOf(sighting);
  if (header === undefined && sighting.status === 401) {
    seen.push('the request carries no Authorization header');
  }
  if (known === undefined) {
    const odd = /^(eyJ|undefined$|null$|None$|nil$)/.exec(token)?.[1];
    if (odd === undefined) return {};
    seen.push(
      odd === 'eyJ' ? 'a JWT was sent as bearer token' : `the word ${odd} was sent as bearer token`,
    );
    return { notes: `Bearer ${odd}` };
  }
  const { grant, endsAt } = known;
  const left = endsAt - sighting.startedAt;
  if (left <= 0) seen.push(`the access token ended ${spokenSpan(left)} before`);
  if (grant.scopes !== undefined) seen.push(`its access token has ${grant.scopes.join(' ')}`);
  return { grantedScopes: grant.scopes };
}
