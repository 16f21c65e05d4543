import { createHash } from 'node:crypto';
import type { AccountRecord } from './account.js';
import { GsacError } from './errors.js';
import { nestsDeeperThan, parseJsonObject } from './json.js';

/** A JWT taken apart; nothing about it is verified. */
export interface DecodedIdToken {
  jwt: string;
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
}

/** One thing that was looked at. */
export interface Check {
  name: string;
  /** Null where it could not be judged, or was not asked for; the detail says why. */
  ok: boolean | null;
  detail: string;
}

/** The outcome of all checks: `expired` where nothing but the expiry fails. */
export type Verdict = 'valid' | 'invalid' | 'expired' | 'unverified';

/** What the signature check found; made by an adapter that has Google's keys. */
export interface SignatureFinding {
  state: 'good' | 'bad' | 'unchecked';
  detail: string;
}

/** What an ID token is held against. Times are epoch milliseconds. */
export interface Expectations {
  now: number;
  clockToleranceSeconds: number;
  /** Accepted audiences; empty means that none was named, and the audience stays unjudged. */
  audiences: readonly string[];
  /** Accepted issuers. */
  issuers: readonly string[];
  nonce?: string | undefined;
  hostedDomain?: string | undefined;
  /** The access token that came with it, for at_hash. */
  accessToken?: string | undefined;
  requireEmailVerified?: boolean | undefined;
  signature: SignatureFinding;
}

/** Google's issuers, the second one legacy. @see https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken */
export const googleIssuers: readonly string[] = [
  'https://accounts.google.com',
  'accounts.google.com',
];

const oneDaySeconds = 86_400;
/** How deep lists and maps may go in an ID token. Google's have none. */
const mostLevels = 100;

/**
 * Takes a JWT in its compact form apart.
 *
 * It verifies nothing: anybody can write such a token.
 *
 * @throws {GsacError} `id_token_malformed` where it is no JWT at all, by name where it is something
 *   else that is recognised.
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-7.2
 */
