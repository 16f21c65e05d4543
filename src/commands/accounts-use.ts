import { Command } from 'commander';
import { findAccount } from '../accounts/open.js';
import type { Outcome, Provided, Runtime } from '../cli/runtime.js';
import {
  type AccountResult,
  overridingAccount,
  renderAccount,
  toDocument,
} from './accounts-list.js';

/** Declares `gsac accounts use`. */
export function useCommand(runtime: Runtime): Command {
  return new Command('use')
    .argument('<account>', 'email address, sub or key')
    .summary('choose the account that commands work on')
    .addHelpText('after', '\nExample:\n  $ gsac accounts use tester@example.com')
    .action((account: string, _options, command: Command) =>
      runtime.run(command, (provided) => runAccountsUse(account, provided), renderAccount),
    );
}

/** Makes an account the default. @throws {GsacError} `account_unknown`, `account_ambiguous`. */
export async function runAccountsUse(
  selector: string,
  work: Pick<Provided, 'context' | 'accounts'>,
): Promise<Outcome<AccountResult>> {
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
    result: {
      account: toDocument(account, true),
      status: 'default',
      ...(from === undefined ? {} : { overridden_by: from }),
    },
  };
}
