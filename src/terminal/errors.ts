import type { Diagnosis } from '../core/diagnosis.js';
import { GsacError, messageOf } from '../core/errors.js';
import { maskText } from '../core/secret.js';
import { clean, toJsonText } from './clean.js';
import { wrap } from './layout.js';
import type { Style } from './style.js';

/** How an error is written. */
export interface ErrorWish {
  json: boolean;
  /** `--debug`: the stack of what was not foreseen. */
  debug: boolean;
  /** `--verbose`: the evidence for a cause. */
  verbose?: boolean | undefined;
  /** Whether stderr is a terminal: elsewhere a sentence stays on one line, for those who search logs. */
  isTty?: boolean | undefined;
  /** The command that was called, where it is known. */
  called?: string | undefined;
}

/**
 * What to do next after a mistake in the arguments, where nothing better is known.
 *
 * @param called the command with those above it (`gsac files get`), where it is known.
 */
export function seeHelp(called?: string): string {
  if (called === undefined || called === 'gsac') {
    return '`gsac --help` lists the commands.';
  }
  return `See \`${called} --help\`.`;
}

/** What to do next after a mistake in a global option. */
export const seeGlobalOptions = 'See `gsac help options`.';

/** Anything thrown as an error of ours; what was not foreseen becomes `unexpected`, secrets masked. */
export function toGsacError(thrown: unknown): GsacError {
  if (thrown instanceof GsacError) return thrown;
  // What waits on the person's signal, such as a pause, ends with Node's own error.
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return new GsacError('cancelled', 'Cancelled.');
  }
  const words = maskText(messageOf(thrown));
  const end = /[.?!]$/.test(words) ? '' : '.';
  return new GsacError('unexpected', `Unexpected failure: ${words}${end}`, {
    hint: 'This is a bug in gsac. Run it again with --debug and report what it prints.',
  });
}

/**
 * The text of an error for stderr: `gsac: error:` and `gsac: hint:` lines for people, or one line
 * of JSON, with the likely causes. Secrets in it are masked by their shape: people paste them where a name or a path goes.
 */
export function renderError(
  thrown: unknown,
  wish: ErrorWish,
  style: Style,
  diagnosis: readonly Diagnosis[] = [],
): string {
  const error = toGsacError(thrown);
  const { code, message, details } = error;
  const hint = error.hint ?? (error.exitCode === 2 ? seeHelp(wish.called) : undefined);
  const stack = wish.debug && thrown instanceof Error ? thrown.stack : undefined;
  if (wish.json) {
    const shown = { code, message, hint: hint ?? null, ...details, diagnosis, stack };
    return maskText(`${toJsonText({ error: shown })}\n`);
  }
  const columns = wish.isTty === true ? style.columns : Number.POSITIVE_INFINITY;
  // What the person wanted is no error.
  const sign = code === 'cancelled' ? '' : `${style.bad('error:')} `;
  const lines = [`gsac: ${sign}${said('error', message, columns)}`];
  if (hint !== undefined) {
    lines.push(`gsac: ${style.notice('hint:')} ${said('hint', hint, columns)}`);
  }
  // The stack is of any length, and too long to be spread into a call.
  const all = lines.concat(stack === undefined ? [] : stack.split('\n').map(clean));
  return maskText(
    `${all.join('\n')}\n${renderErrorCauses(error, diagnosis, wish, { ...style, columns })}`,
  );
}

/** What follows `gsac: error: ` and the like, within the columns. */
export function said(title: string, words: string, columns: number): string {
  return wrap(clean(words), columns, '      ', `gsac: ${title}: `.length);
}

/**
 * The likely causes below an error: the first at length, the others by name. Where none is likely,
 * the usual causes of an error that has several, by name; other guesses would be noise.
 */
function renderErrorCauses(
  { message, hint = '', exitCode }: GsacError,
  diagnosis: readonly Diagnosis[],
  { verbose = false }: ErrorWish,
  style: Style,
): string {
  const [told, ...others] = diagnosis.filter(({ likelihood }) => likelihood !== 'possible');
  // What gsac itself refused, it has explained: the cause would say the same in other words.
  if (exitCode === 2 && !verbose) return '';
  if (told === undefined) {
    const usual = diagnosis.filter(({ check }) => check !== undefined);
    if (usual.length === 0) return '';
    const names = usual.map(({ cause }) => cause).join(', ');
    const words = `${names} (\`gsac explain\` tells them apart)`;
    return `gsac: ${style.heading('most often:')} ${said('most often', words, style.columns)}\n`;
  }
  const news = (words: string) => (verbose ? words : newIn(words, `${message} ${hint}`));
  return layCauses(told, others, { news, withEvidence: verbose }, style);
}

/** The same for what is no error of gsac's own, with the evidence. Ends with its line. */
export function renderCauses(diagnosis: readonly Diagnosis[], style: Style): string {
  const [told, ...others] = diagnosis.filter(({ likelihood }) => likelihood !== 'possible');
  if (told === undefined) return '';
  return layCauses(told, others, { news: (words) => words, withEvidence: true }, style);
}

function layCauses(
  told: Diagnosis,
  others: readonly Diagnosis[],
  { news, withEvidence }: { news: (words: string) => string; withEvidence: boolean },
  style: Style,
): string {
  const parts: [name: string, words: string][] = [
    ['why', news(told.why)],
    ['evidence', withEvidence ? told.evidence.join('; ') : ''],
    ['fix', news(told.fix.join(' '))],
    ['or', others.map(({ cause }) => cause).join(', ')],
  ];
  const lines = parts
    .filter(([, words]) => words !== '')
    .map(([name, words]) => part(name, words, style));
  return [`gsac: ${style.heading(`${told.likelihood} cause:`)} ${told.cause}`, ...lines]
    .map((line) => `${line}\n`)
    .join('');
}

/** The sentences and their halves that say more than was told: a third of the longer words is new. */
function newIn(text: string, told: string): string {
  const wordsOf = (part: string) =>
    (part.toLowerCase().match(/\p{L}{4,}/gu) ?? []).map((word) => word.slice(0, 5));
  const known = new Set(wordsOf(told));
  const kept = text.split(/(?<=[.;]) /).filter((part) => {
    const words = wordsOf(part);
    return words.filter((word) => !known.has(word)).length > words.length / 3;
  });
  const joined = kept.join(' ').replace(/;$/, '.');
  return joined.charAt(0).toUpperCase() + joined.slice(1);
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
  return `gsac:   ${style.dim(`${name}:`)} ${wrap(clean(words), style.columns, ' '.repeat(10), start.length)}`;
}
