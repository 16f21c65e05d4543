import { importPKCS8, SignJWT } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
} from '../../../src/emulator/library.js';
import { FORGERIES } from '../../../src/emulator/risc/forgeries.js';
import { EVENT_TYPES, type SecurityEvent } from '../../../src/emulator/risc/security-events.js';
import { type ReceiverOptions, startReceiver } from '../../support/risc-receiver.js';

const API = 'https://risc.googleapis.com/google.identity.risc.v1beta.RiscManagementService';
const PUSH = 'https://schemas.openid.net/secevent/risc/delivery-method/push';
const TESTER = '104729361850274916385';
const subject = { subject_type: 'iss-sub', iss: 'https://accounts.google.com/', sub: TESTER };

async function startDesk(options: EmulatorOptions = {}, without?: ReceiverOptions['without']) {
  const emulator = await createEmulator(options).listen();
  onTestFinished(() => emulator.close());
  const audience = emulator.clientFile().web.client_id;
  const receiver = await startReceiver({
    jwks: `${emulator.origin}/oauth2/v3/certs`,
    audience,
    ...(without === undefined ? {} : { without }),
  });
  return { emulator, receiver, audience };
}

/** Asks the RISC API as a service account does. */
async function ask(emulator: Emulator, path: string, body?: object, audience = API) {
  const { client_email: iss, private_key, private_key_id: kid } = emulator.serviceAccountFile();
  const token = await new SignJWT({ iss, sub: iss, aud: audience })
    .setProtectedHeader({ alg: 'RS256', kid })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(await importPKCS8(private_key, 'RS256'));
  return emulator.fetch(path, {
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
}

const update = (emulator: Emulator, url: string, events: readonly string[]) =>
  ask(emulator, '/v1beta/stream:update', {
    delivery: { delivery_method: PUSH, url },
    events_requested: events,
  });

describe('a receiver of security events', () => {
  it.each(Object.keys(EVENT_TYPES) as SecurityEvent[])('is told of %s', async (event) => {
    const { emulator, receiver, audience } = await startDesk();
    emulator.signIn();
    const sent = await emulator.sendSecurityEvent({
      event,
      receiver: receiver.url,
      reason: 'hijacking',
      state: 'my state',
    });
    expect(sent).toEqual([
      { event, receiver: receiver.url, jti: expect.stringMatching(/^[\w-]{32}$/), status: 202 },
    ]);
    expect(receiver.types).toEqual(['application/secevent+jwt']);
    const [claims] = receiver.accepted;
    expect(Object.keys(claims ?? {})).toEqual(['iss', 'aud', 'iat', 'jti', 'events']);
    expect(claims).toMatchObject({ iss: 'https://accounts.google.com/', aud: audience });
    const content =
      event === 'verification'
        ? { state: 'my state' }
        : event === 'token-revoked'
          ? {
              subject: {
                subject_type: 'oauth_token',
                token_type: 'refresh_token',
                token_identifier_alg: 'prefix',
                token: expect.stringMatching(/^1\/\/0.{12}$/),
              },
            }
          : { subject, ...(event === 'account-disabled' ? { reason: 'hijacking' } : {}) };
    expect(claims?.['events']).toEqual({ [EVENT_TYPES[event]]: content });
  });

  it('is told when the user, the app or nobody’s account takes the access away', async () => {
    const { receiver, emulator } = await startDesk();
    await update(emulator, receiver.url, Object.values(EVENT_TYPES));
    emulator.signIn();
    let told = receiver.next();
    emulator.revoke();
    await told;
    const { code } = emulator.signIn();
    const { client_id, client_secret } = emulator.clientFile().web;
    const form = { client_id, client_secret, code, grant_type: 'authorization_code' };
    const answer = await emulator.fetch('/token', {
      method: 'POST',
      body: new URLSearchParams({ ...form, redirect_uri: '' }),
    });
    const { refresh_token: token } = (await answer.json()) as { refresh_token: string };
    told = receiver.next();
    await emulator.fetch('/revoke', { method: 'POST', body: new URLSearchParams({ token }) });
    await told;
    emulator.signIn();
    told = receiver.next();
    emulator.removeUser('tester@example.com');
    await told;
    expect(receiver.accepted.map(({ events }) => Object.keys(Object(events)))).toEqual([
      [EVENT_TYPES['tokens-revoked']],
      [EVENT_TYPES['tokens-revoked']],
      [EVENT_TYPES['account-disabled']],
    ]);
  });

  it('is told only what it asked for, and of people who gave name or email', async () => {
    const { receiver, emulator } = await startDesk();
    await update(emulator, receiver.url, [EVENT_TYPES['tokens-revoked']]);
    expect(await emulator.sendSecurityEvent({ event: 'account-enabled' })).toEqual([]);
    emulator.signIn({ scopes: ['drive.appdata'], user: 'qa@example.org' });
    emulator.revoke('qa@example.org');
    emulator.signIn();
    const told = receiver.next();
    emulator.revoke();
    await told;
    expect(JSON.stringify(receiver.accepted.map(({ events }) => events))).toContain(TESTER);
    expect(receiver.accepted).toHaveLength(1);
  });

  it('is told at the address of the options, until the project registers another', async () => {
    const first = await startReceiver({ jwks: 'http://127.0.0.1:9/', audience: '' });
    const { emulator, receiver } = await startDesk({ riscReceiver: first.url });
    const [refused] = await emulator.sendSecurityEvent({ event: 'sessions-revoked' });
    expect(refused).toMatchObject({ receiver: first.url, status: 400 });
    await update(emulator, receiver.url, Object.values(EVENT_TYPES));
    const [sent] = await emulator.sendSecurityEvent({ event: 'sessions-revoked' });
    expect(sent).toMatchObject({ receiver: receiver.url, status: 202 });
  });

  it('that is not there is told so', async () => {
    const lines: string[] = [];
    const { emulator } = await startDesk({ onDelivery: (line) => void lines.push(line) });
    const order = { event: 'sessions-revoked', receiver: 'http://127.0.0.1:9/x?key=1' } as const;
    expect(await emulator.sendSecurityEvent(order)).toMatchObject([{ status: 0 }]);
    expect(lines).toEqual(['event sessions-revoked not delivered http://127.0.0.1:9/x']);
  });

  it('registers, looks, pauses and verifies through the API', async () => {
    const { emulator, receiver } = await startDesk();
    const requested = [EVENT_TYPES['account-disabled']];
    expect((await ask(emulator, '/v1beta/stream')).status).toBe(404);
    expect((await update(emulator, receiver.url, requested)).status).toBe(200);
    expect(await (await ask(emulator, '/v1beta/stream')).json()).toMatchObject({
      delivery: { delivery_method: PUSH, url: receiver.url },
      events_requested: requested,
    });
    const told = receiver.next();
    await ask(emulator, '/v1beta/stream:verify', { state: 'abc' });
    await told;
    expect(receiver.accepted[0]?.['events']).toEqual({
      [EVENT_TYPES.verification]: { state: 'abc' },
    });
    await ask(emulator, '/v1beta/stream/status:update', { status: 'disabled' });
    expect(await (await ask(emulator, '/v1beta/stream/status')).json()).toEqual({
      status: 'disabled',
    });
    expect(await emulator.sendSecurityEvent({ event: 'account-disabled' })).toEqual([]);
    const configuration = await emulator.fetch('/.well-known/risc-configuration');
    expect(await configuration.json()).toMatchObject({
      issuer: 'https://accounts.google.com/',
      jwks_uri: `${emulator.origin}/oauth2/v3/certs`,
    });
  });

  it('is not registered by a stranger, nor at what is no address', async () => {
    const { emulator, receiver } = await startDesk();
    expect((await emulator.fetch('/v1beta/stream')).status).toBe(401);
    const foreign = await ask(emulator, '/v1beta/stream', undefined, 'https://example.com/');
    expect(foreign.status).toBe(401);
    for (const body of [
      {},
      { delivery: { delivery_method: PUSH, url: 'file:///etc/passwd' }, events_requested: [] },
      { delivery: { delivery_method: 'poll', url: receiver.url }, events_requested: [] },
      { delivery: { delivery_method: PUSH, url: receiver.url }, events_requested: ['other'] },
    ]) {
      expect((await ask(emulator, '/v1beta/stream:update', body)).status).toBe(400);
    }
  });
});

describe('a forged security event', () => {
  const refused = Object.keys(FORGERIES).filter((name) => !['replayed', 'late'].includes(name));

  it.each(refused)('%s is refused by a careful receiver, as a fault, too', async (forgery) => {
    const { emulator, receiver } = await startDesk();
    const order = { event: 'account-disabled', receiver: receiver.url } as const;
    expect(await emulator.sendSecurityEvent({ ...order, forgery })).toMatchObject([
      { status: 400 },
    ]);
    emulator.inject(`risc-${forgery}:user=tester@example.com`);
    const other = { ...order, user: 'qa@example.org' };
    expect(await emulator.sendSecurityEvent(other)).toMatchObject([{ status: 202 }]);
    expect(await emulator.sendSecurityEvent(order)).toMatchObject([{ status: 400 }]);
    expect(await emulator.sendSecurityEvent(order)).toMatchObject([{ status: 202 }]);
  });

  it('comes twice with one jti, and late', async () => {
    const { emulator, receiver } = await startDesk();
    const order = { event: 'account-disabled', receiver: receiver.url } as const;
    const [one, two] = await emulator.sendSecurityEvent({ ...order, forgery: 'replayed' });
    expect(one?.jti).toBe(two?.jti);
    emulator.inject('risc-late:seconds=60');
    await emulator.sendSecurityEvent(order);
    await emulator.sendSecurityEvent(order);
    const [, , late, now] = receiver.accepted.map(({ iat }) => Number(iat));
    expect((now ?? 0) - (late ?? 0)).toBeGreaterThanOrEqual(60);
  });
});
