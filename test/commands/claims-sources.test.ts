import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { KeyRing } from '../../src/emulator/state/keys.js';
import { type RunOptions, useDesk } from '../support/run.js';
import { deadFetch, expectFailure, expectHumanFailure } from './support.js';

interface Claims {
  verdict: string;
  checks: { name: string; ok: boolean | null; detail: string }[];
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
}

// Shared with every emulator of this process, so what it signs verifies.
const keys = new KeyRing();

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('What gsac claims takes', () => {
  const desk = useDesk();

  const good = () => {
    const iat = Math.floor(desk.now / 1000);
    return {
      iss: 'https://accounts.google.com',
      aud: desk.emulator.clientFile().web.client_id,
      sub: '104729361850274916385',
      iat,
      exp: iat + 3600,
    };
  };
  const sign = (changes: object = {}) => keys.sign({ ...good(), ...changes });
  async function claims(jwt: string, flags: readonly string[] = [], options: RunOptions = {}) {
    const ran = await desk.run(['claims', '--id-token', jwt, '--json', ...flags], options);
    const result = ran.json<Claims>();
    const failed = result.checks.filter(({ ok }) => ok === false).map(({ name }) => name);
    return { ...ran, ...result, failed };
  }

  it.each<[string, RegExp]>([
    ['', /empty/],
    ['hello', /not a JWT/],
    ['a.b.c', /not a JWT/],
    ['ya29.abc', /access token/],
    ['1//0abc', /refresh token/],
    ['4/0Aabc', /code/],
    [`${encode({ alg: 'RS256' })}.${encode({})}`, /cut off/],
    [`${encode({ alg: 'RS256' })}.%%%.AAAA`, /damaged/],
    [`${encode([1])}.${encode({})}.AAAA`, /JWT/],
  ])('calls %j no JWT: 2, and asks nobody', async (text, what) => {
    for (const flags of [[], ['--no-verify']]) {
      const argv = ['claims', '--id-token', '-', '--json', ...flags];
      const error = expectFailure(await desk.run(argv, { stdin: text }), 'id_token_malformed');
      expect(error.message).toMatch(what);
    }
    expect(desk.emulator.requests.count()).toBe(0);
  });

  it('takes the ID token from before where a refresh brings none, and holds it to no other access token', async () => {
    await desk.exchange();
    desk.now += 1000;
    desk.emulator.inject({ name: 'refresh-without-id-token', times: 2 });
    expect((await desk.run(['refresh'])).exitCode).toBe(0);
    const ran = await desk.run(['claims', '--json']);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.json<Claims>().checks.map(({ name }) => name)).not.toContain('at_hash');
    const asked = await desk.run(['claims', '--refresh']);
    expect(asked.exitCode).toBe(0);
    expect(asked.stderr).toContain('The refresh brought no ID token');
    // The next one that brings one is judged whole again.
    const whole = await desk.run(['claims', '--refresh', '--json']);
    expect(whole.json<Claims>().checks.map(({ name }) => name)).toContain('at_hash');
  });

  it('only decodes with --no-verify: unverified, 0, without network, client or account', async () => {
    const jwt = await sign({ iss: 'x', exp: 1 });
    const env = { GSAC_CLIENT: undefined };
    const ran = await claims(jwt, ['--no-verify'], { env });
    expect(ran).toMatchObject({ exitCode: 0, verdict: 'unverified', checks: [] });
    expect(desk.emulator.requests.count()).toBe(0);
    const human = await desk.run(['claims', '--id-token', jwt, '--no-verify'], { env });
    expect(human.stdout).toContain('unverified (only decoded');
  });

  it('leaves it unverified where no audience is known to hold it against', async () => {
    const ran = await claims(await sign(), [], { env: { GSAC_CLIENT: undefined } });
    expect(ran).toMatchObject({ exitCode: 0, verdict: 'unverified', failed: [] });
  });

  it('takes the client’s ID as audience, for which no secret is needed', async () => {
    const env = { GSAC_CLIENT: undefined };
    const flags = ['--client-id', good().aud, '--no-input'];
    expect(await claims(await sign(), flags, { env })).toMatchObject({ verdict: 'valid' });
  });

  describe('the keys', () => {
    const asked = () => desk.emulator.requests.count('/oauth2/v3/certs');

    it('are kept for as long as the answer allows', async () => {
      const jwt = await sign();
      await claims(jwt);
      await claims(jwt);
      expect(asked()).toBe(1);
      desk.now += 21_156_000;
      await claims(jwt);
      expect(asked()).toBe(2);
    });

    it('are fetched anew once where a token names one that is unknown', async () => {
      await claims(await sign());
      const jwt = await keys.sign(good(), { kid: 'unknown' });
      const ran = await claims(jwt);
      expect(ran).toMatchObject({ exitCode: 6, failed: ['signature'] });
      expect(asked()).toBe(2);
    });

    it('that are new are found', async () => {
      await desk.exchange();
      desk.emulator.inject({ name: 'rotate-keys' });
      const ran = await desk.run(['claims', '--refresh', '--json']);
      expect(ran.json()).toMatchObject({ verdict: 'valid' });
      expect(asked()).toBe(2);
    });

    it.each([
      ['html', { status: 404 }, 'answer_unreadable'],
      ['huge-body', {}, 'answer_unreadable'],
      ['torn-body', {}, 'answer_unreadable'],
      ['status', { status: 503, retryAfter: 900 }, 'google_unavailable'],
    ] as const)(
      'that cannot be had (%s %j) are 3, and no verdict is printed',
      async (name, parameters, code) => {
        desk.emulator.inject({ name, path: '/oauth2/v3/certs', times: 'always', ...parameters });
        expectFailure(await desk.run(['claims', '--id-token', await sign(), '--json']), code);
      },
    );

    it('that cannot be reached are 3', async () => {
      const fetch = deadFetch(desk);
      const argv = ['claims', '--id-token', await sign()];
      expectHumanFailure(await desk.run(argv, { fetch }), 'network_unreachable');
    });
  });

  it.each([
    [['--id-token', 'x', '--refresh']],
    [['--no-verify', '--audience', 'x']],
    [['--no-verify', '--nonce', 'x']],
    [['--no-verify', '--hosted-domain', 'x']],
    [['--no-verify', '--require-email-verified']],
    [['--clock-tolerance', 'x']],
    [['--clock-tolerance', '-1']],
  ])('%j contradicts itself: 2', async (flags) => {
    expectFailure(await desk.run(['claims', '--json', ...flags]), 'usage');
  });

  it('takes any noise without a stack', async () => {
    for (let round = 0; round < 60; round += 1) {
      const part = () => randomBytes(round).toString('base64url');
      const text = `${part()}.${part()}${round % 2 === 0 ? `.${part()}` : ''}`;
      const ran = await desk.run(['claims', '--id-token', '-', '--json'], { stdin: text });
      expectFailure(ran, 'id_token_malformed');
    }
  });
});

