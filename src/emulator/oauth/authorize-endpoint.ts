import type { Hono } from 'hono';
import type { Call } from '../http/call.js';
import type { EmulatorEnv, EmulatorParts } from '../http/emulator-parts.js';
import { PATHS } from '../http/paths.js';
import type { EmulatorUser } from '../state/model.js';
import { BASIC_SCOPES } from '../state/scopes.js';
import type { EmulatorState } from '../state/state.js';
import { accountPage, consentPage, refusalPage, type TypedAccount } from './authorize-pages.js';
import { type AuthorizeRequest, readAuthorizeRequest } from './authorize-request.js';
import { signIn } from './sign-in.js';

/**
 * Adds the page where a person signs in and consents. The pages remember nothing: each form carries
 * the whole request on, and fields that begin with `_` are the person's answers. There is no
 * password: whoever reaches the emulator may sign anybody in, and add users.
 * @see https://developers.google.com/identity/protocols/oauth2/web-server#creatingclient
 */
export function addAuthorizeEndpoint(app: Hono<EmulatorEnv>, parts: EmulatorParts): void {
  for (const path of PATHS.authorize) {
    app.get(path, (c) => answer(c.env.call, c.env.call.query, parts));
    app.post(path, (c) => answer(c.env.call, formOrQuery(c.env.call), parts));
  }
}

/** A form's action keeps the page's query, which then says the same as its hidden fields. */
function formOrQuery({ form, query }: Call): URLSearchParams {
  return form.has('client_id') ? form : query;
}

function answer(call: Call, parameters: URLSearchParams, parts: EmulatorParts): Response {
  const { state } = parts;
  const request = readAuthorizeRequest(parameters, state);
  if ('error' in request) return refusalPage(request);
  const silent = request.prompt.has('none');
  const hinted = request.prompt.has('select_account') ? null : request.loginHint;
  const { user, typed } = chooseUser(call, hinted, state);
  if (user === undefined) {
    if (silent) return sendBack(request, { error: 'login_required' });
    return accountPage(request, state.users.values(), typed);
  }
  const granted = state.consentedScopes(user, request.client.project.number);
  const covered = request.scopes.every((scope) => granted.has(scope));
  if (covered && !request.prompt.has('consent')) {
    return sendCode(call, request, user, request.scopes, granted, parts);
  }
  if (silent) return sendBack(request, { error: 'interaction_required' });
  const consent = call.method === 'POST' ? call.form.get('_consent') : null;
  if (consent === null) return consentPage(request, user, granted);
  const ticked = new Set(call.form.getAll('_grant'));
  const allowed = request.scopes.filter((scope) => BASIC_SCOPES.has(scope) || ticked.has(scope));
  if (consent !== 'allow' || allowed.length === 0) {
    return sendBack(request, { error: 'access_denied' });
  }
  return sendCode(call, request, user, allowed, granted, parts);
}

/** Who signs in: whom the person chose or typed, else who is hinted at; what was typed if that is nobody. */
export function chooseUser(
  call: Call,
  hinted: string | null,
  state: EmulatorState,
): { user?: EmulatorUser | undefined; typed?: TypedAccount | undefined } {
  const chosen = call.method === 'POST' ? call.form.get('_user') : null;
  const named = (chosen ?? hinted)?.trim();
  const isNew = call.method === 'POST' && call.form.has('_create') && !isForeign(call);
  const user = named === undefined ? undefined : findNamed(named, isNew, state);
  return { user, typed: toTyped(named, chosen !== null) };
}

/** The user of an email or an account ID, who is added if somebody asked for that. */
function findNamed(name: string, isNew: boolean, state: EmulatorState): EmulatorUser | undefined {
  const known = state.findUser(name) ?? state.findSub(name);
  return known ?? (isNew && isEmail(name) ? state.addUser({ email: name }) : undefined);
}

/** Whether a page of the web sent the form: such a page must not add users. */
function isForeign({ headers }: Call): boolean {
  return headers.get('sec-fetch-site')?.toLowerCase() === 'cross-site';
}

function toTyped(named: string | undefined, isChosen: boolean): TypedAccount | undefined {
  if (named === undefined) return undefined;
  const email = named.slice(0, 320);
  if (!isChosen) return { email };
  return { email, problem: isEmail(named) ? 'unknown' : 'no email address' };
}

/** Google takes no longer ones, either. */
function isEmail(text: string): boolean {
  return text.length <= 320 && /^[^@\s]+@[^@\s]+$/.test(text);
}

function sendCode(
  call: Call,
  request: AuthorizeRequest,
  user: EmulatorUser,
  allowed: readonly string[],
  granted: ReadonlySet<string>,
  { state }: EmulatorParts,
): Response {
  const scopes = request.includeGranted ? [...new Set([...allowed, ...granted])] : allowed;
  const { codeChallenge, nonce, wantsAuthTime } = request;
  const { code } = signIn(
    {
      clientId: request.client.clientId,
      user: user.email,
      scopes,
      source: 'web-redirect',
      redirectUri: request.redirectUri,
      forceConsent: request.prompt.has('consent'),
      accessType: request.offline ? 'offline' : 'online',
      codeChallenge: codeChallenge?.value,
      codeChallengeMethod: codeChallenge?.method,
      nonce: nonce ?? undefined,
      authTime: wantsAuthTime ? Math.floor(call.now / 1000) : undefined,
    },
    state,
    call.now,
    true,
  );
  return sendBack(request, {
    code,
    scope: scopes.join(' '),
    authuser: '0',
    hd: user.hd ?? null,
    prompt: request.prompt.has('consent') ? 'consent' : 'none',
  });
}

function sendBack(
  request: AuthorizeRequest,
  answers: Readonly<Record<string, string | null>>,
): Response {
  return redirectTo(new URL(request.redirectUri), { state: request.state, ...answers });
}

/** Sends the browser to the app; by 303, since what follows a form must be a GET. */
export function redirectTo(url: URL, answers: Readonly<Record<string, string | null>>): Response {
  for (const [name, value] of Object.entries(answers)) {
    if (value !== null) url.searchParams.set(name, value);
  }
  return new Response(null, {
    status: 303,
    headers: { location: url.href, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  });
}
