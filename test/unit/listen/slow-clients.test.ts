import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startReceiver } from '../../../src/tools/listen/server.js';

const head = 'POST /path HTTP/1.1\r\nHost: x\r\nX-Requested-With: x\r\n';
const body = 'Content-Type: text/plain\r\nContent-Length: 500\r\n\r\n4/0A';

it.each([
  ['says nothing at all', '', /^(HTTP\/1\.1 408|$)/],
  ['never ends its headers', head, /^HTTP\/1\.1 408/],
  ['never ends its body', `${head}${body}`, /^HTTP\/1\.1 408/],
])('a client that %s is cut off, and others are answered meanwhile', async (_what, text, said) => {
  const refused: number[] = [];
  const receiver = await startReceiver(
    {
      host: '127.0.0.1',
      port: 0,
      path: '/path',
      tls: undefined,
      answer: async () => ({ status: 200, body: {} }),
      onRefused: (status) => void refused.push(status),
    },
    {
      headersTimeout: 200,
      requestTimeout: 400,
      connectionsCheckingInterval: 50,
      keepAliveTimeout: 400,
      maxHeaderSize: 16_384,
    },
  );
  onTestFinished(() => receiver.close());
  const socket = connect(receiver.port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    answer += part;
  });
  socket.on('error', () => {});
  socket.write(text);
  // Something always comes, so that it is no silence that is noticed.
  const trickle = setInterval(() => text !== '' && socket.write('X'), 20);
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  const headers = { 'x-requested-with': 'x', 'content-type': 'text/plain' };
  const url = `http://127.0.0.1:${receiver.port}/path`;
  expect((await fetch(url, { method: 'POST', headers, body: '4/0Abc' })).status).toBe(200);
  await closed;
  clearInterval(trickle);
  expect(answer).toMatch(said);
  if (text !== '') expect(refused).toEqual([408]);
});
