import { dirname } from 'node:path';
import { resolveClient } from '../../../cli/client.js';
import type { ResolvedClient } from '../../../core/client-config.js';
import type { Context } from '../../../core/context.js';
import { GsacError } from '../../../core/errors.js';
import { loadClient } from '../../../files/client-file.js';
import { readNamedFile } from '../../../files/named-file.js';
import type { DocumentPath, LocatedDocument } from '../../../schema/document.js';
import type { VerifyPorts } from '../ports.js';
import type { FlowDocument, Plan, PlanDocument, PlannedFlow } from './plan.js';
import { toPlannedFlow, within } from './plan-flow.js';
import { findContradictions, type PlanProblem } from './plan-problems.js';

/** The longest plan that is read, in bytes; 10,000 flows at length fit. */
const maxPlanBytes = 4_194_304;
const mostFlows = 10_000;

/**
 * Reads a plan and the client files that it names. Nothing is sent, no store is opened, and neither
 * codes nor accounts are looked up.
 *
 * @param path `-` for stdin; then relative paths in it begin at the current folder.
 * @throws {GsacError} exit 2 with file, line and column for whatever is wrong with it.
 */
export async function readPlan(
  context: Context,
  ports: Pick<VerifyPorts, 'refuseFault'>,
  path: string,
): Promise<Plan> {
  const isStdin = path === '-';
  const name = isStdin ? 'stdin' : path;
  const folder = isStdin ? '.' : dirname(path);
  const text = isStdin
    ? await context.readStdin(maxPlanBytes)
    : await readNamedFile(path, 'usage', maxPlanBytes);
  const [{ readDocument }, { planSchema }] = await Promise.all([
    import('../../../schema/read-document.js'),
    import('./plan-schema.js'),
  ]);
  const document = readDocument<PlanDocument>(text, name, planSchema);
  const plan = document.value;
  const problems = [...findContradictions(plan), ...(await findWrongFaults(plan, ports))];
  if (problems.length > 0) throw document.refuse(problems);
  const findClient = createClientFinder(context, document, name, folder);
  const flows: PlannedFlow[] = [];
  const late: PlanProblem[] = [];
  for (const [at, flow] of plan.flows.entries()) {
    const client = await findClient(flow, at);
    const problem = refuseClient(plan, flow, client, at);
    if (problem !== undefined) late.push(problem);
    const planned = toPlannedFlow(plan, flow, client, folder);
    const { repeat = 1 } = flow;
    const series = repeat === 1 ? undefined : { entry: at, name: planned.name };
    for (let count = 1; count <= repeat; count += 1) flows.push({ ...planned, series });
  }
  if (flows.length > mostFlows) {
    late.push({
      path: ['flows'],
      saying: `come to ${flows.length}; at most ${mostFlows} are allowed`,
    });
  }
  if (late.length > 0) throw document.refuse(late);
  return { name: plan.name ?? name, concurrency: plan.concurrency, flows: withUniqueNames(flows) };
}

/** The faults of a plan that there are not, or that take no such thing, in the emulator's own words. */
async function findWrongFaults(
  { flows }: PlanDocument,
  ports: Pick<VerifyPorts, 'refuseFault'>,
): Promise<PlanProblem[]> {
  const problems: PlanProblem[] = [];
  for (const [flow, { sign_in: { faults = [] } = {} }] of flows.entries()) {
    for (const [at, fault] of faults.entries()) {
      const words = await ports.refuseFault(fault);
      if (words === undefined) continue;
      const path = ['flows', flow, 'sign_in', 'faults', at];
      problems.push({ path, saying: `cannot be used: ${words}` });
    }
  }
  return problems;
}

/** The client of a flow, each file read once; undefined for an account that needs none. */
function createClientFinder(
  { globals, prompts, client: ownClient }: Context,
  document: LocatedDocument<PlanDocument>,
  name: string,
  folder: string,
): (flow: FlowDocument, at: number) => Promise<ResolvedClient | undefined> {
  const { client: common, clients = {} } = document.value;
  const read = new Map<string, Promise<ResolvedClient>>();

  async function readClient(file: string, at: DocumentPath): Promise<ResolvedClient> {
    const path = within(folder, file);
    const named = { ...globals, clientFile: path };
    const client = () => loadClient(named);
    const resolved = read.get(path) ?? resolveClient({ globals: named, prompts, client });
    read.set(path, resolved);
    return resolved.catch((thrown: unknown) => {
      if (!(thrown instanceof GsacError)) throw thrown;
      const { line, column } = document.locate(at);
      const { code, message, hint, details } = thrown;
      throw new GsacError(code, `${name}:${line}:${column}: ${message}`, { hint, details });
    });
  }

  let named: Promise<ResolvedClient> | undefined;
  return async (flow, at) => {
    if (flow.client !== undefined) {
      return readClient(clients[flow.client] ?? '', ['clients', flow.client]);
    }
    if (common !== undefined) return readClient(common, ['client']);
    if (flow.account !== undefined) return undefined;
    named ??= resolveClient({ globals, prompts, client: ownClient });
    return named.catch((thrown: unknown) => {
      if (!(thrown instanceof GsacError) || thrown.code !== 'client_required') throw thrown;
      const saying = 'has no client; give the plan one (client: <file>), or use --client';
      throw document.refuse([{ path: ['flows', at], saying }]);
    });
  };
}

function refuseClient(
  { defaults }: PlanDocument,
  { sign_in: signIn }: FlowDocument,
  resolved: ResolvedClient | undefined,
  at: number,
): PlanProblem | undefined {
  if (signIn === undefined || resolved === undefined) return undefined;
  const path = ['flows', at, 'sign_in'];
  if (resolved.endpoints.origin === null) {
    const saying = `needs the client file of an emulator; ${resolved.client.clientId} belongs to Google, which does not sign in test users`;
    return { path, saying };
  }
  const isWeb = (signIn.source ?? defaults?.source) === 'web-redirect';
  if (isWeb && signIn.redirect_uri === undefined && resolved.client.redirectUris.length === 0) {
    return { path, saying: 'needs redirect_uri: the client file names none' };
  }
  return undefined;
}

/** Numbers what would bear the name of another flow; names that the plan gives stay as they are. */
function withUniqueNames(flows: readonly PlannedFlow[]): PlannedFlow[] {
  const counts = new Map<string, number>();
  for (const { name } of flows) counts.set(name, (counts.get(name) ?? 0) + 1);
  const taken = new Set(counts.keys());
  const numbers = new Map<string, number>();
  return flows.map((flow) => {
    if (counts.get(flow.name) === 1) return flow;
    let number = numbers.get(flow.name) ?? 0;
    let name: string;
    do {
      number += 1;
      name = `${flow.name} #${number}`;
    } while (taken.has(name));
    numbers.set(flow.name, number);
    return { ...flow, name };
  });
}
