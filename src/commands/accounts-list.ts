import { Command } from 'commander';
import type { BrokenAccountFile } from '../accounts/account-index.js';
import type { Warning } from '../accounts/book.js';
import { listWithEnvironment, noAccount, warnOfBroken } from '../accounts/open.js';
import type { Outcome, Provided, RenderContext, Runtime } from '../cli/runtime.js';
import {
  type AccountRecord,
  type EnvironmentAccount,
  shortenClientIds,
  stemOfClientId,
} from '../core/account.js';
import { GsacError } from '../core/errors.js';
import { isoTime, shortRelativeTime } from '../core/times.js';
import { clean } from '../terminal/clean.js';

type Listing = Pick<Provided, 'context' | 'accounts'>;

/** One account in JSON. */
export type AccountDocument = ReturnType<typeof toDocument>;

/** The JSON document of `gsac accounts list`. */
export interface AccountsResult {
  accounts: AccountDocument[];
  /** Account files that cannot be read, if there are any: whose they are is not known. */
  broken?: BrokenAccountFile[] | undefined;
}

/** The JSON document of `use`, `alias`, `remove` and `import`. */
export interface AccountResult {
  account: AccountDocument;
  /** What was done. */
  status: 'default' | 'alias_set' | 'alias_removed' | 'removed' | 'imported';
  /** The variable whose credentials go before the account that was chosen. */
  overridden_by?: string | undefined;
  /** What the person should know of it, if there is anything. */
  warnings?: Warning[] | undefined;
}

/** Declares `gsac accounts list`. */
export function listCommand(runtime: Runtime): Command {
  return new Command('list')
    .summary('list the accounts')
    .addHelpText('after', '\nExample:\n  $ gsac accounts list --json')
    .action((_options, command: Command) => runtime.run(command, runAccountsList, renderAccounts));
}

/** Lists the accounts. A broken file of the index is told of, not fatal. */
export async function runAccountsList(work: Listing): Promise<Outcome<AccountsResult>> {
  const { globals, notices } = work.context;
  const say = ({ message, hint = '' }: GsacError) => notices.say(`${message} ${hint}`);
  const listed = await listWithEnvironment(work).catch((thrown) => {
    if (!(thrown instanceof GsacError) || globals.store !== 'env') throw thrown;
    if (thrown.code !== 'store_unavailable') throw thrown;
    say(thrown);
    return undefined;
  });
  if (listed === undefined) return { result: { accounts: [] } };
  const { given, accounts, others, broken } = listed;
  warnOfBroken(work.context, broken);
  if (given === undefined && accounts.length === 0 && broken.length === 0) {
    say(await noAccount(work, others));
  } else if (others.length > 0) {
    const count = others.length === 1 ? 'One account' : `${others.length} accounts`;
    notices.say(
      `${count} of other clients ${others.length === 1 ? 'is' : 'are'} not listed, because ${globals.clientFrom} names a client.`,
    );
  }
  if (given !== undefined && accounts.length > 0) {
    notices.say(
      `${given.from} is set: commands use its account, not the stored ones, unless you add --store.`,
    );
  }
  const defaultKey = await (await work.accounts.index()).defaultKey();
  const stored = accounts.map((account) =>
    toDocument(account, given === undefined && account.key === defaultKey),
  );
  return {
    result: {
      accounts: given === undefined ? stored : [toDocument(given.account, true), ...stored],
      broken: broken.length > 0 ? broken : undefined,
    },
  };
}

/** The account of the environment if it goes before the stored ones. */
export async function overridingAccount({
  context,
  accounts,
}: Listing): Promise<EnvironmentAccount | undefined> {
  if (context.globals.store !== undefined) return undefined;
  // The commands that need the variables say what is wrong with them.
  return accounts.environmentAccount().catch((thrown) => {
    if (!(thrown instanceof GsacError)) throw thrown;
    return undefined;
  });
}

/** One account as the JSON documents have it. Times are ISO 8601, UTC. */
export function toDocument(account: AccountRecord, isDefault: boolean) {
  const { key, alias = null, sub, email, clientId, scopes, store, issuedAt, lastUsedAt } = account;
  return {
    key,
    alias,
    sub,
    email,
    client_id: clientId,
    scopes,
    store,
    issued_at: isoTime(issuedAt),
    last_used_at: isoTime(lastUsedAt),
    default: isDefault,
  };
}

async function renderAccounts(
  { accounts }: AccountsResult,
  { style, isTty, now }: RenderContext,
): Promise<string> {
  if (accounts.length === 0) return '';
  // Loaded for listings only: measuring the width of text takes tables that cost start-up time.
  const { renderColumns, toListingStyle } = await import('../terminal/columns.js');
  const toShort = shortenClientIds(accounts.map((account) => account.client_id));
  const toClient = isTty() ? toShort : stemOfClientId;
  const hasAliases = accounts.some(({ alias }) => alias !== null);
  const rows = accounts.map((account) => [
    account.default ? '*' : '',
    account.email ?? account.key,
    ...(hasAliases ? [account.alias ?? ''] : []),
    account.store,
    shortRelativeTime(Date.parse(account.issued_at), now),
    account.last_used_at === null
      ? 'never'
      : shortRelativeTime(Date.parse(account.last_used_at), now),
    toClient(account.client_id),
  ]);
  const aliases = hasAliases ? ['ALIAS'] : [];
  const titles = ['', 'ACCOUNT', ...aliases, 'STORE', 'ISSUED', 'LAST USED', 'CLIENT'];
  return renderColumns(
    titles.map((title) => ({ title, shrinks: title === 'ACCOUNT' })),
    rows,
    toListingStyle(style(), isTty()),
  );
}

/** What people read after `use`, `alias`, `remove` and `import`. */
export function renderAccount(
  { account, status, overridden_by: from }: AccountResult,
  { style, quiet }: RenderContext,
): string {
  if (quiet) return '';
  const name = clean(account.email ?? account.key);
  const sentences: Record<AccountResult['status'], string> = {
    default: `${from === undefined ? 'Now using' : `Once ${from} is unset, commands use`} ${name}.`,
    alias_set: `${account.alias} is now short for ${name}: --account ${account.alias}.`,
    alias_removed: `${name} has no alias now.`,
    removed: `Removed ${name} from this machine. Its access at Google remains.`,
    imported: `${name} is stored.`,
  };
  return `${style().good('✓')} ${sentences[status]}\n`;
}
