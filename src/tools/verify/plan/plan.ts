import type { CodeSource } from '../../../core/auth-code.js';
import type { ResolvedClient } from '../../../core/client-config.js';
import type { ExpectedFailure, FlowExpectations } from '../expectations.js';
import type { Series } from '../model.js';

/** A plan as it is written, once it fits its schema; `gsac verify --plan-schema` explains the keys. */
export interface PlanDocument {
  readonly version: 1;
  readonly name?: string;
  readonly client?: string;
  readonly clients?: Readonly<Record<string, string>>;
  readonly defaults?: {
    readonly expect?: ExpectDocument;
    readonly scopes?: ScopesDocument;
    readonly source?: CodeSource;
  };
  readonly concurrency?: number;
  readonly flows: readonly FlowDocument[];
}

/** Scopes as they are written: one text or a list. */
export type ScopesDocument = string | readonly string[];

/** One entry of `flows`. */
export interface FlowDocument {
  readonly name?: string;
  readonly client?: string;
  readonly account?: string;
  readonly code?: { readonly env?: string; readonly file?: string };
  readonly source?: CodeSource;
  readonly redirect_uri?: string;
  readonly code_verifier?: { readonly env: string };
  readonly sign_in?: {
    readonly user?: string;
    readonly scopes?: ScopesDocument;
    readonly source?: CodeSource;
    readonly redirect_uri?: string;
    readonly faults?: readonly string[];
  };
  readonly expect?: ExpectDocument;
  readonly replay?: boolean;
  readonly revoke?: boolean;
  readonly keep?: boolean;
  readonly repeat?: number;
}

/** The entries of `expect`. */
export interface ExpectDocument {
  readonly scopes?: ScopesDocument;
  readonly extra_scopes?: boolean;
  readonly sub?: string;
  readonly email?: string;
  readonly hosted_domain?: string;
  readonly email_verified?: boolean;
  readonly expiring_grant?: boolean;
  readonly clock_tolerance_seconds?: number;
  readonly failure?: ExpectedFailure | readonly ExpectedFailure[];
}

/** A plan that has been read and found whole. */
export interface Plan {
  /** Its name, else its file's. */
  readonly name: string;
  /** How many flows at once; undefined where it does not say. */
  readonly concurrency: number | undefined;
  /** In the order of the plan, repeated ones each by themselves. */
  readonly flows: readonly PlannedFlow[];
}

/** Where a planned flow begins. */
export type PlannedBeginning =
  | { readonly kind: 'account'; readonly account: string }
  | {
      readonly kind: 'code';
      readonly from: { readonly env: string } | { readonly file: string };
      readonly source: CodeSource;
      readonly redirectUri: string | undefined;
      readonly codeVerifier: { readonly env: string } | undefined;
    }
  | {
      readonly kind: 'emulator';
      readonly user: string | undefined;
      readonly scopes: readonly string[];
      readonly source: CodeSource;
      readonly redirectUri: string | undefined;
      /** As people write them: `status:status=429,times=2`. */
      readonly faults: readonly string[];
    };

/** A flow of a plan that is still to begin. */
export interface PlannedFlow {
  readonly name: string;
  /** Of one that repeats an entry of the plan. */
  readonly series?: Series | undefined;
  /** Undefined for a stored account alone, which brings its own. */
  readonly client: ResolvedClient | undefined;
  readonly beginning: PlannedBeginning;
  readonly keep: boolean;
  readonly expectations: FlowExpectations;
}
