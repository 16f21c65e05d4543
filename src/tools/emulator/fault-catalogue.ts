import { closest } from '../../core/closest.js';
import { checkFault } from '../../emulator/faults/board.js';
import { FAULT_GROUPS, FAULTS } from '../../emulator/faults/faults.js';
import { describeParameter, FaultRequestError } from '../../emulator/faults/parameters.js';
import { parseFault } from '../../emulator/faults/text.js';
import { toSnakeCase } from '../../emulator/names.js';

/** A fault that the emulator knows. */
export interface FaultSummary {
  /** The title of the faults of its kind. */
  readonly group: string;
  readonly name: string;
  /** What it does, one sentence. */
  readonly summary: string;
  /** Where this behaviour was seen or is documented. */
  readonly source: string;
  /** How many requests it hits where nobody says. */
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
    faults.map(({ name, summary, source, parameters = {}, times = 1 }) => ({
      group: title,
      name,
      summary,
      source,
      times,
      parameters: Object.entries(parameters).map(([parameter, one]) => ({
        name: toSnakeCase(parameter),
        kind: one.kind,
        summary: describeParameter(one),
      })),
    })),
  );
}

/**
 * What is wrong with a fault as people write it, as the end of a sentence; undefined where nothing is.
 * Whether its user and its client exist, the emulator that it is ordered at knows.
 */
export function refuseFault(text: string): string | undefined {
  try {
    checkFault(parseFault(text), new Map(FAULTS.map((one) => [one.name, one])));
    return undefined;
  } catch (thrown) {
    return wordsOf(thrown);
  }
}

/** What an emulator says of a fault that it refuses. @throws what is no refusal. */
export function wordsOf(thrown: unknown): string {
  if (!(thrown instanceof FaultRequestError)) throw thrown;
  return thrown.message.replace(/[.]$/, '') + meantFault(thrown.message);
}

function meantFault(words: string): string {
  const [, wrong] = /^There is no fault "(.*)"$/.exec(words) ?? [];
  if (wrong === undefined) return '';
  const meant = closest(
    wrong,
    FAULTS.map(({ name }) => name),
  );
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}
