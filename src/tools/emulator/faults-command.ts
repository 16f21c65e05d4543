import { Command } from 'commander';
import type { Outcome, Runtime } from '../../cli/runtime.js';
import { closest } from '../../core/closest.js';
import { GsacError } from '../../core/errors.js';
import { clean } from '../../terminal/clean.js';
import { wrap } from '../../terminal/layout.js';
import type { Style } from '../../terminal/style.js';
import type { FaultSummary } from './fault-catalogue.js';

/** The JSON document of `gsac emulator faults`. */
export interface EmulatorFaultsResult {
  faults: readonly FaultSummary[];
}

/** Declares `gsac emulator faults`. */
export function emulatorFaultsCommand(runtime: Runtime, list = runEmulatorFaults): Command {
  return new Command('faults')
    .summary('every failure that it can produce')
    .description(
      'List the faults: what each does, its parameters and where the behaviour was seen or is ' +
        'documented. No emulator needs to run. Beside its own parameters every fault takes ' +
        'times (1, or always), user, client, path and method, which say whom it hits.',
    )
    .argument('[name]', 'one of them')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac emulator faults status\n  $ gsac emulator faults --json | jq -r .faults[].name',
    )
    .action((name: string | undefined, _options, inner: Command) =>
      runtime.run(
        inner,
        () => list(name),
        (result, { style }) => renderFaults(result, style()),
      ),
    );
}

/** Lists the faults, or one of them. @throws {GsacError} `usage` where there is none of that name. */
export async function runEmulatorFaults(
  name: string | undefined,
): Promise<Outcome<EmulatorFaultsResult>> {
  const { listFaults } = await import('./fault-catalogue.js');
  const all = listFaults();
  const faults = name === undefined ? all : all.filter((fault) => fault.name === name);
  if (faults.length > 0) return { result: { faults } };
  const meant = closest(
    name ?? '',
    all.map((fault) => fault.name),
  );
  throw new GsacError('usage', `There is no fault ${JSON.stringify(name)}.`, {
    hint: meant === undefined ? 'See `gsac emulator faults`.' : `Did you mean ${meant}?`,
  });
}

/** Writes the faults for people, those of a kind under their title. */
export function renderFaults({ faults }: EmulatorFaultsResult, style: Style): string {
  const indent = '    ';
  let title = '';
  return faults
    .map((fault) => {
      const lines: string[] = [];
      if (fault.group !== title)
        lines.push(`${title === '' ? '' : '\n'}${style.heading(fault.group)}`);
      title = fault.group;
      lines.push(`  ${style.good(fault.name)}`);
      lines.push(`${indent}${wrap(clean(fault.summary), style.columns, indent, indent.length)}`);
      const width = Math.max(0, ...fault.parameters.map((parameter) => parameter.name.length));
      for (const parameter of fault.parameters) {
        lines.push(`${indent}${parameter.name.padEnd(width)}  ${clean(parameter.summary)}`);
      }
      lines.push(`${indent}${style.dim(clean(`source: ${fault.source}`))}`);
      return `${lines.join('\n')}\n`;
    })
    .join('');
}
