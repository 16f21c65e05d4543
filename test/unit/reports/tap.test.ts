import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FinalResults, Parser, type Result } from 'tap-parser';
import { describe, expect, it, onTestFinished } from 'vitest';
import { renderTap } from '../../../src/tools/verify/reports/tap.js';
import { describeWith } from '../../support/requires.js';
import { blockedFlows, check, failingFlow, nasty, passingFlow, reportOf } from './support.js';

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
    expect(subtests.get('two')?.map(({ ok }) => ok)).toEqual(Array(4).fill(false));
    expect(extra).toEqual([]);
    // Nothing but what failed is an error to a strict parser.
    expect(results.failures.every((failure) => 'name' in failure)).toBe(true);
  });

  it('counts what could not run as not ok, unless the flow passes', () => {
    const [flow, expected] = blockedFlows();
    const { results, points } = parse(renderTap(reportOf(flow)));
    expect(results).toMatchObject({ ok: false, count: 4, fail: 1, skip: 2 });
    expect(points.map(({ ok, skip }) => [ok, skip])).toEqual([
      [true, false],
      [false, false],
      [true, 'nobody asked'],
      [true, 'no ID token was due'],
    ]);
    expect(points[1]?.diag).toMatchObject({ seen: 'could not run: no ID token says so' });
    expect(parse(renderTap(reportOf(expected))).results).toMatchObject({ ok: true, skip: 3 });
  });

  it('takes no time for blanks', () => {
    const seen = `${' '.repeat(100_000)}x`;
    const checks = ['pass', 'skip'].map((outcome) =>
      check(seen, { title: seen, seen, outcome: outcome as 'pass' | 'skip' }),
    );
    const start = process.cpuUsage();
    const { points } = parse(renderTap(reportOf({ ...passingFlow(), checks })));
    const { user, system } = process.cpuUsage(start);
    expect(points).toHaveLength(2);
    expect((user + system) / 1e6).toBeLessThan(5);
  });

  it('says of a failure what was expected and seen, and why it may be', () => {
    const [grant] = parse(renderTap(reportOf(failingFlow()))).points;
    expect(grant).toMatchObject({
      time: 51,
      diag: {
        expected: '200 with an access token',
        seen: '400 invalid_grant: Token has been expired or revoked.',
        error: 'invalid_grant',
        causes: [
          {
            cause: 'access_revoked',
            likelihood: 'likely',
            fix: ['Sign in again: gsac login.', 'Web: ask for the code anew.'],
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
    expect(inside?.[3]?.diag).toMatchObject({
      seen: 'could not run: refresh.grant failed # before',
    });
  });

  it('is an empty list for no flows and for no checks', () => {
    expect(parse(renderTap(reportOf())).results).toMatchObject({ ok: true, count: 0 });
    const { results } = parse(renderTap(reportOf({ ...passingFlow(), checks: [] })));
    expect(results).toMatchObject({ ok: true, count: 0 });
    const one = parse(renderTap(reportOf({ ...passingFlow(), checks: [check('a.b')] })));
    expect(one.results).toMatchObject({ ok: true, count: 1 });
  });
});

/** Perl's harness, whose parser is another one and knows no version 14. */
function prove(text: string): { status: number | null; said: string } {
  const folder = mkdtempSync(join(tmpdir(), 'gsac-tap-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'report.tap');
  writeFileSync(file, text);
  const { status, stdout, stderr } = spawnSync('prove', [file], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status, said: stdout + stderr };
}

describeWith('prove', 'renderTap, as `prove` reads it', () => {
  it.each([
    ['one flow', reportOf(passingFlow())],
    ['a plan', reportOf(passingFlow('one'), passingFlow(`two # SKIP ${nasty.yaml}`))],
    ['an expected end', reportOf(blockedFlows()[1])],
  ])('passes %s that passes', (_what, report) => {
    const { status, said } = prove(renderTap(report));
    expect(said).toContain('Result: PASS');
    expect(status, said).toBe(0);
  });

  it.each([
    ['one flow', reportOf(failingFlow()), 'Failed tests:  1-4'],
    ['a plan', reportOf(passingFlow('one'), failingFlow(nasty.yaml)), 'Failed test:  2'],
    ['what could not run', reportOf(blockedFlows()[0]), 'Failed test:  2'],
  ])('names the failed tests of %s, and nothing else', (_what, report, words) => {
    const { status, said } = prove(renderTap(report));
    expect(said).toContain(words);
    expect(said).not.toContain('Parse errors');
    expect(status).toBe(1);
  });
});
