import { Command } from 'commander';
import type { Runtime } from '../../cli/runtime.js';
import { GsacError } from '../../core/errors.js';
import { emulatorClockCommand } from './clock-command.js';
import { emulatorConfigSchemaCommand } from './config-schema-command.js';
import { emulatorEnvCommand } from './env-command.js';
import { emulatorFaultCommand } from './fault-command.js';
import { emulatorFaultsCommand } from './faults-command.js';
import { emulatorRequestsCommand } from './requests-command.js';
import { emulatorRiscCommand } from './risc-command.js';
import { emulatorRunCommand } from './run-command.js';
import { emulatorSignInCommand } from './sign-in-command.js';
import { emulatorStartCommand } from './start-command.js';
import { emulatorRevokeCommand, emulatorUserCommand } from './user-command.js';

/** Declares `gsac emulator`. */
export function emulatorCommand(runtime: Runtime): Command {
  const command = new Command('emulator')
    .summary('Google’s endpoints on this machine')
    .description(
      'Google’s sign-in and Drive endpoints on this machine, for tests and for trying things out. ' +
        '`start` runs it. The other commands find the running one by --client, else GSAC_EMULATOR ' +
        '(its address), else GSAC_CLIENT, else client_secret_emulator.json in the current folder.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac emulator start --client-out client_secret.json &\n  $ export GSAC_CLIENT=client_secret.json\n  $ gsac emulator sign-in | gsac exchange -\n  $ gsac emulator fault dead-refresh-token:user=qa@example.org',
    );
  for (const declare of [
    emulatorStartCommand,
    emulatorRunCommand,
    emulatorSignInCommand,
    emulatorUserCommand,
    emulatorRevokeCommand,
    emulatorClockCommand,
    emulatorRiscCommand,
    emulatorFaultsCommand,
    emulatorFaultCommand,
    emulatorRequestsCommand,
    emulatorEnvCommand,
    emulatorConfigSchemaCommand,
  ]) {
    command.addCommand(declare(runtime));
  }
  command.action(() => {
    throw new GsacError('usage', 'gsac emulator needs a subcommand, such as start or sign-in.', {
      hint: 'See `gsac emulator --help`.',
    });
  });
  return command;
}
