import { type FinalResults, Parser, type Result } from 'tap-parser';
import { describe, expect, it } from 'vitest';
import { renderTap } from '../../src/reports/tap.js';
import { check, failingFlow, nasty, passingFlow, reportOf } from './support.js';

interface Parsed {
  results: FinalResults;
  /** The test points at the top. */
  points: Result[];
  /** The subtests' test points, by the subtest's name. */
  subtests: Map<string, Result[]>;
  /** What is no TAP. */
  extra: string[];
}

function parse(text: string): Parsed {
  const points: Result[] = [];
  const subtests = new Map<string, Result[]>();
  const extra: string[] = [];
  let results: FinalResults | undefined;
  const parser = new Parser({ strict: true }, (all) => {
    results = all;
  });
  parser.on('assert', (point: Result) => points.push(point));
  parser.on('extra', (line: string) => extra.push(line));
  parser.on('child', (child: Parser) => {
    const own: Result[] = [];
    subtests.set(child.name, own);
    child.on('assert', (point: Result) => own.push(point));
    child.on('extra', (line: string) => extra.push(line));
  });
  parser.end(text);
  if (results === undefined) throw new Error('the parser did not end');
  return { results, points, subtests, extra };
}

describe('renderTap', () => {
  it('is a flat list for one flow', () => {
    const { results, points, subtests, extra } = parse(renderTap(reportOf(passingFlow())));
    expect(results).toMatchObject({ ok: true, count: 8, pass: 8, fail: 0, skip: 1, failures: [] });
    expect(subtests.size).toBe(0);
    expect(extra).toEqual([]);
    expect(points[0]).toMatchObject({ id: 1, name: 'code.accepted: the code is taken', ok: true });
    // The parser takes `duration_ms` out of the diagnostics.
    expect(points[0]?.time).toBe(43.3);
    expect(points[0]?.diag).toEqual({
      expected: '200 with an access token',
      seen: '200 with an access token, 3599 seconds',
    });
    expect(points[7]).toMatchObject({ ok: true, skip: 'not asked for; --replay asks' });
  });

  it('is a subtest for each of several flows', () => {
    const { results, points, subtests, extra } = parse(
      renderTap(reportOf(passingFlow('one'), failingFlow('two'))),
    );
    expect(results).toMatchObject({ ok: false, count: 2, pass: 1, fail: 1, bailout: false });
    expect(points.map(({ ok, name }) => ({ ok, name }))).toEqual([
      { ok: true, name: 'one' },
      { ok: false, name: 'two' },
    ]);
    expect(subtests.get('one')?.map(({ ok }) => ok)).toEqual(Array(8).fill(true));
    expect(subtests.get('two')?.map(({ ok }) => ok)).toEqual([false, false, false, true]);
    expect(extra).toEqual([]);
    // Nothing but what failed is an error to a strict parser.
    expect(results.failures.every((failure) => 'name' in failure)).toBe(true);
  });

  it('says of a failure what was expected and seen, and why it may be', () => {
    const [grant] = parse(renderTap(reportOf(failingFlow()))).points;
    expect(grant).toMatchObject({
      time: 51,
      diag: {
        expected: '200 with an access token',
        seen: '400 invalid_grant: Token has been expired or revoked.',
        error: 'grant_invalid',
        causes: [
          {
            cause: 'access_revoked',
            likelihood: 'likely',
            fix: ['Sign in again: gsac login.', 'Ask for the code anew in the app.'],
          },
          { cause: 'testing_grant_expired' },
        ],
      },
    });
  });

  it('keeps text from outside inside its place', () => {
    const flow = failingFlow(`name # SKIP \\ ${nasty.yaml} ${nasty.hidden}`);
    const text = renderTap(reportOf(flow, failingFlow('other')));
    expect(text).not.toMatch(/(?!\n|\t)\p{Cc}|\p{Bidi_Control}/u);
    const { results, points, extra, subtests } = parse(text);
    expect(results).toMatchObject({ count: 2, fail: 2, skip: 0, bailout: false });
    expect(points[0]?.name).toContain('name # SKIP \\ ... not ok 99 - # SKIP --- Bail out!');
    expect(extra).toEqual([]);
    const inside = subtests.get('other');
    expect(inside).toHaveLength(4);
    expect(inside?.[2]?.diag).toMatchObject({ seen: `no answer\n${nasty.yaml}` });
    expect(inside?.[3]?.skip).toContain('refresh.grant failed');
  });

  it('is an empty list for no flows and for no checks', () => {
    expect(parse(renderTap(reportOf())).results).toMatchObject({ ok: true, count: 0 });
    const { results } = parse(renderTap(reportOf({ ...passingFlow(), checks: [] })));
    expect(results).toMatchObject({ ok: true, count: 0 });
    const one = parse(renderTap(reportOf({ ...passingFlow(), checks: [check('a.b')] })));
    expect(one.results).toMatchObject({ ok: true, count: 1 });
  });
});
