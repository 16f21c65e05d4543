import type { Credential } from '../core/account.js';
import type { Endpoints } from '../core/endpoints.js';
import { GsacError } from '../core/errors.js';
import { parseJsonObject } from '../core/json.js';
import { isSecretField } from '../core/secret-fields.js';
import { parseTokenAnswer, salvageRefreshToken, type TokenSet } from '../core/token-answer.js';
import { type Subject, toOauthError, toUnusableAnswer, unreadable } from './errors.js';
import type { HttpAnswer } from './http.js';
import { NeverSentError } from './network-error.js';
import type { Requests } from './retry.js';

/**
 * Google's token endpoint, by one plain POST for each grant.
 *
 * google-auth-library's `getToken` is not used: it repeats a one-time code after a failure and
 * cannot send an empty `redirect_uri`, which the codes of phones need.
 *
 * @see https://developers.google.com/identity/protocols/oauth2/web-server#exchange-authorization-code
 */
export function createTokenEndpoint({ http, retry, now }: Requests) {
  async function post(url: string, fields: Fields, subject: Subject, leftMs = Infinity) {
    const sentAt = now();
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) form.set(name, value);
    }
    const answer = await http({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: form.toString(),
      leftMs,
    });
    return readTokens(answer, subject, sentAt, fields);
  }

  return {
    /**
     * Sends a one-time code, exactly once, whatever happens.
     *
     * @throws {GsacError} what Google said, or `connection_lost` and its kin with a hint that the
     *   code may be spent.
     */
    async exchangeCode(grant: CodeGrant) {
      const fields = {
        client_id: grant.clientId,
        client_secret: grant.clientSecret,
        code: grant.code,
        code_verifier: grant.codeVerifier,
        grant_type: 'authorization_code',
        redirect_uri: grant.redirectUri,
      };
      return post(grant.endpoints.token, fields, 'code').catch((thrown: unknown) => {
        throw afterSendingCode(thrown);
      });
    },

    /**
     * Asks once for the tokens of a device. Failures that trying again may mend are tried again: a
     * person's answer stays until it is fetched.
     *
     * @throws {GsacError} what Google said; `details.google.error` is `authorization_pending` or
     *   `slow_down` as long as the person has not decided.
     */
    async askForDevice(grant: DeviceGrant) {
      const fields = {
        client_id: grant.clientId,
        client_secret: grant.clientSecret,
        device_code: grant.deviceCode,
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      };
      return retry((leftMs) => post(grant.endpoints.token, fields, 'code', leftMs));
    },

    /**
     * Refreshes. Failures that trying again may mend are tried again, bounded in count and time.
     *
     * @throws {GsacError} what Google said; `refresh_token_absent` if the credential has none.
     */
    async refresh(credential: Credential, endpoints: Endpoints) {
      const { refreshToken } = credential;
      if (refreshToken === undefined) {
        throw new GsacError('refresh_token_absent', 'This account has no refresh token.', {
          hint: 'Sign in again so that Google gives one: on iOS disconnect() first, on Android forceCodeForRefreshToken, on the web prompt=consent; then exchange the new code.',
        });
      }
      const fields = {
        client_id: credential.clientId,
        client_secret: credential.clientSecret,
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
      };
      return retry((leftMs) => post(endpoints.token, fields, 'refresh_token', leftMs));
    },
  };
}

type Fields = Record<string, string | undefined>;

/** What was sent and must not come out in an error if the server repeats it, whatever it looks like. */
function secretsOf(fields: Fields): string[] {
  return Object.entries(fields).flatMap(([name, value = '']) =>
    // What is shorter stands in every text.
    isSecretField(name) && value.length >= 8 ? [value] : [],
  );
}

function readTokens(
  answer: HttpAnswer,
  subject: Subject,
  sentAt: number,
  fields: Fields,
): CodeGrantAnswer {
  if (answer.status === 200) {
    const tokens = answer.cut === undefined ? parseTokenAnswer(answer.text, sentAt) : undefined;
    if (tokens !== undefined) return { tokens, damaged: false };
    const refreshToken = salvageRefreshToken(answer.text);
    if (refreshToken !== undefined) {
      const oddities = ['the answer was cut off'];
      const salvaged = { tokenType: 'Bearer', expiresAt: 0, refreshToken, oddities };
      return { tokens: salvaged, damaged: true };
    }
  }
  if (answer.status < 300 && answer.cut === undefined) {
    throw toUnusableAnswer(answer, sentAt) ?? unreadable(`The answer is empty (${answer.status}).`);
  }
  // An error body that was cut off still says what it says where its JSON is whole.
  const isWhole = parseJsonObject(answer.text) !== undefined;
  const isRefusal = answer.status >= 400 && answer.status < 500 && isWhole;
  const refusal = isRefusal ? { ...answer, cut: undefined } : answer;
  throw toOauthError(refusal, subject, sentAt, secretsOf(fields));
}

/** Adds to a failure what it means for the code. */
function afterSendingCode(thrown: unknown): unknown {
  if (!(thrown instanceof GsacError) || (thrown.exitCode !== 3 && thrown.code !== 'cancelled')) {
    return thrown;
  }
  // A proxy that answers in the server's place has not let the request through.
  const unsent = thrown instanceof NeverSentError || thrown.code === 'proxy_failed';
  return new GsacError(thrown.code, thrown.message, {
    hint: unsent
      ? `The code was not sent and may still be good. ${thrown.hint ?? ''}`.trim()
      : 'The code was sent once and may be spent: if the same code is refused now, sign in again for a new one.',
    details: { ...thrown.details, code_sent: !unsent },
  });
}

/** A grant of the authorization code. */
export interface CodeGrant {
  endpoints: Endpoints;
  clientId: string;
  clientSecret?: string | undefined;
  code: string;
  /** Sent as it is: empty for codes of a phone, `postmessage` for those of a popup. */
  redirectUri: string;
  codeVerifier?: string | undefined;
}

/** A grant of a device. */
export interface DeviceGrant extends Pick<CodeGrant, 'endpoints' | 'clientId' | 'clientSecret'> {
  deviceCode: string;
}

/** What came of sending a code. */
export interface CodeGrantAnswer {
  tokens: TokenSet;
  /** Set where the answer could not be read as a whole and only the refresh token was salvaged. */
  damaged: boolean;
}

/** Google's token endpoint. */
export type TokenEndpoint = ReturnType<typeof createTokenEndpoint>;
