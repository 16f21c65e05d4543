import { Command } from 'commander';
import { removed } from '../accounts/changes.js';
import { findAccount } from '../accounts/open.js';
import type { Outcome, Provided, Runtime } from '../cli/runtime.js';
import { type AccountResult, renderAccount, toDocument } from './accounts-list.js';

/** Declares `gsac accounts remove`. */
export function removeCommand(runtime: Runtime): Command {
  return new Command('remove')
    .argument('<account>', 'email address, sub or key')
    .summary('forget an account on this machine; Google is not asked')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac accounts remove tester@example.com\n\nTo end the access at Google, too, use gsac revoke.',
    )
    .action((account: string, _options, command: Command) =>
      runtime.run(command, (provided) => runAccountsRemove(account, provided), renderAccount),
    );
}

/** Forgets an account. @throws {GsacError} `account_unknown`, `account_ambiguous`; exit 5. */
export async function runAccountsRemove(
  selector: string,
  work: Pick<Provided, 'context' | 'accounts'>,
): Promise<Outcome<AccountResult>> {
  const account = await findAccount(work, selector);
  await (await work.accounts.book()).change(account, removed);
  return { result: { account: toDocument(account, false), status: 'removed' } };
}
