import type { Call } from '../http/call.js';
import type { Family } from '../http/paths.js';
import type { GrantType } from '../oauth/token-refusals.js';
import type { SecurityEventDraft } from '../risc/forgeries.js';
import type { KeyRing } from '../state/keys.js';
import type { IdTokenDraft, Issuance } from '../state/model.js';
import type { EmulatorState } from '../state/state.js';

/** Orders a fault: which, how often, for whom. Every other field is a parameter of the fault. */
export interface FaultRequest {
  readonly name: string;
  /** How many requests it hits (1); `Infinity` or `'always'` until it is cleared. */
  readonly times?: number | 'always';
  /** Email: only requests whose code or token belongs to this user. */
  readonly user?: string;
  /** Client id: only requests of this client. */
  readonly client?: string;
  /** Only this path; with a trailing `*` every path that starts so. */
  readonly path?: string;
  /** Only this HTTP method. */
  readonly method?: string;
  readonly [parameter: string]: unknown;
}

/** What every hook of a fault gets beside its own subject. */
export interface FaultContext {
  readonly call: Call;
  readonly fault: FaultRequest;
  readonly state: EmulatorState;
  readonly keys: KeyRing;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly adminPolicyStatus: number;
  /** What the injected fault has to remember from hit to hit; empty at first. */
  readonly memory: Map<string, number>;
}

/** Where a fault acts, and what it does there; most have one of these. */
export interface FaultHooks {
  /** Acts before anything else; may wait or move the clock. */
  before?(context: FaultContext): Promise<void> | void;
  /** Answers instead of the endpoint, so that the request has no effect; undefined lets it through. */
  answer?(context: FaultContext): Response | undefined;
  /** Changes what the token endpoint issues. */
  issue?(context: FaultContext, issuance: Issuance): void;
  /** Changes an ID token before it is signed. */
  idToken?(context: FaultContext, draft: IdTokenDraft): void;
  /** Changes the body of a successful token answer. */
  tokenAnswer?(context: FaultContext, answer: Record<string, unknown>): void;
  /** Changes a security event token before it is signed. */
  securityEvent?(fault: FaultRequest, draft: SecurityEventDraft): void;
  /** Changes the answer of an endpoint, so that the request had its effect. */
  after?(context: FaultContext, response: Response): Promise<Response> | Response;
}

/** What kind of value a parameter of a fault takes; `fields` is a map of names to any values. */
export type FaultParameterKind = 'number' | 'text' | 'list' | 'fields';

/** A parameter of a fault. */
export interface FaultParameter {
  readonly kind: FaultParameterKind;
  /** What it means, with its default in brackets. */
  readonly summary: string;
  /** Of a number: the smallest and the largest that are taken. */
  readonly least?: number;
  readonly most?: number;
  /** Of a number: whether it must be a whole one. */
  readonly whole?: boolean;
  /** The only values that are taken, where they are few. */
  readonly oneOf?: readonly (number | string)[];
  /** Of a text: what it must begin with. */
  readonly begins?: string;
  /** Of a text: whether it must fit into a header. */
  readonly header?: boolean;
}

/** A way to fail that can be ordered. */
export interface FaultDescription {
  readonly name: string;
  /** What happens, in one sentence. */
  readonly summary: string;
  /** What else to know, in whole sentences. */
  readonly detail?: string;
  /** Where this was seen or is documented. */
  readonly source: string;
  /** The error that it answers with, if it is always the same: `invalid_grant: Bad Request`. */
  readonly answers?: string;
  /** Its own parameters, beside those that every fault has. */
  readonly parameters: Readonly<Record<string, FaultParameter>>;
}

/** One way in which Google, or the way to it, goes wrong. */
export interface FaultDefinition
  extends FaultHooks,
    Omit<FaultDescription, 'parameters'>,
    Partial<Pick<FaultDescription, 'parameters'>> {
  /** The parts of Google that it can hit; all of them where this is absent. */
  readonly families?: readonly Family[];
  /** Only token requests of this grant type. */
  readonly grantType?: GrantType | undefined;
  /** Where it hits fewer requests than those: others neither suffer nor count. */
  applies?(call: Call, state: EmulatorState): boolean;
  /** How often it hits where nobody says (1). */
  readonly times?: 'always';
}

/** The rows of a table for parts of Google, which each of them can hit unless it says otherwise. */
export function rowsFor(
  families: readonly Family[],
  rows: readonly FaultDefinition[],
): readonly FaultDefinition[] {
  return rows.map((row) => ({ families, ...row }));
}

/** What a row does that has the token endpoint issue something else. */
export function issues(fields: Partial<Issuance>): FaultHooks {
  return { issue: (_context, issuance) => void Object.assign(issuance, fields) };
}

/** Who faults put in the place of whoever it should be. */
export const OTHER_SUB = '100000000000000000001';
export const OTHER_EMAIL = 'somebody.else@example.net';
/** The client that faults put in the place of the one it should be. */
export const OTHER_CLIENT = '100000000000-another0client.apps.googleusercontent.com';
