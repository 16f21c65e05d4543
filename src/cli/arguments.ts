import type { Command } from 'commander';
import { GsacError } from '../core/errors.js';

/**
 * Refuses arguments that a command does not take. What stands where a subcommand goes is called an
 * unknown one, with the one that was probably meant.
 *
 * @throws {GsacError} `usage`
 */
export async function refuseExcessArguments(command: Command): Promise<void> {
  const taken = command.registeredArguments;
  const [excess] = command.args.slice(taken.length);
  if (excess === undefined || taken.at(-1)?.variadic === true) return;
  // `gsac files lst` arrives at the default subcommand, with the typing error as its argument.
  const group = command.parent?.args[0] === excess ? command.parent : command;
  const names = group.commands.map((inner) => inner.name());
  if (names.length === 0) {
    throw new GsacError('usage', `${pathOf(command)} does not take ${JSON.stringify(excess)}.`, {
      hint: `See \`${pathOf(command)} --help\`.`,
    });
  }
  const { meantCommand } = await import('./meant.js');
  throw new GsacError('usage', `${pathOf(group)} has no command ${JSON.stringify(excess)}.`, {
    hint: meantCommand(excess, names, pathOf(group)) ?? `See \`${pathOf(group)} --help\`.`,
  });
}

/** A command's name with those above it: `gsac files get`. */
export function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
