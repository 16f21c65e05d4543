import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FAULTS } from '../../../src/emulator/faults/faults.js';
import type { FaultRequest } from '../../../src/emulator/faults/model.js';
import {
  DEVICE_CODE,
  type GrantType,
  JWT_BEARER,
  TOKEN_REFUSALS,
} from '../../../src/emulator/oauth/token-refusals.js';
import { createProbes, type Probe, type Seen } from './fault-probes.js';

/** The part of a flow that a fault spoils, how one sees it, and parameters where it needs some. */
type Row = [Probe, (seen: Seen) => boolean, Omit<FaultRequest, 'name'>?];

const TESTER = '104729361850274916385';
const APPDATA = 'https://www.googleapis.com/auth/drive.appdata';
const NOW = Date.parse('2025-06-01T12:00:00Z') / 1000;

const lacks = (field: string) => (seen: Seen) => seen.status === 200 && !(field in seen.json);
const lacksClaim = (claim: string) => (seen: Seen) =>
  'iss' in seen.claims && !(claim in seen.claims);
const claims = (claim: string, test: (value: unknown) => boolean) => (seen: Seen) =>
  claim in seen.claims && test(seen.claims[claim]);
const fails =
  (status: number, word = '') =>
  (seen: Seen) =>
    seen.status === status && seen.text.includes(word);
const scopesOf = (seen: Seen) => String(seen.json['scope']).split(' ');
const hashOf = (token: unknown) =>
  createHash('sha256').update(String(token)).digest().subarray(0, 16).toString('base64url');

