import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type Fields, startEmulator } from './support.js';

const LIST = '/drive/v3/files?spaces=appDataFolder';
const UPLOAD = '/upload/drive/v3/files?uploadType=multipart';

function filesOf(answer: { json: Fields }): Fields[] {
  return answer.json['files'] as Fields[];
}

async function createText(
  send: Awaited<ReturnType<ReturnType<typeof startEmulator>['signedIn']>>,
  metadata: Fields,
  content: string,
) {
  const body = `--b\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(metadata)}\r\n--b\r\nContent-Type: text/plain\r\n\r\n${content}\r\n--b--`;
  const headers = { 'content-type': 'multipart/related; boundary=b' };
  return send(UPLOAD, { method: 'POST', body, headers });
}

describe('files.list', () => {
  test('has the seeded files, newest first, without asking for fields', async () => {
    const { signedIn } = startEmulator();
    const send = await signedIn();
    const { json } = await send(LIST);
    expect(json).toEqual({
      kind: 'drive#fileList',
      incompleteSearch: false,
      files: ['saves/slot-1.bin', 'settings.json', 'notes backup 2025-04.txt'].map((name) => ({
        kind: 'drive#file',
        id: expect.any(String),
        name,
        mimeType: expect.any(String),
      })),
    });
    const empty = await signedIn({ user: 'newcomer@example.com' });
    expect(filesOf(await empty(LIST))).toEqual([]);
  });

  test("is empty for another project's client", async () => {
    const { emulator, post, send } = startEmulator();
    const clientId = [...emulator.state.clients.keys()][3] ?? '';
    const { code } = emulator.signIn({ clientId });
    const { client_id, client_secret } = emulator.clientFile(clientId).web;
    const form = { client_id, client_secret, code, grant_type: 'authorization_code' };
    const { json } = await post('/token', form);
    const headers = { authorization: `Bearer ${json['access_token']}` };
    expect(filesOf(await send(LIST, { headers }))).toEqual([]);
  });

  test('pages through a crowd, each file once', async () => {
    const { signedIn } = startEmulator({ seedFiles: 2500 });
    const send = await signedIn();
    const names = new Set<unknown>();
    let token = '';
    let pages = 0;
    do {
      const answer = await send(
        `${LIST}&pageSize=1000&fields=nextPageToken,files(name)&pageToken=${encodeURIComponent(token)}`,
      );
      for (const file of filesOf(answer)) names.add(file['name']);
      token = String(answer.json['nextPageToken'] ?? '');
      pages += 1;
    } while (token !== '');
    expect([names.size, pages]).toEqual([2503, 3]);
    const first = await send(`${LIST}&pageSize=1`);
    const foreign = String(first.json['nextPageToken']);
    const rejected = await send(`${LIST}&orderBy=name&pageToken=${encodeURIComponent(foreign)}`);
    expect(rejected.status).toBe(400);
    expect(rejected.text).toContain('"location": "pageToken"');
  });

  test.each([
    ["name='settings.json'", ['settings.json']],
    ["name contains 'backup'", ['notes backup 2025-04.txt']],
    ["name contains 'ackup'", []],
    ["mimeType = 'text/plain' and trashed=false", ['notes backup 2025-04.txt']],
    ["modifiedTime > '2025-05-19T00:00:00'", ['saves/slot-1.bin']],
    ["not name contains 's' and 'appDataFolder' in parents", ['notes backup 2025-04.txt']],
    [
      "(name='settings.json' or mimeType='text/plain') and 'me' in owners",
      ['settings.json', 'notes backup 2025-04.txt'],
    ],
    ['trashed=true', []],
  ])('q=%s', async (q, names) => {
    const { signedIn } = startEmulator();
    const send = await signedIn();
    const answer = await send(`${LIST}&q=${encodeURIComponent(q)}`);
    expect(filesOf(answer).map((file) => file['name'])).toEqual(names);
  });

  test.each([
    ['name', ['notes backup 2025-04.txt', 'saves/slot-1.bin', 'settings.json']],
    ['createdTime desc', ['notes backup 2025-04.txt', 'saves/slot-1.bin', 'settings.json']],
    [
      'folder,quotaBytesUsed desc',
      ['saves/slot-1.bin', 'notes backup 2025-04.txt', 'settings.json'],
    ],
  ])('orderBy=%s', async (orderBy, names) => {
    const { signedIn } = startEmulator();
    const send = await signedIn();
    const answer = await send(`${LIST}&orderBy=${encodeURIComponent(orderBy)}`);
    expect(filesOf(answer).map((file) => file['name'])).toEqual(names);
  });

  test.each([
    ['q=name ~ 1', 'q'],
    ["q=name='x", 'q'],
    ['orderBy=size', 'orderBy'],
    ['orderBy=constructor', 'orderBy'],
    ['orderBy=toString desc', 'orderBy'],
    ['pageSize=0', 'pageSize'],
    ['pageSize=1001', 'pageSize'],
    ['pageToken=rotten', 'pageToken'],
    ['fields=files(id', 'fields'],
    ['fields=items', 'fields'],
    ['fields=files(title)', 'fields'],
  ])('refuses %s', async (query, location) => {
    const { signedIn } = startEmulator();
    const send = await signedIn();
    const answer = await send(`${LIST}&${query.replace(' ', '%20')}`);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ error: { errors: [{ location }] } });
  });

  test('tells missing spaces from missing scopes from a missing token', async () => {
    const { signedIn, send } = startEmulator();
    const appdata = await signedIn();
    const spaces = await appdata('/drive/v3/files');
    expect(spaces.status).toBe(403);
    expect(spaces.text).toContain(
      'The granted scopes do not give access to all of the requested spaces.',
    );
    const none = await (await signedIn({ scopes: ['openid'] }))(LIST);
    expect(none.json).toMatchObject({
      error: {
        code: 403,
        message: 'Request had insufficient authentication scopes.',
        status: 'PERMISSION_DENIED',
        details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }],
      },
    });
    const stranger = await send(LIST, { headers: { authorization: 'Bearer ya29.x' } });
    expect(stranger.json).toMatchObject({ error: { code: 401, status: 'UNAUTHENTICATED' } });
  });
});

