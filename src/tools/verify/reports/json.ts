import { toRequestDocument } from '../../../core/http-record.js';
import { isoTime, toTenths } from '../../../core/times.js';
import { type CheckResult, countVerdicts, type FlowReport, type VerifyReport } from '../model.js';

/** What a person should know, whatever the flows came to: a report that could not be written. */
export interface ReportWarning {
  /** Stable; where something failed, of the closed list of error codes. */
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/**
 * The document of `--json` and of `--report json`: snake_case keys, times as ISO 8601 UTC, durations
 * in milliseconds. Requests are named without their headers and bodies, which a HAR has.
 *
 * It masks nothing: the report holds no secret.
 */
export function toVerifyDocument(
  report: VerifyReport,
  warnings: readonly ReportWarning[] = [],
): object {
  return {
    version: report.version,
    plan: report.plan ?? null,
    outcome: report.outcome,
    started_at: isoTime(report.startedAt),
    duration_ms: toTenths(report.durationMs),
    counts: countVerdicts(report.flows),
    flows: report.flows.map(toFlow),
    warnings,
  };
}

function toFlow(flow: FlowReport): object {
  return {
    name: flow.name,
    kind: flow.kind,
    client_id: flow.clientId,
    account: flow.account,
    token_uri: flow.tokenUri,
    outcome: flow.outcome,
    started_at: isoTime(flow.startedAt),
    duration_ms: toTenths(flow.durationMs),
    granted_scopes: flow.grantedScopes,
    checks: flow.checks.map(toCheck),
    id_token: flow.idToken,
    requests: flow.requests.map(toRequestDocument),
  };
}

function toCheck(check: CheckResult): object {
  return {
    id: check.id,
    title: check.title,
    outcome: check.outcome,
    expected: check.expected,
    seen: check.seen,
    skip: check.skip,
    blocked_by: check.blockedBy,
    error: check.error,
    causes: check.causes,
    duration_ms: toTenths(check.durationMs),
    started_ms: toTenths(check.startedMs),
    requests: check.requests,
  };
}
