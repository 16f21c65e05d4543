import { Argument, Command } from 'commander';
import type { Runtime } from '../../cli/runtime.js';
import { renderBashCompletion } from './bash.js';
import { type CommandNode, readCommandTree } from './command-tree.js';
import { renderFishCompletion } from './fish.js';
import { renderZshCompletion } from './zsh.js';

const shells: Readonly<Record<string, (root: CommandNode) => string>> = {
  bash: renderBashCompletion,
  zsh: renderZshCompletion,
  fish: renderFishCompletion,
};

/** Declares `gsac completion`. The tree that it is declared in is what it completes. */
export function completionCommand(runtime: Runtime): Command {
  return new Command('completion')
    .summary('completion for bash, zsh or fish')
    .description(
      'Print a script that completes commands, options, their choices and the stored accounts.',
    )
    .addArgument(new Argument('<shell>', 'whose script').choices(Object.keys(shells)))
    .addHelpText(
      'after',
      '\nExample:\n  $ eval "$(gsac completion bash)"      # in ~/.bashrc\n  $ gsac completion zsh > ~/.zfunc/_gsac  # a folder of $fpath\n  $ gsac completion fish > ~/.config/fish/completions/gsac.fish',
    )
    .action((shell: string, _options, command: Command) =>
      runtime.stream(command, async (_provided, output) => {
        const script = shells[shell]?.(readCommandTree(rootOf(command))) ?? '';
        await output.write(script);
        return 0;
      }),
    );
}

/**
 * Declares what the completion scripts and the build ask for; no help shows it. `accounts` prints a
 * line for each stored account, and nothing if they cannot be listed: a shell is no place for an
 * error. `tree` prints what is declared; the build makes the man pages from it.
 */
export function completeCommand(runtime: Runtime): Command {
  return new Command('__complete')
    .addArgument(new Argument('<what>').choices(['accounts', 'tree']))
    .action((what: string, _options, command: Command) =>
      runtime.stream(command, async ({ accounts }, output) => {
        if (what === 'tree') {
          await output.write(JSON.stringify(readCommandTree(rootOf(command))));
          return 0;
        }
        const listed = await accounts
          .index()
          .then((index) => index.list())
          .catch(() => ({ accounts: [] }));
        const names = listed.accounts.map(({ email, key }) => email ?? key);
        // A shell reads it: nothing goes there that means anything to one.
        const plain = [...new Set(names)].filter((name) => /^[\w][\w.+@/-]*$/.test(name));
        await output.write(plain.map((name) => `${name}\n`).join(''));
        return 0;
      }),
    );
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}
