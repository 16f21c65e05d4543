import type { AuthorizationRequest, Case, Stage } from '../../core/diagnosis.js';
import { GsacError } from '../../core/errors.js';
import { isJsonObject, parseJsonObject } from '../../core/json.js';
import { parseScopes } from '../../core/scopes.js';

/** How many of a HAR file's requests are looked at, the last ones first. */
const mostEntries = 5_000;

/**
 * Reads an authorization request out of its address, or out of the address of the page that
 * Google shows for it. What the request asks for becomes part of the case, and of what was observed.
 *
 * @throws {GsacError} `usage` for what is no such address.
 */
export function readAuthorizationUrl(text: string): Case {
  const url = toUrl(text.trim());
  if (url === undefined || !(url.searchParams.has('client_id') || isAuthorization(url))) {
    throw new GsacError('usage', '--auth-url is not the address of an authorization request.', {
      hint: 'Copy it from the browser while Google’s page is shown; it begins with https://accounts.google.com/ and has client_id= in it. Quote it for the shell.',
    });
  }
  return toCase(readParameters(url.searchParams));
}

function toCase(authorization: AuthorizationRequest): Case {
  const { scopes } = authorization;
  return { authorization, ...(scopes === undefined ? {} : { requestedScopes: scopes }) };
}

function readParameters(query: URLSearchParams): AuthorizationRequest {
  const value = (name: string) => query.get(name) ?? undefined;
  const scope = value('scope');
  return {
    clientId: value('client_id'),
    redirectUri: value('redirect_uri'),
    responseType: value('response_type'),
    accessType: value('access_type'),
    prompt: value('prompt') ?? (value('approval_prompt') === 'force' ? 'consent' : undefined),
    scopes: scope === undefined ? undefined : parseScopes(scope),
  };
}

function toUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function isAuthorization({ hostname, pathname }: URL): boolean {
  return /(^|\.)google\.com$/.test(hostname) && /\/o\/oauth2\/|\/signin\/oauth/.test(pathname);
}

/** A request and its answer, as a HAR file has them. */
interface Entry {
  url: URL;
  /** The fields of a form that was sent. */
  form: URLSearchParams;
  status: number;
  body: string;
}

/**
 * Finds the failing exchange with Google in a HAR file, and the authorization request before it.
 *
 * @throws {GsacError} `usage` for what is no HAR file, or has no refusal of Google's.
 * @see http://www.softwareishard.com/blog/har-12-spec/
 */
export function readHar(text: string, path: string): Case {
  const entries = toEntries(parseJsonObject(text));
  if (entries === undefined) {
    throw new GsacError('usage', `${path} is not a HAR file.`, {
      hint: 'In the browser’s developer tools, Network, choose "Save all as HAR with content".',
    });
  }
  const asked = entries.findLast(
    ({ url }) => isAuthorization(url) && url.searchParams.has('client_id'),
  );
  const authorization = asked && readParameters(asked.url.searchParams);
  const failed =
    entries.findLast((entry) => isGoogle(entry.url) && entry.status >= 400) ??
    entries.findLast(({ url }) => url.searchParams.has('error'));
  if (failed === undefined) {
    throw new GsacError('usage', `${path} has no request that Google refused.`, {
      hint: 'Record until the failure shows, with "Preserve log" on. What a server sends to Google is not in it: give that error as text.',
    });
  }
  return { ...(authorization && toCase(authorization)), ...describeFailure(failed) };
}

function describeFailure({ url, form, status, body }: Entry): Case {
  const field = (name: string) => form.get(name) ?? undefined;
  const stage = stageOf(url, form);
  const answer =
    status >= 400
      ? body
      : `${url.origin}${url.pathname}?error=${url.searchParams.get('error')} ${url.searchParams.get('error_description') ?? ''}`;
  return {
    observed: answer,
    ...(stage === undefined ? {} : { stage }),
    ...(status >= 400 ? { httpStatus: status } : {}),
    ...(stage === 'exchange'
      ? { redirectUri: field('redirect_uri') ?? '', code: field('code') }
      : {}),
    clientId: field('client_id'),
  };
}

function stageOf(url: URL, form: URLSearchParams): Stage | undefined {
  if (form.get('grant_type') === 'refresh_token') return 'refresh';
  if (form.get('grant_type') === 'authorization_code') return 'exchange';
  if (/\/revoke$/.test(url.pathname)) return 'revoke';
  if (/\/drive\//.test(url.pathname)) return 'drive';
  return isAuthorization(url) || url.searchParams.has('error') ? 'signin-config' : undefined;
}

function isGoogle({ hostname }: URL): boolean {
  return /(^|\.)(google|googleapis)\.com$/.test(hostname);
}

function toEntries(har: Record<string, unknown> | undefined): Entry[] | undefined {
  const log = har?.['log'];
  const entries = isJsonObject(log) ? log['entries'] : undefined;
  if (!Array.isArray(entries)) return undefined;
  return entries.slice(-mostEntries).flatMap((entry: unknown) => toEntry(entry) ?? []);
}

function toEntry(entry: unknown): Entry | undefined {
  const part = (of: unknown, name: string) => {
    const value = isJsonObject(of) ? of[name] : undefined;
    return isJsonObject(value) ? value : {};
  };
  const [request, response] = [part(entry, 'request'), part(entry, 'response')];
  const url = toUrl(String(request['url']));
  if (url === undefined) return undefined;
  const sent = part(request, 'postData')['text'];
  const content = part(response, 'content');
  const text = typeof content['text'] === 'string' ? content['text'] : '';
  return {
    url,
    form: new URLSearchParams(typeof sent === 'string' ? sent : ''),
    status: Number(response['status']),
    body: content['encoding'] === 'base64' ? Buffer.from(text, 'base64').toString('utf8') : text,
  };
}
