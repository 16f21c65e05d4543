import type { ExchangeRequest } from '../../accounts/exchange.js';
import type { BrowserCode, BrowserSignIn, Landing } from '../../cli/browser-options.js';
import type { Provided } from '../../cli/runtime.js';
import type { CodeSource } from '../../core/auth-code.js';
import type { ResolvedClient } from '../../core/client-config.js';

/** A code that a flow begins with, and what its exchange needs. */
export type FlowCode = Omit<ExchangeRequest, 'replay' | 'store'>;

/** What is asked of a running emulator. Every method throws GsacError. */
export interface EmulatorPort {
  /** Makes something go wrong, as people write it: `status:status=429,times=2`. */
  order(fault: string): Promise<{ id: number }>;
  /** Takes back the fault of an id, if it still is there. */
  clear(which: { id: number }): Promise<unknown>;
  /** The faults that are still to come, with how many requests they have hit. */
  activeFaults(): Promise<readonly { id: number; hits: number }[]>;
  /** Signs in as a phone would. */
  signIn(request: {
    clientId: string;
    user: string | undefined;
    scopes: readonly string[];
    source: CodeSource;
    redirectUri: string | undefined;
  }): Promise<{ code: string }>;
  /** Posts a security event to a receiver; `status` is 0 if it did not answer. */
  sendEvent(order: {
    event: string;
    forgery?: string | undefined;
    receiver: string;
    clientId: string;
    /** How long the receiver may take. */
    timeoutMs: number;
  }): Promise<readonly { status: number }[]>;
}

/** What `gsac verify` takes from other tools. */
export interface VerifyPorts {
  /** The emulator at an origin. */
  emulator(work: Pick<Provided, 'context' | 'google'>, origin: string): Promise<EmulatorPort>;
  /** What is wrong with a fault, as the end of a sentence; asks no emulator. */
  refuseFault(fault: string): Promise<string | undefined>;
  /** Has a person sign in in a browser and hands the code to `use`, which says what the page ends on. */
  signInWithBrowser(
    work: Pick<Provided, 'context' | 'system'>,
    client: ResolvedClient,
    wish: BrowserSignIn,
    use: (code: BrowserCode) => Promise<{ result: FlowCode; landing: Landing }>,
  ): Promise<FlowCode>;
}