test('an access token dies with its hour', async () => {
  const { signedIn, clock } = startEmulator();
  const send = await signedIn();
  clock.advance(3598);
  expect((await send(LIST)).status).toBe(200);
  clock.advance(1);
  expect((await send(LIST)).status).toBe(401);
});

describe('files.get', () => {
  test.each(['appDataFolder', 'appfolder'])('knows the alias %s', async (alias) => {
    const { signedIn } = startEmulator();
    const send = await signedIn();
    const { json } = await send(`/drive/v3/files/${alias}`);
    expect(json).toEqual({
      kind: 'drive#file',
      id: expect.stringMatching(/^1[\w-]{43}$/),
      name: 'appDataFolder',
      mimeType: 'application/vnd.google-apps.folder',
    });
    const [file] = filesOf(await send(`${LIST}&fields=files(parents,size,owners/emailAddress)`));
    expect(file).toEqual({
      parents: [json['id']],
      size: '2050',
      owners: [{ emailAddress: 'tester@example.com' }],
    });
  });

  test('does not know other ids', async () => {
    const { signedIn } = startEmulator();
    const send = await signedIn();
    for (const id of ['nope', 'root']) {
      const { status, text } = await send(`/drive/v3/files/${id}`);
      expect(status).toBe(404);
      expect(text).toContain(`"message": "File not found: ${id}."`);
    }
  });

  test('downloads, whole and in ranges', async () => {
    const { signedIn } = startEmulator();
    const send = await signedIn();
    const { json } = await createText(send, { name: 'r', parents: ['appfolder'] }, '0123456789');
    const path = `/drive/v3/files/${json['id']}?alt=media`;
    expect((await send(path)).text).toBe('0123456789');
    const range = (value: string) => send(path, { headers: { range: `bytes=${value}` } });
    const part = await range('2-4');
    expect([part.status, part.text]).toEqual([206, '234']);
    expect(part.headers.get('content-range')).toBe('bytes 2-4/10');
    expect((await range('-3')).text).toBe('789');
    expect((await range('8-')).text).toBe('89');
    expect((await range('10-')).status).toBe(416);
  });
});

