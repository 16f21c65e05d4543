import { allocateShared, type Checksum } from './checksum.js';

/** Where received bytes pass on to. */
export interface BlockRelayOptions {
  /** How many bytes will come. */
  size: number;
  /** Takes the bytes in order, one call after the other; they may be overwritten once it resolves. */
  write: (bytes: Uint8Array) => Promise<void>;
  checksum: Checksum;
}

/** Hands received bytes on in large blocks. */
export interface BlockRelay {
  /**
   * Takes bytes, which may be overwritten once it resolves. It waits where all blocks are still on
   * their way. @throws what `write` threw of an earlier block.
   */
  take(bytes: Uint8Array): Promise<void>;
  /** Hands on what is left and waits for all of it. @throws what `write` threw. */
  flush(): Promise<void>;
  /** Waits until nothing is on its way any more, whether it went well or not. */
  settle(): Promise<void>;
}

const blockBytes = 1_048_576;
const mostBlocks = 4;

interface Block {
  memory: Buffer;
  /** Until its bytes are written and hashed. */
  passing: Promise<unknown>;
}

/**
 * Builds a relay: while one block fills, those before it are written and hashed, both of the same
 * memory. It holds at most 4 MiB.
 */
export function createBlockRelay({ size, write, checksum }: BlockRelayOptions): BlockRelay {
  const blocks: Block[] = [];
  let turn = 0;
  let length = 0;
  let writing: Promise<void> = Promise.resolve();

  async function filling(): Promise<Block> {
    const known = blocks[turn];
    if (known !== undefined) {
      await known.passing;
      return known;
    }
    const memory = allocateShared(Math.min(blockBytes, size));
    const block = { memory, passing: Promise.resolve() };
    blocks.push(block);
    return block;
  }

  function passOn(block: Block): void {
    const bytes = block.memory.subarray(0, length);
    writing = writing.then(() => write(bytes));
    block.passing = Promise.all([writing, checksum.update(bytes)]);
    // Whoever needs the block next is told; until then it must not count as unhandled.
    block.passing.catch(() => undefined);
    turn = (turn + 1) % mostBlocks;
    length = 0;
  }

  return {
    async take(bytes) {
      for (let at = 0; at < bytes.length; ) {
        const block = await filling();
        const piece = bytes.subarray(at, at + block.memory.length - length);
        block.memory.set(piece, length);
        length += piece.length;
        at += piece.length;
        if (length === block.memory.length) passOn(block);
      }
    },
    async flush() {
      if (length > 0) passOn(await filling());
      await Promise.all(blocks.map(({ passing }) => passing));
    },
    async settle() {
      await Promise.allSettled(blocks.map(({ passing }) => passing));
    },
  };
}
