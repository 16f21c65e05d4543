import type { EventEmitter } from 'node:events';
import type { Command, Help, Option } from 'commander';
import { wrap } from '../terminal/layout.js';
import { pathOf } from './arguments.js';

/** Commands under a heading, in the order of the help. */
export type HelpGroups = Readonly<Record<string, readonly string[]>>;

/** What `gsac` and `gsac --help` print: the commands by what they are for. */
export function renderMainHelp(program: Command, groups: HelpGroups, columns: number): string {
  const summaries = new Map(program.commands.map((inner) => [inner.name(), inner.summary()]));
  const indent = Math.max(...[...summaries.keys()].map((name) => name.length)) + 4;
  const listed = Object.entries(groups).flatMap(([title, names]) => [
    title,
    ...names
      .filter((name) => summaries.has(name))
      .map((name) => define(name, summaries.get(name) ?? '', indent, columns)),
  ]);
  return join([
    wrap(program.description(), columns, '', 0),
    'Usage: gsac <command> [options]',
    listed.join('\n'),
    reflow(epilogueOf(program), columns),
  ]);
}

/** What `gsac <command> --help` prints: the usage, an example, then the command's own options. */
export function renderCommandHelp(command: Command, help: Help, columns: number): string {
  const notes = epilogueOf(command).split(/\n{2,}/);
  const isExample = (block: string) => /^Examples?:/.test(block);
  const subcommands = help.visibleCommands(command).filter((inner) => inner.name() !== 'help');
  const fallback = subcommands.find((inner) => inner.name() === defaultName(command));
  const description = command.description() || upperFirst(`${command.summary()}.`);
  const options = (of: Command) =>
    help.visibleOptions(of).map((option): [string, string] => {
      return [help.optionTerm(option), describeOption(option)];
    });
  const own = options(command);
  const ofFallback =
    fallback === undefined ? [] : options(fallback).filter(([term]) => !/--help/.test(term));
  const words = help
    .visibleArguments(command)
    .map((argument): [string, string] => [
      help.argumentTerm(argument),
      help.argumentDescription(argument),
    ])
    .filter(([, meaning]) => meaning !== '');
  const [, topic = ''] = pathOf(command).split(' ');
  return join([
    wrap(`Usage: ${help.commandUsage(command)}`, columns, '  ', 0),
    wrap(description, columns, '', 0),
    ...notes.filter(isExample).map((block) => reflow(block, columns)),
    section('Arguments', words, columns),
    section('Options', own, columns),
    section(`Options of ${fallback?.name()}, which is the default`, ofFallback, columns),
    section(
      'Commands',
      subcommands.map((inner): [string, string] => [
        help.subcommandTerm(inner),
        help.subcommandDescription(inner),
      ]),
      columns,
    ),
    ...notes.filter((block) => !isExample(block)).map((block) => reflow(block, columns)),
    wrap(
      `More: \`gsac help ${topic}\`. Options of every command: \`gsac help options\`.`,
      columns,
      '',
      0,
    ),
  ]);
}

/** The texts that `addHelpText` put below the help, which commander gives out as events alone. */
export function epilogueOf(command: Command): string {
  const parts: string[] = [];
  // Its types do not say that a Command is one.
  const emitter = command as unknown as EventEmitter;
  emitter.emit('afterHelp', { error: false, command, write: (text: string) => parts.push(text) });
  return parts.join('').trim();
}

/** What an option is for, with its choices and its default. */
export function describeOption({ description, argChoices, defaultValue, negate }: Option): string {
  const notes = [
    ...(argChoices === undefined ? [] : [`choices: ${argChoices.join(', ')}`]),
    ...(defaultValue === undefined || negate || typeof defaultValue === 'boolean'
      ? []
      : [`default: ${String(defaultValue)}`]),
  ];
  return notes.length === 0 ? description : `${description} (${notes.join('; ')})`;
}

/** The subcommand that a group runs if none is named; commander has no other way to ask. */
function defaultName(command: Command): unknown {
  return Reflect.get(command, '_defaultCommandName');
}

function section(
  title: string,
  items: readonly (readonly [string, string])[],
  columns: number,
): string {
  if (items.length === 0) return '';
  const widest = Math.max(...items.map(([term]) => term.length)) + 4;
  const indent = Math.min(widest, Math.floor(columns * 0.45));
  const lines = items.map(([term, meaning]) => define(term, meaning, indent, columns));
  return `${title}:\n${lines.join('\n')}`;
}

/** A term and its meaning beside it, or below it if the term is too long. */
function define(term: string, meaning: string, indent: number, columns: number): string {
  const blank = ' '.repeat(indent);
  const words = wrap(meaning, columns, blank, indent);
  const start = `  ${term}`;
  return start.length + 2 > indent
    ? `${start}\n${blank}${words}`
    : `${start.padEnd(indent)}${words}`;
}

/**
 * A text that was laid out by hand, laid out anew if it is too wide. What is set in,
 * such as a command line, stays as it is; a second column, as in `  0  done`, stays one.
 */
function reflow(text: string, columns: number): string {
  if (text.split('\n').every((line) => line.length <= columns)) return text;
  const pieces: { start: string; hang: number; words: string }[] = [];
  for (const line of text.split('\n')) {
    const [, lead = '', words = ''] = /^( *(?:\S+(?: \S+)* {2,})?)(.*)$/.exec(line) ?? [];
    const last = pieces.at(-1);
    const isSetIn = lead !== '' && lead.trim() === '';
    const goesOn = last?.hang === lead.length && (isSetIn ? last.start.trim() !== '' : lead === '');
    if (goesOn && last.words !== '' && words !== '') last.words += ` ${words}`;
    // What is set in, and is no second column, is something to copy.
    else if (isSetIn) pieces.push({ start: '', hang: Number.POSITIVE_INFINITY, words: line });
    else pieces.push({ start: lead, hang: lead.length, words });
  }
  return pieces
    .map(({ start, hang, words }) =>
      Number.isFinite(hang) ? start + wrap(words, columns, ' '.repeat(hang), hang) : words,
    )
    .join('\n');
}

function join(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
