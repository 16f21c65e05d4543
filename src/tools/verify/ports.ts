import type { ExchangeRequest } from '../../accounts/exchange.js';
import type { BrowserCode, BrowserSignIn, Landing } from '../../cli/browser-options.js';
import type { Provided } from '../../cli/runtime.js';
import type { CodeSource } from '../../core/auth-code.js';
import type { ResolvedClient } from '../../core/client-config.js';

/** A code that a flow begins with, and what its exchange needs. */
export type FlowCode = Omit<ExchangeRequest, 'replay' | 'store'>;

/** What a plan asks of running emulators; an origin tells which. Every method throws GsacError. */
export interface EmulatorPort {
  /** Makes something go wrong, as people write it: `status:status=429,times=2`. */
  order(origin: string, fault: string): Promise<{ id: number }>;
  /** Takes back the fault of an id, if it still is there. */
  clear(origin: string, which: { id: number }): Promise<unknown>;
  /** The faults that are still to come, with how many requests they have hit. */
  activeFaults(origin: string): Promise<readonly { id?: number; hits?: number }[]>;
  /** Signs in as a phone would. */
  signIn(
    origin: string,
    request: {
      clientId: string;
      user: string | undefined;
      scopes: readonly string[];
      source: CodeSource;
      redirectUri: string | undefined;
    },
  ): Promise<{ code: string }>;
  /** Posts a security event to a receiver; `status` is 0 if it did not answer. */
  sendEvent(
    origin: string,
    order: {
      event: string;
      forgery?: string | undefined;
      receiver: string;
      clientId: string;
    },
  ): Promise<readonly { status: number }[]>;
  /** What is wrong with a fault, as the end of a sentence; asks no emulator. */
  refuseFault(fault: string): Promise<string | undefined>;
}

/** What `gsac verify` takes from other tools. */
export interface VerifyPorts {
  emulator(work: Pick<Provided, 'context' | 'google'>): Promise<EmulatorPort>;
  /** Has a person sign in in a browser and hands the code to `use`, which says what the page ends on. */
  signInWithBrowser(
    work: Pick<Provided, 'context' | 'system'>,
    client: ResolvedClient,
    wish: BrowserSignIn,
    use: (code: BrowserCode) => Promise<{ result: FlowCode; landing: Landing }>,
  ): Promise<FlowCode>;
}