export function decodeIdToken(text: string): DecodedIdToken {
  const jwt = text
    .trim()
    .replace(/^(["'])([\s\S]*)\1$/, '$2')
    .replace(/^Bearer\s+/i, '');
  const parts = jwt.split('.');
  const header = decodePart(parts[0]);
  const claims = decodePart(parts[1]);
  // An unsecured JWT (`alg` none) ends with a dot: a JWT, and for the judgement to refuse.
  if (parts.length === 3 && header !== undefined && claims !== undefined) {
    return { jwt, header, claims };
  }
  throw new GsacError('id_token_malformed', `This is ${describeOther(jwt, parts)}.`, {
    hint: 'An ID token has three parts with two dots between and starts with eyJ; consoles tend to cut long lines.',
  });
}

function describeOther(text: string, parts: readonly string[]): string {
  if (text === '') return 'empty, not an ID token';
  if (text.startsWith('ya29.')) return 'an access token, which is no JWT';
  if (text.startsWith('1//')) return 'a refresh token, which is no JWT';
  if (/^4(\/|%2F)/i.test(text)) return 'a code, which is no JWT; exchange it first';
  if (text.startsWith('eyJ')) {
    return parts.length < 3
      ? 'a JWT that was cut off: its signature is missing'
      : 'a damaged JWT: a part of it cannot be decoded';
  }
  return 'not a JWT';
}

function decodePart(part: string | undefined): Record<string, unknown> | undefined {
  if (part === undefined || !/^[\w-]+$/.test(part)) return undefined;
  const json = Buffer.from(part, 'base64url').toString('utf8');
  // What shows, masks or writes claims calls itself for each level.
  return nestsDeeperThan(json, mostLevels) ? undefined : parseJsonObject(json);
}

/** One rule of the judgement; undefined where it does not apply to this token. */
type Rule = (token: DecodedIdToken, expected: Expectations) => Check | undefined;

const rules: readonly Rule[] = [
  function algorithm({ header }) {
    // A verifier that lets the token choose its algorithm can be fed `none` or an HMAC (RFC 8725, 3.1).
    return check('algorithm', header['alg'] === 'RS256', `${show(header['alg'])}, RS256 required`);
  },
  function keyId({ header }) {
    const kid = header['kid'];
    const named = typeof kid === 'string' && kid !== '';
    return check('key_id', named, named ? cut(kid) : 'the header names no key (kid)');
  },
  function signature(_token, { signature: found }) {
    const ok = found.state === 'unchecked' ? null : found.state === 'good';
    return check('signature', ok, found.detail);
  },
  function issuer({ claims }, { issuers }) {
    const iss = claims['iss'];
    const known = typeof iss === 'string' && issuers.includes(iss);
    return check('issuer', known, known ? iss : `${show(iss)}, expected ${issuers[0]}`);
  },
  function audience({ claims }, { audiences }) {
    const aud = claims['aud'];
    if (typeof aud !== 'string') {
      const detail = aud === undefined ? 'missing' : `${show(aud)} is not one client ID`;
      return check('audience', false, detail);
    }
    const shown = cut(aud);
    if (audiences.length === 0) {
      return check('audience', null, `${shown}; no audience was expected: add --audience`);
    }
    const known = audiences.includes(aud);
    return check('audience', known, known ? aud : `${shown}, expected ${audiences.join(' or ')}`);
  },
  function expiry({ claims }, { now, clockToleranceSeconds: tolerance }) {
    const exp = claims['exp'];
    if (!isTime(exp)) return check('expiry', false, `exp is ${show(exp)}, not a time`);
    const left = exp - now / 1000;
    return left > oneDaySeconds
      ? check('expiry', false, `${isoTime(exp)} is more than a day ahead`)
      : check('expiry', left > -tolerance, isoTime(exp));
  },
  function issuedAt({ claims }, { now, clockToleranceSeconds: tolerance }) {
    const iat = claims['iat'];
    if (!isTime(iat)) return check('issued_at', false, `iat is ${show(iat)}, not a time`);
    const ahead = iat - now / 1000 > tolerance;
    const warning = ' is in the future: is this machine’s clock behind?';
    return check('issued_at', !ahead, `${isoTime(iat)}${ahead ? warning : ''}`);
  },
  function notBefore({ claims }, { now, clockToleranceSeconds: tolerance }) {
    const nbf = claims['nbf'];
    if (nbf === undefined) return undefined;
    if (!isTime(nbf)) return check('not_before', false, `nbf is ${show(nbf)}, not a time`);
    return check('not_before', nbf - now / 1000 <= tolerance, isoTime(nbf));
  },
  function subject({ claims }) {
    const sub = claims['sub'];
    const good = typeof sub === 'string' && sub !== '' && sub.length <= 255;
    return check('subject', good, good ? sub : `sub is ${show(sub)}`);
  },
  function accessTokenHash({ claims }, { accessToken }) {
    const stated = claims['at_hash'];
    if (stated === undefined || accessToken === undefined) return undefined;
    const same = stated === accessTokenHashOf(accessToken);
    const detail = same ? 'matches the access token' : 'belongs to another access token';
    return check('at_hash', same, detail);
  },
  function nonce({ claims }, { nonce: expected }) {
    if (expected === undefined) return undefined;
    const same = claims['nonce'] === expected;
    const detail = same ? 'as expected' : `${show(claims['nonce'])}, not the expected`;
    return check('nonce', same, detail);
  },
  function hostedDomain({ claims }, { hostedDomain: expected }) {
    if (expected === undefined) return undefined;
    const hd = claims['hd'];
    const same = typeof hd === 'string' && hd.toLowerCase() === expected.toLowerCase();
    return check('hosted_domain', same, same ? hd : `${show(hd)}, expected ${expected}`);
  },
  function emailVerified({ claims }, { requireEmailVerified }) {
    const verified = claims['email_verified'];
    if (requireEmailVerified === true) {
      return check('email_verified', verified === true, show(verified));
    }
    if (verified === undefined) return undefined;
    return check('email_verified', null, `${show(verified)}; shown, not judged`);
  },
];

/**
 * Judges a decoded ID token, rule by rule. Pure: the signature's finding and the clock come in.
 *
 * The verdict is `unverified` where nothing fails but the signature or the audience could not be
 * judged. `azp` is never judged, since Google's own tokens carry other clients of the project there.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
 */
export function judgeIdToken(
  token: DecodedIdToken,
  expected: Expectations,
): { verdict: Verdict; checks: Check[] } {
  const checks = rules.flatMap((rule) => rule(token, expected) ?? []);
  return { verdict: verdictOf(checks, token.claims['exp'], expected.now), checks };
}

function verdictOf(checks: readonly Check[], exp: unknown, now: number): Verdict {
  const failed = checks.filter(({ ok }) => ok === false);
  if (failed.length > 0) {
    // An `exp` that is missing or too far ahead fails the same rule, but is no expiry.
    const past = isTime(exp) && exp * 1000 <= now;
    return failed.every(({ name }) => name === 'expiry') && past ? 'expired' : 'invalid';
  }
  const undecided = ({ name, ok }: Check) =>
    ok === null && (name === 'signature' || name === 'audience');
  return checks.some(undecided) ? 'unverified' : 'valid';
}

/** The `at_hash` of an access token under RS256. @see https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken */
export function accessTokenHashOf(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url');
}

/** Who an ID token says it is about, for use as account: unverified, and null where it says nothing. */
export function identityOf(idToken: string | undefined): Pick<AccountRecord, 'sub' | 'email'> {
  try {
    const { claims } = decodeIdToken(idToken ?? '');
    const text = (name: string) => {
      const value = claims[name];
      return typeof value === 'string' && /^[^\p{Cc}]{1,255}$/u.test(value) ? value : null;
    };
    return { sub: text('sub'), email: text('email') };
  } catch {
    return { sub: null, email: null };
  }
}

function check(name: string, ok: boolean | null, detail: string): Check {
  return { name, ok, detail };
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 8.64e12;
}

function isoTime(seconds: number): string {
  const text = new Date(seconds * 1000).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  return cut(JSON.stringify(value));
}

/** What is longer than any client ID is none, and the rules of diagnosis look at what is shown. */
function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
