import { chooseAccount, type Opening } from '../../../accounts/open.js';
import type { Provided } from '../../../cli/runtime.js';
import type { AccountRecord } from '../../../core/account.js';
import type { Context } from '../../../core/context.js';
import { GsacError } from '../../../core/errors.js';
import { once } from '../../../core/promises.js';
import { readNamedFile } from '../../../files/named-file.js';
import type { Google } from '../../../google/google.js';
import { orderAccount } from '../order-flow.js';
import type { EmulatorPort, FlowCode, VerifyPorts } from '../ports.js';
import type { FlowOrder } from '../stages/stage.js';
import type { PlannedBeginning, PlannedFlow } from './plan.js';

/** Something about a plan that a person should know, whatever its flows came to. */
export interface PlanWarning {
  code: 'fault_idle';
  message: string;
  hint: string;
}

/** A flow of a plan that is ready to be run. */
export interface PlannedOrder extends FlowOrder {
  /**
   * Takes back what the flow has planted, when it is over; when the person has cancelled, too. Faults
   * of the same name that are not its own stay. Warns of those that hit nothing, once for each entry
   * of the plan: what they were to show was not tried.
   */
  mend(): Promise<void>;
}

/** What turns the flows of a plan into orders. */
export type Orders = ReturnType<typeof createOrders>;

/**
 * Builds the way from planned flows to their orders. The list of accounts is read once for all, and
 * what is wrong with it is said once.
 *
 * @param warn told of faults that did not happen.
 */
export function createOrders(
  provided: Provided,
  ports: VerifyPorts,
  warn: (warning: PlanWarning) => void,
) {
  const { context } = provided;
  const openingOf = createOpenings(provided);
  const idleFaults = new WeakMap<object, Set<string>>();

  function warnOfIdle(beginning: EmulatorBeginning, name: string, fault: string): void {
    // The flows of one entry share its list, and are warned of once.
    const said = idleFaults.get(beginning.faults) ?? new Set();
    if (said.has(fault)) return;
    idleFaults.set(beginning.faults, said.add(fault));
    warn({
      code: 'fault_idle',
      message: `${name}: the fault ${fault} did not happen: it hit no request of the flow.`,
      hint: 'To see what a fault hits, run `gsac emulator faults`.',
    });
  }

  /** The stored account that a flow begins with; undefined for another beginning, or where none is. */
  async function findAccount(flow: PlannedFlow): Promise<AccountRecord | undefined> {
    const { beginning, client } = flow;
    if (beginning.kind !== 'account') return undefined;
    // Why there is none is said by the flow itself.
    return chooseAccount(openingOf(beginning.account, client)).catch(() => undefined);
  }

  /**
   * Makes a flow ready to be run, when its turn has come: codes are read, stores opened.
   *
   * @throws {GsacError} where there is no such account or code, and what the store says.
   */
  async function order(flow: PlannedFlow): Promise<PlannedOrder> {
    const { beginning, name, client, expectations, keep } = flow;
    if (beginning.kind === 'account') {
      const opening = openingOf(beginning.account, client);
      const ordered = await orderAccount(opening, expectations);
      return { ...ordered, name, isPlanned: true, mend: async () => undefined };
    }
    if (client === undefined) throw new Error('a planned flow without its client');
    const base = { name, ...client, expectations, isPlanned: true };
    if (beginning.kind === 'code') {
      const code = await readCode(context, beginning);
      const obtain = async () => code;
      return { ...base, beginning: { kind: 'code', obtain, keep }, mend: async () => undefined };
    }
    const origin = client.endpoints.origin ?? '';
    const { clientId } = client.client;
    const planted: PlantedFault[] = [];
    const obtain = async (google: Google) => {
      if (beginning.faults.length > 0) {
        await plant(await ports.emulator(provided, origin), clientId, beginning, planted);
      }
      return signIn(await ports.emulator({ context, google }, origin), clientId, beginning);
    };
    return {
      ...base,
      beginning: { kind: 'emulator', obtain, keep, user: beginning.user },
      async mend() {
        if (planted.length === 0) return;
        const uncancelled = provided.withSignal(new AbortController().signal);
        const emulator = await ports.emulator(uncancelled, origin);
        const idle = context.signal.aborted ? [] : await findIdle(emulator, planted);
        for (const { fault } of idle) warnOfIdle(beginning, name, fault);
        // An emulator that is gone has forgotten them.
        for (const { id } of planted) await emulator.clear({ id }).catch(() => undefined);
      },
    };
  }

  return { findAccount, order };
}

