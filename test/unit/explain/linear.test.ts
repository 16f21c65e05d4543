import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/tools/explain/diagnose.js';
import { toFacts } from '../../../src/tools/explain/facts.js';

const folder = new URL('../../../src/tools/explain/', import.meta.url);

interface Pattern {
  where: string;
  pattern: RegExp;
}

/** Every regular expression that is written in a file of `explain`. */
function patternsOf(path: string): Pattern[] {
  const text = readFileSync(new URL(path, folder), 'utf8');
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Pattern[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      const end = node.text.lastIndexOf('/');
      const pattern = new RegExp(node.text.slice(1, end), node.text.slice(end + 1));
      found.push({ where: `${path}:${line}`, pattern });
    }
    node.forEachChild(visit);
  };
  visit(file);
  return found;
}

const ruleFiles = readdirSync(new URL('rules', folder)).map((name) => `rules/${name}`);
const patterns = ruleFiles.flatMap(patternsOf);
const tokens = ['4/0A', 'ya29.', '1//0', 'eyJ.', 'GOCSPX-', '&quot;', '%25', '://', 'a@'];
const characters = [...'aA0 "\'%(.-_/:;{<[\\=\né$'];

/** What a pattern looks for, in its own letters; the longest first. */
function wordsOf({ source }: RegExp): string[] {
  const plain = source.replace(/\\[a-zA-Z]|\{\d+,\d+\}/g, ' ');
  return (plain.match(/[\w%/.=:-]+/g) ?? ['a']).sort((one, other) => other.length - one.length);
}

function repeat(word: string, length: number): string {
  return word.repeat(Math.ceil(length / word.length)).slice(0, length);
}

/** Milliseconds of this process's own time that some work takes, the best of some rounds. */
function cost(work: () => void, rounds = 3): number {
  const spent = Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...spent);
}

describe('the patterns of the rules', () => {
  it('have no quantifier without an upper bound', () => {
    const unbounded = patterns.filter(({ pattern }) => {
      const bare = pattern.source.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
      return /[*+]|\{\d+,\}/.test(bare);
    });
    expect(patterns.length).toBeGreaterThan(300);
    expect(unbounded.map(({ where, pattern }) => `${where} ${pattern.source}`)).toEqual([]);
  });

  it.each(ruleFiles)('cost little on long runs of what they look for: %s', (path) => {
    for (const { where, pattern } of patternsOf(path)) {
      const [longest = 'a', ...others] = wordsOf(pattern);
      for (const word of [longest, `${longest} `, [longest, ...others].join('')]) {
        const long = repeat(word, 20_000);
        // Anything below is cheap, whatever it grows like.
        if (cost(() => pattern.test(long), 1) < 20) continue;
        const short = cost(() => pattern.test(long.slice(0, 5_000)));
        const spent = cost(() => pattern.test(long));
        expect(spent, `${where} on ${word.slice(0, 40)}`).toBeLessThan(8 * Math.max(short, 2));
      }
    }
  });
});

describe('what the rules see of a text', () => {
  const ownWords = patterns.flatMap(({ pattern }) => wordsOf(pattern).slice(0, 1));
  const inputs = new Set([
    ...characters,
    ...tokens,
    ...ownWords,
    ...ownWords.map((one) => `${one} `),
  ]);

  it('is bounded, whatever is repeated in it', () => {
    for (const word of inputs) {
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

  it.each([...characters, ...tokens])('is cut in proportion to the length: %j', (word) => {
    const work = (length: number) => {
      const text = repeat(word, length);
      return cost(() => toFacts({ observed: text, notes: text, code: text }));
    };
    expect(work(400_000)).toBeLessThan(10 * Math.max(work(100_000), 5));
  });

  it.each(['a', '0', 'revok', 'GIDSignIn ', 'deadbeef '])(
    'takes as much work from four times the text: %j',
    (word) => {
      const work = (length: number) => {
        const text = repeat(word, length);
        return cost(() => diagnose({ observed: text, notes: text, code: text }), 2);
      };
      expect(work(400_000)).toBeLessThan(6 * Math.max(work(100_000), 10));
    },
  );
});
