import type { Hono } from 'hono';
import type { Call } from '../http/call.js';
import type { EmulatorEnv, EmulatorParts } from '../http/emulator-parts.js';
import { rootsFor } from '../http/google-hosts.js';
import { parseJsonObject } from '../http/json.js';
import { apiError, apiJson, invalidCredentials } from '../http/respond.js';
import { findSelfSigned } from '../oauth/jwt-grant.js';
import { isWebAddress } from '../options-schema.js';
import { EVENT_TYPES, type SecurityEvents } from './security-events.js';

/** Whom service accounts sign the requests of the RISC API for. */
export const RISC_AUDIENCE =
  'https://risc.googleapis.com/google.identity.risc.v1beta.RiscManagementService';
const PUSH = 'https://schemas.openid.net/secevent/risc/delivery-method/push';
const KNOWN: readonly string[] = Object.values(EVENT_TYPES);

/**
 * Adds the API by which a project registers its receiver of security events, and its configuration.
 * @see https://developers.google.com/identity/protocols/risc#register_your_event_receiver
 */
export function addRiscEndpoint(
  app: Hono<EmulatorEnv>,
  parts: EmulatorParts,
  events: SecurityEvents,
): void {
  app.get('/.well-known/risc-configuration', (c) => {
    const { apis } = rootsFor(c.env.call, parts.origin());
    return apiJson({
      issuer: 'https://accounts.google.com/',
      jwks_uri: `${apis}/oauth2/v3/certs`,
      delivery_methods_supported: [PUSH],
    });
  });
  /** Lets a project's service account in, by a JWT that it signed for this API. */
  const on = (method: string, path: string, answer: (project: string, call: Call) => Response) =>
    app.on(method, `/v1beta/stream${path}`, ({ env: { call } }) => {
      const account = findSelfSigned(call.bearer ?? '', RISC_AUDIENCE, call.now, parts);
      return account ? answer(account.client.project.number, call) : invalidCredentials();
    });
  const { state } = parts;
  on('GET', '', (project) => {
    const stream = events.stream(project);
    if (stream === undefined) return noStream();
    const { url, requested = KNOWN } = stream;
    return apiJson({
      iss: 'https://accounts.google.com/',
      aud: state.clientsOf(project).map(({ clientId }) => clientId),
      delivery: { delivery_method: PUSH, url },
      events_requested: requested,
      events_supported: KNOWN,
    });
  });
  on('POST', ':update', (project, call) => {
    const body = parseJsonObject(call.body);
    const delivery = Object(body?.['delivery']);
    const requested = body?.['events_requested'];
    if (delivery['delivery_method'] !== PUSH) return invalid('delivery.delivery_method');
    const url = String(delivery['url']);
    if (!isWebAddress(url)) return invalid('delivery.url');
    if (!Array.isArray(requested) || !requested.every((type) => KNOWN.includes(type))) {
      return invalid('events_requested');
    }
    const isEnabled = events.stream(project)?.isEnabled ?? true;
    events.register(project, { url, requested, isEnabled });
    return apiJson({});
  });
  on('GET', '/status', (project) => {
    const stream = events.stream(project);
    return stream ? apiJson({ status: stream.isEnabled ? 'enabled' : 'disabled' }) : noStream();
  });
  on('POST', '/status:update', (project, call) => {
    const stream = events.stream(project);
    if (stream === undefined) return noStream();
    const status = parseJsonObject(call.body)?.['status'];
    if (status !== 'enabled' && status !== 'disabled') return invalid('status');
    stream.isEnabled = status === 'enabled';
    return apiJson({});
  });
  on('POST', ':verify', (project, call) => {
    const [client] = state.clientsOf(project);
    const [user] = state.users.values();
    if (!events.stream(project) || !client || !user) return noStream();
    const said = String(parseJsonObject(call.body)?.['state'] ?? '');
    // The answer does not wait for the receiver.
    void events.send({ event: 'verification', user, client, state: said });
    return apiJson({});
  });
}

function noStream(): Response {
  return apiError({
    code: 404,
    message: 'Requested entity was not found.',
    reason: 'notFound',
    status: 'NOT_FOUND',
  });
}

function invalid(field: string): Response {
  return apiError({
    code: 400,
    message: `Invalid value at '${field}'.`,
    reason: 'badRequest',
    status: 'INVALID_ARGUMENT',
  });
}
