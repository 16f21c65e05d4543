import { Command } from 'commander';
import type { Outcome, Provided, Runtime } from '../../cli/runtime.js';
import { GsacError } from '../../core/errors.js';
import { clean } from '../../terminal/clean.js';
import type { ActiveFault } from './client.js';
import { openEmulator } from './find.js';

/** The arguments of `gsac emulator fault`. */
export interface EmulatorFaultOptions {
  /** What is to go wrong, each as people write it; with `clear`, names to take back. */
  faults: readonly string[];
  clear: boolean;
}

/** The JSON document of `gsac emulator fault`: what is still before the emulator. */
export interface EmulatorFaultResult {
  active: readonly ActiveFault[];
}

/** Declares `gsac emulator fault`. */
export function emulatorFaultCommand(runtime: Runtime, order = runEmulatorFault): Command {
  return new Command('fault')
    .summary('make something go wrong on the running emulator')
    .description(
      'Make something go wrong on the running emulator, for the next request or for more: ' +
        'name:parameter=value,… with the parameters that `gsac emulator faults <name>` lists. ' +
        'Without a fault, list those that are still to come.',
    )
    .argument('[fault...]', 'such as dead-refresh-token:user=qa@example.org,times=always')
    .option('--clear', 'take back every fault, or those that you name')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac emulator fault status:status=429,retry_after=5,times=2\n  $ gsac emulator fault odd-id-token:set.email_verified=false,drop=iat\n  $ gsac emulator fault --clear',
    )
    .action((faults: string[], _options, inner: Command) =>
      runtime.run(
        inner,
        (provided) => order({ faults, clear: inner.opts()['clear'] === true }, provided),
        renderActiveFaults,
      ),
    );
}

/**
 * Orders faults at the emulator that was found, or takes them back.
 * @throws {GsacError} `usage` in the emulator's words, and exits 3.
 */
export async function runEmulatorFault(
  { faults, clear }: EmulatorFaultOptions,
  provided: Pick<Provided, 'context' | 'google'>,
): Promise<Outcome<EmulatorFaultResult>> {
  const { origin, emulator } = await openEmulator(provided);
  const withParameters = clear ? faults.find((fault) => fault.includes(':')) : undefined;
  if (withParameters !== undefined) {
    throw new GsacError(
      'usage',
      `--clear takes only names, not ${JSON.stringify(withParameters)}.`,
    );
  }
  let active = faults.length === 0 && !clear ? await emulator.activeFaults(origin) : [];
  if (clear && faults.length === 0) active = await emulator.clear(origin);
  // All of them before any is ordered.
  for (const fault of faults) await checkFault(fault);
  for (const fault of faults) {
    active = clear
      ? await emulator.clear(origin, { name: fault })
      : (await emulator.order(origin, fault)).active;
  }
  return { result: { active } };
}

/** @throws {GsacError} `usage` with the fault that was meant. */
async function checkFault(fault: string): Promise<void> {
  const words = (await import('./fault-catalogue.js')).refuseFault(fault);
  if (words === undefined) return;
  const sentence = /^[a-z]/.test(words) ? `The fault ${words}` : words;
  throw new GsacError('usage', sentence.endsWith('?') ? sentence : `${sentence}.`, {
    hint: `See \`gsac emulator faults${/^[\w-]+(?=:)/.exec(fault)?.[0].replace(/^/, ' ') ?? ''}\`.`,
  });
}

/** Writes the faults that are still to come, one a line, as they are ordered. */
export function renderActiveFaults({ active }: EmulatorFaultResult): string {
  if (active.length === 0) return 'No fault is active.\n';
  return active
    .map(({ name, remaining, parameters }) => {
      const written = Object.entries({ ...parameters, times: remaining }).flatMap(writeParameter);
      return `${clean(`${name}:${written.join(',')}`)}\n`;
    })
    .join('');
}

function writeParameter([name, value]: [string, unknown]): string[] {
  if (Array.isArray(value)) return value.map((entry) => `${name}=${entry}`);
  if (typeof value !== 'object' || value === null) return [`${name}=${String(value)}`];
  return Object.entries(value).map(([field, entry]) => `${name}.${field}=${JSON.stringify(entry)}`);
}
