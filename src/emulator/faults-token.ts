import type { FaultDefinition } from './fault-model.js';
import { listOf, numberOf, textOf } from './fault-parameters.js';
import { expandScope } from './scopes.js';

const TOKEN = ['token'] as const;
const OPENID = 'https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation';

function removeFields(answer: Record<string, unknown>, names: readonly string[]): void {
  for (const name of names) delete answer[name];
}

/** Token answers that succeed and are not what was hoped for. */
export const TOKEN_FAULTS: readonly FaultDefinition[] = [
  {
    name: 'no-refresh-token',
    summary: 'The code brings no refresh token.',
    source: 'https://developers.google.com/identity/protocols/oauth2/web-server#offline',
    families: TOKEN,
    grantType: 'authorization_code',
    action: {
      stage: 'issue',
      run: (_context, issuance) => {
        issuance.refreshToken = false;
      },
    },
  },
  {
    name: 'rotate-refresh-token',
    summary: 'A refresh brings a new refresh token and the old one dies.',
    source: 'https://www.rfc-editor.org/rfc/rfc6749#section-6',
    families: TOKEN,
    grantType: 'refresh_token',
    action: {
      stage: 'issue',
      run: (_context, issuance) => {
        issuance.refreshToken = true;
      },
    },
  },
  {
    name: 'expiring-grant',
    summary: 'The refresh token lives for a limited time, and the answer says so.',
    source: 'https://developers.google.com/identity/protocols/oauth2#expiration',
    parameters: { seconds: 'refresh_token_expires_in (604799)' },
    families: TOKEN,
    grantType: 'authorization_code',
    action: {
      stage: 'issue',
      run: ({ fault }, issuance) => {
        issuance.refreshTokenLifetime = numberOf(fault, 'seconds', 604_799);
      },
    },
  },
  {
    name: 'granular-consent',
    summary: 'The user unticked some of the scopes.',
    source:
      'https://developers.google.com/identity/protocols/oauth2/resources/granular-permissions',
    parameters: { drop: 'scopes that are not granted (["drive.appdata"])' },
    families: TOKEN,
    grantType: 'authorization_code',
    action: {
      stage: 'issue',
      run: ({ fault }, issuance) => {
        const dropped = listOf(fault, 'drop', ['drive.appdata']).map(expandScope);
        issuance.scopes = issuance.scopes.filter((scope) => !dropped.includes(scope));
        issuance.idToken &&= issuance.scopes.includes('openid');
      },
    },
  },
  {
    name: 'extra-scope',
    summary: 'More scopes are granted than were asked for.',
    source: 'https://developers.google.com/identity/protocols/oauth2/web-server#incrementalAuth',
    parameters: { scope: 'what is added (drive.file)' },
    families: TOKEN,
    action: {
      stage: 'issue',
      run: ({ fault }, issuance) => {
        const extra = expandScope(textOf(fault, 'scope', 'drive.file'));
        issuance.scopes = [...issuance.scopes, extra];
      },
    },
  },
  {
    name: 'wrong-scope-order',
    summary: 'The scopes come in another order than they were asked for.',
    source: 'https://www.rfc-editor.org/rfc/rfc6749#section-3.3',
    families: TOKEN,
    action: {
      stage: 'token-answer',
      run: (_context, answer) => {
        answer['scope'] = String(answer['scope']).split(' ').reverse().join(' ');
      },
    },
  },
  {
    name: 'odd-success',
    summary: 'A 200 with tokens whose other fields are missing or odd.',
    source: 'https://www.rfc-editor.org/rfc/rfc6749#section-5.1 (what is only recommended there)',
    parameters: {
      drop: 'fields left out (["expires_in","token_type","scope","id_token"])',
      set: 'fields and their values ({})',
    },
    families: TOKEN,
    action: {
      stage: 'token-answer',
      run: ({ fault }, answer) => {
        const set = fault['set'];
        const usual = ['expires_in', 'token_type', 'scope', 'id_token'];
        removeFields(answer, listOf(fault, 'drop', set === undefined ? usual : []));
        if (typeof set === 'object' && set !== null) Object.assign(answer, set);
      },
    },
  },
  {
    name: 'no-id-token',
    summary: 'No ID token comes although openid was granted.',
    source: 'google-api-dotnet-client#1141',
    families: TOKEN,
    action: {
      stage: 'issue',
      run: (_context, issuance) => {
        issuance.idToken = false;
      },
    },
  },
  {
    name: 'expired-id-token',
    summary: 'The ID token expired before it came.',
    source: OPENID,
    parameters: { seconds: 'how long ago (3600)' },
    families: TOKEN,
    action: {
      stage: 'id-token',
      run: ({ call, fault }, { claims }) => {
        const exp = Math.floor(call.now / 1000) - numberOf(fault, 'seconds', 3600);
        claims['exp'] = exp;
        claims['iat'] = exp - 3600;
      },
    },
  },
  {
    name: 'wrong-signature',
    summary: "The ID token's signature does not fit.",
    source: OPENID,
    families: TOKEN,
    action: {
      stage: 'id-token',
      run: (_context, draft) => {
        draft.corrupt = true;
      },
    },
  },
  {
    name: 'wrong-audience',
    summary: 'The ID token was made for another client.',
    source: OPENID,
    parameters: { audience: 'aud (another client id)' },
    families: TOKEN,
    action: {
      stage: 'id-token',
      run: ({ fault }, { claims }) => {
        const other = '100000000000-another0client.apps.googleusercontent.com';
        claims['aud'] = textOf(fault, 'audience', other);
      },
    },
  },
  {
    name: 'wrong-issuer',
    summary: 'The ID token names another issuer.',
    source: OPENID,
    parameters: { issuer: 'iss (https://accounts.example.net)' },
    families: TOKEN,
    action: {
      stage: 'id-token',
      run: ({ fault }, { claims }) => {
        claims['iss'] = textOf(fault, 'issuer', 'https://accounts.example.net');
      },
    },
  },
  {
    name: 'odd-id-token',
    summary: 'Claims of the ID token are missing or odd.',
    source: OPENID,
    parameters: { drop: 'claims left out ([])', set: 'claims and their values ({})' },
    families: TOKEN,
    action: {
      stage: 'id-token',
      run: ({ fault }, { claims }) => {
        removeFields(claims, listOf(fault, 'drop', []));
        const set = fault['set'];
        if (typeof set === 'object' && set !== null) Object.assign(claims, set);
      },
    },
  },
  {
    name: 'unknown-kid',
    summary: 'The ID token names a key that is not published.',
    source: 'https://www.rfc-editor.org/rfc/rfc7515#section-4.1.4',
    parameters: { kid: 'the key id' },
    families: TOKEN,
    action: {
      stage: 'id-token',
      run: ({ fault }, draft) => {
        draft.kid = textOf(fault, 'kid', '0000000000000000000000000000000000000000');
      },
    },
  },
  {
    name: 'rotate-keys',
    summary: 'A new key signs from now on and the published keys are replaced.',
    source:
      'https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken',
    families: TOKEN,
    action: { stage: 'id-token', run: ({ keys }) => keys.rotate() },
  },
];
