import { Argument, Command } from 'commander';
import type { Provided, Runtime } from '../../cli/runtime.js';
import type { System } from '../../cli/system.js';
import { storeKinds } from '../../core/account.js';
import { findPrograms } from '../../files/find-program.js';
import { readCommandTree } from './command-tree.js';
import { complete } from './complete.js';
import { scripts } from './scripts.js';

/** Declares `gsac completion`. */
export function completionCommand(runtime: Runtime): Command {
  return new Command('completion')
    .summary('completion for bash, zsh, fish or PowerShell')
    .description(
      'Print a script that completes commands, options, their choices and the stored accounts.',
    )
    .addArgument(new Argument('<shell>', 'whose script').choices(Object.keys(scripts)))
    .addHelpText(
      'after',
      '\nExample:\n  $ eval "$(gsac completion bash)"      # in ~/.bashrc\n  $ gsac completion zsh > ~/.zfunc/_gsac  # a folder of $fpath\n  $ gsac completion fish > ~/.config/fish/completions/gsac.fish\n  $ gsac completion powershell | Add-Content $PROFILE',
    )
    .action((shell: keyof typeof scripts, _options, command: Command) =>
      runtime.stream(command, async (_provided, output) => {
        await output.write(scripts[shell]);
        return 0;
      }),
    );
}

/**
 * Declares what the scripts and the build ask for; no help shows it. `words` prints what the last of
 * the words behind `--` may become, `next` what may follow them, `tree` what is declared; the build makes the man pages from that.
 */
export function completeCommand(runtime: Runtime): Command {
  return new Command('__complete')
    .addArgument(new Argument('<what>').choices(['words', 'next', 'tree']))
    .argument('[words...]')
    .action((what: string, words: string[], _options, command: Command) =>
      runtime.stream(command, async (provided, output) => {
        const tree = readCommandTree(rootOf(command));
        if (what === 'tree') {
          await output.write(JSON.stringify(tree));
          return 0;
        }
        const { kind, entries } = await complete(
          tree,
          what === 'next' ? [...words, ''] : words,
          async (known) =>
            known === 'accounts' ? accountNames(provided) : storeNames(provided.system),
        );
        const lines = [kind, ...entries.map(([word, meaning]) => `${word}\t${meaning}`)];
        await output.write(lines.map((line) => `${line}\n`).join(''));
        return 0;
      }),
    );
}

/** Nothing if the accounts cannot be listed: a shell is no place for an error. */
async function accountNames({ accounts }: Pick<Provided, 'accounts'>): Promise<string[]> {
  const listed = await accounts
    .index()
    .then((index) => index.list())
    .catch(() => ({ accounts: [] }));
  const names = listed.accounts.flatMap(({ email, key, alias }) =>
    [email ?? key, alias ?? []].flat(),
  );
  return [...new Set(names)].filter(isPlain);
}

/** The stores, with the credential helpers in PATH. */
function storeNames({ env, platform }: System): string[] {
  const helpers = findPrograms('docker-credential-', { env, platform });
  return [...storeKinds, ...helpers.filter(isPlain).map((name) => `helper:${name}`)];
}

/** A shell reads what may follow: nothing goes there that means anything to one. */
function isPlain(name: string): boolean {
  return /^[\w][\w.+@/-]*$/.test(name);
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}
