import { clean } from '../../../terminal/clean.js';
import { wrap } from '../../../terminal/layout.js';
import type { Style } from '../../../terminal/style.js';
import { countVerdicts, type FlowReport, type VerifyReport } from '../model.js';
import { renderChecks, renderSkips } from '../render-flow.js';
import { inSeconds, nameAccount } from '../reports/words.js';

/** With more flows than this, those that passed are only counted. */
export const mostFlowsNamed = 40;

/** Where more flows fail than this, one cause is likely behind many: the rest is only named. */
const mostFailuresShown = 20;
const namesInLine = 10;

/**
 * A plan's flows for people: a line for each that passed, as long as they are few, the failing checks
 * of those that failed, of the first 20 at length, and a sum at the end.
 */
export function renderPlan({ flows, durationMs }: VerifyReport, style: Style): string {
  const isShort = flows.length <= mostFlowsNamed;
  const failed = flows.filter(({ outcome }) => outcome === 'fail');
  const shown = new Set(failed.slice(0, mostFailuresShown));
  const lines = flows.flatMap((flow) => {
    if (flow.outcome === 'fail') return shown.has(flow) ? renderFailed(flow, style) : [];
    return isShort ? [renderPassed(flow, style)] : [];
  });
  if (failed.length > shown.size) lines.push(renderRest(failed.slice(shown.size), style));
  const passed = flows.length - failed.length;
  const sum = `${passed} of ${flows.length} flows passed`;
  const painted = passed === flows.length ? style.good(sum) : style.bad(sum);
  return [...lines, `${painted} ${style.dim(inSeconds(durationMs))}`, ''].join('\n');
}

function renderPassed(flow: FlowReport, style: Style): string {
  const { pass } = countVerdicts([flow]);
  const took = style.dim(inSeconds(flow.durationMs));
  return `${style.good('✓')} ${titleOf(flow)}: ${pass} checks passed ${took}`;
}

function renderFailed(flow: FlowReport, style: Style): string[] {
  const failed = flow.checks.filter(({ outcome }) => outcome === 'fail');
  const blocked = { ...flow, checks: flow.checks.filter(({ skip }) => skip === 'blocked') };
  return [
    `${style.bad('✗')} ${style.heading(titleOf(flow))}`,
    ...renderChecks(failed, style),
    ...renderSkips(blocked, style),
  ];
}

function renderRest(flows: readonly FlowReport[], style: Style): string {
  const names = flows.slice(0, namesInLine).map(({ name }) => clean(name));
  const more = flows.length > namesInLine ? ', …' : '';
  const words = `and ${flows.length} more: ${names.join(', ')}${more}`;
  return `${style.bad('✗')} ${wrap(words, style.columns, '  ', 2)}`;
}

function titleOf({ name, account }: FlowReport): string {
  const whose = nameAccount(account);
  return clean(whose === undefined || name.includes(whose) ? name : `${name}, ${whose}`);
}
