import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { connect } from 'node:tls';
import { expect, it } from 'vitest';
import { mostHelloBytes, readClientHello } from '../../../src/intercept/client-hello.js';

/** What Node's own client sends first. */
async function hello(servername: string, protocols: string[]): Promise<Buffer> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', servername, ALPNProtocols: protocols });
  socket.on('error', () => undefined);
  const [peer] = await once(server, 'connection');
  const [bytes] = await once(peer, 'data');
  socket.destroy();
  server.close();
  return bytes;
}

it('reads the protocols, also from several records', async () => {
  const bytes = await hello('firestore.googleapis.com', ['h2', 'http/1.1']);
  const expected = { protocols: ['h2', 'http/1.1'] };
  expect(readClientHello(bytes)).toEqual(expected);
  const message = bytes.subarray(5);
  const records = [message.subarray(0, 3), message.subarray(3, 100), message.subarray(100)].map(
    (part) => Buffer.concat([Buffer.from([0x16, 3, 1, part.length >> 8, part.length & 255]), part]),
  );
  expect(readClientHello(Buffer.concat(records))).toEqual(expected);
});

it('waits for all of it, and takes nothing else for it', async () => {
  const bytes = await hello('www.googleapis.com', []);
  for (let length = 0; length < bytes.length; length += 1) {
    expect(readClientHello(bytes.subarray(0, length))).toBe('more');
  }
  for (const other of ['GET / HTTP/1.1\r\n', '\u0016\u0002\u0000\u0000\u0000', 'PRI * HTTP/2.0']) {
    expect(readClientHello(Buffer.from(other, 'latin1'))).toBe('other');
  }
});

it('survives any byte in any place', async () => {
  const bytes = await hello('www.googleapis.com', ['http/1.1']);
  for (let at = 0; at < bytes.length; at += 1) {
    for (const value of [0, 1, 0x7f, 0xff]) {
      const broken = Buffer.from(bytes);
      broken[at] = value;
      expect(() => readClientHello(broken)).not.toThrow();
    }
  }
});

it('gives up on what is longer than any client’s', () => {
  const record = Buffer.concat([Buffer.from([0x16, 3, 1, 0x40, 0]), Buffer.alloc(0x4000)]);
  record[5] = 1;
  record.writeUIntBE(mostHelloBytes * 2, 6, 3);
  expect(readClientHello(record)).toBe('other');
});
