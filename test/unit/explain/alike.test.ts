import { describe, expect, it } from 'vitest';
import { diagnose, rules } from '../../../src/tools/explain/diagnose.js';

const alike = rules.flatMap(({ cause, alike: others = [] }) =>
  others.map((other) => [cause, other.cause, other.check] as const),
);

describe('a cause that others show like', () => {
  it('brings them along, each with what tells it apart', () => {
    const [first, second] = diagnose({ observed: 'gspread.exceptions.SpreadsheetNotFound' });
    expect(first?.cause).toBe('file-not-visible');
    expect(second).toMatchObject({ cause: 'not-a-google-document', likelihood: 'possible' });
    expect(second?.check).toContain('.xlsx');
  });

  it('leaves out what the facts rule out', () => {
    const given = {
      observed: 'gspread.exceptions.SpreadsheetNotFound',
      findings: [
        { cause: 'not-a-google-document', verdict: 'rules-out', words: 'it is a sheet' },
      ] as const,
    };
    expect(diagnose(given).map(({ cause }) => cause)).not.toContain('not-a-google-document');
  });

  it.each(alike)('%s is told from %s', (cause, other, check) => {
    expect(rules.some((rule) => rule.cause === other)).toBe(true);
    expect(other).not.toBe(cause);
    // One sentence or two.
    expect(check).toMatch(/^.{20,160}\.$/);
  });
});
