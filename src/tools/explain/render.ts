import type { Diagnosis } from '../../core/diagnosis.js';
import { clean } from '../../terminal/clean.js';
import { wrap } from '../../terminal/layout.js';
import type { Style } from '../../terminal/style.js';
import type { ExplainResult, ProbeLine } from './result.js';

/** What `gsac explain` prints: the first cause in full and the others in short, or all in full. */
export function renderResult(result: ExplainResult, style: Style, isVerbose: boolean): string {
  const { diagnosis, recognised, observed, question, probe } = result;
  const [first, ...others] = diagnosis;
  const isFine = probe !== null && first === undefined && observed.text === '';
  const unknown = isFine ? 'gsac found nothing wrong.\n' : renderUnknown(observed, style);
  const parts = [probe === null ? '' : renderProbe(probe, style), recognised ? '' : unknown];
  if (first !== undefined) {
    const isOpen = first.likelihood === 'possible';
    if (isOpen) parts.push(renderHeading(recognised, style));
    parts.push(renderCause(first, 0, style));
    const inShort = isOpen ? renderUsual : renderLine;
    const render = isVerbose ? renderCause : inShort;
    const all = others.map((one, at) => render(one, at + 1, style));
    parts.push(all.join(isVerbose ? '\n' : ''));
  }
  if (question !== null) parts.push(renderQuestion(question, style));
  if (others.length > 0 && !isVerbose) {
    parts.push(`${style.dim('--verbose shows every cause in full.')}\n`);
  }
  return parts.filter((part) => part !== '').join('\n');
}

function renderQuestion(
  { ask, yes, no }: NonNullable<ExplainResult['question']>,
  style: Style,
): string {
  const heading = 'To decide:';
  const words = wrap(ask, style.columns, '', heading.length + 1);
  return `${style.heading(heading)} ${words}\n  yes  ${yes}\n  no   ${no}\n`;
}

function renderHeading(recognised: boolean, style: Style): string {
  return `${style.heading(recognised ? 'Not certain; most often:' : 'Possible, from little evidence:')}\n`;
}

function renderUnknown(observed: ExplainResult['observed'], style: Style): string {
  const seen = [
    `error: ${observed.error ?? 'not recognised'}`,
    `HTTP status: ${observed.http_status ?? 'not recognised'}`,
    ...(observed.text === '' ? [] : [`text: ${clean(observed.text)}`]),
  ];
  const heading = style.heading('gsac does not know the cause.');
  return `${heading} Observed:\n${seen.map((line) => `  ${line}\n`).join('')}`;
}

function renderProbe(lines: readonly ProbeLine[], style: Style): string {
  const names = {
    client: 'client',
    redirect_uri: 'redirect URI',
    clock: 'clock',
    access_token: 'access token',
  };
  const paint = { right: style.good, wrong: style.bad, undecided: style.dim };
  return lines
    .map(({ what, verdict, detail }) => {
      const start = `${names[what].padEnd(13)} ${verdict.padEnd(10)}`;
      const words = wrap(
        clean(detail),
        style.columns,
        ' '.repeat(start.length + 1),
        start.length + 1,
      );
      return `${names[what].padEnd(13)} ${paint[verdict](verdict)}${' '.repeat(11 - verdict.length)}${words}\n`;
    })
    .join('');
}

/** A cause in full. */
function renderCause(
  { cause, likelihood, why, evidence, check, fix, docs }: Diagnosis,
  at: number,
  style: Style,
): string {
  const lines = [
    `${at + 1}. ${style.heading(cause)} (${paintLikelihood(likelihood, style)})`,
    entry('why', why, style),
    ...evidence.map((words) => entry('evidence', words, style)),
    // What is certain needs no check.
    ...(check === undefined || likelihood === 'certain' ? [] : [entry('check', check, style)]),
    ...fix.map((words) => entry('fix', words, style)),
    entry('docs', docs, style),
  ];
  return `${lines.join('\n')}\n`;
}

/** A cause in short: its name, and what tells it from the others, or why it fails. */
function renderLine(
  { cause, likelihood, why, check }: Diagnosis,
  at: number,
  style: Style,
): string {
  const start = `${at + 1}. ${cause} (${likelihood}): `;
  const words = wrap(clean(check ?? why), style.columns, '   ', start.length);
  return `${at + 1}. ${style.heading(cause)} (${paintLikelihood(likelihood, style)}): ${style.dim(words)}\n`;
}

/** A usual cause of an error that has several: its name, and what tells it from the others. */
function renderUsual({ cause, check }: Diagnosis, at: number, style: Style): string {
  const name = `${at + 1}. ${style.heading(cause)}\n`;
  return check === undefined ? name : `${name}${entry('check', check, style)}\n`;
}

function paintLikelihood(likelihood: Diagnosis['likelihood'], style: Style): string {
  if (likelihood === 'certain') return style.bad(likelihood);
  return likelihood === 'likely' ? style.notice(likelihood) : style.dim(likelihood);
}

function entry(name: string, words: string, style: Style): string {
  const indent = ' '.repeat(13);
  return `   ${style.dim(name.padEnd(9))} ${wrap(clean(words), style.columns, indent, indent.length)}`;
}
