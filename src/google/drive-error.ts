import { type ErrorCode, GsacError } from '../core/errors.js';
import { parseJsonObject } from '../core/json.js';
import { maskText } from '../core/secret.js';
import { toUnusableAnswer, unreadable } from './errors.js';
import type { HttpAnswer } from './http.js';
import { retryAfterSeconds } from './retry.js';

/** What one of Google's APIs says in an error, taken from its old and its new form. */
export interface ApiRefusal {
  status: number;
  message: string;
  /** `errors[].reason` and `details[].reason`. */
  reasons: string[];
}

/**
 * What a refusal of the Drive API means. `details.google` holds `status`, `reason` and `message`.
 * @see https://developers.google.com/workspace/drive/api/guides/handle-errors
 */
export function toDriveError(answer: HttpAnswer, now: number): GsacError {
  const refusal = readRefusal(answer);
  if (refusal === undefined) {
    const what =
      answer.status < 300
        ? `Drive’s answer (${answer.status}) is not what it was asked for.`
        : `Drive answered with ${answer.status} and no reason.`;
    return toUnusableAnswer(answer, now) ?? unreadable(what);
  }
  const seconds = retryAfterSeconds(answer, now);
  const { status, reasons, message } = refusal;
  const google = { status, reason: reasons[0] ?? null, message };
  const details = { google, retry_after_seconds: seconds };
  const code = driveCodeOf(refusal);
  const known = code === undefined ? undefined : words[code];
  if (code !== undefined && known !== undefined) {
    const hint = typeof known.hint === 'string' ? known.hint : known.hint(refusal);
    return new GsacError(code, known.what, { hint, details });
  }
  return (
    (status >= 500 ? toUnusableAnswer(answer, now) : undefined) ??
    new GsacError(
      'request_refused',
      `Drive refused (${status}): ${asEnd(message || 'it gave no reason')}`,
      { hint: 'Run the command again with --trace to see the request.', details },
    )
  );
}

/** What a refusal of any of Google's APIs means, by its reasons and its status; undefined for most. */
export function codeOfRefusal({ status, message, reasons }: ApiRefusal): ErrorCode | undefined {
  const has = (...names: string[]) => reasons.some((reason) => names.includes(reason));
  if (status === 429 || has('userRateLimitExceeded', 'rateLimitExceeded', 'RATE_LIMIT_EXCEEDED')) {
    return 'rate_limited';
  }
  if (has('accessNotConfigured', 'SERVICE_DISABLED')) return 'api_disabled';
  if (
    has('insufficientPermissions', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', 'insufficientScopes') ||
    (status === 403 && /scopes/i.test(message))
  ) {
    return 'scope_missing';
  }
  if (has('domainPolicy')) return 'admin_policy_enforced';
  return status === 401 ? 'access_token_refused' : undefined;
}

/** The page that enables an API, if the refusal names it. */
export function enablingPage({ message }: ApiRefusal): string {
  return /https:\/\/console\.\S+[^\s.,]/.exec(message)?.[0] ?? 'the Cloud console, APIs & Services';
}

/** The same for Drive, where a missing file and a bad query are known by their status. */
function driveCodeOf(refusal: ApiRefusal): ErrorCode | undefined {
  const byStatus: Readonly<Record<number, ErrorCode>> = { 404: 'file_not_found', 400: 'usage' };
  return codeOfRefusal(refusal) ?? byStatus[refusal.status];
}

/** What a refusal means in this application's folder. */
const words: Readonly<
  Partial<Record<ErrorCode, { what: string; hint: string | ((refusal: ApiRefusal) => string) }>>
> = {
  rate_limited: {
    what: 'Drive limits the rate of requests.',
    hint: 'Try again in a minute.',
  },
  api_disabled: {
    what: 'The Drive API is not enabled in the OAuth client’s project.',
    hint: (refusal) => `Enable it at ${enablingPage(refusal)} and wait a few minutes.`,
  },
  scope_missing: {
    what: 'This account did not grant the application data folder (drive.appdata).',
    hint: 'Ask for the scope https://www.googleapis.com/auth/drive.appdata in the app, sign in again with the box ticked, and exchange the new code.',
  },
  admin_policy_enforced: {
    what: 'The Workspace administrator has disabled Drive apps.',
    hint: 'The administrator can allow them in the Admin console, Apps, Drive and Docs, Features.',
  },
  access_token_refused: {
    what: 'Drive does not accept the access token.',
    hint: 'Run `gsac refresh` and try again; if that is refused too, access was revoked: sign in again.',
  },
  file_not_found: {
    what: 'The application data folder has no such file.',
    hint: 'Each project has its own application data folder: files of another project’s clients are not visible here.',
  },
  usage: {
    what: 'Drive does not understand the query or the order.',
    hint: ({ message }) =>
      `Drive says: ${asEnd(message)} See https://developers.google.com/workspace/drive/api/guides/search-files.`,
  },
};

/** Somebody else's words at the end of a sentence. */
export function asEnd(words: string): string {
  return /[.?!]$/.test(words) ? words : `${words}.`;
}

/** The refusal in an answer; undefined if it is none. What is cut here meets patterns later. */
export function readRefusal(answer: HttpAnswer): ApiRefusal | undefined {
  // An error inside a 200 is not Drive's.
  if (answer.status < 300) return undefined;
  const error = parseJsonObject(answer.text)?.['error'];
  if (typeof error !== 'object' || error === null) return undefined;
  const fields = Object.fromEntries(Object.entries(error));
  const reasons = [fields['errors'], fields['details']]
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .flatMap((item: unknown) =>
      typeof item === 'object' &&
      item !== null &&
      'reason' in item &&
      typeof item.reason === 'string'
        ? [item.reason.slice(0, 100)]
        : [],
    );
  const message = typeof fields['message'] === 'string' ? maskText(fields['message']) : '';
  return { status: answer.status, message: message.slice(0, 500), reasons };
}
