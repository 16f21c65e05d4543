import type { AccountListing } from '../../accounts/account-index.js';
import type { Accounts } from '../../accounts/accounts.js';
import type { Context } from '../../core/context.js';
import type { GsacError } from '../../core/errors.js';
import type { Machine } from './machine.js';
import type { NamedClient } from './named-client.js';
import type { Reached } from './reach.js';

/** `skipped`: it could not be looked at, or does not matter here. */
export type FindingState = 'ok' | 'warning' | 'error' | 'skipped';

type Facts = Readonly<Record<string, unknown>>;

/** What a check found. Sentences; nothing in them is secret. */
export interface CheckFinding {
  state: FindingState;
  detail: string;
  /** What to do; null where nothing is to be done. */
  fix: string | null;
  /** Facts for `--json`, snake_case, beside the three. */
  facts?: Facts | undefined;
}

/** What the checks look at; what several of them need is asked for once. */
export interface CheckInput {
  context: Context;
  accounts: Accounts;
  machine: Machine;
  /** The stored accounts. */
  listing: () => Promise<AccountListing>;
  /** The client that was named, or why it cannot be used. */
  client: () => Promise<NamedClient>;
  /** What came of asking each endpoint; all are asked at once. */
  reached: () => Promise<readonly Reached[]>;
}

/** One thing that may be wrong on a machine. */
export interface DoctorCheck {
  id: string;
  /** What it looks at and why, a sentence. */
  looksAt: string;
  examine: (input: CheckInput) => CheckFinding | Promise<CheckFinding>;
}

export function ok(detail: string, facts?: Facts): CheckFinding {
  return { state: 'ok', detail, fix: null, facts };
}

export function warning(detail: string, fix: string, facts?: Facts): CheckFinding {
  return { state: 'warning', detail, fix, facts };
}

export function problem(detail: string, fix: string, facts?: Facts): CheckFinding {
  return { state: 'error', detail, fix, facts };
}

/** An error as a finding. @param fix what to do if the error has no hint. */
export function refused({ code, message, hint }: GsacError, fix: string): CheckFinding {
  return problem(message, hint ?? fix, { error_code: code });
}

export function skipped(detail: string): CheckFinding {
  return { state: 'skipped', detail, fix: null };
}
