import { createHash } from 'node:crypto';
import { parseGrantedScopes } from '../../core/scopes.js';
import { parseTokenAnswer, type TokenSet } from '../../core/token-answer.js';
import { headerOf, type Sighting } from './policy.js';

/** What was granted in this run. Times are epoch milliseconds. */
export interface Grant {
  readonly clientId: string;
  /** Undefined if no response listed them. */
  scopes: readonly string[] | undefined;
  /** Undefined if it is from before this run. */
  readonly issuedAt: number | undefined;
  /** Undefined if nobody saw what was asked for. */
  readonly requestedScopes: readonly string[] | undefined;
  readonly refreshTokenEndsAt: number | undefined;
  readonly hasIdToken: boolean;
}

/** An access token of this run. */
export interface KnownAccessToken {
  readonly grant: Grant;
  readonly issuedAt: number;
  readonly endsAt: number;
  lastUsedAt: number | undefined;
}

/** A code that was sent in this run, or that the authorization endpoint gave out in it. */
export interface KnownCode {
  /** How often it was sent, and when first. */
  sent: number;
  firstSentAt: number | undefined;
  outcome: 'exchanged' | 'refused' | 'unknown';
  /** The redirect URI and scopes that it was asked for with, if its request was seen. */
  askedWith: { redirectUri: string; scopes: readonly string[] } | undefined;
}

/** The fields of a token request. */
export interface TokenRequest {
  readonly fields: URLSearchParams;
  readonly grantType: string;
  readonly clientId: string;
}

/** A run may see any number of tokens; the newest are kept. */
const mostKept = 10_000;

/** What this run has seen of codes and tokens. It keeps hashes of them and nothing that could be shown. */
export class RunMemory {
  readonly codes = new Bounded<KnownCode>();
  readonly refreshTokens = new Bounded<Grant>();
  readonly accessTokens = new Bounded<KnownAccessToken>();
  /** How many refresh tokens each client got. */
  readonly #issued = new Map<string, number>();
  /** The last redirect URI that a code of each client was exchanged with. */
  readonly redirectUris = new Map<string, string>();

  issuedTo(clientId: string): number {
    return this.#issued.get(clientId) ?? 0;
  }

  /** Notes a request of the token endpoint as it was sent; what came of it is for {@link learn}. */
  noteCode(code: string, at: number): KnownCode {
    const known = this.codes.get(code) ?? {
      sent: 0,
      firstSentAt: undefined,
      outcome: 'unknown',
      askedWith: undefined,
    };
    this.codes.set(code, known);
    known.sent += 1;
    known.firstSentAt ??= at;
    return known;
  }

  /** Learns from a response of the token endpoint; undefined if it brought no tokens. */
  learn(sighting: Sighting, { fields, grantType, clientId }: TokenRequest): TokenSet | undefined {
    const { status = 0, responseBody = '', startedAt } = sighting;
    const code = fields.get('code') ?? '';
    const isExchange = grantType === 'authorization_code';
    const known = isExchange ? this.codes.get(code) : undefined;
    if (known !== undefined && known.outcome !== 'exchanged') {
      known.outcome = status === 0 ? 'unknown' : status < 300 ? 'exchanged' : 'refused';
    }
    if (status !== 200) return undefined;
    const tokens = parseTokenAnswer(responseBody, startedAt);
    if (tokens === undefined) return undefined;
    const { refreshToken, accessToken, expiresAt, scopes, idToken } = tokens;
    const sent = fields.get('refresh_token') ?? '';
    const before = this.refreshTokens.get(sent);
    const grant: Grant = before ?? {
      clientId,
      scopes: scopes ?? known?.askedWith?.scopes,
      issuedAt: isExchange ? startedAt : undefined,
      requestedScopes: known?.askedWith?.scopes,
      refreshTokenEndsAt: tokens.refreshTokenExpiresAt,
      hasIdToken: idToken !== undefined,
    };
    if (before !== undefined) before.scopes ??= scopes;
    // A refresh token from before this run: who holds it, and what for, is seen by its first use.
    if (grantType === 'refresh_token') this.refreshTokens.set(sent, grant);
    if (refreshToken !== undefined) {
      this.refreshTokens.set(refreshToken, grant);
      if (isExchange) this.#issued.set(clientId, this.issuedTo(clientId) + 1);
    }
    if (accessToken !== undefined) {
      this.accessTokens.set(accessToken, {
        grant: { ...grant, scopes: scopes ?? grant.scopes },
        issuedAt: startedAt,
        endsAt: expiresAt,
        lastUsedAt: undefined,
      });
    }
    if (isExchange) this.redirectUris.set(clientId, fields.get('redirect_uri') ?? '');
    return tokens;
  }

  /** Learns which redirect URI a code is bound to, from the redirect that brings it. */
  learnAuthorization({ url, responseHeaders }: Sighting): void {
    const location = headerOf(responseHeaders, 'location') ?? '';
    const asked = URL.canParse(url) ? new URL(url).searchParams : new URLSearchParams();
    const code = URL.canParse(location) ? new URL(location).searchParams.get('code') : null;
    if (code === null) return;
    this.codes.set(code, {
      sent: 0,
      firstSentAt: undefined,
      outcome: 'unknown',
      askedWith: {
        redirectUri: asked.get('redirect_uri') ?? '',
        scopes: parseGrantedScopes(asked.get('scope') ?? ''),
      },
    });
  }

  /** What is known of the access token that a request carries. */
  accessTokenOf({ requestHeaders, startedAt }: Sighting): KnownAccessToken | undefined {
    const [, token] =
      /^Bearer\s+(\S+)$/i.exec(headerOf(requestHeaders, 'authorization') ?? '') ?? [];
    const known = token === undefined ? undefined : this.accessTokens.get(token);
    if (known !== undefined) known.lastUsedAt = startedAt;
    return known;
  }
}

/** A map from secrets, kept as hashes only, that forgets the oldest beyond a bound. */
class Bounded<T> {
  readonly #entries = new Map<string, T>();

  get(secret: string): T | undefined {
    return this.#entries.get(hashOf(secret));
  }

  set(secret: string, value: T): void {
    if (secret === '') return;
    this.#entries.set(hashOf(secret), value);
    const [oldest = ''] = this.#entries.keys();
    if (this.#entries.size > mostKept) this.#entries.delete(oldest);
  }

  values(): Iterable<T> {
    return this.#entries.values();
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64');
}

/** Reads a request of the token endpoint: a form, JSON, its query and HTTP Basic together. */
export function readTokenRequest(sighting: Sighting): TokenRequest {
  const fields = new URLSearchParams(sighting.url.split('?')[1] ?? '');
  for (const [name, value] of formOf(sighting.requestBody ?? '')) fields.set(name, value);
  const basic = /^Basic\s+(\S+)$/i.exec(headerOf(sighting.requestHeaders, 'authorization') ?? '');
  const [user = ''] = Buffer.from(basic?.[1] ?? '', 'base64')
    .toString()
    .split(':');
  return {
    fields,
    grantType: fields.get('grant_type') ?? '',
    clientId: fields.get('client_id') ?? user,
  };
}

function formOf(body: string): Iterable<readonly [string, string]> {
  if (!body.startsWith('{')) return new URLSearchParams(body);
  try {
    const members: unknown = JSON.parse(body);
    return Object.entries(members ?? {}).map(([name, value]) => [name, String(value)] as const);
  } catch {
    return [];
  }
}
