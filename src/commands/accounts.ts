import { Command } from 'commander';
import type { Runtime } from '../cli/runtime.js';
import { importCommand } from './accounts-import.js';
import { listCommand } from './accounts-list.js';
import { removeCommand } from './accounts-remove.js';
import { useCommand } from './accounts-use.js';

/** Declares `gsac accounts`. */
export function accountsCommand(runtime: Runtime): Command {
  const command = new Command('accounts')
    .summary('list, choose, remove and import accounts')
    .description('The accounts that are stored on this machine.')
    .addHelpText('after', '\nExample:\n  $ gsac accounts use tester@example.com');
  command.addCommand(listCommand(runtime), { isDefault: true });
  for (const declare of [useCommand, removeCommand, importCommand]) {
    command.addCommand(declare(runtime));
  }
  return command;
}
