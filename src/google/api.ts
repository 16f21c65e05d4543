import { type ErrorCode, GsacError } from '../core/errors.js';
import type { HttpMethod } from '../core/http-record.js';
import type { AccessTokens } from './drive.js';
import { type ApiRefusal, asEnd, codeOfRefusal, enablingPage, readRefusal } from './drive-error.js';
import { toUnusableAnswer } from './errors.js';
import type { HttpAnswer, StreamAnswer, StreamHttp } from './http.js';
import { type Requests, retryAfterSeconds } from './retry.js';
import { createAuthorizedStream } from './transfer.js';

/** One request to an API, without its authorization. */
export interface ApiRequest {
  method: HttpMethod;
  url: string;
  headers: Record<string, string>;
  body?: Uint8Array | undefined;
}

/**
 * Opens Google's APIs for an account. A request is sent once, and if Google refuses the access token,
 * once more with a new one; one that only reads is tried again after a failure that may pass. Redirects
 * are not followed.
 *
 * @throws {GsacError} with the answer's text as `details.response` if the API refuses.
 */
export function createOpenApi({ stream, retry, now }: Requests & { stream: StreamHttp }) {
  return (tokens: AccessTokens) => {
    const send = createAuthorizedStream(stream, tokens);
    return async ({ method, url, headers, body }: ApiRequest): Promise<StreamAnswer> => {
      const attempt = async () => {
        const answer = await send({ method, url, headers, ...(body && { body: [body] }) });
        if (answer.status >= 200 && answer.status < 300) return answer;
        throw toApiError(await answer.read(), now());
      };
      return method === 'GET' || method === 'HEAD' ? retry(attempt) : attempt();
    };
  };
}

/** Sends requests to Google's APIs for an account. */
export type OpenApi = ReturnType<typeof createOpenApi>;

/** What a refusal of an API means. @see https://cloud.google.com/apis/design/errors */
function toApiError(answer: HttpAnswer, now: number): GsacError {
  const { status, text } = answer;
  const refusal = readRefusal(answer);
  const unusable = refusal === undefined ? toUnusableAnswer(answer, now) : undefined;
  // A page or a few words of an API that does not speak JSON are its refusal all the same.
  if (unusable !== undefined && !(status >= 400 && unusable.code === 'answer_unreadable')) {
    return withResponse(unusable, text);
  }
  const { message, reasons } = refusal ?? { message: '', reasons: [] };
  const { code, hint } = meaningOf({ status, message, reasons });
  const words = message === '' ? 'it gave no reason that gsac can read' : message;
  return new GsacError(code, `Google refused (${status}): ${asEnd(words)}`, {
    hint,
    details: {
      google: { status, reason: reasons[0] ?? null, message },
      retry_after_seconds: retryAfterSeconds(answer, now),
      response: text,
    },
  });
}

function withResponse({ code, message, hint, details }: GsacError, response: string): GsacError {
  return new GsacError(code, message, { hint, details: { ...details, response } });
}

function meaningOf(refusal: ApiRefusal): { code: ErrorCode; hint: string } {
  const usual = refusal.status >= 500 ? 'google_unavailable' : 'request_refused';
  const code = codeOfRefusal(refusal) ?? usual;
  const hints: Readonly<Partial<Record<ErrorCode, string>>> = {
    rate_limited: 'Try again in a minute.',
    google_unavailable: 'Try again in a minute.',
    api_disabled: `Enable the API at ${enablingPage(refusal)}, and wait a few minutes.`,
    scope_missing:
      'Ask for the scope that this method needs, sign in again, and exchange the new code. `gsac accounts --json` shows the scopes that were granted.',
    admin_policy_enforced: 'The Workspace administrator can allow the app in the Admin console.',
    access_token_refused:
      'Run `gsac refresh` and try again; if that is refused too, access was revoked: sign in again.',
  };
  return { code, hint: hints[code] ?? '--trace shows what was sent.' };
}
