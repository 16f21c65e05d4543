import { type FlowReport, toVerdict } from '../model.js';
import { spokenRange } from './words.js';

/** A flow with its place in the report, from 1. */
export interface NumberedFlow {
  readonly number: number;
  readonly flow: FlowReport;
}

/** Flows that are shown as one: repeats of an entry of a plan that came to the same, or one flow. */
export interface FlowGroup {
  readonly outcome: FlowReport['outcome'];
  /** `load ×50`, by how often the entry was run; the name of a single flow. */
  readonly title: string;
  /** `48 passed`; undefined for a single flow. */
  readonly count: string | undefined;
  /** `42–166 ms`. */
  readonly time: string;
  /** The first is never missing. */
  readonly flows: readonly [NumberedFlow, ...NumberedFlow[]];
}

/** Folds repeats that came to the same, and puts what failed first; the order is the plan's otherwise. */
export function foldFlows(flows: readonly FlowReport[]): FlowGroup[] {
  const groups = new Map<string, [NumberedFlow, ...NumberedFlow[]]>();
  const runs = new Map<number | undefined, number>();
  for (const [at, flow] of flows.entries()) {
    const entry = flow.series?.entry;
    runs.set(entry, (runs.get(entry) ?? 0) + 1);
    const key = entry === undefined ? `#${at}` : `${entry} ${flow.outcome} ${wrongIn(flow)}`;
    const numbered = { number: at + 1, flow };
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [numbered]);
    else group.push(numbered);
  }
  const folded = [...groups.values()].map((group) => toGroup(group, runs));
  return [
    ...folded.filter(({ outcome }) => outcome === 'fail'),
    ...folded.filter(({ outcome }) => outcome === 'pass'),
  ];
}

function toGroup(
  flows: FlowGroup['flows'],
  runs: ReadonlyMap<number | undefined, number>,
): FlowGroup {
  const [{ flow }] = flows;
  const { outcome, name, series } = flow;
  const times = flows.map((one) => one.flow.durationMs);
  const isOne = flows.length === 1;
  return {
    outcome,
    title: isOne || series === undefined ? name : `${series.name} ×${runs.get(series.entry)}`,
    count: isOne ? undefined : `${flows.length} ${outcome === 'pass' ? 'passed' : 'failed'}`,
    time: spokenRange(Math.min(...times), Math.max(...times)),
    flows,
  };
}

/** Which checks failed or could not run. */
function wrongIn(flow: FlowReport): string {
  const wrong = flow.checks.filter((check) => /fail|error/.test(toVerdict(check, flow)));
  return wrong.map(({ id }) => id).join(' ');
}
