import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDesk, type Desk } from '../support/run.js';
import { expectFailure } from './support.js';

let desk: Desk;
let folder: string;
beforeEach(() => {
  desk = createDesk();
  folder = dirname(desk.home);
});
afterEach(() => desk.dispose());

const at = (name: string) => join(folder, name);
const modeOf = (path: string) => statSync(path).mode & 0o777;

/** A pipe with a mode of its own, and what somebody reads from it. */
function pipeAt(path: string): Promise<string> {
  execFileSync('mkfifo', [path]);
  chmodSync(path, 0o644);
  return promisify(execFile)('cat', [path]).then(({ stdout }) => stdout);
}

/** Every command that writes where a person says, with what is in its output. */
const writers: [string, (path: string) => string[], string][] = [
  ['export', (path) => ['export', '-o', path], '"refresh_token"'],
  ['export --force', (path) => ['export', '--force', '-o', path], '"refresh_token"'],
  ['verify --har', (path) => ['verify', '--code', desk.code(), '--har', path], '"entries"'],
  [
    'verify --report',
    (path) => ['verify', '--code', desk.code(), '--report', `json=${path}`],
    '"checks"',
  ],
];

describe.skipIf(process.platform === 'win32')('Where output goes that a person names', () => {
  describe.each(writers)('%s', (_name, argv, holds) => {
    it('a pipe is written to, and stays what it is', async () => {
      await desk.exchange();
      const read = pipeAt(at('pipe'));
      const ran = await desk.run(argv(at('pipe')));
      expect(ran.exitCode, ran.stderr).toBe(0);
      expect(await read).toContain(holds);
      expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
      expect(modeOf(at('pipe'))).toBe(0o644);
    });

    it('a link to a pipe is followed', async () => {
      await desk.exchange();
      const read = pipeAt(at('pipe'));
      symlinkSync('pipe', at('link'));
      expect((await desk.run(argv(at('link')))).exitCode).toBe(0);
      expect(await read).toContain(holds);
      expect(readlinkSync(at('link'))).toBe('pipe');
    });

    it('a new file is for this user alone, and nothing else is left', async () => {
      await desk.exchange();
      const before = readdirSync(folder);
      expect((await desk.run(argv(at('new')))).exitCode).toBe(0);
      expect(readFileSync(at('new'), 'utf8')).toContain(holds);
      expect(modeOf(at('new'))).toBe(0o600);
      expect(readdirSync(folder).sort()).toEqual([...before, 'new'].sort());
    });
  });

  describe.each(writers.slice(1))('%s over a file', (_name, argv, holds) => {
    it('makes it private, in one step', async () => {
      await desk.exchange();
      const old = desk.file('old', 'old');
      chmodSync(old, 0o644);
      const { ino } = statSync(old);
      expect((await desk.run(argv(old))).exitCode).toBe(0);
      expect(readFileSync(old, 'utf8')).toContain(holds);
      expect(modeOf(old)).toBe(0o600);
      expect(statSync(old).ino).not.toBe(ino);
    });

    it('the target of a link is replaced, the link stays', async () => {
      await desk.exchange();
      chmodSync(desk.file('old', 'old'), 0o644);
      symlinkSync('old', at('link'));
      symlinkSync('not-there', at('loose'));
      for (const [link, target] of [
        ['link', 'old'],
        ['loose', 'not-there'],
      ] as const) {
        expect((await desk.run(argv(at(link)))).exitCode).toBe(0);
        expect(readlinkSync(at(link))).toBe(target);
        expect(readFileSync(at(target), 'utf8')).toContain(holds);
        expect(modeOf(at(target))).toBe(0o600);
      }
    });
  });

  it('export and files get agree on what keeps a file from being written', async () => {
    await desk.exchange();
    desk.file('file', 'x');
    expect((await desk.run(['files', 'put', at('file'), '--name', 'a'])).exitCode).toBe(0);
    const full = process.platform === 'linux' ? [['/dev/full', 'output_failed'] as const] : [];
    for (const [path, code] of [
      [at('no/such/x'), 'usage'],
      [at('file/x'), 'usage'],
      [at('x'.repeat(300)), 'usage'],
      ...full,
    ] as const) {
      for (const command of [['export'], ['export', '--force'], ['files', 'get', 'a']]) {
        const error = expectFailure(await desk.run([...command, '--json', '-o', path]), code);
        expect(error.message).toMatch(/ cannot be written: [a-z ]+\.$/);
        if (path === '/dev/full') expect(error.message).toContain('the disk is full');
      }
    }
    expect(existsSync(at('no'))).toBe(false);
  });

  it('a folder is no file, be it there or not', async () => {
    await desk.exchange();
    for (const path of [folder, `${folder}/`, at('none/')]) {
      expectFailure(await desk.run(['export', '--force', '--json', '-o', path]), 'usage');
    }
  });

  it('export asks for no token where its file cannot be written', async () => {
    await desk.exchange();
    desk.now += 7_200_000;
    const before = desk.emulator.requests.count();
    const argv = ['export', '--json', '--format', 'env', '-o', at('no/such/x')];
    expectFailure(await desk.run(argv), 'usage');
    expect(desk.emulator.requests.count()).toBe(before);
  });
});