const ROWS: Readonly<Record<string, Row>> = {
  // On the way
  latency: ['code', ({ waits }) => waits.includes(1000)],
  clock: ['code', ({ claims: { iat } }) => iat === NOW + 300, { seconds: 300 }],
  status: ['code', fails(503, 'internal_failure')],
  html: ['code', fails(502, '<!DOCTYPE html>')],
  redirect: ['code', fails(302)],
  reset: ['code', ({ thrown, followed }) => thrown === 'ECONNRESET' && followed[0] === 1],
  'reset-before': ['code', ({ thrown, followed }) => thrown === 'ECONNRESET' && followed[0] === 0],
  'empty-body': [
    'certs',
    ({ status, text }) => status === 200 && text === '',
    { path: '/oauth2/*' },
  ],
  quota: [
    'many',
    ({ followed, headers }) => followed[10] === 429 && headers.get('retry-after') === '60',
  ],
  'html-after': ['certs', ({ text }) => text.includes('<html'), { path: '/oauth2/*' }],
  'torn-body': [
    'userinfo',
    ({ text }) => text.startsWith('{') && !text.includes('}'),
    { path: '/v1/*' },
  ],
  'huge-body': ['certs', ({ text }) => text.length === 10_485_760, { path: '/oauth2/*' }],
  'certs-cache': ['certs', ({ headers }) => headers.get('cache-control') === 'public, max-age=0'],

  // Refusals that are no row of token-refusals.ts
  'admin-policy': ['code', fails(400, 'admin_policy_enforced')],
  'access-token-invalid': ['use', fails(401, 'authError')],
  'insufficient-scope': ['use', fails(403, 'insufficientPermissions')],
  'api-disabled': ['use', fails(403, 'accessNotConfigured')],
  'rate-limit': ['use', fails(403, 'userRateLimitExceeded')],

  // Token answers
  'no-refresh-token': ['code', lacks('refresh_token')],
  'rotate-refresh-token': [
    'refresh',
    ({ json, followed }) => 'refresh_token' in json && followed[0] === 400,
  ],
  'expiring-grant': ['code', ({ json }) => json['refresh_token_expires_in'] === 604_799],
  'granular-consent': ['code', (seen) => !scopesOf(seen).includes(APPDATA)],
  'extra-scope': ['code', (seen) => scopesOf(seen).some((scope) => scope.endsWith('drive.file'))],
  'wrong-scope-order': ['code', (seen) => scopesOf(seen)[0] === APPDATA],
  'odd-success': ['code', lacks('token_type')],
  'no-id-token': ['code', lacks('id_token')],
  'no-access-token': ['code', lacks('access_token')],
  'no-expires-in': ['code', lacks('expires_in')],
  'no-scope': ['code', lacks('scope')],
  'token-type-mac': ['code', ({ json }) => json['token_type'] === 'mac'],
  'short-lived-token': ['code', ({ json }) => json['expires_in'] === 5],
  'dead-access-token': ['use', ({ status, followed }) => status === 401 && followed[0] === 200],
  'dead-refresh-token-issued': [
    'use',
    ({ status, followed }) => status === 200 && followed[0] === 400,
  ],
  'other-user': ['code', claims('sub', (sub) => sub !== TESTER)],
  'refresh-other-identity': ['refresh', claims('sub', (sub) => sub !== TESTER)],
  'refresh-fewer-scopes': ['refresh', (seen) => !scopesOf(seen).includes(APPDATA)],
  'refresh-without-id-token': ['refresh', lacks('id_token')],

  // ID tokens
  'expired-id-token': ['code', claims('exp', (exp) => Number(exp) < NOW)],
  'wrong-signature': ['signedCode', ({ followed }) => followed[0] === 0],
  'wrong-audience': ['code', claims('aud', (aud) => String(aud).includes('another0client'))],
  'wrong-issuer': ['code', claims('iss', (iss) => iss === 'https://accounts.example.net')],
  'odd-id-token': ['code', lacksClaim('azp'), { drop: ['azp'] }],
  'unknown-kid': ['code', ({ jwt }) => /^0{40}$/.test(String(jwt['kid']))],
  'rotate-keys': ['signedCode', ({ followed }) => followed[0] === 0],
  'id-token-without-email': ['code', lacksClaim('email')],
  'no-subject': ['code', lacksClaim('sub')],
  'no-issued-at': ['code', lacksClaim('iat')],
  'no-expiry': ['code', lacksClaim('exp')],
  'no-at-hash': ['code', lacksClaim('at_hash')],
  'no-nonce': ['nonceCode', lacksClaim('nonce')],
  'no-hosted-domain': ['workspaceCode', lacksClaim('hd')],
  'wrong-at-hash': [
    'code',
    ({ claims: { at_hash: hash }, accessToken }) => hash !== hashOf(accessToken),
  ],
  'wrong-nonce': ['nonceCode', claims('nonce', (nonce) => nonce !== 'my-nonce')],
  'wrong-subject': ['code', claims('sub', (sub) => sub === '100000000000000000001')],
  'wrong-email': ['code', claims('email', (email) => email === 'somebody.else@example.net')],
  'email-unverified': ['code', claims('email_verified', (verified) => verified === false)],
  'wrong-hosted-domain': ['workspaceCode', claims('hd', (hd) => hd === 'elsewhere.example')],
  'legacy-issuer': ['code', claims('iss', (iss) => iss === 'accounts.google.com')],
  'audience-list': ['code', claims('aud', Array.isArray)],
  'future-id-token': ['code', claims('iat', (iat) => iat === NOW + 3600)],
  'long-lived-id-token': ['code', claims('exp', (exp) => exp === NOW + 604_800)],
  'unsigned-id-token': ['code', ({ jwt }) => jwt['alg'] === 'none'],
  'hmac-id-token': ['code', ({ jwt }) => jwt['alg'] === 'HS256'],
  'no-key-id': ['code', ({ jwt }) => 'alg' in jwt && !('kid' in jwt)],
  'malformed-id-token': ['code', ({ json }) => String(json['id_token']).endsWith('.not-a-token')],

  // Codes, grants and revocation
  'replay-accepted': ['replay', ({ status }) => status === 200],
  'replay-revokes': [
    'replay',
    ({ status, followed: [first, refreshed] }) =>
      status === 400 && first === 200 && refreshed === 400,
  ],
  'user-revoked': ['refresh', fails(400, 'Token has been expired or revoked.')],
  'grant-limit': ['refresh', fails(400, 'Token has been expired or revoked.')],
  'idle-grant': ['refresh', fails(400, 'Token has been expired or revoked.')],
  'testing-grant-over': ['refresh', fails(400, 'Token has been expired or revoked.')],
  'expired-code': ['code', fails(400, 'Bad Request')],
  'revoke-ignored': ['revoke', ({ status, followed }) => `${status} ${followed}` === '200 200,200'],
  'slow-revocation': [
    'revoke',
    ({ status, followed }) => `${status} ${followed}` === '200 200,200',
  ],
  'access-token-survives-revoke': [
    'revoke',
    ({ status, followed }) => `${status} ${followed}` === '200 200,400',
  ],
  'refresh-token-survives-revoke': [
    'revoke',
    ({ status, followed }) => `${status} ${followed}` === '200 401,200',
  ],

  // Tokeninfo, userinfo and keys
  'tokeninfo-wrong-audience': [
    'tokeninfo',
    ({ json }) => String(json['aud']).includes('another0client'),
  ],
  'tokeninfo-missing-scope': [
    'tokeninfo',
    (seen) => seen.status === 200 && !scopesOf(seen).includes(APPDATA),
  ],
  'tokeninfo-extra-scope': [
    'tokeninfo',
    (seen) => scopesOf(seen).some((scope) => scope.endsWith('/drive')),
  ],
  'tokeninfo-other-user': ['tokeninfo', ({ json }) => json['sub'] === '100000000000000000001'],
  'tokeninfo-short-life': ['tokeninfo', ({ json }) => json['expires_in'] === '60'],
  'userinfo-other-user': ['userinfo', ({ json }) => json['sub'] === '100000000000000000001'],
  'certs-empty': ['certs', ({ json }) => (json['keys'] as unknown[]).length === 0],
  'certs-rotated': [
    'certs',
    ({ json, followed }) => (json['keys'] as unknown[]).length === 1 && followed[0] === 0,
  ],

  // Drive
  'storage-full': ['upload', fails(403, 'storageQuotaExceeded')],
  'daily-limit': ['use', fails(403, 'dailyLimitExceeded')],
  'file-gone': ['download', fails(404, 'File not found: ')],
  'stale-page-token': [
    'pages',
    ({ status, text, followed }) =>
      status === 400 && text.includes('pageToken') && followed[0] === 200,
  ],
  'corrupt-download': ['download', ({ status, followed }) => status === 200 && followed[0] === 0],
  'upload-session-lost': [
    'upload',
    ({ status, followed }) => status === 404 && followed[0] === 200,
  ],

  // The authorization page
  'consent-denied': [
    'signIn',
    ({ json }) => json['error'] === 'access_denied' && json['state'] === 'my-state',
  ],
  'not-a-test-user': ['signIn', fails(403, 'access_denied')],
  'org-internal': ['signIn', fails(403, 'org_internal')],
  'wrong-state': ['signIn', ({ json }) => json['state'] === 'another-state' && 'code' in json],
  'no-state': ['signIn', ({ json }) => !('state' in json) && 'code' in json],
  // Security events
  'risc-wrong-audience': [
    'securityEvent',
    claims('aud', (aud) => String(aud).includes('another0client')),
  ],
  'risc-wrong-issuer': [
    'securityEvent',
    claims('iss', (iss) => iss === 'https://accounts.example.net/'),
  ],
  'risc-unknown-key': ['securityEvent', ({ jwt }) => /^0{40}$/.test(String(jwt['kid']))],
  'risc-wrong-signature': ['securityEvent', ({ followed }) => followed[0] === 0],
  'risc-unsigned': ['securityEvent', ({ jwt }) => jwt['alg'] === 'none'],
  'risc-hmac': ['securityEvent', ({ jwt }) => jwt['alg'] === 'HS256'],
  'risc-id-token': ['securityEvent', lacksClaim('events')],
  'risc-replayed': ['securityEvent', ({ followed }) => followed[1] === 2],
  'risc-late': ['securityEvent', claims('iat', (iat) => iat === NOW - 86_400)],

  // Devices
  'device-client-type': ['deviceCodes', fails(401, 'Only clients of type')],
  'device-scope': ['deviceCodes', fails(400, 'Invalid device flow scope: openid')],
  'device-quota': ['deviceCodes', fails(403, 'rate_limit_exceeded')],
  'malformed-code-back': ['signIn', ({ json }) => String(json['code']).startsWith('4%2F0A')],
};

