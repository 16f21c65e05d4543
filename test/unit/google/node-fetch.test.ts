import { createHash } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FetchAnswer, FetchInit } from '../../../src/google/http.js';
import { createNodeFetch } from '../../../src/google/node-fetch.js';

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

/** A server that answers every request with these bytes, as they are; and what it is asked. */
async function serveBytes(
  answer: (socket: Socket) => void,
): Promise<{ url: string; connections: () => number }> {
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on('data', () => answer(socket)).on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, connections: () => sockets.size };
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

describe('A request with a large body', () => {
  const fetch = createNodeFetch();
  async function* pieces(count: number, wait = async () => {}) {
    for (let at = 0; at < count; at += 1) {
      yield Buffer.alloc(100_000, at);
      await wait();
    }
  }
  const put = (url: string, length: number, more: Partial<FetchInit>) =>
    fetch(url, {
      method: 'PUT',
      headers: { 'content-length': `${length}` },
      redirect: 'manual',
      signal: new AbortController().signal,
      ...more,
    });

  it('sends the pieces as they come', async () => {
    const hash = createHash('sha256');
    const url = await serve(async (request, response) => {
      for await (const chunk of request) hash.update(chunk);
      response.end(request.headers['content-length']);
    });
    const answer = await put(url, 3_000_000, { stream: pieces(30) });
    expect(await lengthOf(answer)).toBe('3000000'.length);
    const sent = createHash('sha256');
    for await (const piece of pieces(30)) sent.update(piece);
    expect(hash.digest('hex')).toBe(sent.digest('hex'));
  });

  it('hands on an answer that comes before all of it was sent, and ends the rest when told to', async () => {
    const controller = new AbortController();
    const url = await serve((_request, response) => response.writeHead(401).end('no'));
    let closed = () => {};
    const end = new Promise<void>((resolve) => {
      closed = resolve;
    });
    async function* endless() {
      try {
        yield Buffer.alloc(100);
        await new Promise((resolve) => controller.signal.addEventListener('abort', resolve));
        yield Buffer.alloc(100);
      } finally {
        closed();
      }
    }
    const answer = await put(url, 1_000_000, { stream: endless(), signal: controller.signal });
    expect(answer.status).toBe(401);
    expect(await lengthOf(answer)).toBe(2);
    controller.abort();
    await end;
  });

  it('fails where the pieces do, and where the connection breaks', async () => {
    const url = await serve((request) => request.resume());
    const broken = () => Promise.reject(new Error('no more pieces'));
    await expect(put(url, 900_000, { stream: pieces(9, broken) })).rejects.toThrow(
      'no more pieces',
    );
    const cut = await serve((request) => request.once('data', () => request.destroy()));
    await expect(put(cut, 90_000_000, { stream: pieces(900) })).rejects.toMatchObject({
      code: expect.stringMatching(/ECONNRESET|EPIPE/),
    });
  });
});

