import type { FaultBoard } from '../faults/board.js';
import type { KeyRing } from '../state/keys.js';
import type { EmulatorSwitches } from '../state/model.js';
import type { EmulatorState } from '../state/state.js';
import type { AdminGuard } from './admin-guard.js';
import type { Call } from './call.js';

/** What every endpoint works with. */
export interface World {
  readonly state: EmulatorState;
  readonly keys: KeyRing;
  readonly faults: FaultBoard;
  readonly switches: EmulatorSwitches;
  /** The origin that answers name, without a slash at the end. */
  origin(): string;
}

/** What hono hands to a route: the request, already read; a guard where it came over a port. */
export interface EmulatorEnv {
  Bindings: { readonly call: Call; readonly guard?: AdminGuard };
}
