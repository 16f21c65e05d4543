import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { renderEnvironment } from '../../../src/core/environment-text.js';
import {
  moveCommand,
  removeCommand,
  type Shell,
  shellAtHand,
  shellQuote,
} from '../../../src/core/shell-quote.js';

const machineModules = 'C:\\Program Files\\WindowsPowerShell\\Modules';

it.each<[env: Record<string, string>, shell: Shell]>([
  [{ PSModulePath: machineModules, USERPROFILE: 'C:\\Users\\ada' }, 'cmd'],
  [{}, 'cmd'],
  [
    {
      PSModulePath: `C:\\users\\Ada\\Documents\\WindowsPowerShell\\Modules;${machineModules}`,
      USERPROFILE: 'C:\\Users\\ada',
    },
    'powershell',
  ],
  [{ PSModulePath: `c:\\program files\\powershell\\7\\Modules;${machineModules}` }, 'powershell'],
  [{ MSYSTEM: 'MINGW64', PSModulePath: machineModules }, 'sh'],
])('on Windows with %j the shell is %s', (env, shell) => {
  expect(shellAtHand('win32', env)).toBe(shell);
  expect(shellAtHand('darwin', env)).toBe('sh');
});

it.each<[text: string, sh: string, powershell: string, cmd: string]>([
  ['C:\\a\\b-1.json', "'C:\\a\\b-1.json'", 'C:\\a\\b-1.json', 'C:\\a\\b-1.json'],
  ['C:\\a b', "'C:\\a b'", "'C:\\a b'", '"C:\\a b"'],
  ["it's $HOME", "'it'\\''s $HOME'", "'it''s $HOME'", '"it\'s $HOME"'],
  // PowerShell ends a string at a typographic quote, too.
  ['a’; calc', "'a’; calc'", "'a’’; calc'", '"a’; calc"'],
  ['a&b', "'a&b'", "'a&b'", '"a&b"'],
  ['', "''", "''", '""'],
])('quotes %j for each shell', (text, sh, powershell, cmd) => {
  expect(shellQuote(text)).toBe(sh);
  expect(shellQuote(text, 'powershell')).toBe(powershell);
  expect(shellQuote(text, 'cmd')).toBe(cmd);
  if (text !== '') {
    expect(execFileSync('sh', ['-c', `printf %s ${shellQuote(text)}`]).toString()).toBe(text);
  }
});

it('moves and removes in the words of each shell', () => {
  expect(moveCommand('sh', '/a b', '/c')).toBe("mv '/a b' /c");
  expect(moveCommand('cmd', 'C:\\a b')).toBe('move "C:\\a b" …');
  expect(removeCommand('sh', ['/a', '/b c'], 'folders')).toBe("rm -r /a '/b c'");
  expect(removeCommand('powershell', ['C:\\a', 'C:\\b'], 'files')).toBe('rm C:\\a, C:\\b');
  expect(removeCommand('cmd', ['C:\\a'], 'files')).toBe('del C:\\a');
  expect(removeCommand('cmd', ['C:\\a'], 'folders')).toBe('rmdir /s /q C:\\a');
});

it('writes variables for PowerShell and cmd', () => {
  const env = { ONE: 'it’s & 1', GONE: undefined };
  expect(renderEnvironment(env, 'powershell')).toBe(
    "$env:ONE = 'it’’s & 1'\nRemove-Item Env:GONE -ErrorAction SilentlyContinue\n",
  );
  expect(renderEnvironment(env, 'cmd')).toBe('set "ONE=it’s & 1"\nset "GONE="\n');
});
