import type { Command } from 'commander';
import { findFile, openFolder } from '../accounts/folder.js';
import type { Outcome, RenderContext, Runtime } from '../cli/runtime.js';
import { GsacError } from '../core/errors.js';
import { toSafeFileName } from '../files/file-name.js';
import type { DriveFile } from '../google/drive.js';
import { formatBytes } from '../terminal/bytes.js';
import { clean } from '../terminal/clean.js';
import type { Services } from '../wiring.js';

/** What `gsac files get` is asked for. */
export interface GetOptions {
  file: string;
  /** `-o`. */
  output: string | undefined;
  force: boolean;
}

/** What was fetched, and where it is. */
export interface GetResult {
  file: DriveFile;
  /** `-` for standard output. */
  path: string;
  bytes: number;
}

/** Declares `gsac files get`. */
export function addFilesGet(group: Command, runtime: Runtime, get = runFilesGet): void {
  group
    .command('get <id|name>')
    .summary('fetch a file')
    .description(
      'Fetch a file by its id or its exact name. It appears under its name when it is whole and its checksum agrees. A name that occurs twice is not guessed at.',
    )
    .option('-o, --output <file>', 'where to, a file or a folder; - for stdout (its own name here)')
    .option('-f, --force', 'overwrite an existing file')
    .addHelpText('after', '\nExample:\n  $ gsac files get settings.json -o - | jq .')
    .action((file: string, _options, inner: Command) => {
      const { output, force } = inner.opts<{ output?: string; force?: true }>();
      const options = { file, output, force: force === true };
      return runtime.run(inner, (services) => get(options, services), renderGet);
    });
}

/** Fetches a file. @throws {GsacError} exits 1 to 5. */
export async function runFilesGet(
  { file: wanted, output, force }: GetOptions,
  services: Services,
): Promise<Outcome<GetResult>> {
  if (output === '') throw new GsacError('usage', '--output is empty.');
  if (output === '-' && services.globals.json) {
    throw new GsacError('usage', '--json and -o - both want standard output.', {
      hint: 'Give one of them.',
    });
  }
  const { folder, tokens, endpoints } = await openFolder(services);
  const file = await findFile(folder, wanted);
  if (file['size'] === undefined) {
    throw new GsacError('usage', `${JSON.stringify(wanted)} has no content: it is a folder.`, {
      hint: 'Look into it with `gsac files list --query "\'<id>\' in parents"`.',
    });
  }
  const name = toSafeFileName(String(file['name'] ?? ''));
  const local = await services.localFiles();
  const { path, target } = await local.openTarget({ path: output, name, force });
  const bar = await services.transferBar(name, Number(file['size']));
  try {
    const { download } = (await services.transfers())(tokens, endpoints);
    const bytes = await download({ file, write: target.write, onProgress: bar.update });
    await target.commit();
    return { result: { file, path, bytes } };
  } finally {
    bar.stop();
    await target.discard();
  }
}

function renderGet({ file, path, bytes }: GetResult, { style }: RenderContext): string {
  if (path === '-') return '';
  return `${style().good('✓')} ${clean(String(file['name']))} is in ${clean(path)} (${formatBytes(bytes)}).\n`;
}
