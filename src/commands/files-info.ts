import type { Command } from 'commander';
import type { AccountWork } from '../accounts/accounts.js';
import { openFolder } from '../accounts/folder.js';
import type { Outcome, RenderContext, Runtime } from '../cli/runtime.js';
import { withFacts } from '../core/errors.js';
import type { DriveFile } from '../google/drive.js';
import { clean } from '../terminal/clean.js';
import { renderPairs } from '../terminal/layout.js';

/** Declares `gsac files info`. */
export function addFilesInfo(group: Command, runtime: Runtime, info = runFilesInfo): void {
  group
    .command('info')
    .summary('show the folder itself')
    .description('Show the application data folder itself: files.get of its alias.')
    .addHelpText('after', '\nExample:\n  $ gsac files info --json')
    .action((_options, inner: Command) => runtime.run(inner, info, renderInfo));
}

/** Gets the folder itself. @throws {GsacError} exits 2 to 5. */
export async function runFilesInfo(work: AccountWork): Promise<Outcome<DriveFile>> {
  const { folder, facts } = await openFolder(work);
  return { result: await withFacts(facts, () => folder.info()) };
}

function renderInfo(folder: DriveFile, { style }: RenderContext): string {
  const pairs = Object.entries(folder).map(([name, value]): [string, string] => [
    clean(name),
    clean(typeof value === 'string' ? value : JSON.stringify(value)),
  ]);
  return renderPairs(pairs, style());
}
