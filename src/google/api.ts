import { type ErrorCode, GsacError } from '../core/errors.js';
import type { HttpMethod } from '../core/http-record.js';
import type { AccessTokens } from './drive.js';
import { asEnd, readRefusal } from './drive-error.js';
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
  const { message = '', reasons = [] } = refusal ?? {};
  const { code, hint } = meaningOf(status, message, reasons);
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

function meaningOf(
  status: number,
  message: string,
  reasons: readonly string[],
): { code: ErrorCode; hint: string } {
  const has = (...names: string[]) => reasons.some((reason) => names.includes(reason));
  if (status === 429 || has('userRateLimitExceeded', 'rateLimitExceeded', 'RATE_LIMIT_EXCEEDED')) {
    return { code: 'rate_limited', hint: 'Try again in a minute.' };
  }
  if (status >= 500) return { code: 'google_unavailable', hint: 'Try again in a minute.' };
  if (has('accessNotConfigured', 'SERVICE_DISABLED')) {
    const page = /https:\/\/console\.\S+[^\s.,]/.exec(message)?.[0];
    const where = page ?? 'the Cloud console, APIs & Services';
    return { code: 'api_disabled', hint: `Enable the API at ${where}, and wait a few minutes.` };
  }
  if (has('insufficientPermissions', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', 'insufficientScopes')) {
    return {
      code: 'scope_missing',
      hint: 'Ask for the scope that this method needs, sign in again, and exchange the new code. `gsac accounts --json` shows the scopes that were granted.',
    };
  }
  if (status === 401) {
    return {
      code: 'access_token_refused',
      hint: 'Run `gsac refresh` and try again; if that is refused too, access was revoked: sign in again.',
    };
  }
  return { code: 'request_refused', hint: '--trace shows what was sent.' };
}
