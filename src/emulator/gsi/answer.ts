import type { Call } from '../http/call.js';
import type { EmulatorParts } from '../http/emulator-parts.js';
import { htmlError } from '../http/respond.js';
import { chooseUser, redirectTo, usersOf } from '../oauth/authorize-endpoint.js';
import { accountPage, consentPage, refusalPage } from '../oauth/authorize-pages.js';
import {
  type AuthorizeRefusal,
  originRefusal,
  readClient,
  redirectRefusal,
} from '../oauth/authorize-request.js';
import { acceptsOrigin } from '../oauth/javascript-origin.js';
import { revokeAccess } from '../oauth/sign-in.js';
import type { EmulatorClient, EmulatorUser } from '../state/model.js';
import type { EmulatorState } from '../state/state.js';
import { clientScript } from './client-script.js';
import { createCredential, SIGN_IN_SCOPES } from './credential.js';
import { buttonPage, formPage, messagePage, oneTapPage } from './pages.js';

/** Answers a request below `/gsi/`; undefined for what the emulator does not have there. */
export function answerGsi(
  call: Call,
  parts: EmulatorParts,
): Response | Promise<Response> | undefined {
  return ANSWERS[`${call.method} ${call.path}`]?.(call, parts);
}

type Answer = (call: Call, parts: EmulatorParts) => Response | Promise<Response>;

const ANSWERS: Readonly<Record<string, Answer>> = {
  'GET /gsi/client': () =>
    new Response(clientScript, {
      headers: {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'private, max-age=1800',
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
      },
    }),
  'GET /gsi/relay': relay,
  'GET /gsi/status': status,
  'GET /gsi/button': button,
  'GET /gsi/select': select,
  'POST /gsi/select': select,
  'GET /gsi/iframe/select': oneTap,
  'POST /gsi/iframe/select': oneTap,
  'POST /gsi/revoke': revoke,
};

/** Hands what the authorization page answers to the page that opened the popup. */
function relay({ query }: Call): Response {
  const { relay_origin: origin = '', relay_id: id, ...answer } = Object.fromEntries(query);
  return isOrigin(origin)
    ? messagePage({ origin, message: { id, answer } })
    : htmlError(400, 'Bad Request', 'The request names no origin.');
}

/** A client and a page that may use Google's script with it. */
interface Asker {
  readonly client: EmulatorClient;
  readonly origin: string;
}

/** Finds who asks, or says as Google does why a page may not. */
function readAsker(
  query: URLSearchParams,
  origin: string,
  state: EmulatorState,
): Asker | AuthorizeRefusal {
  const client = readClient(query, state);
  if ('error' in client) return client;
  if (isOrigin(origin) && acceptsOrigin(client, origin)) return { client, origin };
  return originRefusal(client, origin);
}

/**
 * The origin of the page, as Google's button learns it: a page whose Referrer-Policy hides it is refused.
 * @see https://github.com/MomenSherif/react-oauth/issues/228
 */
function referrerOf({ headers }: Call): string {
  const referrer = headers.get('referer') ?? '';
  return URL.canParse(referrer) ? new URL(referrer).origin : '';
}

function isOrigin(text: string): boolean {
  return (
    /^https?:\/\/[\w.:[\]-]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text
  );
}

/** Tells Google's script whether its page may use it, and whether somebody can be signed in at once. */
function status(call: Call, { state }: EmulatorParts): Response {
  const { query, headers } = call;
  const origin = headers.get('origin') ?? '';
  const asker = readAsker(query, referrerOf(call), state);
  if ('error' in asker) {
    const reason = asker.error === 'origin_mismatch' ? 'unregistered_origin' : 'invalid_client';
    return answerPage({ error: reason }, origin, 403);
  }
  return answerPage({ auto: knownUsers(asker.client, query, state).length === 1 }, origin);
}

/** The people who have signed in to the app before. */
function knownUsers(
  { project }: EmulatorClient,
  query: URLSearchParams,
  state: EmulatorState,
): EmulatorUser[] {
  return usersOf(query.get('hd'), state).filter((user) => isKnown(user, project.number, state));
}

function isKnown(user: EmulatorUser, projectNumber: string, state: EmulatorState): boolean {
  const granted = state.consentedScopes(user, projectNumber);
  return SIGN_IN_SCOPES.every((scope) => granted.has(scope));
}

function answerPage(body: object, origin: string, status = 200): Response {
  return Response.json(body, {
    status,
    headers: { 'access-control-allow-origin': origin, 'cache-control': 'no-store', vary: 'Origin' },
  });
}

