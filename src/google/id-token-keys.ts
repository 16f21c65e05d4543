import { compactVerify, importJWK, type JWK } from 'jose';
import type { Endpoints } from '../core/endpoints.js';
import { GsacError } from '../core/errors.js';
import type { IdTokenKeys, PublicCache } from '../core/ports.js';
import type { Http } from './http.js';
import type { Retry } from './retry.js';
import { parseObject, toUnusableAnswer } from './translate-error.js';

/** What the keys' adapter is made of. */
export interface IdTokenKeysOptions {
  http: Http;
  retry: Retry;
  cache: PublicCache;
  now: () => number;
}

interface KeySet {
  /** Epoch milliseconds until which the keys may be used without asking again. */
  freshUntil: number;
  keys: JWK[];
}

/**
 * Checks signatures with the issuer's JWKS. The keys are kept on disk for as long as the answer's
 * `max-age` allows, and fetched anew once where a token names a key that is not among them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517
 */
export function createIdTokenKeys({ http, retry, cache, now }: IdTokenKeysOptions): IdTokenKeys {
  async function fetchKeys(endpoints: Endpoints): Promise<KeySet> {
    const answer = await retry(async (leftMs) => {
      const got = await http({ method: 'GET', url: endpoints.jwks, leftMs });
      const unusable = toUnusableAnswer(got, now());
      if (unusable !== undefined) throw unusable;
      return got;
    });
    const keys = parseObject(answer.text)?.['keys'];
    if (answer.status !== 200 || !Array.isArray(keys)) {
      throw new GsacError(
        'answer_unreadable',
        `The keys’ address gave no key set (${answer.status}).`,
        {
          hint: 'Try again; --trace shows the answer.',
        },
      );
    }
    const maxAge = Number(/max-age=(\d+)/.exec(answer.header('cache-control') ?? '')?.[1] ?? 0);
    const set = { freshUntil: now() + Math.min(maxAge, 86_400) * 1000, keys };
    await cache.write(cacheName(endpoints), JSON.stringify(set)).catch(() => undefined);
    return set;
  }

  async function cachedKeys(endpoints: Endpoints): Promise<KeySet | undefined> {
    const text = await cache.read(cacheName(endpoints));
    const set = text === undefined ? undefined : parseObject(text);
    if (set === undefined || !Array.isArray(set['keys'])) return undefined;
    const freshUntil = set['freshUntil'];
    // A clock set back must not keep old keys for ever.
    if (typeof freshUntil !== 'number' || freshUntil < now() || freshUntil > now() + 86_400_000) {
      return undefined;
    }
    return { freshUntil, keys: set['keys'] };
  }

  async function findKey(kid: string, endpoints: Endpoints): Promise<JWK | undefined> {
    const find = (set: KeySet | undefined) => set?.keys.find((key) => key?.kid === kid);
    return find(await cachedKeys(endpoints)) ?? find(await fetchKeys(endpoints));
  }

  return {
    async checkSignature({ jwt, header }, endpoints) {
      const kid = header['kid'];
      if (jwt.endsWith('.')) {
        return { state: 'bad', detail: 'missing: the token was cut off, or never signed' };
      }
      if (header['alg'] !== 'RS256') {
        return { state: 'bad', detail: 'not checked: the algorithm is not RS256' };
      }
      if (typeof kid !== 'string' || kid === '') {
        return { state: 'bad', detail: 'not checked: the header names no key' };
      }
      const key = await findKey(kid, endpoints);
      if (key === undefined)
        return {
          state: 'bad',
          detail: `the issuer has no key ${JSON.stringify(kid).slice(0, 80)}`,
        };
      try {
        await compactVerify(jwt, await importJWK(key, 'RS256'), { algorithms: ['RS256'] });
        return { state: 'good', detail: `RS256 with the issuer’s key` };
      } catch {
        return { state: 'bad', detail: 'does not match the issuer’s key' };
      }
    },
  };
}

function cacheName(endpoints: Endpoints): string {
  return endpoints.origin === null ? 'google' : endpoints.origin.replace(/[^\w.-]+/g, '_');
}
