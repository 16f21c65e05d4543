import type { Provided } from '../../../cli/runtime.js';
import type { Context } from '../../../core/context.js';
import { GsacError, messageOf } from '../../../core/errors.js';
import { maskText } from '../../../core/secret.js';
import type { CheckResult, FlowReport } from '../model.js';
import type { VerifyPorts } from '../ports.js';
import { runFlow } from '../run-flow.js';
import type { Plan, PlannedFlow } from './plan.js';
import { createOrders, type Orders, type PlannedOrder, type PlanWarning } from './plan-order.js';
import { type Lane, toRounds } from './plan-rounds.js';

/** How a plan is run. */
export interface PlanRun {
  /** How many flows at once. */
  concurrency: number;
  /**
   * What is kept of each flow: `all` with the requests' headers and bodies; `checks` without those;
   * `failures` only the checks of flows that failed, so that memory does not grow with the plan.
   */
  keep: 'all' | 'checks' | 'failures';
  /** Told after each flow. */
  onProgress: (done: number, failed: number) => void;
  /** Told of what a person should know, whatever the flows came to. */
  onWarning: (warning: PlanWarning) => void;
}

/**
 * Runs the flows of a plan, many at once, and returns their reports in the plan's order. What fails
 * in one flow ends no other; one that cannot be run (no such account, no code, a locked store) fails
 * with the check `flow.run`. Flows that revoke or replay come after the others, those with faults last and alone.
 *
 * @throws {GsacError} `cancelled`, once no flow is under way any more.
 */
export async function runPlan(
  provided: Provided,
  ports: VerifyPorts,
  plan: Plan,
  { concurrency, keep, onProgress, onWarning }: PlanRun,
): Promise<FlowReport[]> {
  const reports = new Array<FlowReport>(plan.flows.length);
  const orders = createOrders(provided, ports, onWarning);
  let done = 0;
  let failed = 0;
  const run = async (at: number): Promise<void> => {
    const flow = plan.flows[at];
    if (flow === undefined) return;
    const ran = await runPlanned(provided, flow, orders, keep !== 'all');
    const report = { ...ran, series: toSeries(flow) };
    reports[at] = keep === 'failures' && report.outcome === 'pass' ? withoutDetail(report) : report;
    done += 1;
    if (report.outcome === 'fail') failed += 1;
    onProgress(done, failed);
  };
  const accounts = await Promise.all(plan.flows.map((flow) => orders.findAccount(flow)));
  for (const round of toRounds(plan.flows, accounts)) {
    await runRound(provided.context, round, concurrency, run);
  }
  return reports;
}

/** Runs lanes next to each other and the flows of a lane one after the other. */
async function runRound(
  { signal }: Context,
  lanes: readonly Lane[],
  concurrency: number,
  run: (at: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let isOver = false;
  async function worker(): Promise<void> {
    for (let at = next++; at < lanes.length; at = next++) {
      for (const flow of lanes[at] ?? []) {
        if (isOver || signal.aborted) throw new GsacError('cancelled', 'Cancelled.');
        await run(flow);
      }
    }
  }
  const workers = Array.from({ length: Math.min(concurrency, lanes.length) }, () =>
    worker().catch((thrown: unknown) => {
      isOver = true;
      throw thrown;
    }),
  );
  // What one of them threw is thrown once the others have come to an end, too.
  const ends = await Promise.allSettled(workers);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

async function runPlanned(
  provided: Provided,
  flow: PlannedFlow,
  orders: Orders,
  brief: boolean,
): Promise<FlowReport> {
  const { context } = provided;
  const startedAt = context.now();
  let ordered: PlannedOrder | undefined;
  try {
    ordered = await orders.order(flow);
    const { pause } = provided.system;
    return await runFlow(provided, ordered, { shareKeys: true, brief, pause });
  } catch (thrown) {
    if (context.signal.aborted) throw new GsacError('cancelled', 'Cancelled.');
    const error =
      thrown instanceof GsacError ? thrown : new GsacError('unexpected', `${messageOf(thrown)}.`);
    return { ...unfinished(flow, error), startedAt, durationMs: context.now() - startedAt };
  } finally {
    await ordered?.mend();
  }
}

/** The report of a flow that something kept from beginning, or from going on. */
function unfinished(
  { name, beginning, client }: PlannedFlow,
  { code, message, hint }: GsacError,
): Omit<FlowReport, 'startedAt' | 'durationMs'> {
  const seen = maskText(message);
  const check: CheckResult = {
    id: 'flow.run',
    title: 'the flow can run',
    outcome: 'fail',
    expected: beginning.kind === 'account' ? 'a stored account' : 'a code',
    seen,
    error: code,
    causes:
      hint === undefined
        ? []
        : [{ cause: code, likelihood: 'certain', why: seen, fix: [maskText(hint)] }],
    startedMs: 0,
    durationMs: 0,
    requests: [],
  };
  return {
    name: maskText(name),
    kind: beginning.kind,
    clientId: client?.client.clientId ?? '',
    account: null,
    tokenUri: client?.endpoints.token ?? '',
    outcome: 'fail',
    checks: [check],
    requests: [],
    idToken: null,
    grantedScopes: [],
  };
}

/** Names may hold what a person pasted. */
function toSeries({ series }: PlannedFlow): FlowReport['series'] {
  return series && { ...series, name: maskText(series.name) };
}

function withoutDetail(report: FlowReport): FlowReport {
  return { ...report, checks: [], requests: [], idToken: null, grantedScopes: [] };
}
