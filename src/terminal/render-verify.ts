import { type CheckResult, countOutcomes, type FlowReport } from '../core/verify/model.js';
import { clean } from './clean.js';
import type { Style } from './style.js';
import { wrap } from './wrap.js';

/** A flow's checks for people: a line for each that ran, more for what failed, and a sum at the end. */
export function renderFlow(flow: FlowReport, style: Style): string {
  const { name, account, clientId, checks } = flow;
  const whose = account?.email ?? account?.sub ?? undefined;
  const title = whose === undefined || whose === name ? name : `${name}, ${whose}`;
  const where = `at ${clean(clientId)}`;
  const isLong = title.length + where.length >= style.columns;
  return [
    `${style.heading(clean(title))}${isLong ? '\n  ' : ' '}${style.dim(where)}`,
    ...renderChecks(checks, style),
    ...renderSkips(checks, style),
    '',
    renderSum(checks, flow.durationMs, style),
    '',
  ].join('\n');
}

/** Lines of the checks that ran. */
export function renderChecks(checks: readonly CheckResult[], style: Style): string[] {
  const shown = checks.filter(({ outcome }) => outcome !== 'skip');
  const width = Math.max(0, ...shown.map(({ id }) => id.length));
  return shown.flatMap((check) => {
    const { id, title, outcome, durationMs } = check;
    const took = durationMs === 0 ? '' : style.dim(` ${durationMs} ms`);
    const words = `${id.padEnd(width)}  ${clean(title)}${took}`;
    if (outcome === 'pass') return [`  ${style.good('✓')} ${words}`];
    return [`  ${style.bad('✗')} ${words}`, ...renderFailure(check, style)];
  });
}

/** What did not run, by the reason; what has no subject in this flow is left to the documents. */
export function renderSkips(checks: readonly CheckResult[], style: Style): string[] {
  const reasons = new Map<string, string[]>();
  for (const { id, skip, seen } of checks) {
    if (skip === undefined || skip === 'not_applicable') continue;
    const reason = skip === 'not_asked' ? 'not asked for' : `not run: ${clean(seen)}`;
    reasons.set(reason, [...(reasons.get(reason) ?? []), id]);
  }
  return [...reasons].map(([reason, ids]) => {
    const wrapped = wrap(`${reason}: ${ids.join(', ')}`, style.columns, '    ', 4);
    return `  ${style.dim(`- ${wrapped}`)}`;
  });
}

function renderFailure({ expected, seen, causes = [] }: CheckResult, style: Style): string[] {
  const indent = ' '.repeat(16);
  const line = (name: string, words: string) =>
    `      ${style.dim(name.padEnd(9))} ${wrap(clean(words), style.columns, indent, indent.length)}`;
  const [first] = causes;
  return [
    ...(expected === '' ? [] : [line('expected', expected)]),
    line('seen', seen),
    ...(first === undefined
      ? []
      : [
          // Where no rule knew more, the cause is the error itself, and was just said.
          ...(first.why === seen ? [] : [line(first.likelihood, `${first.cause}: ${first.why}`)]),
          line('fix', first.fix.join(' ')),
        ]),
  ];
}

/** `21 passed, 1 failed, 2 not run (0.3 s)`. */
export function renderSum(
  checks: readonly CheckResult[],
  durationMs: number,
  style: Style,
): string {
  const { pass, fail } = countOutcomes(checks);
  const notRun = checks.filter(({ skip }) => skip === 'blocked').length;
  const parts = [
    style.good(`${pass} passed`),
    fail === 0 ? '0 failed' : style.bad(`${fail} failed`),
    ...(notRun === 0 ? [] : [`${notRun} not run`]),
  ];
  return `${parts.join(', ')} ${style.dim(`(${(durationMs / 1000).toFixed(1)} s)`)}`;
}
