import type { BrokenAccountFile } from '../../accounts/account-index.js';
import type { RefreshOutcome } from '../../accounts/refresh-all.js';
import type { RefusedRefresh } from '../../core/account.js';
import type { Diagnosis } from '../../core/diagnosis.js';
import type { ErrorCode, GsacError } from '../../core/errors.js';
import { isoTime } from '../../core/times.js';
import { toGsacError } from '../../terminal/errors.js';
import type { Foreseeable, ForeseenEnd, ForeseenReason } from './foresight.js';

/**
 * What is to be thought of an account's refresh token: `ended` by what was stated or foreseen,
 * `dead` by Google's own word.
 */
export type StatusVerdict = 'ok' | 'ends_soon' | 'ended' | 'dead' | 'unknown';

/** One account in JSON. Times are ISO 8601, UTC. */
export interface AccountStatus {
  key: string;
  sub: string | null;
  email: string | null;
  client_id: string;
  store: string;
  /** Null for credentials in the environment that do not say it. */
  issued_at: string | null;
  last_used_at: string | null;
  /** Null where it is not known, and where the token is dead. */
  ends_at: string | null;
  end: {
    reason: ForeseenReason | ErrorCode;
    certainty: 'stated' | 'foreseen' | 'known';
    detail: string;
    fix: string;
    /** When a refresh was refused that is remembered; absent where Google was asked just now. */
    seen_at?: string | undefined;
  } | null;
  verdict: StatusVerdict;
  /** With `--online`: what came of the refresh; `unavailable` says nothing of the token. */
  online?: {
    result: 'alive' | 'refused' | 'unavailable';
    error: {
      code: ErrorCode;
      message: string;
      hint: string | null;
      /** Where Google refused: the likely causes, the likeliest first. */
      diagnosis: Diagnosis[];
    } | null;
  };
}

/** The JSON document of `gsac status`. */
export interface StatusResult {
  /** The first to end first. */
  accounts: AccountStatus[];
  fail_within_seconds: number;
  /** How many end within the time, have ended, or are refused by Google. */
  failing: number;
  /** Account files that cannot be read, where there are some: whose they are is not known. */
  broken?: BrokenAccountFile[];
}

const signInAgain = 'Sign in again and exchange the new code.';

/** Refusals that no later refresh of the same token will lift. */
const deadly: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'invalid_grant',
  'reauth_required',
  'refresh_token_absent',
  'account_unknown',
]);

/** What came of judging one account. */
export interface Judged {
  document: AccountStatus;
  failing: boolean;
  /** What Google said against the token. */
  refused: GsacError | undefined;
  /** Why Google could not be asked. */
  unavailable: GsacError | undefined;
}

/**
 * Judges an account's refresh token: Google's answer of just now goes first, then what it said
 * once, then what is foreseen.
 *
 * @param now epoch milliseconds.
 */
export function judge(
  account: Foreseeable,
  foreseen: ForeseenEnd | undefined,
  outcome: RefreshOutcome | undefined,
  now: number,
  failWithinMs: number,
): Judged {
  const error =
    outcome !== undefined && 'failure' in outcome ? toGsacError(outcome.failure) : undefined;
  // Only what Google says is its word: a broken file here, or an address that is not allowed, is not.
  const refused = error?.exitCode === 4 ? error : undefined;
  const unavailable = refused === undefined ? error : undefined;
  const asked = outcome !== undefined && unavailable === undefined;
  const said = asked ? refused : account.refused;
  const verdict =
    said === undefined
      ? toVerdict(foreseen, now, failWithinMs)
      : deadly.has(said.code)
        ? 'dead'
        : 'unknown';
  return {
    document: {
      key: account.key,
      sub: account.sub,
      email: account.email,
      client_id: account.clientId,
      store: account.store,
      issued_at: isoTime(account.issuedAt),
      last_used_at: isoTime(account.lastUsedAt),
      ends_at: said === undefined ? isoTime(foreseen?.at ?? null) : null,
      end: said === undefined ? toEnd(foreseen) : toRefusal(said),
      verdict,
      ...(outcome && { online: toOnline(refused, unavailable) }),
    },
    failing: refused !== undefined || (verdict !== 'ok' && verdict !== 'unknown'),
    refused,
    unavailable,
  };
}

function toVerdict(
  foreseen: ForeseenEnd | undefined,
  now: number,
  failWithinMs: number,
): StatusVerdict {
  if (foreseen === undefined) return 'unknown';
  if (foreseen.at <= now) return 'ended';
  return foreseen.at <= now + failWithinMs ? 'ends_soon' : 'ok';
}

function toEnd(foreseen: ForeseenEnd | undefined): AccountStatus['end'] {
  if (foreseen === undefined) return null;
  const { at: _, ...end } = foreseen;
  return end;
}

function toRefusal(said: GsacError | RefusedRefresh): AccountStatus['end'] {
  const hint = said.hint ?? signInAgain;
  return {
    reason: said.code,
    certainty: 'known',
    detail: said.message,
    // One thing to do, without what may have happened, which stands before it.
    fix: hint.endsWith(signInAgain) ? signInAgain : hint,
    seen_at: 'at' in said ? isoTime(said.at) : undefined,
  };
}

function toOnline(
  refused: GsacError | undefined,
  unavailable: GsacError | undefined,
): NonNullable<AccountStatus['online']> {
  const error = refused ?? unavailable;
  return {
    result: refused !== undefined ? 'refused' : unavailable !== undefined ? 'unavailable' : 'alive',
    error:
      error === undefined
        ? null
        : { code: error.code, message: error.message, hint: error.hint ?? null, diagnosis: [] },
  };
}

/** Refused ones first, then by the end, those without a known one last. */
export function byEnd({ document: one }: Judged, { document: other }: Judged): number {
  // ISO times sort as text.
  return rank(one) - rank(other) || (one.ends_at ?? '').localeCompare(other.ends_at ?? '');
}

function rank({ verdict, ends_at: endsAt }: AccountStatus): number {
  if (verdict === 'dead') return 0;
  return endsAt === null ? 2 : 1;
}
