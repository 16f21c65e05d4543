import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { createEmulator } from '../../../src/emulator/app.js';
import { FAULTS } from '../../../src/emulator/faults/faults.js';
import { FaultRequestError } from '../../../src/emulator/faults/parameters.js';
import { claimsOf, headerOf, requestsOf, startEmulator } from './support.js';

const LIST = '/drive/v3/files?spaces=appDataFolder';

describe('on the way', () => {
  test('torn-body and huge-body spoil an answer that was good', async () => {
    const { emulator } = startEmulator();
    const post = async () => {
      const { web } = emulator.clientFile();
      const body = new URLSearchParams({
        client_id: web.client_id,
        client_secret: web.client_secret,
        grant_type: 'authorization_code',
        code: emulator.signIn().code,
      });
      return emulator.fetch(new Request(web.token_uri, { method: 'POST', body }));
    };
    emulator.inject({ name: 'torn-body' });
    const torn = await post();
    await expect(torn.json()).rejects.toThrow(SyntaxError);
    emulator.inject({ name: 'huge-body' });
    expect((await (await post()).arrayBuffer()).byteLength).toBe(10 * 1024 * 1024);
    expect(emulator.state.grants).toHaveLength(2);
  });

  test('clock moves the token times and what is expired', async () => {
    const { emulator, tokens, signedIn, clock } = startEmulator();
    emulator.inject({ name: 'clock', seconds: 600 - 1 });
    const { id_token: idToken } = await tokens();
    expect(claimsOf(idToken)['iat']).toBe(Math.floor(clock() / 1000) + 599);
    const send = await signedIn();
    emulator.inject({ name: 'clock', seconds: 4000 });
    expect((await send(LIST)).status).toBe(401);
    expect((await send(LIST)).status).toBe(200);
  });

  test('status, with Retry-After, leaves the code alone', async () => {
    const { emulator, redeem } = startEmulator();
    const { code } = emulator.signIn();
    emulator.inject({ name: 'status', status: 429, retryAfter: 7 });
    const refused = await redeem(code);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
    emulator.inject({ name: 'status' });
    expect((await redeem(code)).status).toBe(503);
    expect((await redeem(code)).status).toBe(200);
  });

  test('status speaks as an API to API calls', async () => {
    const { emulator, signedIn } = startEmulator();
    const send = await signedIn();
    emulator.inject({ name: 'status', status: 500 });
    expect((await send(LIST)).json).toMatchObject({ error: { code: 500, status: 'INTERNAL' } });
  });

  test('html and redirect leave the code alone, html-after does not', async () => {
    const { emulator, redeem } = startEmulator();
    const { code } = emulator.signIn();
    emulator.inject({ name: 'html', status: 200 });
    expect((await redeem(code)).text).toContain('<!DOCTYPE html>');
    emulator.inject({ name: 'redirect' });
    const redirected = await redeem(code);
    expect(redirected.status).toBe(302);
    expect(redirected.headers.get('location')).toContain('example.net');
    emulator.inject({ name: 'html-after' });
    expect((await redeem(code)).headers.get('content-type')).toContain('text/html');
    expect((await redeem(code)).status).toBe(400);
  });

  test('reset spends the code and rejects as fetch does', async () => {
    const { emulator, redeem } = startEmulator();
    const { code } = emulator.signIn();
    emulator.inject({ name: 'reset' });
    await expect(redeem(code)).rejects.toMatchObject({
      name: 'TypeError',
      message: 'fetch failed',
      code: 'ECONNRESET',
      cause: { code: 'ECONNRESET' },
    });
    expect(emulator.state.grants).toHaveLength(1);
  });
});

describe('slow-revocation', () => {
  async function revoked(parameters: object) {
    const desk = startEmulator();
    const { emulator, tokens, post, send, refresh } = desk;
    const { access_token: access, refresh_token: token } = await tokens();
    emulator.inject({ name: 'slow-revocation', ...parameters });
    expect((await post('/revoke', { token: String(token) })).text).toBe('{}');
    const headers = { authorization: `Bearer ${access}` };
    const use = async () => [
      (await send(LIST, { headers })).status,
      (await refresh(token)).json['error_description'],
    ];
    return { ...desk, use };
  }
  const works = [200, undefined];
  const ended = [401, 'Token has been expired or revoked.'];

  test('takes effect when the emulator’s clock says so', async () => {
    const { use, clock, tokens, refresh } = await revoked({ seconds: 60 });
    clock.advance(59);
    expect(await use()).toEqual(works);
    // Whoever signs in again has a new consent, which the old revocation does not end.
    const { refresh_token: fresh } = await tokens();
    clock.advance(1);
    expect(await use()).toEqual(ended);
    expect((await refresh(fresh)).status).toBe(200);
  });

  test('takes effect after a number of requests with its tokens', async () => {
    const { use, tokens, clock } = await revoked({ requests: 2 });
    clock.advance(3000);
    await tokens({ user: 'qa@example.org' });
    expect(await use()).toEqual(works);
    expect(await use()).toEqual(ended);
  });

  test('is remembered in a saved state', async () => {
    const { emulator, clock, use } = await revoked({ seconds: 60 });
    const saved = JSON.parse(JSON.stringify(emulator.save()));
    expect(await use()).toEqual(works);
    const { grants } = emulator.state;
    const later = requestsOf(createEmulator({ saved, clock }));
    expect((await later.refresh(grants[0]?.refreshToken)).status).toBe(200);
    clock.advance(60);
    expect((await later.refresh(grants[0]?.refreshToken)).status).toBe(400);
  });
});

