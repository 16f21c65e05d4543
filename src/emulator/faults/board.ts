import type { Call } from '../http/call.js';
import { ANONYMOUS } from '../http/paths.js';
import { listNames } from '../names.js';
import type { SecurityEventDraft } from '../risc/forgeries.js';
import type { EmulatorUser, IdTokenDraft, Issuance } from '../state/model.js';
import type { EmulatorState } from '../state/state.js';
import { FAULTS, FAULTS_BY_NAME } from './faults.js';
import type {
  FaultContext,
  FaultDefinition,
  FaultDescription,
  FaultHooks,
  FaultRequest,
} from './model.js';
import { checkParameters, FaultRequestError } from './parameters.js';
import { didYouMean, suggestFaults } from './suggest.js';
import { parseFault } from './text.js';

interface ActiveFault {
  readonly id: number;
  readonly definition: FaultDefinition;
  readonly fault: FaultRequest;
  readonly memory: Map<string, number>;
  remaining: number;
  hits: number;
}

/** What a hook gets beside the fault itself. */
export type FaultSurroundings = Omit<FaultContext, 'call' | 'fault' | 'memory'>;

/** An injected fault, as listings show it. */
export interface FaultListing {
  /** Tells it from others of its name; never given twice by one emulator. */
  readonly id: number;
  readonly name: string;
  /** How many more requests it hits. */
  readonly remaining: number | 'always';
  /** How many it has hit. */
  readonly hits: number;
  readonly fault: FaultRequest;
}

/**
 * Holds an order against the faults that there are. Does not check that its user and its client exist.
 * @throws {FaultRequestError} for a name, a parameter or a value that does not exist.
 */
export function checkFault(order: FaultRequest): {
  definition: FaultDefinition;
  fault: FaultRequest;
} {
  const definition = definitionOf(order.name);
  return { definition, fault: checkParameters(definition, order) };
}

function definitionOf(name: string): FaultDefinition {
  const definition = FAULTS_BY_NAME.get(name);
  if (definition) return definition;
  const meant = didYouMean(suggestFaults(name));
  throw new FaultRequestError(`There is no fault "${name.slice(0, 80)}"${meant}`);
}

/** Describes a fault for listings. @throws {FaultRequestError} if there is none of that name. */
export function describeFault(name: string): FaultDescription {
  const { summary, detail, answers, source, parameters = {} } = definitionOf(name);
  return {
    name,
    summary,
    ...(detail === undefined ? {} : { detail }),
    ...(answers === undefined ? {} : { answers }),
    source,
    parameters,
  };
}

/** Holds the injected faults and applies them at their stages. */
export class FaultBoard {
  readonly #surroundings: FaultSurroundings;
  #active: ActiveFault[] = [];
  #lastId = 0;

  constructor(surroundings: FaultSurroundings) {
    this.#surroundings = surroundings;
  }

