import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RandomSource } from './random.js';

/** What an access token carries in itself. */
export interface AccessTokenContent {
  readonly authorizationId: number;
  readonly clientIndex: number;
  readonly scopesIndex: number;
  readonly offline: boolean;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

const PAYLOAD = 17;
const PADDING = 105;
const MAC = 32;
const PREFIX = 'ya29.a0';

/**
 * Makes access tokens that carry their own content under a MAC, so that a million of them cost no
 * memory and an expired one needs no cleaning up.
 */
export class AccessTokenCodec {
  readonly #random: RandomSource;
  /** The key of the MAC, to be kept. */
  readonly key: Buffer;

  /** @param key that of an emulator whose tokens are to be good here, too. */
  constructor(random: RandomSource, key?: Buffer) {
    this.#random = random;
    this.key = key ?? random.bytes(32);
  }

  /** Makes a new token, about 210 characters long; no two are equal. */
  encode(content: AccessTokenContent): string {
    const bytes = Buffer.alloc(PADDING + PAYLOAD + MAC);
    this.#random.bytes(PADDING).copy(bytes);
    // The number of a set was short once: its upper half stands where older tokens have zeros.
    bytes.writeUInt16BE(content.scopesIndex >>> 16, PADDING);
    bytes.writeUInt32BE(content.authorizationId, PADDING + 2);
    bytes.writeUInt16BE(content.clientIndex, PADDING + 6);
    bytes.writeUInt16BE(content.scopesIndex & 0xffff, PADDING + 8);
    // A clock may be set to before 1970; what ends there has ended.
    bytes.writeUIntBE(Math.max(0, content.expiresAt), PADDING + 10, 6);
    bytes.writeUInt8(content.offline ? 1 : 0, PADDING + 16);
    this.#mask(bytes);
    this.#mac(bytes).copy(bytes, PADDING + PAYLOAD);
    return PREFIX + bytes.toString('base64url');
  }

  /** Reads a token of this emulator; undefined for any other text. Does not check the expiry. */
  decode(token: string): AccessTokenContent | undefined {
    if (!token.startsWith(PREFIX)) return undefined;
    const text = token.slice(PREFIX.length);
    const bytes = Buffer.from(text, 'base64url');
    // Node's decoder skips what is not base64url, so a token with a blank in it must be compared.
    if (bytes.length !== PADDING + PAYLOAD + MAC || bytes.toString('base64url') !== text) {
      return undefined;
    }
    if (!timingSafeEqual(this.#mac(bytes), bytes.subarray(PADDING + PAYLOAD))) return undefined;
    this.#mask(bytes);
    return {
      authorizationId: bytes.readUInt32BE(PADDING + 2),
      clientIndex: bytes.readUInt16BE(PADDING + 6),
      scopesIndex: bytes.readUInt16BE(PADDING) * 0x1_0000 + bytes.readUInt16BE(PADDING + 8),
      expiresAt: bytes.readUIntBE(PADDING + 10, 6),
      offline: bytes.readUInt8(PADDING + 16) === 1,
    };
  }

  #mac(bytes: Buffer): Buffer {
    return createHmac('sha256', this.key)
      .update(bytes.subarray(0, PADDING + PAYLOAD))
      .digest();
  }

  #mask(bytes: Buffer): void {
    for (let index = 0; index < PAYLOAD; index += 1) {
      bytes[PADDING + index] = (bytes[PADDING + index] ?? 0) ^ (bytes[index] ?? 0);
    }
  }
}
