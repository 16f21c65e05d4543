import type { Endpoints } from '../core/endpoints.js';
import { parseJsonObject } from '../core/json.js';
import { toOauthError, toUnusableAnswer } from './errors.js';
import type { Requests } from './retry.js';

/**
 * Google's revocation endpoint. Revoking a refresh token twice does no harm, so it may be repeated.
 * @see https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke
 */
export function createRevocation({ http, retry, now }: Requests) {
  return {
    /** Revokes a token; `already_dead` if Google says that it was dead before. */
    revoke: (token: string, endpoints: Endpoints) =>
      retry(async (leftMs): Promise<'revoked' | 'already_dead'> => {
        const answer = await http({
          method: 'POST',
          url: endpoints.revoke,
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ token }).toString(),
          leftMs,
        });
        if (answer.status === 200) {
          // A captive portal answers 200, too: only an empty body or JSON is Google's word.
          const unusable = toUnusableAnswer(answer, now());
          if (unusable !== undefined) throw unusable;
          return 'revoked';
        }
        const error = parseJsonObject(answer.text)?.['error'];
        if (error === 'invalid_token' || error === 'invalid_grant') return 'already_dead';
        throw toOauthError(answer, 'revocation', now(), [token]);
      }),
  };
}

/** The revocation endpoint. */
export type Revocation = ReturnType<typeof createRevocation>;
