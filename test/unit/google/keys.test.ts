import { createHmac, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { CompactSign, compactVerify, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { decodeIdToken } from '../../../src/core/id-token.js';
import { hasRs256Signature, toRs256Key } from '../../../src/google/keys.js';

// Tokens that another implementation of RFC 7515 signs.

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = publicKey.export({ format: 'jwk' });
const key = toRs256Key(jwk) ?? expect.unreachable();

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function sign(claims: object, header: object = {}, signingKey = privateKey): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'RS256', ...header })
    .sign(signingKey, { crit: { 'urn:example:new': true } });
}

const holds = (jwt: string) => hasRs256Signature(decodeIdToken(jwt), key);

describe('an RS256 signature', () => {
  it('holds for what was signed, whatever is in it', async () => {
    for (const claims of [
      {},
      { sub: '1' },
      { name: 'Þórunn 高橋' },
      { long: 'x'.repeat(10_000) },
    ]) {
      const jwt = await sign(claims);
      expect(holds(jwt)).toBe(true);
      await expect(compactVerify(jwt, await importJWK(jwk, 'RS256'))).resolves.toBeDefined();
    }
  });

  it('does not hold for other claims, another header or a part of it', async () => {
    const [head = '', claims = '', signature = ''] = (await sign({ sub: '1' })).split('.');
    const other = [...signature];
    other[100] = other[100] === 'A' ? 'B' : 'A';
    for (const parts of [
      [head, encode({ sub: '2' }), signature],
      [encode({ alg: 'RS256', typ: 'JWT' }), claims, signature],
      [head, claims, other.join('')],
      [head, claims, signature.slice(0, -4)],
      [head, claims, `${signature}AAAA`],
      [head, claims, `${signature}=`],
      [head, claims, `${signature.slice(0, 8)}\n${signature.slice(8)}`],
      [head, claims, ''],
    ]) {
      const jwt = parts.join('.');
      const token = { ...decodeIdToken([head, claims, signature].join('.')), jwt };
      expect(hasRs256Signature(token, key)).toBe(false);
    }
  });

  it('does not hold for another key, nor for an HMAC with the public one', async () => {
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    expect(holds(await sign({}, {}, stranger))).toBe(false);
    const input = `${encode({ alg: 'RS256' })}.${encode({})}`;
    const secret = publicKey.export({ format: 'pem', type: 'spki' });
    expect(
      holds(`${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`),
    ).toBe(false);
  });

  it('does not hold where the header demands an extension', async () => {
    const jwt = await sign({}, { crit: ['urn:example:new'], 'urn:example:new': 1 });
    expect(holds(jwt)).toBe(false);
  });
});

describe('a published key', () => {
  it.each<[string, JsonWebKey, boolean]>([
    ['says no more than it must', { kty: 'RSA', n: jwk.n, e: jwk.e } as JsonWebKey, true],
    ['says what it is for, as Google’s do', { ...jwk, use: 'sig', alg: 'RS256' }, true],
    ['says it by its operations', { ...jwk, key_ops: ['verify'] }, true],
    ['is for encryption', { ...jwk, use: 'enc' }, false],
    ['is for another algorithm', { ...jwk, alg: 'PS256' }, false],
    ['is for other operations', { ...jwk, key_ops: ['encrypt'] }, false],
    ['is a secret', { kty: 'oct', k: 'c2VjcmV0' }, false],
    ['is on a curve', ec(), false],
    ['is short', short(), false],
    ['lets every text sign itself', { ...jwk, e: 'AQ' }, false],
    ['is no number', { kty: 'RSA', n: 7, e: {} } as unknown as JsonWebKey, false],
    ['lacks its modulus', { kty: 'RSA', e: 'AQAB' }, false],
  ])('that %s', (_what, published, isTaken) => {
    expect(toRs256Key(published) !== undefined).toBe(isTaken);
  });
});

function short(): JsonWebKey {
  return generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
}

function ec(): JsonWebKey {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
}
