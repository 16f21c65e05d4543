import { checkFault } from '../../emulator/faults/board.js';
import { FAULT_GROUPS } from '../../emulator/faults/faults.js';
import { FaultRequestError, listParameters } from '../../emulator/faults/parameters.js';
import { didYouMean, suggestFaults } from '../../emulator/faults/suggest.js';
import { parseFault } from '../../emulator/faults/text.js';

/** A fault that the emulator knows. */
export interface FaultSummary {
  /** The title of the faults of its kind. */
  readonly group: string;
  readonly name: string;
  /** What it does, one sentence. */
  readonly summary: string;
  /** What else to know. */
  readonly detail: string | null;
  /** The error that it answers with, if it is always the same. */
  readonly answers: string | null;
  /** Where this behaviour was seen or is documented. */
  readonly source: string;
  /** How many requests it hits if nobody says. */
  readonly times: number | 'always';
  readonly parameters: readonly {
    readonly name: string;
    readonly kind: string;
    readonly summary: string;
  }[];
}

/** Every fault that there is, by its kind, for listings. */
export function listFaults(): readonly FaultSummary[] {
  return FAULT_GROUPS.flatMap(({ title, faults }) =>
    faults.map(({ name, summary, detail, answers, source, parameters, times = 1 }) => ({
      group: title,
      name,
      summary,
      detail: detail ?? null,
      answers: answers ?? null,
      source,
      times,
      parameters: listParameters(parameters).map(({ one_of: _choices, ...one }) => one),
    })),
  );
}

/**
 * The fault of a name, or else those that have every word in their name, text, error or source.
 * @throws {FaultRequestError} with what was meant, if there is none.
 */
export function findFaults(words: readonly string[]): readonly FaultSummary[] {
  const all = listFaults();
  // An order that somebody copied is looked up by its name.
  const wanted = words.map((word) => word.slice(0, 80).toLowerCase().split(':')[0] ?? '');
  const named = all.filter(({ name }) => wanted.length === 1 && name === wanted[0]);
  if (named.length > 0 || wanted.length === 0) return wanted.length === 0 ? all : named;
  const found = all.filter(({ name, summary, detail, answers, source }) => {
    const text = [name, summary, detail, answers, source].join(' ').toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  if (found.length > 0) return found;
  const text = words.join(' ');
  const isOrder = wanted.length === 1 && text.includes('=');
  if (isOrder) parseFault(text);
  const meant = didYouMean(suggestFaults(text));
  throw new FaultRequestError(`There is no fault "${text.slice(0, 80)}"${meant}`);
}

/**
 * What is wrong with a fault as people write it, as the end of a sentence; undefined if nothing is.
 * Whether its user and its client exist, only the emulator knows that it is ordered at.
 */
export function refuseFault(text: string): string | undefined {
  try {
    checkFault(parseFault(text));
    return undefined;
  } catch (thrown) {
    return wordsOf(thrown);
  }
}

/** What an emulator says of a fault that it refuses. @throws what is no refusal. */
export function wordsOf(thrown: unknown): string {
  if (!(thrown instanceof FaultRequestError)) throw thrown;
  return thrown.message.replace(/[.]$/, '');
}
