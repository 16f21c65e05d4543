import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import type { Endpoints } from '../core/endpoints.js';
import type { DecodedIdToken, SignatureFinding } from '../core/id-token.js';
import { parseJsonObject } from '../core/json.js';
import { toUnusableAnswer, unreadable } from './errors.js';
import type { Requests } from './retry.js';

/** A member of a JWKS; the list may hold anything. */
type PublishedKey = (JsonWebKey & { kid?: unknown }) | null;

interface KeySet {
  /** Epoch milliseconds until which the keys may be used without asking again. */
  freshUntil: number;
  keys: PublishedKey[];
  /** What became of each key once it was used: many tokens of one run are signed with the same one. */
  imported: Map<PublishedKey, KeyObject | undefined>;
}

/**
 * Checks signatures with the issuer's JWKS. The keys are kept on disk for as long as the answer's
 * `max-age` allows, and fetched anew once where a token names a key that is not among them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517
 */
export function createIdTokenKeys({ http, retry, now }: Requests, cache: PublicCache) {
  const known = new Map<string, KeySet>();
  const underWay = new Map<string, Promise<KeySet>>();

  async function fetchKeys(name: string, url: string): Promise<KeySet> {
    const answer = await retry(async (leftMs) => {
      const got = await http({ method: 'GET', url, leftMs });
      const unusable = toUnusableAnswer(got, now());
      if (unusable !== undefined) throw unusable;
      return got;
    });
    const keys = parseJsonObject(answer.text)?.['keys'];
    if (answer.status !== 200 || !Array.isArray(keys)) {
      throw unreadable(`The keys’ address gave no key set (${answer.status}).`);
    }
    const caching = answer.headers.get('cache-control') ?? '';
    const maxAge = Number(/max-age=(\d+)/.exec(caching)?.[1] ?? 0);
    const set = { freshUntil: now() + Math.min(maxAge, 86_400) * 1000, keys };
    await cache.write(name, JSON.stringify(set)).catch(() => undefined);
    return remember(name, set);
  }

  function remember(name: string, set: Pick<KeySet, 'freshUntil' | 'keys'>): KeySet {
    const whole = { ...set, imported: new Map() };
    known.set(name, whole);
    return whole;
  }

  async function cachedKeys(name: string): Promise<KeySet | undefined> {
    const remembered = known.get(name);
    if (remembered !== undefined && isFresh(remembered.freshUntil)) return remembered;
    const { freshUntil, keys } = parseJsonObject((await cache.read(name)) ?? '') ?? {};
    if (!Array.isArray(keys) || typeof freshUntil !== 'number' || !isFresh(freshUntil)) {
      return undefined;
    }
    return remember(name, { freshUntil, keys });
  }

  /** A clock set back must not keep old keys for ever. */
  function isFresh(until: number): boolean {
    return until >= now() && until <= now() + 86_400_000;
  }

  /** Undefined if there is no key of that name; its `key` is undefined if it is of no use. */
  async function findKey(
    kid: string,
    { origin, jwks }: Endpoints,
  ): Promise<{ key: KeyObject | undefined } | undefined> {
    const find = (set: KeySet | undefined) => {
      const jwk = set?.keys.find((key) => key?.kid === kid);
      if (!set || !jwk) return undefined;
      if (!set.imported.has(jwk)) set.imported.set(jwk, toRs256Key(jwk));
      return { key: set.imported.get(jwk) };
    };
    const name = origin === null ? 'google' : origin.replace(/[^\w.-]+/g, '_');
    const found = find(await cachedKeys(name));
    if (found !== undefined) return found;
    const fetching =
      underWay.get(name) ?? fetchKeys(name, jwks).finally(() => underWay.delete(name));
    underWay.set(name, fetching);
    return find(await fetching);
  }

  return {
    /**
     * Checks a token's signature against the issuer's keys.
     *
     * @throws {GsacError} if the keys cannot be had; the token is then neither good nor bad.
     */
    async checkSignature(token: DecodedIdToken, endpoints: Endpoints): Promise<SignatureFinding> {
      const bad = (detail: string): SignatureFinding => ({ state: 'bad', detail });
      const { kid, alg } = token.header;
      if (token.jwt.endsWith('.')) return bad('missing: the token was cut off or never signed');
      if (alg !== 'RS256') return bad('not checked: the algorithm is not RS256');
      if (typeof kid !== 'string' || kid === '') return bad('not checked: the header names no key');
      const found = await findKey(kid, endpoints);
      if (found === undefined) {
        return bad(`the issuer has no key ${JSON.stringify(kid).slice(0, 80)}`);
      }
      if (found.key === undefined) return bad('not checked: the issuer’s key is not for RS256');
      return hasRs256Signature(token, found.key)
        ? { state: 'good', detail: 'RS256 with the issuer’s key' }
        : bad('does not match the issuer’s key');
    },
  };
}

const leastModulusBits = 2048;

/**
 * Takes a key out of a JWKS. Undefined for one that RS256 signatures must not be verified with: no RSA
 * key, shorter than 2048 bits, or meant for something else by its `use`, `alg` or `key_ops`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-4
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.3
 */
export function toRs256Key(jwk: JsonWebKey): KeyObject | undefined {
  const { kty, use = 'sig', alg = 'RS256', key_ops: operations = ['verify'] } = jwk;
  const isMeant = use === 'sig' && alg === 'RS256';
  if (kty !== 'RSA' || !isMeant || ![operations].flat().includes('verify')) return undefined;
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    const exponent = key.asymmetricKeyDetails?.publicExponent ?? 0n;
    // With an exponent of 1, every text is its own signature.
    return bits < leastModulusBits || exponent < 3n ? undefined : key;
  } catch {
    return undefined;
  }
}

/**
 * Whether a JWT's RS256 signature is that of a key. False as well where the header names extensions
 * (`crit`), since none is understood here. The algorithm is the caller's: `alg` is not looked at.
 *
 * Done at once by Node's own crypto: to hand such short work to another thread, as Web Cryptography
 * does, takes several times as long as the work.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-5.2
 */
export function hasRs256Signature({ jwt, header }: DecodedIdToken, key: KeyObject): boolean {
  const end = jwt.lastIndexOf('.');
  const signature = jwt.slice(end + 1);
  if (Object.hasOwn(header, 'crit') || !/^[\w-]+$/.test(signature)) return false;
  const input = Buffer.from(jwt.slice(0, end));
  return verify('sha256', input, key, Buffer.from(signature, 'base64url'));
}

/** The keys that ID tokens are signed with. */
export type IdTokenKeys = ReturnType<typeof createIdTokenKeys>;

/** A small cache of public documents, by name; what is missing or unreadable is a miss. */
export interface PublicCache {
  read(name: string): Promise<string | undefined>;
  write(name: string, text: string): Promise<void>;
}
