import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSelfSigned } from '../../src/tools/listen/certificate.js';
import { createSandbox, type Sandbox } from '../support/process.js';

/** A server on loopback that answers the first bytes of a connection; its port. */
async function serve(answer: string): Promise<{ port: number; heard: () => string }> {
  let heard = '';
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
      if (answer !== '') socket.write(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, heard: () => heard };
}

function writeClient(box: Sandbox, tokenUri: string): string {
  const path = join(box.folder, 'client.json');
  const client_id = '407408718192-webserver0emulator0client0000001.apps.googleusercontent.com';
  const web = { client_id, client_secret: 'GOCSPX-for-tests-only', token_uri: tokenUri };
  mkdirSync(box.folder, { recursive: true });
  writeFileSync(path, JSON.stringify({ web }));
  return path;
}

const code = `4/0A${'x'.repeat(73)}`;
const bySending = [
  ['exchange', (client: string) => ['exchange', code, '--client', client]],
  ['verify', (client: string) => ['verify', '--code', code, '--client', client]],
] as const;

/** A proxy that leads every address to one TLS server, which answers as Google refuses a code. */
async function startWorkingProxy(names: readonly string[]) {
  const { key, cert } = await createSelfSigned(names, Date.now());
  const bodies: string[] = [];
  const google = createTlsServer({ key, cert }, async (request, response) => {
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part;
    bodies.push(`${request.method} ${request.headers.host}${request.url} ${body}`);
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end('{"error":"invalid_grant","error_description":"Bad Request"}');
  });
  const { port } = await listen(google);
  const proxy = createHttpServer();
  proxy.on('connect', (_request, client, head) => {
    const onward = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      onward.pipe(client).pipe(onward);
    });
    onward.on('error', () => client.destroy());
    client.on('error', () => onward.destroy());
  });
  return { port: (await listen(proxy)).port, direct: port, cert, bodies };
}

async function listen(server: HttpServer | TlsServer): Promise<AddressInfo> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return server.address() as AddressInfo;
}

describe('the installed gsac, behind a proxy that works', () => {
  it.each(bySending)('%s sends the code once through it, and ends', async (name, args) => {
    const box = await createSandbox();
    const proxy = await startWorkingProxy(['oauth2.googleapis.com']);
    const client = writeClient(box, 'https://oauth2.googleapis.com/token');
    const authority = join(box.folder, 'authority.pem');
    writeFileSync(authority, proxy.cert);
    const env = {
      HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
      NODE_EXTRA_CA_CERTS: authority,
    };
    const ran = await box.run([...args(client), '--json'], { env });
    expect(ran.exitCode).toBe(name === 'verify' ? 6 : 4);
    expect(`${ran.stdout}${ran.stderr}`).toContain('"invalid_grant"');
    expect(proxy.bodies).toHaveLength(1);
    expect(proxy.bodies[0]).toMatch(/^POST oauth2\.googleapis\.com\/token client_id=/);
  });
});

describe('the installed gsac, told by its environment to check no certificates', () => {
  it.each(['straight', 'through a proxy'])('checks them all the same, %s', async (way) => {
    const box = await createSandbox();
    const server = await startWorkingProxy(['oauth2.googleapis.com', 'localhost']);
    const straight = way === 'straight';
    const host = straight ? `localhost:${server.direct}` : 'oauth2.googleapis.com';
    const client = writeClient(box, `https://${host}/token`);
    const env = {
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      HTTPS_PROXY: straight ? undefined : `http://127.0.0.1:${server.port}`,
    };
    const ran = await box.run(['exchange', code, '--client', client, '--json'], { env });
    expect(ran).toMatchObject({ exitCode: 3, stdout: '' });
    expect(ran.error()).toMatchObject({ code: 'certificate_refused', code_sent: false });
    expect(server.bodies).toEqual([]);
  });
});

describe('the installed gsac, behind a proxy that takes the connection and goes no further', () => {
  it.each([
    ['says nothing', ''],
    ['begins to answer', 'HTTP/1.1 200 Conn'],
  ])('one that %s: in the time given, 3, and the code is not sent', async (_what, answer) => {
    const box = await createSandbox();
    const proxy = await serve(answer);
    const client = writeClient(box, 'https://oauth2.googleapis.com/token');
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
    const flags = ['--client', client, '--timeout', '0.5', '--json'];
    const ran = await box.run(['exchange', code, ...flags], { env });
    expect(ran).toMatchObject({ exitCode: 3, stdout: '' });
    expect(JSON.parse(ran.stderr).error).toMatchObject({
      code: 'proxy_failed',
      message: 'The proxy did not connect to oauth2.googleapis.com within 0.5 seconds.',
      hint: expect.stringMatching(
        /^The code was not sent and may still be good\. Check HTTPS_PROXY/,
      ),
      code_sent: false,
    });
    expect(proxy.heard()).toMatch(/^CONNECT oauth2\.googleapis\.com:443 /);
    const verified = await box.run(['verify', '--code', code, ...flags], { env });
    expect(verified.exitCode).toBe(6);
    expect(verified.stdout).toContain('The proxy did not connect to oauth2.googleapis.com');
  });
});

describe('the installed gsac, at a server that changes the protocol', () => {
  it.each(bySending)('%s does not end as if all were well', async (name, args) => {
    const box = await createSandbox();
    const answer = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n';
    const server = await serve(answer);
    const client = writeClient(box, `http://127.0.0.1:${server.port}/token`);
    const ran = await box.run([...args(client), '--timeout', '1', '--json']);
    expect(ran.exitCode).toBe(name === 'verify' ? 6 : 3);
    expect(`${ran.stdout}${ran.stderr}`).toMatch(/"(connection_lost|network_timeout)"/);
    expect(server.heard().split('POST /token').length - 1).toBe(1);
  });
});

describe('the installed gsac, at a server whose errors have odd names', () => {
  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('%s is 4', async (error) => {
    const box = await createSandbox();
    const body = JSON.stringify({ error, error_description: 'x' });
    const head = `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ${body.length}`;
    const server = await serve(`${head}\r\n\r\n${body}`);
    const client = writeClient(box, `http://127.0.0.1:${server.port}/token`);
    const ran = await box.run(['exchange', code, '--client', client, '--json']);
    expect(ran).toMatchObject({ exitCode: 4, stdout: '' });
    expect(JSON.parse(ran.stderr).error.code).toBe('request_refused');
  });
});
