import { createReadStream, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Fetch } from '../support/run.js';
import { emulatorFetch, type RunOptions, useDesk } from '../support/run.js';
import { expectFailure } from './support.js';
import {
  cutUploads,
  lastingFaults,
  md5Of,
  passingFaults,
  putFile,
  randomBytesOf,
} from './transfer-support.js';

const uploads = '/upload/drive/v3/files';
const chunk = 8 * 1_048_576;

describe('gsac files put', () => {
  const desk = useDesk();
  let path: string;
  beforeEach(async () => {
    await desk.exchange();
    path = join(dirname(desk.home), 'save.bin');
    desk.emulator.requests.clear();
  });

  const put = (argv: string[], options?: RunOptions) =>
    desk.run(['files', 'put', ...argv, '--json'], options);
  const write = (content: Uint8Array) => {
    writeFileSync(path, content);
    return content;
  };
  /** What is stored under the name, read back. */
  async function stored(name = 'save.bin') {
    const query = ['--query', `name = '${name}'`];
    return (await desk.run(['files', '--json', ...query])).json<Record<string, string>[]>();
  }
  async function expectStored(content: Uint8Array, name?: string) {
    const files = await stored(name);
    expect(files).toHaveLength(1);
    expect(files[0]).toMatchObject({
      size: String(content.length),
      md5Checksum: md5Of(content),
      spaces: ['appDataFolder'],
    });
  }
  const methods = () => desk.emulator.requests.list(`${uploads}`).map(({ method }) => method);

  it.each([
    [0, ['POST']],
    [1, ['POST']],
    [5_000_000, ['POST']],
    [5_000_001, ['POST', 'PUT']],
    [chunk, ['POST', 'PUT']],
    [chunk + 1, ['POST', 'PUT', 'PUT']],
    [2 * chunk, ['POST', 'PUT', 'PUT']],
  ])('sends %i bytes, exactly, from a file and from stdin', async (size, expected) => {
    const content = write(randomBytesOf(size));
    const ran = await put([path]);
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.json()).toMatchObject({
      file: { name: 'save.bin', md5Checksum: md5Of(content) },
      action: 'created',
      bytes: size,
    });
    expect(methods()).toEqual(expected);
    await expectStored(content);
    const stdin = createReadStream(path, { highWaterMark: 100_003 });
    const piped = await put(['-', '--name', 'piped'], { stdin });
    expect(piped, piped.stderr).toMatchObject({ exitCode: 0 });
    await expectStored(content, 'piped');
    const back = await desk.run(['files', 'get', 'piped', '-o', '-']);
    expect(back.bytes.equals(content)).toBe(true);
  });

  it('says what it did, and takes name and type', async () => {
    write(Buffer.from('{}'));
    const ran = await desk.run(['files', 'put', path, '--name', 'a.json']);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^✓ a\.json is created \(2 B, id 1[\w-]+\)\.\n$/);
    expect((await stored('a.json'))[0]?.['mimeType']).toBe('application/json');
    await put([path, '--name', 'b', '--mime-type', 'text/x-save; charset=utf-8']);
    expect((await stored('b'))[0]?.['mimeType']).toBe('text/x-save; charset=utf-8');
  });

  it('--replace replaces the one file of the name, makes it where there is none', async () => {
    write(Buffer.from('1'));
    const first = (await put([path, '--replace', '--mime-type', 'text/plain'])).json();
    expect(first).toMatchObject({ action: 'created' });
    for (const size of [2, 6_000_000]) {
      const content = write(randomBytesOf(size));
      const ran = await put([path, '--replace']);
      expect(ran.json()).toMatchObject({
        action: 'replaced',
        file: { id: (first['file'] as { id: string }).id, mimeType: 'text/plain' },
      });
      await expectStored(content);
    }
    await putFile(desk, 'save.bin', Buffer.from('2'));
    desk.emulator.requests.clear();
    const error = expectFailure(await put([path, '--replace']), 'file_ambiguous');
    expect(error['candidates']).toHaveLength(2);
    expect(desk.emulator.requests.count(uploads)).toBe(0);
    // What the hint says helps.
    expect(error.hint).not.toContain('Name one by its id');
    expect(error.hint).toContain('gsac files delete <id>');
    const [{ id }] = error['candidates'] as [{ id: string }];
    expect(error.hint).toContain(id);
    expect((await desk.run(['files', 'delete', id, '--yes'])).exitCode).toBe(0);
    expect((await put([path, '--replace'])).json()).toMatchObject({ action: 'replaced' });
  });

  describe.each([
    ['one request', 1000, 'POST'],
    ['a session', chunk + 1, 'PUT'],
    ['the last chunk', 6_000_000, 'PUT'],
    ['the beginning of a session', 6_000_000, 'POST'],
  ])('%s', (_what, size, method) => {
    it.each(passingFaults)('gets over %s, and makes one file', async (name, parameters) => {
      const content = write(randomBytesOf(size));
      desk.emulator.inject({ name, method, path: uploads, ...parameters });
      const ran = await put([path]);
      expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
      expect(desk.emulator.faults.active).toEqual([]);
      await expectStored(content);
    });
  });

  it.each([...lastingFaults, ['html', { status: 404 }, 'answer_unreadable'] as const])(
    'gives up on lasting %s %j',
    async (name, parameters, code) => {
      write(randomBytesOf(6_000_000));
      desk.emulator.inject({
        name,
        path: uploads,
        times: 'always',
        ...(code === 'connection_lost' ? { method: 'POST' } : {}),
        ...parameters,
      });
      expectFailure(await put([path]), code);
      desk.emulator.faults.clear();
      expect(await stored()).toEqual([]);
    },
  );

  it('asks what came after a cut, and sends the rest alone', async () => {
    const content = write(randomBytesOf(chunk + 1_000_000));
    const { fetch, ranges } = cutUploads(desk, [3_000_000, 2_000_000, 0]);
    const ran = await put([path], { fetch });
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    const total = content.length;
    expect(ranges).toEqual([
      `bytes 0-8388607/${total}`,
      `bytes */${total}`,
      `bytes 3000000-8388607/${total}`,
      `bytes */${total}`,
      `bytes 5000000-8388607/${total}`,
      `bytes */${total}`,
      `bytes 5000000-8388607/${total}`,
      `bytes 8388608-${total - 1}/${total}`,
    ]);
    await expectStored(content);
  });

  it('does so from stdin, whose length nobody knows', async () => {
    const content = randomBytesOf(chunk + 1_000_000);
    const { fetch, ranges } = cutUploads(desk, [3_000_000]);
    const ran = await put(['-', '--name', 'save.bin'], { fetch, stdin: content });
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    expect(ranges).toEqual([
      'bytes 0-8388607/*',
      'bytes */*',
      'bytes 3000000-8388607/*',
      `bytes 8388608-${content.length - 1}/${content.length}`,
    ]);
    await expectStored(content);
  });

  it('begins again where Drive has forgotten the session; stdin cannot', async () => {
    const forget = (): Fetch => {
      let puts = 0;
      return async (url, init) => {
        if (init.method === 'PUT') puts += 1;
        return init.method === 'PUT' && puts === 2
          ? new Response('{"error":{"code":404}}', { status: 404 })
          : emulatorFetch(desk.emulator)(url, init);
      };
    };
    const content = write(randomBytesOf(2 * chunk + 5));
    expect((await put([path], { fetch: forget() })).exitCode).toBe(0);
    await expectStored(content);
    const argv = ['-', '--name', 'piped'];
    const ran = await put(argv, { fetch: forget(), stdin: content });
    expect(expectFailure(ran, 'connection_lost').hint).toContain('Standard input');
    expect(await stored('piped')).toEqual([]);
  });

  it.each([1000, 6_000_000])(
    '%i bytes: another checksum is a failure, and the file goes',
    async (size) => {
      write(randomBytesOf(size));
      const fetch: Fetch = async (url, init) => {
        const answer = await emulatorFetch(desk.emulator)(url, init);
        if (answer.status !== 200 || !url.includes('/upload/')) return answer;
        const text = await (answer as Response).text();
        const headers = (answer as Response).headers;
        const other = text.replace(/("md5Checksum": ")\w{4}/, '$1beef');
        headers.delete('content-length');
        return new Response(other, { headers });
      };
      expectFailure(await put([path], { fetch }), 'checksum_mismatch');
      expect(await stored()).toEqual([]);
    },
  );

  it('sends the token to no other host', async () => {
    write(randomBytesOf(6_000_000));
    const hosts = new Set<string>();
    const fetch: Fetch = async (url, init) => {
      hosts.add(new URL(url).host);
      const answer = await emulatorFetch(desk.emulator)(url, init);
      if (!url.includes('uploadType=resumable')) return answer;
      return new Response(null, { headers: { location: 'https://collector.example.net/x' } });
    };
    expectFailure(await put([path], { fetch }), 'answer_unreadable');
    expect([...hosts]).toEqual(['127.0.0.1:8085']);
  });

  it('cancelled, makes no file', async () => {
    write(randomBytesOf(2 * chunk));
    const controller = new AbortController();
    const fetch: Fetch = async (url, init) => {
      if (init.method === 'PUT') controller.abort();
      return emulatorFetch(desk.emulator)(url, init);
    };
    expectFailure(await put([path], { fetch, signal: controller.signal }), 'cancelled');
    expect(await stored()).toEqual([]);
  });

  it.each([
    [['no-such-file']],
    [['.']],
    [['-']],
    [['-', '--name', '']],
    [['']],
    [['-', '--name', 'a', '--mime-type', 'text']],
  ])('%j is 2, and nothing is asked', async (argv) => {
    expectFailure(await put(argv), 'usage');
    expect(desk.emulator.requests.count()).toBe(0);
  });

  it('traces the session without its key or the content', async () => {
    write(Buffer.concat([Buffer.from('what is in it'), randomBytesOf(6_000_000)]));
    const { stderr } = await desk.run(['files', 'put', path, '--trace']);
    expect(stderr).toContain('upload_id=…(');
    expect(stderr).toContain('(6000013 bytes)');
    expect(stderr).not.toMatch(/AHmUCY/);
    expect(stderr).not.toMatch(/what is in it|ya29\.[\w-]{5}/);
  });
});

