import { chmodSync, chownSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openBox, openSignedIn, type Sandbox } from '../support/process.js';

const isRoot = process.getuid?.() === 0;
const poorDisk = fileURLToPath(new URL('../support/poor-disk.cjs', import.meta.url));
/** Nobody: whoever root is not, since to root no folder is read-only. */
const nobody = 65_534;

function pathsBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) =>
    join(folder, name),
  );
}

/**
 * Makes GSAC_HOME read-only; gsac runs as nobody where the tests run as root. The files go to that
 * user, the folders do not.
 */
function makeReadOnly(box: Sandbox): { uid?: number } {
  chmodSync(box.folder, 0o755);
  chmodSync(join(box.folder, 'client_secret.json'), 0o644);
  const folders = [box.home];
  for (const path of pathsBelow(box.home)) {
    if (statSync(path).isDirectory()) folders.push(path);
    else {
      chmodSync(path, 0o400);
      if (isRoot) chownSync(path, nobody, nobody);
    }
  }
  for (const folder of folders) chmodSync(folder, 0o555);
  onTestFinished(() => {
    for (const folder of folders) chmodSync(folder, 0o755);
  });
  return isRoot ? { uid: nobody } : {};
}

describe.skipIf(process.platform === 'win32')('the installed gsac and the disk', () => {
  it('a read-only disk: the warm token is printed, an expired one renewed', async () => {
    const { box, emulator } = await openSignedIn();
    const warm = await box.run(['token']);
    const who = makeReadOnly(box);

    const again = await box.run(['token'], who);
    expect(again).toMatchObject({ exitCode: 0, stdout: warm.stdout, stderr: '' });
    expect(await emulator.count('/token')).toBe(1);
    expect((await box.run(['accounts'], who)).stdout).toContain('tester@example.com');

    const renewed = await box.run(['token', '--min-ttl', '7200'], who);
    expect(renewed.exitCode).toBe(0);
    expect(renewed.stdout).toMatch(/^ya29\./);
    expect(renewed.stdout).not.toBe(warm.stdout);
    expect(await emulator.count('/token')).toBe(2);
  });

  it('a read-only disk: a code is not spent on it', async () => {
    const { box, emulator } = await openSignedIn();
    const who = makeReadOnly(box);
    const code = await emulator.code();
    const ran = await box.run(['exchange', code, '--json'], who);
    expect(ran).toMatchObject({ exitCode: 5, stdout: '' });
    expect(await emulator.count('/token')).toBe(1);
    // The code is as good as before.
    const elsewhere = join(box.folder, 'elsewhere');
    expect((await box.run(['exchange', code], { env: { GSAC_HOME: elsewhere } })).exitCode).toBe(0);
  });

  it('a read-only disk: nothing is revoked that could not be forgotten', async () => {
    const { box, emulator } = await openSignedIn();
    const ran = await box.run(['revoke', '--yes', '--json'], makeReadOnly(box));
    expect(ran).toMatchObject({ exitCode: 5, stdout: '' });
    expect(ran.stderr).toContain('Nothing was revoked.');
    expect(await emulator.count('/revoke')).toBe(0);
  });

  const onPoorDisk = { NODE_OPTIONS: `--require "${poorDisk}"` };

  it.each(['EPERM', 'ENOTSUP', 'EISDIR'])('a disk without hard links (%s) serves', async (code) => {
    const { box, emulator } = await openBox();
    const env = { ...onPoorDisk, LINK_FAILURE: code };
    const ran = await box.run(['exchange', await emulator.code()], { env });
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    expect((await box.run(['token'])).exitCode).toBe(0);
  });

  it('a disk that is full in the middle of a new store leaves no half of it', async () => {
    const { box, emulator } = await openBox();
    const code = await emulator.code();
    const env = { ...onPoorDisk, FULL_AT: 'vault.json' };
    const full = await box.run(['exchange', code, '--json'], { env });
    expect(full).toMatchObject({ exitCode: 5, stdout: '' });
    expect(full.error()).toMatchObject({ code: 'store_refused', system_code: 'ENOSPC' });
    expect((await box.run(['exchange', code])).exitCode).toBe(0);
  });

  it('a disk that is read-only is called that, and what to do is said', async () => {
    const { box, emulator } = await openBox();
    const env = { ...onPoorDisk, READ_ONLY: box.home };
    const ran = await box.run(['exchange', await emulator.code(), '--json'], { env });
    expect(ran).toMatchObject({ exitCode: 5, stdout: '' });
    expect(ran.error()).toMatchObject({
      system_code: 'EROFS',
      message: expect.stringContaining('the disk is read-only (EROFS)'),
      hint: expect.stringContaining('GSAC_HOME'),
    });
  });

  it('a disk that fails is not written to in another way', async () => {
    const { box, emulator } = await openBox();
    const env = { ...onPoorDisk, LINK_FAILURE: 'EIO' };
    const ran = await box.run(['exchange', await emulator.code(), '--json'], { env });
    expect(ran).toMatchObject({ exitCode: 5, stdout: '' });
    expect(ran.error()).toMatchObject({ code: 'store_refused', system_code: 'EIO' });
    expect(await emulator.count('/token')).toBe(0);
  });

  it('everything below GSAC_HOME is private', async () => {
    const { box } = await openSignedIn();
    for (const command of ['refresh', 'claims', 'files']) {
      expect((await box.run([command])).exitCode).toBe(0);
    }
    for (const path of [box.home, ...pathsBelow(box.home)]) {
      const stat = statSync(path);
      expect(stat.mode & 0o777, path).toBe(stat.isDirectory() ? 0o700 : 0o600);
    }
    expect(readdirSync(box.tmp)).toEqual([]);
    expect(readdirSync(box.env['HOME'] ?? '')).toEqual([]);
  });

  it('without GSAC_HOME the platform’s own folders serve', async () => {
    const { box, emulator } = await openBox();
    const env = { GSAC_HOME: undefined };
    expect((await box.run(['exchange', await emulator.code()], { env })).exitCode).toBe(0);
    expect((await box.run(['token'], { env })).exitCode).toBe(0);
    const home = box.env['HOME'] ?? '';
    if (process.platform === 'linux') {
      expect(statSync(join(home, '.local/share/gsac/accounts')).isDirectory()).toBe(true);
      expect(statSync(join(home, '.cache/gsac/sessions')).isDirectory()).toBe(true);
    }
  });
});
