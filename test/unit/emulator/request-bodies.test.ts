import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createEmulator } from '../../../src/emulator/app.js';
import { serveEmulator } from '../../../src/emulator/serve.js';
import { startEmulator } from './support.js';

const MB = 1_048_576;

/** A body of pieces of 64 KiB that come when they are asked for, and how many were. */
function piecesOf(bytes: number) {
  const sent = { bytes: 0 };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent.bytes >= bytes) return controller.close();
      controller.enqueue(new Uint8Array(65_536));
      sent.bytes += 65_536;
    },
  });
  return { sent, init: { method: 'POST', body, duplex: 'half' } as RequestInit };
}

const tooLarge = (limit: number) => ({
  error: {
    code: 413,
    message: `Request payload size exceeds the limit: ${limit} bytes.`,
    errors: [expect.objectContaining({ reason: 'uploadTooLarge' })],
    status: 'INVALID_ARGUMENT',
  },
});

describe('a request body', () => {
  it.each(['/token', '/revoke', '/drive/v3/files', '/_emulator/faults', '/nowhere'])(
    'of more than 1 MB is read no further, at %s',
    async (path) => {
      const { emulator, send } = startEmulator();
      const { sent, init } = piecesOf(32 * MB);
      const { status, json } = await send(path, init);
      expect({ status, json }).toEqual({ status: 413, json: tooLarge(MB) });
      expect(sent.bytes).toBeLessThan(2 * MB);
      const logged = path.startsWith('/_emulator') ? [] : [{ path, status: 413, form: {} }];
      expect(emulator.requests.list()).toMatchObject(logged);
    },
  );

  it('that says that it is too long is not read at all', async () => {
    const { send } = startEmulator();
    const { sent, init } = piecesOf(32 * MB);
    const headers = { 'content-length': String(32 * MB) };
    expect((await send('/token', { ...init, headers })).status).toBe(413);
    // A stream holds one piece ready.
    expect(sent.bytes).toBeLessThanOrEqual(65_536);
  });

  it.each([
    ['/token', 8, MB],
    ['/upload/drive/v3/files?uploadType=media', 80, 64 * MB],
  ])(
    'that grows too long when it is unpacked is refused, at %s',
    async (path, megabytes, limit) => {
      const { signedIn } = startEmulator();
      const send = await signedIn();
      const body = gzipSync(Buffer.alloc(megabytes * MB), { level: 1 });
      const headers = { 'content-encoding': 'gzip' };
      const { status, json } = await send(path, { method: 'POST', headers, body });
      expect({ status, json }).toEqual({ status: 413, json: tooLarge(limit) });
    },
  );

  it('that is uploaded may have 64 MB', async () => {
    const { signedIn } = startEmulator();
    const send = await signedIn({ scopes: ['drive'] });
    const path = '/upload/drive/v3/files?uploadType=media&fields=size';
    const { status, json } = await send(path, piecesOf(64 * MB).init);
    expect({ status, json }).toEqual({ status: 200, json: { size: String(64 * MB) } });
    expect((await send(path, piecesOf(64 * MB + 1).init)).status).toBe(413);
  });
});

it.each([
  ['/_emulator/faults', 403],
  ['/%5Femulator/faults', 403],
])('a page of the web is answered before its body is read, at %s', async (path, status) => {
  const served = await serveEmulator(createEmulator());
  const headers = { origin: 'https://evil.example', 'content-type': 'text/plain' };
  const outgoing = request(served.origin, { path, method: 'POST', headers });
  outgoing.on('error', () => undefined);
  const answered = new Promise<number | undefined>((resolve) => {
    outgoing.on('response', ({ statusCode }) => resolve(statusCode));
  });
  // The rest of it never comes.
  outgoing.write('{"fault":');
  expect(await answered).toBe(status);
  outgoing.destroy();
  await served.close();
});
