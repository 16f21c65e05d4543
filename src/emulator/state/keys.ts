import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { promisify } from 'node:util';
import { readJwt, type UnverifiedJwt } from './jwt.js';
import type { SigningOrder } from './model.js';
import { TEST_KEYS } from './test-keys.js';

const signInBackground = promisify(sign);

/** A signing key and the id that JWT headers name it by. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: JsonWebKey;
}

/**
 * The RSA keys behind ID tokens. They are public test keys: the seed chooses the first one, and a
 * rotation goes on to the next, so that after eight of them the first one comes again.
 */
export class KeyRing {
  #keys: readonly SigningKey[];
  #at: number;

  /** @param saved private keys in PEM, which then are the published ones. */
  constructor(seed?: string, saved: readonly string[] = []) {
    this.#keys = saved.map((pem) => toSigningKey(createPrivateKey(pem)));
    const [first] = this.#keys;
    this.#at = first === undefined ? chooseKey(seed) : placeOf(first);
  }

  /** The published keys, the one that signs first. */
  get published(): readonly SigningKey[] {
    if (this.#keys.length === 0) this.#keys = [testKey(this.#at)];
    return this.#keys;
  }

  /** The private keys in PEM, to be kept; none where none was needed so far. */
  save(): readonly string[] {
    return this.#keys.map(({ privateKey }) =>
      privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    );
  }

  /** Replaces every key; what the old ones signed no longer verifies. */
  rotate(): void {
    this.#at = (this.#at + 1) % TEST_KEYS.length;
    this.#keys = [testKey(this.#at)];
  }

  /**
   * Signs claims as an RS256 JWT with the newest key.
   * @see https://www.rfc-editor.org/rfc/rfc7519
   */
  async sign(claims: Readonly<Record<string, unknown>>, order: SigningOrder = {}): Promise<string> {
    const [key] = this.published;
    if (!key) throw new Error('The key ring is empty');
    const { alg = 'RS256', kid = key.kid } = order;
    const header = { alg, ...(kid === null ? {} : { kid }), typ: 'JWT' };
    const input = `${encode(header)}.${encode(claims)}`;
    if (alg === 'none') return `${input}.`;
    if (alg === 'HS256') {
      // The known attack: a verifier that lets the token choose takes the public key for the secret.
      const secret = createPublicKey(key.privateKey).export({ format: 'pem', type: 'spki' });
      return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
    }
    // In libuv's threads: signing is more than half of a token request, and this uses every core.
    const signature = await signInBackground('sha256', Buffer.from(input), key.privateKey);
    if (order.corrupt === true) signature[0] = (signature[0] ?? 0) ^ 0xff;
    return `${input}.${signature.toString('base64url')}`;
  }

  /** Reads a JWT that a published key signed; undefined for any other. Checks no claim. */
  verify(text: string): UnverifiedJwt | undefined {
    const jwt = readJwt(text);
    const key = this.published.find(({ kid }) => kid === jwt?.header['kid']);
    return jwt && key && isSignedBy(jwt, key.privateKey) ? jwt : undefined;
  }
}

/** Whether a private key made the signature of a JWT, by RS256. */
export function isSignedBy({ input, signature }: UnverifiedJwt, privateKey: KeyObject): boolean {
  return verify('sha256', input, createPublicKey(privateKey), signature);
}

// Every emulator of a process shares them: to read one takes longer than most requests.
const readKeys = new Map<number, SigningKey>();

function testKey(at: number): SigningKey {
  const key = Buffer.from(TEST_KEYS[at] ?? '', 'base64');
  const known =
    readKeys.get(at) ?? toSigningKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
  readKeys.set(at, known);
  return known;
}

function chooseKey(seed: string | undefined): number {
  if (seed === undefined) return 0;
  return createHash('sha256').update(seed).digest().readUInt8() % TEST_KEYS.length;
}

/** Where among the test keys one is; -1 for an older emulator's own. */
function placeOf({ privateKey }: SigningKey): number {
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  return TEST_KEYS.indexOf(der.toString('base64'));
}

/** A private key with its key ID, which follows from it. */
export function toSigningKey(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const jwk = publicKey.export({ format: 'jwk' });
  const der = publicKey.export({ format: 'der', type: 'spki' });
  const kid = createHash('sha1').update(der).digest('hex');
  return { kid, privateKey, jwk };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
