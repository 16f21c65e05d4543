import type { Command } from 'commander';
import { findFile, type OpenFolder, openFolder } from '../accounts/folder.js';
import type { Outcome, Provided, RenderContext, Runtime } from '../cli/runtime.js';
import { GsacError, withFacts } from '../core/errors.js';
import { toSafeFileName } from '../files/file-name.js';
import type { DriveFile } from '../google/drive.js';
import { formatBytes } from '../terminal/bytes.js';
import { clean } from '../terminal/clean.js';

/** What `gsac files get` is asked for. */
interface GetOptions {
  file: string;
  /** `-o`. */
  output: string | undefined;
  force: boolean;
}

/** What was fetched, and where it is. */
interface GetResult {
  file: DriveFile;
  /** `-` for standard output. */
  path: string;
  bytes: number;
}

/** Declares `gsac files get`. */
export function addFilesGet(group: Command, runtime: Runtime): void {
  group
    .command('get <id|name>')
    .summary('fetch a file')
    .description(
      'Fetch a file by its ID or its exact name. The local file appears only when it is complete and its checksum matches. If several files have the name, gsac lists them and fetches none.',
    )
    .option(
      '-o, --output <file>',
      'the file or folder to write to, - for stdout (default: its own name, here)',
    )
    .option('-f, --force', 'overwrite an existing file')
    .addHelpText('after', '\nExample:\n  $ gsac files get settings.json -o - | jq .')
    .action((file: string, flags: { output?: string; force?: true }, inner: Command) => {
      const options = { file, output: flags.output, force: flags.force === true };
      return runtime.run(inner, (provided) => runFilesGet(options, provided), renderGet);
    });
}

/** Fetches a file. @throws {GsacError} exits 1 to 5. */
async function runFilesGet(
  options: GetOptions,
  work: Pick<Provided, 'context' | 'accounts' | 'google' | 'system'>,
): Promise<Outcome<GetResult>> {
  const { output } = options;
  if (output === '') throw new GsacError('usage', '--output is empty.');
  if (output === '-' && work.context.globals.json) {
    throw new GsacError('usage', '--json and -o - both want standard output.', {
      hint: 'Give one of them.',
    });
  }
  const open = await openFolder(work);
  return withFacts(open.facts, async () => ({ result: await fetchFrom(open, options, work) }));
}

async function fetchFrom(
  { folder, tokens, endpoints }: OpenFolder,
  { file: wanted, output, force }: GetOptions,
  work: Pick<Provided, 'context' | 'google' | 'system'>,
): Promise<GetResult> {
  const file = await findFile(folder, wanted);
  if (file['size'] === undefined) {
    throw new GsacError('usage', `${JSON.stringify(wanted)} has no content: it is a folder.`, {
      hint: 'Look into it with `gsac files list --query "\'<id>\' in parents"`.',
    });
  }
  const name = toSafeFileName(String(file['name'] ?? ''));
  const { createLocalFiles } = await import('../files/local-files.js');
  const local = createLocalFiles(work.system);
  const { path, target } = await local.openTarget({ path: output, name, force });
  const { createTransferBar, openProgressLine } = await import('../terminal/progress.js');
  const line = openProgressLine(work.context, work.system.io);
  const bar = createTransferBar(line, name, Number(file['size']));
  try {
    const { download } = (await work.google.transfers())(tokens, endpoints);
    const bytes = await download({ file, write: target.write, onProgress: bar.update });
    await target.commit();
    return { file, path, bytes };
  } finally {
    bar.stop();
    await target.discard();
  }
}

function renderGet({ file, path, bytes }: GetResult, { style, quiet }: RenderContext): string {
  if (path === '-' || quiet) return '';
  return `${style().good('✓')} ${clean(String(file['name']))} is in ${clean(path)} (${formatBytes(bytes)}).\n`;
}
