import type { FaultRequest } from '../../src/emulator/fault-model.js';

/** A defect of a flow: what is wrong, the faults that make it so, the checks that must find it. */
export type Defect = readonly [
  defect: string,
  faults: readonly FaultRequest[],
  checks: readonly string[],
  /** The error of the first check that fails, where it has one. */
  error?: string,
];

const token = { path: '/token' };

/**
 * Defects of a token flow, each planted with the emulator's faults. Of the checks named, the first is
 * the one that is about the defect; the others fail with it because they look at the same thing.
 */
export const defects: readonly Defect[] = [
  [
    'a code that Google takes for malformed',
    [{ name: 'malformed-code' }],
    ['code.exchange'],
    'invalid_grant',
  ],
  [
    'a code that was redeemed before',
    [{ name: 'redeemed-code' }],
    ['code.exchange'],
    'invalid_grant',
  ],
  [
    'a redirect URI that is not the one',
    [{ name: 'redirect-mismatch' }],
    ['code.exchange'],
    'redirect_uri_mismatch',
  ],
  ['a wrong client secret', [{ name: 'wrong-secret' }], ['code.exchange'], 'invalid_client'],
  [
    'a client that was deleted',
    [{ name: 'deleted-client', ...token }],
    ['code.exchange'],
    'deleted_client',
  ],
  [
    'a code of another client',
    [{ name: 'unauthorized-client' }],
    ['code.exchange'],
    'unauthorized_client',
  ],
  [
    'a token endpoint that is down',
    [{ name: 'status', status: 503, ...token }],
    ['code.exchange'],
    'google_unavailable',
  ],
  [
    'a connection that breaks before the answer',
    [{ name: 'reset', ...token }],
    ['code.exchange'],
    'connection_lost',
  ],
  [
    'a proxy that answers in Google’s place',
    [{ name: 'html-after', ...token }],
    ['code.exchange'],
    'answer_unreadable',
  ],
  ['an answer without refresh token', [{ name: 'no-refresh-token' }], ['refresh_token.present']],
  ['a grant of seven days', [{ name: 'expiring-grant' }], ['refresh_token.permanent']],
  [
    'a token type that is not Bearer',
    [{ name: 'odd-success', set: { token_type: 'mac' } }],
    ['token.type'],
  ],
  [
    'an access token of one minute',
    [{ name: 'odd-success', set: { expires_in: 60 } }],
    ['token.lifetime'],
  ],
  [
    'a scope that was unticked',
    [{ name: 'granular-consent', drop: ['drive.appdata'] }],
    ['scopes.granted'],
  ],
  ['a scope that nobody asked for', [{ name: 'extra-scope', times: 1 }], ['scopes.extra']],
  ['an answer without ID token', [{ name: 'no-id-token' }], ['id_token.present']],
  ['an ID token whose signature is wrong', [{ name: 'wrong-signature' }], ['id_token.signature']],
  ['an ID token of an unknown key', [{ name: 'unknown-kid' }], ['id_token.signature']],
  ['an ID token of another issuer', [{ name: 'wrong-issuer' }], ['id_token.issuer']],
  ['an ID token for another client', [{ name: 'wrong-audience' }], ['id_token.audience']],
  ['an ID token that has expired', [{ name: 'expired-id-token' }], ['id_token.expiry']],
  [
    'an ID token from the future',
    [{ name: 'odd-id-token', set: { iat: 4_000_000_000 } }],
    ['id_token.issued_at'],
  ],
  [
    'an ID token that is not valid yet',
    [{ name: 'odd-id-token', set: { nbf: 4_000_000_000 } }],
    ['id_token.not_before'],
  ],
  [
    'an ID token of another access token',
    [{ name: 'odd-id-token', set: { at_hash: 'x'.repeat(22) } }],
    ['id_token.at_hash'],
  ],
  [
    'an ID token without email address',
    [{ name: 'odd-id-token', drop: ['email'] }],
    ['identity.email'],
  ],
  [
    'an email address that is not verified',
    [{ name: 'odd-id-token', set: { email_verified: false } }],
    ['id_token.email_verified'],
  ],
  [
    'a refresh token that is dead',
    [{ name: 'dead-refresh-token' }],
    ['refresh.grant'],
    'invalid_grant',
  ],
  [
    'a session that must be renewed',
    [{ name: 'invalid-rapt' }],
    ['refresh.grant'],
    'reauth_required',
  ],
];
