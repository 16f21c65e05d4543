import { Command } from 'commander';
import { removed } from '../accounts/changes.js';
import { findAccount } from '../accounts/open.js';
import type { Outcome, Provided, Runtime } from '../cli/runtime.js';
import { describeAccount, nameStore } from '../core/account.js';
import { GsacError } from '../core/errors.js';
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
    .summary('list, choose, name, remove and import accounts')
    .description(
      'The accounts on this machine. If a client is named (--client, --client-id, GSAC_CLIENT or ' +
        'GSAC_CLIENT_ID), only its accounts.',
    )
    .addHelpText('after', '\nExample:\n  $ gsac accounts use tester@example.com');
  group.addCommand(listCommand(runtime), { isDefault: true });
  const aboutOne = (name: string, run: typeof runAccountsRemove) =>
    group
      .command(name)
      .argument('<account>', accountHelp)
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
  return group.addCommand(aliasCommand(runtime)).addCommand(importCommand(runtime));
}

const accountHelp = 'email address, sub, key or alias';

function aliasCommand(runtime: Runtime): Command {
  return new Command('alias')
    .summary('give an account a short name')
    .argument('<account>', accountHelp)
    .argument('[name]', 'what --account takes from now on')
    .option('--remove', 'take the short name away')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac accounts alias tester@example.com staging --client staging.json\n  $ gsac token --account staging',
    )
    .action((account: string, name: string | undefined, flags: { remove?: true }, command) =>
      runtime.run(
        command,
        (provided) => runAccountsAlias(account, readAlias(name, flags.remove), provided),
        renderAccount,
      ),
    );
}

/** The name to give; undefined to take it away. @throws {GsacError} `usage`. */
function readAlias(name: string | undefined, remove = false): string | undefined {
  if ((name === undefined) !== remove) {
    throw new GsacError('usage', 'Give either a name or --remove.', {
      hint: 'For example: `gsac accounts alias tester@example.com staging`.',
    });
  }
  // Nothing that an email address, a sub or a key looks like.
  if (name === undefined || /^[a-z][\w.-]{0,39}$/i.test(name)) return name;
  throw new GsacError('usage', `${JSON.stringify(name)} is no alias.`, {
    hint: 'An alias begins with a letter and has at most 40 letters, digits and . _ -.',
  });
}

/** Gives an account a short name, or takes it away. @throws {GsacError} exits 2 and 4. */
async function runAccountsAlias(
  selector: string,
  alias: string | undefined,
  work: Choosing,
): Promise<Outcome<AccountResult>> {
  const found = await findAccount(work, selector);
  const account = await (await work.accounts.book()).name(found, alias);
  const isDefault = (await (await work.accounts.index()).defaultKey()) === account.key;
  const status = alias === undefined ? 'alias_removed' : 'alias_set';
  return { result: { account: toDocument(account, isDefault), status } };
}

/** Makes an account the default. @throws {GsacError} `account_unknown`, `account_ambiguous`. */
async function runAccountsUse(selector: string, work: Choosing): Promise<Outcome<AccountResult>> {
  const account = await findAccount(work, selector);
  await (await work.accounts.book()).choose(account);
  const from = (await overridingAccount(work))?.from;
  if (from !== undefined) {
    work.context.notices.warn(
      `${from} is set: commands use its account, whatever you choose.`,
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
      consequence: `This deletes the refresh token of ${name} from ${nameStore(account.store)}. The access at Google remains; \`gsac revoke\` ends that as well.`,
      question: 'Remove the account?',
      act: 'removed',
    });
  }
  await (await work.accounts.book()).change(account, removed);
  return { result: { account: toDocument(account, false), status: 'removed' } };
}