describe('A small request', () => {
  const fetch = createNodeFetch();
  const ask = (url: string, more: Partial<FetchInit> = {}) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'héllo',
      mostBytes: 1000,
      redirect: 'manual',
      signal: new AbortController().signal,
      ...more,
    });
  const textOf = async ({ body }: FetchAnswer) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body ?? []) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString();
  };

  it('brings status, body and headers, those that came twice joined', async () => {
    const url = await serve(async (request, response) => {
      let sent = '';
      for await (const chunk of request.setEncoding('utf8')) sent += chunk;
      response.writeHead(418, { 'X-Two': ['a', 'b'], date: 'Sun, 06 Nov 1994 08:49:37 GMT' });
      response.end(`${request.method} ${request.headers['user-agent']} ${sent}`);
    });
    const answer = await ask(`${url}path?query=1`);
    expect(answer.status).toBe(418);
    expect(await textOf(answer)).toBe('POST gsac héllo');
    expect(answer.headers.get('x-two')).toBe('a, b');
    expect(answer.headers.get('Date')).toBe('Sun, 06 Nov 1994 08:49:37 GMT');
    expect(answer.headers.get('x-none')).toBeNull();
    const all = new Map<string, string>();
    answer.headers.forEach((value, name) => {
      all.set(name, value);
    });
    expect(all.get('x-two')).toBe('a, b');
    expect([...all.keys()].filter((name) => name === 'x-two')).toEqual(['x-two']);
  });

  it('asks the same address over the same connection', async () => {
    const ports = new Set<number | undefined>();
    const paths: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      paths.push(request.url);
      response.end();
    });
    for (const path of ['a?b=1', 'a?b=2', 'a?b=1']) await ask(`${url}${path}`);
    expect(paths).toEqual(['/a?b=1', '/a?b=2', '/a?b=1']);
    expect(ports.size).toBe(1);
  });

  it('stops reading where the answer is longer than it may be', async () => {
    const url = await serve((_request, response) => {
      const more = () => response.write('x'.repeat(1000), (error) => error ?? more());
      more();
    });
    const length = await lengthOf(await ask(url));
    expect(length).toBeGreaterThan(1000);
    expect(length).toBeLessThan(1_000_000);
  });

  it('gives what came before the connection broke, then the failure', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('some', () => response.destroy());
    });
    const chunks: string[] = [];
    const { body } = await ask(url);
    const read = async () => {
      for await (const chunk of body ?? []) chunks.push(Buffer.from(chunk).toString());
    };
    await expect(read()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(chunks).toEqual(['some']);
  });

  it('ends when it is told to, before the answer and in it', async () => {
    let end = () => {};
    const onEnd = (one: () => void) => {
      end = one;
    };
    const silent = await serve(() => end());
    await expect(ask(silent, { onEnd })).rejects.toThrow();
    const slow = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('some', () => end());
    });
    await expect(ask(slow, { onEnd }).then(lengthOf)).rejects.toThrow();
  });

  it('sends nothing where it has ended already', async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked += 1;
      response.end();
    });
    await ask(url);
    await expect(ask(url, { onEnd: (one) => one() })).rejects.toThrow();
    await ask(url);
    expect(asked).toBe(2);
  });

  it('says which connection is refused', async () => {
    await expect(ask('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('reads an answer in chunks, however they are cut', async () => {
    const { url } = await serveBytes(async (socket) => {
      const parts = [
        'HTTP/1.1 200 OK\r\nTransfer-Enc',
        'oding: chunked\r\n\r\n5\r\nhe',
        'llo\r\n3',
      ];
      for (const part of [...parts, ';x=y\r\n, w\r', '\n0\r\n\r\n']) {
        await new Promise((resolve) => socket.write(part, resolve));
      }
    });
    for (const _ of [1, 2]) expect(await textOf(await ask(url))).toBe('hello, w');
  });

  it('reads an answer of many pieces whole', async () => {
    const numbers = Array.from({ length: 20_000 }, (_, at) => at).join();
    const url = await serve((_request, response) => response.end(numbers));
    expect(await textOf(await ask(url, { mostBytes: 1_000_000 }))).toBe(numbers);
  });

  describe('with a compressed answer', () => {
    const text = 'all of it, '.repeat(50);
    const zipped = gzipSync(text);
    const head = { 'content-encoding': 'gzip' };

    it('reads it as it was before', async () => {
      const answers: [Record<string, string>, Uint8Array | string, string][] = [
        [head, zipped, text],
        [{ 'content-encoding': 'X-GZIP' }, zipped, text],
        [{ 'content-encoding': 'identity' }, 'plain', 'plain'],
        [head, '', ''],
      ];
      for (const [headers, body, expected] of answers) {
        const url = await serve((_request, response) => response.writeHead(200, headers).end(body));
        const answer = await ask(url);
        expect(answer.headers.get('content-encoding')).toBe(headers['content-encoding']);
        expect(await textOf(answer)).toBe(expected);
      }
    });

    it('gives what came before the connection broke, then the failure', async () => {
      const numbers = Array.from({ length: 2_000 }, (_, at) => at).join();
      const whole = gzipSync(numbers);
      const url = await serve((_request, response) => {
        response.writeHead(200, { ...head, 'content-length': whole.length });
        response.write(whole.subarray(0, whole.length / 2), () => response.destroy());
      });
      let came = '';
      const { body } = await ask(url, { mostBytes: 100_000 });
      const read = async () => {
        for await (const chunk of body ?? []) came += Buffer.from(chunk).toString();
      };
      await expect(read()).rejects.toMatchObject({ code: 'ECONNRESET' });
      expect(came.length).toBeGreaterThan(1_000);
      expect(numbers.startsWith(came)).toBe(true);
    });

    it('stops where it grows longer than it may be', async () => {
      const bomb = gzipSync(Buffer.alloc(50_000_000));
      const url = await serve((_request, response) => response.writeHead(200, head).end(bomb));
      const length = await lengthOf(await ask(url));
      expect(length).toBeGreaterThan(1000);
      expect(length).toBeLessThan(1_000_000);
    });

    it('fails where it is not what it says', async () => {
      const url = await serve((_request, response) => response.writeHead(200, head).end('plain'));
      await expect(ask(url).then(textOf)).rejects.toMatchObject({ code: 'Z_DATA_ERROR' });
    });
  });

  it('reads an answer without a length to its end', async () => {
    const { url, connections } = await serveBytes((socket) =>
      socket.end('HTTP/1.1 200 OK\r\n\r\nall of it'),
    );
    expect(await textOf(await ask(url))).toBe('all of it');
    expect(await textOf(await ask(url))).toBe('all of it');
    expect(connections()).toBe(2);
  });

  it('takes an answer without a body for whole', async () => {
    const { url, connections } = await serveBytes((socket) =>
      socket.write('HTTP/1.1 204 No Content\r\n\r\n'),
    );
    for (const _ of [1, 2]) expect((await ask(url)).status).toBe(204);
    expect(connections()).toBe(1);
  });

  it('waits through interim answers for the last one', async () => {
    const { url } = await serveBytes((socket) =>
      socket.write(
        'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\n' +
          'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      ),
    );
    const answer = await ask(url);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('link')).toBeNull();
    expect(await textOf(answer)).toBe('ok');
  });

  it('opens another connection where the server wants it closed', async () => {
    const { url, connections } = await serveBytes((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'),
    );
    for (const _ of [1, 2]) expect(await textOf(await ask(url))).toBe('ok');
    expect(connections()).toBe(2);
  });

  it('opens another connection where the server has closed the one that was kept', async () => {
    const closed: Promise<unknown>[] = [];
    const { url, connections } = await serveBytes((socket) => {
      closed.push(new Promise((resolve) => socket.once('close', resolve)));
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', () => socket.end());
    });
    for (const _ of [1, 2]) {
      expect(await textOf(await ask(url))).toBe('ok');
      await Promise.all(closed);
    }
    expect(connections()).toBe(2);
  });

  it.each([
    [
      'another protocol',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    ],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2p1\r\n'],
    ['the end at once', ''],
    ['half a head', 'HTTP/1.1 200 OK\r\nContent-Le'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['a head without end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(200_000)}`],
  ])('fails where the server answers with %s', async (_what, bytes) => {
    const { url } = await serveBytes((socket) => socket.end(bytes));
    await expect(ask(url)).rejects.toThrow();
  });

  it('takes nothing that comes after an answer for the next one', async () => {
    const { url } = await serveBytes((socket) =>
      socket.write(
        'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nev',
      ),
    );
    expect(await textOf(await ask(url))).toBe('ok');
    expect(await textOf(await ask(url))).toBe('ok');
  });

  it('sends nothing where a header would end its line', async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked += 1;
      response.end();
    });
    const headers = { authorization: 'Bearer a\r\nx-evil: 1' };
    await expect(ask(url, { headers })).rejects.toMatchObject({ code: 'ERR_INVALID_CHAR' });
    expect(asked).toBe(0);
  });

  it('asks many at once, each over a connection of its own', async () => {
    let most = 0;
    const waiting: (() => void)[] = [];
    const url = await serve((request, response) => {
      waiting.push(() => response.end(request.url));
      most = Math.max(most, waiting.length);
      if (waiting.length === 5) for (const answer of waiting.splice(0)) answer();
    });
    const paths = ['a', 'b', 'c', 'd', 'e'];
    const answers = await Promise.all(paths.map((path) => ask(`${url}${path}`)));
    expect(await Promise.all(answers.map(textOf))).toEqual(paths.map((path) => `/${path}`));
    expect(most).toBe(5);
  });
});
