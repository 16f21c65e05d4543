import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** `gsac`, then the version of the format: what another program wrote is told at once. */
const header = Buffer.from('gsac\x01', 'latin1');
const nonceLength = 12;
const tagLength = 16;

/** Length in bytes of the keys that {@link seal} and {@link open} take. */
export const boxKeyLength = 32;

/**
 * Encrypts and authenticates with AES-256-GCM under a fresh random nonce. `context` (what it is and
 * whose) is authenticated along with the format's version, so that a box put in another's place
 * does not open. Not proof against putting back an older box of the same place.
 *
 * @param key 32 bytes.
 */
export function seal(key: Uint8Array, context: string, plaintext: string): Buffer {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(additionalData(context));
  const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return Buffer.concat([header, nonce, cipher.getAuthTag(), body]);
}

/**
 * The content of a box, or undefined where it is torn, changed, of another key or context, or no
 * box at all.
 *
 * @param key 32 bytes; any other length opens nothing.
 */
export function open(key: Uint8Array, context: string, box: Uint8Array): string | undefined {
  const bodyStart = header.length + nonceLength + tagLength;
  if (key.length !== boxKeyLength || box.length < bodyStart) return undefined;
  if (!header.equals(box.subarray(0, header.length))) return undefined;
  const nonce = box.subarray(header.length, header.length + nonceLength);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength });
  decipher.setAAD(additionalData(context));
  decipher.setAuthTag(box.subarray(header.length + nonceLength, bodyStart));
  try {
    return decipher.update(box.subarray(bodyStart), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return undefined;
  }
}

function additionalData(context: string): Buffer {
  return Buffer.concat([header, Buffer.from(context, 'utf8')]);
}
