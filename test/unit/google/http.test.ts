import { createHash } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import {
  type AddressInfo,
  createServer as createSocketServer,
  type Server,
  type Socket,
} from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createConnect } from '../../../src/google/connect.js';
import { createHttp, type HttpRequest, type StreamRequest } from '../../../src/google/http.js';
import { NeverSentError } from '../../../src/google/network-error.js';

/** Opens a server on loopback that lives as long as the test; its address. */
async function open(server: Server, closeAll: () => void): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    closeAll();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  return open(server, () => server.closeAllConnections());
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
  const url = await open(server, () => {
    for (const socket of sockets) socket.destroy();
  });
  return { url, connections: () => sockets.size };
}

/** gsac's way to the network, and what its trace was told of headers. */
function createRequests({ timeoutMs = 20_000, signal = new AbortController().signal } = {}) {
  const traced: ReadonlyMap<string, string>[] = [];
  const requests = createHttp({
    connect: createConnect({}),
    timeoutMs,
    signal,
    now: Date.now,
    trace: {
      request: () => undefined,
      answer: ({ headers }) => void traced.push(headers),
      failure: () => undefined,
    },
  });
  return { ...requests, traced };
}

async function lengthOf(bytes: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0;
  for await (const chunk of bytes) length += chunk.length;
  return length;
}

/** A server that begins an answer and does not go on. */
const serveBeginning = () =>
  serve((_request, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('some');
  });

describe('A stream', () => {
  const { stream } = createRequests();
  const get = (url: string) => stream({ method: 'GET', url, headers: { range: 'bytes=5-' } });
  const put = (url: string, body: readonly Uint8Array[], more: Partial<StreamRequest> = {}) => {
    const length = body.reduce((sum, part) => sum + part.length, 0);
    return stream({
      method: 'PUT',
      url,
      headers: { 'content-length': `${length}` },
      body,
      ...more,
    });
  };

  it('hands on status, headers and body as they come, and says who asks', async () => {
    const url = await serve((request, response) => {
      response.writeHead(206, { 'content-range': 'bytes 5-9/10', 'x-two': ['a', 'b'] });
      response.end(`${request.headers['user-agent']} ${request.headers.range}`);
    });
    const answer = await get(url);
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe('bytes 5-9/10');
    expect(answer.headers.get('x-two')).toBe('a, b');
    expect(answer.headers.get('x-none')).toBeUndefined();
    expect(await lengthOf(answer.bytes())).toBe('gsac bytes=5-'.length);
  });

  it('follows no redirect', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    });
    const answer = await get(url);
    answer.discard();
    expect(answer.status).toBe(302);
  });

  it('fails if the connection breaks on the way', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('some', () => response.destroy());
    });
    const { bytes } = await get(url);
    await expect(lengthOf(bytes())).rejects.toMatchObject({ code: 'connection_lost' });
  });

  it('ends when it is cancelled or nothing moves, before the answer and in it', async () => {
    for (const [code, timeoutMs] of [
      ['cancelled', 20_000],
      ['network_timeout', 50],
    ] as const) {
      const controller = new AbortController();
      const { signal } = controller;
      const requests = createRequests({ timeoutMs, signal });
      const silent = await serve(() => code === 'cancelled' && controller.abort());
      const early = requests.stream({ method: 'GET', url: silent, headers: {} });
      await expect(early).rejects.toMatchObject({ code });
    }
    const controller = new AbortController();
    const late = createRequests({ signal: controller.signal });
    const { bytes } = await late.stream({
      method: 'GET',
      url: await serveBeginning(),
      headers: {},
    });
    const reading = lengthOf(bytes());
    controller.abort();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    const slow = createRequests({ timeoutMs: 50 });
    const begun = await slow.stream({ method: 'GET', url: await serveBeginning(), headers: {} });
    await expect(lengthOf(begun.bytes())).rejects.toMatchObject({ code: 'network_timeout' });
  });

  it('sends the parts one after the other, and tells how far it is', async () => {
    const hash = createHash('sha256');
    const url = await serve(async (request, response) => {
      for await (const chunk of request) hash.update(chunk);
      response.end(request.headers['content-length']);
    });
    const parts = [1, 2, 3].map((at) => Buffer.alloc(1_000_000, at));
    const told: number[] = [];
    const answer = await put(url, parts, { onSent: (bytes) => told.push(bytes) });
    expect((await answer.read()).text).toBe('3000000');
    expect(hash.digest('hex')).toBe(
      createHash('sha256').update(Buffer.concat(parts)).digest('hex'),
    );
    expect(told.at(-1)).toBe(3_000_000);
    expect(told.length).toBeGreaterThan(3);
  });

  it('hands on an answer that comes before all was sent, and then lets go of the rest', async () => {
    const closed: Promise<unknown>[] = [];
    const url = await serve((request, response) => {
      closed.push(new Promise((resolve) => request.socket.once('close', resolve)));
      response.writeHead(401).end('no');
    });
    const answer = await put(url, [Buffer.alloc(50_000_000)]);
    expect(answer.status).toBe(401);
    expect((await answer.read()).text).toBe('no');
    await Promise.all(closed);
  });

  it('fails if the connection breaks while it sends', async () => {
    const url = await serve((request) => request.once('data', () => request.destroy()));
    await expect(put(url, [Buffer.alloc(50_000_000)])).rejects.toMatchObject({
      code: 'connection_lost',
    });
  });
});

