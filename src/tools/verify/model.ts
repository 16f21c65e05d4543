import type { Diagnosis } from '../../core/diagnosis.js';
import type { ErrorCode } from '../../core/errors.js';
import type { HttpRecord } from '../../core/http-record.js';
import type { Verdict } from '../../core/id-token.js';

/** What became of a check: one that could not run, or was not asked for, is a `skip` and no pass. */
export type CheckOutcome = 'pass' | 'fail' | 'skip';

/**
 * Why a check did not run: nobody asked for it, it has no subject in this flow (no ID token without
 * `openid`), or what it needs failed before.
 */
export type SkipKind = 'not_asked' | 'not_applicable' | 'blocked';

/** A likely cause of a failure. */
export type Cause = Pick<Diagnosis, 'cause' | 'likelihood' | 'why' | 'fix'>;

/** One check of a flow. Nothing in it is secret: codes and tokens are masked. */
export interface CheckResult {
  /** Stable, `<subject>.<aspect>`: `refresh.identity`. Scripts and plans name checks by it. */
  readonly id: string;
  /** What is right when it passes, as a phrase: `the refresh keeps the identity`. */
  readonly title: string;
  readonly outcome: CheckOutcome;
  readonly expected: string;
  /** What was seen; of a skip, why it did not run. */
  readonly seen: string;
  readonly skip?: SkipKind | undefined;
  /** Of a check that is blocked by the failure of another: that one's id. */
  readonly blockedBy?: string | undefined;
  /** Of a failure that has a name in the closed list of error codes: that code. */
  readonly error?: ErrorCode;
  /** The server's own `error`, where it refused with one. */
  readonly refusal?: string | undefined;
  /** Likely causes of a failure, the likeliest first. */
  readonly causes?: readonly Cause[] | undefined;
  /** Milliseconds from the start of the flow. */
  readonly startedMs: number;
  /** What its requests took, in milliseconds; 0 where it looks at what an earlier one brought. */
  readonly durationMs: number;
  /** Which of the flow's requests it made, as indices. */
  readonly requests: readonly number[];
}

/** Where a flow begins. */
export type FlowKind = 'code' | 'account' | 'browser' | 'emulator';

/** An entry of a plan that is run several times. */
export interface Series {
  /** Which entry of the plan, from 0. */
  readonly entry: number;
  readonly name: string;
}

/** What one flow came to. */
export interface FlowReport {
  readonly name: string;
  /** Of a flow that repeats an entry of a plan. */
  readonly series?: Series | undefined;
  readonly kind: FlowKind;
  readonly clientId: string;
  /** Whose flow it was; null where that never came out. */
  readonly account: { readonly sub: string | null; readonly email: string | null } | null;
  /** The token endpoint, which tells Google from an emulator. */
  readonly tokenUri: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** `fail` where a check failed. */
  readonly outcome: 'pass' | 'fail';
  readonly checks: readonly CheckResult[];
  readonly requests: readonly HttpRecord[];
  readonly idToken: {
    readonly verdict: Verdict;
    readonly header: Readonly<Record<string, unknown>>;
    readonly claims: Readonly<Record<string, unknown>>;
  } | null;
  readonly grantedScopes: readonly string[];
}

/** What `gsac verify` came to: one flow, or those of a plan. */
export interface VerifyReport {
  /** The version of gsac. */
  readonly version: string;
  /** The plan's name or file; undefined without one. */
  readonly plan: string | undefined;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: 'pass' | 'fail';
  readonly flows: readonly FlowReport[];
}

/**
 * What a check comes to within its flow, as reports tell it: beside its outcome `error` for one that
 * was to run and could not, where that is no part of what was expected.
 */
export type CheckVerdict = CheckOutcome | 'error';

/** What verdicts are taken from. */
export type Judged = Pick<FlowReport, 'outcome' | 'checks'>;

/**
 * The verdict of a check. One that something kept from running is an `error`; in a flow that passes,
 * which was meant to end early, it is a `skip`, as is what nobody asked for or what has no subject.
 */
export function toVerdict(
  { outcome, skip }: Pick<CheckResult, 'outcome' | 'skip'>,
  flow: Pick<FlowReport, 'outcome'>,
): CheckVerdict {
  return skip === 'blocked' && flow.outcome === 'fail' ? 'error' : outcome;
}

/** How many checks of these flows have which verdict. */
export function countVerdicts(flows: readonly Judged[]): Readonly<Record<CheckVerdict, number>> {
  const counts = { pass: 0, fail: 0, error: 0, skip: 0 };
  for (const flow of flows) {
    for (const check of flow.checks) counts[toVerdict(check, flow)] += 1;
  }
  return counts;
}
