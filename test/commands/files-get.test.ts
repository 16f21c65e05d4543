import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Fetch } from '../support/run.js';
import { emulatorFetch, useDesk } from '../support/run.js';
import { deadFetch, expectFailure, hostile, rawControl } from './support.js';
import {
  cutAnswers,
  lastingFaults,
  passingFaults,
  putFile,
  randomBytesOf,
} from './transfer-support.js';

describe('gsac files get', () => {
  const desk = useDesk();
  let folder: string;
  beforeEach(async () => {
    await desk.exchange();
    folder = join(dirname(desk.home), 'downloads');
    mkdirSync(folder);
  });

  const get = (name: string, ...flags: string[]) =>
    desk.run(['files', 'get', name, '-o', folder, ...flags]);
  const there = () => readdirSync(folder);

  it('fetches by name and by id: the exact bytes, nothing beside them', async () => {
    const content = randomBytesOf(3_000_001);
    const file = await putFile(desk, 'save.bin', content);
    const ran = await get('save.bin', '--json');
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.json()).toEqual({ file, path: join(folder, 'save.bin'), bytes: 3_000_001 });
    expect(readFileSync(join(folder, 'save.bin')).equals(content)).toBe(true);
    expect(there()).toEqual(['save.bin']);
    expect(statSync(join(folder, 'save.bin')).mode & 0o777).toBe(0o644);

    await putFile(desk, 'empty', Buffer.alloc(0));
    expect((await get('empty')).exitCode).toBe(0);
    expect(statSync(join(folder, 'empty')).size).toBe(0);

    const byId = await get(String(file['id']), '--force');
    expect(byId.stdout).toBe(`✓ save.bin is in ${join(folder, 'save.bin')} (2.9 MiB).\n`);
  });

  it('-o - writes the bytes to stdout and nothing else', async () => {
    const content = randomBytesOf(200_000);
    await putFile(desk, 'save.bin', content);
    const ran = await desk.run(['files', 'get', 'save.bin', '-o', '-']);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.bytes.equals(content)).toBe(true);
    expectFailure(await desk.run(['files', 'get', 'save.bin', '-o', '-', '--json']), 'usage');
  });

  it('lists the files where a name occurs twice, and fetches by id', async () => {
    const files = [
      await putFile(desk, 'a', Buffer.from('1')),
      await putFile(desk, 'a', Buffer.from('22')),
    ];
    const error = expectFailure(await get('a', '--json'), 'file_ambiguous');
    const candidates = error['candidates'] as { id: string; size: string; modified: string }[];
    expect(candidates.map(({ id }) => id).toSorted()).toEqual(files.map(({ id }) => id).toSorted());
    expect(candidates.map(({ size }) => size).toSorted()).toEqual(['1', '2']);
    expect(candidates[0]?.modified).toMatch(/^2026-01-15T/);
    for (const { id } of files) expect(error.hint).toContain(String(id));
    expect(there()).toEqual([]);
    expect((await get(String(files[1]?.['id']))).exitCode).toBe(0);
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('22');
  });

  it.each([
    ['../../x', 'x'],
    ['/etc/passwd', 'passwd'],
    ['..\\..\\evil.txt', 'evil.txt'],
    ['..', 'download'],
    ['a/', 'download'],
    ['-', 'download'],
    ['con.txt', '_con.txt'],
    ['C:evil', 'C_evil'],
    [`${'ä'.repeat(300)}.json`, `${'ä'.repeat(125)}.json`],
    [hostile, 'a_[2Jb_c_d_e_f_g_h_i'],
  ])('saves %j as %j, inside the folder', async (name, saved) => {
    const file = await putFile(desk, name, Buffer.from('x'));
    const ran = await get(String(file['id']));
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    expect(there()).toEqual([saved]);
    expect(`${ran.stdout}${ran.stderr}`).not.toMatch(rawControl);
  });

  it('finds names that have quotes and backslashes in them', async () => {
    await putFile(desk, "it's a \\ name", Buffer.from('x'));
    expect((await get("it's a \\ name", '-o', join(folder, 'x'))).exitCode).toBe(0);
  });

  it('does not overwrite without --force; a link keeps being one', async () => {
    await putFile(desk, 'a', Buffer.from('new'));
    const path = desk.file('downloads/a', 'old');
    expectFailure(await get('a', '--json'), 'file_exists');
    expect(readFileSync(path, 'utf8')).toBe('old');
    chmodSync(path, 0o640);
    symlinkSync(path, join(folder, 'link'));
    expectFailure(await get('a', '--json', '-o', join(folder, 'link')), 'file_exists');
    expect((await get('a', '--force', '-o', join(folder, 'link'))).exitCode).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(there().toSorted()).toEqual(['a', 'link']);
  });

  it('does not overwrite a file that appears meanwhile', async () => {
    await putFile(desk, 'a', Buffer.from('new'));
    const fetch: Fetch = async (url, init) => {
      if (url.includes('alt=media')) desk.file('downloads/a', 'somebody else’s');
      return emulatorFetch(desk.emulator)(url, init);
    };
    const ran = await desk.run(['files', 'get', 'a', '-o', folder, '--json'], { fetch });
    expectFailure(ran, 'file_exists');
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('somebody else’s');
    expect(there()).toEqual(['a']);
  });

  it('writes into a device and does not replace it', async () => {
    await putFile(desk, 'a', Buffer.from('x'));
    expect((await get('a', '-o', '/dev/null')).exitCode).toBe(0);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it.skipIf(process.platform !== 'linux')('a disk that fills up on the way is said', async () => {
    for (const size of [100, 9_000_000]) {
      const { id } = await putFile(desk, 'a', randomBytesOf(size));
      const ran = await get(String(id), '-o', '/dev/full', '--json');
      expect(expectFailure(ran, 'output_failed').message).toContain('the disk is full');
    }
  });

  it.each([5, 9_000_000])(
    'compares the checksum of %i bytes before the file appears',
    async (size) => {
      const content = randomBytesOf(size);
      await putFile(desk, 'a', content);
      content.writeUInt8(content.readUInt8(size - 1) ^ 1, size - 1);
      const fetch: Fetch = async (url, init) =>
        url.includes('alt=media') ? new Response(content) : emulatorFetch(desk.emulator)(url, init);
      const ran = await desk.run(['files', 'get', 'a', '-o', folder, '--json'], { fetch });
      expectFailure(ran, 'checksum_mismatch');
      expect(there()).toEqual([]);
    },
  );

  it.each(['"many"', '1.5', '-1'])('refuses a file of size %s', async (size) => {
    await putFile(desk, 'a', Buffer.from('x'));
    const fetch: Fetch = async (url, init) => {
      const answer = (await emulatorFetch(desk.emulator)(url, init)) as Response;
      return new Response((await answer.text()).replace(/"size": ?"\d+"/g, `"size":${size}`));
    };
    const ran = await desk.run(['files', 'get', 'a', '-o', folder, '--json'], { fetch });
    expectFailure(ran, 'answer_unreadable');
    expect(there()).toEqual([]);
  });

  it.each([true, false])('takes up a broken connection; ranges known: %s', async (ranges) => {
    const content = randomBytesOf(1_000_000);
    await putFile(desk, 'a', content);
    const cut = cutAnswers(desk, ranges ? [300_000, 250_000, 0] : [300_000], { ranges });
    const ran = await desk.run(['files', 'get', 'a', '-o', folder], { fetch: cut.fetch });
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(folder, 'a')).equals(content)).toBe(true);
    expect(ran.stderr).toContain('Trying again');
    const parts = ['bytes=300000-', 'bytes=550000-', 'bytes=550000-'];
    expect(cut.ranges).toEqual([null, ...parts.slice(0, ranges ? 3 : 1)]);
  });

  it.each(passingFaults)('gets over %s', async (name, parameters) => {
    const content = randomBytesOf(100_000);
    const { id } = await putFile(desk, 'a', content);
    desk.emulator.inject({ name, path: `/drive/v3/files/${id}`, ...parameters });
    const ran = await get('a');
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(folder, 'a')).equals(content)).toBe(true);
    expect(desk.emulator.faults.active).toEqual([]);
  });

  it.each([
    ...lastingFaults,
    ['torn-body', { keep: 0 }, 'connection_lost'] as const,
    ['html', { status: 200 }, 'connection_lost'] as const,
    ['huge-body', { bytes: 300_000 }, 'checksum_mismatch'] as const,
  ])('gives up on lasting %s %j and leaves nothing behind', async (name, parameters, code) => {
    const { id } = await putFile(desk, 'a', randomBytesOf(100_000));
    desk.emulator.inject({ name, path: `/drive/v3/files/${id}`, times: 'always', ...parameters });
    expectFailure(await get('a', '--json'), code);
    expect(there()).toEqual([]);
  });

  it('cancelled, leaves nothing behind', async () => {
    await putFile(desk, 'a', randomBytesOf(1_000_000));
    const controller = new AbortController();
    const cut = cutAnswers(desk, [300_000], { onCut: () => controller.abort() });
    const { signal } = controller;
    const argv = ['files', 'get', 'a', '-o', folder, '--json'];
    expectFailure(await desk.run(argv, { fetch: cut.fetch, signal }), 'cancelled');
    expect(there()).toEqual([]);
  });

  it('does not know what is not there, and touches nothing outside of the folder', async () => {
    const error = expectFailure(await get('nothing', '--json'), 'file_not_found');
    expect(error.message).toBe('There is no file "nothing".');
    expectFailure(await get('1'.repeat(44), '--json'), 'file_not_found');
    expectFailure(await get('appDataFolder', '--json'), 'file_not_found');
    const fetch = deadFetch(desk);
    expectFailure(
      await desk.run(['files', 'get', 'a', '--json'], { fetch }),
      'network_unreachable',
    );
    expect(existsSync(join(folder, 'nothing'))).toBe(false);
  });

  it('a place that cannot be written is said before anything is fetched', async () => {
    const { id } = await putFile(desk, 'a', Buffer.from('x'));
    desk.emulator.requests.clear();
    const ran = await desk.run(['files', 'get', 'a', '--json', '-o', join(folder, 'no', 'a')]);
    expectFailure(ran, 'usage');
    expect(desk.emulator.requests.count(`/drive/v3/files/${id}`)).toBe(0);
  });

  it('traces sizes, never contents or secrets', async () => {
    await putFile(desk, 'a', Buffer.from('what is in it'));
    const { stderr } = await get('a', '--trace');
    expect(stderr).toContain('(13 bytes)');
    expect(stderr).not.toContain('what is in it');
    expect(stderr).not.toMatch(/ya29\.[\w-]{5}/);
  });

  it('shows a bar on a terminal alone', async () => {
    await putFile(desk, 'a', randomBytesOf(100_000));
    const seen = await desk.run(['files', 'get', 'a', '-o', folder], { tty: true });
    expect(seen.stderr).toContain('\r\u001b[Ka  ░░░');
    expect(seen.stderr).toMatch(/ {2}[█░]+ \d+% {2}[\d.]+ (KiB|B) of 97\.7 KiB/);
    expect(seen.stderr.endsWith('\r\u001b[K')).toBe(true);
    expect((await get('a', '--force')).stderr).toBe('');
  });
});