  /** The faults that are still to hit something, oldest first. */
  get active(): readonly FaultListing[] {
    return this.#active.map(({ id, definition, fault, remaining, hits }) => ({
      id,
      name: definition.name,
      remaining: remaining === Number.POSITIVE_INFINITY ? 'always' : remaining,
      hits,
      fault,
    }));
  }

  /**
   * Injects a fault and returns its id. Does not check that its user and its client exist.
   * @throws {FaultRequestError} for a name, a parameter or a value that does not exist.
   */
  inject(order: FaultRequest): number {
    const { definition, fault } = checkFault(order);
    const times = fault.times ?? definition.times ?? 1;
    const remaining = times === 'always' ? Number.POSITIVE_INFINITY : times;
    this.#lastId += 1;
    const id = this.#lastId;
    this.#active.push({ id, definition, fault, remaining, hits: 0, memory: new Map() });
    return id;
  }

  /**
   * Injects a fault as people write it: as text, or with a user and a client that must exist.
   * @throws {FaultRequestError} as {@link inject}, and for whom nobody knows.
   */
  order(order: FaultRequest | string): number {
    const fault = typeof order === 'string' ? parseFault(order) : order;
    const { state } = this.#surroundings;
    const { user, client } = fault;
    if (user !== undefined && !state.findAccount(user) && !state.findSub(user)) {
      throw unknown('user', user, state.users);
    }
    if (client !== undefined && !state.findClient(client)) {
      throw unknown('client', client, state.clients);
    }
    return this.inject(fault);
  }

  /** What may be injected, for listings. */
  get catalogue(): readonly FaultDescription[] {
    return FAULTS.map(({ name }) => describeFault(name));
  }

  /**
   * Forgets every injected fault, those of one name, or the one of an id, if it still is there.
   * @throws {FaultRequestError} for a name that no fault has.
   */
  clear(which?: string | number): void {
    if (typeof which === 'string') definitionOf(which);
    this.#active = this.#active.filter(
      ({ id, definition }) => which !== undefined && which !== id && which !== definition.name,
    );
  }

  /** Runs what happens before a request is looked at. */
  async before(call: Call): Promise<void> {
    for (const [fault, context] of this.#hit('before', call)) await fault.before?.(context);
  }

  /** Returns the answer that a fault gives in the endpoint's place. */
  answer(call: Call): Response | undefined {
    for (const active of [...this.#active]) {
      if (!this.#isHit(active, 'answer', call)) continue;
      const answer = active.definition.answer?.(this.#contextOf(active, call));
      if (answer === undefined) continue;
      this.#spend([active]);
      return answer;
    }
    return undefined;
  }

  /** Lets faults change what is issued. */
  issue(call: Call, issuance: Issuance): void {
    for (const [fault, context] of this.#hit('issue', call)) fault.issue?.(context, issuance);
  }

  /** Lets faults change an ID token before it is signed. */
  idToken(call: Call, draft: IdTokenDraft): void {
    for (const [fault, context] of this.#hit('idToken', call)) fault.idToken?.(context, draft);
  }

  /** Lets faults change the body of a successful token answer. */
  tokenAnswer(call: Call, answer: Record<string, unknown>): void {
    for (const [fault, context] of this.#hit('tokenAnswer', call)) {
      fault.tokenAnswer?.(context, answer);
    }
  }

  /** Lets faults change a security event of a user for a client. */
  securityEvent(user: EmulatorUser, clientId: string, draft: SecurityEventDraft): void {
    const hits = this.#active.filter(
      ({ definition, fault }) =>
        definition.securityEvent !== undefined &&
        (fault.user === undefined || isNamed(fault.user, user)) &&
        (fault.client === undefined || fault.client === clientId),
    );
    this.#spend(hits);
    for (const { definition, fault } of hits) definition.securityEvent?.(fault, draft);
  }

  /** Lets faults change a finished answer. @throws what the fault throws: a cut connection. */
  async after(call: Call, response: Response): Promise<Response> {
    let result = response;
    for (const [fault, context] of this.#hit('after', call)) {
      result = (await fault.after?.(context, result)) ?? result;
    }
    return result;
  }

  /** The faults that a request meets at a hook; each has hit once more. */
  #hit(hook: keyof FaultHooks, call: Call): [FaultHooks, FaultContext][] {
    const hits = this.#active.filter((active) => this.#isHit(active, hook, call));
    this.#spend(hits);
    return hits.map((active) => [active.definition, this.#contextOf(active, call)]);
  }

  #isHit({ definition, fault }: ActiveFault, hook: keyof FaultHooks, call: Call): boolean {
    return (
      definition[hook] !== undefined && isHit(definition, fault, call, this.#surroundings.state)
    );
  }

  #contextOf({ fault, memory }: ActiveFault, call: Call): FaultContext {
    return { ...this.#surroundings, call, fault, memory };
  }

  #spend(hits: readonly ActiveFault[]): void {
    if (hits.length === 0) return;
    for (const hit of hits) {
      hit.remaining -= 1;
      hit.hits += 1;
    }
    this.#active = this.#active.filter(({ remaining }) => remaining > 0);
  }
}

function unknown(what: string, name: string, known: ReadonlyMap<string, unknown>): Error {
  return new FaultRequestError(`There is no ${what} "${name.slice(0, 80)}"; ${listNames(known)}`);
}

function isHit(
  definition: FaultDefinition,
  fault: FaultRequest,
  call: Call,
  state: EmulatorState,
): boolean {
  // The emulator's own pages stay reachable, or nobody could clear a fault that hits everything.
  if (call.family === 'emulator') return false;
  if (definition.families && !definition.families.includes(call.family)) return false;
  if (definition.grantType !== undefined && definition.grantType !== call.grantType) return false;
  if (!isAnonymous(definition) && !isOf(fault, call, state)) return false;
  if (fault.method !== undefined && fault.method.toUpperCase() !== call.method) return false;
  if (fault.path !== undefined && !isPath(fault.path, call.path)) return false;
  return definition.applies?.(call, state) ?? true;
}

/** What is asked of nobody in particular hits whoever asks, for whom it was ordered or not. */
function isAnonymous({ families }: FaultDefinition): boolean {
  return families?.every((family) => ANONYMOUS.includes(family)) === true;
}

function isOf({ user, client }: FaultRequest, call: Call, state: EmulatorState): boolean {
  if (user !== undefined && !isUser(user, call, state)) return false;
  return client === undefined || client === call.clientId;
}

function isUser(emailOrSub: string, { user }: Call, state: EmulatorState): boolean {
  if (user === undefined) return false;
  return isNamed(emailOrSub, state.findUser(user) ?? { email: user });
}

function isNamed(emailOrSub: string, { email, sub }: { email: string; sub?: string }): boolean {
  return email.toLowerCase() === emailOrSub.toLowerCase() || sub === emailOrSub;
}

function isPath(wanted: string, path: string): boolean {
  return wanted.endsWith('*') ? path.startsWith(wanted.slice(0, -1)) : path === wanted;
}
