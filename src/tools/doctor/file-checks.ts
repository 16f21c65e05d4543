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
    looksAt: 'Whether gsac’s folders can be written, and whether the disk has room.',
    async examine({ machine }) {
      const { data, cache } = machine.folders;
      machine.proveWritable();
      const free = await machine.freeBytes();
      const facts = { data_folder: data, cache_folder: cache, free_bytes: free ?? null };
      const where = `${data} can be written`;
      if (free !== undefined && free < megabyte) {
        return problem(`The disk of ${data} is full.`, 'Free some space.', facts);
      }
      if (free !== undefined && free < 50 * megabyte) {
        const left = Math.floor(free / megabyte);
        return warning(`${where}; ${left} MB are left.`, 'Free some space.', facts);
      }
      const home = machine.env['GSAC_HOME'] ?? '';
      if (home !== '' && !isAbsolute(home)) {
        return warning(
          `GSAC_HOME is a relative path: it names another folder wherever gsac is run (${home}).`,
          'Set GSAC_HOME to an absolute path.',
          facts,
        );
      }
      return ok(`${where}.`, facts);
    },
  },
  {
    id: 'file-modes',
    looksAt: 'Whether other users may read or change gsac’s files (0600, folders 0700).',
    examine({ machine }) {
      if (machine.platform === 'win32') return skipped('Windows has no such modes.');
      const files = machine.ownFiles();
      if (files.length === 0) return ok('There are no files yet.');
      const open = files.filter(isOpen);
      const listed = open.filter(isListedOnly);
      const bad = open.filter((file) => !isListedOnly(file));
      const fix = `chmod -R go-rwx ${outermost(machine.folders).map(shellQuote).join(' ')}`;
      if (bad.length > 0) {
        return problem(`Open to other users: ${some(bad.map(describe))}.`, fix);
      }
      if (listed.length > 0) {
        return warning(`Other users may look into: ${some(listed.map(describe))}.`, fix);
      }
      return ok(`All ${files.length} files and folders are closed to other users.`);
    },
  },
  {
    id: 'account-files',
    looksAt:
      'Whether each account’s file can be read, whether the chosen account exists, and whether every stored token is listed.',
    async examine({ accounts: book, machine, listing }) {
      const { accounts, broken } = await listing();
      const [first] = broken;
      if (first !== undefined) {
        return problem(
          `Broken: ${some(broken.map(({ path, reason }) => `${path} (${reason})`))}.`,
          `Move the file away (mv ${shellQuote(first.path)} …), then exchange a new code or import the account.`,
        );
      }
      const chosen = await (await book.index()).defaultKey();
      if (chosen !== undefined && !accounts.some(({ key }) => key === chosen)) {
        return warning(
          `The account chosen by \`gsac accounts use\` is not stored any more (${chosen}).`,
          'Choose another: `gsac accounts use <account>`.',
        );
      }
      const names = new Set(accounts.map(({ key }) => accountFileName(key)));
      const unlisted = machine.ownFiles().flatMap(({ path }) => {
        const name = /[/\\]vault[/\\]([0-9a-f]{32})\.sealed$/.exec(path)?.[1];
        return name === undefined || names.has(name) ? [] : [path];
      });
      if (unlisted.length > 0) {
        return warning(
          `Tokens are stored that no account of the list names: ${some(unlisted)}.`,
          `Sign in again as those people: their accounts are listed then. Or remove them: rm ${firstQuoted(unlisted)}`,
        );
      }
      return ok(
        accounts.length === 1
          ? 'One account is stored.'
          : `${accounts.length} accounts are stored.`,
        { accounts: accounts.length },
      );
    },
  },
  {
    id: 'rescue-files',
    looksAt: 'Whether refresh tokens lie in plaintext rescue files, left by a store that refused.',
    examine({ machine }) {
      const paths = machine.rescueFiles();
      const [first] = paths;
      if (first === undefined) return ok('There are none.');
      const complete = paths.find((path) => path.endsWith('.json'));
      return problem(
        `Refresh tokens lie unencrypted in ${some(paths)}.`,
        complete === undefined
          ? `Remove what is left of the file: rm ${shellQuote(first)}`
          : `gsac accounts import ${shellQuote(complete)} stores the token and removes the file.`,
        { paths },
      );
    },
  },
  {
    id: 'locks',
    looksAt: 'Whether locks of refreshes are left over from processes that died.',
    examine({ context, machine }) {
      const locks = machine.locks();
      const pathsOf = (isMeant: (age: number) => boolean) =>
        locks.filter(({ touchedAt }) => isMeant(context.now() - touchedAt)).map(({ path }) => path);
      // Nobody takes over a lock before its time has come.
      const ahead = pathsOf((age) => age < -staleMs);
      if (ahead.length > 0) {
        return problem(
          `Locks are from the future, so that refreshes wait for them: ${some(ahead)}.`,
          `Was the clock set back? With no gsac running: rm -r ${firstQuoted(ahead)}`,
        );
      }
      const stale = pathsOf((age) => age > staleMs);
      if (stale.length > 0) {
        return warning(
          `Left by processes that died: ${some(stale)}.`,
          `The next refresh takes such a lock over. To be rid of it now: rm -r ${firstQuoted(stale)}`,
        );
      }
      return ok(locks.length === 0 ? 'There are none.' : 'A refresh is under way.');
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
