import { stringify, type ToStringOptions } from 'yaml';
import { toTenths } from '../../../core/times.js';
import { toLine, toVisible } from '../../../core/visible-text.js';
import { type CheckResult, type FlowReport, toVerdict, type VerifyReport } from '../model.js';
import { couldNotRun, nameAccount } from './words.js';

const stepIn = '    ';

/** Perl's harness reads a part of YAML: no text of several lines, and none that begins oddly. */
const inOneLineEach: ToStringOptions = {
  lineWidth: 0,
  defaultStringType: 'QUOTE_DOUBLE',
  defaultKeyType: 'PLAIN',
  doubleQuotedAsJSON: true,
};

/**
 * The report as TAP: the checks of one flow as they are, or a subtest for each flow. A check that
 * could not run is `not ok`; one that nobody asked for, or that has no subject, is `# SKIP` with its
 * reason. What was expected and seen, and of a failure its causes, stand below as YAML.
 *
 * It is of version 13, since Perl's harness takes no later one; subtests are written as both that
 * harness, which passes over them, and parsers of version 14 know them.
 *
 * @see https://testanything.org/tap-version-13-specification.html
 * @see https://testanything.org/tap-version-14-specification.html#subtests
 */
export function renderTap({ flows }: VerifyReport): string {
  const [only] = flows;
  const lines =
    only !== undefined && flows.length === 1
      ? [...flowComments(only), ...checkLines(only)]
      : [`1..${flows.length}`, ...flows.flatMap(subtest)];
  return `${['TAP version 13', ...lines].join('\n')}\n`;
}

function subtest(flow: FlowReport, at: number): string[] {
  return [
    `# Subtest: ${toLine(flow.name)}`,
    ...[...flowComments(flow), ...checkLines(flow)].map((line) => stepIn + line),
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

function checkLines(flow: FlowReport): string[] {
  return [
    `1..${flow.checks.length}`,
    ...flow.checks.flatMap((check, at) => {
      const verdict = toVerdict(check, flow);
      const isOk = verdict === 'pass' || verdict === 'skip';
      const line = testPoint(isOk, at + 1, `${check.id}: ${check.title}`);
      if (verdict === 'skip') return [`${line} # SKIP ${escapeDescription(check.seen)}`];
      const told = verdict === 'error' ? { ...check, seen: couldNotRun(check) } : check;
      return [line, ...diagnostics(toDiagnostics(told))];
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

function toDiagnostics({ expected, seen, error, durationMs, causes = [] }: CheckResult): object {
  const known = causes.length === 0 ? undefined : causes;
  return { expected, seen, error, duration_ms: toTenths(durationMs), causes: known };
}

/** A block of YAML; what is undefined is left out. */
function diagnostics(values: object): string[] {
  const visible = (_key: unknown, value: unknown) =>
    typeof value === 'string' ? toVisible(value) : value;
  const yaml = stringify(values, visible, inOneLineEach).trimEnd();
  const lines = yaml.split('\n').map(withoutKeyInText);
  return ['---', ...lines, '...'].map((line) => `  ${line}`);
}

/** Perl's harness takes the first word of a text in a list for a key, quotes or not, where a colon follows. */
function withoutKeyInText(line: string): string {
  return line.replace(/^( *- "\S+\s*):(?=\s)/, '$1\\x3a');
}
