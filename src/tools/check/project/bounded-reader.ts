import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Creates a reader of files below a folder, with one buffer for all of them. It returns the bytes,
 * which are valid until the next call, or undefined if the file is longer than is allowed, and throws
 * what Node throws.
 */
export function createBoundedReader(
  root: string,
): (path: string, mostBytes: number) => Buffer | undefined {
  let buffer = Buffer.alloc(65_536);
  return (path, mostBytes) => {
    const descriptor = openSync(join(root, path), 'r');
    try {
      for (let size = 0; size <= mostBytes; ) {
        if (size === buffer.length)
          buffer = Buffer.concat([buffer], Math.min(size * 4, mostBytes + 1));
        const most = Math.min(buffer.length, mostBytes + 1) - size;
        const read = readSync(descriptor, buffer, size, most, null);
        if (read === 0) return buffer.subarray(0, size);
        size += read;
      }
      return undefined;
    } finally {
      closeSync(descriptor);
    }
  };
}
