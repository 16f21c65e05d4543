import { describe, expect, it } from 'vitest';
import {
  type AuthorizedUser,
  fingerprintOf,
  formatAuthorizedUser,
  parseAuthorizedUser,
} from '../../../src/core/authorized-user.js';
import { GsacError } from '../../../src/core/errors.js';

const secret = '1//0a-very-secret-token';
const document = { type: 'authorized_user', client_id: 'c', refresh_token: secret };

function refusalOf(content: unknown): GsacError {
  try {
    parseAuthorizedUser(typeof content === 'string' ? content : JSON.stringify(content), 'a.json');
  } catch (thrown) {
    if (thrown instanceof GsacError) return thrown;
    throw thrown;
  }
  throw new Error('it was taken');
}

describe('authorized_user files', () => {
  it.each<AuthorizedUser>([
    { clientId: 'c', refreshToken: secret, rescue: false },
    {
      clientId: 'c',
      clientSecret: 's',
      refreshToken: secret,
      tokenUri: 'https://oauth2.googleapis.com/token',
      email: 'ada@example.com',
      sub: '1001',
      scopes: ['openid', 'email'],
      issuedAt: 1_700_000_000_123,
      refreshTokenExpiresAt: 1_700_604_800_123,
      rescue: true,
    },
  ])('come back as they were written', (user) => {
    expect(parseAuthorizedUser(formatAuthorizedUser(user), 'a.json')).toEqual(user);
  });

  it('are taken from other programs', () => {
    const gcloud = { ...document, account: '', universe_domain: 'googleapis.com', quota: null };
    expect(parseAuthorizedUser(`\ufeff${JSON.stringify(gcloud)}`, 'a.json')).toEqual({
      clientId: 'c',
      refreshToken: secret,
      rescue: false,
    });
    const { type: _, ...python } = { ...document, token: 'ya29.t', scopes: 'a  b' };
    expect(parseAuthorizedUser(JSON.stringify(python), 'a.json').scopes).toEqual(['a', 'b']);
  });

  it('survive a time that no calendar has', () => {
    const user = { clientId: 'c', refreshToken: secret, rescue: true, issuedAt: 9e99 };
    expect(parseAuthorizedUser(formatAuthorizedUser(user), 'a.json').refreshToken).toBe(secret);
  });

  it.each([
    ['', /empty/],
    [`{"refresh_token":"${secret}",`, /not JSON/],
    [`${secret}`, /not JSON/],
    ['[]', /not a JSON object/],
    ['null', /not a JSON object/],
    [{ ...document, type: 'service_account' }, /service account key/],
    [{ ...document, type: 'external_account' }, /workload identity/],
    [{ ...document, type: 'impersonated_service_account' }, /impersonation/],
    [{ ...document, type: 'toString' }, /"type" is not/],
    [{ ...document, type: undefined, private_key: 'k' }, /service account key/],
    [{ installed: { client_id: 'c' } }, /client secrets file/],
    [{ web: { client_id: 'c' } }, /client secrets file/],
    [{ access_token: 'ya29.a', refresh_token: secret }, /token answer/],
    [{ ...document, client_id: '' }, /no "client_id"/],
    [{ ...document, refresh_token: undefined }, /no "refresh_token"/],
    [{ ...document, refresh_token: 5 }, /"refresh_token" is not text/],
    [{ ...document, token_uri: {} }, /"token_uri" is not text/],
    [{ ...document, scopes: [1] }, /"scopes"/],
    [{ ...document, issued_at: 'yesterday' }, /"issued_at"/],
  ])('are refused by name: %j', (content, reason) => {
    const error = refusalOf(content);
    expect(error).toMatchObject({ code: 'credential_file_invalid', exitCode: 2 });
    expect(error.message).toMatch(reason);
    expect(error.message).toContain('a.json');
    expect(error.hint).toBeDefined();
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain(secret);
  });

  it('have a fingerprint that tells tokens apart and gives none away', () => {
    expect(fingerprintOf(secret)).toMatch(/^[0-9a-f]{12}$/);
    expect(fingerprintOf(secret)).not.toBe(fingerprintOf(`${secret}2`));
  });
});
