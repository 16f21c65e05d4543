import { createHash, randomFillSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { allocateShared, type Checksum, createChecksum } from '../../../src/google/checksum.js';

const parts = [1, 65_536, 0, 1_048_576].map((size) => randomFillSync(allocateShared(size)));
const md5Of = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

async function closing(checksum: Checksum, use: (checksum: Checksum) => Promise<void>) {
  try {
    await use(checksum);
  } finally {
    checksum.close();
  }
}

describe.each([
  ['a small file, in this thread', 1000],
  ['a large file, in a thread beside', 100_000_000],
  ['a file of unknown size', undefined],
])('The checksum of %s', (_name, size) => {
  it('is that of all bytes so far, and more may follow', () =>
    closing(createChecksum(size), async (checksum) => {
      expect(await checksum.digest()).toBe(md5Of(Buffer.alloc(0)));
      const updates = parts.map((part) => checksum.update(part));
      expect(await checksum.digest()).toBe(md5Of(Buffer.concat(parts)));
      await Promise.all(updates);
      await checksum.update(Buffer.from('one more'));
      expect(await checksum.digest()).toBe(
        md5Of(Buffer.concat([...parts, Buffer.from('one more')])),
      );
    }));

  it('leaves the memory alone once an update has resolved', () =>
    closing(createChecksum(size), async (checksum) => {
      const memory = allocateShared(3);
      for (const text of ['abc', 'def']) {
        memory.write(text);
        await checksum.update(memory);
      }
      memory.fill(0);
      expect(await checksum.digest()).toBe(md5Of(Buffer.from('abcdef')));
    }));
});

describe('A checksum in a thread', () => {
  it('says so where the thread has ended, and does not hang', async () => {
    const checksum = createChecksum(undefined);
    const pending = checksum.digest();
    checksum.close();
    await expect(pending).rejects.toThrow('has ended');
    await expect(checksum.update(Buffer.from('x'))).rejects.toThrow('has ended');
  });
});
