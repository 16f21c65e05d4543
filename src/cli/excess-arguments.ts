import type { Command } from 'commander';
import { GsacError } from '../core/errors.js';

/**
 * Refuses arguments that a command does not take. What stands where a subcommand goes is called an
 * unknown one, with the one that was probably meant.
 *
 * @throws {GsacError} `usage`
 */
export function refuseExcessArguments(command: Command): void {
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
  const meant = closest(excess, names);
  throw new GsacError('usage', `${pathOf(group)} has no command ${JSON.stringify(excess)}.`, {
    hint: meant === undefined ? `See \`${pathOf(group)} --help\`.` : `Did you mean ${meant}?`,
  });
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** The name that takes the fewest changes of a letter, where they are few for its length. */
function closest(typed: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, changes: countChanges(typed, name) }))
    .sort((one, other) => one.changes - other.changes);
  const [best] = ranked;
  return best !== undefined && best.changes <= Math.max(2, best.name.length * 0.4)
    ? best.name
    : undefined;
}

/** @see https://en.wikipedia.org/wiki/Levenshtein_distance */
function countChanges(one: string, other: string): number {
  // What is that long is no typing error, and not worth the time.
  if (one.length > 50) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: other.length + 1 }, (_each, at) => at);
  for (const [line, letter] of [...one].entries()) {
    const next = [line + 1];
    for (let at = 1; at < row.length; at += 1) {
      const same = letter === other[at - 1] ? 0 : 1;
      next.push(Math.min((row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1, (row[at - 1] ?? 0) + same));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
