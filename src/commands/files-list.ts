import type { Command } from 'commander';
import type { AccountWork } from '../accounts/accounts.js';
import { type OpenFolder, openFolder } from '../accounts/folder.js';
import { readCount } from '../cli/flags.js';
import type { Output, Runtime } from '../cli/runtime.js';
import { describeAccount } from '../core/account.js';
import { withFacts } from '../core/errors.js';
import { localTime } from '../core/times.js';
import type { DriveFile, ListOptions } from '../google/drive.js';
import { formatBytes } from '../terminal/bytes.js';
import { toJsonText } from '../terminal/clean.js';
import type { Column } from '../terminal/columns.js';

/** Declares `gsac files list`, which is also what `gsac files` alone means. */
export function addFilesList(group: Command, runtime: Runtime): void {
  group
    .command('list', { isDefault: true })
    .summary('list the files')
    .description(
      'List all files, a page at a time. JSON: an array of Drive’s own file resources, streamed.',
    )
    .option('--query <q>', "Drive's query, such as \"name contains 'save'\"")
    .option('--order-by <keys>', 'Drive’s order, such as "modifiedTime desc,name"')
    .option('--limit <count>', 'at most so many')
    .addHelpText('after', `\nExample:\n  $ gsac files list --query "name contains 'save'" --json`)
    .action((flags: Record<'query' | 'orderBy' | 'limit', string | undefined>, inner: Command) =>
      runtime.stream(inner, (provided, output) => {
        const bounds = { least: 1, most: 1_000_000_000 };
        const limit =
          flags.limit === undefined ? undefined : readCount(flags.limit, '--limit', bounds);
        return runFilesList({ ...flags, limit }, provided, output);
      }),
    );
}

/**
 * Lists the folder, writing each page as it comes. Where a later page fails, what was written stays
 * and the JSON array is left open, so that it cannot be taken for whole.
 *
 * @throws {GsacError} exits 2 to 5.
 */
async function runFilesList(options: ListOptions, work: AccountWork, output: Output): Promise<0> {
  const opened = await openFolder(work);
  return withFacts(opened.facts, () => writeListing(options, work, opened, output));
}

async function writeListing(
  options: ListOptions,
  { context: { notices, now } }: AccountWork,
  { folder, account }: OpenFolder,
  output: Output,
): Promise<0> {
  const { json } = output.globals;
  const startedAt = now();
  let count = 0;
  let bytes = 0;
  for await (const page of folder.list(options)) {
    const first = count === 0;
    await output.write(json ? toJsonLines(page, first) : await renderFiles(page, first, output));
    count += page.length;
    for (const file of page) bytes += Number(file['size'] ?? 0);
    if (now() - startedAt > 1000) {
      notices.progress(`${count} files so far, ${formatBytes(bytes)}`);
    }
  }
  notices.progress('');
  if (json) await output.write(count === 0 ? '[]\n' : '\n]\n');
  else if (count === 0) notices.say(emptyText(describeAccount(account), options));
  else notices.say(`${count} ${count === 1 ? 'file' : 'files'}, ${formatBytes(bytes)}`);
  return 0;
}

/**
 * A listing that came back empty was allowed: what is missing is said to be files, not access.
 * @see https://developers.google.com/workspace/drive/api/guides/appdata
 */
function emptyText(account: string, { query }: ListOptions): string {
  return query === undefined
    ? `The folder of ${account} is empty, although access is granted. Either this project's clients store no files there, or the person uninstalled the app from Drive, which deletes the folder. Another project's files are in a folder of their own.`
    : `No file of ${account} matches the query.`;
}

function toJsonLines(page: readonly DriveFile[], first: boolean): string {
  return page
    .map((file, at) => `${first && at === 0 ? '[\n' : ',\n'}  ${toJsonText(file)}`)
    .join('');
}

const columns: readonly Column[] = [
  { title: 'MODIFIED' },
  { title: 'SIZE', align: 'right' },
  { title: 'NAME' },
  { title: 'ID', shrinks: true },
];

async function renderFiles(
  page: readonly DriveFile[],
  first: boolean,
  output: Output,
): Promise<string> {
  const { renderColumns, toListingStyle } = await import('../terminal/columns.js');
  const style = toListingStyle(output.style(), output.isTty());
  const rows = page.map((file) => {
    const modified = Date.parse(String(file['modifiedTime'] ?? ''));
    return [
      Number.isNaN(modified) ? '' : localTime(modified).slice(0, 16),
      file['size'] === undefined ? '' : formatBytes(Number(file['size'])),
      String(file['name'] ?? ''),
      String(file['id'] ?? ''),
    ];
  });
  return renderColumns(columns, rows, style, { titles: first && output.isTty() });
}
