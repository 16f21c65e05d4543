import { element, toXml, xmlSeconds } from '../../../core/xml.js';
import {
  type CheckResult,
  countVerdicts,
  type FlowReport,
  toVerdict,
  type VerifyReport,
} from '../model.js';
import { couldNotRun } from './words.js';

/**
 * The report as JUnit XML, in the form that Jenkins, GitLab and others read: a test suite for each
 * flow, a test case for each check, times in seconds. A check that could not run is an error, since
 * those systems go by failures and errors alone. Characters that XML cannot carry are written as
 * `\u{…}`.
 *
 * @see https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 */
export function renderJunit(report: VerifyReport): string {
  const counts = countVerdicts(report.flows);
  const suites = report.flows.map((flow, at) => renderSuite(flow, at, report.version));
  const root = element(
    'testsuites',
    {
      name: report.plan === undefined ? 'gsac verify' : `gsac verify ${report.plan}`,
      tests: counts.pass + counts.fail + counts.error + counts.skip,
      failures: counts.fail,
      errors: counts.error,
      time: xmlSeconds(report.durationMs),
    },
    suites,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}`;
}

function renderSuite(flow: FlowReport, at: number, version: string): string {
  const counts = countVerdicts([flow]);
  const values = {
    version,
    kind: flow.kind,
    client_id: flow.clientId,
    token_uri: flow.tokenUri,
    sub: flow.account?.sub,
    email: flow.account?.email,
  };
  const properties = Object.entries(values).flatMap(([name, value]) =>
    typeof value === 'string' ? [element('property', { name, value })] : [],
  );
  return element(
    'testsuite',
    {
      name: flow.name,
      tests: flow.checks.length,
      failures: counts.fail,
      errors: counts.error,
      skipped: counts.skip,
      time: xmlSeconds(flow.durationMs),
      // In UTC: the format has no place for a zone.
      timestamp: new Date(flow.startedAt).toISOString().slice(0, 19),
      id: at,
    },
    [element('properties', {}, properties), ...flow.checks.map((check) => renderCase(flow, check))],
  );
}

function renderCase(flow: FlowReport, check: CheckResult): string {
  const attributes = {
    name: `${check.id}: ${check.title}`,
    classname: flow.name,
    time: xmlSeconds(check.durationMs),
  };
  return element('testcase', attributes, renderOutcome(flow, check));
}

function renderOutcome(flow: FlowReport, check: CheckResult): string[] {
  const verdict = toVerdict(check, flow);
  if (verdict === 'pass') return [];
  if (verdict === 'error') {
    return [element('error', { type: 'could_not_run', message: couldNotRun(check) })];
  }
  const message = check.seen;
  if (verdict === 'skip') {
    return [element('skipped', { ...(check.skip && { type: check.skip }), message })];
  }
  const failure = { type: check.error ?? 'check_failed', message };
  return [element('failure', failure, toXml(describe(check)).replaceAll('&#10;', '\n'))];
}

function describe({ expected, seen, causes = [] }: CheckResult): string {
  return [
    `expected: ${expected}`,
    `seen: ${seen}`,
    ...causes.flatMap(({ cause, likelihood, why, fix }) => [
      `${likelihood} cause: ${cause}: ${why}`,
      ...fix.map((words) => `  fix: ${words}`),
    ]),
  ].join('\n');
}
