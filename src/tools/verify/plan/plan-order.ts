import type { Accounts } from '../../../accounts/accounts.js';
import type { ExchangeRequest } from '../../../accounts/exchange.js';
import { chooseAccount } from '../../../accounts/open.js';
import type { AccountRecord } from '../../../core/account.js';
import { GsacError } from '../../../core/errors.js';
import { readNamedFile } from '../../../files/named-file.js';
import type { Services } from '../../../wiring.js';
import type { EmulatorAdmin } from '../../emulator/admin-port.js';
import { orderAccount } from '../order-flow.js';
import type { FlowOrder } from '../run-flow.js';
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
export interface Orders {
  /** The stored account that a flow begins with; undefined for another beginning, or where none is. */
  findAccount(flow: PlannedFlow): Promise<AccountRecord | undefined>;
  /**
   * Makes a flow ready to be run, when its turn has come: codes are read, stores opened.
   *
   * @throws {GsacError} where there is no such account or code, and what the store says.
   */
  order(flow: PlannedFlow): Promise<PlannedOrder>;
}

/**
 * Builds the way from planned flows to their orders. The list of accounts is read once for all, and
 * what is wrong with it is said once.
 *
 * @param warn told of faults that did not happen.
 */
export function createOrders(services: Services, warn: (warning: PlanWarning) => void): Orders {
  let index: ReturnType<Accounts['index']> | undefined;
  const accounts: Accounts = {
    ...services.accounts,
    index() {
      index ??= services.accounts.index().then(listOnce);
      return index;
    },
  };
  const warned = new Set<string>();
  const notices: Services['notices'] = Object.create(services.notices, {
    warn: {
      value: (text: string, hint?: string) => {
        if (!warned.has(text)) services.notices.warn(text, hint);
        warned.add(text);
      },
    },
  });

  const idleFaults = new WeakMap<object, Set<string>>();
  function warnOfIdle(beginning: PlannedBeginning, name: string, fault: string): void {
    // The flows of one entry share its list, and are warned of once.
    const entry = beginning.kind === 'emulator' ? beginning.faults : beginning;
    const said = idleFaults.get(entry) ?? new Set();
    if (said.has(fault)) return;
    idleFaults.set(entry, said.add(fault));
    warn({
      code: 'fault_idle',
      message: `${name}: the fault ${fault} did not happen; it hit no request of the flow.`,
      hint: '`gsac emulator faults` says what each of them hits.',
    });
  }

  /** The services of a flow that begins with this account. */
  function ofAccount(account: string, client: PlannedFlow['client']): Services {
    const { globals } = services;
    const clientId = client?.client.clientId ?? globals.clientId;
    return Object.create(services, {
      globals: { value: { ...globals, account, clientId } },
      accounts: { value: accounts },
      notices: { value: notices },
    });
  }

  async function findAccount({ beginning, client }: PlannedFlow) {
    if (beginning.kind !== 'account') return undefined;
    // Why there is none is said by the flow itself.
    return chooseAccount(ofAccount(beginning.account, client)).catch(() => undefined);
  }

  async function order(flow: PlannedFlow): Promise<PlannedOrder> {
    const { beginning, name, client, expectations, keep } = flow;
    if (beginning.kind === 'account') {
      const own = ofAccount(beginning.account, client);
      return { ...(await orderAccount(own, expectations)), name, mend: async () => undefined };
    }
    if (client === undefined) throw new Error('a planned flow without its client');
    const origin = client.endpoints.origin ?? '';
    const planted: PlantedFault[] = [];
    const obtain =
      beginning.kind === 'code'
        ? await readCode(services, beginning)
        : async (recording: Services) => {
            await plant(services, origin, client.client.clientId, beginning, planted);
            return signIn(recording, origin, client.client.clientId, beginning);
          };
    return {
      name,
      ...client,
      beginning: {
        kind: beginning.kind,
        obtain,
        keep,
        user: beginning.kind === 'emulator' ? beginning.user : undefined,
      },
      expectations,
      async mend() {
        if (planted.length === 0) return;
        const admin = await services.withSignal(new AbortController().signal).emulatorAdmin();
        const idle = services.signal.aborted ? [] : await findIdle(admin, origin, planted);
        for (const { fault } of idle) warnOfIdle(beginning, name, fault);
        await takeBack(admin, origin, planted);
      },
    };
  }

  return { findAccount, order };
}

async function listOnce(
  index: Awaited<ReturnType<Accounts['index']>>,
): ReturnType<Accounts['index']> {
  const list = await index.list();
  return Object.create(index, { list: { value: async () => list } });
}

type Obtain = (services: Services) => Promise<Omit<ExchangeRequest, 'replay' | 'store'>>;

async function readCode(
  services: Services,
  { from, source, redirectUri, codeVerifier }: Extract<PlannedBeginning, { kind: 'code' }>,
): Promise<Obtain> {
  const pasted =
    'env' in from
      ? readVariable(services, from.env)
      : (await readNamedFile(from.file, 'usage')).replace(/\r?\n$/, '');
  const verifier =
    codeVerifier === undefined ? undefined : readVariable(services, codeVerifier.env);
  return async () => ({ pasted, source, redirectUri, codeVerifier: verifier });
}

function readVariable(services: Services, name: string): string {
  const value = services.variable(name);
  if (value !== undefined && value !== '') return value;
  throw new GsacError('usage', `The variable ${name} is not set.`, {
    hint: `Set ${name} where the plan is run.`,
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
  services: Services,
  origin: string,
  clientId: string,
  { user, faults }: EmulatorBeginning,
  planted: PlantedFault[],
): Promise<void> {
  if (faults.length === 0) return;
  const admin = await services.emulatorAdmin();
  const aim = user === undefined ? `client=${clientId}` : `user=${user}`;
  for (const fault of faults) {
    planted.push({ id: (await admin.order(origin, aimed(fault, aim))).id, fault });
  }
}

async function takeBack(
  admin: EmulatorAdmin,
  origin: string,
  planted: readonly PlantedFault[],
): Promise<void> {
  // An emulator that is gone has forgotten them.
  for (const { id } of planted) await admin.clear(origin, { id }).catch(() => undefined);
}

/** Those that hit nothing, as far as the emulator says. */
async function findIdle(
  admin: EmulatorAdmin,
  origin: string,
  planted: readonly PlantedFault[],
): Promise<readonly PlantedFault[]> {
  const active = await admin.activeFaults(origin).catch(() => []);
  const idle = new Set(active.flatMap(({ id, hits }) => (hits === 0 ? [id] : [])));
  return planted.filter(({ id }) => idle.has(id));
}

async function signIn(
  recording: Services,
  origin: string,
  clientId: string,
  { user, scopes, source, redirectUri }: EmulatorBeginning,
): ReturnType<Obtain> {
  const wish = { origin, clientId, user, scopes, source, redirectUri };
  const { code } = await recording.signInAtEmulator(wish);
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
