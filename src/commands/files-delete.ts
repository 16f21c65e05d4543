import type { Command } from 'commander';
import type { AccountWork } from '../accounts/accounts.js';
import { findFile, type OpenFolder, openFolder } from '../accounts/folder.js';
import type { Outcome, RenderContext, Runtime } from '../cli/runtime.js';
import { describeAccount } from '../core/account.js';
import type { Context } from '../core/context.js';
import { GsacError, withFacts } from '../core/errors.js';
import type { DriveFile } from '../google/drive.js';
import { clean } from '../terminal/clean.js';
import { confirm } from '../terminal/confirm.js';

/** What `gsac files delete` is asked for. */
interface DeleteOptions {
  /** An id or an exact name; undefined with `all`. */
  file: string | undefined;
  all: boolean;
  yes: boolean;
}

/** What is gone. */
interface DeleteResult {
  deleted: DriveFile[];
}

/** How many files are removed at once: Drive limits the rate, and more are refused. */
const lanes = 8;

/** Declares `gsac files delete`. */
export function addFilesDelete(group: Command, runtime: Runtime): void {
  group
    .command('delete [id|name]')
    .summary('delete a file for good')
    .description(
      'Delete a file by its ID or its exact name. The application data folder has no trash: a deleted file is gone for good.',
    )
    .option('--all', 'delete every file in the folder')
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  $ gsac files delete save.json --yes')
    .action((file: string | undefined, flags: { all?: true; yes?: true }, inner: Command) => {
      const options = { file, all: flags.all === true, yes: flags.yes === true };
      return runtime.run(inner, (provided) => runFilesDelete(options, provided), renderDelete);
    });
}

/** Deletes one file, or all. @throws {GsacError} exits 2 to 5; 130 where the answer is no. */
async function runFilesDelete(
  options: DeleteOptions,
  work: AccountWork,
): Promise<Outcome<DeleteResult>> {
  const { file, all } = options;
  if (all === (file !== undefined)) {
    throw new GsacError('usage', all ? '--all takes no name.' : 'No file was named.', {
      hint: 'Name one file by its ID or its exact name, or use --all for every file.',
    });
  }
  const open = await openFolder(work);
  return withFacts(open.facts, async () => ({ result: await removeFrom(open, options, work) }));
}

async function removeFrom(
  open: OpenFolder,
  { file, yes }: DeleteOptions,
  { context }: AccountWork,
): Promise<DeleteResult> {
  if (file !== undefined) {
    const found = await findFile(open.folder, file);
    if (!yes) await confirmDeletion(context, JSON.stringify(String(found['name'] ?? found['id'])));
    await open.folder.remove(String(found['id']));
    return { deleted: [found] };
  }
  const files: DriveFile[] = [];
  for await (const page of open.folder.list({})) files.push(...page);
  const name = describeAccount(open.account);
  if (files.length === 0) {
    context.notices.say(`The folder of ${name} is empty.`);
    return { deleted: [] };
  }
  const count = files.length === 1 ? 'The only file' : `All ${files.length} files`;
  if (!yes) await confirmDeletion(context, `${count} of ${name}`);
  await removeAll(context, open, files);
  return { deleted: files };
}

async function removeAll(
  { notices }: Context,
  { folder }: OpenFolder,
  files: readonly DriveFile[],
): Promise<void> {
  const waiting = files.values();
  let gone = 0;
  let failure: unknown;
  async function lane(): Promise<void> {
    for (const file of waiting) {
      if (failure !== undefined) return;
      try {
        await folder.remove(String(file['id']));
      } catch (thrown) {
        // Somebody else was faster.
        if (!(thrown instanceof GsacError && thrown.code === 'file_not_found')) {
          failure ??= thrown;
          return;
        }
      }
      gone += 1;
      notices.progress(`${gone} of ${files.length} deleted`);
    }
  }
  await Promise.all(Array.from({ length: lanes }, () => lane()));
  if (failure === undefined) return;
  if (!(failure instanceof GsacError) || gone === 0) throw failure;
  throw new GsacError(
    failure.code,
    `${failure.message} ${gone} of ${files.length} files were deleted.`,
    {
      hint: failure.hint,
      details: { ...failure.details, deleted: gone },
    },
  );
}

async function confirmDeletion(context: Context, what: string): Promise<void> {
  await confirm(context, {
    consequence: `${what} will be deleted for good: the folder has no trash.`,
    question: 'Delete?',
    act: 'deleted',
  });
}

function renderDelete({ deleted }: DeleteResult, { style, quiet }: RenderContext): string {
  const [first] = deleted;
  if (first === undefined || quiet) return '';
  const what = deleted.length === 1 ? clean(String(first['name'])) : `${deleted.length} files`;
  return `${style().good('✓')} Deleted ${what}.\n`;
}
