import type { Call } from './call.js';
import type {
  FaultAction,
  FaultContext,
  FaultDefinition,
  FaultRequest,
  IdTokenDraft,
  Issuance,
} from './fault-model.js';

type Action<S extends FaultAction['stage']> = Extract<FaultAction, { stage: S }>;

interface ActiveFault {
  readonly definition: FaultDefinition;
  readonly fault: FaultRequest;
  remaining: number;
}

/** What a hook gets beside the fault itself. */
export type FaultSurroundings = Omit<FaultContext, 'call' | 'fault'>;

/** An injected fault, as listings show it. */
export interface FaultListing {
  readonly name: string;
  /** How many more requests it hits. */
  readonly remaining: number | 'always';
  readonly fault: FaultRequest;
}

/** Thrown where a fault is ordered that does not exist or makes no sense. */
export class FaultRequestError extends Error {
  override readonly name = 'FaultRequestError';
}

/** Holds the injected faults and applies them at their stages. */
export class FaultBoard {
  readonly #definitions: ReadonlyMap<string, FaultDefinition>;
  readonly #surroundings: FaultSurroundings;
  #active: ActiveFault[] = [];

  constructor(definitions: readonly FaultDefinition[], surroundings: FaultSurroundings) {
    this.#definitions = new Map(definitions.map((one) => [one.name, one]));
    this.#surroundings = surroundings;
  }

  /** Every fault that exists. */
  get definitions(): readonly FaultDefinition[] {
    return [...this.#definitions.values()];
  }

  /** The faults that are still to hit something, oldest first. */
  get active(): readonly FaultListing[] {
    return this.#active.map(({ definition, fault, remaining }) => ({
      name: definition.name,
      remaining: remaining === Number.POSITIVE_INFINITY ? 'always' : remaining,
      fault,
    }));
  }

  /**
   * Injects a fault. Does not check parameters that only the fault itself knows.
   * @throws {FaultRequestError} for an unknown name or a `times` that is no positive number.
   */
  inject(fault: FaultRequest): void {
    const definition = this.#definitions.get(fault.name);
    if (!definition) {
      const known = [...this.#definitions.keys()].join(', ');
      throw new FaultRequestError(`There is no fault "${fault.name}". There are: ${known}`);
    }
    const times = fault.times ?? 1;
    const remaining = times === 'always' ? Number.POSITIVE_INFINITY : times;
    if (typeof remaining !== 'number' || !(remaining > 0)) {
      throw new FaultRequestError('"times" must be a positive number or "always"');
    }
    this.#active.push({ definition, fault, remaining });
  }

  /** Forgets every injected fault, or those of one name. */
  clear(name?: string): void {
    this.#active = name === undefined ? [] : this.#active.filter((a) => a.definition.name !== name);
  }

  /** Runs what happens before a request is looked at. */
  async before(call: Call): Promise<void> {
    for (const [action, context] of this.#fire('before', call)) await action.run(context);
  }

  /** Returns the answer that a fault gives in the endpoint's place. */
  answer(call: Call): Response | undefined {
    for (const [action, context] of this.#fire('answer', call, 1)) return action.run(context);
    return undefined;
  }

  /** Lets faults change what is issued. */
  issue(call: Call, issuance: Issuance): void {
    for (const [action, context] of this.#fire('issue', call)) action.run(context, issuance);
  }

  /** Lets faults change an ID token before it is signed. */
  idToken(call: Call, draft: IdTokenDraft): void {
    for (const [action, context] of this.#fire('id-token', call)) action.run(context, draft);
  }

  /** Lets faults change the body of a successful token answer. */
  tokenAnswer(call: Call, answer: Record<string, unknown>): void {
    for (const [action, context] of this.#fire('token-answer', call)) action.run(context, answer);
  }

  /** Lets faults change a finished answer. @throws what the fault throws: a cut connection. */
  async after(call: Call, response: Response): Promise<Response> {
    let result = response;
    for (const [action, context] of this.#fire('after', call)) {
      result = await action.run(context, result);
    }
    return result;
  }

  #fire<S extends FaultAction['stage']>(
    stage: S,
    call: Call,
    limit = Number.POSITIVE_INFINITY,
  ): [Action<S>, FaultContext][] {
    if (this.#active.length === 0) return [];
    const hits: [Action<S>, FaultContext][] = [];
    for (const active of this.#active) {
      const { definition, fault } = active;
      if (hits.length >= limit) break;
      if (!isAt(definition.action, stage) || !isHit(definition, fault, call)) continue;
      active.remaining -= 1;
      hits.push([definition.action, { ...this.#surroundings, call, fault }]);
    }
    if (hits.length > 0) this.#active = this.#active.filter(({ remaining }) => remaining > 0);
    return hits;
  }
}

function isAt<S extends FaultAction['stage']>(action: FaultAction, stage: S): action is Action<S> {
  return action.stage === stage;
}

function isHit(definition: FaultDefinition, fault: FaultRequest, call: Call): boolean {
  // The emulator's own pages stay reachable, or nobody could clear a fault that hits everything.
  if (call.family === 'emulator') return false;
  if (definition.families && !definition.families.includes(call.family)) return false;
  if (definition.grantType !== undefined && definition.grantType !== call.grantType) return false;
  if (fault.user !== undefined && fault.user !== call.user) return false;
  if (fault.client !== undefined && fault.client !== call.clientId) return false;
  if (fault.method !== undefined && fault.method.toUpperCase() !== call.method) return false;
  if (fault.path === undefined) return true;
  return fault.path.endsWith('*')
    ? call.path.startsWith(fault.path.slice(0, -1))
    : call.path === fault.path;
}
