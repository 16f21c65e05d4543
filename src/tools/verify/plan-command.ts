import type { Command } from 'commander';
import { defaultConcurrency } from '../../accounts/refresh-all.js';
import { readCount } from '../../cli/flags.js';
import type { Output, Runtime } from '../../cli/runtime.js';
import { GsacError } from '../../core/errors.js';
import { toJsonText } from '../../terminal/clean.js';
import { confirm } from '../../terminal/confirm.js';
import type { Style } from '../../terminal/style.js';
import type { Services } from '../../wiring.js';
import type { VerifyReport } from './model.js';
import type { Plan } from './plan/plan.js';
import type { PlanWarning } from './plan/plan-order.js';
import { readPlan } from './plan/read-plan.js';
import { mostFlowsNamed, renderPlan } from './plan/render-plan.js';
import { runPlan } from './plan/run-plan.js';
import { checkReports, type ReportWish, readReportWish, writeReports } from './reports/write.js';

/** The flags of `gsac verify --plan`. */
export interface VerifyPlanOptions {
  /** The plan; `-` for stdin. */
  plan: string;
  /** Undefined where the plan decides. */
  concurrency: number | undefined;
  yes: boolean;
  reports: readonly ReportWish[];
  /** The file of `--har`. */
  har: string | undefined;
}

/** Google keeps a hundred refresh tokens for a person and a client: more at once would end each other. */
const mostAtOnce = 64;

/** The flags that go with a plan, by their names in commander. */
const planFlags: ReadonlySet<string> = new Set(['plan', 'concurrency', 'yes', 'report', 'har']);

/** Declares the flags of plans beside those of one flow. */
export function addPlanOptions(command: Command): Command {
  return command
    .option('--plan <file>', 'run the flows of a plan, YAML or JSON; - for stdin')
    .option(
      '--concurrency <count>',
      `with --plan: how many flows at once (default: the plan’s, else ${defaultConcurrency})`,
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
  run: typeof runVerifyPlan,
): Promise<void> {
  return runtime.stream(command, async (services, output) => {
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
        reports: (Array.isArray(flags['report']) ? flags['report'] : []).map(readReportWish),
        har: typeof flags['har'] === 'string' ? flags['har'] : undefined,
      },
      services,
      output,
    );
  });
}

function refuseFlagsOfOneFlow(command: Command): void {
  const own = command.options.filter(
    (option) =>
      !planFlags.has(option.attributeName()) &&
      command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  const [first] = own;
  const name =
    first?.long ??
    (command.getOptionValueSourceWithGlobals('account') === 'cli' ? '--account' : undefined);
  if (name === undefined) return;
  throw new GsacError('usage', `${name} does not go with --plan.`, {
    hint: 'Write it into the plan; `gsac verify --plan-schema` says how.',
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
  services: Services,
  output: Output,
): Promise<0 | 6> {
  await checkReports(options, services);
  const plan = await readPlan(services, options.plan);
  if (!options.yes) await confirmRevocations(services, plan);
  const startedAt = services.now();
  const { createFlowBar, openProgressLine } = await import('../../terminal/progress.js');
  const line = openProgressLine(services.context, services.system.io);
  const bar = createFlowBar(line, plan.flows.length);
  const warnings: PlanWarning[] = [];
  const flows = await runPlan(services, plan, {
    concurrency: options.concurrency ?? plan.concurrency ?? defaultConcurrency,
    keep: whatToKeep(options, services, plan),
    onProgress: (done, failed) => bar.update(done, failed),
    onWarning(warning) {
      services.notices.warn(warning.message, warning.hint);
      warnings.push(warning);
    },
  }).finally(() => bar.stop());
  const report: VerifyReport = {
    version: services.version,
    plan: plan.name,
    startedAt,
    durationMs: services.now() - startedAt,
    outcome: flows.every(({ outcome }) => outcome === 'pass') ? 'pass' : 'fail',
    flows,
  };
  const outputs = {
    wishes: options,
    warnings,
    render: (style: Style) => renderPlan(report, style),
  };
  return writeReports(report, outputs, services, output);
}

/** Only as much of each flow as somebody is going to read. */
function whatToKeep(
  { reports, har }: VerifyPlanOptions,
  services: Services,
  { flows }: Plan,
): 'all' | 'checks' | 'failures' {
  if (har !== undefined || reports.some(({ format }) => format === 'html')) return 'all';
  const isRead = services.globals.json || reports.length > 0 || flows.length <= mostFlowsNamed;
  return isRead ? 'checks' : 'failures';
}

async function confirmRevocations(services: Services, { flows }: Plan): Promise<void> {
  const accounts = flows.flatMap(({ beginning, expectations }) =>
    beginning.kind === 'account' && expectations.revoke ? [beginning.account] : [],
  );
  if (accounts.length === 0) return;
  const named = accounts.slice(0, 5).join(', ');
  const more = accounts.length > 5 ? ` and ${accounts.length - 5} more` : '';
  const consequence = `The plan revokes stored accounts, which ends the access of every client of the Cloud project to ${named}${more}.`;
  await confirm(services, {
    consequence,
    question: 'Revoke them in the end?',
    refusal: 'Nothing was done.',
  });
}