describe('gsac claims of an account', () => {
  const desk = useDesk();
  beforeEach(async () => {
    await desk.exchange();
  });

  it('shows every claim, times for people, and holds at_hash against the access token', async () => {
    const ran = await desk.run(['claims', '--json']);
    expect(ran.exitCode).toBe(0);
    const { claims, checks } = ran.json<Claims>();
    expect(checks).toContainEqual({
      name: 'at_hash',
      ok: true,
      detail: 'matches the access token',
    });
    const human = await desk.run(['claims']);
    for (const name of Object.keys(claims))
      expect(human.stdout).toMatch(new RegExp(`^${name} `, 'm'));
    expect(human.stdout).toMatch(/^exp +2026-01-1[56] .* \(in 1 hour\)$/m);
    expect(human.stdout).toMatch(/^verdict {2}valid$/m);
  });

  it('is 6 once it expired, and --refresh gets a new one', async () => {
    desk.now += 7_200_000;
    const ran = await desk.run(['claims', '--json']);
    expect(ran).toMatchObject({ exitCode: 6, stderr: '' });
    expect(ran.json()).toMatchObject({ verdict: 'expired' });
    const fresh = await desk.run(['claims', '--refresh', '--json']);
    expect(fresh).toMatchObject({ exitCode: 0 });
    expect(fresh.json()).toMatchObject({ verdict: 'valid' });
  });

  it('is 4 where Google gave none, and says which scope to ask for', async () => {
    const code = desk.code({ user: 'qa@example.org', scopes: ['drive.appdata'] });
    await desk.run(['exchange', code]);
    const { accounts } = (await desk.run(['accounts', '--json'])).json<{
      accounts: { key: string; sub: string | null }[];
    }>();
    const key = accounts.find(({ sub }) => sub === null)?.key ?? '';
    const error = expectFailure(await desk.run(['claims', '-a', key, '--json']), 'id_token_absent');
    expect(error.hint).toContain('openid');
  });
});
