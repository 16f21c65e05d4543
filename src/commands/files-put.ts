import { basename } from 'node:path';
import type { Command } from 'commander';
import { findByName, type OpenFolder, openFolder } from '../accounts/folder.js';
import type { Outcome, Provided, RenderContext, Runtime } from '../cli/runtime.js';
import type { ByteSource } from '../core/bytes.js';
import { GsacError, withFacts } from '../core/errors.js';
import { mimeTypeOf } from '../files/file-name.js';
import type { DriveFile } from '../google/drive.js';
import { formatBytes } from '../terminal/bytes.js';
import { clean } from '../terminal/clean.js';

/** What `gsac files put` is asked for. */
interface PutOptions {
  /** A path, or `-` for standard input. */
  path: string;
  name: string | undefined;
  replace: boolean;
  mimeType: string | undefined;
}

/** What was sent, as Drive has it. */
interface PutResult {
  file: DriveFile;
  action: 'created' | 'replaced';
  bytes: number;
}

/** Which of them is meant cannot be said here: what is sent has a name alone. */
const whereSeveral =
  'Delete all but one with `gsac files delete <id>`, or create one more without --replace';

/** Declares `gsac files put`. */
export function addFilesPut(group: Command, runtime: Runtime): void {
  group
    .command('put <path>')
    .summary('send a file')
    .description(
      'Send a file, or standard input with -. Drive allows several files of the same name: without --replace, gsac creates a new one. A broken upload is resumed, and no file is created twice.',
    )
    .option('--name <name>', 'its name in the folder (default: the file’s own name)')
    .option('--replace', 'replace the content of the one file of that name, if there is one')
    .option('--mime-type <type>', 'its media type (default: by the extension)')
    .addHelpText('after', '\nExample:\n  $ gsac files put save.json --replace')
    .action((path: string, flags: Partial<Omit<PutOptions, 'path'>>, inner: Command) => {
      const { name, mimeType, replace = false } = flags;
      const options = { path, name, mimeType, replace };
      return runtime.run(inner, (provided) => runFilesPut(options, provided), renderPut);
    });
}

/** Sends a file. @throws {GsacError} exits 1 to 5. */
async function runFilesPut(
  options: PutOptions,
  work: Pick<Provided, 'context' | 'accounts' | 'google' | 'system'>,
): Promise<Outcome<PutResult>> {
  const { path, mimeType } = options;
  const name = readName(options);
  if (mimeType !== undefined && !/^[\w.+-]+\/[\w.+-]+(; ?[\w-]+=[\w.+-]+)*$/.test(mimeType)) {
    throw new GsacError('usage', `--mime-type ${JSON.stringify(mimeType)} is no media type.`, {
      hint: 'Write it as application/json or text/plain.',
    });
  }
  const { createLocalFiles } = await import('../files/local-files.js');
  const source = await createLocalFiles(work.system).openSource(path);
  try {
    const open = await openFolder(work);
    return await withFacts(open.facts, async () => ({
      result: await sendTo(open, source, { ...options, name }, work),
    }));
  } finally {
    await source.close();
  }
}

async function sendTo(
  { folder, tokens, endpoints }: OpenFolder,
  source: ByteSource,
  { name, mimeType, replace: mayReplace }: PutOptions & { name: string },
  work: Pick<Provided, 'context' | 'google' | 'system'>,
): Promise<PutResult> {
  const replace = mayReplace ? await findByName(folder, name, whereSeveral) : undefined;
  const known = replace?.['mimeType'];
  const type = mimeType ?? (typeof known === 'string' ? known : mimeTypeOf(name));
  const { createTransferBar, openProgressLine } = await import('../terminal/progress.js');
  const bar = createTransferBar(openProgressLine(work.context, work.system.io), name, source.size);
  try {
    const { upload } = (await work.google.transfers())(tokens, endpoints);
    const sent = { source, name, mimeType: type, replace, onProgress: bar.update };
    const file = await upload(sent);
    const action = replace === undefined ? 'created' : 'replaced';
    return { file, action, bytes: Number(file['size'] ?? 0) };
  } finally {
    bar.stop();
  }
}

function readName({ path, name }: PutOptions): string {
  if (name === '') throw new GsacError('usage', '--name is empty.');
  if (name !== undefined) return name;
  if (path === '') throw new GsacError('usage', 'The name of the file is empty.');
  if (path === '-') {
    throw new GsacError('usage', 'Standard input has no name.', {
      hint: 'Give it one with --name.',
    });
  }
  return basename(path);
}

function renderPut({ file, action, bytes }: PutResult, { style, quiet }: RenderContext): string {
  if (quiet) return '';
  return `${style().good('✓')} ${clean(String(file['name']))} is ${action} (${formatBytes(bytes)}, id ${clean(String(file['id']))}).\n`;
}