describe('answers that succeed', () => {
  test('rotate-refresh-token kills the old one', async () => {
    const { emulator, tokens, refresh } = startEmulator();
    const { refresh_token: old } = await tokens();
    emulator.inject({ name: 'rotate-refresh-token' });
    const { refresh_token: fresh } = (await refresh(old)).json;
    expect(fresh).not.toBe(old);
    expect((await refresh(old)).json['error']).toBe('invalid_grant');
    expect((await refresh(fresh)).status).toBe(200);
  });

  test('granular-consent counts for the grant', async () => {
    const { emulator, tokens, refresh } = startEmulator();
    emulator.inject({ name: 'granular-consent', drop: ['drive.appdata', 'openid'] });
    const { refresh_token: token, scope, ...rest } = await tokens();
    expect(rest).not.toHaveProperty('id_token');
    expect((await refresh(token)).json['scope']).toBe(scope);
  });

  test('odd-success keeps the refresh token', async () => {
    const { emulator, tokens } = startEmulator();
    emulator.inject({ name: 'odd-success', drop: ['access_token'], set: { expires_in: 'soon' } });
    const answer = await tokens();
    expect(answer).toMatchObject({ expires_in: 'soon', refresh_token: expect.any(String) });
    expect(answer).not.toHaveProperty('access_token');
  });
});