const PROBES: Readonly<Record<GrantType, Probe>> = {
  authorization_code: 'code',
  refresh_token: 'refresh',
  [JWT_BEARER]: 'assertion',
  [DEVICE_CODE]: 'device',
};

// Refusals have one shape: the row that declares them says what is to be seen.
const REFUSAL_ROWS = TOKEN_REFUSALS.map(
  ({ name, status, error, description, extra = {}, grantType }): [string, Row] => {
    const probe = PROBES[grantType ?? 'authorization_code'];
    const expected = {
      error,
      ...(description === undefined ? {} : { error_description: description }),
      ...extra,
    };
    return [
      name,
      [probe, (seen) => seen.status === status && seen.text === JSON.stringify(expected, null, 2)],
    ];
  },
);

const TABLE = new Map<string, Row>([...Object.entries(ROWS), ...REFUSAL_ROWS]);

describe('every fault', () => {
  it('has a row here, and every row is a fault', () => {
    expect([...TABLE.keys()].sort()).toEqual(FAULTS.map(({ name }) => name).sort());
    expect(FAULTS.length).toBeGreaterThan(90);
  });

  it('is described, with its source and its parameters', () => {
    for (const { name, summary, source, parameters = {} } of FAULTS) {
      expect(name).toMatch(/^[a-z][a-z-]+$/);
      expect(summary, name).toMatch(/^[A-Z].*[^.]\.$/);
      expect(source, name).not.toBe('');
      for (const one of Object.values(parameters)) expect(one.summary).not.toBe('');
    }
  });

  it.each([...TABLE])('%s is seen, and only where it was injected', async (name, row) => {
    const [probe, isSeen, parameters] = row;
    const clean = await createProbes()[probe]();
    expect(isSeen(clean), 'without the fault').toBe(false);
    const spoilt = createProbes();
    spoilt.emulator.inject({ name, ...parameters });
    const seen = await spoilt[probe]();
    expect(isSeen(seen), JSON.stringify(seen).slice(0, 2000)).toBe(true);
  });
});
