import { createPrivateKey, createPublicKey, createSign, createVerify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createEmulator } from '../../src/emulator/app.js';
import { createRandom } from '../../src/emulator/random.js';
import { createSeededKey } from '../../src/emulator/seeded-key.js';
import { requestsOf } from './support.js';

const START = Date.UTC(2026, 0, 15, 12);

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

  it('leads to a sound RSA key', () => {
    const key = createSeededKey(createRandom('nightly'));
    const jwk = key.export({ format: 'jwk' });
    expect(key.asymmetricKeyDetails).toMatchObject({
      modulusLength: 2048,
      publicExponent: 65_537n,
    });
    const number = (text: string | undefined) =>
      BigInt(`0x${Buffer.from(text ?? '', 'base64url').toString('hex')}`);
    const [n, e, d, p, q] = [jwk.n, jwk.e, jwk.d, jwk.p, jwk.q].map(number) as bigint[];
    expect(p !== undefined && q !== undefined && p * q === n && p > q).toBe(true);
    const phi = ((p ?? 0n) - 1n) * ((q ?? 0n) - 1n);
    expect(((e ?? 0n) * (d ?? 0n)) % phi).toBe(1n);
    // OpenSSL reads it anew and its signature is verified by the public half.
    const pem = key.export({ format: 'pem', type: 'pkcs8' });
    const signature = createSign('sha256').update('text').sign(createPrivateKey(pem));
    expect(createVerify('sha256').update('text').verify(createPublicKey(pem), signature)).toBe(
      true,
    );
  });

  it('goes on where an earlier source of it ended', () => {
    const whole = createRandom('x').bytes(100);
    for (const drawn of [0, 1, 15, 16, 17, 64, 99]) {
      expect(createRandom('x', drawn).bytes(100 - drawn)).toEqual(whole.subarray(drawn));
    }
  });
});
