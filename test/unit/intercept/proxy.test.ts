import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect as connectSocket, type Server, type Socket } from 'node:net';
import { connect } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { type Access, createAccess } from '../../../src/intercept/access.js';
import { createAuthority } from '../../../src/intercept/authority.js';
import type { InterceptionEvent, Policy } from '../../../src/intercept/policy.js';
import { startProxy } from '../../../src/intercept/proxy.js';
import { covers, isExcepted, proxyFor } from '../../../src/intercept/upstream.js';

const open: Access = {
  password: undefined,
  asksLocally: false,
  judge: () => 'welcome',
  knowsPassword: () => false,
};

const policy: Policy = {
  unreadable: 'refuse',
  passesThrough: (host) => host === 'storage.googleapis.com',
  answer(request: IncomingMessage, response: ServerResponse, host: string) {
    response.end(`${host} ${request.headers.host} ${request.url}`);
  },
};

async function openProxy(
  given: { access?: Access; env?: Record<string, string>; own?: number[] } = {},
) {
  const events: InterceptionEvent[] = [];
  const authority = createAuthority(Date.now);
  const proxy = await startProxy({
    policy,
    authority,
    access: given.access ?? open,
    upstream: { env: given.env ?? {}, ca: [] },
    ownPorts: given.own ?? [],
    observe: (event) => events.push(event),
    host: '127.0.0.1',
    port: 0,
  });
  onTestFinished(() => proxy.close());
  return { port: proxy.port, events, ca: authority.pem };
}

async function listen(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function tunnel(
  port: number,
  path: string,
  headers = {},
): Promise<{ status: number; socket: Socket }> {
  const asked = request({ port, method: 'CONNECT', path, headers }).end();
  const [answer, socket, head] = await once(asked, 'connect');
  onTestFinished(() => void socket.destroy());
  socket.unshift(head);
  return { status: answer.statusCode, socket };
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}

it('answers for the host of the connection, whatever the request says', async () => {
  const { port, ca, events } = await openProxy();
  const { socket } = await tunnel(port, 'www.googleapis.com:443');
  const secured = connect({ socket, ca, servername: 'www.googleapis.com' });
  secured.write('GET /x?y HTTP/1.1\r\nHost: 127.0.0.1:1\r\nConnection: close\r\n\r\n');
  expect(await textOf(secured)).toMatch(/www\.googleapis\.com www\.googleapis\.com \/x\?y$/m);
  expect(events).toEqual([{ kind: 'request', host: 'www.googleapis.com' }]);
});

it('answers plain requests with a whole URL, and passes on those to other hosts', async () => {
  const { port, events } = await openProxy();
  const seen: IncomingMessage[] = [];
  const web = await listen(
    createServer((asked, response) => {
      seen.push(asked);
      response.writeHead(207, 'Odd', { 'X-Own': 'yes', Connection: 'close' }).end('there');
    }),
  );
  const ask = async (path: string, headers = {}) => {
    const asked = request({ port, path, method: 'POST', headers }).end('body');
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return { answer, text: await textOf(answer) };
  };
  expect((await ask('http://www.googleapis.com/a')).text).toContain('www.googleapis.com /a');
  const { answer, text } = await ask(`http://127.0.0.1:${web}/b?c`, {
    'Proxy-Authorization': 'Basic eDp5',
    Connection: 'keep-alive, X-Hop',
    'X-Hop': '1',
    'X-End': '2',
  });
  expect([answer.statusCode, answer.statusMessage, answer.headers['x-own'], text]).toEqual([
    207,
    'Odd',
    'yes',
    'there',
  ]);
  expect(seen[0]?.url).toBe('/b?c');
  expect(seen[0]?.headers).toMatchObject({ 'x-end': '2' });
  expect(seen[0]?.headers).not.toHaveProperty('proxy-authorization');
  expect(seen[0]?.headers).not.toHaveProperty('x-hop');
  expect(events.map(({ kind }) => kind)).toEqual(['request', 'tunnelled']);
  expect((await ask('/no-proxy-request')).answer.statusCode).toBe(400);
});

it('passes a change of protocol on, with what follows', async () => {
  const { port } = await openProxy();
  const web = createServer();
  web.on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
    socket.pipe(socket);
  });
  const target = await listen(web);
  const headers = { Connection: 'Upgrade', Upgrade: 'x' };
  const asked = request({ port, path: `http://127.0.0.1:${target}/`, headers }).end();
  const [, socket] = (await once(asked, 'upgrade')) as [IncomingMessage, Socket];
  socket.write('echo');
  expect(String((await once(socket, 'data'))[0])).toBe('echo');
  socket.destroy();
});

it.each([
  ['HTTP/2 only', ['h2'], 'http2'],
  ['a protocol that is no HTTP', undefined, 'not-http'],
] as const)('refuses %s by name', async (_what, protocols, why) => {
  const { port, ca, events } = await openProxy();
  const { socket } = await tunnel(port, 'firestore.googleapis.com:443');
  const closed = once(socket, 'close');
  if (protocols === undefined) socket.write('SSH-2.0-x\r\n');
  else connect({ socket, ca, ALPNProtocols: [...protocols] }).on('error', () => undefined);
  await closed;
  expect(events).toEqual([{ kind: 'refused', host: 'firestore.googleapis.com', port: 443, why }]);
});

