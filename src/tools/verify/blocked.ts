import { type CheckResult, type Judged, toVerdict } from './model.js';

/** Checks of a flow that could not run for one reason. */
export interface BlockedChecks {
  /** As the end of a sentence: `the refresh failed`. */
  readonly why: string;
  readonly checks: readonly CheckResult[];
}

/** What is missing if one of these checks fails, for those that need it. */
const lacks: Readonly<Record<string, string>> = {
  'sign_in.code': 'the sign-in gave no code',
  'code.exchange': 'the exchange failed',
  'refresh_token.present': 'there is no refresh token',
  'refresh.grant': 'the refresh failed',
  'id_token.present': 'there is no ID token that can be read',
  'tokeninfo.answer': 'tokeninfo gave no answer',
  'revoke.accepted': 'the revocation failed',
};

/** The checks that could not run, by the failure that they all come from. */
export function findBlocked(flow: Judged): BlockedChecks[] {
  const byId = new Map(flow.checks.map((check) => [check.id, check]));
  const groups = new Map<string, CheckResult[]>();
  for (const check of flow.checks) {
    if (toVerdict(check, flow) !== 'error') continue;
    const root = findRoot(check, byId);
    const why = lacks[root.id] ?? check.seen;
    groups.set(why, [...(groups.get(why) ?? []), check]);
  }
  return [...groups].map(([why, checks]) => ({ why, checks }));
}

/** The check at the beginning of a chain of blocked ones. */
function findRoot(check: CheckResult, byId: ReadonlyMap<string, CheckResult>): CheckResult {
  const blocking = check.blockedBy === undefined ? undefined : byId.get(check.blockedBy);
  return blocking === undefined ? check : findRoot(blocking, byId);
}
