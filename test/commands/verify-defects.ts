import type { FaultRequest } from '../../src/emulator/faults/model.js';

/** A defect of a flow: what is wrong, the fault that makes it so, the checks that must find it. */
export type Defect = readonly [
  defect: string,
  fault: string | FaultRequest,
  /** Their ids, with blanks between. */
  checks: string,
  /** The error of the first check that fails, where it has one. */
  error?: string,
];

const token = { path: '/token' };

/**
 * Defects of a token flow, each planted with a fault of the emulator. Of the checks named, the first is
 * the one that is about the defect; the others fail with it because they look at the same thing.
 */
export const defects: readonly Defect[] = [
  ['a code that Google takes for malformed', 'malformed-code', 'code.exchange', 'invalid_grant'],
  ['a code that was redeemed before', 'redeemed-code', 'code.exchange', 'invalid_grant'],
  [
    'a redirect URI that is not the one',
    'redirect-mismatch',
    'code.exchange',
    'redirect_uri_mismatch',
  ],
  ['a wrong client secret', 'wrong-secret', 'code.exchange', 'invalid_client'],
  [
    'a client that was deleted',
    { name: 'deleted-client', ...token },
    'code.exchange',
    'deleted_client',
  ],
  ['a code of another client', 'unauthorized-client', 'code.exchange', 'unauthorized_client'],
  [
    'a token endpoint that is down',
    { name: 'status', status: 503, ...token },
    'code.exchange',
    'google_unavailable',
  ],
  [
    'a connection that breaks before the answer',
    { name: 'reset', ...token },
    'code.exchange',
    'connection_lost',
  ],
  [
    'a proxy that answers in Google’s place',
    { name: 'html-after', ...token },
    'code.exchange',
    'answer_unreadable',
  ],
  ['an answer without refresh token', 'no-refresh-token', 'refresh_token.present'],
  ['a grant of seven days', 'expiring-grant', 'refresh_token.permanent'],
  ['a token type that is not Bearer', 'token-type-mac', 'token.type'],
  ['an access token of one minute', 'short-lived-token', 'token.lifetime'],
  [
    'a scope that was unticked',
    { name: 'granular-consent', drop: ['drive.appdata'] },
    'scopes.granted',
  ],
  ['a scope that nobody asked for', { name: 'extra-scope', times: 1 }, 'scopes.extra'],
  ['an answer without ID token', 'no-id-token', 'id_token.present'],
  ['an ID token whose signature is wrong', 'wrong-signature', 'id_token.signature'],
  ['an ID token of an unknown key', 'unknown-kid', 'id_token.signature'],
  ['an ID token of another issuer', 'wrong-issuer', 'id_token.issuer'],
  ['an ID token for another client', 'wrong-audience', 'id_token.audience'],
  ['an ID token that has expired', 'expired-id-token', 'id_token.expiry'],
  [
    'an ID token from the future',
    { name: 'odd-id-token', set: { iat: 4_000_000_000 } },
    'id_token.issued_at',
  ],
  [
    'an ID token that is not valid yet',
    { name: 'odd-id-token', set: { nbf: 4_000_000_000 } },
    'id_token.not_before',
  ],
  [
    'an ID token of another access token',
    { name: 'odd-id-token', set: { at_hash: 'x'.repeat(22) } },
    'id_token.at_hash',
  ],
  [
    'an ID token without email address',
    { name: 'odd-id-token', drop: ['email'] },
    'identity.email',
  ],
  [
    'an email address that is not verified',
    { name: 'odd-id-token', set: { email_verified: false } },
    'id_token.email_verified',
  ],
  ['an answer that is no JSON at all', { name: 'torn-body', ...token }, 'code.exchange'],
  ['a code that lay about too long', 'expired-code', 'code.exchange', 'invalid_grant'],
  ['an answer without access token', 'no-access-token', 'code.exchange'],
  ['an answer without lifetime', 'no-expires-in', 'token.lifetime'],
  ['an answer that names no scopes', 'no-scope', 'scopes.granted'],
  [
    'tokens of another person',
    { name: 'other-user', as: 'qa@example.org' },
    'identity.sub identity.email',
  ],
  ['an ID token that is none', 'malformed-id-token', 'id_token.present'],
  [
    'an ID token without a person',
    { name: 'odd-id-token', drop: ['sub'] },
    'id_token.subject identity.sub',
  ],
  [
    'keys that are not published',
    { name: 'certs-empty', times: 'always' },
    'id_token.signature refresh.id_token',
  ],
  ['a refresh token that is dead', 'dead-refresh-token', 'refresh.grant', 'invalid_grant'],
  [
    'a person who took the access away',
    'user-revoked',
    'refresh.grant appfolder.read revoke.accepted',
    'invalid_grant',
  ],
  ['the end of the seven days', 'testing-grant-over', 'refresh.grant', 'invalid_grant'],
  ['the 101st refresh token', 'grant-limit', 'refresh.grant', 'invalid_grant'],
  [
    'a refresh for another person',
    'refresh-other-identity',
    'refresh.identity revoke.access_token',
  ],
  ['a refresh that loses a scope', 'refresh-fewer-scopes', 'refresh.scopes'],
  [
    'a refresh token that is dead at birth',
    'dead-refresh-token-issued',
    'refresh.grant',
    'invalid_grant',
  ],
  ['an access token that is dead at birth', 'dead-access-token', 'tokeninfo.answer'],
  ['tokeninfo with another audience', 'tokeninfo-wrong-audience', 'tokeninfo.audience'],
  ['tokeninfo with fewer scopes', 'tokeninfo-missing-scope', 'tokeninfo.scopes'],
  ['tokeninfo with another person', 'tokeninfo-other-user', 'tokeninfo.identity'],
  ['tokeninfo with a shorter life', 'tokeninfo-short-life', 'tokeninfo.lifetime'],
  ['a Drive API that is not enabled', 'api-disabled', 'appfolder.read', 'api_disabled'],
  ['Drive that refuses the scope', 'insufficient-scope', 'appfolder.read', 'scope_missing'],
  [
    'Drive that refuses the token',
    { name: 'access-token-invalid', path: '/drive/v3/files' },
    'appfolder.read',
    'access_token_refused',
  ],
  ['a code that works twice', 'replay-accepted', 'code.replay'],
  ['a revocation that does nothing', 'revoke-ignored', 'revoke.access_token revoke.refresh_token'],
  ['an access token that outlives it', 'access-token-survives-revoke', 'revoke.access_token'],
  ['a refresh token that outlives it', 'refresh-token-survives-revoke', 'revoke.refresh_token'],
  [
    'a revocation that is refused',
    { name: 'status', status: 400, path: '/revoke' },
    'revoke.accepted',
  ],
];
