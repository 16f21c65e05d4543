import { checkPrimeSync, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createEmulator } from '../../../src/emulator/app.js';
import { createRandom } from '../../../src/emulator/state/random.js';
import { TEST_KEYS } from '../../../src/emulator/state/test-keys.js';
import { requestsOf } from './support.js';

const START = Date.UTC(2026, 0, 15, 12);

/** The integers of a DER structure, in the order in which they come. */
function integersOf(der: Buffer): bigint[] {
  const found: bigint[] = [];
  let at = 0;
  while (at < der.length) {
    const tag = der.readUInt8(at);
    const first = der.readUInt8(at + 1);
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    const length = lengthBytes === 0 ? first : der.readUIntBE(at + 2, lengthBytes);
    const start = at + 2 + lengthBytes;
    // A sequence is gone into.
    at = tag === 0x30 ? start : start + length;
    if (tag === 0x02) found.push(BigInt(`0x${der.toString('hex', start, at)}`));
  }
  return found;
}

/** Everything that two clients saw in a session, byte for byte. */
async function session(seed: string | undefined, port: number): Promise<string> {
  const emulator = createEmulator({
    clock: () => START,
    origin: `http://127.0.0.1:${port}`,
    users: [{ email: 'a@example.com' }, { email: 'b@example.com' }],
    ...(seed === undefined ? {} : { seed }),
  });
  const { send, redeem, refresh } = requestsOf(emulator);
  const seen: string[] = [];
  for (const user of ['a@example.com', 'b@example.com']) {
    const { code } = emulator.signIn({ user });
    const { text, json } = await redeem(code);
    seen.push(code, text, (await refresh(json['refresh_token'])).text);
    const headers = { authorization: `Bearer ${json['access_token']}` };
    const made = await send('/drive/v3/files', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{"name":"x","parents":["appDataFolder"]}',
    });
    seen.push(made.text, (await send('/drive/v3/about?fields=*', { headers })).text);
  }
  emulator.inject({ name: 'rotate-keys' });
  seen.push((await redeem(emulator.signIn().code)).text);
  for (const path of ['/oauth2/v3/certs', '/oauth2/v1/certs']) seen.push((await send(path)).text);
  return seen.join('\n');
}

describe('a seed', () => {
  it('makes two runs equal, byte for byte: codes, tokens, ids, signatures, certificates', async () => {
    const one = await session('nightly', 8085);
    expect(await session('nightly', 8085)).toBe(one);
    expect(one).toContain('BEGIN CERTIFICATE');
    expect(one).toContain('"drive#file"');
  });

  it('makes runs of another seed, and of none, differ in all of that', async () => {
    const random = /4\/0A|_token"|"n"|"kid"|CERTIFICATE|"id"/;
    const linesOf = async (seed?: string) =>
      (await session(seed, 8085)).split('\n').filter((line) => random.test(line));
    const lines = await linesOf('one');
    expect(lines.length).toBeGreaterThan(15);
    for (const seed of ['two', undefined]) {
      const other = new Set(await linesOf(seed));
      expect(lines.filter((line) => other.has(line))).toEqual([]);
    }
  });

  it('goes on where an earlier source of it ended', () => {
    const whole = createRandom('x').bytes(100);
    for (const drawn of [0, 1, 15, 16, 17, 64, 99]) {
      expect(createRandom('x', drawn).bytes(100 - drawn)).toEqual(whole.subarray(drawn));
    }
  });
});

const KEYS = TEST_KEYS.map((text, at) => {
  const key = Buffer.from(text, 'base64');
  return [at, createPrivateKey({ key, format: 'der', type: 'pkcs8' })] as const;
});

describe('test key', () => {
  it.each(KEYS)('%i is a sound RSA key of four primes', (_at, key) => {
    expect(key.asymmetricKeyDetails).toMatchObject({
      modulusLength: 2048,
      publicExponent: 65_537n,
    });
    const [version, n, e, d, ...parts] = integersOf(key.export({ format: 'der', type: 'pkcs1' }));
    const [p = 0n, q = 0n, dp, dq, qi = 0n, r = 0n, dr, tr = 0n, s = 0n, ds, ts = 0n] = parts;
    expect([version, e, parts.length]).toEqual([1n, 65_537n, 11]);
    const primes = [p, q, r, s];
    expect(primes.every((prime) => checkPrimeSync(prime))).toBe(true);
    expect(new Set(primes).size).toBe(4);
    expect(p * q * r * s).toBe(n);
    // A wrong one of these makes no wrong signature: OpenSSL notices, and signs the slow way.
    expect(primes.map((prime) => (d ?? 0n) % (prime - 1n))).toEqual([dp, dq, dr, ds]);
    expect([(q * qi) % p, (p * q * tr) % r, (p * q * r * ts) % s]).toEqual([1n, 1n, 1n]);
  });

  it.each(KEYS)('%i gives signatures that verify, read anew from PEM too', (_at, key) => {
    const again = createPrivateKey(key.export({ format: 'pem', type: 'pkcs8' }));
    const publicKey = createPublicKey({
      key: createPublicKey(key).export({ format: 'jwk' }),
      format: 'jwk',
    });
    for (let at = 0; at < 50; at += 1) {
      const text = Buffer.from(`text ${at}`);
      const signature = sign('sha256', text, again);
      expect(signature).toEqual(sign('sha256', text, key));
      expect(verify('sha256', text, publicKey, signature)).toBe(true);
    }
  });

  it('differs from the others', () => {
    expect(new Set(TEST_KEYS).size).toBe(TEST_KEYS.length);
  });
});