describe('gsac files delete', () => {
  const desk = useDesk({ seedFiles: 30 });
  beforeEach(() => desk.exchange());

  const remove = (...argv: string[]) => desk.run(['files', 'delete', ...argv, '--json']);
  const count = async () => (await desk.run(['files', '--json'])).json<unknown[]>().length;

  it('deletes by name and by id', async () => {
    const file = await putFile(desk, 'a', Buffer.from('x'));
    expect((await remove('a', '--yes')).json()).toEqual({ deleted: [file] });
    const other = await putFile(desk, 'a', Buffer.from('x'));
    const ran = await desk.run(['files', 'delete', String(other['id']), '--yes']);
    expect(ran).toMatchObject({ exitCode: 0, stdout: '✓ Deleted a.\n', stderr: '' });
    expect(await count()).toBe(33);
    expectFailure(await remove('a', '--yes'), 'file_not_found');
  });

  it('asks, and without anybody to ask deletes nothing', async () => {
    const error = expectFailure(await remove('settings.json'), 'input_required');
    expect(error.hint).toContain('"settings.json"');
    expect(expectFailure(await remove('--all'), 'input_required').hint).toContain('All 33 files');
    expectFailure(await remove('--yes'), 'usage');
    expectFailure(await remove('settings.json', '--all', '--yes'), 'usage');
    expect(await count()).toBe(33);
  });

  it('does not guess which of two', async () => {
    for (const text of ['1', '2']) await putFile(desk, 'a', Buffer.from(text));
    expectFailure(await remove('a', '--yes'), 'file_ambiguous');
    expect(await count()).toBe(35);
  });

  it.each(passingFaults)('gets over %s', async (name, parameters) => {
    desk.emulator.inject({ name, method: 'DELETE', ...parameters });
    expect((await remove('settings.json', '--yes')).exitCode).toBe(0);
    desk.emulator.inject({ name, method: 'DELETE', times: 3, ...parameters });
    const ran = await remove('--all', '--yes');
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    expect(ran.json<{ deleted: unknown[] }>().deleted).toHaveLength(32);
    expect(await count()).toBe(0);
    expect((await remove('--all', '--yes')).json()).toEqual({ deleted: [] });
  });

  it('says how many are gone if one fails while others are under way', async () => {
    let release = () => {};
    const refused = new Promise<void>((resolve) => {
      release = resolve;
    });
    let asked = 0;
    const fetch: Fetch = async (url, init) => {
      if (init.method === 'DELETE') asked += 1;
      if (asked === 20) {
        setImmediate(release);
        return new Response('', { status: 429, headers: { 'retry-after': '4000' } });
      }
      // Eight go at once: these are done after the twentieth was refused.
      if (asked > 12) await refused;
      return emulatorFetch(desk.emulator)(url, init);
    };
    const ran = await desk.run(['files', 'delete', '--all', '--yes', '--json'], { fetch });
    const { deleted } = expectFailure(ran, 'rate_limited');
    expect(deleted).toBeGreaterThan(12);
    expect(await count()).toBe(33 - Number(deleted));
  });
});
