import { describe, expect, it } from 'vitest';
import { createEmulator, type EmulatorOptions } from '../../../src/emulator/app.js';
import { SavedStateError } from '../../../src/emulator/state/saved-state.js';
import { fakeClock, requestsOf, startEmulator } from './support.js';

const LIST = '/drive/v3/files?spaces=appDataFolder&fields=*';

/** A first emulator with some life, and what a second one makes of its state. */
async function lived(options: EmulatorOptions = {}) {
  const clock = fakeClock();
  const first = createEmulator({ clock, ...options });
  const asked = requestsOf(first);
  const { code: spent } = first.signIn();
  const tokens = (await asked.redeem(spent)).json;
  const headers = { authorization: `Bearer ${tokens['access_token']}` };
  await asked.send('/upload/drive/v3/files?uploadType=multipart', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'multipart/related; boundary=b' },
    body: '--b\r\n\r\n{"name":"mine.txt","parents":["appDataFolder"]}\r\n--b\r\n\r\nHällo\r\n--b--',
  });
  const { code } = first.signIn({
    user: 'qa@example.org',
    nonce: 'n',
    codeChallenge: 'c'.repeat(43),
  });
  const files = (await asked.send(LIST, { headers })).text;
  const saved = () => JSON.parse(JSON.stringify(first.save())) as unknown;
  const reborn = (more: EmulatorOptions = {}) => {
    const emulator = createEmulator({ clock, ...options, saved: saved(), ...more });
    return { emulator, ...requestsOf(emulator) };
  };
  return { first, asked, clock, spent, code, tokens, headers, files, saved, reborn };
}

