import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FetchAnswer } from '../../src/google/http.js';
import { createNodeFetch } from '../../src/google/node-fetch.js';

/** A server on loopback that lives as long as the test; its address. */
async function serve(answer: RequestListener): Promise<string> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function lengthOf({ body }: FetchAnswer): Promise<number> {
  let length = 0;
  for await (const chunk of body ?? []) length += chunk.length;
  return length;
}

describe('A request for a large answer', () => {
  const fetch = createNodeFetch();
  const ask = (url: string, signal = new AbortController().signal) =>
    fetch(url, {
      method: 'GET',
      headers: { range: 'bytes=5-' },
      large: true,
      redirect: 'manual',
      signal,
    });

  it('hands on status, headers and body as they come, and says who asks', async () => {
    const url = await serve((request, response) => {
      response.writeHead(206, { 'content-range': 'bytes 5-9/10', 'x-two': ['a', 'b'] });
      response.end(`${request.headers['user-agent']} ${request.headers.range}`);
    });
    const answer = await ask(url);
    expect(answer.status).toBe(206);
    expect(answer.headers.get('Content-Range')).toBe('bytes 5-9/10');
    expect(answer.headers.get('x-two')).toBe('a, b');
    expect(answer.headers.get('x-none')).toBeNull();
    expect(await lengthOf(answer)).toBe('gsac bytes=5-'.length);
  });

  it('follows no redirect', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    });
    expect((await ask(url)).status).toBe(302);
  });

  it('fails where the connection breaks on the way', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('some', () => response.destroy());
    });
    await expect(lengthOf(await ask(url))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('ends when it is aborted, before the answer and in it', async () => {
    const early = new AbortController();
    const silent = await serve(() => early.abort());
    await expect(ask(silent, early.signal)).rejects.toMatchObject({ name: 'AbortError' });
    const late = new AbortController();
    const slow = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('some');
    });
    const reading = lengthOf(await ask(slow, late.signal));
    late.abort();
    await expect(reading).rejects.toThrow();
  });

  it('says which connection is refused', async () => {
    await expect(ask('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
