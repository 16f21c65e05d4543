import type { CheckOutcome, CheckResult, FlowReport } from './model.js';

/**
 * What a check comes to within its flow, as reports tell it: beside its outcome `error` for one that
 * was to run and could not, where that is no part of what was expected.
 */
export type CheckVerdict = CheckOutcome | 'error';

/** What verdicts are taken from. */
export type Judged = Pick<FlowReport, 'outcome' | 'checks'>;

/**
 * The verdict of a check. One that something kept from running is an `error`; in a flow that passes,
 * which was meant to end early, it is a `skip`, as is what nobody asked for or what has no subject.
 */
export function toVerdict(
  { outcome, skip }: Pick<CheckResult, 'outcome' | 'skip'>,
  flow: Pick<FlowReport, 'outcome'>,
): CheckVerdict {
  return skip === 'blocked' && flow.outcome === 'fail' ? 'error' : outcome;
}

/** How many checks of these flows have which verdict. */
export function countVerdicts(flows: readonly Judged[]): Readonly<Record<CheckVerdict, number>> {
  const counts = { pass: 0, fail: 0, error: 0, skip: 0 };
  for (const flow of flows) {
    for (const check of flow.checks) counts[toVerdict(check, flow)] += 1;
  }
  return counts;
}