/** What each flow opens its account with: the one list of accounts, and its warnings once for all. */
function createOpenings({
  context,
  accounts,
}: Provided): (account: string, client: PlannedFlow['client']) => Opening {
  const index = once(async () => {
    const opened = await accounts.index();
    const listing = await opened.list();
    return { ...opened, list: async () => listing };
  });
  const warned = new Set<string>();
  const notices = {
    warn(text: string, hint?: string) {
      if (!warned.has(text)) context.notices.warn(text, hint);
      warned.add(text);
    },
  };
  return (account, client) => {
    const { clientFrom } = context.globals;
    const globals = { ...context.globals, account, clientFrom: client ? 'the plan' : clientFrom };
    const named = async () => client ?? context.client();
    return { context: { globals, client: named, notices }, accounts: { ...accounts, index } };
  };
}

async function readCode(
  context: Context,
  { from, source, redirectUri, codeVerifier }: Extract<PlannedBeginning, { kind: 'code' }>,
): Promise<FlowCode> {
  const pasted =
    'env' in from
      ? readVariable(context, from.env)
      : (await readNamedFile(from.file, 'usage')).replace(/\r?\n$/, '');
  const verifier = codeVerifier && readVariable(context, codeVerifier.env);
  return { pasted, source, redirectUri, codeVerifier: verifier };
}

function readVariable({ variable }: Context, name: string): string {
  const value = variable(name);
  if (value !== undefined && value !== '') return value;
  throw new GsacError('usage', `The variable ${name} is not set.`, {
    hint: `Set ${name} in the environment in which you run the plan.`,
  });
}

type EmulatorBeginning = Extract<PlannedBeginning, { kind: 'emulator' }>;

/** A fault at the emulator, with the words of the plan. */
interface PlantedFault {
  readonly id: number;
  readonly fault: string;
}

/** Plants the flow's faults, which hit this user alone. @param planted gets them. */
async function plant(
  emulator: EmulatorPort,
  clientId: string,
  { user, faults }: EmulatorBeginning,
  planted: PlantedFault[],
): Promise<void> {
  const aim = user === undefined ? `client=${clientId}` : `user=${user}`;
  for (const fault of faults) {
    planted.push({ id: (await emulator.order(aimed(fault, aim))).id, fault });
  }
}

/** Those that hit nothing, as far as the emulator says. */
async function findIdle(
  emulator: EmulatorPort,
  planted: readonly PlantedFault[],
): Promise<readonly PlantedFault[]> {
  const active = await emulator.activeFaults().catch(() => []);
  const idle = new Set(active.flatMap(({ id, hits }) => (hits === 0 ? [id] : [])));
  return planted.filter(({ id }) => idle.has(id));
}

async function signIn(
  emulator: EmulatorPort,
  clientId: string,
  { user, scopes, source, redirectUri }: EmulatorBeginning,
): Promise<FlowCode> {
  const { code } = await emulator.signIn({ clientId, user, scopes, source, redirectUri });
  return {
    pasted: code,
    source,
    ...(source === 'web-redirect' ? { redirectUri } : {}),
    requestedScopes: scopes,
  };
}

/** A fault that does not say itself whom it hits is told. */
function aimed(fault: string, aim: string): string {
  if (/[:,]\s*(user|client|path)\s*=/.test(fault)) return fault;
  return `${fault}${fault.includes(':') ? ',' : ':'}${aim}`;
}
