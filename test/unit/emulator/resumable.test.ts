import { describe, expect, test } from 'vitest';
import { startEmulator } from './support.js';

const START = '/upload/drive/v3/files?uploadType=resumable&fields=id,name,size,mimeType';
const METADATA = '{"name":"big.bin","parents":["appDataFolder"]}';

async function open() {
  const { emulator, signedIn, send } = startEmulator();
  const authorized = await signedIn();
  const started = await authorized(START, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-upload-content-type': 'image/png' },
    body: METADATA,
  });
  const location = started.headers.get('location') ?? '';
  expect([started.status, location.startsWith(`${emulator.origin}/upload/`)]).toEqual([200, true]);
  const path = location.slice(emulator.origin.length);
  const put = (body: string, headers: Record<string, string> = {}, method = 'PUT') =>
    send(path, { method, body, headers });
  return { put, authorized };
}

describe('Content-Range', () => {
  test('chunks, a query between them, a repeated one', async () => {
    const { put, authorized } = await open();
    const nothing = await put('', { 'content-range': 'bytes */*' });
    expect([nothing.status, nothing.headers.get('range')]).toEqual([308, null]);
    const first = await put('01234', { 'content-range': 'bytes 0-4/*' });
    expect([first.status, first.headers.get('range')]).toEqual([308, 'bytes=0-4']);
    const again = await put('234567', { 'content-range': 'bytes 2-7/10' }, 'POST');
    expect(again.headers.get('range')).toBe('bytes=0-7');
    const last = await put('89', { 'content-range': 'bytes 8-9/10' });
    expect(last.json).toMatchObject({ name: 'big.bin', size: '10', mimeType: 'image/png' });
    const media = await authorized(`/drive/v3/files/${last.json['id']}?alt=media`);
    expect(media.text).toBe('0123456789');
    expect((await put('', { 'content-range': 'bytes */10' })).status).toBe(404);
  });

  test('an empty last chunk, and 308 in disguise', async () => {
    const { put } = await open();
    const disguised = await put('01234', {
      'content-range': 'bytes 0-4/*',
      'x-guploader-no-308': 'yes',
    });
    expect([disguised.status, disguised.headers.get('x-http-status-code-override')]).toEqual([
      200,
      '308',
    ]);
    expect((await put('', { 'content-range': 'bytes */5' })).json).toMatchObject({ size: '5' });
  });

  test('everything at once, and nonsense', async () => {
    const { put } = await open();
    expect((await put('x', { 'content-range': 'lines 1-2' })).status).toBe(400);
    expect((await put('whole')).json).toMatchObject({ size: '5' });
  });
});

test('fields that are none are a 400, and no file is made', async () => {
  const { signedIn, send } = startEmulator();
  const authorized = await signedIn();
  const names = async () =>
    (await authorized('/drive/v3/files?spaces=appDataFolder&fields=files(name)')).text;
  const before = await names();
  const body = METADATA;
  const headers = { 'content-type': 'application/json' };
  const plain = await authorized('/drive/v3/files?fields=id(', { method: 'POST', headers, body });
  const path = START.replace('fields=id,', 'fields=id(,');
  const started = await authorized(path, { method: 'POST', headers, body });
  const { pathname, search } = new URL(started.headers.get('location') ?? '');
  const finished = await send(pathname + search, { method: 'PUT', body: 'x' });
  for (const { status, text } of [plain, finished]) {
    expect([status, text.includes('Invalid field selection')]).toEqual([400, true]);
  }
  expect(await names()).toBe(before);
});

test('X-Goog-Upload-Command', async () => {
  const { emulator, signedIn, send } = startEmulator();
  const authorized = await signedIn();
  const { json } = await authorized('/upload/drive/v3/files', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-goog-upload-protocol': 'resumable',
      'x-goog-upload-command': 'start',
    },
    body: METADATA,
  }).then(async (started) => {
    const path = (started.headers.get('x-goog-upload-url') ?? '').slice(emulator.origin.length);
    const command = (name: string, body = '', offset = '0') =>
      send(path, {
        method: 'POST',
        body,
        headers: { 'x-goog-upload-command': name, 'x-goog-upload-offset': offset },
      });
    expect((await command('upload', 'abc')).headers.get('x-goog-upload-status')).toBe('active');
    expect((await command('query')).headers.get('x-goog-upload-size-received')).toBe('3');
    const final = await command('upload, finalize', 'def', '3');
    expect(final.headers.get('x-goog-upload-status')).toBe('final');
    return final;
  });
  expect((await authorized(`/drive/v3/files/${json['id']}?alt=media`)).text).toBe('abcdef');
});

test('replaces a file', async () => {
  const { emulator, signedIn } = startEmulator();
  const send = await signedIn();
  const list = await send("/drive/v3/files?spaces=appDataFolder&q=name='settings.json'");
  const [file] = list.json['files'] as { id: string }[];
  const started = await send(`/upload/drive/v3/files/${file?.id}?uploadType=resumable`, {
    method: 'PATCH',
  });
  const path = (started.headers.get('location') ?? '').slice(emulator.origin.length);
  const done = await send(path, { method: 'PUT', body: 'new' });
  expect(done.json).toMatchObject({ id: file?.id, name: 'settings.json' });
  expect((await send(`/drive/v3/files/${file?.id}?alt=media`)).text).toBe('new');
});
