import { Command } from 'commander';
import type { AccountWork } from '../accounts/accounts.js';
import { openFolder } from '../accounts/folder.js';
import type { Outcome, RenderContext, Runtime } from '../cli/runtime.js';
import { withFacts } from '../core/errors.js';
import type { DriveFile } from '../google/drive.js';
import { clean } from '../terminal/clean.js';
import { renderPairs } from '../terminal/layout.js';
import { addFilesDelete } from './files-delete.js';
import { addFilesGet } from './files-get.js';
import { addFilesList } from './files-list.js';
import { addFilesPut } from './files-put.js';

/** Declares `gsac files`. */
export function filesCommand(runtime: Runtime): Command {
  const command = new Command('files')
    .summary('list, fetch, send and delete the app’s files')
    .description('The files that the app keeps in the person’s application data folder of Drive.')
    .addHelpText('after', '\nExample:\n  $ gsac files --order-by "modifiedTime desc" --limit 20');
  addFilesList(command, runtime);
  command
    .command('info')
    .summary('show the folder itself')
    .description('Show the application data folder itself: files.get of its alias.')
    .addHelpText('after', '\nExample:\n  $ gsac files info --json')
    .action((_options, inner: Command) => runtime.run(inner, runFilesInfo, renderInfo));
  addFilesGet(command, runtime);
  addFilesPut(command, runtime);
  addFilesDelete(command, runtime);
  return command;
}

/** Gets the folder itself. @throws {GsacError} exits 2 to 5. */
async function runFilesInfo(work: AccountWork): Promise<Outcome<DriveFile>> {
  const { folder, facts } = await openFolder(work);
  return { result: await withFacts(facts, () => folder.info()) };
}

function renderInfo(folder: DriveFile, { style, isTty }: RenderContext): string {
  const pairs = Object.entries(folder).map(([name, value]): [string, string] => [
    clean(name),
    clean(typeof value === 'string' ? value : JSON.stringify(value)),
  ]);
  return renderPairs(pairs, style(), isTty());
}
