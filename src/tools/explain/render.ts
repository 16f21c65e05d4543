import type { Diagnosis } from '../../core/diagnosis.js';
import { clean } from '../../terminal/clean.js';
import { wrap } from '../../terminal/layout.js';
import type { Style } from '../../terminal/style.js';

/** All causes at length, numbered, for `gsac explain`. */
export function renderDiagnosis(diagnosis: readonly Diagnosis[], style: Style): string {
  return diagnosis
    .map(({ cause, likelihood, why, evidence, fix, docs }, at) =>
      [
        `${at + 1}. ${style.heading(cause)} (${paintLikelihood(likelihood, style)})`,
        entry('why', why, style),
        ...evidence.map((words) => entry('evidence', words, style)),
        ...fix.map((words) => entry('fix', words, style)),
        entry('docs', docs, style),
      ].join('\n'),
    )
    .map((text) => `${text}\n`)
    .join('\n');
}

function paintLikelihood(likelihood: Diagnosis['likelihood'], style: Style): string {
  if (likelihood === 'certain') return style.bad(likelihood);
  return likelihood === 'likely' ? style.notice(likelihood) : style.dim(likelihood);
}

function entry(name: string, words: string, style: Style): string {
  const indent = ' '.repeat(13);
  return `   ${style.dim(name.padEnd(9))} ${wrap(clean(words), style.columns, indent, indent.length)}`;
}
