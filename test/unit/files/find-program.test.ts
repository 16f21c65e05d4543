import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findCommand, findProgram } from '../../../src/files/find-program.js';

const C = 'C:\\';

it.each<[what: string, path: string | undefined, there: string[], found: string | undefined]>([
  ['the first of several', '/a:/b', ['/b/git', '/a/git'], '/a/git'],
  ['no current folder', ':.:bin:/b', ['git', './git', 'bin/git', '/b/git'], '/b/git'],
  ['none', '/a', ['/b/git'], undefined],
  ['the usual folders if nothing names any', undefined, ['/bin/git'], '/bin/git'],
])('finds on Unix %s', (_what, PATH, there, found) => {
  const canRun = (path: string) => there.includes(path);
  expect(findProgram('git', { platform: 'linux', env: { PATH }, canRun })).toBe(found);
});

it.each<[what: string, name: string, path: string, there: string[], found: string | undefined]>([
  ['.exe before .com', 'git', `${C}a`, [`${C}a\\git.com`, `${C}a\\git.exe`], `${C}a\\git.exe`],
  ['.com', 'git', `${C}a;D:/b/`, ['D:\\b\\git.com'], 'D:\\b\\git.com'],
  ['no script', 'git', `${C}a`, [`${C}a\\git.cmd`, `${C}a\\git.bat`, `${C}a\\git`], undefined],
  ['a name with its ending', 'git.exe', `"${C}a b"`, [`${C}a b\\git.exe`], `${C}a b\\git.exe`],
  [
    'no folder that depends on the current one',
    'git',
    `;.;bin;\\bin;C:bin;${C}a`,
    ['git.exe', '.\\git.exe', 'bin\\git.exe', '\\bin\\git.exe', 'C:bin\\git.exe'],
    undefined,
  ],
  ['a shared folder', 'git', '\\\\host\\a', ['\\\\host\\a\\git.exe'], '\\\\host\\a\\git.exe'],
])('finds on Windows %s', (_what, name, Path, there, found) => {
  const canRun = (path: string) => there.includes(path);
  expect(findProgram(name, { platform: 'win32', env: { Path }, canRun })).toBe(found);
});

it('finds nothing by a name with a folder in it', () => {
  const canRun = () => true;
  for (const name of ['./git', 'a/git', '/a/git', '.\\git', 'C:git']) {
    expect(findProgram(name, { platform: 'win32', env: { PATH: '/a' }, canRun })).toBeUndefined();
  }
});

it.skipIf(process.platform === 'win32')('takes only what may be run for a program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gsac-programs-'));
  const PATH = ['a', 'b', 'c'].map((name) => join(folder, name)).join(':');
  mkdirSync(join(folder, 'a/git'), { recursive: true });
  for (const name of ['b', 'c']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'git'), '');
  }
  chmodSync(join(folder, 'c/git'), 0o755);
  const env = { PATH };
  expect(findProgram('git', { platform: 'linux', env })).toBe(join(folder, 'c/git'));
  rmSync(folder, { recursive: true });
});

it.each<[what: string, name: string, there: string[], found: string | undefined]>([
  ['a batch file', 'npm', ['C:\\a\\npm', 'C:\\a\\npm.cmd'], 'C:\\a\\npm.cmd'],
  ['what PATHEXT has first', 'x', ['C:\\a\\x.cmd', 'C:\\a\\x.exe'], 'C:\\a\\x.exe'],
  ['no script of another host', 'x', ['C:\\a\\x.vbs', 'C:\\a\\x.js'], undefined],
  ['a name with its ending', 'x.CMD', ['C:\\a\\x.CMD'], 'C:\\a\\x.CMD'],
  ['nothing in the current folder', 'x', ['x.exe', '.\\x.exe', 'bin\\x.exe'], undefined],
  ['a file of the current folder by its path', '.\\x', ['.\\x.bat'], '.\\x.bat'],
])('a command on Windows is %s', (_what, name, there, found) => {
  const canRun = (path: string) => there.includes(path);
  const env = { Path: `.;bin;${C}a`, PATHEXT: '.VBS;.EXE;.JS;.CMD;.BAT' };
  expect(findCommand(name, { platform: 'win32', env, canRun })).toBe(found);
});

it.each<[what: string, name: string, found: string | undefined]>([
  ['nothing in the current folder', 'only-here', undefined],
  ['a path as it stands', './only-here', './only-here'],
  ['a path that leads nowhere as it stands', '/nowhere/x', '/nowhere/x'],
  ['nothing without a name', '', undefined],
])('a command on Unix is %s', (_what, name, found) => {
  const env = { PATH: ':.:bin:/usr/bin' };
  expect(findCommand(name, { platform: 'linux', env, canRun: () => false })).toBe(found);
});
