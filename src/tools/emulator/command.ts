import { Command } from 'commander';
import type { Runtime } from '../../cli/runtime.js';
import { GsacError } from '../../core/errors.js';
import { emulatorConfigSchemaCommand } from './config-schema-command.js';
import { emulatorEnvCommand } from './env-command.js';
import { emulatorFaultCommand } from './fault-command.js';
import { emulatorFaultsCommand } from './faults-command.js';
import { emulatorRequestsCommand } from './requests-command.js';
import { emulatorRunCommand } from './run-command.js';
import { emulatorSignInCommand } from './sign-in-command.js';
import { emulatorStartCommand } from './start-command.js';

/** Declares `gsac emulator`. */
export function emulatorCommand(runtime: Runtime): Command {
  const command = new Command('emulator')
    .summary('Google’s endpoints on this machine')
    .description(
      'Google’s sign-in and Drive endpoints on this machine, for tests and for trying things out. ' +
        '`start` runs it; what else has to do with a running one finds it by the client file that it wrote.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac emulator start --client-out client_secret.json &\n  $ export GSAC_CLIENT=client_secret.json\n  $ gsac emulator sign-in | gsac exchange -\n  $ gsac emulator fault dead-refresh-token:user=qa@example.org',
    );
  for (const declare of [
    emulatorStartCommand,
    emulatorRunCommand,
    emulatorSignInCommand,
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
