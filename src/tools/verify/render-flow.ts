import { clean } from '../../terminal/clean.js';
import { wrap } from '../../terminal/layout.js';
import type { Style } from '../../terminal/style.js';
import { findBlocked } from './blocked.js';
import { type CheckResult, countVerdicts, type FlowReport, type Judged } from './model.js';
import { inSeconds, nameAccount } from './reports/words.js';

/**
 * A flow's checks for people: what failed first, at length, then what could not run and what passed, a
 * line each, what nobody asked for, and a sum at the end.
 *
 * @param verbose whether every check that could not run is named.
 */
export function renderFlow(flow: FlowReport, style: Style, verbose: boolean): string {
  const { name, account, clientId, checks } = flow;
  const whose = nameAccount(account);
  const title = whose === undefined || whose === name ? name : `${name}, ${whose}`;
  const where = `at ${clean(clientId)}`;
  const isLong = title.length + where.length >= style.columns;
  return [
    `${style.heading(clean(title))}${isLong ? '\n  ' : ' '}${style.dim(where)}`,
    ...renderFailures(checks, style),
    ...renderBlocked(flow, style, verbose, ' --verbose lists them.'),
    ...renderPasses(checks, style),
    ...renderUnasked(checks, style),
    '',
    renderSum(flow, style),
    '',
  ].join('\n');
}

/** The checks that failed, at length. */
export function renderFailures(checks: readonly CheckResult[], style: Style): string[] {
  const failed = checks.filter(({ outcome }) => outcome === 'fail');
  const width = widthOf(failed);
  return failed.flatMap((check) => [
    `  ${style.bad('✗')} ${renderTitle(check, width, style)}`,
    ...renderFailure(check, style),
  ]);
}

/**
 * What could not run, by the failure that it comes from; of many only how many.
 *
 * @param verbose whether they are named.
 * @param further what is said after the first sentence that names none.
 */
export function renderBlocked(
  flow: Judged,
  style: Style,
  verbose: boolean,
  further = '',
): string[] {
  let rest = further;
  return findBlocked(flow).map(({ why, checks }) => {
    const ids = checks.map(({ id }) => id).join(', ');
    const who = checks.length === 1 ? ids : `${checks.length} checks`;
    const named = verbose && checks.length > 1 ? `: ${ids}` : '.';
    const words = `${who} could not run: ${clean(why)}${named}`;
    const hint = verbose || checks.length === 1 ? '' : rest;
    if (hint !== '') rest = '';
    return `  ${style.bad('✗')} ${wrap(words + hint, style.columns, '    ', 4)}`;
  });
}

function renderPasses(checks: readonly CheckResult[], style: Style): string[] {
  const passed = checks.filter(({ outcome }) => outcome === 'pass');
  const width = widthOf(passed);
  return passed.map((check) => `  ${style.good('✓')} ${renderTitle(check, width, style)}`);
}

/** What nobody asked for, and how one would; what has no subject in this flow is left to the documents. */
function renderUnasked(checks: readonly CheckResult[], style: Style): string[] {
  const unasked = checks.filter(({ skip }) => skip === 'not_asked');
  const width = widthOf(unasked);
  return unasked.map(({ id, seen }) => {
    const indent = ' '.repeat(width + 6);
    const words = wrap(clean(seen), style.columns, indent, indent.length);
    return style.dim(`  - ${id.padEnd(width)}  ${words}`);
  });
}

function renderTitle({ id, title, durationMs }: CheckResult, width: number, style: Style): string {
  const took = durationMs === 0 ? '' : ` (${durationMs} ms)`;
  const indent = ' '.repeat(width + 6);
  return `${id.padEnd(width)}  ${wrap(`${clean(title)}${took}`, style.columns, indent, indent.length)}`;
}

function widthOf(checks: readonly CheckResult[]): number {
  return Math.max(0, ...checks.map(({ id }) => id.length));
}

function renderFailure({ expected, seen, causes = [] }: CheckResult, style: Style): string[] {
  const indent = ' '.repeat(16);
  const line = (name: string, words: string) =>
    `      ${style.dim(name.padEnd(9))} ${wrap(clean(words), style.columns, indent, indent.length)}`;
  const [first] = causes;
  return [
    ...(expected === '' ? [] : [line('expected', expected)]),
    line('seen', seen),
    // Where no rule knew more, the cause is the error itself, and was just said.
    ...(first === undefined || first.why === seen
      ? []
      : [line(first.likelihood, `${first.cause}: ${first.why}`)]),
    ...(first === undefined ? [] : [line('fix', first.fix.join(' '))]),
  ];
}

/** `21 passed, 1 failed, 2 could not run (0.3 s)`. */
function renderSum(flow: FlowReport, style: Style): string {
  const { pass, fail, error } = countVerdicts([flow]);
  const parts = [
    style.good(`${pass} passed`),
    fail === 0 ? '0 failed' : style.bad(`${fail} failed`),
    ...(error === 0 ? [] : [style.bad(`${error} could not run`)]),
  ];
  return `${parts.join(', ')} ${style.dim(inSeconds(flow.durationMs))}`;
}
