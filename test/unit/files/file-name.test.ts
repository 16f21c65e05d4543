import { expect, it } from 'vitest';
import { mimeTypeOf, toSafeFileName } from '../../../src/files/file-name.js';

it.each([
  ['a.txt. . .', 'a.txt'],
  [`${' '.repeat(400_000)}x`, ' '.repeat(255)],
  [`${' .'.repeat(200_000)}`, 'download'],
  [`a${'.'.repeat(400_000)}`, 'a'],
])('makes a name of a long or odd one in one pass', (name, safe) => {
  expect(toSafeFileName(name)).toBe(safe);
});

it.each([...['COM¹', 'lpt²', 'CONIN$', 'conout$', 'nul .txt', 'aux', 'com1.tar.gz']])(
  'keeps %s from being a device of Windows',
  (name) => {
    expect(toSafeFileName(name)).toBe(`_${name}`);
  },
);

it('finds the media type of a name with many dots', () => {
  expect(mimeTypeOf(`${'.x'.repeat(200_000)}.json`)).toBe('application/json');
});
