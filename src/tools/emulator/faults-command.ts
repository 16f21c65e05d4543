import { Command } from 'commander';
import type { Provided, Runtime } from '../../cli/runtime.js';
import { GsacError } from '../../core/errors.js';
import { clean } from '../../terminal/clean.js';
import { wrap } from '../../terminal/layout.js';
import type { Style } from '../../terminal/style.js';
import type { FaultSummary } from './fault-catalogue.js';

/** Declares `gsac emulator faults`. */
export function emulatorFaultsCommand(runtime: Runtime): Command {
  return new Command('faults')
    .summary('list, search and explain the faults')
    .description(
      'List the faults, one a line. A name shows one with its parameters and where the behaviour ' +
        'was seen or is documented; any other word searches names, texts, errors and sources. No ' +
        'emulator needs to run.',
    )
    .argument('[word...]', 'the name of a fault, or words to search for')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac emulator faults expired\n  $ gsac emulator faults status\n  $ gsac emulator faults --json | jq -r .faults[].name',
    )
    .action((words: string[], _options, inner: Command) =>
      runtime.run(
        inner,
        (provided) => list(words, provided),
        ({ faults }, { style, isTty }) => renderFaults(faults, style(), isTty()),
      ),
    );
}

/** Lists the faults that were asked for. @throws {GsacError} `usage` if there is none. */
async function list(words: readonly string[], { context }: Pick<Provided, 'context'>) {
  const { findFaults, wordsOf } = await import('./fault-catalogue.js');
  try {
    const faults = findFaults(words);
    if (faults.length > 1) {
      context.notices.say('`gsac emulator faults <name>` shows parameters and source of one.');
    }
    return { result: { faults } };
  } catch (thrown) {
    const message = wordsOf(thrown);
    throw new GsacError('usage', message.endsWith('?') ? message : `${message}.`, {
      hint: 'See `gsac emulator faults`.',
    });
  }
}

/** What a line needs beside a name for its text to stand there and not below. */
const leastRoom = 36;

/** Writes one fault with everything about it, several one a line under the titles of their kinds. */
function renderFaults(faults: readonly FaultSummary[], style: Style, isTty: boolean): string {
  // A pipe has no width: there a fault, and every text of one, is a line.
  const columns = isTty ? style.columns : Number.POSITIVE_INFINITY;
  const [only] = faults;
  if (only !== undefined && faults.length === 1) return renderFault(only, style, columns);
  const groups = new Map<string, FaultSummary[]>();
  for (const fault of faults) {
    groups.set(fault.group, [...(groups.get(fault.group) ?? []), fault]);
  }
  return [...groups]
    .map(([title, members]) => {
      const width = Math.max(...members.map(({ name }) => name.length));
      const isBelow = columns - width - 4 < leastRoom;
      const indent = ' '.repeat(isBelow ? 4 : width + 4);
      const lines = members.map(({ name, summary }) => {
        const text = wrap(clean(summary), columns, indent, indent.length);
        return isBelow
          ? `  ${style.good(name)}\n${indent}${text}\n`
          : `  ${style.good(name)}${' '.repeat(width - name.length + 2)}${text}\n`;
      });
      return `${style.heading(title)}\n${lines.join('')}`;
    })
    .join('\n');
}

function renderFault(fault: FaultSummary, style: Style, columns: number): string {
  const { name, group, summary, detail, answers, source, parameters, times } = fault;
  const indented = (text: string, indent: string) =>
    `${indent}${wrap(clean(text), columns, indent, indent.length)}\n`;
  const width = Math.max(0, ...parameters.map((parameter) => parameter.name.length));
  const below = ' '.repeat(4 + width + 2);
  const own = parameters.map(
    (parameter) =>
      `    ${parameter.name.padEnd(width)}  ${indented(parameter.summary, below).trimStart()}`,
  );
  const often = times === 'always' ? 'every request until it is taken back' : 'one request';
  return [
    `${style.heading(group)}\n`,
    `  ${style.good(name)}\n`,
    indented(detail === null ? summary : `${summary} ${detail}`, '    '),
    ...own,
    answers === null ? '' : indented(`answers: ${answers}`, '    '),
    indented(`hits: ${often}; times, user, client, path and method change that`, '    '),
    indented(`source: ${source}`, '    '),
  ].join('');
}
