import type { System } from '../../cli/system.js';
import type { Notices } from '../../core/context.js';
import { counted, some, times } from '../../core/counting.js';
import type { Diagnosis } from '../../core/diagnosis.js';
import { relativeTime } from '../../core/times.js';
import type { Tally } from '../../intercept/journal.js';
import { clean, toJsonText } from '../../terminal/clean.js';
import { renderCauses } from '../../terminal/errors.js';
import { wrap } from '../../terminal/layout.js';
import { createStyle } from '../../terminal/style.js';
import type { Finding } from './findings.js';
import { ownWords } from './refusal.js';
import { toDocument, toRefusalDocument, type WatchReport } from './report.js';
import type { ScopeUse } from './scope-use.js';
import type { Refusal, Told } from './watcher.js';

/** Where the lines go. */
export interface Teller {
  notices: Notices;
  json: boolean;
  io: System['io'];
}

/** Tells of refusals and findings while the program runs: to people once of each kind, as JSON each time. */
export function createTold({ notices, json, io }: Teller): Told {
  const columns = io.stderrIsTty ? (io.stderrColumns ?? io.columns) : Number.POSITIVE_INFINITY;
  const style = createStyle(false, columns);
  const event = (name: string, members: object) =>
    io.writeStderr(`${toJsonText({ event: name, ...members })}\n`);

  function tellCauses(
    diagnosis: readonly Diagnosis[],
    seen: readonly string[],
    namesPossible: boolean,
  ): void {
    const causes = renderCauses(diagnosis, style);
    const possible = diagnosis.map(({ cause }) => cause).join(', ');
    const lines = [
      ...(causes === '' && possible !== '' && namesPossible
        ? [`gsac: possible causes: ${wrap(possible, columns, ' '.repeat(6), 23)}\n`]
        : []),
      ...(seen.length === 0
        ? []
        : [`gsac:   seen: ${wrap(clean(seen.join('; ')), columns, ' '.repeat(10), 14)}\n`]),
    ];
    if (causes !== '' || lines.length > 0) io.writeStderr(`${causes}${lines.join('')}`);
  }

  return {
    refusal(refusal, isNew) {
      if (json) return event('refusal', toRefusalDocument(refusal));
      if (!isNew) return undefined;
      notices.warn(`${describeRefusal(refusal)}.`);
      return tellCauses(refusal.diagnosis, refusal.seen, !ownWords.includes(refusal.error));
    },
    finding(finding) {
      if (json) return event('finding', finding);
      notices.warn(finding.message, finding.hint);
      return tellCauses(finding.diagnosis, [], false);
    },
  };
}

/** A refusal in a line: what was asked, and what came. */
export function describeRefusal({ what, request, error, description }: Refusal): string {
  const code = request.status === undefined ? 'no response' : String(request.status);
  const name = request.status === undefined ? '' : ` ${error}`;
  const words = description === '' ? '' : ` (${description.replace(/\.$/, '')})`;
  return `${what}: ${code}${name.trimEnd()}${words}`;
}

/** Tells what happened, at the end. */
export function tellSummary(report: WatchReport, { notices, json, io }: Teller): void {
  if (json) {
    const document = toDocument(report);
    const brief = report.refusals.map((refusal) => ({
      request: refusal.what,
      status: refusal.request.status ?? null,
      error: refusal.error,
      cause: causeOf(refusal),
      count: refusal.count,
    }));
    io.writeStderr(`${toJsonText({ event: 'summary', ...document, refusals: brief })}\n`);
    return;
  }
  notices.say(describeRequests(report));
  for (const refusal of report.refusals) {
    const { what, request, error, count } = refusal;
    const status = request.status ?? 'no response';
    notices.say(
      `- ${clean(times(`${what}: ${status} ${error}`.trimEnd(), count))}: ${causeOf(refusal) ?? 'cause unknown'}`,
    );
  }
  for (const use of report.scopes) notices.say(describeScopes(use));
  const now = report.startedAt + report.durationMs;
  for (const { kind, client_id: client, endsAt } of report.ending) {
    const name = kind === 'refresh_token' ? 'A refresh token' : 'An access token';
    const verb = endsAt > now ? 'expires' : 'expired';
    notices.say(`${name} of client ${clean(client)} ${verb} ${relativeTime(endsAt, now)}.`);
  }
  tellUnread(report.tally, notices);
  if (report.total === 0) {
    notices.warn(
      'gsac saw no request to Google.',
      'A program escapes if it clears its environment, pins certificates, brings its own list of trusted ones or speaks only HTTP/2: see `gsac help watch`.',
    );
  }
}

const mostListed = 10;

function causeOf({ diagnosis: [first] }: Refusal | Finding): string | null {
  return first === undefined || first.likelihood === 'possible' ? null : first.cause;
}

function describeRequests({ total, byHost, refusals, leftOut }: WatchReport): string {
  const failed = refusals.reduce((sum, { count }) => sum + count, 0);
  const hosts = some(
    byHost.map(({ host, count }) => times(clean(host), count)),
    mostListed,
  );
  const end = leftOut === 0 ? '' : ` Reports hold the first ${total - leftOut}.`;
  return `${counted(total, 'request')} to Google${hosts === '' ? '' : `: ${hosts}`}. ${failed === 0 ? 'None failed.' : `${failed} failed:`}${end}`;
}

function describeScopes({ client_id: client, granted, unused, unknown }: ScopeUse): string {
  const short = (scopes: readonly string[]) =>
    scopes.map((scope) => clean(scope.replace('https://www.googleapis.com/auth/', ''))).join(', ');
  const used = unused.length === 0 ? 'all were used' : `not used in this run: ${short(unused)}`;
  const end =
    unknown.length === 0
      ? ''
      : ` gsac does not know which scopes these calls need: ${unknown.map(clean).join(', ')}.`;
  return `Client ${clean(client)} was granted ${short(granted)}; ${used}.${end}`;
}

const whyTunnelled: Readonly<Record<string, string>> = {
  other: 'not Google’s',
  'passed-through': 'passed through',
  http2: 'HTTP/2 only, as gRPC is',
  'not-http': 'not HTTP',
};

function tellUnread({ tunnelled, untrusted, unreachable, forbidden }: Tally, notices: Notices) {
  if (tunnelled.length > 0) {
    const hosts = tunnelled.map(({ host, count, why }) =>
      times(`${clean(host)} [${whyTunnelled[why] ?? why}]`, count),
    );
    notices.say(`Tunnelled unread: ${some(hosts, mostListed)}.`);
  }
  for (const { host, reason, count } of untrusted) {
    notices.warn(
      `A program did not accept gsac’s certificate for ${times(clean(host), count)}: ${clean(reason)}.`,
      'It may pin certificates or bring its own list of trusted ones: see `gsac help watch`.',
    );
  }
  for (const { host, reason, count } of unreachable) {
    notices.warn(`gsac could not reach ${times(clean(host), count)} (${clean(reason)}).`);
  }
  for (const { reason, count } of forbidden) {
    notices.warn(`Refused: ${times(clean(reason), count)}.`);
  }
}
