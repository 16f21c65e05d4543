import type { Call } from '../http/call.js';
import type { EmulatorParts } from '../http/emulator-parts.js';
import { oauthError } from '../http/respond.js';
import type { EmulatorClient } from '../state/model.js';
import type { EmulatorState } from '../state/state.js';
import { findActive } from './authorize-request.js';

/**
 * Finds the client of a token request, from the body or from HTTP Basic, or the refusal. Never
 * touches the code of the request.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
export function checkClient(call: Call, { state }: EmulatorParts): EmulatorClient | Response {
  const id = call.form.get('client_id') || call.basic?.id;
  const secret = call.form.get('client_secret') || call.basic?.secret;
  if (!id) {
    return oauthError(400, 'invalid_request', 'Could not determine client ID from request.');
  }
  const client = findActive(state.clients.get(id));
  if ('error' in client) return oauthError(client.status, client.error, client.sentence);
  if (client.clientSecret === undefined) {
    if (ownsCredential(call, client, state)) return client;
    return oauthError(401, 'invalid_client', 'Unauthorized');
  }
  if (!secret) return oauthError(400, 'invalid_request', 'client_secret is missing.');
  if (secret !== client.clientSecret) {
    return oauthError(401, 'invalid_client', 'The provided client secret is invalid.');
  }
  return client;
}

// Apps have no secret; they may redeem what was made for them, not a server's code.
function ownsCredential(call: Call, client: EmulatorClient, state: EmulatorState): boolean {
  const code = state.findCode(call.form.get('code') ?? '');
  const grant = state.findGrant(call.form.get('refresh_token') ?? '', call.now);
  return (code ?? grant)?.client === client;
}