describe('A small request', () => {
  const { http, traced } = createRequests();
  const ask = (url: string, more: Partial<HttpRequest> = {}) =>
    http({
      method: 'POST',
      url,
      headers: { 'content-type': 'text/plain' },
      body: 'héllo',
      maxBytes: 1000,
      ...more,
    });

  it('brings status, body and headers, those that came twice joined', async () => {
    const url = await serve(async (request, response) => {
      let sent = '';
      for await (const chunk of request.setEncoding('utf8')) sent += chunk;
      response.writeHead(418, { 'X-Two': ['a', 'b'], Date: 'Sun, 06 Nov 1994 08:49:37 GMT' });
      response.end(`${request.method} ${request.headers['user-agent']} ${sent}`);
    });
    const answer = await ask(`${url}path?query=1`);
    expect(answer).toMatchObject({ status: 418, text: 'POST gsac héllo', cut: undefined });
    expect(answer.headers.get('x-two')).toBe('a, b');
    expect(answer.headers.get('date')).toBe('Sun, 06 Nov 1994 08:49:37 GMT');
    expect(answer.headers.get('x-none')).toBeUndefined();
    expect(traced.at(-1)?.get('x-two')).toBe('a, b');
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

  it('stops reading an answer that is longer than it may be', async () => {
    const url = await serve((_request, response) => {
      const more = () => response.write('x'.repeat(1000), (error) => error ?? more());
      more();
    });
    const { cut, text } = await ask(url);
    expect(cut).toMatchObject({ code: 'answer_unreadable' });
    expect(text.length).toBeLessThanOrEqual(1000);
  });

  it('gives what came before the connection broke, then the failure', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('some', () => response.destroy());
    });
    expect(await ask(url)).toMatchObject({ text: 'some', cut: { code: 'connection_lost' } });
  });

  it('ends when it is cancelled or its time is over, before the answer and in it', async () => {
    const controller = new AbortController();
    const cancelled = createRequests({ signal: controller.signal });
    const silent = await serve(() => controller.abort());
    await expect(cancelled.http({ method: 'GET', url: silent })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const quiet = await serve(() => undefined);
    await expect(ask(quiet, { leftMs: 50 })).rejects.toMatchObject({ code: 'network_timeout' });
    expect(await ask(await serveBeginning(), { leftMs: 200 })).toMatchObject({
      text: 'some',
      cut: { code: 'network_timeout' },
    });
  });

  it('sends nothing if it was cancelled before', async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked += 1;
      response.end();
    });
    const { http } = createRequests({ signal: AbortSignal.abort() });
    await expect(http({ method: 'GET', url })).rejects.toBeInstanceOf(NeverSentError);
    await ask(url);
    expect(asked).toBe(1);
  });

  it('says which connection is refused', async () => {
    await expect(ask('http://127.0.0.1:1/')).rejects.toMatchObject({
      code: 'network_unreachable',
      details: { system_code: 'ECONNREFUSED' },
    });
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
    for (const _ of [1, 2]) expect((await ask(url)).text).toBe('hello, w');
  });

  it('reads an answer of many pieces whole', async () => {
    const numbers = Array.from({ length: 20_000 }, (_, at) => at).join();
    const url = await serve((_request, response) => response.end(numbers));
    expect((await ask(url, { maxBytes: 1_000_000 })).text).toBe(numbers);
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
        expect(answer.text).toBe(expected);
      }
    });

    it('gives what came before the connection broke, then the failure', async () => {
      const numbers = Array.from({ length: 2_000 }, (_, at) => at).join();
      const whole = gzipSync(numbers);
      const url = await serve((_request, response) => {
        response.writeHead(200, { ...head, 'content-length': whole.length });
        response.write(whole.subarray(0, whole.length / 2), () => response.destroy());
      });
      const { text: came, cut } = await ask(url, { maxBytes: 100_000 });
      expect(cut).toMatchObject({ code: 'connection_lost' });
      expect(came.length).toBeGreaterThan(1_000);
      expect(numbers.startsWith(came)).toBe(true);
    });

    it('stops where it grows longer than it may be', async () => {
      const bomb = gzipSync(Buffer.alloc(50_000_000));
      const url = await serve((_request, response) => response.writeHead(200, head).end(bomb));
      expect((await ask(url)).cut).toMatchObject({ code: 'answer_unreadable' });
    });

    it('fails where it is not what it says', async () => {
      const url = await serve((_request, response) => response.writeHead(200, head).end('plain'));
      expect((await ask(url)).cut).toMatchObject({ details: { system_code: 'Z_DATA_ERROR' } });
    });
  });

  it.each([
    ['without a length', '200 OK\r\n\r\nok', 'ok', 2],
    ['without a body', '204 No Content\r\n\r\n', '', 1],
    [
      'after interim ones',
      '100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      'ok',
      1,
    ],
    ['to be closed', '200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok', 'ok', 2],
    [
      'with more behind it',
      '200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nev',
      'ok',
      2,
    ],
  ])(
    'reads an answer %s, and uses its connection again if it may',
    async (what, bytes, text, most) => {
      const { url, connections } = await serveBytes((socket) => {
        socket.write(`HTTP/1.1 ${bytes}`);
        if (what === 'without a length') socket.end();
      });
      for (const _ of [1, 2]) {
        const answer = await ask(url);
        expect(answer).toMatchObject({ text, cut: undefined });
        expect(answer.headers.get('link')).toBeUndefined();
      }
      expect(connections()).toBe(most);
    },
  );

  it('opens another connection where the server has closed the one that was kept', async () => {
    const closed: Promise<unknown>[] = [];
    const { url, connections } = await serveBytes((socket) => {
      closed.push(new Promise((resolve) => socket.once('close', resolve)));
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', () => socket.end());
    });
    for (const _ of [1, 2]) {
      expect((await ask(url)).text).toBe('ok');
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

  it('sends nothing where a header would end its line', async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked += 1;
      response.end();
    });
    const headers = { authorization: 'Bearer a\r\nx-evil: 1' };
    await expect(ask(url, { headers })).rejects.toThrow();
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
    expect(answers.map(({ text }) => text)).toEqual(paths.map((path) => `/${path}`));
    expect(most).toBe(5);
  });
});
