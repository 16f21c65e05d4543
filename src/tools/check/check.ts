import type { CheckFinding, CheckResult, CheckRule, Match, Project } from './model.js';
import { rules } from './rules/rules.js';

/**
 * Holds a project against every rule. Says the same of the same project.
 *
 * @param isSilenced whether somebody does not want to be told of a finding; such ones are counted.
 */
export function checkProject(
  project: Project,
  isSilenced: (finding: CheckFinding) => boolean = () => false,
): CheckResult {
  const all = unique(rules.flatMap((rule) => findingsOf(rule, rule.find(project))));
  const findings = all.filter((finding) => !isSilenced(finding));
  findings.sort(
    (one, other) =>
      compare(one.file, other.file) ||
      (one.line ?? 0) - (other.line ?? 0) ||
      compare(one.rule, other.rule) ||
      compare(one.message, other.message),
  );
  const count = (severity: CheckFinding['severity']) =>
    findings.filter((finding) => finding.severity === severity).length;
  return {
    findings,
    files_checked: project.filesChecked,
    files_searched: project.filesSearched,
    errors: count('error'),
    warnings: count('warning'),
    silenced: all.length - findings.length,
  };
}

function findingsOf(rule: CheckRule, matches: Iterable<Match>): CheckFinding[] {
  return [...matches].map(({ file, line, message, fix, severity, cause }) => ({
    rule: rule.id,
    severity: severity ?? rule.severity,
    file,
    line,
    message,
    fix,
    cause: cause === undefined ? rule.cause : cause,
  }));
}

/** An app seen from two sides is told of once, as it was first. */
function unique(findings: readonly CheckFinding[]): CheckFinding[] {
  const keyOf = ({ rule, file, line, message }: CheckFinding) =>
    JSON.stringify([rule, file, line, message]);
  return [...new Map(findings.toReversed().map((each) => [keyOf(each), each])).values()];
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