function button(call: Call, { state }: EmulatorParts): Response {
  const { query } = call;
  const asker = readAsker(query, referrerOf(call), state);
  if (!('error' in asker)) return buttonPage(query, asker.origin);
  const isOriginRefused = asker.error === 'origin_mismatch';
  const sentence = 'The given origin is not allowed for the given client ID.';
  return htmlError(403, 'Forbidden', isOriginRefused ? sentence : asker.sentence);
}

/** Where a person chooses an account, in a popup or in the app's own window. */
async function select(call: Call, parts: EmulatorParts): Promise<Response> {
  const { state } = parts;
  const query = call.form.has('client_id') ? call.form : call.query;
  const asker = readAsker(query, query.get('origin') ?? '', state);
  if ('error' in asker) return refusalPage(asker);
  const { client, origin } = asker;
  const loginUri = query.get('ux_mode') === 'redirect' ? (query.get('login_uri') ?? '') : undefined;
  if (loginUri !== undefined && !client.redirectUris.includes(loginUri)) {
    return refusalPage(redirectRefusal(loginUri));
  }
  const id = query.get('id');
  const parameters = [...query].filter(([name]) => !name.startsWith('_'));
  const request = { client, scopes: SIGN_IN_SCOPES, parameters };
  const { user, typed } = chooseUser(call, query.get('login_hint'), state);
  if (user === undefined) return accountPage(request, usersOf(query.get('hd'), state), typed);
  const known = isKnown(user, client.project.number, state);
  const consent = call.method === 'POST' ? call.form.get('_consent') : null;
  if (!known && consent === null) return consentPage(request, user, new Set());
  if (consent === 'cancel') {
    return loginUri === undefined
      ? messagePage({ origin, message: { id, answer: {} } })
      : redirectTo(new URL(origin), {});
  }
  const credential = await createCredential(call, user, client, query.get('nonce'), parts);
  const selectBy = known ? 'btn' : 'btn_confirm';
  const answer = { credential, select_by: selectBy };
  if (loginUri === undefined) return messagePage({ origin, message: { id, answer } });
  const csrf = query.get('g_csrf_token') ?? '';
  const fields = { ...answer, client_id: client.clientId, g_csrf_token: csrf };
  const kept = query.get('state');
  return formPage(loginUri, [
    ...Object.entries(fields),
    ...(kept === null ? [] : [['state', kept] as const]),
  ]);
}

/** One Tap, which works as if everybody who has an account were signed in to Google in this browser. */
async function oneTap(call: Call, parts: EmulatorParts): Promise<Response> {
  const { state } = parts;
  const query = call.form.has('client_id') ? call.form : call.query;
  const asker = readAsker(query, query.get('origin') ?? '', state);
  if ('error' in asker) return refusalPage(asker);
  const { client, origin } = asker;
  const known = knownUsers(client, query, state);
  const isAuto = query.get('auto_select') === 'true' && known.length === 1;
  const hint = query.get('login_hint');
  const hinted = hint === null ? undefined : (state.findUser(hint) ?? state.findSub(hint));
  const chosen = isAuto ? known[0] : chooseUser(call, null, state).user;
  if (chosen === undefined) {
    const offered = hinted === undefined ? usersOf(query.get('hd'), state) : [hinted];
    return oneTapPage(query, origin, offered);
  }
  const selectBy = isAuto ? 'auto' : known.includes(chosen) ? 'user' : 'user_1tap';
  const credential = await createCredential(call, chosen, client, query.get('nonce'), parts);
  return messagePage({ origin, message: { answer: { credential, select_by: selectBy } } });
}

/** Ends access for Google's script: by an access token, or by whose ID token it was. */
function revoke(call: Call, { state }: EmulatorParts): Response {
  const { form, headers, now } = call;
  const origin = headers.get('origin') ?? '';
  const token = form.get('token');
  if (token !== null) {
    const found = state.findToken(token, now);
    if (found === undefined) {
      const error_description = 'Token expired or revoked';
      return answerPage({ successful: false, error: 'invalid_token', error_description }, origin);
    }
    state.revoke(found);
    return answerPage({ successful: true }, origin);
  }
  const asker = readAsker(form, origin, state);
  if ('error' in asker) return answerPage({ successful: false, error: asker.error }, origin);
  const hint = form.get('login_hint') ?? '';
  const user = state.findUser(hint) ?? state.findSub(hint);
  const isDone =
    user !== undefined &&
    isKnown(user, asker.client.project.number, state) &&
    revokeAccess(user, asker.client, state);
  return answerPage(
    isDone ? { successful: true } : { successful: false, error: 'invalid_request' },
    origin,
  );
}
