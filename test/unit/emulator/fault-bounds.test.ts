import { describe, expect, it } from 'vitest';
import { FAULTS } from '../../../src/emulator/faults/faults.js';
import { createProbes } from './fault-probes.js';
import { startEmulator } from './support.js';

describe('what a fault is told', () => {
  it.each([
    ['clock:seconds=1e13', '"seconds" of clock must be a number from -10,000,000,000 to 10,000'],
    ['clock:seconds=Infinity', '"seconds" of clock must be a number'],
    ['status:status=101', '"status" of status must be a whole number from 200 to 599'],
    ['status:status=0', '"status" of status'],
    ['status:status=99999', '"status" of status'],
    ['status:status=429.5', 'must be a whole number'],
    ['html:status=99', '"status" of html'],
    ['html-after:status=600', '"status" of html-after'],
    ['redirect:status=200', '"status" of redirect must be a whole number from 300 to 399'],
    ['redirect:location=http://a/\u2192', '"location" of redirect has characters that a header'],
    ['status:retry_after=ä→', '"retry_after" of status has characters that a header cannot hold'],
    ['latency:ms=-5', '"ms" of latency must be a number from 0 to 2,147,483,647'],
    ['latency:ms=1e20', '"ms" of latency'],
    ['huge-body:bytes=1e12', '"bytes" of huge-body must be a whole number from 0 to 268,435,456'],
    ['huge-body:bytes=-1', '"bytes" of huge-body'],
    ['torn-body:keep=2', '"keep" of torn-body must be a number from 0 to 1'],
    ['quota:seconds=0', '"seconds" of quota'],
    ['quota:limit=-1', '"limit" of quota'],
    ['rate-limit:status=500', '"status" of rate-limit must be 403 or 429'],
    [
      'rate-limit:reason=mood',
      '"reason" of rate-limit must be userRateLimitExceeded or rateLimitExceeded',
    ],
  ])('%s is refused', (fault, words) => {
    const { emulator } = startEmulator();
    expect(() => emulator.faults.order(fault)).toThrow(words);
    expect(emulator.faults.active).toEqual([]);
  });

  it('has bounds wherever it is a number', () => {
    for (const { name, parameters = {} } of FAULTS) {
      for (const [parameter, { kind, least, most, oneOf }] of Object.entries(parameters)) {
        if (kind !== 'number') continue;
        const isBounded = (least !== undefined && most !== undefined) || oneOf !== undefined;
        expect(isBounded, `${parameter} of ${name}`).toBe(true);
      }
    }
  });

  const numbers = FAULTS.flatMap(({ name, parameters = {} }) =>
    Object.entries(parameters).flatMap(([parameter, { kind, least, most, oneOf }]) =>
      kind === 'number' && name !== 'huge-body'
        ? (oneOf ?? [least, most]).map((value) => [name, parameter, value] as const)
        : [],
    ),
  );
  it.each(numbers)('%s:%s=%d is survived by every request', async (name, parameter, value) => {
    const probes = createProbes();
    probes.emulator.inject({ name, [parameter]: value, times: 'always' });
    for (const probe of ['refresh', 'tokeninfo', 'many', 'use', 'revoke'] as const) {
      await probes[probe]();
    }
    for (const { at } of probes.emulator.requests.list()) {
      expect(() => new Date(at).toISOString()).not.toThrow();
    }
  });

  it.each(['status', 'html', 'html-after'])('%s may be one that has no body', async (name) => {
    for (const status of [204, 205, 304]) {
      const { emulator, send } = startEmulator();
      for (const path of ['/oauth2/v3/certs', '/drive/v3/files']) {
        emulator.inject({ name, status });
        expect(await send(path)).toMatchObject({ status, text: '' });
      }
    }
  });

  it.each(['empty-body', 'torn-body', 'huge-body'])('%s leaves an empty answer', async (name) => {
    const { emulator, send } = startEmulator();
    emulator.inject({ name });
    expect((await send('/token', { method: 'OPTIONS' })).status).toBe(204);
  });
});

describe('a request that nobody can read', () => {
  it.each([
    ['consent-denied', '/o/oauth2/v2/auth?redirect_uri=nowhere', 303],
    ['file-gone', '/drive/v3/files/%zz', 404],
  ])('is answered by %s, too', async (name, path, status) => {
    const { emulator, send } = startEmulator();
    emulator.inject({ name });
    expect((await send(path)).status).toBe(status);
  });
});

describe('X-HTTP-Method-Override', () => {
  it.each(['TRACE', 'CONNECT', 'B REW', '', 'ä'])(
    '%j is a method that is not taken',
    async (override) => {
      const { send } = startEmulator();
      const headers = { 'x-http-method-override': override };
      const { status, text } = await send('/drive/v3/files', { method: 'POST', headers });
      expect(status).toBe(405);
      expect(text).toContain('Error 405 (Method Not Allowed)!!1');
    },
  );

  it('is taken for the method where it is one', async () => {
    const { emulator, signedIn } = startEmulator();
    const send = await signedIn();
    const headers = { 'x-http-method-override': 'get' };
    const path = '/drive/v3/files?spaces=appDataFolder';
    expect((await send(path, { method: 'POST', headers })).json['files']).toHaveLength(3);
    expect(emulator.requests.list('/drive/v3/files')).toMatchObject([{ method: 'GET' }]);
  });
});

describe('a fault on the keys', () => {
  it.each(['certs-empty', 'certs-cache', 'certs-rotated'])(
    '%s hits although nobody knows who asks',
    async (name) => {
      const { emulator, send } = startEmulator();
      const client = emulator.clientFile().web.client_id;
      emulator.inject({ name, user: 'qa@example.org', client });
      await send('/oauth2/v3/certs');
      expect(emulator.faults.active).toEqual([]);
    },
  );
});

it('an active fault says how often it has hit', async () => {
  const { emulator, send, redeem } = startEmulator();
  const hits = async () => {
    const active = (await send('/_emulator/faults')).json['active'] as { hits: number }[];
    return active.map((one) => one.hits);
  };
  const body = JSON.stringify({ fault: 'status:times=3,path=/oauth2/*' });
  const { json } = await send('/_emulator/faults', { method: 'POST', body });
  expect(json['active']).toMatchObject([{ name: 'status', hits: 0, remaining: 3 }]);
  emulator.inject({ name: 'quota', limit: 1 });
  await send('/oauth2/v3/certs');
  expect(await hits()).toEqual([1, 0]);
  await send('/oauth2/v1/certs');
  await redeem('4/0Anone');
  expect(await hits()).toEqual([2, 0]);
  await send('/oauth2/v3/certs');
  await redeem('4/0Anone');
  expect(await hits()).toEqual([1]);
});
