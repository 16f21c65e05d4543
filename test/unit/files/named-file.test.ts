import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBounded } from '../../../src/files/named-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gsac-named-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function makePipe(): string {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  return path;
}

const impatient = { nobodyMs: 40, writerMs: 40 };

describe('readBounded', () => {
  it('reads UTF-16 by its mark, as Windows PowerShell writes it', async () => {
    const path = join(folder, 'utf16');
    const little = Buffer.from('\ufeff{"ä": "€"}\r\n', 'utf16le');
    for (const bytes of [little, Buffer.from(little).swap16()]) {
      writeFileSync(path, bytes);
      expect(await readBounded(path, 100)).toBe('{"ä": "€"}\r\n');
    }
    writeFileSync(path, little.subarray(0, -1));
    expect(await readBounded(path, 100)).toBe('{"ä": "€"}\r');
  });

  it('reads a file up to its bound and refuses a longer one', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, 'ä'.repeat(50_000));
    expect(await readBounded(path, 100_000)).toBe('ä'.repeat(50_000));
    await expect(readBounded(path, 99_999)).rejects.toMatchObject({ code: 'EFBIG' });
    await expect(readBounded('/dev/zero', 100)).rejects.toMatchObject({ code: 'EFBIG' });
    await expect(readBounded(folder, 100)).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(readBounded(join(folder, 'no'), 9)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('gives up on a pipe that nobody writes to', async () => {
    const path = makePipe();
    await expect(readBounded(path, 100, impatient)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });

  it('gives up on a pipe whose writer says nothing', async () => {
    const path = makePipe();
    const writer = await open(path, 'r+');
    try {
      await expect(readBounded(path, 100, impatient)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    } finally {
      await writer.close();
    }
  });

  it('reads a pipe whose writer comes later and writes in parts', async () => {
    const path = makePipe();
    const reading = readBounded(path, 100);
    const writer = await open(path, 'w');
    await writer.write('one');
    await writer.write(' two');
    await writer.close();
    expect(await reading).toBe('one two');
  });
});
