/** What keeps an answer out of every cache. */
export const NO_CACHE = 'no-cache, no-store, max-age=0, must-revalidate';

const TOKEN_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': NO_CACHE,
  pragma: 'no-cache',
  'x-content-type-options': 'nosniff',
  vary: 'X-Origin, Referer, Origin,Accept-Encoding',
};

const API_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'application/json; charset=UTF-8',
  'cache-control': NO_CACHE,
  'x-content-type-options': 'nosniff',
  vary: 'Origin, X-Origin, Referer',
};

/** What of a body goes with a status: none has one that forbids it (RFC 9110 §15.3.5, §15.4.5). */
export function bodyOf<T>(status: number, body: T): T | null {
  return status === 204 || status === 205 || status === 304 ? null : body;
}

/** The same answer with another body. */
export function withBody(response: Response, body: string | Uint8Array<ArrayBuffer>): Response {
  const { status } = response;
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  return new Response(bodyOf(status, body), { status, headers });
}

const refusals = new WeakMap<Response, string>();

/** The text of a refusal that was made here, which costs less than to read it from its response. */
export function textOf(response: Response): string | undefined {
  return refusals.get(response);
}

function withText(response: Response, text: string): Response {
  if (response.status >= 400) refusals.set(response, text);
  return response;
}

/** Answers as the OAuth endpoints do: pretty-printed JSON that must not be cached. */
export function oauthJson(status: number, body: unknown): Response {
  const text = JSON.stringify(body, null, 2);
  return withText(new Response(bodyOf(status, text), { status, headers: TOKEN_HEADERS }), text);
}

/** Answers with an error of the OAuth endpoints. `extra` fields follow the description. */
export function oauthError(
  status: number,
  error: string,
  description?: string,
  extra: Readonly<Record<string, string>> = {},
): Response {
  return oauthJson(status, { error, error_description: description, ...extra });
}

/** Answers as Google's APIs do: JSON with two spaces. */
export function apiJson(
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  status = 200,
): Response {
  const text = JSON.stringify(body, null, 2);
  const init = { status, headers: { ...API_HEADERS, ...headers } };
  return withText(new Response(bodyOf(status, text), init), text);
}

/** One error of Google's APIs. */
export interface ApiError {
  readonly code: number;
  readonly message: string;
  readonly reason: string;
  /** Text of the inner error where it differs from `message`. */
  readonly inner?: string;
  readonly domain?: string;
  readonly location?: string;
  readonly locationType?: 'header' | 'parameter';
  readonly status?: string;
  readonly details?: readonly unknown[];
  readonly extendedHelp?: string;
}

/**
 * Answers with an error of Google's APIs.
 * @see https://developers.google.com/workspace/drive/api/guides/handle-errors
 */
export function apiError(
  error: ApiError,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const { code, message, inner = message, domain = 'global', reason, status, details } = error;
  const { location, locationType, extendedHelp } = error;
  const errors = [{ message: inner, domain, reason, location, locationType, extendedHelp }];
  return apiJson({ error: { code, message, errors, status, details } }, headers, code);
}

/** Answers a revocation. */
export function revoked(body: string): Response {
  return new Response(body, {
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  });
}

/** Answers with a page in the manner of Google's error pages. */
export function htmlError(status: number, title: string, sentence: string): Response {
  const html = `<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <title>Error ${status} (${title})!!1</title>
  <p><b>${status}.</b> <ins>That’s an error.</ins>
  <p>${sentence}  <ins>That’s all we know.</ins>
`;
  return new Response(bodyOf(status, html), {
    status,
    headers: { 'content-type': 'text/html; charset=UTF-8', 'referrer-policy': 'no-referrer' },
  });
}

/** Google's page for a method that it does not take. */
export function htmlMethodNotAllowed(method: string, path: string): Response {
  return htmlError(
    405,
    'Method Not Allowed',
    `The request method <code>${safe(method)}</code> is inappropriate for the URL <code>${safe(path)}</code>.`,
  );
}

function safe(text: string): string {
  return text.replace(/[^\w./-]/g, '');
}

/** Google's page for a path that does not exist or does not take the method. */
export function htmlNotFound(path: string): Response {
  return htmlError(
    404,
    'Not Found',
    `The requested URL <code>${safe(path)}</code> was not found on this server.`,
  );
}

/** 401: no token, or one that is unknown, expired or revoked. */
export function invalidCredentials(): Response {
  return apiError(
    {
      code: 401,
      message:
        'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
      inner: 'Invalid Credentials',
      reason: 'authError',
      location: 'Authorization',
      locationType: 'header',
      status: 'UNAUTHENTICATED',
    },
    { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' },
  );
}