describe('a saved state', () => {
  it('brings tokens, consents, codes, files and keys back', async () => {
    const { first, tokens, headers, files, code, spent, reborn } = await lived();
    const { emulator, send, redeem, refresh } = reborn();
    expect((await send(LIST, { headers })).text).toBe(files);
    expect((await refresh(tokens['refresh_token'])).status).toBe(200);
    expect((await send(`/tokeninfo?id_token=${tokens['id_token']}`)).status).toBe(200);
    expect((await redeem(spent)).json['error']).toBe('invalid_grant');
    const wrong = await redeem(code, { code_verifier: 'x' });
    expect(wrong.json['error_description']).toBe('Invalid code verifier.');
    expect(emulator.save()).toMatchObject({
      grants: [{ refresh_token: tokens['refresh_token'] }],
      codes: [{ code, nonce: 'n' }],
      client_ids: first.save().client_ids,
    });
    const again = emulator.signIn({ forceConsent: false });
    expect((await redeem(again.code)).json).not.toHaveProperty('refresh_token');
  });

  it('brings users back who were added, and not those who were removed', async () => {
    const { first, asked, reborn, saved } = await lived({ seed: 's' });
    const post = { method: 'POST', body: '{"email":"new@example.com","name":"New User"}' };
    await asked.send('/_emulator/users', post);
    await asked.send('/_emulator/users?email=qa@example.org', { method: 'DELETE' });
    const { emulator } = reborn();
    expect([...emulator.state.users.values()]).toEqual([...first.state.users.values()]);
    expect(JSON.parse(JSON.stringify(emulator.save()))).toEqual(saved());
    const broken = { ...(saved() as object), added_users: [{ email: 5 }] };
    expect(() => createEmulator({ saved: broken })).toThrow(SavedStateError);
  });

  it('is the same again when nothing happened', async () => {
    const { reborn, saved } = await lived({ seed: 's' });
    expect(JSON.parse(JSON.stringify(reborn().emulator.save()))).toEqual(saved());
  });

  it('keeps rotated keys, and revocations', async () => {
    const { asked, first, tokens, headers, reborn } = await lived();
    first.inject({ name: 'certs-rotated' });
    const { text } = await asked.send('/oauth2/v3/certs');
    await asked.post('/revoke', { token: String(tokens['refresh_token']) });
    const { send, refresh } = reborn();
    expect((await send('/oauth2/v3/certs')).text).toBe(text);
    expect((await refresh(tokens['refresh_token'])).json['error']).toBe('invalid_grant');
    expect((await send(LIST, { headers })).status).toBe(401);
  });

  it('with a seed never gives out the same code or token twice', async () => {
    const { first, tokens, reborn } = await lived({ seed: 's' });
    const made = new Set([...first.state.codes.map(({ code }) => code), tokens['refresh_token']]);
    const { emulator, redeem } = reborn();
    const { code } = emulator.signIn();
    expect(made).not.toContain(code);
    expect(made).not.toContain((await redeem(code)).json['refresh_token']);
  });

  it('survives clients that come, go and change places', async () => {
    const { first, headers, tokens, reborn } = await lived();
    const web = first.clientFile().web;
    const other = '999999999999-otherotherotherotherotherother01.apps.googleusercontent.com';
    const clients = [
      { clientId: other },
      { clientId: web.client_id, clientSecret: web.client_secret },
    ];
    const { emulator, send } = reborn({ clients });
    expect((await send(LIST, { headers })).status).toBe(200);
    expect(emulator.state.grants).toHaveLength(1);
    const gone = reborn({ clients: [{ clientId: other }] });
    expect(gone.emulator.state.grants).toEqual([]);
    expect((await gone.refresh(tokens['refresh_token'])).status).toBe(400);
    const nobody = reborn({ users: [{ email: 'new@example.com' }] });
    expect(nobody.emulator.state.codes).toEqual([]);
  });

  it('keeps the account ids that were invented', async () => {
    const users = [{ email: 'a@example.com' }, { email: 'qa@example.org' }];
    const { first, reborn } = await lived({ users });
    const subs = (one: typeof first) => [...one.state.users.values()].map(({ sub }) => sub);
    expect(subs(reborn().emulator)).toEqual(subs(first));
  });

  it.each<[string, (saved: Record<string, unknown>) => unknown, RegExp]>([
    ['another document', () => ({ hello: 1 }), /not the state of an emulator/],
    ['no object', () => 7, /not the state/],
    ['null', () => null, /not the state/],
    ['another version', (saved) => ({ ...saved, version: 3 }), /version is 3; this gsac reads 2/],
    ['a missing list', ({ grants: _gone, ...saved }) => saved, /"grants" is not a list/],
    ['an odd entry', (saved) => ({ ...saved, codes: [null] }), /cannot be understood/],
    ['odd files', (saved) => ({ ...saved, folders: [{ user: 'qa@example.org' }] }), /understood/],
    ['an odd token key', (saved) => ({ ...saved, access_token_key: 'x' }), /is not a key/],
    ['odd keys', (saved) => ({ ...saved, signing_keys: ['PEM'] }), /are not keys/],
    ['no account ids', (saved) => ({ ...saved, subs: null }), /"subs" cannot be understood/],
    ['no position', (saved) => ({ ...saved, drawn: 'x' }), /"drawn"/],
  ])('%s is refused in words', async (_name, change, words) => {
    const { saved } = await lived();
    const broken = change(saved() as Record<string, unknown>);
    expect(() => startEmulator({ saved: broken })).toThrow(SavedStateError);
    expect(() => startEmulator({ saved: broken })).toThrow(words);
  });
});

it('tells of what may have changed, and not of mere reading', async () => {
  let changes = 0;
  const { emulator, redeem, send } = startEmulator({ onChange: () => (changes += 1) });
  const { code } = emulator.signIn();
  await redeem(code);
  expect(changes).toBe(1);
  await send('/oauth2/v3/certs');
  await send('/_emulator/requests');
  expect(changes).toBe(1);
  await send('/_emulator/sign-in', { method: 'POST' });
  expect(changes).toBe(2);
});
