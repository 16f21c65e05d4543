import { Command } from 'commander';
import type { Runtime } from '../../cli/runtime.js';
import { GsacError } from '../../core/errors.js';
import type { EmulatorRunOptions } from './run.js';
import {
  addMakeupOptions,
  passThroughOption,
  readMakeup,
  readPassThrough,
} from './start-options.js';

/** Declares `gsac emulator run`. */
export function emulatorRunCommand(runtime: Runtime): Command {
  const command = new Command('run')
    .summary('run a command that takes the emulator for Google')
    .usage('[options] -- <command> [args…]')
    .description(
      'Run a command against an emulator of its own, unchanged: requests to Google’s own addresses ' +
        'are answered by the emulator, and none leaves this machine. Other hosts are reached as ' +
        'always. The exit code is the command’s, or 6 if it was 0 and no request to Google came.',
    )
    .argument('<command>', 'the program; everything after it belongs to it')
    .argument('[args...]', 'its arguments');
  return addMakeupOptions(command)
    .addOption(passThroughOption())
    .option('--report <json=file>', 'write what was asked of Google to a file')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac emulator run -- npm test\n  $ gsac emulator run --client client_secret.json --fault dead-refresh-token -- ./server',
    )
    .action((name: string, args: string[], flags: Record<string, unknown>, inner: Command) =>
      runtime.stream(inner, async (provided, output) => {
        // Without it, the command's own --json or --config would be taken for ours.
        if (!runtime.argv().includes('--')) {
          throw new GsacError('usage', 'The command must follow --.', {
            hint: `Write \`gsac emulator run -- ${name}\`, and its arguments after that.`,
          });
        }
        const { runEmulatorRun } = await import('./run.js');
        const { client } = inner.optsWithGlobals<{ client?: string }>();
        return runEmulatorRun(readOptions(name, args, flags, client), provided, output);
      }),
    );
}

function readOptions(
  command: string,
  args: readonly string[],
  flags: Record<string, unknown>,
  client: string | undefined,
): EmulatorRunOptions {
  return {
    ...readMakeup(flags),
    command,
    args,
    client,
    passThrough: readPassThrough(flags),
    report: readReport(flags['report']),
  };
}

function readReport(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const [, file] = /^json=(.+)$/s.exec(String(value)) ?? [];
  if (file !== undefined) return file;
  throw new GsacError('usage', `--report ${JSON.stringify(value)} is not a report.`, {
    hint: 'Write `--report json=<file>`.',
  });
}
