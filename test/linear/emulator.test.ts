import { expect, it } from 'vitest';
import { startEmulator } from '../unit/emulator/support.js';
import { processorTime } from './support.js';

type Work = (length: number) => Promise<unknown> | unknown;

/** Work on foreign text of a length; what is built before it is not measured. */
const CASES: Readonly<Record<string, () => Promise<Work>>> = {
  async 'a JSON body of many fields'() {
    const { send } = startEmulator();
    return (length) => {
      const fields = Array.from({ length: length / 10 }, (_, at) => [`f${at}`, '']);
      const body = JSON.stringify(Object.fromEntries(fields));
      return send('/token', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
    };
  },
  async 'the answer to a popup with many fields'() {
    const { send } = startEmulator();
    await send('/gsi/client');
    return (length) => {
      const fields = Array.from({ length: length / 10 }, (_, at) => `f${at}=%22`).join('&');
      return send(`/gsi/relay?relay_origin=http://localhost&relay_id=a&${fields}`);
    };
  },
  async 'a long page in place of a redirect URI'() {
    const { send, emulator } = startEmulator();
    const { client_id } = emulator.clientFile().web;
    return (length) =>
      send(
        `/o/oauth2/v2/auth?client_id=${client_id}&redirect_uri=storagerelay://http/${'a.'.repeat(length / 2)}?id=${'a'.repeat(length / 4)}`,
      );
  },
  async 'a fault that repeats a parameter'() {
    const { emulator } = startEmulator();
    return (length) =>
      emulator.faults.order(`granular-consent:drop=a${',drop=a'.repeat(length / 7)}`);
  },
  async 'a fault with a map of many fields'() {
    const { emulator } = startEmulator();
    return (length) => {
      const fields = Array.from({ length: length / 12 }, (_, at) => `set.f${at}=1`);
      return emulator.faults.order(`odd-success:${fields.join(',')}`);
    };
  },
  async 'a field mask that names one field again and again'() {
    const { signedIn } = startEmulator();
    const send = await signedIn();
    return (length) => {
      const fields = Array.from({ length: length / 12 }, (_, at) => `files(f${at})`).join(',');
      return send(`/drive/v3/files?spaces=appDataFolder&fields=${fields}`);
    };
  },
  async 'a search for letters in a long name'() {
    const { signedIn } = startEmulator();
    const send = await signedIn();
    return async (length) => {
      const name = `b${'a'.repeat(length)}`;
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ name, parents: ['appDataFolder'] });
      await send('/drive/v3/files', { method: 'POST', headers, body });
      return send(
        `/drive/v3/files?spaces=appDataFolder&q=name contains '${'a'.repeat(length / 2)}c'`,
      );
    };
  },
  async 'blanks in a command of an upload'() {
    const { signedIn } = startEmulator();
    const send = await signedIn();
    const started = await send('/upload/drive/v3/files?uploadType=resumable', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"parents":["appDataFolder"]}',
    });
    const path = String(started.headers.get('location')).replace(/^http:\/\/[^/]+/, '');
    return (length) =>
      send(path, {
        method: 'POST',
        headers: { 'x-goog-upload-command': `query${' '.repeat(length)}x` },
      });
  },
  async 'a refresh that asks for many scopes'() {
    const { emulator, redeem, refresh } = startEmulator();
    return async (length) => {
      const scopes = Array.from({ length: length / 100 }, (_, at) => `https://s.example/${at}`);
      const { json } = await redeem(emulator.signIn({ scopes }).code);
      return refresh(json['refresh_token'], { scope: scopes.join(' ') });
    };
  },
  async 'a folder of many files that is deleted'() {
    const { emulator, signedIn } = startEmulator();
    const send = await signedIn({ scopes: ['drive'] });
    const [user] = emulator.state.users.values();
    if (!user) throw new Error('nobody is there');
    const folder = emulator.state.drive.folder(user, '407408718192');
    const file = {
      space: 'drive',
      name: 'f',
      mimeType: 'text/plain',
      extra: {},
      version: 1,
    } as const;
    const fill = (id: string, parents: readonly string[]) =>
      folder.put({ ...file, id, parents, createdAt: 0, modifiedAt: 0, content: Buffer.alloc(0) });
    return async (length) => {
      fill('top', [folder.rootId]);
      for (let at = 0; at < length / 25; at += 1) fill(`file-${at}`, ['top']);
      expect((await send('/drive/v3/files/top', { method: 'DELETE' })).status).toBe(204);
      expect(folder.files.has('file-0')).toBe(false);
    };
  },
  async 'slashes of an origin'() {
    const { emulator } = startEmulator();
    return (length) => emulator.setOrigin(`http://a${'/'.repeat(length)}b`);
  },
};

it.each(Object.entries(CASES))('%s takes time in proportion to it', async (_name, prepare) => {
  const work = await prepare();
  const short = await processorTime(() => work(30_000));
  const long = await processorTime(() => work(120_000));
  // Four times as much takes sixteen times as long where it is quadratic.
  expect(long).toBeLessThan(8 * Math.max(short, 3));
});

it.each(['q=', 'fields='])('%s may nest only so deep', async (parameter) => {
  const { signedIn } = startEmulator();
  const send = await signedIn();
  const nested = parameter === 'q=' ? '('.repeat(50_000) : 'a('.repeat(50_000);
  const { status, text } = await send(`/drive/v3/files?spaces=appDataFolder&${parameter}${nested}`);
  expect(status).toBe(400);
  expect(text.length).toBeLessThan(1000);
});
