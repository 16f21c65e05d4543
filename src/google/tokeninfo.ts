import type { Endpoints } from '../core/endpoints.js';
import { GsacError } from '../core/errors.js';
import { parseJsonObject } from '../core/json.js';
import { parseGrantedScopes } from '../core/scopes.js';
import { maskText } from '../core/secret.js';
import { toUnusableAnswer } from './errors.js';
import type { Requests } from './retry.js';

/**
 * Google's tokeninfo endpoint, asked by POST with the token in a header: in an address it would end
 * in logs. All values of its answers are strings.
 */
export function createTokenInfoEndpoint({ http, retry, now }: Requests) {
  return {
    /**
     * Looks an access token up; undefined if Google knows none such, or no longer.
     *
     * @throws {GsacError} if there is no answer, or none that can be read.
     */
    lookUp: (accessToken: string, endpoints: Endpoints) =>
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
        const { status } = answer;
        const [error, description] = [text('error'), text('error_description')];
        // Google leaves `error` out at times.
        const isInvalid = status === 400 && error === undefined && description === 'Invalid Value';
        if (status === 401 || error === 'invalid_token' || isInvalid) return undefined;
        if (status !== 200) {
          const words = maskText(error ?? description ?? '').slice(0, 500);
          const why = words === '' ? '' : ` (${words})`;
          throw new GsacError('request_refused', `tokeninfo answered with ${status}${why}.`, {
            hint: 'Run the command again with --trace to see the request and the response.',
          });
        }
        const scope = text('scope');
        const expiresIn = Number(fields['expires_in'] ?? Number.NaN);
        return {
          audience: text('aud'),
          scopes: scope === undefined ? undefined : parseGrantedScopes(scope),
          sub: text('sub'),
          email: text('email'),
          expiresInSeconds: Number.isFinite(expiresIn) ? expiresIn : undefined,
        };
      }),
  };
}

/** What Google knows of an access token; what it did not say is undefined. */
export type TokenInfo = NonNullable<Awaited<ReturnType<TokenInfoEndpoint['lookUp']>>>;

/** Google's tokeninfo endpoint. */
export type TokenInfoEndpoint = ReturnType<typeof createTokenInfoEndpoint>;
