import type { Argument, Command, Option } from 'commander';
import { pathOf } from '../../cli/arguments.js';
import { describeOption, epilogueOf } from '../../cli/help.js';

/** What a shell offers for a value. */
export type ValueHint =
  | { kind: 'choices'; choices: readonly string[] }
  | { kind: 'accounts' | 'stores' | 'files' | 'nothing' };

/** One option as it is declared. */
export interface OptionNode {
  /** As the help shows them: `-a, --account <email>`. */
  flags: string;
  /** Every spelling: `-a`, `--account`. */
  names: readonly string[];
  description: string;
  /** Undefined where it takes no value. */
  value: ValueHint | undefined;
  isGlobal: boolean;
}

/** One command as it is declared. */
export interface CommandNode {
  /** With those above it: `gsac files get`. */
  path: string;
  name: string;
  summary: string;
  description: string;
  usage: string;
  arguments: readonly { name: string; description: string; value: ValueHint }[];
  /** Its own, then the global ones. */
  options: readonly OptionNode[];
  /** What the help says below the options: the examples, as they are written there. */
  epilogue: string;
  commands: readonly CommandNode[];
}

/** Reads the command line's declaration, hidden parts left out: what help, manual and completion say. */
export function readCommandTree(command: Command): CommandNode {
  const help = command.createHelp();
  help.showGlobalOptions = true;
  const own = help.visibleOptions(command);
  const inherited = help.visibleGlobalOptions(command);
  const isRoot = command.parent === null;
  return {
    path: pathOf(command),
    name: command.name(),
    summary: command.summary() || command.description(),
    description: command.description() || `${upperFirst(command.summary())}.`,
    usage: help.commandUsage(command),
    arguments: command.registeredArguments.map((argument) => ({
      name: argument.name(),
      description: argument.description,
      value: toArgumentHint(argument),
    })),
    options: [
      ...own.map((option) => toNode(option, isRoot && option.helpGroupHeading !== undefined)),
      ...inherited.map((option) => toNode(option, true)),
    ],
    epilogue: epilogueOf(command),
    commands: help
      .visibleCommands(command)
      .filter((inner) => inner.name() !== 'help')
      .map(readCommandTree),
  };
}

/** Every command of a tree, each before its subcommands. */
export function flatten(node: CommandNode): CommandNode[] {
  return [node, ...node.commands.flatMap(flatten)];
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function toNode(option: Option, isGlobal: boolean): OptionNode {
  return {
    flags: option.flags,
    names: [option.short, option.long].filter((name) => name !== undefined),
    description: describeOption(option),
    value: option.required || option.optional ? toOptionHint(option) : undefined,
    isGlobal,
  };
}

function toOptionHint(option: Option): ValueHint {
  const placeholder = /[<[]([^>\]]*)[>\]]/.exec(option.flags)?.[1] ?? '';
  if (option.argChoices !== undefined) return { kind: 'choices', choices: option.argChoices };
  if (option.long === '--store') return { kind: 'stores' };
  if (option.long === '--account') return { kind: 'accounts' };
  return toHint(placeholder);
}

function toArgumentHint(argument: Argument): ValueHint {
  if (argument.argChoices !== undefined) return { kind: 'choices', choices: argument.argChoices };
  return toHint(argument.name());
}

function toHint(placeholder: string): ValueHint {
  if (placeholder === 'account') return { kind: 'accounts' };
  return { kind: /file|path|folder|dir|pem/.test(placeholder) ? 'files' : 'nothing' };
}
