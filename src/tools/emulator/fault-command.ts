import { Command } from 'commander';
import type { Provided, Runtime } from '../../cli/runtime.js';
import { GsacError } from '../../core/errors.js';
import { clean } from '../../terminal/clean.js';
import type { ActiveFault } from './client.js';
import { openEmulator } from './find.js';

/** Declares `gsac emulator fault`. */
export function emulatorFaultCommand(runtime: Runtime): Command {
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
        (work) => order(faults, inner.opts()['clear'] === true, work),
        ({ active }) => renderActiveFaults(active),
      ),
    );
}

/**
 * Orders faults at the emulator that was found, or takes them back.
 *
 * @param faults each as people write it; with `clear`, names to take back.
 * @returns what is still before the emulator.
 * @throws {GsacError} `usage` in the emulator's words, and exits 3.
 */
async function order(
  faults: readonly string[],
  clear: boolean,
  work: Pick<Provided, 'context' | 'google'>,
) {
  const { emulator } = await openEmulator(work);
  const withParameters = clear ? faults.find((fault) => fault.includes(':')) : undefined;
  if (withParameters !== undefined) {
    throw new GsacError(
      'usage',
      `--clear takes only names, not ${JSON.stringify(withParameters)}.`,
    );
  }
  // All of them before any is ordered.
  for (const fault of faults) await checkFault(fault);
  let active: readonly ActiveFault[] = [];
  if (faults.length === 0) active = await (clear ? emulator.clear() : emulator.activeFaults());
  for (const fault of faults) {
    active = clear ? await emulator.clear({ name: fault }) : (await emulator.order(fault)).active;
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
function renderActiveFaults(active: readonly ActiveFault[]): string {
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
