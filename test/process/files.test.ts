import { createHash, randomFillSync } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startCuttingProxy } from '../support/cutting-proxy.js';
import { openSignedIn, type Sandbox } from '../support/process.js';
import { itWith } from '../support/requires.js';
import { openTerminal } from '../support/terminal.js';

const reportPeak = fileURLToPath(new URL('../bench/programs/report-peak.cjs', import.meta.url));

/** A file of random bytes in the sandbox; its MD5. */
function makeFile(box: Sandbox, name: string, size: number): string {
  const content = randomFillSync(Buffer.alloc(size));
  writeFileSync(join(box.folder, name), content);
  return createHash('md5').update(content).digest('hex');
}

async function md5Of(path: string): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

describe('the installed gsac, files', () => {
  it('sends, fetches and deletes exact bytes, through files and pipes', async () => {
    const { box } = await openSignedIn();
    for (const size of [0, 5_000_000, 17_000_001]) {
      const md5 = makeFile(box, 'save.bin', size);
      const sent = await box.run(['files', 'put', 'save.bin', '--replace', '--json']);
      expect(sent, sent.stderr).toMatchObject({ exitCode: 0, stderr: '' });
      expect(sent.json()).toMatchObject({ bytes: size, file: { md5Checksum: md5 } });
      const fetched = await box.run(['files', 'get', 'save.bin', '-o', 'back.bin', '--force']);
      expect(fetched, fetched.stderr).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await md5Of(join(box.folder, 'back.bin'))).toBe(md5);
      const line =
        'cat save.bin | gsac files put - --name piped --replace >/dev/null && gsac files get piped -o - | cmp - save.bin';
      expect(await box.shell(line)).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    }
    const refused = await box.run(['files', 'get', 'save.bin']);
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    const asked = await box.run(['files', 'delete', '--all', '--json']);
    expect(asked).toMatchObject({ exitCode: 2, stdout: '' });
    expect(asked.error()).toMatchObject({ code: 'input_required' });
    expect((await box.run(['files', 'delete', '--all', '--yes'])).exitCode).toBe(0);
    expect((await box.run(['files', '--json'])).json()).toEqual([]);
  });

  it('takes up what a broken connection left, both ways', async () => {
    const { box, emulator } = await openSignedIn();
    const proxy = await startCuttingProxy(emulator.origin);
    const client = readFileSync(emulator.clientFile, 'utf8').replaceAll(
      emulator.origin,
      proxy.origin,
    );
    writeFileSync(emulator.clientFile, client);
    expect(
      (await box.run(['exchange', await emulator.code({ user: 'qa@example.org' })])).exitCode,
    ).toBe(0);
    const md5 = makeFile(box, 'save.bin', 20_000_000);
    for (const bytes of [3_000_000, 1_000_000]) proxy.cut('up', bytes);
    const account = ['-a', 'qa@example.org'];
    const sent = await box.run(['files', 'put', 'save.bin', '--json', ...account]);
    expect(sent, sent.stderr).toMatchObject({ exitCode: 0 });
    expect(sent.json()).toMatchObject({ file: { md5Checksum: md5 } });
    expect(proxy.broken).toBe(2);
    for (const bytes of [7_000_000, 100_000]) proxy.cut('down', bytes);
    const fetched = await box.run(['files', 'get', 'save.bin', '-o', 'back.bin', ...account]);
    expect(fetched, fetched.stderr).toMatchObject({ exitCode: 0 });
    expect(await md5Of(join(box.folder, 'back.bin'))).toBe(md5);
    expect(proxy.broken).toBe(4);
    const names = (await box.run(['files', '--json', ...account])).json<{ name: string }[]>();
    expect(names.filter(({ name }) => name === 'save.bin')).toHaveLength(1);
  });

  it.skipIf(process.platform !== 'linux')('holds no file in memory', async () => {
    const { box } = await openSignedIn();
    const peaks: Record<string, number[]> = {};
    for (const megabytes of [10, 64]) {
      makeFile(box, 'save.bin', megabytes * 1_000_000);
      for (const line of ['put save.bin --replace', 'get save.bin -o back.bin --force']) {
        const node = `"${process.execPath}" --require "${reportPeak}" "$(readlink -f "$(command -v gsac)")"`;
        const ran = await box.shell(`${node} files ${line} 3>&1 >/dev/null`);
        expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
        const verb = line.slice(0, 3);
        peaks[verb] = [...(peaks[verb] ?? []), Number(ran.stdout)];
      }
    }
    for (const [few = 0, many = 0] of Object.values(peaks)) expect(many / few).toBeLessThan(1.4);
  });

  it('cancelled, leaves nothing behind', async () => {
    const { box, emulator } = await openSignedIn();
    makeFile(box, 'save.bin', 1_000_000);
    await box.run(['files', 'put', 'save.bin']);
    const before = readdirSync(box.folder);
    await emulator.inject({ name: 'latency', ms: 20_000, path: '/drive/v3/files/*' });
    let interrupt = () => {};
    const ending = box.run(['files', 'get', 'save.bin', '-o', 'back.bin'], {
      onStart: (child) => {
        interrupt = () => void child.kill('SIGINT');
      },
    });
    await emulator.hit();
    interrupt();
    expect(await ending).toMatchObject({ exitCode: 130, stdout: '' });
    expect(readdirSync(box.folder)).toEqual(before);
    expect(existsSync(join(box.folder, 'back.bin'))).toBe(false);
  });

  itWith('a terminal', 'shows a bar with rate and time on a terminal, and asks there', async () => {
    const { box } = await openSignedIn();
    makeFile(box, 'save.bin', 40_000_000);
    const terminal = openTerminal(box, 'gsac files put save.bin');
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen).toMatch(/save\.bin {2}[█░]+ \d+% {2}[\d.]+ \w+ of 38\.1 MiB/);
    const asking = openTerminal(box, 'gsac files delete --all');
    await asking.shows('Delete?');
    asking.type('n\r');
    expect(await asking.ended()).toBe(130);
    expect((await box.run(['files', '--json'])).json<unknown[]>()).toHaveLength(4);
  });
});
