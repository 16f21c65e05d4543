import { type ErrorCode, GsacError } from '../core/errors.js';
import { parseJsonObject } from '../core/json.js';
import { maskText } from '../core/secret.js';
import type { HttpAnswer } from './http.js';
import { retryAfterSeconds } from './retry.js';

/** What a refusal means and what to do. */
interface Words {
  what: string;
  hint: string;
}

/**
 * OAuth errors of the token and revocation endpoints, which are codes of ours. Decided on `error` and
 * `error_subtype` alone: descriptions change and are only quoted.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
const oauthErrors = {
  redirect_uri_mismatch: {
    what: 'The redirect URI is not the one that the code was issued for',
    hint: 'Say where the code comes from: --source ios or android (empty redirect URI), web-popup (postmessage), or web-redirect with --redirect-uri <uri>.',
  },
  invalid_client: {
    what: 'Google does not accept the client ID or its secret',
    hint: 'Download the client file again from the Cloud console, Clients; the exchange needs the server’s "Web application" client, not the phone’s.',
  },
  unauthorized_client: {
    what: 'The code or token belongs to another client',
    hint: 'Use the client whose ID the app names as its server client ID (GIDServerClientID on iOS, requestServerAuthCode on Android).',
  },
  deleted_client: {
    what: 'The OAuth client was deleted',
    hint: 'It can be restored in the Cloud console within 30 days; after that make a new one and have people sign in again.',
  },
  disabled_client: {
    what: 'The OAuth client was disabled',
    hint: 'The Cloud console, Clients, and the email of the project’s owners say why.',
  },
  admin_policy_enforced: {
    what: 'The Workspace administrator of this account does not allow it',
    hint: 'The administrator can allow the app in the Admin console, Security, API controls.',
  },
  invalid_scope: {
    what: 'A requested scope is unknown or not allowed',
    hint: 'Compare the scopes with Google’s list; most are full URLs.',
  },
  reauth_required: {
    what: 'The Workspace’s session control asks this person to sign in again',
    hint: 'Sign in again and exchange the new code; the administrator can exempt the app (Admin console, Security, Google Cloud session control).',
  },
} as const satisfies Partial<Record<ErrorCode, Words>>;

/** What the request was about, so that a refusal can be put into words. */
export type Subject = 'code' | 'refresh_token' | 'revocation';

const invalidGrant: Readonly<Record<Subject, Words>> = {
  code: {
    what: 'Google does not accept the code',
    hint: 'A code works once and for a few minutes, for the client and redirect URI that it was issued for. Sign in again and exchange the new code at once.',
  },
  refresh_token: {
    what: 'The refresh token is no longer valid',
    hint: 'Access was revoked, the token was unused for six months, or the app is in Testing (7 days). Sign in again and exchange the new code.',
  },
  revocation: { what: 'Google does not accept the token', hint: 'Sign in again.' },
};

const isKnown = (error: string): error is keyof typeof oauthErrors =>
  Object.hasOwn(oauthErrors, error);

function meaningOf(
  error: string,
  subtype: string | undefined,
  subject: Subject,
  status: number,
): Words & { code: ErrorCode } {
  const isReauth = [subtype, error].includes('rapt_required') || subtype === 'invalid_rapt';
  const known = isReauth ? 'reauth_required' : error;
  if (isKnown(known)) return { code: known, ...oauthErrors[known] };
  if (error === 'invalid_grant') return { code: 'invalid_grant', ...invalidGrant[subject] };
  return {
    code: 'request_refused',
    what:
      error === 'invalid_request'
        ? 'Google finds the request incomplete'
        : error === ''
          ? `Google answered with ${status}`
          : `Google refused: ${error}`,
    hint: 'Run the command again with --trace to see the request and the response.',
  };
}

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
  const text = (value: unknown) =>
    typeof value === 'string' && value !== '' ? maskText(value, sent).slice(0, 500) : undefined;
  const error = text(fields['error']) ?? '';
  const subtype = text(fields['error_subtype']);
  const description = text(fields['error_description']);
  const { code, what, hint } = meaningOf(error, subtype, subject, answer.status);
  // Google writes some quotes as HTML, though the answer is JSON.
  const plain = description?.replaceAll('&#39;', "'").replaceAll('&quot;', '"');
  const words = plain === undefined ? error : `${error}: ${plain}`;
  return new GsacError(code, words === '' ? `${what}.` : `${what} (${words}).`, {
    hint,
    details: {
      google: {
        status: answer.status,
        error,
        error_subtype: subtype,
        error_description: description,
      },
    },
  });
}

/**
 * The error for an answer that is not Google's word on the matter: cut off, a redirect, HTML, a
 * rate limit or a server error. Undefined for an answer that is.
 */
export function toUnusableAnswer(answer: HttpAnswer, now: number): GsacError | undefined {
  if (answer.cut !== undefined) return answer.cut;
  const { status } = answer;
  const seconds = retryAfterSeconds(answer, now);
  const details = { google: { status }, retry_after_seconds: seconds };
  const fail = (code: ErrorCode, what: string, hint: string) =>
    new GsacError(code, what, { hint, details });
  const later =
    seconds === undefined
      ? 'Try again in a minute.'
      : `Try again in ${seconds} s; Google asks for that.`;
  if (status === 407) {
    return fail(
      'proxy_failed',
      'The proxy wants a user name and password (407).',
      'Put them into HTTPS_PROXY, as in http://user:password@proxy:8080.',
    );
  }
  if (status === 429) {
    return fail('rate_limited', 'Google limits the rate of requests (429).', later);
  }
  if (status >= 500 || status === 408) {
    return fail('google_unavailable', `Google is having trouble (${status}).`, later);
  }
  if (status >= 300 && status < 400) {
    return fail(
      'answer_unreadable',
      `The answer is a redirect (${status}), which is never followed with a secret.`,
      'A proxy or captive portal answers in Google’s place: log in to the network and try again.',
    );
  }
  const isEmpty = answer.text.trim() === '' && status < 300;
  if (isEmpty || parseJsonObject(answer.text) !== undefined) return undefined;
  const isPage = /^\s*<(!doctype|html)/i.test(answer.text);
  return fail(
    'answer_unreadable',
    `The answer is ${isPage ? 'a web page, not Google’s JSON' : 'not JSON'} (${status}).`,
    'A proxy or captive portal may answer in Google’s place; --trace shows the answer.',
  );
}

/** The error for an answer that comes from Google and makes no sense. */
export function unreadable(what: string): GsacError {
  return new GsacError('answer_unreadable', what, { hint: 'Try again; --trace shows the answer.' });
}
