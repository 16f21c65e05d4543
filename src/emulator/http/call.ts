import { readJwt } from '../state/jwt.js';
import type { EmulatorState, LiveAccessToken } from '../state/state.js';
import { parseJsonObject } from './json.js';
import { type Family, familyOf, isForGoogle } from './paths.js';

/** One request, read once: what every endpoint, fault and log line works on. */
export interface Call {
  /** That of `X-HTTP-Method-Override` where it names one. */
  readonly method: string;
  /** What stands there where it is no method that anybody serves. */
  readonly unknownMethod: string | undefined;
  readonly url: URL;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** Decompressed. */
  readonly body: Buffer;
  readonly form: URLSearchParams;
  readonly family: Family;
  readonly basic: { readonly id: string; readonly secret: string } | undefined;
  readonly bearer: string | undefined;
  readonly grantType: string | undefined;
  readonly clientId: string | undefined;
  /** Email of whoever the code or token of the request belongs to, where it is known. */
  readonly user: string | undefined;
  /** The access token of the request, where it is one that works. */
  accessToken: LiveAccessToken | undefined;
  /** The emulator's time in epoch milliseconds; the `clock` fault moves it. */
  now: number;
}

/** The HTTP methods that some path answers. */
export const METHODS: readonly string[] = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
];

/**
 * Makes a call of a request and its body. Does not check anything: an odd body is an empty form, an
 * unknown token has no user.
 */
export function toCall(
  request: Request,
  url: URL,
  body: Buffer,
  state: EmulatorState,
  now: number,
): Call {
  const { headers } = request;
  const path = url.pathname;
  // The emulator's page; Google has one of its own there.
  const isPage = path === '/' && /^(GET|HEAD)$/.test(request.method) && !isForGoogle({ url });
  const family = isPage ? 'emulator' : familyOf(path);
  const override = headers.get('x-http-method-override')?.toUpperCase();
  const isKnown = override !== undefined && METHODS.includes(override);
  const form = readForm(body, headers.get('content-type')?.toLowerCase() ?? '');
  const { basic, bearer } = readAuthorization(headers.get('authorization'));
  const accessToken = findToken({ bearer, query: url.searchParams, form }, state, now);
  const grantType = family === 'token' ? (form.get('grant_type') ?? '') : undefined;
  const asserted = readJwt(form.get('assertion') ?? '')?.claims;
  const account = state.serviceAccounts.get(String(asserted?.['iss']));
  const subject = asserted?.['sub'] === undefined ? account?.email : String(asserted['sub']);
  const owner = subject ?? findOwner(form, url.searchParams, state, now);
  const clientId =
    form.get('client_id') ??
    account?.client.clientId ??
    basic?.id ??
    accessToken?.client.clientId ??
    (family === 'authorize' || family === 'gsi'
      ? (url.searchParams.get('client_id') ?? undefined)
      : undefined);
  return {
    method: isKnown ? override : request.method,
    unknownMethod: isKnown ? undefined : override,
    url,
    path,
    query: url.searchParams,
    headers,
    body,
    form,
    family,
    now,
    accessToken,
    basic,
    bearer,
    grantType,
    clientId,
    user: owner ?? accessToken?.user.email,
  };
}

/** Moves the time of a request, and with it what its access token is worth. */
export function moveClock(call: Call, state: EmulatorState, milliseconds: number): void {
  call.now += milliseconds;
  call.accessToken = findToken(call, state, call.now);
}

function findToken(
  { bearer, query, form }: Pick<Call, 'bearer' | 'query' | 'form'>,
  state: EmulatorState,
  now: number,
): LiveAccessToken | undefined {
  const token = bearer ?? query.get('access_token') ?? form.get('access_token');
  return token ? state.findAccessToken(token, now) : undefined;
}

function findOwner(
  form: URLSearchParams,
  query: URLSearchParams,
  state: EmulatorState,
  now: number,
): string | undefined {
  const refresh = form.get('refresh_token');
  if (refresh) return state.findGrant(refresh, now)?.authorization.user.email;
  const code = form.get('code');
  if (code) return (state.findCode(code)?.authorization ?? state.findRedeemed(code))?.user.email;
  // A person is signing in.
  const chosen = form.get('_user');
  if (chosen) return state.users.get(chosen)?.email;
  const token = form.get('token') ?? query.get('token');
  return token ? state.findToken(token, now)?.user.email : undefined;
}

function readForm(body: Buffer, contentType: string): URLSearchParams {
  if (body.length === 0) return new URLSearchParams();
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    return new URLSearchParams(body.toString());
  }
  if (!contentType.startsWith('application/json')) return new URLSearchParams();
  // Made at once: to set one after another looks each time through all of them.
  return new URLSearchParams(
    Object.entries(parseJsonObject(body) ?? {}).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  );
}

function readAuthorization(header: string | null): Partial<Pick<Call, 'basic' | 'bearer'>> {
  const match = /^(basic|bearer) +(\S+)$/i.exec(header ?? '');
  const value = match?.[2];
  if (value === undefined) return {};
  if (match?.[1]?.toLowerCase() === 'bearer') return { bearer: value };
  const text = Buffer.from(value, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0) return {};
  // RFC 6749 §2.3.1 form-encodes both halves; ids and secrets of Google survive decoding unchanged.
  return {
    basic: { id: formDecode(text.slice(0, colon)), secret: formDecode(text.slice(colon + 1)) },
  };
}

function formDecode(text: string): string {
  return new URLSearchParams(`v=${text.replaceAll('&', '%26')}`).get('v') ?? text;
}
