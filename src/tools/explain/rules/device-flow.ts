import { all, any, errorIs, rulesWith, says, told, unless } from './rule.js';

const deviceDocs = 'https://developers.google.com/identity/protocols/oauth2/limited-input-device';
const deviceWords =
  /device[ _-]?(code|flow|auth\w{0,12}|login|token)|DeviceFlow|DeviceCode|google\.com\/device|user_code|limited[- ]input/i;

/** The device flow: a code on a screen, which a person enters on another device. */
export const deviceFlowRules = rulesWith(
  { docs: deviceDocs, stages: ['exchange', 'signin-config'] },
  [
    {
      cause: 'device-flow-scope-not-allowed',
      why: 'The device flow accepts only a few scopes (email, openid, profile, drive.appdata, drive.file, youtube), and this scope is not one of them.',
      fix: 'Ask only for allowed scopes, or sign in through a browser instead (a "Desktop app" client with a loopback redirect).',
      docs: `${deviceDocs}#allowedscopes`,
      proves: says(/Invalid device flow scope/i),
      speaksFor: all(
        errorIs('invalid_scope'),
        any(says(deviceWords, /OAuth2DeviceCodeError/i), told(deviceWords)),
      ),
    },
    {
      cause: 'device-code-pending',
      why: 'Nobody has entered the code yet. This response is normal while the program waits.',
      fix: 'Ask again every "interval" seconds (usually five) until the response changes. Do not treat this one as an error.',
      docs: `${deviceDocs}#step-6:-handle-responses-to-polling-requests`,
      proves: says(/authorization_pending|\bPrecondition Required\b/i),
    },
    {
      cause: 'device-polling-too-fast',
      why: 'The program asks for the token more often than Google allows.',
      fix: 'Wait as long as "interval" says, and five more seconds after each slow_down.',
      docs: `${deviceDocs}#step-6:-handle-responses-to-polling-requests`,
      proves: says(/\bslow_down\b/i),
    },
    {
      cause: 'device-code-expired',
      why: 'Nobody entered the code in time. A device code is valid for about half an hour.',
      fix: 'Request a new device code and show the new user code.',
      docs: `${deviceDocs}#step-6:-handle-responses-to-polling-requests`,
      proves: says(/\bexpired_token\b|device code (has |is )?expired|code_expired/i),
      speaksFor: unless(
        all(says(/expired/i), says(deviceWords)),
        says(/access[_ ]token|id[_ ]token|refresh/i),
      ),
    },
  ],
);
