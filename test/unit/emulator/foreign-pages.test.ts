import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmulator as createEmulatorInMemory } from '../../../src/emulator/app.js';
import { createEmulator, type Emulator } from '../../../src/emulator/library.js';
import { serveEmulator } from '../../../src/emulator/serve.js';

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Asks by socket, as fetch lets nobody choose these headers. */
function ask(origin: string, path: string, { method = 'GET', headers = {}, body }: Asked = {}) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const outgoing = request(origin, { path, method, headers }, (incoming) => {
      let text = '';
      incoming.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const order: Asked = {
  method: 'POST',
  headers: { 'content-type': 'text/plain' },
  body: '{"fault":"status:status=503,times=always,path=/token"}',
};
const ordered = (headers: Record<string, string>): Asked => ({
  ...order,
  headers: { ...order.headers, ...headers },
});

let emulator: Emulator;
beforeEach(async () => {
  emulator = await createEmulator({ origin: 'http://google.test:8085/' }).listen();
});
afterEach(() => emulator.close());

/** Whether somebody ordered a fault. */
async function isSpoilt(): Promise<boolean> {
  const { text } = await ask(emulator.origin, '/_emulator/faults');
  return JSON.parse(text).active.length > 0;
}

describe('a page of the web', () => {
  it.each<Record<string, string>>([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: '' },
    { origin: 'http://127.0.0.1:1' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { host: 'evil.example' },
    { host: 'evil.example:8085' },
    { host: 'localhost.evil.example' },
    { host: '127.0.0.1.evil.example' },
    { host: 'evil.example', origin: 'http://evil.example' },
  ])('%j orders no fault', async (headers) => {
    const { status, text } = await ask(emulator.origin, '/_emulator/faults', ordered(headers));
    expect(status).toBe(403);
    expect(JSON.parse(text)).toEqual({
      error: 'forbidden',
      error_description: expect.stringMatching(/^The emulator's own pages .*\.$/),
    });
    expect(await isSpoilt()).toBe(false);
  });

  it.each([
    '/_emulator',
    '/_emulator/client-file',
    '/_emulator/requests',
    '/_emulator/users',
    '/_emulator/clock',
    '/_emulator/none',
  ])('reads nothing of %s by a name of its own', async (path) => {
    const { status, text } = await ask(emulator.origin, path, {
      headers: { host: 'evil.example' },
    });
    expect(status).toBe(403);
    expect(text).toContain('not to evil.example.');
    expect(text).not.toContain('GOCSPX');
  });

  it.each([
    '/%5Femulator/faults',
    '/_%65mulator/faults',
    '/./_emulator/faults',
    '/_emulator//faults',
  ])('does not get past by the spelling %s', async (path) => {
    await ask(emulator.origin, path, ordered({ origin: 'https://evil.example' }));
    expect(await isSpoilt()).toBe(false);
  });

  it('may not ask before it asks', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'DELETE' };
    const preflight = { method: 'OPTIONS', headers };
    expect((await ask(emulator.origin, '/_emulator/faults', preflight)).status).toBe(403);
  });
});

describe('whoever is here', () => {
  it.each<Record<string, string>>([
    {},
    { host: 'localhost' },
    { host: 'LOCALHOST:9999' },
    { host: '[::1]:8085' },
    { host: 'emulator:8085' },
    { host: 'host.docker.internal:8085' },
    { host: '192.168.1.20:8085' },
    // The origin that it was created with.
    { host: 'google.test:8085' },
    { host: 'localhost:8085', origin: 'http://localhost:8085' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'same-origin' },
  ])('%j orders a fault', async (headers) => {
    expect((await ask(emulator.origin, '/_emulator/faults', ordered(headers))).status).toBe(200);
    expect(await isSpoilt()).toBe(true);
  });

  it('may use the host that was asked for', async () => {
    const served = await serveEmulator(createEmulatorInMemory(), { host: 'localhost' });
    const asked = { headers: { host: 'LocalHost' } };
    expect((await ask(served.origin, '/_emulator', asked)).status).toBe(200);
    await served.close();
  });

  it('in the same process may call any address', async () => {
    const body = JSON.stringify({ fault: 'no-scope' });
    const headers = { origin: 'https://app.example', 'sec-fetch-site': 'cross-site' };
    const url = 'https://accounts.google.com/_emulator/faults';
    expect((await emulator.fetch(url, { method: 'POST', body, headers })).status).toBe(200);
    expect(await isSpoilt()).toBe(true);
  });
});

it('Google’s own paths take any host and origin', async () => {
  const headers = {
    host: 'www.googleapis.com',
    origin: 'https://app.example',
    'sec-fetch-site': 'cross-site',
  };
  expect((await ask(emulator.origin, '/oauth2/v3/certs', { headers })).status).toBe(200);
});

describe('an emulator on every address', () => {
  // Not every machine has IPv6.
  const all = Object.values(networkInterfaces()).flat();
  const hasIpv6 = all.some((one) => one?.address === '::1');
  it.each<readonly [string, string]>([
    ['0.0.0.0', '127.0.0.1'],
    ['0', '127.0.0.1'],
    ...(hasIpv6 ? [['::', '[::1]'] as const] : []),
  ])('%s names itself %s', async (host, name) => {
    const served = await serveEmulator(createEmulatorInMemory(), { host });
    expect(served.origin).toBe(`http://${name}:${served.port}`);
    expect((await ask(served.origin, '/_emulator')).status).toBe(200);
    await served.close();
  });
});
