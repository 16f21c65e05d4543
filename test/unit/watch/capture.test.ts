import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { capture } from '../../../src/tools/watch/capture.js';

/** What is kept of a body that passes by, and how much of it passed. */
async function pass(body: Buffer, encoding?: string): Promise<{ kept: string; passed: number }> {
  const server = createServer((_request, response) => {
    if (encoding !== undefined) response.setHeader('content-encoding', encoding);
    response.end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const [message] = (await once(get({ port, agent: false }), 'response')) as [IncomingMessage];
  const kept = capture(message);
  let passed = 0;
  for await (const part of message) passed += part.length;
  return { kept: kept(), passed };
}

const text = '{"error":"invalid_grant"}';

describe('a body that passes by', () => {
  it.each([
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', Buffer.from(text)],
    [undefined, Buffer.from(text)],
  ])('is unpacked: %s', async (encoding, body) => {
    expect((await pass(body, encoding)).kept).toBe(text);
  });

  it('is read as far as it came', async () => {
    const long = text + Array.from({ length: 2_000 }, (_, at) => at).join(' ');
    const { kept } = await pass(gzipSync(long).subarray(0, 2_000), 'gzip');
    expect(kept.startsWith(text)).toBe(true);
  });

  it('is kept up to a bound, also of what unpacks to a thousand times its size', async () => {
    const large = Buffer.alloc(10_000_000, 'x');
    const { kept, passed } = await pass(large);
    expect(kept).toHaveLength(65_536);
    expect(passed).toBe(large.length);
    expect((await pass(gzipSync(large), 'gzip')).kept.length).toBeLessThan(300_000);
  });

  it('is named if nobody here can unpack it', async () => {
    expect((await pass(Buffer.from('abc'), 'zstd')).kept).toBe('(3 bytes, zstd)');
    expect((await pass(Buffer.from('abc'), 'gzip')).kept).toContain('cannot be unpacked');
  });
});
