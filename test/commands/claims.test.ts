import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KeyRing } from '../../src/emulator/state/keys.js';
import { type RunOptions, useDesk } from '../support/run.js';

interface Claims {
  verdict: string;
  checks: { name: string; ok: boolean | null; detail: string }[];
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
}

// Shared with every emulator of this process, so what it signs verifies.
const keys = new KeyRing();

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('gsac claims --id-token', () => {
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

  it('finds a good one valid: 0', async () => {
    const ran = await claims(await sign());
    expect(ran).toMatchObject({ exitCode: 0, stderr: '', verdict: 'valid', failed: [] });
    expect(ran.header).toMatchObject({ alg: 'RS256' });
    expect(ran.claims).toEqual(good());
  });

  it('reads it from standard input, quotes and Bearer included', async () => {
    const jwt = await sign();
    for (const stdin of [`${jwt}\n`, `"${jwt}"`, `Bearer ${jwt}`]) {
      expect(await claims('-', [], { stdin })).toMatchObject({ verdict: 'valid' });
    }
  });

  it.each([
    ['none', undefined, 'missing'],
    ['a list', ['a'], '["a"] is not one client ID'],
  ])('says what was expected where the audience is %s', async (_what, aud, detail) => {
    const { checks } = await claims(await sign({ aud }));
    expect(checks).toContainEqual({ name: 'audience', ok: false, detail });
  });

  const minute = 60;
  const day = 86_400;
  it.each<[string, (now: number) => object, string[], string, string[]]>([
    ['another issuer', () => ({ iss: 'https://evil.test' }), [], 'invalid', ['issuer']],
    [
      'an issuer that only begins so',
      () => ({ iss: 'https://accounts.google.com.evil.test' }),
      [],
      'invalid',
      ['issuer'],
    ],
    ['the legacy issuer', () => ({ iss: 'accounts.google.com' }), [], 'valid', []],
    ['no issuer', () => ({ iss: undefined }), [], 'invalid', ['issuer']],
    ['another audience', () => ({ aud: 'other' }), [], 'invalid', ['audience']],
    [
      'an audience that --audience names',
      () => ({ aud: 'two' }),
      ['--audience', 'one', '--audience', 'two'],
      'valid',
      [],
    ],
    [
      'an audience that --audience does not name',
      () => ({}),
      ['--audience', 'one'],
      'invalid',
      ['audience'],
    ],
    ['a list as audience', (now) => ({ aud: [good().aud], iat: now }), [], 'invalid', ['audience']],
    ['an end 6 minutes ago', (now) => ({ exp: now - 6 * minute }), [], 'expired', ['expiry']],
    [
      'an end 4 minutes ago, which clocks may differ by',
      (now) => ({ exp: now - 4 * minute }),
      [],
      'valid',
      [],
    ],
    [
      'an end 4 minutes ago and no tolerance',
      (now) => ({ exp: now - 4 * minute }),
      ['--clock-tolerance', '0'],
      'expired',
      ['expiry'],
    ],
    ['an end in 23 hours', (now) => ({ exp: now + day - 3600 }), [], 'valid', []],
    ['an end more than a day ahead', (now) => ({ exp: now + day + 1 }), [], 'invalid', ['expiry']],
    ['no end', () => ({ exp: undefined }), [], 'invalid', ['expiry']],
    ['an end that is text', (now) => ({ exp: String(now + 60) }), [], 'invalid', ['expiry']],
    ['no time of issue', () => ({ iat: undefined }), [], 'invalid', ['issued_at']],
    [
      'a time of issue in 6 minutes',
      (now) => ({ iat: now + 6 * minute }),
      [],
      'invalid',
      ['issued_at'],
    ],
    ['a time of issue in 4 minutes', (now) => ({ iat: now + 4 * minute }), [], 'valid', []],
    [
      'a beginning in 6 minutes',
      (now) => ({ nbf: now + 6 * minute }),
      [],
      'invalid',
      ['not_before'],
    ],
    ['a beginning that passed', (now) => ({ nbf: now - 1 }), [], 'valid', []],
    ['no subject', () => ({ sub: undefined }), [], 'invalid', ['subject']],
    ['a subject of 256 characters', () => ({ sub: 'x'.repeat(256) }), [], 'invalid', ['subject']],
    ['the nonce that was asked for', () => ({ nonce: 'n-1' }), ['--nonce', 'n-1'], 'valid', []],
    ['another nonce', () => ({ nonce: 'n-2' }), ['--nonce', 'n-1'], 'invalid', ['nonce']],
    ['no nonce where one was asked for', () => ({}), ['--nonce', 'n-1'], 'invalid', ['nonce']],
    [
      'the hosted domain',
      () => ({ hd: 'example.org' }),
      ['--hosted-domain', 'Example.org'],
      'valid',
      [],
    ],
    [
      'another hosted domain',
      () => ({ hd: 'evil.test' }),
      ['--hosted-domain', 'example.org'],
      'invalid',
      ['hosted_domain'],
    ],
    [
      'no hosted domain, whatever the email',
      () => ({ email: 'a@example.org' }),
      ['--hosted-domain', 'example.org'],
      'invalid',
      ['hosted_domain'],
    ],
    [
      'an unverified email, which is only shown',
      () => ({ email_verified: false }),
      [],
      'valid',
      [],
    ],
    [
      'an unverified email, judged',
      () => ({ email_verified: false }),
      ['--require-email-verified'],
      'invalid',
      ['email_verified'],
    ],
    [
      'a verified email as text, judged',
      () => ({ email_verified: 'true' }),
      ['--require-email-verified'],
      'invalid',
      ['email_verified'],
    ],
    [
      'a verified email, judged',
      () => ({ email_verified: true }),
      ['--require-email-verified'],
      'valid',
      [],
    ],
    ['another azp, which is never judged', () => ({ azp: 'the-phone' }), [], 'valid', []],
    [
      'an end and an issuer that fail',
      (now) => ({ exp: now - day, iss: 'x' }),
      [],
      'invalid',
      ['issuer', 'expiry'],
    ],
  ])('judges %s', async (_what, changes, flags, verdict, failed) => {
    const ran = await claims(await sign(changes(Math.floor(desk.now / 1000))), flags);
    expect(ran).toMatchObject({ verdict, failed, exitCode: verdict === 'valid' ? 0 : 6 });
    expect(ran.claims['sub'] === undefined).toBe(
      failed.includes('subject') && _what === 'no subject',
    );
  });

  it.each<[string, (body: string, kid: string) => string, string[]]>([
    ['no key id', (body) => `${encode({ alg: 'RS256' })}.${body}.AAAA`, ['key_id', 'signature']],
    [
      'alg none and no signature',
      (body) => `${encode({ alg: 'none' })}.${body}.`,
      ['algorithm', 'key_id', 'signature'],
    ],
    [
      'alg none and a key id',
      (body, kid) => `${encode({ alg: 'none', kid })}.${body}.AAAA`,
      ['algorithm', 'signature'],
    ],
    [
      'alg in another case',
      (body, kid) => `${encode({ alg: 'rs256', kid })}.${body}.AAAA`,
      ['algorithm', 'signature'],
    ],
    [
      'a signature that was cut off',
      (body, kid) => `${encode({ alg: 'RS256', kid })}.${body}.`,
      ['signature'],
    ],
    [
      'a signature of nobody',
      (body, kid) => `${encode({ alg: 'RS256', kid })}.${body}.AAAA`,
      ['signature'],
    ],
    [
      'an HMAC under the public key',
      (body, kid) => {
        const input = `${encode({ alg: 'HS256', kid })}.${body}`;
        const secret = JSON.stringify(keys.published[0]?.jwk);
        return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
      },
      ['algorithm', 'signature'],
    ],
  ])('refuses %s: 6, and the claims are printed all the same', async (_what, forge, failed) => {
    const ran = await claims(forge(encode(good()), keys.published[0]?.kid ?? ''));
    expect(ran).toMatchObject({ exitCode: 6, verdict: 'invalid', failed });
    expect(ran.claims).toEqual(good());
  });

  it('refuses a body that was changed after it was signed', async () => {
    const [head, , signature] = (await sign()).split('.');
    const ran = await claims(`${head}.${encode({ ...good(), sub: '1' })}.${signature}`);
    expect(ran).toMatchObject({ exitCode: 6, failed: ['signature'] });
  });
});