describe('writing', () => {
  test('creates, renames, replaces and deletes', async () => {
    const { signedIn, clock } = startEmulator();
    const send = await signedIn({ user: 'newcomer@example.com' });
    const parents = ['appDataFolder'];
    const appProperties = { device: 'phone' };
    const created = await createText(send, { name: 'a.txt', parents, appProperties }, 'hello');
    expect(created.json).toMatchObject({ name: 'a.txt', mimeType: 'text/plain' });
    const path = `/drive/v3/files/${created.json['id']}`;
    clock.advance(60);
    const renamed = await send(
      `${path}?fields=name,version,md5Checksum,modifiedTime,appProperties`,
      {
        method: 'POST',
        headers: { 'x-http-method-override': 'PATCH', 'content-type': 'application/json' },
        body: '{"name":"b.txt"}',
      },
    );
    expect(renamed.json).toEqual({
      name: 'b.txt',
      version: '2',
      md5Checksum: '5d41402abc4b2a76b9719d911017c592',
      modifiedTime: new Date(clock()).toISOString(),
      appProperties,
    });
    const replaced = await send(`/upload${path}?uploadType=media&fields=size`, {
      method: 'PATCH',
      headers: { 'content-encoding': 'gzip', 'content-type': 'text/plain' },
      body: gzipSync('hello again'),
    });
    expect(replaced.json).toEqual({ size: '11' });
    const deleted = await send(path, { method: 'DELETE' });
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await send(path)).status).toBe(404);
    expect(filesOf(await send(LIST))).toEqual([]);
  });

  test('reads multipart bodies of every client', async () => {
    const { signedIn } = startEmulator();
    const send = await signedIn();
    const body =
      '--===a=b==\ncontent-type: application/json\nMIME-Version: 1.0\n\n{"name":"x","parents":["appDataFolder"]}\n\n--===a=b==\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: binary\n\nline\n--not the mark\n\n--===a=b==--\n';
    const { json } = await send(UPLOAD, {
      method: 'POST',
      headers: { 'content-type': 'multipart/related; boundary="===a=b=="' },
      body,
    });
    const media = await send(`/drive/v3/files/${json['id']}?alt=media`);
    expect(media.text).toBe('line\n--not the mark\n');
  });

  test('refuses what an appfolder does not do', async () => {
    const { signedIn } = startEmulator();
    const send = await signedIn();
    const { json } = await createText(send, { name: 'x', parents: ['appDataFolder'] }, 'x');
    const path = `/drive/v3/files/${json['id']}`;
    const patch = (query: string, body: string) =>
      send(`${path}${query}`, {
        method: 'PATCH',
        body,
        headers: { 'content-type': 'application/json' },
      });
    const trashed = await patch('', '{"trashed":true}');
    for (const answer of [
      trashed,
      await patch('?addParents=root', '{}'),
      await send(`${path}/permissions`, { method: 'POST', body: '{}' }),
      await send('/drive/v3/files/appfolder', { method: 'DELETE' }),
    ]) {
      expect(answer.status).toBe(403);
      expect(answer.text).toContain('"notSupportedForAppDataFolderFiles"');
      const isTrash = answer.text.includes('cannot be trashed');
      expect(isTrash).toBe(answer === trashed);
    }
    expect((await createText(send, { name: 'x' }, 'x')).status).toBe(403);
    expect((await createText(send, { name: 'x', parents: ['zz'] }, 'x')).status).toBe(403);
  });

  test('keeps the spaces apart', async () => {
    const { signedIn } = startEmulator();
    const send = await signedIn({ scopes: ['drive.file', 'drive.appdata'] });
    await createText(send, { name: 'seen.txt' }, 'x');
    expect(filesOf(await send('/drive/v3/files'))).toHaveLength(1);
    expect(filesOf(await send(LIST))).toHaveLength(3);
    expect(filesOf(await send('/drive/v3/files?spaces=appDataFolder,drive'))).toHaveLength(4);
  });
});

test('about wants fields', async () => {
  const { signedIn } = startEmulator();
  const send = await signedIn();
  expect((await send('/drive/v3/about')).status).toBe(400);
  const { text } = await send('/drive/v3/about?fields=usr');
  expect(text).toContain('Invalid field selection usr');
  const { json } = await send('/drive/v3/about?fields=user(emailAddress),storageQuota/usage');
  expect(json).toEqual({
    user: { emailAddress: 'tester@example.com' },
    storageQuota: { usage: '2145' },
  });
});

test('the discovery document leads only to what is served', async () => {
  const { emulator, send, signedIn } = startEmulator();
  const document = (await send('/discovery/v1/apis/drive/v3/rest')).json;
  expect(document).toMatchObject({
    kind: 'discovery#restDescription',
    rootUrl: `${emulator.origin}/`,
    servicePath: 'drive/v3/',
  });
  expect((await send('/$discovery/rest?version=v3')).json).toEqual(document);
  const authorized = await signedIn();
  const { files, about } = document['resources'] as Record<string, { methods: Fields }>;
  for (const method of Object.values({ ...files?.methods, ...about?.methods })) {
    const { httpMethod, path } = method as { httpMethod: string; path: string };
    const init = httpMethod === 'GET' ? {} : { method: httpMethod, body: '{}' };
    const answer = await authorized(`/drive/v3/${path.replace('{fileId}', 'x')}`, init);
    expect(answer.text).not.toContain('does not serve');
  }
});
