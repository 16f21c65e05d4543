import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/library.js';
import { ask, open, openDrive } from './wire-support.js';

// What clients of Google's in other languages put on the wire, where none of them is at hand.

const JSON_TYPE = { 'content-type': 'application/json; charset=UTF-8' };

async function created(drive: Awaited<ReturnType<typeof openDrive>>['drive'], google: Emulator) {
  const body = '{"name":"a.txt","parents":["appDataFolder"]}';
  const { json } = await drive('/drive/v3/files', { method: 'POST', headers: JSON_TYPE, body });
  const id = String(json['id']);
  return { id, file: () => google.files().find((one) => one.id === id) };
}

describe('Drive', () => {
  it('writes sizes as text', async () => {
    const { drive } = await openDrive();
    const { json } = await drive('/drive/v3/files?spaces=appDataFolder&fields=files/size');
    expect(json['files']).toContainEqual({ size: '46' });
  });

  it('reads bodies that are compressed, chunked, or both', async () => {
    const { drive, google } = await openDrive();
    const { id, file } = await created(drive, google);
    for (const [name, zipped, chunked] of [
      ['zipped', true, false],
      ['chunked', false, true],
      ['both', true, true],
    ] as const) {
      const text = JSON.stringify({ name });
      const encoding: Record<string, string> = zipped ? { 'content-encoding': 'gzip' } : {};
      const answer = await drive(`/drive/v3/files/${id}`, {
        method: 'PATCH',
        headers: { ...JSON_TYPE, ...encoding },
        body: zipped ? gzipSync(text) : text,
        chunked,
      });
      expect([answer.status, file()?.name]).toEqual([200, name]);
    }
  });

  it('takes PATCH in the guise of POST, for metadata and for media', async () => {
    const { drive, google } = await openDrive();
    const { id, file } = await created(drive, google);
    const guise = { 'x-http-method-override': 'PATCH' };
    await drive(`/drive/v3/files/${id}`, {
      method: 'POST',
      headers: { ...JSON_TYPE, ...guise },
      body: '{"name":"b.txt"}',
    });
    await drive(`/upload/drive/v3/files/${id}?uploadType=media`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', ...guise },
      body: 'new',
    });
    expect(file()).toMatchObject({ name: 'b.txt', content: new Uint8Array(Buffer.from('new')) });
  });

  it.each([
    [
      'LF alone and an ending newline',
      'b',
      ['--b', '', '{"name":"M"}', '', '--b', '', 'hi', '--b--', ''],
    ],
    [
      'a quoted boundary with = and lower-case, unknown headers',
      '"==b=="',
      [
        '--==b==',
        'content-type: application/json; charset=UTF-8',
        'mime-version: 1.0',
        'content-length: 12',
        '',
        '{"name":"M"}',
        '--==b==',
        'content-transfer-encoding: binary',
        'content-type: text/plain',
        '',
        'hi',
        '--==b==--',
      ],
    ],
  ])('reads multipart/related with %s', async (_title, boundary, lines) => {
    const { drive, google } = await openDrive();
    const { id, file } = await created(drive, google);
    for (const lineEnd of ['\n', '\r\n']) {
      const answer = await drive(`/upload/drive/v3/files/${id}?uploadType=multipart`, {
        method: 'PATCH',
        headers: { 'content-type': `multipart/related; boundary=${boundary}` },
        body: lines.join(lineEnd),
      });
      expect([answer.status, file()?.name]).toEqual([200, 'M']);
      expect(Buffer.from(file()?.content ?? []).toString()).toBe('hi');
    }
  });

  it('resumes: chunks of unknown end by PUT and POST, an empty last one', async () => {
    const { drive, google, origin } = await openDrive();
    const { id, file } = await created(drive, google);
    const started = await drive(`/upload/drive/v3/files/${id}?uploadType=resumable`, {
      method: 'PATCH',
      headers: { ...JSON_TYPE, 'x-upload-content-type': 'text/plain' },
      body: '{}',
    });
    const { location = '' } = started.headers;
    expect(location.startsWith(`${origin}/upload/`)).toBe(true);
    const send = (method: string, body: string, range: string, more = {}) =>
      ask(location, { method, body, headers: { 'content-range': `bytes ${range}`, ...more } });
    const first = await send('PUT', '01234', '0-4/*');
    expect([first.status, first.headers.range]).toEqual([308, 'bytes=0-4']);
    const second = await send('POST', '56', '5-6/*', { 'x-guploader-no-308': 'yes' });
    expect(second.status).toBe(200);
    expect(second.headers).toMatchObject({
      'x-http-status-code-override': '308',
      range: 'bytes=0-6',
    });
    const last = await send('PUT', '', '*/7');
    expect([last.status, last.json['id']]).toEqual([200, id]);
    expect(Buffer.from(file()?.content ?? []).toString()).toBe('0123456');
  });

  it("takes Ruby's commands", async () => {
    const { drive, google } = await openDrive();
    const { id, file } = await created(drive, google);
    const started = await drive(`/upload/drive/v3/files/${id}`, {
      method: 'PATCH',
      headers: {
        ...JSON_TYPE,
        'x-goog-upload-protocol': 'resumable',
        'x-goog-upload-command': 'start',
        'x-goog-upload-header-content-type': 'text/plain',
        'x-goog-upload-header-content-length': '6',
      },
      body: '{}',
    });
    expect(started.headers['x-goog-upload-status']).toBe('active');
    const url = String(started.headers['x-goog-upload-url']);
    const command = (text: string, offset: number, body = '') =>
      ask(url, {
        method: 'POST',
        headers: { 'x-goog-upload-command': text, 'x-goog-upload-offset': String(offset) },
        body,
      });
    await command('upload', 0, 'abc');
    const asked = await command('query', 0);
    expect(asked.headers).toMatchObject({
      'x-goog-upload-status': 'active',
      'x-goog-upload-size-received': '3',
    });
    const done = await command('upload, finalize', 3, 'def');
    expect(done.headers['x-goog-upload-status']).toBe('final');
    expect(done.json['id']).toBe(id);
    expect(Buffer.from(file()?.content ?? []).toString()).toBe('abcdef');
  });

  it.each([
    "name='settings.json'",
    "name='settings.json' and trashed=false",
    "'appDataFolder' in parents and name='settings.json'",
    "'appfolder' in parents and mimeType='application/json'",
  ])('understands q=%s, and ignores parameters that do not matter', async (q) => {
    const { drive } = await openDrive();
    const query = `spaces=appDataFolder&prettyPrint=false&supportsAllDrives=true&key=x&q=${encodeURIComponent(q)}`;
    const { json } = await drive(`/drive/v3/files?${query}`);
    expect(json['files']).toMatchObject([{ name: 'settings.json' }]);
  });

  it('forgets what lay in a folder with it', async () => {
    const { drive, google } = await openDrive();
    const make = async (metadata: Record<string, unknown>) => {
      const body = JSON.stringify(metadata);
      const { json } = await drive('/drive/v3/files', { method: 'POST', headers: JSON_TYPE, body });
      return String(json['id']);
    };
    const before = google.files().length;
    const mimeType = 'application/vnd.google-apps.folder';
    const outer = await make({ name: 'outer', mimeType, parents: ['appDataFolder'] });
    const inner = await make({ name: 'inner', mimeType, parents: [outer] });
    await make({ name: 'file', parents: [inner] });
    expect(google.files()).toHaveLength(before + 3);
    expect((await drive(`/drive/v3/files/${outer}`, { method: 'DELETE' })).status).toBe(204);
    expect(google.files()).toHaveLength(before);
  });

  it('describes itself at the address where it is', async () => {
    const { origin } = await open();
    const { json } = await ask(`${origin}/discovery/v1/apis/drive/v3/rest`);
    expect(json['rootUrl']).toBe(`${origin}/`);
  });
});
