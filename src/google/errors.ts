import { type ErrorCode, GsacError } from '../core/errors.js';
import { parseJsonObject } from '../core/json.js';
import { maskText } from '../core/secret.js';
import type { HttpAnswer } from './http.js';
import { retryAfterSeconds } from './retry.js';

/** What Google's `error` means: our code, what to say and what to do. */
interface Meaning {
  code: ErrorCode;
  what: string;
  hint: string;
}

const ownMeaning = (code: ErrorCode, what: string, hint: string): Meaning => ({ code, what, hint });

/**
 * OAuth errors of the token and revocation endpoints. Decided on `error` and `error_subtype`
 * alone: descriptions change and are only quoted.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
const oauthErrors: Readonly<Record<string, Meaning>> = {
  redirect_uri_mismatch: ownMeaning(
    'redirect_uri_mismatch',
    'The redirect URI is not the one that the code was issued for',
    'Say where the code comes from: --source ios or android (empty redirect URI), web-popup (postmessage), or web-redirect with --redirect-uri <uri>.',
  ),
  invalid_client: ownMeaning(
    'invalid_client',
    'Google does not accept the client ID or its secret',
    'Download the client file again from the Cloud console, Clients; the exchange needs the server’s "Web application" client, not the phone’s.',
  ),
  unauthorized_client: ownMeaning(
    'unauthorized_client',
    'The code or token belongs to another client',
    'Use the client whose ID the app names as its server client ID (GIDServerClientID on iOS, requestServerAuthCode on Android).',
  ),
  deleted_client: ownMeaning(
    'deleted_client',
    'The OAuth client was deleted',
    'It can be restored in the Cloud console within 30 days; after that make a new one and have people sign in again.',
  ),
  disabled_client: ownMeaning(
    'disabled_client',
    'The OAuth client was disabled',
    'Look into the Cloud console, Clients, and the mail of the project’s owners for why.',
  ),
  admin_policy_enforced: ownMeaning(
    'admin_policy_enforced',
    'The Workspace administrator of this account does not allow it',
    'The administrator can allow the app in the Admin console, Security, API controls.',
  ),
  invalid_scope: ownMeaning(
    'invalid_scope',
    'A requested scope is unknown or not allowed',
    'Compare the scopes with Google’s list; they are whole addresses.',
  ),
  invalid_request: ownMeaning(
    'request_refused',
    'Google finds the request incomplete',
    'Run it again with --trace to see what was sent.',
  ),
};

/** What the request was about, so that a refusal can be put into words. */
export type Subject = 'code' | 'refresh_token' | 'revocation';

const invalidGrant: Readonly<Record<Subject, Meaning>> = {
  code: ownMeaning(
    'invalid_grant',
    'Google does not accept the code',
    'A code works once and for a few minutes, for the client and redirect URI that it was issued for. Sign in again and exchange the new code at once.',
  ),
  refresh_token: ownMeaning(
    'invalid_grant',
    'The refresh token is no longer valid',
    'Access was revoked, the token was unused for six months, or the app is in Testing (7 days). Sign in again and exchange the new code.',
  ),
  revocation: ownMeaning('invalid_grant', 'Google does not accept the token', 'Sign in again.'),
};

const reauthentication = ownMeaning(
  'reauth_required',
  'The Workspace’s session control asks this person to sign in again',
  'Sign in again and exchange the new code; the administrator can exempt the app (Admin console, Security, Google Cloud session control).',
);

/**
 * What a refusal of an OAuth endpoint means. The answer's own words are quoted with secrets masked;
 * `details.google` holds `status`, `error`, `error_subtype` and `error_description`.
 *
 * @param sent secrets of the request, which are masked whatever they look like: servers repeat them.
 */
export function toOauthError(
  answer: HttpAnswer,
  subject: Subject,
  now: number,
  sent: readonly string[] = [],
): GsacError {
  const unusable = toUnusableAnswer(answer, now);
  if (unusable !== undefined) return unusable;
  const fields = parseJsonObject(answer.text) ?? {};
  const text = (value: unknown) => toWords(value, sent);
  const error = text(fields['error']) ?? '';
  const subtype = text(fields['error_subtype']);
  const description = text(fields['error_description']);
  const meaning =
    subtype === 'invalid_rapt' || subtype === 'rapt_required' || error === 'rapt_required'
      ? reauthentication
      : error === 'invalid_grant'
        ? invalidGrant[subject]
        : ((Object.hasOwn(oauthErrors, error) ? oauthErrors[error] : undefined) ??
          ownMeaning(
            'request_refused',
            error === '' ? `Google answered with ${answer.status}` : `Google refused: ${error}`,
            'Run it again with --trace to see what was sent and what came.',
          ));
  const words = description === undefined ? error : `${error}: ${description}`;
  return new GsacError(
    meaning.code,
    words === '' ? `${meaning.what}.` : `${meaning.what} (${words}).`,
    {
      hint: meaning.hint,
      details: {
        google: {
          status: answer.status,
          error,
          ...(subtype === undefined ? {} : { error_subtype: subtype }),
          ...(description === undefined ? {} : { error_description: description }),
        },
      },
    },
  );
}

/**
 * The error for an answer that is not Google's word on the matter: cut off, a redirect, HTML, a
 * rate limit or a server error. Undefined for an answer that is.
 */
export function toUnusableAnswer(answer: HttpAnswer, now: number): GsacError | undefined {
  if (answer.cut !== undefined) return answer.cut;
  const { status } = answer;
  const seconds = retryAfterSeconds(answer, now);
  const details = {
    google: { status },
    ...(seconds === undefined ? {} : { retry_after_seconds: seconds }),
  };
  const later =
    seconds === undefined
      ? 'Try again in a minute.'
      : `Try again in ${seconds} s; Google asks for that.`;
  if (status === 407) {
    return new GsacError('proxy_failed', 'The proxy wants a user name and password (407).', {
      hint: 'Put them into HTTPS_PROXY, as in http://user:password@proxy:8080.',
      details,
    });
  }
  if (status === 429) {
    return new GsacError('rate_limited', 'Google limits the rate of requests (429).', {
      hint: later,
      details,
    });
  }
  if (status >= 500 || status === 408) {
    return new GsacError('google_unavailable', `Google has trouble (${status}).`, {
      hint: later,
      details,
    });
  }
  if (status >= 300 && status < 400) {
    return new GsacError(
      'answer_unreadable',
      `The answer is a redirect (${status}), which is never followed with a secret.`,
      {
        hint: 'A proxy or captive portal answers in Google’s place: log in to the network and try again.',
        details,
      },
    );
  }
  if (parseJsonObject(answer.text) !== undefined || (answer.text.trim() === '' && status < 300))
    return undefined;
  const html = /^\s*<(!doctype|html)/i.test(answer.text);
  return new GsacError(
    'answer_unreadable',
    html
      ? `The answer is a web page, not Google’s JSON (${status}).`
      : `The answer is not JSON (${status}).`,
    {
      hint: 'A proxy or captive portal may answer in Google’s place; --trace shows the answer.',
      details,
    },
  );
}

function toWords(value: unknown, secrets: readonly string[]): string | undefined {
  return typeof value === 'string' && value !== ''
    ? maskText(value, secrets).slice(0, 500)
    : undefined;
}
