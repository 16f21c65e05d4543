import type { Session } from './account.js';
import { parseJsonObject } from './json.js';
import { parseGrantedScopes } from './scopes.js';

/** What a 200 of the token endpoint brought, as far as it could be made out. Times are epoch ms. */
export interface TokenSet {
  accessToken?: string | undefined;
  tokenType: string;
  expiresAt: number;
  refreshToken?: string | undefined;
  /** The stated end of the refresh token (`refresh_token_expires_in`). */
  refreshTokenExpiresAt?: number | undefined;
  /** Undefined where the answer named none: the scopes are then the ones asked for. */
  scopes?: string[] | undefined;
  idToken?: string | undefined;
  /** What was odd about the answer, a phrase each; empty for an answer as documented. */
  oddities: string[];
}

/** What Google says when it says nothing: access tokens last an hour. */
const defaultLifetimeSeconds = 3599;

/**
 * Reads a successful answer of the token endpoint as leniently as it can: whatever else is odd, a
 * refresh token in it must not be lost. Undefined where the text is no JSON object.
 *
 * An access or refresh token with characters that RFC 6749 does not allow is dropped, and said.
 *
 * @param now our clock when the request was sent, so that a token never counts as valid too long.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.1
 */
export function parseTokenAnswer(text: string, now: number): TokenSet | undefined {
  const fields = parseJsonObject(text);
  if (fields === undefined) return undefined;
  const oddities: string[] = [];
  const token = (name: string) => readToken(fields[name], name, oddities);
  const seconds = (name: string) => readSeconds(fields[name], name, oddities);

  const accessToken = token('access_token');
  const refreshToken = token('refresh_token');
  const idToken = token('id_token');
  if (accessToken === undefined) oddities.push('no usable access_token');
  const lifetime = seconds('expires_in');
  if (lifetime === undefined) oddities.push('no usable expires_in');
  const refreshLifetime = seconds('refresh_token_expires_in');
  const tokenType = fields['token_type'];
  if (typeof tokenType !== 'string' || tokenType.toLowerCase() !== 'bearer') {
    oddities.push('token_type is not Bearer');
  }
  const scope = fields['scope'];
  return {
    accessToken,
    tokenType: 'Bearer',
    expiresAt: now + (lifetime ?? defaultLifetimeSeconds) * 1000,
    refreshToken,
    refreshTokenExpiresAt: refreshLifetime === undefined ? undefined : now + refreshLifetime * 1000,
    scopes: typeof scope === 'string' ? parseGrantedScopes(scope) : undefined,
    idToken,
    oddities,
  };
}

/** What is cached of an answer; undefined if it has no access token. @param obtainedAt epoch ms. */
export function toSession(
  { accessToken, tokenType, expiresAt, idToken }: TokenSet,
  scopes: string[],
  obtainedAt: number,
): Session | undefined {
  if (accessToken === undefined) return undefined;
  return { accessToken, tokenType, expiresAt, scopes, idToken, obtainedAt };
}

/**
 * The refresh token in an answer that was cut off, where the token itself is whole. An access token
 * can be had again, a refresh token cannot.
 */
export function salvageRefreshToken(text: string): string | undefined {
  const found = /"refresh_token"\s*:\s*("(?:[^"\\]|\\.)+")/.exec(text)?.[1];
  if (found === undefined) return undefined;
  try {
    return readToken(JSON.parse(found), 'refresh_token', []);
  } catch {
    return undefined;
  }
}

function readToken(value: unknown, name: string, oddities: string[]): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && /^[\x21-\x7E]+$/.test(value)) return value;
  oddities.push(`${name} is not a token`);
  return undefined;
}

function readSeconds(value: unknown, name: string, oddities: string[]): number | undefined {
  if (value === undefined || value === null) return undefined;
  const seconds = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 0) {
    oddities.push(`${name} is not a number of seconds`);
    return undefined;
  }
  if (typeof value === 'string') oddities.push(`${name} is a string`);
  // Ten years: beyond it a date could no longer be written, and no grant lasts so long.
  return Math.min(seconds, 315_360_000);
}
