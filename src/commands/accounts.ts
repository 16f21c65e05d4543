import { Command } from 'commander';
import { removed } from '../accounts/changes.js';
import { findAccount } from '../accounts/open.js';
import type { Outcome, Provided, Runtime } from '../cli/runtime.js';
import { importCommand } from './accounts-import.js';
import {
  type AccountResult,
  listCommand,
  overridingAccount,
  renderAccount,
  toDocument,
} from './accounts-list.js';

type Choosing = Pick<Provided, 'context' | 'accounts'>;

/** Declares `gsac accounts`. */
export function accountsCommand(runtime: Runtime): Command {
  const group = new Command('accounts')
    .summary('list, choose, remove and import accounts')
    .description('The accounts that are stored on this machine.')
    .addHelpText('after', '\nExample:\n  $ gsac accounts use tester@example.com');
  group.addCommand(listCommand(runtime), { isDefault: true });
  const aboutOne = (name: string, run: typeof runAccountsUse) =>
    group
      .command(name)
      .argument('<account>', 'email address, sub or key')
      .action((account: string, _options, command: Command) =>
        runtime.run(command, (provided) => run(account, provided), renderAccount),
      );
  aboutOne('use', runAccountsUse)
    .summary('choose the account that commands work on')
    .addHelpText('after', '\nExample:\n  $ gsac accounts use tester@example.com');
  aboutOne('remove', runAccountsRemove)
    .summary('forget an account on this machine; Google is not asked')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac accounts remove tester@example.com\n\nTo end the access at Google, too, use gsac revoke.',
    );
  return group.addCommand(importCommand(runtime));
}

/** Makes an account the default. @throws {GsacError} `account_unknown`, `account_ambiguous`. */
async function runAccountsUse(selector: string, work: Choosing): Promise<Outcome<AccountResult>> {
  const account = await findAccount(work, selector);
  await (await work.accounts.book()).choose(account);
  const from = (await overridingAccount(work))?.from;
  if (from !== undefined) {
    work.context.notices.warn(
      `${from} is set: its credentials go before every account that is chosen.`,
      `Unset ${from}, or name the store in each command: --store ${account.store}.`,
    );
  }
  return {
    result: { account: toDocument(account, true), status: 'default', overridden_by: from },
  };
}

/** Forgets an account. @throws {GsacError} `account_unknown`, `account_ambiguous`; exit 5. */
async function runAccountsRemove(
  selector: string,
  work: Choosing,
): Promise<Outcome<AccountResult>> {
  const account = await findAccount(work, selector);
  await (await work.accounts.book()).change(account, removed);
  return { result: { account: toDocument(account, false), status: 'removed' } };
}
