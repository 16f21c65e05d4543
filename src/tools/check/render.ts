import { clean } from '../../terminal/clean.js';
import { wrap } from '../../terminal/layout.js';
import type { Style } from '../../terminal/style.js';
import type { CheckFinding, Severity } from './model.js';

const indent = '  ';

/** Findings for people: a block for each file, each finding with its fix below it. */
export function renderFindings(findings: readonly CheckFinding[], style: Style): string {
  let text = '';
  let file: string | undefined;
  for (const finding of findings) {
    if (file !== undefined && file !== finding.file) text += '\n';
    file = finding.file;
    text += renderFinding(finding, style);
  }
  return text;
}

function renderFinding(
  { file, line, rule, severity, message, fix }: CheckFinding,
  style: Style,
): string {
  const place = clean(line === null ? file : `${file}:${line}`);
  const first = `${severity} ${rule}`;
  const head = `${style.heading(place)} ${paint(severity, style)(severity)} ${rule}`;
  const room = style.columns;
  const start = place.length + 1 + first.length + 2;
  // A long path leaves no room beside it.
  const body =
    start > room / 2 + 8
      ? `${head}\n${indent}${wrap(clean(message), room, indent, indent.length)}`
      : `${head}: ${wrap(clean(message), room, indent, start)}`;
  const label = 'fix: ';
  const remedy = wrap(clean(fix), room, `${indent}     `, indent.length + label.length);
  return `${body}\n${indent}${style.dim('fix:')} ${remedy}\n`;
}

function paint(severity: Severity, style: Style): (text: string) => string {
  return { error: style.bad, warning: style.notice, note: style.dim }[severity];
}