describe('ID tokens', () => {
  test.each([
    ['expired-id-token', 'ERR_JWT_EXPIRED'],
    ['wrong-signature', 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
    ['wrong-audience', 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['wrong-issuer', 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['unknown-kid', 'ERR_JWKS_NO_MATCHING_KEY'],
    ['rotate-keys', 'ERR_JWKS_NO_MATCHING_KEY'],
  ])('%s is found by its check', async (name, code) => {
    const { emulator, tokens, send, clock } = startEmulator();
    const keys = createLocalJWKSet(
      (await send('/oauth2/v3/certs')).json as unknown as JSONWebKeySet,
    );
    const check = async () =>
      jwtVerify(String((await tokens())['id_token']), keys, {
        audience: emulator.clientFile().web.client_id,
        issuer: 'https://accounts.google.com',
        currentDate: new Date(clock()),
      });
    await check();
    emulator.inject({ name });
    await expect(check()).rejects.toMatchObject({ code });
  });

  test('after rotate-keys the published keys are the new ones', async () => {
    const { emulator, tokens, send } = startEmulator();
    emulator.inject({ name: 'rotate-keys' });
    const { kid } = headerOf((await tokens())['id_token']);
    expect((await send('/oauth2/v3/certs')).json).toMatchObject({ keys: [{ kid }] });
  });

  test('odd-id-token sets and drops claims', async () => {
    const { emulator, tokens } = startEmulator();
    emulator.inject({ name: 'odd-id-token', drop: ['iat'], set: { email_verified: false } });
    const claims = claimsOf((await tokens())['id_token']);
    expect(claims).toHaveProperty('email_verified', false);
    expect(claims).not.toHaveProperty('iat');
  });
});

describe('refusals', () => {
  test.each([
    ['malformed-code', 400, 'invalid_grant'],
    ['bad-grant', 400, 'invalid_grant'],
    ['redeemed-code', 400, 'invalid_grant'],
    ['invalid-verifier', 400, 'invalid_grant'],
    ['redirect-mismatch', 400, 'redirect_uri_mismatch'],
    ['unknown-client', 401, 'invalid_client'],
    ['wrong-secret', 401, 'invalid_client'],
    ['invalid-client', 401, 'invalid_client'],
    ['unauthorized-client', 401, 'unauthorized_client'],
    ['missing-code', 400, 'invalid_request'],
    ['missing-client-id', 400, 'invalid_request'],
    ['missing-secret', 400, 'invalid_request'],
    ['unsupported-grant-type', 400, 'unsupported_grant_type'],
    ['deleted-client', 401, 'deleted_client'],
    ['disabled-client', 401, 'disabled_client'],
    ['invalid-audience', 400, 'invalid_audience'],
    ['admin-policy', 400, 'admin_policy_enforced'],
  ])('%s: %i %s, and the code stays good', async (name, status, error) => {
    const { emulator, redeem } = startEmulator();
    const { code } = emulator.signIn();
    emulator.inject({ name });
    const answer = await redeem(code);
    expect([answer.status, answer.json['error']]).toEqual([status, error]);
    expect((await redeem(code)).status).toBe(200);
  });

  test('api-disabled names the project, rate-limit takes 429', async () => {
    const { emulator, signedIn } = startEmulator();
    const send = await signedIn();
    emulator.inject({ name: 'api-disabled' });
    expect((await send(LIST)).text).toContain('overview?project=407408718192 then retry.');
    emulator.inject({
      name: 'rate-limit',
      status: 429,
      reason: 'rateLimitExceeded',
      retryAfter: 2,
    });
    const limited = await send(LIST);
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2']);
  });
});

describe('a fault', () => {
  test('hits as often as it was told, and only whom', async () => {
    const { emulator, tokens, refresh, send } = startEmulator();
    const { refresh_token: tester } = await tokens();
    const { refresh_token: qa } = await tokens({ user: 'qa@example.org' });
    emulator.inject({ name: 'bad-grant', user: 'qa@example.org', times: 2 });
    const statuses = [];
    for (const token of [tester, qa, tester, qa, qa]) statuses.push((await refresh(token)).status);
    expect(statuses).toEqual([200, 400, 200, 400, 200]);
    emulator.inject({ name: 'status', path: '/oauth2/*', times: 'always' });
    expect((await send('/oauth2/v3/certs')).status).toBe(503);
    expect((await send('/.well-known/openid-configuration')).status).toBe(200);
    expect(emulator.faults.active).toMatchObject([{ name: 'status', remaining: 'always' }]);
    emulator.inject({ name: 'bad-grant', client: 'someone-else' });
    expect((await refresh(tester)).status).toBe(200);
  });

  test('that does not exist is an error', () => {
    const { emulator } = startEmulator();
    expect(() => emulator.inject({ name: 'nope' })).toThrow(FaultRequestError);
    expect(() => emulator.inject({ name: 'reset', times: 0 })).toThrow(FaultRequestError);
  });

  test('is ordered, listed and cleared over HTTP', async () => {
    const { send } = startEmulator();
    const order = (body: object) =>
      send('/_emulator/faults', { method: 'POST', body: JSON.stringify(body) });
    expect((await order({ name: 'status', times: 'always', status: 500 })).status).toBe(200);
    expect((await send('/oauth2/v3/certs')).status).toBe(500);
    const { json } = await send('/_emulator/faults');
    expect(json['active']).toMatchObject([{ name: 'status' }]);
    expect(json['faults']).toEqual(FAULTS.map(({ name }) => name));
    await send('/_emulator/faults', { method: 'DELETE' });
    expect((await send('/oauth2/v3/certs')).status).toBe(200);
    expect((await order({ name: 'nope' })).json['error']).toBe('unknown_fault');
    expect((await order([])).status).toBe(400);
  });

  test('is described by its name, in the spelling of the command line', async () => {
    const { send } = startEmulator({ faults: ['status:retry_after=7'] });
    expect((await send('/_emulator/faults?name=status')).json).toMatchObject({
      name: 'status',
      parameters: { retry_after: { kind: 'text' } },
    });
    expect((await send('/_emulator/faults')).json['active']).toMatchObject([
      { fault: { name: 'status', retry_after: '7' } },
    ]);
    expect((await send('/_emulator/faults?name=nope')).status).toBe(400);
    expect((await send('/_emulator/faults?nam=status')).status).toBe(400);
  });

  test.each([
    ['expired', 'There is no fault "expired"; did you mean expired-id-token or expired-code?'],
    [
      'expired-id',
      'There is no fault "expired-id"; did you mean expired-id-token or expired-code?',
    ],
    ['latncy', 'There is no fault "latncy"; did you mean latency?'],
    ['STATUS', 'There is no fault "STATUS"; did you mean status?'],
    ['xyzzy', 'There is no fault "xyzzy"'],
    ['x-'.repeat(500_000), 'There is no fault'],
  ])('an unknown name is told those that it may be (%#)', (name, words) => {
    const { emulator } = startEmulator();
    expect(() => emulator.inject({ name })).toThrow(words);
  });

  test('is taken back by its id, and others of its name stay', async () => {
    const { send } = startEmulator();
    const order = async (status: number) => {
      const body = JSON.stringify({ name: 'status', status, times: 'always', path: '/token' });
      return (await send('/_emulator/faults', { method: 'POST', body })).json['id'];
    };
    const [first, second] = [await order(500), await order(503)];
    const clear = (id: unknown) => send(`/_emulator/faults?id=${id}`, { method: 'DELETE' });
    expect((await clear(first)).json['active']).toMatchObject([{ id: second, name: 'status' }]);
    expect((await clear(first)).json['active']).toHaveLength(1);
    const { status, json } = await clear('all');
    expect([status, json['error']]).toEqual([400, 'invalid_request']);
    expect((await clear(second)).json['active']).toEqual([]);
    expect(await order(500)).not.toBe(second);
  });
});
