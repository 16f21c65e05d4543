import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openBox, type Sandbox } from '../support/process.js';

/**
 * A sandbox with an account whose folder holds the file `a`, ten bytes long.
 *
 * @param download answers in the emulator's place; what it begins it need not end.
 */
async function createOdd(download: (response: ServerResponse) => void): Promise<Sandbox> {
  const { box, emulator } = await openBox();
  const server = createServer(async (incoming, outgoing) => {
    const { method = 'GET', url = '', headers } = incoming;
    if (url.includes('alt=media')) return download(outgoing);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { authorization = '', 'content-type': type = '' } = headers;
    const answer = await fetch(`${emulator.origin}${url}`, {
      method,
      headers: { authorization, 'content-type': type },
      ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    });
    outgoing.writeHead(answer.status, { 'content-type': 'application/json' });
    outgoing.end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const odd = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = readFileSync(emulator.clientFile, 'utf8');
  writeFileSync(emulator.clientFile, client.replaceAll(emulator.origin, odd));
  expect((await box.run(['exchange', await emulator.code()])).exitCode).toBe(0);
  const put = await box.run(['files', 'put', '-', '--name', 'a'], { stdin: '0123456789' });
  expect(put, put.stderr).toMatchObject({ exitCode: 0 });
  return box;
}

describe('the installed gsac, files get', () => {
  it('ends at once where another part of the file comes, and goes on coming', async () => {
    const box = await createOdd((response) => {
      response.writeHead(206, { 'content-range': 'bytes 7-9/10' });
      response.write('7');
    });
    const ran = await box.run(['files', 'get', 'a', '--timeout', '600', '--json'], {
      timeoutMs: 20_000,
    });
    expect(ran).toMatchObject({ exitCode: 3, stdout: '' });
    expect(ran.error()).toMatchObject({ code: 'answer_unreadable' });
    const traced = await box.run(['files', 'get', 'a', '--trace'], { timeoutMs: 20_000 });
    expect(traced.stderr).toContain('bytes 7-9/10');
  });
});
