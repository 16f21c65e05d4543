import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/tools/explain/diagnose.js';
import { toFacts } from '../../../src/tools/explain/facts.js';

const folder = new URL('../../../src/tools/explain/', import.meta.url);

interface Pattern {
  where: string;
  source: string;
}

/** Every regular expression that is written in a file of `explain`. */
function patternsOf(path: string): Pattern[] {
  const text = readFileSync(new URL(path, folder), 'utf8');
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Pattern[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push({
        where: `${path}:${line}`,
        source: node.text.slice(1, node.text.lastIndexOf('/')),
      });
    }
    node.forEachChild(visit);
  };
  visit(file);
  return found;
}

const patterns = readdirSync(new URL('rules', folder)).flatMap((name) =>
  patternsOf(`rules/${name}`),
);

/** What is repeated: letters, signs, blanks, and the beginnings of tokens. */
const words = [
  ...'aA0 "\'%(.-_/:;{<[\\=\né$',
  ...['4/0A', 'ya29.', '1//0', 'eyJ.', 'GOCSPX-', '&quot;', '%25', '://', 'a@', 'deadbeef '],
];

function repeat(word: string, length: number): string {
  return word.repeat(Math.ceil(length / word.length)).slice(0, length);
}

describe('the patterns of the rules', () => {
  it('have no quantifier without an upper bound', () => {
    const unbounded = patterns.filter(({ source }) => {
      const bare = source.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
      return /[*+]|\{\d+,\}/.test(bare);
    });
    expect(patterns.length).toBeGreaterThan(300);
    expect(unbounded.map(({ where, source }) => `${where} ${source}`)).toEqual([]);
  });
});

describe('what the rules see of a text', () => {
  it('is bounded, whatever is repeated in it', () => {
    for (const word of words) {
      const text = repeat(word, 40_000);
      const { observed, notes, code = '' } = toFacts({ observed: text, notes: text, code: text });
      const longest = Math.max(observed.length, notes.length, code.length);
      expect(longest, word).toBeLessThanOrEqual(32_001);
    }
  });

  it('is its beginning and its end, without half a word that nothing would mask', () => {
    const secret = `ya29.${'s'.repeat(120)}`;
    const text = `first ${'word '.repeat(20_000)}${secret}${' x'.repeat(3_970)} last`;
    const { observed } = toFacts({ observed: text });
    expect(observed).toMatch(/^first word .* last$/);
    expect(observed).not.toMatch(/sss/);
    expect(toFacts({ notes: 'f'.repeat(5_000) }).notes).toBe(`${'f'.repeat(100)}…`);
  });

  it('takes as much work from four times the text, with a run of each kind in it', () => {
    /** Milliseconds of this process's own time. */
    const work = (length: number) => {
      const text = words.map((word) => repeat(word, length / words.length)).join('');
      const before = process.cpuUsage();
      diagnose({ observed: text, notes: text, code: text });
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    work(10_000);
    expect(work(400_000)).toBeLessThan(6 * Math.max(work(100_000), 10));
  });
});
