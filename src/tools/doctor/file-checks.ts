import { resolve, sep } from 'node:path';
import { usualStaleMs as staleMs } from '../../accounts/refresh-lock.js';
import { accountFileName } from '../../core/account.js';
import { some } from '../../core/counting.js';
import { moveCommand, removeCommand, shellQuote } from '../../core/shell-quote.js';
import { type CheckFinding, type DoctorCheck, ok, problem, warning } from './check.js';
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
      if (machine.platform === 'win32') return examineOnWindows(machine);
      const files = machine.ownFiles();
      if (files.length === 0) return ok('gsac has no files yet.');
      const open = files.filter(isOpen);
      const listed = open.filter(isListedOnly);
      const bad = open.filter((file) => !isListedOnly(file));
      const fix = `chmod -R go-rwx ${outermost(machine.folders)
        .map((path) => shellQuote(path))
        .join(' ')}`;
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
    async examine({ context, accounts: book, machine, listing }) {
      const { accounts, broken } = await listing();
      const [first] = broken;
      if (first !== undefined) {
        return problem(
          `gsac cannot read ${some(broken.map(({ path, reason }) => `${path} (${reason})`))}.`,
          `Move the file away (\`${moveCommand(context.shell, first.path)}\`), then exchange a new code or import the account.`,
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
          `Sign in again as those people, and their accounts will be listed. Or remove the tokens: ${removeCommand(context.shell, unlisted.slice(0, 3), 'files')}`,
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
    examine({ context, machine }) {
      const paths = machine.rescueFiles();
      const [first] = paths;
      if (first === undefined) return ok('There are no rescue files.');
      const complete = paths.find((path) => path.endsWith('.json'));
      return problem(
        `Refresh tokens are stored unencrypted in ${some(paths)}.`,
        complete === undefined
          ? `Remove what is left of the file: ${removeCommand(context.shell, [first], 'files')}`
          : `gsac accounts import ${shellQuote(complete, context.shell)} stores the token and removes the file.`,
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
          `Was the clock set back? While no gsac runs, remove them: ${removeCommand(context.shell, ahead.slice(0, 3), 'folders')}`,
        );
      }
      const stale = pathsOf((age) => age > staleMs);
      if (stale.length > 0) {
        return warning(
          `Processes that died left these locks: ${some(stale)}.`,
          `The next refresh takes such a lock over. To remove it now: ${removeCommand(context.shell, stale.slice(0, 3), 'folders')}`,
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

/** Windows keeps a person's profile closed to other people; elsewhere a folder's access list decides. */
function examineOnWindows({ env, folders }: Machine): CheckFinding {
  const profile = env['USERPROFILE'] ?? '';
  const isInProfile = (path: string) =>
    profile !== '' && resolve(path).toLowerCase().startsWith(`${profile}${sep}`.toLowerCase());
  const outside = outermost(folders).filter((path) => !isInProfile(path));
  if (outside.length === 0) {
    return ok('All files and folders are in your profile, which Windows closes to other users.');
  }
  return warning(
    `${some(outside)} is not in your profile (${profile}), so Windows may let other users read or change gsac’s files.`,
    'Set GSAC_HOME to a folder in your profile, or take the rights of others away in the properties of the folder.',
  );
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
