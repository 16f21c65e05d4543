import { createHash, randomFillSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createBlockRelay } from '../../../src/google/block-relay.js';
import { createChecksum } from '../../../src/google/checksum.js';

const block = 1_048_576;

/** A relay of so many bytes with what it wrote. */
function openRelay(size: number, write?: (bytes: Uint8Array) => Promise<void>) {
  const checksum = createChecksum(0);
  const written: Buffer[] = [];
  const keep = async (bytes: Uint8Array) => void written.push(Buffer.from(bytes));
  return { relay: createBlockRelay({ size, write: write ?? keep, checksum }), checksum, written };
}

describe('A relay of blocks', () => {
  it.each([0, 1, block - 1, block, block + 1, 7 * block + 5])(
    'passes %d bytes on in order, in whole blocks',
    async (size) => {
      const content = randomFillSync(Buffer.alloc(size));
      const { relay, checksum, written } = openRelay(size);
      const piece = Buffer.alloc(70_000);
      for (let at = 0; at < size; at += piece.length) {
        // The same memory each time, as a connection may do it.
        const length = content.copy(piece, 0, at);
        await relay.take(piece.subarray(0, length));
      }
      await relay.flush();
      expect(Buffer.concat(written).equals(content)).toBe(true);
      expect(written.slice(0, -1).every(({ length }) => length === block)).toBe(true);
      expect(await checksum.digest()).toBe(createHash('md5').update(content).digest('hex'));
    },
  );

  it('waits where the writer is behind, and writes one block after the other', async () => {
    const open: (() => void)[] = [];
    let most = 0;
    let atOnce = 0;
    const { relay } = openRelay(9 * block, async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise<void>((resolve) => open.push(resolve));
      atOnce -= 1;
    });
    let taken = 0;
    const taking = (async () => {
      for (; taken < 9; taken += 1) await relay.take(Buffer.alloc(block));
      await relay.flush();
    })();
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    for (let turns = 0; turns < 20; turns += 1) await turn();
    expect(taken).toBe(4);
    let ended = false;
    taking.finally(() => {
      ended = true;
    });
    while (!ended) {
      open.shift()?.();
      await turn();
    }
    expect({ taken, most }).toEqual({ taken: 9, most: 1 });
  });

  it('tells what the writer threw, once the writer is left alone', async () => {
    let calls = 0;
    const { relay } = openRelay(9 * block, async () => {
      calls += 1;
      if (calls === 2) throw new Error('the disk is full');
    });
    const taking = (async () => {
      for (let taken = 0; taken < 9; taken += 1) await relay.take(Buffer.alloc(block));
      await relay.flush();
    })();
    await expect(taking).rejects.toThrow('the disk is full');
    await relay.settle();
    expect(calls).toBe(2);
  });
});
