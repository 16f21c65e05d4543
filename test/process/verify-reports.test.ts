import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBox } from '../support/process.js';

const isRoot = process.getuid?.() === 0;
/** Nobody: whoever root is not, since to root no folder is read-only. */
const nobody = 65_534;

describe.skipIf(process.platform === 'win32')('the reports of the installed gsac verify', () => {
  it('are refused for a folder that takes no files, and the code is not spent', async () => {
    const { box, emulator } = await openBox();
    chmodSync(box.folder, 0o755);
    chmodSync(join(box.folder, 'client_secret.json'), 0o644);
    const folder = join(box.folder, 'reports');
    mkdirSync(folder);
    const open = join(folder, 'open.xml');
    writeFileSync(open, 'an older and longer report'.repeat(10_000));
    if (isRoot) chownSync(open, nobody, nobody);
    chmodSync(folder, 0o555);
    const who = {
      env: { GSAC_HOME: join(box.folder, 'none') },
      ...(isRoot ? { uid: nobody } : {}),
    };
    const verify = async (report: string) =>
      box.run(['verify', '--code', await emulator.code(), '--report', report], who);

    const refused = await verify(`tap=${join(folder, 'new.tap')}`);
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toContain('cannot be written: permission denied.');
    expect(await emulator.count('/token')).toBe(0);

    // What may be written itself is written in such a folder, too.
    const written = await verify(`junit=${open}`);
    expect(written.exitCode, written.stderr).toBe(0);
    expect(readFileSync(open, 'utf8')).toMatch(/^<\?xml [\s\S]*<\/testsuites>\n$/);
    expect(readdirSync(folder)).toEqual(['open.xml']);
  });

  it.skipIf(!existsSync('/dev/full'))('cost no result where the disk is full', async () => {
    const { box, emulator } = await openBox();
    const flags = ['--revoke', '--report', 'junit=/dev/full'];
    const ran = await box.run(['verify', '--code', await emulator.code(), ...flags]);
    expect(ran.exitCode).toBe(6);
    expect(ran.stdout).toMatch(/^\d+ passed, 0 failed \(/m);
    expect(ran.stderr).toContain('gsac could not write --report junit=/dev/full (ENOSPC).');
  });
});
