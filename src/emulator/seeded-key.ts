import { checkPrimeSync, createPrivateKey, type KeyObject } from 'node:crypto';
import type { RandomSource } from './random.js';

const EXPONENT = 65_537n;
const PRIME_BYTES = 128;

/**
 * Makes an RSA key of 2048 bits whose primes are the first ones that the source leads to, so that a
 * seed always gives the same key (in about 0.2 s). Whoever knows the seed has the key: it is for
 * tests, and guards nothing.
 * @see https://www.rfc-editor.org/rfc/rfc8017#section-3.2
 */
export function createSeededKey(random: RandomSource): KeyObject {
  const one = nextPrime(random);
  const other = nextPrime(random, one);
  const [p, q] = one > other ? [one, other] : [other, one];
  const d = inverse(EXPONENT, (p - 1n) * (q - 1n));
  const jwk = {
    kty: 'RSA',
    n: encode(p * q),
    e: encode(EXPONENT),
    d: encode(d),
    p: encode(p),
    q: encode(q),
    dp: encode(d % (p - 1n)),
    dq: encode(d % (q - 1n)),
    qi: encode(inverse(q, p)),
  };
  return createPrivateKey({ key: jwk, format: 'jwk' });
}

function nextPrime(random: RandomSource, not?: bigint): bigint {
  for (;;) {
    const bytes = random.bytes(PRIME_BYTES);
    // The two highest bits, so that the product has all its 2048; the lowest, since primes are odd.
    bytes[0] = (bytes[0] ?? 0) | 0xc0;
    bytes[PRIME_BYTES - 1] = (bytes[PRIME_BYTES - 1] ?? 0) | 1;
    const candidate = BigInt(`0x${bytes.toString('hex')}`);
    if (candidate % EXPONENT !== 1n && candidate !== not && checkPrimeSync(candidate)) {
      return candidate;
    }
  }
}

/** The inverse of a number, by Euclid's extended algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [previous, current] = [modulus, value % modulus];
  let [before, now] = [0n, 1n];
  while (current !== 0n) {
    const quotient = previous / current;
    [previous, current] = [current, previous - quotient * current];
    [before, now] = [now, before - quotient * now];
  }
  return ((before % modulus) + modulus) % modulus;
}

function encode(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
}
