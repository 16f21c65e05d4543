import type { Hono } from 'hono';
import type { Call } from '../http/call.js';
import type { EmulatorEnv, EmulatorParts } from '../http/emulator-parts.js';
import { rootsFor } from '../http/google-hosts.js';
import { PATHS } from '../http/paths.js';
import { oauthError, oauthJson } from '../http/respond.js';
import {
  DEVICE_CODE_SECONDS,
  DEVICE_INTERVAL_SECONDS,
  type WaitingDevice,
} from '../state/devices.js';
import type { EmulatorClient } from '../state/model.js';
import { BASIC_SCOPES, expandScope, expandScopes } from '../state/scopes.js';
import { chooseUser, readConsent } from './authorize-endpoint.js';
import { accountPage, consentPage, deviceEndPage, userCodePage } from './authorize-pages.js';
import { readClient } from './authorize-request.js';
import { answerTokens } from './token-issue.js';
import { refuseToken } from './token-refusals.js';

const APPDATA = 'https://www.googleapis.com/auth/drive.appdata';
/** @see https://developers.google.com/identity/protocols/oauth2/limited-input-device#allowedscopes */
const ALLOWED = new Set([
  ...BASIC_SCOPES,
  'https://www.googleapis.com/auth/drive.file',
  'https://www.googleapis.com/auth/youtube',
  'https://www.googleapis.com/auth/youtube.readonly',
]);

/** Other names without an address are no scopes of Google's. */
const BARE_SCOPES = new Set(['openid', 'email', 'profile']);

/** Google's words for a client of another type; its answer has the quotes as entities. */
export const WRONG_CLIENT_TYPE =
  'Only clients of type &#39;TVs and Limited Input devices&#39; can use the OAuth 2.0 flow for TV and Limited-Input Device Applications. Please create and use an appropriate client.';

/**
 * Adds where a device gets its codes, and the page where a person types one.
 * @see https://developers.google.com/identity/protocols/oauth2/limited-input-device
 */
export function addDeviceEndpoint(app: Hono<EmulatorEnv>, parts: EmulatorParts): void {
  for (const path of PATHS.device) app.post(path, (c) => giveCodes(c.env.call, parts));
  app.on(['GET', 'POST'], '/device', (c) => answerPerson(c.env.call, parts));
}

function giveCodes(call: Call, { state, switches, origin }: EmulatorParts): Response {
  const client = readClient(call.form, state);
  if ('error' in client) return oauthError(client.status, client.error, client.sentence);
  if (client.kind !== 'device') return oauthError(401, 'invalid_client', WRONG_CLIENT_TYPE);
  const asked = (call.form.get('scope') ?? '').split(' ').filter(Boolean);
  if (asked.length === 0) {
    return oauthError(400, 'invalid_request', 'Missing required parameter: scope');
  }
  const refused = asked.find((scope) => {
    const whole = BARE_SCOPES.has(scope) ? expandScope(scope) : scope;
    return !ALLOWED.has(whole) && !(switches.deviceAppdata && whole === APPDATA);
  });
  if (refused !== undefined) {
    return oauthError(400, 'invalid_scope', `Invalid device flow scope: ${refused}`);
  }
  const { deviceCode, userCode } = state.devices.add(client, expandScopes(asked), call.now);
  return oauthJson(200, {
    device_code: deviceCode,
    user_code: userCode,
    expires_in: DEVICE_CODE_SECONDS,
    interval: DEVICE_INTERVAL_SECONDS,
    verification_url: `${rootsFor(call, origin()).web}/device`,
  });
}

/** Answers a device that asks whether the person has decided. */
export function redeemDeviceCode(
  call: Call,
  client: EmulatorClient,
  parts: EmulatorParts,
): Response | Promise<Response> {
  const { devices } = parts.state;
  const code = call.form.get('device_code') || call.form.get('code') || '';
  if (code === '') {
    return oauthError(400, 'invalid_request', 'Missing required parameter: device_code');
  }
  const device = devices.find(code);
  if (device?.client !== client) return oauthError(400, 'invalid_grant', 'Bad Request');
  if (call.now >= device.expiresAt) return refuseToken('device-too-late');
  const { decision } = device;
  if (decision === 'denied') return refuseToken('device-denied');
  if (decision === undefined)
    return refuseToken(isHasty(device, call.now) ? 'slow-down' : 'authorization-pending');
  devices.remove(device);
  const { authorization, scopes } = decision;
  const holder = { authorization, client, azp: client.clientId };
  return answerTokens(call, parts, holder, { scopes, refreshToken: true });
}

/** Whether a device asks again before its interval is over. A clock that stands still hurries nobody. */
function isHasty(device: WaitingDevice, now: number): boolean {
  const sinceLast = now - (device.lastAskedAt ?? Number.NEGATIVE_INFINITY);
  device.lastAskedAt = now;
  return sinceLast > 0 && sinceLast < DEVICE_INTERVAL_SECONDS * 1000;
}

/**
 * The page where a person types what the device shows, signs in and decides. It remembers nothing: each
 * form carries the code on.
 */
function answerPerson(call: Call, { state }: EmulatorParts): Response {
  const typed = (call.method === 'POST' ? call.form : call.query).get('user_code');
  if (typed === null) return userCodePage();
  const device = state.devices.findTyped(typed, call.now);
  if (device === undefined) return userCodePage(typed);
  const { client, scopes, userCode } = device;
  const request = { client, scopes, parameters: [['user_code', userCode]] as const };
  const { user, typed: email } = chooseUser(call, null, state);
  if (user === undefined) return accountPage(request, state.users.values(), email);
  const allowed = readConsent(call, scopes);
  if (allowed === undefined) {
    return consentPage(request, user, state.consentedScopes(user, client.project.number));
  }
  if (allowed.length === 0) {
    device.decision = 'denied';
    return deviceEndPage(false);
  }
  const { authorization } = state.consent(user, client.project.number, allowed);
  device.decision = { authorization, scopes: allowed };
  return deviceEndPage(true);
}
