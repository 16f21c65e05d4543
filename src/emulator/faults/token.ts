import type { Issuance } from '../state/model.js';
import { expandScope } from '../state/scopes.js';
import { type FaultContext, type FaultDefinition, issues } from './model.js';
import { BOUNDS, parameter, valueIn } from './parameters.js';

function removeFields(answer: Record<string, unknown>, names: readonly string[]): void {
  for (const name of names) delete answer[name];
}

function dropScopes({ fault }: FaultContext, issuance: Issuance): void {
  const dropped = new Set(valueIn(fault, 'drop', ['drive.appdata']).map(expandScope));
  issuance.scopes = issuance.scopes.filter((scope) => !dropped.has(scope));
  issuance.idToken &&= issuance.scopes.includes('openid');
}

function becomeAnother({ state, fault }: FaultContext, issuance: Issuance): void {
  const { user, projectNumber } = issuance.authorization;
  const wanted = fault['as'];
  const other = [...state.users.values()].find((one) =>
    wanted === undefined ? one !== user : one.email === wanted,
  );
  if (!other) return;
  issuance.authorization = state.consent(other, projectNumber, issuance.scopes).authorization;
}

/** Token answers that succeed and are not what was hoped for. */
export const TOKEN_FAULTS: readonly FaultDefinition[] = [
  {
    name: 'no-refresh-token',
    summary: 'The code brings no refresh token.',
    detail:
      'Google sends one only with access_type=offline, and only when it shows the consent page.',
    source: 'https://developers.google.com/identity/protocols/oauth2/web-server#offline',
    grantType: 'authorization_code',
    ...issues({ refreshToken: false }),
  },
  {
    name: 'rotate-refresh-token',
    summary: 'A refresh replaces the refresh token.',
    detail: 'The old refresh token no longer works.',
    source: 'https://www.rfc-editor.org/rfc/rfc6749#section-6',
    grantType: 'refresh_token',
    ...issues({ refreshToken: true }),
  },
  {
    name: 'expiring-grant',
    summary: 'The refresh token expires, as the response says.',
    source: 'https://developers.google.com/identity/protocols/oauth2#expiration',
    parameters: {
      seconds: parameter('number', 'refresh_token_expires_in (604799)', BOUNDS.seconds),
    },
    grantType: 'authorization_code',
    issue: ({ fault }, issuance) => {
      issuance.refreshTokenLifetime = valueIn(fault, 'seconds', 604_799);
    },
  },
  {
    name: 'granular-consent',
    summary: 'The user unticked some of the scopes.',
    source:
      'https://developers.google.com/identity/protocols/oauth2/resources/granular-permissions',
    parameters: { drop: parameter('list', 'scopes to leave out (["drive.appdata"])') },
    grantType: 'authorization_code',
    issue: dropScopes,
  },
  {
    name: 'extra-scope',
    summary: 'More scopes are granted than requested.',
    source: 'https://developers.google.com/identity/protocols/oauth2/web-server#incrementalAuth',
    parameters: { scope: parameter('text', 'scope to add (drive.file)') },
    issue: ({ fault }, issuance) => {
      const extra = expandScope(valueIn(fault, 'scope', 'drive.file'));
      issuance.scopes = [...issuance.scopes, extra];
    },
  },
  {
    name: 'wrong-scope-order',
    summary: 'The scopes come in another order than requested.',
    source: 'https://www.rfc-editor.org/rfc/rfc6749#section-3.3',
    tokenAnswer: (_context, answer) => {
      answer['scope'] = String(answer['scope']).split(' ').reverse().join(' ');
    },
  },
  {
    name: 'odd-success',
    summary: 'Fields of a 200 response are missing or odd.',
    source: 'https://www.rfc-editor.org/rfc/rfc6749#section-5.1 (what is only recommended there)',
    parameters: {
      drop: parameter(
        'list',
        'fields to leave out (["expires_in","token_type","scope","id_token"])',
      ),
      set: parameter('fields', 'fields to set ({})'),
    },
    tokenAnswer: ({ fault }, answer) => {
      const set = fault['set'];
      const usual = ['expires_in', 'token_type', 'scope', 'id_token'];
      removeFields(answer, valueIn(fault, 'drop', set === undefined ? usual : []));
      if (typeof set === 'object' && set !== null) Object.assign(answer, set);
    },
  },
  {
    name: 'no-id-token',
    summary: 'The openid scope is granted, but no ID token comes.',
    source: 'google-api-dotnet-client#1141',
    ...issues({ idToken: false }),
  },
  {
    name: 'no-access-token',
    summary: 'A 200 response has no access token.',
    source: 'https://www.rfc-editor.org/rfc/rfc6749#section-5.1 (REQUIRED there)',
    tokenAnswer: (_context, answer) => removeFields(answer, ['access_token']),
  },
  {
    name: 'no-expires-in',
    summary: 'The response has no expires_in.',
    source: 'https://www.rfc-editor.org/rfc/rfc6749#section-5.1 (RECOMMENDED there)',
    tokenAnswer: (_context, answer) => removeFields(answer, ['expires_in']),
  },
  {
    name: 'no-scope',
    summary: 'The response does not list the granted scopes.',
    source: 'https://www.rfc-editor.org/rfc/rfc6749#section-5.1 (OPTIONAL there)',
    tokenAnswer: (_context, answer) => removeFields(answer, ['scope']),
  },
  {
    name: 'token-type-mac',
    summary: 'The token type is not Bearer.',
    source: 'https://www.rfc-editor.org/rfc/rfc6749#section-7.1',
    parameters: { type: parameter('text', 'token_type (mac)') },
    tokenAnswer: ({ fault }, answer) => {
      answer['token_type'] = valueIn(fault, 'type', 'mac');
    },
  },
  {
    name: 'short-lived-token',
    summary: 'The access token expires soon, as expires_in says.',
    source: 'https://cloud.google.com/docs/authentication/token-types',
    parameters: { seconds: parameter('number', 'expires_in (5)', BOUNDS.seconds) },
    issue: ({ fault }, issuance) => {
      issuance.expiresIn = valueIn(fault, 'seconds', 5);
      issuance.accessTokenLifetime = issuance.expiresIn;
    },
  },
  {
    name: 'dead-access-token',
    summary: 'The new access token works nowhere.',
    source: 'https://developers.google.com/workspace/drive/api/guides/handle-errors (401)',
    ...issues({ accessTokenLifetime: 0 }),
  },
  {
    name: 'dead-refresh-token-issued',
    summary: 'The new refresh token never works.',
    source: 'https://developers.google.com/identity/protocols/oauth2#expiration',
    tokenAnswer: ({ call, state }, answer) => {
      const grant = state.findGrant(String(answer['refresh_token']), call.now);
      if (grant) state.dropGrant(grant);
    },
  },
  {
    name: 'other-user',
    summary: 'The code brings another user’s tokens.',
    source: 'RFC 9700 §4.5: a code that was injected into another session',
    parameters: { as: parameter('text', 'email of the other user (any other user)') },
    grantType: 'authorization_code',
    issue: becomeAnother,
  },
  {
    name: 'refresh-other-identity',
    summary: 'A refresh brings another user’s tokens.',
    source: 'https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse',
    parameters: { as: parameter('text', 'email of the other user (any other user)') },
    grantType: 'refresh_token',
    issue: becomeAnother,
  },
  {
    name: 'refresh-fewer-scopes',
    summary: 'A refresh brings fewer scopes than granted.',
    source: 'https://www.rfc-editor.org/rfc/rfc6749#section-6',
    parameters: { drop: parameter('list', 'scopes to leave out (["drive.appdata"])') },
    grantType: 'refresh_token',
    issue: dropScopes,
  },
  {
    name: 'refresh-without-id-token',
    summary: 'A refresh brings no ID token despite openid.',
    source: 'google-api-dotnet-client#1141',
    grantType: 'refresh_token',
    ...issues({ idToken: false }),
  },
];
