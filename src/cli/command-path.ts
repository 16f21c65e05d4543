import type { Command } from 'commander';

/** A command's name with those above it: `gsac files get`. */
export function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
