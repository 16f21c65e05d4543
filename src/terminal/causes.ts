import type { Diagnosis } from '../core/diagnosis.js';
import { clean } from './clean.js';
import type { Style } from './style.js';
import { wrap } from './wrap.js';

/** How many causes are told at length after an error; the others are named. */
const toldAtLength = 1;

/**
 * The likely causes below an error: the first at length, the others by name. Nothing where no cause
 * is at least likely, since guesses after every error would be noise; `gsac explain` has them all.
 */
export function renderCauses(diagnosis: readonly Diagnosis[], style: Style): string {
  const worthwhile = diagnosis.filter(({ likelihood }) => likelihood !== 'possible');
  const lines = worthwhile
    .slice(0, toldAtLength)
    .flatMap(({ cause, likelihood, why, evidence, fix }) => [
      `gsac: ${style.heading(`${likelihood} cause:`)} ${cause}`,
      part('why', why, style),
      part('evidence', evidence.join('; '), style),
      part('fix', fix.join(' '), style),
    ]);
  const others = worthwhile.slice(toldAtLength).map(({ cause }) => cause);
  if (others.length > 0) lines.push(part('or', others.join(', '), style));
  return lines.map((line) => `${line}\n`).join('');
}

/** The first cause in a line of a listing, where it is at least likely; its line's end included. */
export function renderFirstCause([first]: readonly Diagnosis[], style: Style): string {
  if (first === undefined || first.likelihood === 'possible') return '';
  const { likelihood, cause, why } = first;
  const title = `  ${likelihood} cause: `;
  const words = wrap(clean(`${cause}: ${why}`), style.columns, '    ', title.length);
  return `  ${style.heading(`${likelihood} cause:`)} ${words}\n`;
}

function part(name: string, words: string, style: Style): string {
  const start = `gsac:   ${name}: `;
  return `gsac:   ${style.dim(`${name}:`)} ${wrap(clean(words), style.columns, 'gsac:     ', start.length)}`;
}
