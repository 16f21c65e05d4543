/** What the first message of a TLS client says of how it wants to speak. */
export interface ClientHello {
  /** The protocols of the ALPN extension in the client's order; none without one. */
  readonly protocols: readonly string[];
}

/** What can be said of the first bytes of a connection. */
export type FirstBytes = ClientHello | 'more' | 'other';

const protocolsExtension = 16;
/** Larger than any client's first message; post-quantum ones have two thousand bytes. */
export const mostHelloBytes = 65_536;

/**
 * Reads the ClientHello out of the first bytes of a connection: `more` while some of it is missing,
 * `other` for what is no TLS or longer than {@link mostHelloBytes}.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8446#section-4.1.2
 */
export function readClientHello(bytes: Buffer): FirstBytes {
  const message: Buffer[] = [];
  let have = 0;
  let wanted = 4;
  // A message may lie in several records.
  for (let at = 0; have < wanted; ) {
    if (bytes.length > at && bytes[at] !== 0x16) return 'other';
    if (bytes.length > at + 1 && bytes[at + 1] !== 3) return 'other';
    if (bytes.length < at + 5) return bytes.length > mostHelloBytes ? 'other' : 'more';
    const length = bytes.readUInt16BE(at + 3);
    if (length === 0) return 'other';
    const part = bytes.subarray(at + 5, at + 5 + length);
    message.push(part);
    have += part.length;
    if (have >= 4 && wanted === 4) {
      const head = Buffer.concat(message, 4);
      if (head[0] !== 1) return 'other';
      wanted = 4 + head.readUIntBE(1, 3);
      if (wanted > mostHelloBytes) return 'other';
    }
    if (have < wanted && part.length < length) return 'more';
    at += 5 + length;
  }
  return readMessage(Buffer.concat(message).subarray(4, wanted)) ?? 'other';
}

function readMessage(body: Buffer): ClientHello | undefined {
  const reader = new Reader(body);
  // Version and random, then three lists of no interest.
  reader.skip(34);
  reader.list(1);
  reader.list(2);
  reader.list(1);
  let protocols: readonly string[] = [];
  const extensions = reader.left > 0 ? reader.list(2) : undefined;
  while (extensions !== undefined && extensions.left > 0) {
    const type = extensions.number(2);
    const content = extensions.list(2);
    if (type === protocolsExtension) {
      const offered = content.list(2);
      const found: string[] = [];
      while (offered.left > 0) found.push(offered.list(1).rest());
      protocols = found;
    }
    if (extensions.failed || content.failed) return undefined;
  }
  return reader.failed ? undefined : { protocols };
}

/** Reads numbers and lists with a length before them; what is not there fails the reader. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  failed = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.failed ? 0 : this.#bytes.length - this.#at;
  }

  skip(count: number): void {
    if (count > this.left) this.failed = true;
    else this.#at += count;
  }

  number(size: number): number {
    if (size > this.left) {
      this.failed = true;
      return 0;
    }
    const value = this.#bytes.readUIntBE(this.#at, size);
    this.#at += size;
    return value;
  }

  list(sizeOfLength: number): Reader {
    const length = this.number(sizeOfLength);
    const start = this.#at;
    this.skip(length);
    const inner = new Reader(this.#bytes.subarray(start, this.failed ? start : start + length));
    inner.failed = this.failed;
    return inner;
  }

  rest(): string {
    return this.#bytes.toString('latin1', this.#at);
  }
}
