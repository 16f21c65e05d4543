import type { Hono } from 'hono';
import type { Call } from '../http/call.js';
import type { EmulatorEnv, EmulatorParts } from '../http/emulator-parts.js';
import { PATHS } from '../http/paths.js';
import type { EmulatorUser } from '../state/model.js';
import { BASIC_SCOPES } from '../state/scopes.js';
import type { EmulatorState } from '../state/state.js';
import { accountPage, consentPage, refusalPage, type TypedAccount } from './authorize-pages.js';
import { type AuthorizeRequest, readAuthorizeRequest } from './authorize-request.js';
import { readRelay } from './javascript-origin.js';
import { signIn } from './sign-in.js';
import { issueTokens } from './token-issue.js';

/**
 * Adds the page where a person signs in and consents. The pages remember nothing: each form carries
 * the whole request on, and fields that begin with `_` are the person's answers. There is no
 * password: whoever reaches the emulator may sign anybody in, and add users.
 * @see https://developers.google.com/identity/protocols/oauth2/web-server#creatingclient
 */
export function addAuthorizeEndpoint(app: Hono<EmulatorEnv>, parts: EmulatorParts): void {
  for (const path of PATHS.authorize) {
    app.get(path, async (c) => answer(c.env.call, c.env.call.query, parts));
    app.post(path, async (c) => answer(c.env.call, formOrQuery(c.env.call), parts));
  }
}

/** A form's action keeps the page's query, which then says the same as its hidden fields. */
function formOrQuery({ form, query }: Call): URLSearchParams {
  return form.has('client_id') ? form : query;
}

function answer(
  call: Call,
  parameters: URLSearchParams,
  parts: EmulatorParts,
): Response | Promise<Response> {
  const { state } = parts;
  const request = readAuthorizeRequest(parameters, state);
  if ('error' in request) return refusalPage(request);
  const silent = request.prompt.has('none');
  const hinted = request.prompt.has('select_account') ? null : request.loginHint;
  const { user, typed } = chooseUser(call, hinted, state);
  if (user === undefined) {
    if (silent) return sendBack(call, request, { error: 'login_required' });
    return accountPage(request, usersOf(request.hostedDomain, state), typed);
  }
  const granted = state.consentedScopes(user, request.client.project.number);
  const covered = request.scopes.every((scope) => granted.has(scope));
  if (covered && !request.prompt.has('consent')) {
    return answerGranted(call, request, user, request.scopes, granted, parts);
  }
  if (silent) return sendBack(call, request, { error: 'interaction_required' });
  const allowed = readConsent(call, request.scopes);
  if (allowed === undefined) return consentPage(request, user, granted);
  if (allowed.length === 0) return sendBack(call, request, { error: 'access_denied' });
  return answerGranted(call, request, user, allowed, granted, parts);
}

/** The scopes that the person allows on the consent page: none for no, undefined before an answer. */
export function readConsent(
  { method, form }: Call,
  scopes: readonly string[],
): readonly string[] | undefined {
  const answer = method === 'POST' ? form.get('_consent') : null;
  if (answer === null) return undefined;
  const ticked = new Set(form.getAll('_grant'));
  const allowed = scopes.filter((scope) => BASIC_SCOPES.has(scope) || ticked.has(scope));
  return answer === 'allow' ? allowed : [];
}

/** The users of a Workspace domain, of any for `*`; everybody without one. */
export function usersOf(domain: string | null, { users }: EmulatorState): EmulatorUser[] {
  return [...users.values()].filter(
    ({ hd }) => !domain || hd === domain || (domain === '*' && hd !== undefined),
  );
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

/** Answers the app with a code, or with the access token that a popup asked for. */
async function answerGranted(
  call: Call,
  request: AuthorizeRequest,
  user: EmulatorUser,
  allowed: readonly string[],
  granted: ReadonlySet<string>,
  parts: EmulatorParts,
): Promise<Response> {
  const { state } = parts;
  const scopes = request.includeGranted ? [...new Set([...allowed, ...granted])] : allowed;
  const more = {
    authuser: '0',
    hd: user.hd ?? null,
    prompt: request.prompt.has('consent') ? 'consent' : 'none',
  };
  const { client, relay, codeChallenge, nonce, wantsAuthTime } = request;
  if (request.responseType === 'token') {
    const { authorization } = state.consent(user, client.project.number, scopes);
    const holder = { authorization, client, azp: client.clientId };
    const planned = { scopes, refreshToken: false, idToken: false, isOffline: false };
    const tokens = Object.entries(await issueTokens(call, parts, holder, planned));
    const texts = Object.fromEntries(tokens.map(([name, value]) => [name, String(value)]));
    return sendBack(call, request, { ...texts, ...more });
  }
  const { code } = signIn(
    {
      clientId: client.clientId,
      user: user.email,
      scopes,
      source: relay === undefined ? 'web-redirect' : 'web-popup',
      redirectUri: request.redirectUri,
      forceConsent: request.prompt.has('consent'),
      accessType: request.offline ? 'offline' : 'online',
      codeChallenge: codeChallenge?.value,
      codeChallengeMethod: codeChallenge?.method,
      nonce: nonce ?? undefined,
    },
    state,
    call.now,
    {
      pageOrigin: relay?.origin,
      authTime: wantsAuthTime ? Math.floor(call.now / 1000) : undefined,
    },
  );
  return sendBack(call, request, { code, scope: scopes.join(' '), ...more });
}

function sendBack(
  call: Call,
  request: AuthorizeRequest,
  answers: Readonly<Record<string, string | null>>,
): Response {
  const target = targetOf(call, request.redirectUri);
  return redirectTo(target, { state: request.state, ...answers });
}

/** Where the browser is sent: to the app, or to the page of Google's that hands a popup's answer on. */
export function targetOf({ url }: Pick<Call, 'url'>, redirectUri: string): URL {
  const relay = readRelay(redirectUri);
  if (relay === undefined) return new URL(redirectUri);
  const target = new URL('/gsi/relay', url.origin);
  target.searchParams.set('relay_origin', relay.origin);
  target.searchParams.set('relay_id', relay.id);
  return target;
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
