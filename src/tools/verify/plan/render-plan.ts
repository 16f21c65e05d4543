import { clean } from '../../../terminal/clean.js';
import { wrap } from '../../../terminal/layout.js';
import type { Style } from '../../../terminal/style.js';
import { countVerdicts, type FlowReport, type VerifyReport } from '../model.js';
import { renderBlocked, renderFailures } from '../render-flow.js';
import { inSeconds, nameAccount } from '../reports/words.js';

/** With more flows than this, those that passed are only counted. */
export const mostFlowsNamed = 40;

/** If more flows fail than this, one cause is likely behind many: the rest is only named. */
const mostFailuresShown = 20;
const namesInLine = 10;

/**
 * A plan's flows for people: the failing checks of those that failed first, of the first 20 at length,
 * then a line for each that passed, as long as they are few, and a sum at the end.
 *
 * @param verbose whether every check that could not run is named.
 */
export function renderPlan(
  { flows, durationMs }: VerifyReport,
  style: Style,
  verbose: boolean,
): string {
  const isShort = flows.length <= mostFlowsNamed;
  const failed = flows.filter(({ outcome }) => outcome === 'fail');
  const lines = failed
    .slice(0, mostFailuresShown)
    .flatMap((flow) => renderFailed(flow, style, verbose));
  const rest = failed.slice(mostFailuresShown);
  if (rest.length > 0) lines.push(renderRest(rest, style));
  const passed = flows.filter(({ outcome }) => outcome === 'pass');
  if (isShort) lines.push(...passed.map((flow) => renderPassed(flow, style)));
  const sum = `${passed.length} of ${flows.length} flows passed`;
  const painted = failed.length === 0 ? style.good(sum) : style.bad(sum);
  return [...lines, `${painted} ${style.dim(inSeconds(durationMs))}`, ''].join('\n');
}

function renderPassed(flow: FlowReport, style: Style): string {
  const { pass } = countVerdicts([flow]);
  const took = style.dim(inSeconds(flow.durationMs));
  return `${style.good('✓')} ${titleOf(flow)}: ${pass} checks passed ${took}`;
}

function renderFailed(flow: FlowReport, style: Style, verbose: boolean): string[] {
  return [
    `${style.bad('✗')} ${style.heading(titleOf(flow))}`,
    ...renderFailures(flow.checks, style),
    ...renderBlocked(flow, style, verbose),
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