it('serves strangers nothing, and others for the password only', async () => {
  const guarded = createAccess({ platform: 'darwin', userId: 501, isOpenToNetwork: false });
  const { port } = await openProxy({ access: guarded });
  const basic = (password: string) => ({
    'Proxy-Authorization': `Basic ${Buffer.from(`gsac:${password}`).toString('base64')}`,
  });
  const { password = '' } = guarded;
  expect((await tunnel(port, 'www.googleapis.com:443')).status).toBe(407);
  expect((await tunnel(port, 'www.googleapis.com:443', basic('wrong'))).status).toBe(407);
  expect((await tunnel(port, 'www.googleapis.com:443', basic(password))).status).toBe(200);
  const strange = await openProxy({ access: { ...open, judge: () => 'stranger' } });
  expect((await tunnel(strange.port, 'www.googleapis.com:443')).status).toBe(403);
  expect(strange.events).toMatchObject([{ kind: 'forbidden' }]);
});

it('is no way to gsac’s own ports, under any name of this machine', async () => {
  const own = await listen(createServer((_request, response) => response.end('own')));
  const { port } = await openProxy({ own: [own] });
  for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '0.0.0.0', '127.1']) {
    expect((await tunnel(port, `${host}:${own}`)).status).toBe(403);
    const asked = request({ port, path: `http://${host}:${own}/` }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(403);
    answer.resume();
  }
  expect((await tunnel(port, `127.0.0.1:${port}`)).status).toBe(403);
});

it('goes through the person’s own proxy, with its password, and tells what that says', async () => {
  const seen: (string | undefined)[] = [];
  const theirs = createServer();
  theirs.on('connect', ({ url, headers }: IncomingMessage, socket: Socket) => {
    seen.push(url, headers['proxy-authorization']);
    if (url?.startsWith('closed')) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    socket.write('HTTP/1.1 200 OK\r\n\r\nfirst words');
    return void socket.pipe(socket);
  });
  const theirPort = await listen(theirs);
  const { port, events } = await openProxy({
    env: { HTTPS_PROXY: `http://me:p%40ss@127.0.0.1:${theirPort}` },
  });
  const { socket } = await tunnel(port, 'other.example.test:443');
  expect(String((await once(socket, 'data'))[0])).toBe('first words');
  expect((await tunnel(port, 'closed.example.test:443')).status).toBe(502);
  const authorization = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
  expect(seen).toEqual([
    ...['other.example.test:443', authorization],
    ...['closed.example.test:443', authorization],
  ]);
  expect(events).toMatchObject([
    { kind: 'tunnelled', host: 'other.example.test', why: 'other' },
    { kind: 'unreachable', host: 'closed.example.test' },
  ]);
});

it('ends a tunnel on both sides if one of them goes away', async () => {
  const web = createServer();
  const target = await listen(web);
  const { port } = await openProxy();
  const [[far], { socket }] = await Promise.all([
    once(web, 'connection'),
    tunnel(port, `127.0.0.1:${target}`),
  ]);
  const ended = once(far, 'close');
  socket.destroy();
  await ended;
});

it('takes no part of a request for a whole one', async () => {
  const { port } = await openProxy();
  for (const path of ['nothing', ':443', 'a:0', 'a:99999', 'a b:1', `${'a'.repeat(10_000)}`]) {
    const socket = connectSocket(port, '127.0.0.1');
    socket.write(`CONNECT ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(await textOf(socket)).toMatch(/^HTTP\/1\.1 400 /);
  }
});

it.each([
  ['example.org', 'example.org', 443, true],
  ['example.org', 'www.example.org', 443, true],
  ['.example.org', 'www.example.org', 443, true],
  ['*.example.org', 'www.example.org', 443, true],
  ['example.org', 'notexample.org', 443, false],
  ['example.org:8443', 'example.org', 443, false],
  ['example.org:443', 'example.org', 443, true],
  ['10.0.0.0/8', '10.1.2.3', 443, true],
  ['10.0.0.0/8', '11.1.2.3', 443, false],
  ['fd00::/8', 'fd00::1', 443, true],
  ['10.0.0.0/99', '10.0.0.1', 443, false],
  ['0.0.1', '10.0.0.1', 443, false],
  ['[fd00::1]:443', 'fd00::1', 443, true],
  ['*', 'anything', 443, true],
  ['', 'anything', 443, false],
])('NO_PROXY=%s for %s:%s is %s', (entry, host, port, is) => {
  expect(covers(entry, host, port)).toBe(is);
  expect(isExcepted(host, port, `first.example, ${entry}`)).toBe(is);
});

it('finds the person’s proxy as curl does, and says which kind it does not speak', () => {
  const of = (env: Record<string, string>, host = 'example.org') =>
    proxyFor('https', host, 443, env)?.href;
  expect(of({ https_proxy: 'http://a', HTTPS_PROXY: 'http://b' })).toBe('http://a/');
  expect(of({ ALL_PROXY: 'c:3128' })).toBe('http://c:3128/');
  expect(of({ HTTPS_PROXY: 'http://b' }, 'localhost')).toBeUndefined();
  expect(of({ HTTPS_PROXY: 'http://b' }, '::1')).toBeUndefined();
  expect(() => of({ HTTPS_PROXY: 'socks5://u:secret@s:1080' })).toThrow(/socks5:\/\/…@s:1080/);
});
