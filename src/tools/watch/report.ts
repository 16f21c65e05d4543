import type { HttpRecord } from '../../core/http-record.js';
import { isoTime, toTenths } from '../../core/times.js';
import type { Tally } from '../../intercept/journal.js';
import type { Finding } from './findings.js';
import type { ScopeUse } from './scope-use.js';
import type { Refusal, Watcher } from './watcher.js';

/** A token that ends soon, or has ended while the program went on. */
export interface EndingToken {
  kind: 'refresh_token' | 'access_token';
  client_id: string;
  /** Epoch milliseconds. */
  endsAt: number;
}

/** What happened while a program ran; secrets masked. Times are epoch milliseconds. */
export interface WatchReport {
  version: string;
  command: string;
  exitCode: number;
  startedAt: number;
  durationMs: number;
  total: number;
  byHost: readonly { host: string; count: number; refused: number }[];
  refusals: readonly Refusal[];
  findings: readonly Finding[];
  scopes: readonly ScopeUse[];
  ending: readonly EndingToken[];
  /** What the proxy did not read, and why. */
  tally: Tally;
  requests: readonly HttpRecord[];
  /** Requests that are not among `requests`: there were too many. */
  leftOut: number;
}

/** Within this a refresh token is about to end. */
const soonMs = 30 * 86_400_000;
/** Within this an access token is about to end. */
const verySoonMs = 5 * 60_000;

/** Puts together what a watcher has seen. */
export function createReport(
  watcher: Watcher,
  run: Pick<WatchReport, 'version' | 'command' | 'exitCode' | 'startedAt' | 'durationMs' | 'tally'>,
): WatchReport {
  const { total, leftOut } = watcher.counts;
  return {
    ...run,
    total,
    byHost: [...watcher.hosts]
      .map(([host, counts]) => ({ host, ...counts }))
      .sort((one, other) => other.count - one.count),
    refusals: [...watcher.refusals.values()],
    findings: [...watcher.findings.values()],
    scopes: watcher.scopes.uses,
    ending: findEnding(watcher, run.startedAt + run.durationMs),
    requests: watcher.requests,
    leftOut,
  };
}

function findEnding({ memory }: Watcher, now: number): EndingToken[] {
  const grants = new Set(memory.refreshTokens.values());
  const refresh = [...grants].flatMap(({ clientId, refreshTokenEndsAt: endsAt }): EndingToken[] =>
    endsAt !== undefined && endsAt - now < soonMs
      ? [{ kind: 'refresh_token', client_id: clientId, endsAt }]
      : [],
  );
  const access = [...memory.accessTokens.values()].flatMap(
    ({ grant, endsAt, lastUsedAt, issuedAt }): EndingToken[] =>
      lastUsedAt !== undefined && lastUsedAt >= issuedAt && endsAt - now < verySoonMs
        ? [{ kind: 'access_token', client_id: grant.clientId, endsAt }]
        : [],
  );
  return [...refresh, ...access].slice(0, 100);
}

/** The document of `--report json`, and of the summary's event without its requests. */
export function toDocument(report: WatchReport): Record<string, unknown> {
  const { tally } = report;
  return {
    version: report.version,
    command: report.command,
    exit_code: report.exitCode,
    started_at: isoTime(report.startedAt),
    duration_ms: toTenths(report.durationMs),
    requests: { total: report.total, by_host: report.byHost },
    refusals: report.refusals.map(toRefusalDocument),
    findings: report.findings,
    scopes: report.scopes,
    ending_tokens: report.ending.map(({ endsAt, ...token }) => ({
      ...token,
      ends_at: isoTime(endsAt),
    })),
    tunnelled: tally.tunnelled,
    untrusted: tally.untrusted,
    unreachable: tally.unreachable,
    forbidden: tally.forbidden,
  };
}

/** A refusal as JSON has it: the whole request, masked, and what it came to. */
export function toRefusalDocument(refusal: Refusal): Record<string, unknown> {
  const { request, error, description, seen, diagnosis, count } = refusal;
  return {
    method: request.method,
    url: request.url,
    status: request.status ?? null,
    error,
    description,
    count,
    started_at: isoTime(request.startedAt),
    duration_ms: toTenths(request.durationMs),
    request: {
      headers: Object.fromEntries(request.requestHeaders),
      body: request.requestBody ?? null,
    },
    response: { body: request.responseBody },
    seen,
    diagnosis,
  };
}
