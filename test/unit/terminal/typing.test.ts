import { describe, expect, it } from 'vitest';
import { createTypingReader } from '../../../src/terminal/typing.js';

/** What chunks come to, `⏎` being the Enter key and `<…>` another. */
function read(...chunks: readonly Uint8Array[]): string {
  let typed = '';
  const reader = createTypingReader({
    text: (characters) => {
      typed += characters;
    },
    key: (sequence) => {
      typed += `<${sequence.replace('\u001B', 'ESC')}>`;
    },
    enter: () => {
      typed += '⏎';
    },
    cancel: () => {
      typed += '<cancel>';
    },
    suspend: () => {
      typed += '<suspend>';
    },
  });
  for (const chunk of chunks) reader.take(chunk);
  if (reader.isWaiting) reader.settle();
  return typed;
}

describe('What is typed', () => {
  it.each([
    ['keys', 'ab\u007Fc\u001B[D\r', 'ab<\u007F>c<ESC[D>⏎'],
    ['a lone Escape', 'a\u001B', 'a<ESC>'],
    ['Enter without a line', '\r', '⏎'],
    ['lines that arrive together', 'a\r\n\tb\r', 'a b⏎'],
    ['a marked paste', 'é\u001B[200~\r\na\r\n\tb\u0003\r\n\u001B[201~\r', 'éa b⏎'],
    ['two pastes', '\u001B[200~a\u001B[201~\u001B[200~\nb\u001B[201~', 'ab'],
    ['Ctrl-C and Ctrl-Z', 'a\u001Ab\u0003c', 'a<suspend>b<cancel>'],
  ])('is the same however it is cut into chunks: %s', (_what, text, expected) => {
    const bytes = Buffer.from(text);
    expect(read(bytes)).toBe(expected);
    if (expected.includes('cancel')) return;
    for (let at = 1; at < bytes.length; at += 1) {
      expect(read(bytes.subarray(0, at), bytes.subarray(at)), String(at)).toBe(expected);
    }
    expect(read(...Array.from(bytes, (_byte, at) => bytes.subarray(at, at + 1)))).toBe(expected);
  });
});
