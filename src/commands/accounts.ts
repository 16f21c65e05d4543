import { Command } from 'commander';
import { removed } from '../accounts/changes.js';
import { findAccount } from '../accounts/open.js';
import type { Outcome, Provided, Runtime } from '../cli/runtime.js';
import { describeAccount, storeNames } from '../core/account.js';
import { confirm } from '../terminal/confirm.js';
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
  const aboutOne = (name: string, run: typeof runAccountsRemove) =>
    group
      .command(name)
      .argument('<account>', 'email address, sub or key')
      .action((account: string, options: { yes?: boolean }, command: Command) =>
        runtime.run(command, (provided) => run(account, provided, options), renderAccount),
      );
  aboutOne('use', runAccountsUse)
    .summary('choose the account that commands work on')
    .addHelpText('after', '\nExample:\n  $ gsac accounts use tester@example.com');
  aboutOne('remove', runAccountsRemove)
    .summary('forget an account on this machine; its access at Google remains')
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac accounts remove tester@example.com\n\nTo end the access at Google as well, use gsac revoke instead.',
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

/**
 * Forgets an account.
 *
 * @throws {GsacError} `account_unknown`, `account_ambiguous`; `input_required` without a person and
 *   without `--yes`; exit 5; 130 if the answer is no.
 */
async function runAccountsRemove(
  selector: string,
  work: Choosing,
  { yes = false }: { yes?: boolean },
): Promise<Outcome<AccountResult>> {
  const account = await findAccount(work, selector);
  if (!yes) {
    const name = describeAccount(account);
    await confirm(work.context, {
      consequence: `This deletes the refresh token of ${name} from ${storeNames[account.store]}. The access at Google remains; \`gsac revoke\` ends that as well.`,
      question: 'Remove the account?',
      act: 'removed',
    });
  }
  await (await work.accounts.book()).change(account, removed);
  return { result: { account: toDocument(account, false), status: 'removed' } };
}
