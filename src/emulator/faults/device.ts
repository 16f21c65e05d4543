import { oauthError, oauthJson } from '../http/respond.js';
import { WRONG_CLIENT_TYPE } from '../oauth/device-endpoint.js';
import type { FaultDefinition } from './model.js';

const DEVICES = 'https://developers.google.com/identity/protocols/oauth2/limited-input-device';

/** What goes wrong when a device asks for its codes. */
export const DEVICE_FAULTS: readonly FaultDefinition[] = [
  {
    name: 'device-client-type',
    summary: 'The client is not one of TVs and devices.',
    answers: 'invalid_client',
    source: 'plugin.video.youtube#299',
    answer: () => oauthError(401, 'invalid_client', WRONG_CLIENT_TYPE),
  },
  {
    name: 'device-scope',
    summary: 'Devices may not ask for one of the scopes.',
    answers: 'invalid_scope',
    source: `${DEVICES}#allowedscopes`,
    answer: ({ call }) => {
      const [scope = ''] = (call.form.get('scope') ?? '').split(' ');
      return oauthError(400, 'invalid_scope', `Invalid device flow scope: ${scope}`);
    },
  },
  {
    name: 'device-quota',
    summary: 'The client has asked for too many device codes.',
    answers: 'rate_limit_exceeded',
    source: `${DEVICES}#step-2:-handle-the-authorization-server-response`,
    answer: () => oauthJson(403, { error_code: 'rate_limit_exceeded' }),
  },
];
