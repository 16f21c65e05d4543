import { usualStaleMs as staleMs } from '../../accounts/refresh-lock.js';
import { accountFileName } from '../../core/account.js';
import { shellQuote } from '../../core/shell-quote.js';
import { type DoctorCheck, ok, problem, skipped, some, warning } from './check.js';
import type { Machine, OwnFile } from './machine.js';

const megabyte = 1_048_576;

/** What can be wrong with gsac's own files. */
export const fileChecks: readonly DoctorCheck[] = [
  {
    id: 'disk',
    looksAt: 'Whether gsac can write its folders, and whether the disk has room.',
    async examine({ machine }) {
      const { data, cache } = machine.folders;
      machine.proveWritable();
      const free = await machine.freeBytes();
      const facts = { data_folder: data, cache_folder: cache, free_bytes: free ?? null };
      const where = `gsac can write ${data}`;
      if (free !== undefined && free < megabyte) {
        return problem(`The disk of ${data} is full.`, 'Free some space.', facts);
      }
      if (free !== undefined && free < 50 * megabyte) {
        const left = Math.floor(free / megabyte);
        return warning(
          `${where}, but the disk has only ${left} MB left.`,
          'Free some space.',
          facts,
        );
      }
      const home = machine.env['GSAC_HOME'] ?? '';
      if (home !== '' && !isAbsolute(home)) {
        return warning(
          `GSAC_HOME is a relative path (${home}), so it names a different folder in each place where you run gsac.`,
          'Set GSAC_HOME to an absolute path.',
          facts,
        );
      }
      return ok(`${where}.`, facts);
    },
  },
  {
    id: 'file-modes',
    looksAt: 'Whether other users can read or change gsac’s files (0600, folders 0700).',
    examine({ machine }) {
      if (machine.platform === 'win32') return skipped('Windows has no file modes.');
      const files = machine.ownFiles();
      if (files.length === 0) return ok('gsac has no files yet.');
      const open = files.filter(isOpen);
      const listed = open.filter(isListedOnly);
      const bad = open.filter((file) => !isListedOnly(file));
      const fix = `chmod -R go-rwx ${outermost(machine.folders).map(shellQuote).join(' ')}`;
      if (bad.length > 0) {
        return problem(`Other users can read or change ${some(bad.map(describe))}.`, fix);
      }
      if (listed.length > 0) {
        return warning(`Other users can list ${some(listed.map(describe))}.`, fix);
      }
      return ok(`All ${files.length} files and folders are closed to other users.`);
    },
  },
  {
    id: 'account-files',
    looksAt:
      'Whether gsac can read each account’s file, whether the chosen account exists, and whether every stored token has an account.',
    async examine({ accounts: book, machine, listing }) {
      const { accounts, broken } = await listing();
      const [first] = broken;
      if (first !== undefined) {
        return problem(
          `gsac cannot read ${some(broken.map(({ path, reason }) => `${path} (${reason})`))}.`,
          `Move the file away (mv ${shellQuote(first.path)} …), then exchange a new code or import the account.`,
        );
      }
      const chosen = await (await book.index()).defaultKey();
      if (chosen !== undefined && !accounts.some(({ key }) => key === chosen)) {
        return warning(
          `The account that you chose with \`gsac accounts use\` is no longer stored (${chosen}).`,
          'Choose another account: `gsac accounts use <account>`.',
        );
      }
      const names = new Set(accounts.map(({ key }) => accountFileName(key)));
      const unlisted = machine.ownFiles().flatMap(({ path }) => {
        const name = /[/\\]vault[/\\]([0-9a-f]{32})\.sealed$/.exec(path)?.[1];
        return name === undefined || names.has(name) ? [] : [path];
      });
      if (unlisted.length > 0) {
        return warning(
          `No account on the list names these stored tokens: ${some(unlisted)}.`,
          `Sign in again as those people, and their accounts will be listed. Or remove the tokens: rm ${firstQuoted(unlisted)}`,
        );
      }
      return ok(
        accounts.length === 1 ? '1 account is stored.' : `${accounts.length} accounts are stored.`,
        { accounts: accounts.length },
      );
    },
  },
  {
    id: 'rescue-files',
    looksAt: 'Whether a store that refused left refresh tokens in plaintext rescue files.',
    examine({ machine }) {
      const paths = machine.rescueFiles();
      const [first] = paths;
      if (first === undefined) return ok('There are no rescue files.');
      const complete = paths.find((path) => path.endsWith('.json'));
      return problem(
        `Refresh tokens are stored unencrypted in ${some(paths)}.`,
        complete === undefined
          ? `Remove what is left of the file: rm ${shellQuote(first)}`
          : `gsac accounts import ${shellQuote(complete)} stores the token and removes the file.`,
        { paths },
      );
    },
  },
  {
    id: 'locks',
    looksAt: 'Whether processes that died left locks behind.',
    examine({ context, machine }) {
      const locks = machine.locks();
      const pathsOf = (isMeant: (age: number) => boolean) =>
        locks.filter(({ touchedAt }) => isMeant(context.now() - touchedAt)).map(({ path }) => path);
      // Nobody takes over a lock before its time has come.
      const ahead = pathsOf((age) => age < -staleMs);
      if (ahead.length > 0) {
        return problem(
          `Some locks are from the future, so refreshes wait for them: ${some(ahead)}.`,
          `Was the clock set back? While no gsac runs, remove them: rm -r ${firstQuoted(ahead)}`,
        );
      }
      const stale = pathsOf((age) => age > staleMs);
      if (stale.length > 0) {
        return warning(
          `Processes that died left these locks: ${some(stale)}.`,
          `The next refresh takes such a lock over. To remove it now: rm -r ${firstQuoted(stale)}`,
        );
      }
      return ok(locks.length === 0 ? 'There are no locks.' : 'A refresh is in progress.');
    },
  },
  {
    id: 'run-folders',
    looksAt: 'Whether killed emulators have left temporary files, which it removes.',
    examine({ machine }) {
      const paths = machine.removeLeftoverRuns();
      if (paths.length === 0) return ok('There are none.');
      return warning(
        `Killed emulators left ${some(paths)}; it is removed.`,
        'There is nothing more to do.',
        { paths },
      );
    },
  },
];

function firstQuoted(paths: readonly string[]): string {
  return paths.slice(0, 3).map(shellQuote).join(' ');
}

function outermost({ data, cache }: Machine['folders']): string[] {
  return cache === data || cache.startsWith(`${data}/`) ? [data] : [data, cache];
}

function isOpen({ mode }: OwnFile): boolean {
  return (mode & 0o077) !== 0;
}

/** A folder that others may list, but not change: the names in it are no secret. */
function isListedOnly({ kind, mode }: OwnFile): boolean {
  return kind === 'folder' && (mode & 0o022) === 0;
}

function describe({ path, mode }: OwnFile): string {
  return `${path} (${mode.toString(8).padStart(4, '0')})`;
}

function isAbsolute(path: string): boolean {
  return /^([/\\]|[a-z]:[/\\])/i.test(path);
}
