import { Command } from 'commander';
import type { BrokenAccountFile } from '../accounts/account-index.js';
import type { Warning } from '../accounts/book.js';
import { listAccounts, warnOfBroken } from '../accounts/open.js';
import type { Outcome, Provided, RenderContext, Runtime } from '../cli/runtime.js';
import { type AccountRecord, describeAccount, type EnvironmentAccount } from '../core/account.js';
import { GsacError } from '../core/errors.js';
import { isoTime, relativeTime } from '../core/times.js';
import { clean } from '../terminal/clean.js';

type Listing = Pick<Provided, 'context' | 'accounts'>;

/** One account in JSON. */
export type AccountDocument = ReturnType<typeof toDocument>;

/** The JSON document of `gsac accounts list`. */
export interface AccountsResult {
  accounts: AccountDocument[];
  /** Account files that cannot be read, where there are some: whose they are is not known. */
  broken?: BrokenAccountFile[] | undefined;
}

/** The JSON document of `use`, `remove` and `import`. */
export interface AccountResult {
  account: AccountDocument;
  /** What was done. */
  status: 'default' | 'removed' | 'imported';
  /** The variable whose credentials go before the account that was chosen. */
  overridden_by?: string | undefined;
  /** What the person should know of it, where there is something. */
  warnings?: Warning[] | undefined;
}

/** Declares `gsac accounts list`. */
export function listCommand(runtime: Runtime): Command {
  return new Command('list')
    .summary('list the stored accounts')
    .addHelpText('after', '\nExample:\n  $ gsac accounts list --json')
    .action((_options, command: Command) => runtime.run(command, runAccountsList, renderAccounts));
}

/** Lists the accounts. A broken file of the index is told of, not fatal. */
export async function runAccountsList(work: Listing): Promise<Outcome<AccountsResult>> {
  const { globals, notices } = work.context;
  if (globals.store === 'env') return listEnvironment(work);
  const { accounts, broken } = await listAccounts(work);
  warnOfBroken(work.context, broken);
  const defaultKey = await (await work.accounts.index()).defaultKey();
  if (accounts.length === 0 && broken.length === 0) {
    notices.say(
      'No account is stored. Exchange a code first: gsac exchange --client <client_secret_*.json>',
    );
  }
  const given = await overridingAccount(work);
  if (given !== undefined) {
    const { from, account } = given;
    notices.say(
      `${from} is set: commands work on its account${account.email === null ? '' : ` (${account.email})`}, which is not stored, unless --store is given.`,
    );
  }
  return {
    result: {
      accounts: accounts.map((account) => toDocument(account, account.key === defaultKey)),
      broken: broken.length > 0 ? broken : undefined,
    },
  };
}

/** The account of the environment where it goes before the stored ones. */
export async function overridingAccount({
  context,
  accounts,
}: Listing): Promise<EnvironmentAccount | undefined> {
  if (context.globals.store !== undefined) return undefined;
  // What is wrong with the variables is said by the commands that need them.
  return accounts.environmentAccount().catch((thrown) => {
    if (!(thrown instanceof GsacError)) throw thrown;
    return undefined;
  });
}

/** What `--store env` lists: the one account of the environment, which no list holds. */
async function listEnvironment({ context, accounts }: Listing): Promise<Outcome<AccountsResult>> {
  const found = await accounts.environmentAccount();
  if (found !== undefined) return { result: { accounts: [toDocument(found.account, true)] } };
  context.notices.say(
    'The environment holds no credentials. Set GSAC_CREDENTIALS, or GSAC_CLIENT_ID, GSAC_CLIENT_SECRET and GSAC_REFRESH_TOKEN.',
  );
  return { result: { accounts: [] } };
}

/** One account as the JSON documents have it. Times are ISO 8601, UTC. */
export function toDocument(account: AccountRecord, isDefault: boolean) {
  const { key, sub, email, clientId, scopes, store, issuedAt, lastUsedAt } = account;
  return {
    key,
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
  // Loaded for listings alone: measuring the width of text takes tables that cost start-up time.
  const { renderColumns, toListingStyle } = await import('../terminal/columns.js');
  const rows = accounts.map((account) => [
    account.default ? '*' : '',
    describeAccount(account),
    account.store,
    relativeTime(Date.parse(account.issued_at), now),
    account.last_used_at === null ? 'never' : relativeTime(Date.parse(account.last_used_at), now),
    account.client_id.replace(/\.apps\.googleusercontent\.com$/, ''),
  ]);
  const titles = ['', 'ACCOUNT', 'STORE', 'ISSUED', 'LAST USED', 'CLIENT'];
  return renderColumns(
    titles.map((title) => ({ title, shrinks: title === 'CLIENT' })),
    rows,
    toListingStyle(style(), isTty()),
  );
}

/** What people read after `use`, `remove` and `import`. */
export function renderAccount(
  { account, status, overridden_by: from }: AccountResult,
  { style }: RenderContext,
): string {
  const name = clean(describeAccount(account));
  const sentences: Record<AccountResult['status'], string> = {
    default:
      from === undefined
        ? `Commands work on ${name} now, unless --account names another.`
        : `Commands work on ${name} once ${from} is unset, unless --account names another.`,
    removed: `Removed ${name} from this machine. Its access at Google remains.`,
    imported: `${name} is stored.`,
  };
  return `${style().good('✓')} ${sentences[status]}\n`;
}
