import { describe, expect, it } from 'vitest';
import {
  accessTokenHashOf,
  decodeIdToken,
  type Expectations,
  googleIssuers,
  identityOf,
  judgeIdToken,
} from '../../../src/core/id-token.js';

const now = Date.UTC(2026, 0, 15, 12);
const seconds = now / 1000;
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwtOf = (claims: object, header: object = { alg: 'RS256', kid: 'k' }) =>
  `${encode(header)}.${encode(claims)}.c2ln`;
const good = {
  iss: 'https://accounts.google.com',
  aud: 'client',
  sub: '1',
  iat: seconds,
  exp: seconds + 3600,
};
const expected: Expectations = {
  now,
  clockToleranceSeconds: 300,
  audiences: ['client'],
  issuers: googleIssuers,
  signature: { state: 'good', detail: 'good' },
};
const judge = (claims: object, changes: Partial<Expectations> = {}) =>
  judgeIdToken(decodeIdToken(jwtOf(claims)), { ...expected, ...changes });

describe('The judgement of an ID token', () => {
  it.each([[[]], [['client']]])('shows no more of a claim than a client ID takes', (audiences) => {
    const { checks } = judgeIdToken(
      decodeIdToken(
        jwtOf({ ...good, aud: 'A'.repeat(9_000) }, { alg: 'RS256', kid: 'k'.repeat(9_000) }),
      ),
      { ...expected, audiences },
    );
    for (const { detail } of checks) expect(detail.length).toBeLessThan(200);
  });

  it('has a check for each thing that was looked at, in one order', () => {
    const { verdict, checks } = judge(good);
    expect(verdict).toBe('valid');
    expect(checks.map(({ name }) => name)).toEqual([
      'algorithm',
      'key_id',
      'signature',
      'issuer',
      'audience',
      'expiry',
      'issued_at',
      'subject',
    ]);
  });

  it('is valid only where every claim has its one form', () => {
    const odd = [undefined, null, '', 0, -1, true, [], ['client'], {}, Number.NaN, 1e300, 'x'];
    for (const name of Object.keys(good)) {
      for (const value of odd) {
        if (name === 'sub' && value === 'x') continue;
        const { verdict } = judge({ ...good, [name]: value });
        // A time long ago is a time: only the end of a token minds.
        const fine = name === 'iat' && (value === 0 || value === -1);
        const past = name === 'exp' && (value === 0 || value === -1);
        expect(verdict, `${name}: ${value}`).toBe(fine ? 'valid' : past ? 'expired' : 'invalid');
      }
    }
  });

  it('never calls a forged token expired', () => {
    const claims = { ...good, exp: seconds - 3600 };
    expect(judge(claims).verdict).toBe('expired');
    const signature = { state: 'bad', detail: 'no' } as const;
    expect(judge(claims, { signature }).verdict).toBe('invalid');
  });

  it('is unverified where signature or audience could not be judged, and nothing fails', () => {
    const signature = { state: 'unchecked', detail: 'no keys' } as const;
    expect(judge(good, { signature }).verdict).toBe('unverified');
    expect(judge(good, { audiences: [] }).verdict).toBe('unverified');
    expect(judge({ ...good, iss: 'x' }, { signature }).verdict).toBe('invalid');
  });

  it('ends to the second, with the tolerance on both sides', () => {
    for (const tolerance of [0, 1, 300]) {
      const verdictAt = (exp: number) =>
        judge({ ...good, exp }, { clockToleranceSeconds: tolerance }).verdict;
      expect(verdictAt(seconds - tolerance)).toBe('expired');
      expect(verdictAt(seconds - tolerance + 1)).toBe('valid');
      expect(verdictAt(seconds + 86_400)).toBe('valid');
      expect(verdictAt(seconds + 86_401)).toBe('invalid');
    }
  });

  it('holds at_hash against the access token that came with it', () => {
    // The example of OpenID Connect Core, A.3.
    const accessToken = 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y';
    expect(accessTokenHashOf(accessToken)).toBe('77QmUPtjPfzWtF2AnpK9RQ');
    const claims = { ...good, at_hash: '77QmUPtjPfzWtF2AnpK9RQ' };
    expect(judge(claims, { accessToken }).verdict).toBe('valid');
    expect(judge(claims, { accessToken: `${accessToken}x` }).verdict).toBe('invalid');
    expect(judge(claims).verdict).toBe('valid');
  });
});

describe('Who an ID token is about', () => {
  it('is what it says, unverified, and nobody where it says nothing usable', () => {
    expect(identityOf(jwtOf({ sub: '1', email: 'a@b' }))).toEqual({ sub: '1', email: 'a@b' });
    const nobody = { sub: null, email: null };
    for (const token of [undefined, '', 'x', 'a.b.c', jwtOf({}), jwtOf({ sub: 1, email: [] })]) {
      expect(identityOf(token)).toEqual(nobody);
    }
    expect(identityOf(jwtOf({ sub: '', email: 'a\nb' }))).toEqual(nobody);
    expect(identityOf(jwtOf({ sub: 'x'.repeat(256), email: '\u0000' }))).toEqual(nobody);
  });
});
