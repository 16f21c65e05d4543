import { Command } from 'commander';
import { refuseExcessArguments } from './cli/excess-arguments.js';
import { addGlobalOptions } from './cli/globals.js';
import type { Runtime } from './cli/runtime.js';
import { accountsCommand } from './commands/accounts.js';
import { checkCommand } from './commands/check.js';
import { claimsCommand } from './commands/claims.js';
import { doctorCommand } from './commands/doctor.js';
import { emulatorCommand } from './commands/emulator.js';
import { exchangeCommand } from './commands/exchange.js';
import { explainCommand } from './commands/explain.js';
import { filesCommand } from './commands/files.js';
import { refreshCommand } from './commands/refresh.js';
import { revokeCommand } from './commands/revoke.js';
import { statusCommand } from './commands/status.js';
import { tokenCommand } from './commands/token.js';

/** Every command, in the order of the help. A new one is a file in commands/ and its line here. */
const commands: readonly ((runtime: Runtime) => Command)[] = [
  exchangeCommand,
  tokenCommand,
  refreshCommand,
  claimsCommand,
  filesCommand,
  accountsCommand,
  checkCommand,
  statusCommand,
  doctorCommand,
  revokeCommand,
  explainCommand,
  emulatorCommand,
];

/**
 * Builds the command line.
 *
 * @param writeHelp takes the text of `--help` and `--version`; nothing else is written from here.
 */
export function createProgram(runtime: Runtime, writeHelp: (text: string) => void): Command {
  const program = new Command('gsac')
    .description('Exchange, keep, refresh, inspect and debug Google server auth codes.')
    .version(runtime.version(), '-V, --version', 'print the version')
    .helpCommand('help [command]', 'show help for a command')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac exchange --client client_secret.json 4/0AdQt8qh…\n  $ curl -H "$(gsac token --format header)" https://www.googleapis.com/drive/v3/about\n\nWithout a Google account: gsac emulator start',
    );
  addGlobalOptions(program);
  for (const create of commands) program.addCommand(create(runtime));
  settle(program, writeHelp, runtime);
  program.hook('preAction', (_program, command) => refuseExcessArguments(command));
  program.action(() => program.outputHelp());
  return program;
}

/** Gives every command, however deep, the same manners: nothing exits, nothing writes by itself. */
function settle(command: Command, writeHelp: (text: string) => void, runtime: Runtime): void {
  command
    .exitOverride()
    .helpOption('-h, --help', 'show help')
    // They are refused below, with a better sentence.
    .allowExcessArguments(true)
    .configureHelp({ showGlobalOptions: command.parent !== null })
    .configureOutput({
      writeOut: writeHelp,
      // Errors are thrown, too, and written once, in main.
      writeErr: () => undefined,
      getOutHelpWidth: () => runtime.columns(),
      getErrHelpWidth: () => runtime.columns(),
    });
  for (const inner of command.commands) settle(inner, writeHelp, runtime);
}
