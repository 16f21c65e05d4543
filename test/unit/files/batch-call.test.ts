import { expect, it } from 'vitest';
import { toBatchCall } from '../../../src/files/batch-call.js';

const path = 'C:\\Program Files\\nodejs\\npm.cmd';
const lineOf = (args: readonly string[], file = path) => toBatchCall(file, args, {}).args.at(-1);

it.each<[given: string, written: string]>([
  ['plain', 'plain'],
  ['--flag:x/y\\z', '--flag:x/y\\z'],
  ['', '""'],
  ['a b', '"a b"'],
  // These two split arguments inside a batch file.
  ['--name=value', '"--name=value"'],
  ['a,b;c', '"a,b;c"'],
  ['a&calc|x>y<z^(1)', '"a&calc|x>y<z^(1)"'],
  // Within quotes all along, however often the line is read.
  ['x"&calc&"y', '"x""&calc&""y"'],
  ['back\\"slash\\', '"back\\\\""slash\\\\"'],
  ['%PATH%', '"%%cd:~,%PATH%%cd:~,%"'],
  ['!PATH!', '"!PATH!"'],
  ['ü', '"ü"'],
])('hands a batch file %j', (given, written) => {
  expect(lineOf([given])).toBe(`""${path}" ${written}"`);
});

it('guards the name of the batch file itself', () => {
  expect(lineOf([], 'C:\\100%TEMP%&x\\a.cmd')).toBe('""C:\\100%%cd:~,%TEMP%%cd:~,%&x\\a.cmd""');
});

it.each(['a\nb', 'a\rb', 'a\0b'])('refuses %j, which no line can hold', (argument) => {
  expect(() => toBatchCall(path, [argument], {})).toThrow(/line break/);
});

it.each<[comSpec: string | undefined, file: string]>([
  ['D:\\cmd.exe', 'D:\\cmd.exe'],
  ['cmd.exe', 'E:\\Windows\\System32\\cmd.exe'],
  [undefined, 'E:\\Windows\\System32\\cmd.exe'],
])('takes the command interpreter of ComSpec %j only by an absolute path', (ComSpec, file) => {
  expect(toBatchCall(path, [], { ComSpec, SystemRoot: 'E:\\Windows' }).file).toBe(file);
});
