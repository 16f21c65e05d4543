import { describe, expect, it } from 'vitest';
import { FaultRequestError } from '../../../src/emulator/faults/parameters.js';
import { parseFault } from '../../../src/emulator/faults/text.js';
import { startEmulator } from './support.js';

describe('a fault as text', () => {
  it.each<[string, object]>([
    ['reset', { name: 'reset' }],
    [' reset ', { name: 'reset' }],
    ['reset:', { name: 'reset' }],
    ['status:status=429,retry_after=2', { name: 'status', status: '429', retry_after: '2' }],
    [
      'status: times=always , path=/drive/v3/*',
      { name: 'status', times: 'always', path: '/drive/v3/*' },
    ],
    ['granular-consent:drop=a,drop=b,drop=c', { name: 'granular-consent', drop: ['a', 'b', 'c'] }],
    [
      'x:set.a=1,set.b=true,set.c=text,set.d="1"',
      { name: 'x', set: { a: 1, b: true, c: 'text', d: '1' } },
    ],
    ['x:message=a=b:c', { name: 'x', message: 'a=b:c' }],
  ])('%j', (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
  });

  it.each(['', ':', 'two words', 'x:y', 'x:=y', 'x;y=1'])('%j is none', (text) => {
    expect(() => parseFault(text)).toThrow(FaultRequestError);
  });

  it('may name a prototype without harm', () => {
    const fault = parseFault('x:__proto__.polluted=1,constructor=2');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(fault['constructor']).toBe('2');
  });
});

describe('what is ordered', () => {
  it.each([
    ['latency:path=token', '"path" of latency must begin with /'],
    ['latency:method=FOO', '"method" of latency must be GET or HEAD or'],
  ])('%s is refused: it could never hit', (text, words) => {
    const { emulator } = startEmulator({});
    expect(() => emulator.faults.order(text)).toThrow(words);
  });

  it.each(['user=QA@Example.org', 'method=post'])('%s is meant in any case', (parameter) => {
    const { emulator } = startEmulator({ faults: [`status:${parameter}`] });
    expect(emulator.faults.active).toHaveLength(1);
  });

  it('has its texts read as what the parameters are', () => {
    const { emulator } = startEmulator({
      faults: ['status:status=429,times=2,retry_after=3', 'granular-consent:drop=email profile'],
    });
    expect(emulator.faults.active.map(({ fault }) => fault)).toEqual([
      { name: 'status', status: 429, times: 2, retryAfter: '3' },
      { name: 'granular-consent', drop: ['email', 'profile'] },
    ]);
  });

  it.each([
    'nope',
    'latency:sec=1',
    'latency:ms=x',
    'latency:times=1.5',
    'latency:user=x@example.com',
    'latency:client=x',
    'odd-success:set=1',
    'status:__proto__=1',
    'status:__proto__.status=429',
    'status:constructor=1',
  ])('%s is refused at the start', (fault) => {
    expect(() => startEmulator({ faults: [fault] })).toThrow(FaultRequestError);
  });

  it('is taken as text by the admin endpoint, too', async () => {
    const { send } = startEmulator();
    const order = (fault: string) =>
      send('/_emulator/faults', { method: 'POST', body: JSON.stringify({ fault }) });
    expect((await order('status:status=500')).json['active']).toMatchObject([
      { name: 'status', fault: { status: 500 } },
    ]);
    expect((await order('status:user=nobody')).status).toBe(400);
    const unknown = await send('/_emulator/faults?name=nope', { method: 'DELETE' });
    expect(unknown.json['error']).toBe('unknown_fault');
  });
});

describe('a fault for a user', () => {
  it('hits wherever a code or a token tells who it is', async () => {
    const { emulator, post, tokens, redeem, send } = startEmulator();
    const user = 'qa@example.org';
    const mine = await tokens();
    const { code } = emulator.signIn({ user });
    const theirs = (await redeem(code)).json;
    const hit = async (ask: () => Promise<{ status: number }>) => {
      emulator.inject({ name: 'status', user, status: 599 });
      const { status } = await ask();
      emulator.faults.clear();
      return status === 599;
    };
    const both = async (ask: (tokens: typeof mine) => Promise<{ status: number }>) => [
      await hit(() => ask(mine)),
      await hit(() => ask(theirs)),
    ];
    const bearer = (one: typeof mine) => ({
      headers: { authorization: `Bearer ${one['access_token']}` },
    });
    expect(await both((one) => send('/v1/userinfo', bearer(one)))).toEqual([false, true]);
    const info = (one: typeof mine) => send(`/tokeninfo?access_token=${one['access_token']}`);
    expect(await both(info)).toEqual([false, true]);
    expect(await hit(() => redeem(code))).toBe(true);
    expect(await hit(() => redeem(emulator.signIn().code))).toBe(false);
    const revoke = (one: typeof mine) => post('/revoke', { token: String(one['refresh_token']) });
    expect(await both(revoke)).toEqual([false, true]);
    expect(await hit(() => post('/revoke', { token: String(theirs['access_token']) }))).toBe(true);
  });
});
