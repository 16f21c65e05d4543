import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import type { DecodedIdToken } from '../core/id-token.js';

/** A key that verifies RS256 signatures. */
export type Rs256Key = KeyObject;

const leastModulusBits = 2048;

/**
 * Takes a key out of a JWKS. Undefined for one that RS256 signatures must not be verified with: no RSA
 * key, shorter than 2048 bits, or meant for something else by its `use`, `alg` or `key_ops`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-4
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.3
 */
export function toRs256Key(jwk: JsonWebKey): Rs256Key | undefined {
  const { kty, use = 'sig', alg = 'RS256', key_ops: operations = ['verify'] } = jwk;
  const isMeant = use === 'sig' && alg === 'RS256';
  if (kty !== 'RSA' || !isMeant || ![operations].flat().includes('verify')) return undefined;
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    const exponent = key.asymmetricKeyDetails?.publicExponent ?? 0n;
    // With an exponent of 1, every text is its own signature.
    return bits < leastModulusBits || exponent < 3n ? undefined : key;
  } catch {
    return undefined;
  }
}

/**
 * Whether a JWT's RS256 signature is that of a key. False as well where the header names extensions
 * (`crit`), since none is understood here. The algorithm is the caller's: `alg` is not looked at.
 *
 * Done at once by Node's own crypto: to hand such short work to another thread, as Web Cryptography
 * does, takes several times as long as the work.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-5.2
 */
export function hasRs256Signature({ jwt, header }: DecodedIdToken, key: Rs256Key): boolean {
  const end = jwt.lastIndexOf('.');
  const signature = jwt.slice(end + 1);
  if (Object.hasOwn(header, 'crit') || !/^[\w-]+$/.test(signature)) return false;
  const input = Buffer.from(jwt.slice(0, end));
  return verify('sha256', input, key, Buffer.from(signature, 'base64url'));
}
