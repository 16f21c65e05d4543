import type { KeyRing } from '../state/keys.js';
import type { EmulatorSwitches, IdTokenDraft, Issuance } from '../state/model.js';
import type { EmulatorState } from '../state/state.js';
import type { Call } from './call.js';

/** Where the token endpoint lets faults in; each changes what it is handed in place. */
export interface IssueHooks {
  /** Called when it is decided what is issued. */
  issue(call: Call, issuance: Issuance): void;
  /** Called before an ID token is signed. */
  idToken(call: Call, draft: IdTokenDraft): void;
  /** Called with the body of a successful token answer. */
  tokenAnswer(call: Call, answer: Record<string, unknown>): void;
}

/** What every endpoint works with. */
export interface EmulatorParts {
  readonly state: EmulatorState;
  readonly keys: KeyRing;
  readonly hooks: IssueHooks;
  readonly switches: EmulatorSwitches;
  /** The origin that answers name, without a slash at the end. */
  origin(): string;
}

/** What hono hands to a route: the request, already read. */
export interface EmulatorEnv {
  Bindings: { readonly call: Call };
}
