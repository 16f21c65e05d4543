import type { Command } from 'commander';
import { defaultConcurrency } from '../../accounts/refresh-all.js';
import { readCount } from '../../cli/flags.js';
import type { Output, Provided, Runtime } from '../../cli/runtime.js';
import type { Context } from '../../core/context.js';
import { some } from '../../core/counting.js';
import { GsacError } from '../../core/errors.js';
import { toJsonText } from '../../terminal/clean.js';
import { confirm } from '../../terminal/confirm.js';
import type { Style } from '../../terminal/style.js';
import type { VerifyReport } from './model.js';
import type { Plan } from './plan/plan.js';
import { readPlan } from './plan/read-plan.js';
import { mostFlowsNamed, renderPlan } from './plan/render-plan.js';
import { runPlan } from './plan/run-plan.js';
import type { VerifyPorts } from './ports.js';
import { findGiven } from './refused-options.js';
import type { ReportWarning } from './reports/json.js';
import { checkReports, type ReportWishes, readReports, writeReports } from './reports/write.js';
import { type Revocation, warnOfStoredAccounts } from './stored-accounts.js';

/** The flags of `gsac verify --plan`. */
export interface VerifyPlanOptions extends ReportWishes {
  /** The plan; `-` for stdin. */
  plan: string;
  /** Undefined where the plan decides. */
  concurrency: number | undefined;
  yes: boolean;
}

/** Google keeps 100 refresh tokens for a person and a client: more at once would end each other. */
const mostAtOnce = 64;

/** The flags that go with a plan, by their names in commander. */
const planFlags = ['plan', 'concurrency', 'yes', 'report', 'har'];

/** Declares the flags of plans beside those of one flow. */
export function addPlanOptions(command: Command): Command {
  return command
    .option('--plan <file>', 'run the flows of a plan (YAML or JSON); - for stdin')
    .option(
      '--concurrency <count>',
      `with --plan: how many flows run at once (default: the plan’s, else ${defaultConcurrency})`,
    )
    .option('--plan-schema', 'print the JSON Schema of plans, for editors');
}

/** Whether a call is about a plan; then {@link callPlan} runs it. */
export function isPlanCall(command: Command): boolean {
  const { plan, planSchema, concurrency } = command.opts();
  if (concurrency !== undefined && plan === undefined) {
    throw new GsacError('usage', '--concurrency goes with --plan.');
  }
  return plan !== undefined || planSchema === true;
}

/** Runs a call that is about a plan. */
export function callPlan(
  runtime: Runtime,
  command: Command,
  ports: VerifyPorts,
  run: typeof runVerifyPlan,
): Promise<void> {
  return runtime.stream(command, async (provided, output) => {
    const flags = command.opts();
    if (flags['planSchema'] === true) {
      const { planSchema } = await import('./plan/plan-schema.js');
      await output.write(`${toJsonText(planSchema, 2)}\n`);
      return 0;
    }
    refuseFlagsOfOneFlow(command);
    const { concurrency } = flags;
    return run(
      {
        plan: String(flags['plan']),
        concurrency:
          concurrency === undefined
            ? undefined
            : readCount(String(concurrency), '--concurrency', { least: 1, most: mostAtOnce }),
        yes: flags['yes'] === true,
        ...readReports(flags),
      },
      provided,
      output,
      ports,
    );
  });
}

function refuseFlagsOfOneFlow(command: Command): void {
  const name =
    findGiven(command, planFlags) ??
    (command.getOptionValueSourceWithGlobals('account') === 'cli' ? '--account' : undefined);
  if (name === undefined) return;
  throw new GsacError('usage', `${name} does not go with --plan.`, {
    hint: 'Write it into the plan. `gsac verify --plan-schema` describes the keys.',
  });
}

/**
 * Verifies the flows of a plan and writes the reports.
 *
 * @returns 6 where a flow failed, or a report could not be written.
 * @throws {GsacError} 2 for the plan, before anything is sent; 130, once no flow is under way.
 */
export async function runVerifyPlan(
  options: VerifyPlanOptions,
  provided: Provided,
  output: Output,
  ports: VerifyPorts,
): Promise<0 | 6> {
  const { context, system } = provided;
  await checkReports(options, context);
  const plan = await readPlan(context, ports, options.plan);
  const warned = await warnOfStoredAccounts(provided, toRevocations(plan));
  if (!options.yes) await confirmRevocations(context, plan);
  const startedAt = context.now();
  const { createFlowBar, openProgressLine } = await import('../../terminal/progress.js');
  const bar = createFlowBar(openProgressLine(context, system.io), plan.flows.length);
  const warnings: ReportWarning[] = [...warned];
  const flows = await runPlan(provided, ports, plan, {
    concurrency: options.concurrency ?? plan.concurrency ?? defaultConcurrency,
    keep: whatToKeep(options, context, plan),
    onProgress: (done, failed) => bar.update(done, failed),
    onWarning(warning) {
      context.notices.warn(warning.message, warning.hint);
      warnings.push(warning);
    },
  }).finally(() => bar.stop());
  const run = { plan: plan.name, startedAt, flows, warnings };
  const render = (report: VerifyReport, style: Style) =>
    renderPlan(report, style, context.globals.verbose);
  return writeReports(run, options, render, context, output);
}

/** Only as much of each flow as somebody is going to read. */
function whatToKeep(
  { reports, har }: VerifyPlanOptions,
  { globals }: Context,
  { flows }: Plan,
): 'all' | 'checks' | 'failures' {
  if (har !== undefined || reports.some(({ format }) => format === 'html')) return 'all';
  const isRead = globals.json || reports.length > 0 || flows.length <= mostFlowsNamed;
  return isRead ? 'checks' : 'failures';
}

/** What the flows of a plan revoke at the end. */
function toRevocations({ flows }: Plan): Revocation[] {
  return flows.flatMap(({ beginning, client, expectations }) => {
    if (!expectations.revoke) return [];
    const user = beginning.kind === 'emulator' ? beginning.user : undefined;
    return {
      clientId: client?.client.clientId,
      email: user?.includes('@') ? user : expectations.email,
      account: beginning.kind === 'account' ? beginning.account : undefined,
    };
  });
}

async function confirmRevocations(context: Context, { flows }: Plan): Promise<void> {
  const accounts = flows.flatMap(({ beginning, expectations }) =>
    beginning.kind === 'account' && expectations.revoke ? [beginning.account] : [],
  );
  if (accounts.length === 0) return;
  await confirm(context, {
    consequence: `The plan revokes stored accounts, which ends the access of every client of the Cloud project to ${some(accounts, 5)}.`,
    question: 'Revoke them at the end?',
    act: 'run',
  });
}
