import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEmulator } from '../../src/emulator/app.js';
import { SEED_USERS } from '../../src/emulator/state/seed.js';
import { startListener } from '../support/listener.js';
import { createSandbox, openBox, serveTo, until } from '../support/process.js';
import { createSecretScanner } from '../support/secret-scanner.js';

const form = (code: string) => `authCode=${encodeURIComponent(code)}`;

describe('the installed gsac listen', () => {
  it('over TLS: curl and Node, pinned, get the profile and never a token', async () => {
    const { box, emulator } = await openBox();
    const listener = await startListener(box, ['--self-signed']);
    expect(listener.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/[\w-]{22}$/);
    expect(listener.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    const pin = listener.publicKeyPin ?? '';

    const byNode = await listener.post(form(await emulator.code()));
    expect(byNode).toMatchObject({ status: 200 });
    expect(byNode.json()).toMatchObject({ email: 'tester@example.com', name: 'Terry Tester' });
    const byCurl = await box.spawn('curl', [
      ...['-sS', '-k', '--pinnedpubkey', pin, '-H', 'X-Requested-With: curl'],
      ...['--data-urlencode', `authCode=${await emulator.code()}`, listener.url],
    ]);
    expect(byCurl).toMatchObject({ exitCode: 0, stderr: '' });
    expect(byCurl.json()).toEqual(byNode.json());
    const wrongPin = `sha256//${Buffer.alloc(32).toString('base64')}`;
    const refused = await box.spawn('curl', ['-sk', '--pinnedpubkey', wrongPin, listener.url]);
    expect(refused.exitCode).toBe(90);

    const ended = await listener.stop();
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(listener.events().map(({ event }) => event)).toEqual(['exchanged', 'exchanged']);
    expect(listener.events()[0]).toMatchObject({
      account: { email: 'tester@example.com' },
      refresh_token: { status: 'stored', store: 'file' },
      id_token: 'valid',
    });

    const scanner = createSecretScanner();
    const token = (await box.run(['token'])).stdout.trim();
    scanner.add('access token', token);
    const { refresh_token: refreshToken } = (await box.run(['export'])).json();
    scanner.add('refresh token', String(refreshToken));
    expect(scanner.find(byNode.text + byCurl.stdout + ended.stdout + ended.stderr)).toEqual([]);
  });

  it('takes a certificate of one’s own, which curl trusts by its authority', async () => {
    const { box, emulator } = await openBox();
    const [cert, key] = [join(box.folder, 'cert.pem'), join(box.folder, 'key.pem')];
    const openssl = [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
      ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
    ];
    execFileSync('openssl', openssl, { stdio: 'ignore' });
    const args = ['--cert', cert, '--key', key, '--path', '/auth/google'];
    const listener = await startListener(box, args);
    expect(new URL(listener.url).pathname).toBe('/auth/google');
    const body = JSON.stringify({ serverAuthCode: await emulator.code() });
    const ran = await box.spawn('curl', [
      ...['-sS', '--cacert', cert, '-H', 'X-Requested-With: curl'],
      ...['-H', 'Content-Type: application/json', '-d', body, listener.url],
    ]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.json()).toMatchObject({ email: 'tester@example.com' });
  });

  it('ends after the first exchanged code with --once, not after a refused one', async () => {
    const { box, emulator } = await openBox();
    const listener = await startListener(box, ['--http', '--once']);
    expect(await listener.post('code=4%2FnobodysCode')).toMatchObject({ status: 400 });
    expect(await listener.post(form(await emulator.code()))).toMatchObject({ status: 200 });
    expect(await listener.ended).toMatchObject({ exitCode: 0, signal: null });
    expect(listener.events().map(({ event }) => event)).toEqual(['refused', 'exchanged']);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`finishes what is in flight on ${signal}`, async () => {
      const { box, emulator } = await openBox();
      const listener = await startListener(box, ['--http']);
      // A lock was taken once: its library listens to signals, too.
      await listener.post(form(await emulator.code()));
      await emulator.inject({ name: 'latency', path: '/token', ms: 1_500 });
      const inFlight = listener.post(form(await emulator.code()));
      await emulator.hit();
      const ended = listener.stop(signal);
      expect(await inFlight).toMatchObject({ status: 200 });
      expect(await ended).toMatchObject({ exitCode: 0, signal: null, stderr: '' });
      expect(listener.events()).toHaveLength(2);
    });
  }

  it('200 codes by 20 clients at once are all stored, each once', async () => {
    const box = await createSandbox();
    const users = Array.from({ length: 200 }, (_each, at) => ({
      ...(SEED_USERS[0] as (typeof SEED_USERS)[number]),
      email: `person${at}@example.com`,
      sub: `1000000000000000${String(at).padStart(4, '0')}`,
    }));
    const emulator = createEmulator({ users });
    await serveTo(box, emulator);
    const listener = await startListener(box, ['--http']);

    const clients = Array.from({ length: 20 }, () => new Agent({ keepAlive: true }));
    onTestFinished(() => {
      for (const agent of clients) agent.destroy();
    });
    const answers = await Promise.all(
      users.map(({ email }, at) =>
        listener.post(form(emulator.signIn({ user: email }).code), {
          agent: clients[at % clients.length] as Agent,
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(users.map(() => 200));
    expect(answers.map((answer) => answer.json()['email'])).toEqual(
      users.map(({ email }) => email),
    );
    await listener.stop();
    expect(emulator.requests.count('/token')).toBe(200);
    const exchanged = listener.events().filter(({ event }) => event === 'exchanged');
    expect(new Set(exchanged.map(({ account }) => (account as { sub: string }).sub)).size).toBe(
      200,
    );

    const { accounts } = (await box.run(['accounts', '--json'])).json<{
      accounts: { email: string }[];
    }>();
    expect(accounts.map(({ email }) => email).sort()).toEqual(users.map((one) => one.email).sort());
    const refreshed = await box.run(['refresh', '--all', '--json']);
    expect(refreshed.json()).toMatchObject({ failed: 0 });
  });

  it('40 codes of one person at once leave one account that works', async () => {
    const { box, emulator } = await openBox();
    const listener = await startListener(box, ['--http']);
    const codes = await Promise.all(Array.from({ length: 40 }, () => emulator.code()));
    const answers = await Promise.all(codes.map((code) => listener.post(form(code))));
    expect(answers.map(({ status }) => status)).toEqual(codes.map(() => 200));
    expect(await emulator.count('/token')).toBe(40);
    expect((await box.run(['refresh', '--json'])).exitCode).toBe(0);
    const { accounts } = (await box.run(['accounts', '--json'])).json<{ accounts: unknown[] }>();
    expect(accounts).toHaveLength(1);
  });

  it('the same code posted ten times at once is sent once', async () => {
    const { box, emulator } = await openBox();
    const listener = await startListener(box, ['--http']);
    const code = await emulator.code();
    const answers = await Promise.all(Array.from({ length: 10 }, () => listener.post(form(code))));
    for (const { status, text } of answers) {
      expect([200, 400], text).toContain(status);
    }
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect(await emulator.count('/token')).toBe(1);
  });

  it('keeps answering under more connections than it takes', async () => {
    const { box, emulator } = await openBox();
    const listener = await startListener(box, ['--http']);
    const { port } = new URL(listener.url);
    const held = Array.from({ length: 400 }, () => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => {});
      return socket;
    });
    onTestFinished(() => {
      for (const socket of held) socket.destroy();
    });
    await until('the surplus is turned away', () => held.filter((one) => one.closed).length >= 144);
    for (const socket of held) socket.destroy();
    const code = await emulator.code();
    let status = 0;
    await until('it answers again', async () => {
      status = (await listener.post(form(code)).catch(() => ({ status: 0 }))).status;
      return status !== 0;
    });
    expect(status).toBe(200);
  });

  it('a reader that goes away ends it', async () => {
    const { box } = await openBox();
    const ran = await box.shell(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell that reads it
      'gsac listen --http --json | { read line; url=${line#*\\"url\\":\\"}; url=${url%%\\"*}; exec <&-; curl -s -o /dev/null "$url"; }',
    );
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('puts nothing secret into the arguments of its process', async () => {
    const { box } = await openBox();
    const listener = await startListener(box, ['--http']);
    const line = readFileSync(`/proc/${listener.child.pid}/cmdline`, 'utf8');
    expect(line).not.toContain(new URL(listener.url).pathname.slice(1));
  });
});
