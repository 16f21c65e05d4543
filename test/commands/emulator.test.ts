import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Fetch } from '../support/run.js';
import { createDesk, type Desk, type Ran } from '../support/run.js';
import { expectFailure } from './support.js';

const fetch = globalThis.fetch as unknown as Fetch;

describe('gsac emulator start', () => {
  let desk: Desk;
  let clientOut: string;
  beforeEach(() => {
    desk = createDesk();
    clientOut = join(desk.home, '..', 'out.json');
  });
  afterEach(() => desk.dispose());

  /** Runs the emulator while `work` is done, and ends it as Ctrl-C does. */
  async function running(
    flags: readonly string[],
    work: (origin: string) => Promise<void>,
  ): Promise<Ran> {
    const controller = new AbortController();
    const argv = ['emulator', 'start', '--client-out', clientOut, ...flags];
    const ended = desk.run(argv, { signal: controller.signal });
    try {
      await vi.waitFor(() => expect(existsSync(clientOut)).toBe(true), { timeout: 10_000 });
      await vi.waitFor(() => expect(readFileSync(clientOut, 'utf8')).toMatch(/\}\n$/), {
        timeout: 10_000,
      });
      await work(new URL(JSON.parse(readFileSync(clientOut, 'utf8')).web.token_uri).origin);
    } finally {
      controller.abort();
    }
    return ended;
  }

  it('says its origin first, signs in, and serves the whole story until Ctrl-C: 0', async () => {
    let origin = '';
    const ran = await running([], async (at) => {
      origin = at;
      expect(statSync(clientOut).mode & 0o777).toBe(0o600);
      const env = { GSAC_CLIENT: clientOut };
      const signIn = ['emulator', 'sign-in', '--user', 'qa@example.org'];
      const phone = await desk.run(signIn, { env, fetch });
      expect(phone.stdout).toMatch(/^4\/0A[\w-]{73}\n$/);
      // The emulator's clock is the real one, the desk's is not: only the ID token minds.
      const exchanged = await desk.run(['exchange', '-', '--json'], {
        env,
        fetch,
        stdin: phone.stdout,
      });
      expect(exchanged.json()).toMatchObject({
        account: { email: 'qa@example.org' },
        sent: { token_uri: `${at}/token` },
      });
      const files = await desk.run(['files', '--json'], { env, fetch });
      expect(files.json<unknown[]>()).toHaveLength(2);
    });
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toBe(`${origin}\n`);
    expect(ran.stderr).toContain(`export GSAC_CLIENT=${clientOut}`);
    expect(ran.stderr).toMatch(/POST \/token 200 authorization_code/);
    expect(ran.stderr).not.toMatch(/4\/0A|ya29|1\/\/0|GOCSPX/);
  });

  it('with --json says origin, client file and pid in one document', async () => {
    let origin = '';
    const ran = await running(['--json', '--files', '20'], async (at) => {
      origin = at;
    });
    expect(ran.json()).toEqual({ origin, client_file: clientOut, pid: 4711 });
    expect(ran.stderr).toBe('');
  });

  it('says so where the port is taken, and where the client file cannot be written', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const taken = ['emulator', 'start', '--port', String(port), '--json'];
    expectFailure(await desk.run(taken), 'address_in_use');
    server.close();
    const unwritable = ['emulator', 'start', '--client-out', '/no/such/folder/c.json', '--json'];
    expectFailure(await desk.run(unwritable), 'usage');
    const odd = ['emulator', 'start', '--host', '203.0.113.1', '--client-out', clientOut, '--json'];
    expectFailure(await desk.run(odd), 'usage');
    expect(existsSync(clientOut)).toBe(false);
  });
});

describe('gsac emulator sign-in', () => {
  let desk: Desk;
  beforeEach(() => {
    desk = createDesk();
  });
  afterEach(() => desk.dispose());

  const signIn = (...flags: string[]) => desk.run(['emulator', 'sign-in', ...flags]);

  it('does what the phone does', async () => {
    const ran = await signIn('--json', '--scope', 'openid', '--scope', 'email drive.file');
    expect(ran.json()).toEqual({
      code: expect.stringMatching(/^4\/0A/),
      user: 'tester@example.com',
      client_id: desk.emulator.clientFile().web.client_id,
      scopes: [
        'openid',
        'https://www.googleapis.com/auth/userinfo.email',
        'https://www.googleapis.com/auth/drive.file',
      ],
      source: 'ios',
    });
  });

  it.each(['ios', 'android', 'web-popup', 'web-redirect'])(
    'for %s, so that exchange takes it',
    async (source) => {
      const redirect = ['--redirect-uri', 'https://backend.example.com/callback'];
      const flags = ['--source', source, ...(source === 'web-redirect' ? redirect : [])];
      const { stdout } = await signIn(...flags);
      const ran = await desk.run(['exchange', stdout.trim(), ...flags]);
      expect(ran.exitCode, ran.stderr).toBe(0);
    },
  );

  it('refuses whom and what the emulator does not know, in its words', async () => {
    const nobody = expectFailure(await signIn('--user', 'nobody@example.com', '--json'), 'usage');
    expect(nobody.message).toContain('tester@example.com');
    const uri = ['--source', 'web-redirect', '--redirect-uri', 'https://evil.test/', '--json'];
    expect(expectFailure(await signIn(...uri), 'usage').message).toContain('not registered');
  });

  it('refuses a client file that points at Google, and sends nothing', async () => {
    const { web } = desk.emulator.clientFile();
    const { token_uri: emulator, ...google } = web;
    const client = desk.file('google.json', JSON.stringify({ web: google }));
    expectFailure(await signIn('--client', client, '--json'), 'usage');
  });

  it('is 3 where no emulator runs', async () => {
    const fetch: Fetch = async () => {
      throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
    };
    const ran = await desk.run(['emulator', 'sign-in', '--json'], { fetch });
    expect(expectFailure(ran, 'network_unreachable').hint).toContain('gsac emulator start');
  });
});
