import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** What came of reading a file: its bytes, or that it is longer than was allowed. */
export type ReadFile = { bytes: Buffer } | 'too-large';

/** Reads many files with one buffer. The bytes are valid until the next read. */
export interface BoundedReader {
  /** @throws what Node throws. */
  read(path: string, mostBytes: number): ReadFile;
}

/** Creates a reader of files below a folder. */
export function createBoundedReader(root: string): BoundedReader {
  let buffer = Buffer.alloc(65_536);
  return {
    read(path, mostBytes) {
      const descriptor = openSync(join(root, path), 'r');
      try {
        let size = 0;
        for (;;) {
          if (size === buffer.length) {
            const larger = Buffer.alloc(Math.min(buffer.length * 4, mostBytes + 1));
            if (larger.length <= size) return 'too-large';
            buffer.copy(larger);
            buffer = larger;
          }
          const read = readSync(descriptor, buffer, size, buffer.length - size, null);
          if (read === 0) break;
          size += read;
          if (size > mostBytes) return 'too-large';
        }
        return { bytes: buffer.subarray(0, size) };
      } finally {
        closeSync(descriptor);
      }
    },
  };
}
