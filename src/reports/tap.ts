import { stringify } from 'yaml';
import type { CheckResult, FlowReport, VerifyReport } from '../core/verify/model.js';
import { toLine, toVisible } from './visible-text.js';
import { nameAccount, toTenths } from './words.js';

const stepIn = '    ';

/**
 * The report as TAP version 14: the checks of one flow as they are, or a subtest for each flow. A
 * check that did not run is `# SKIP` with its reason; what was expected and seen, and of a failure
 * its causes, stand below as YAML.
 *
 * @see https://testanything.org/tap-version-14-specification.html
 */
export function renderTap({ flows }: VerifyReport): string {
  const [only] = flows;
  const lines =
    only !== undefined && flows.length === 1
      ? [...flowComments(only), ...checkLines(only.checks)]
      : [`1..${flows.length}`, ...flows.flatMap(subtest)];
  return `${['TAP version 14', ...lines].join('\n')}\n`;
}

function subtest(flow: FlowReport, at: number): string[] {
  return [
    `# Subtest: ${toLine(flow.name)}`,
    ...[...flowComments(flow), ...checkLines(flow.checks)].map((line) => stepIn + line),
    testPoint(flow.outcome === 'pass', at + 1, flow.name),
    ...diagnostics({ duration_ms: toTenths(flow.durationMs) }),
  ];
}

function flowComments(flow: FlowReport): string[] {
  const account = nameAccount(flow.account);
  return [
    ...(account === undefined ? [] : [`# account ${toLine(account)}`]),
    `# client ${toLine(flow.clientId)}`,
    `# token endpoint ${toLine(flow.tokenUri)}`,
  ];
}

function checkLines(checks: readonly CheckResult[]): string[] {
  return [
    `1..${checks.length}`,
    ...checks.flatMap((check, at) => {
      const line = testPoint(check.outcome !== 'fail', at + 1, `${check.id}: ${check.title}`);
      if (check.outcome === 'skip') return [`${line} # SKIP ${escapeDescription(check.seen)}`];
      return [line, ...diagnostics(toDiagnostics(check))];
    }),
  ];
}

function testPoint(ok: boolean, number: number, description: string): string {
  return `${ok ? 'ok' : 'not ok'} ${number} - ${escapeDescription(description)}`;
}

/** A `#` would begin a directive. */
function escapeDescription(text: string): string {
  return toLine(text).replace(/[\\#]/g, '\\$&');
}

function toDiagnostics({ expected, seen, error, durationMs, causes }: CheckResult): object {
  return {
    expected: toVisible(expected),
    seen: toVisible(seen),
    ...(error === undefined ? {} : { error }),
    duration_ms: toTenths(durationMs),
    ...(causes === undefined || causes.length === 0
      ? {}
      : {
          causes: causes.map(({ cause, likelihood, why, fix }) => ({
            cause: toVisible(cause),
            likelihood,
            why: toVisible(why),
            fix: fix.map(toVisible),
          })),
        }),
  };
}

function diagnostics(values: object): string[] {
  const yaml = stringify(values, { lineWidth: 0 }).trimEnd();
  return ['---', ...yaml.split('\n'), '...'].map((line) => `  ${line}`);
}
