import { GsacError } from '../core/errors.js';
import { parseJsonObject } from '../core/json-object.js';
import type { TokenInfoEndpoint } from '../core/ports.js';
import { parseScopes } from '../core/scopes.js';
import type { Http } from './http.js';
import type { Retry } from './retry.js';
import { toUnusableAnswer } from './translate-error.js';

/** What the tokeninfo endpoint's adapter is made of. */
export interface TokenInfoOptions {
  http: Http;
  retry: Retry;
  now: () => number;
}

/**
 * Google's tokeninfo endpoint, asked by POST with the token in a header: in an address it would end
 * in logs. All values of its answers are strings.
 */
export function createTokenInfoEndpoint({ http, retry, now }: TokenInfoOptions): TokenInfoEndpoint {
  return {
    lookUp: (accessToken, endpoints) =>
      retry(async (leftMs) => {
        const answer = await http({
          method: 'POST',
          url: endpoints.tokeninfo,
          headers: {
            authorization: `Bearer ${accessToken}`,
            'content-type': 'application/x-www-form-urlencoded',
          },
          body: '',
          leftMs,
        });
        const unusable = toUnusableAnswer(answer, now());
        if (unusable !== undefined) throw unusable;
        const fields = parseJsonObject(answer.text) ?? {};
        const text = (name: string) => {
          const value = fields[name];
          return typeof value === 'string' && value !== '' ? value : undefined;
        };
        if (answer.status === 400 || answer.status === 401) return undefined;
        if (answer.status !== 200) {
          throw new GsacError(
            'request_refused',
            `tokeninfo answered with ${answer.status}${text('error') === undefined ? '' : ` (${text('error')})`}.`,
            { hint: 'Run it again with --trace to see what was sent and what came.' },
          );
        }
        const scope = text('scope');
        const expiresIn = Number(fields['expires_in'] ?? Number.NaN);
        return {
          audience: text('aud'),
          scopes: scope === undefined ? undefined : parseScopes(scope),
          sub: text('sub'),
          email: text('email'),
          expiresInSeconds: Number.isFinite(expiresIn) ? expiresIn : undefined,
        };
      }),
  };
}
