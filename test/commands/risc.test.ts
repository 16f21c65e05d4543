import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEmulator } from '../../src/emulator/library.js';
import { FORGERIES } from '../../src/emulator/risc/forgeries.js';
import { EVENT_TYPES } from '../../src/emulator/risc/security-events.js';
import { type ReceiverOptions, startReceiver } from '../support/risc-receiver.js';
import { useDesk } from '../support/run.js';
import { expectFailure, expectHumanFailure } from './support.js';

const desk = useDesk();
const nowhere = 'http://127.0.0.1:9/';

/** A receiver that knows the emulator's keys, which another emulator publishes on a port. */
async function receive(without?: ReceiverOptions['without']) {
  const keys = await createEmulator().listen();
  onTestFinished(() => keys.close());
  return startReceiver({
    jwks: `${keys.origin}/oauth2/v3/certs`,
    audience: desk.emulator.clientFile().web.client_id,
    ...(without === undefined ? {} : { without }),
  });
}

/** The address of a receiver that takes an event and never answers. */
async function hang(): Promise<string> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hang`;
}

describe('gsac emulator risc send', () => {
  const send = (...args: string[]) => desk.run(['emulator', 'risc', 'send', ...args]);

  it('posts an event and says what the receiver answered', async () => {
    const { url, accepted } = await receive();
    const args = ['account-disabled', '--reason', 'hijacking', '--user', 'qa@example.org'];
    const ran = await send(...args, '--receiver', url);
    expect(ran.stdout).toMatch(/^account-disabled {2}202 {2}http:\S+\/events {2}jti [\w-]{32}\n$/);
    expect(JSON.stringify(accepted)).toContain('hijacking');
    const json = await send('sessions-revoked', '--receiver', url, '--json');
    expect(json.json()).toEqual({
      deliveries: [
        { event: 'sessions-revoked', receiver: url, jti: expect.any(String), status: 202 },
      ],
    });
  });

  it('names every event and every forgery in its help', async () => {
    const { stdout } = await send('--help');
    const words = new Set(stdout.split(/[\s,:()]+/));
    const missing = [...Object.keys(EVENT_TYPES), ...Object.keys(FORGERIES)].filter(
      (name) => !words.has(name),
    );
    expect(missing).toEqual([]);
  });

  it('exits with 6 if the receiver does not accept, or is not there', async () => {
    const { url } = await receive();
    const forged = await send('tokens-revoked', '--receiver', url, '--forgery', 'unsigned');
    expect(forged).toMatchObject({ exitCode: 6, stdout: expect.stringContaining('  400  ') });
    const nobody = await send('tokens-revoked', '--receiver', nowhere);
    expect(nobody).toMatchObject({ exitCode: 6, stdout: expect.stringContaining('  no answer  ') });
  });

  it('waits for a receiver as long as --timeout says, and does not blame the emulator', async () => {
    const url = await hang();
    for (const more of [[], ['--forgery', 'replayed']]) {
      const ran = await send('account-disabled', '--receiver', url, '--timeout', '1', ...more);
      expect(ran).toMatchObject({ exitCode: 6, stderr: '' });
      expect(ran.stdout).toContain(`account-disabled  no answer  ${url}  jti`);
    }
  });

  it.each([
    [['account-disabled'], 'No receiver is registered for this event.'],
    [['account-disabled', '--receiver', 'localhost'], 'is not an address'],
    [['account-closed'], 'account-closed'],
    [['account-disabled', '--forgery', 'other'], 'other'],
    [['account-disabled', '--user', 'nobody@example.com', '--receiver', nowhere], 'no user'],
  ])('refuses %j', async (args, words) => {
    const { message } = expectFailure(await send(...args, '--json'), 'usage');
    expect(message).toContain(words);
  });
});

describe('gsac verify --risc-receiver', () => {
  const verify = (...args: string[]) => desk.run(['verify', '--risc-receiver', ...args]);
  const failedOf = (checks: { name: string; ok: boolean }[]) =>
    checks.filter(({ ok }) => !ok).map(({ name }) => name);
  type Result = { checks: { name: string; ok: boolean; detail: string }[] };

  it('passes a careful receiver, by every event and every forgery', async () => {
    const { url, accepted } = await receive();
    const ran = await verify(url, '--json');
    expect(ran.exitCode).toBe(0);
    expect(ran.json()).toMatchObject({
      verdict: 'passed',
      receiver: url,
      audience: desk.emulator.clientFile().web.client_id,
    });
    const names = ran.json<Result>().checks.map(({ name }) => name.split('.')[1]);
    expect(names.sort()).toEqual([...Object.keys(EVENT_TYPES), ...Object.keys(FORGERIES)].sort());
    // Each event, a late one, and one that came twice.
    expect(accepted).toHaveLength(Object.keys(EVENT_TYPES).length + 3);
    expect((await verify(url)).stdout).toMatch(/passed: 16 checks\n$/);
  });

  it.each<[NonNullable<ReceiverOptions['without']>, string[]]>([
    ['audience', ['refuses.wrong-audience']],
    ['issuer', ['refuses.wrong-issuer']],
    [
      'signature',
      [
        'refuses.wrong-audience',
        'refuses.wrong-issuer',
        'refuses.unknown-key',
        'refuses.wrong-signature',
        'refuses.unsigned',
        'refuses.hmac',
        'refuses.id-token',
      ],
    ],
  ])('fails one that does not look at the %s', async (without, failures) => {
    const { url } = await receive(without);
    const ran = await verify(url, '--json');
    expect(failedOf(ran.json<Result>().checks)).toEqual(failures);
    expect(ran.exitCode).toBe(6);
  });

  it('writes a report for CI in every format', async () => {
    const { url } = await receive('audience');
    const junit = desk.file('receiver.xml', '');
    const ran = await verify(url, '--report', `junit=${junit}`);
    expect(ran.exitCode).toBe(6);
    expect(ran.stdout).toContain('failed: 1 of 16 checks');
    const xml = readFileSync(junit, 'utf8');
    expect(xml).toContain('<testsuites name="gsac verify" tests="16" failures="1" errors="0"');
    expect(xml).toMatch(/refuses\.wrong-audience: [^>]+>\s*<failure [^>]*message="202"/);
    expect((await verify(url, '--report', 'tap')).stdout).toMatch(/^not ok \d+ .*wrong-audience/m);
    expect((await verify(url, '--report', 'html')).stdout).toContain('refuses.wrong-audience');
    expect((await verify(url, '--report', 'json')).json()).toMatchObject({
      outcome: 'fail',
      counts: { pass: 15, fail: 1 },
    });
    const both = await verify(url, '--json', '--report', `junit=${junit}`);
    expect(both.json()).toMatchObject({ verdict: 'failed', receiver: url });
  });

  it('says what a receiver must expect that refuses everything', async () => {
    const stranger = await startReceiver({ jwks: nowhere, audience: 'another' });
    const ran = await verify(stranger.url);
    expect(ran.exitCode).toBe(6);
    expect(ran.stdout).toContain('✗ accepts.account-disabled');
    expect(ran.stdout).toContain('400; it must answer 202');
    expect(ran.stdout).toContain(`audience ${desk.emulator.clientFile().web.client_id}.\n`);
  });

  it('says that the receiver does not answer if it takes longer than --timeout', async () => {
    const url = await hang();
    const error = expectFailure(
      await verify(url, '--timeout', '1', '--json'),
      'network_unreachable',
    );
    expect(error.message).toBe(`The receiver ${url} does not answer.`);
    expect(error.hint).toContain('--timeout');
  });

  it('is told that nobody answers, that there is no emulator, and what does not go with it', async () => {
    expectFailure(await verify(nowhere, '--json'), 'network_unreachable');
    expectHumanFailure(await verify(nowhere), 'network_unreachable');
    expectFailure(await verify('localhost:3000', '--json'), 'usage');
    const { message } = expectFailure(await verify(nowhere, '--replay', '--json'), 'usage');
    expect(message).toBe('--replay does not go with --risc-receiver.');
    const { web } = desk.emulator.clientFile();
    const token_uri = 'https://oauth2.googleapis.com/token';
    const google = desk.file('google.json', JSON.stringify({ web: { ...web, token_uri } }));
    const ran = await verify(nowhere, '--client', google, '--json');
    expect(expectFailure(ran, 'usage').hint).toContain('gsac emulator start');
  });
});

it.each([
  ['verify', '--risc-receiver'],
  ['emulator', 'risc', 'send', 'account-disabled', '--receiver'],
  ['emulator', 'start', '--risc-receiver'],
  ['emulator', 'run', '--risc-receiver'],
])('%j %s %s takes no password, and shows none', async (...argv) => {
  for (const scheme of ['http', 'ftp']) {
    const command = argv.includes('run') ? ['--', 'true'] : [];
    const ran = await desk.run([...argv, `${scheme}://user:hidden@127.0.0.1:9/x`, ...command]);
    expectHumanFailure(ran, 'usage');
    expect(ran.stderr).not.toContain('hidden');
  }
});
