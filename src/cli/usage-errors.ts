import type { Command, CommanderError } from 'commander';
import { GsacError } from '../core/errors.js';
import { seeGlobalOptions, seeHelp } from '../terminal/errors.js';
import { pathOf } from './arguments.js';
import { meantCommand, meantFlag } from './meant.js';

/**
 * What commander says against the arguments, as an error of ours with the hint that helps most.
 *
 * @param command where it was said.
 * @param argv everything behind the program's name.
 */
export function toUsageError(
  error: CommanderError,
  command: Command,
  argv: readonly string[],
): GsacError {
  const what = error.message
    .replace(/^error: /, '')
    // A flag that does not exist may carry a secret: --client-secret=…
    .replace(/^(unknown option '[^'=]*)=.*'$/s, "$1'")
    .replace(/^option '(?:-\w, )?(--[\w-]+)[^']*' argument missing$/, '$1 needs a value')
    .replace(/^required option '(--[\w-]+)[^']*' not specified$/, '$1 is required')
    .replace(/^missing required argument '(.*)'$/, 'The argument <$1> is missing')
    .replace(
      /^option '(?:-\w, )?(--[\w-]+)[^']*' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/s,
      '$1 "$2" is not one of $3',
    )
    .replace(
      /^command-argument value '(.*)' is invalid for argument '(.*)'\. Allowed choices are (.*)\.$/s,
      '<$2> "$1" is not one of $3',
    );
  const sentence = `${what.charAt(0).toUpperCase()}${what.slice(1)}${/[.?!]$/.test(what) ? '' : '.'}`;
  return new GsacError('usage', sentence, { hint: hintOf(error, command, argv) });
}

function hintOf(
  { code, message }: CommanderError,
  command: Command,
  argv: readonly string[],
): string {
  const path = pathOf(command);
  const [, quoted = ''] = /'(.*?)'/s.exec(message) ?? [];
  if (code === 'commander.unknownCommand') {
    return meantCommand(quoted, namesOf(command), path) ?? seeHelp(path);
  }
  if (code === 'commander.unknownOption') {
    const runsProgram = command.registeredArguments[0]?.name() === 'command';
    if (runsProgram && !argv.includes('--')) {
      return `The command and its options come after --: \`${path} -- <command> [args…]\`.`;
    }
    return meantFlag(quoted, flagsOf(command)) ?? seeHelp(path);
  }
  if (/^error: option '.*--format .*' argument 'json' is invalid/.test(message)) {
    return 'For JSON, add --json in place of --format.';
  }
  const isGlobal = rootOf(command).options.some(({ flags }) => flags === quoted);
  return isGlobal ? seeGlobalOptions : seeHelp(path);
}

function namesOf(command: Command): string[] {
  const help = command.createHelp();
  return help.visibleCommands(command).map((inner) => inner.name());
}

/** Every spelling of the options that a command takes, the global ones too. */
function flagsOf(command: Command): string[] {
  const own = command.createHelp().visibleOptions(command);
  const flags = own.flatMap(({ long, short }) => [long, short].filter((flag) => flag != null));
  return command.parent === null ? flags : [...flags, ...flagsOf(command.parent)];
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}
