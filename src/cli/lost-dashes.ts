import type { Command } from 'commander';

/**
 * The arguments with the `--` that PowerShell takes away from a script, as npm's `gsac.ps1` is one: in
 * front of the first word that is none of gsac's own, for a command whose usage has a `--`.
 *
 * @param argv arguments that have no `--`.
 */
export function withDashes(program: Command, argv: readonly string[]): readonly string[] {
  let command = program;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    const inner = command.commands.find((one) => one.name() === word);
    if (inner !== undefined) command = inner;
    else if (!word.startsWith('-')) {
      const isMeant = command.usage().includes(' -- ');
      return isMeant ? [...argv.slice(0, at), '--', ...argv.slice(at)] : argv;
    } else if (takesNext(program, word) || takesNext(command, word)) at += 1;
  }
  return argv;
}

/** Whether an option's value is the next word. */
function takesNext(command: Command, word: string): boolean {
  return command.options.some(
    ({ short, long, required }) => required && (word === short || word === long),
  );
}
