import { clean } from '../../terminal/clean.js';
import { wrap } from '../../terminal/layout.js';
import type { Style } from '../../terminal/style.js';
import {
  type CheckResult,
  countVerdicts,
  type FlowReport,
  type Judged,
  toVerdict,
} from './model.js';
import { inSeconds, nameAccount } from './reports/words.js';

/** A flow's checks for people: a line for each that ran, more for what failed, and a sum at the end. */
export function renderFlow(flow: FlowReport, style: Style): string {
  const { name, account, clientId, checks } = flow;
  const whose = nameAccount(account);
  const title = whose === undefined || whose === name ? name : `${name}, ${whose}`;
  const where = `at ${clean(clientId)}`;
  const isLong = title.length + where.length >= style.columns;
  return [
    `${style.heading(clean(title))}${isLong ? '\n  ' : ' '}${style.dim(where)}`,
    ...renderChecks(checks, style),
    ...renderSkips(flow, style),
    '',
    renderSum(flow, style),
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

/**
 * What did not run, by the reason, with what could not as the failure that it is; what has no subject
 * in this flow is left to the documents.
 */
export function renderSkips(flow: Judged, style: Style): string[] {
  const reasons = new Map<string, { isWrong: boolean; ids: string[] }>();
  for (const check of flow.checks) {
    if (check.skip === undefined || check.skip === 'not_applicable') continue;
    const isWrong = toVerdict(check, flow) === 'error';
    const why = `${isWrong ? 'could not run' : 'not run'}: ${clean(check.seen)}`;
    const reason = check.skip === 'not_asked' ? 'not asked for' : why;
    const { ids } = reasons.get(reason) ?? { ids: [] };
    reasons.set(reason, { isWrong, ids: [...ids, check.id] });
  }
  return [...reasons].map(([reason, { isWrong, ids }]) => {
    const wrapped = wrap(`${reason}: ${ids.join(', ')}`, style.columns, '    ', 4);
    return `  ${isWrong ? `${style.bad('✗')} ${wrapped}` : style.dim(`- ${wrapped}`)}`;
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
