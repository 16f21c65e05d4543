import { basename } from 'node:path';
import type { Command } from 'commander';
import { findByName, openFolder } from '../accounts/folder.js';
import type { Outcome, RenderContext, Runtime } from '../cli/runtime.js';
import { GsacError } from '../core/errors.js';
import { mimeTypeOf } from '../files/file-name.js';
import type { DriveFile } from '../google/drive.js';
import { formatBytes } from '../terminal/bytes.js';
import { clean } from '../terminal/clean.js';
import type { Services } from '../wiring.js';

/** What `gsac files put` is asked for. */
export interface PutOptions {
  /** A path, or `-` for standard input. */
  path: string;
  name: string | undefined;
  replace: boolean;
  mimeType: string | undefined;
}

/** What was sent, as Drive has it. */
export interface PutResult {
  file: DriveFile;
  action: 'created' | 'replaced';
  bytes: number;
}

/** Which of them is meant cannot be said here: what is sent has a name alone. */
const whereSeveral =
  'Delete all but one with `gsac files delete <id>`, or make one more without --replace';

/** Declares `gsac files put`. */
export function addFilesPut(group: Command, runtime: Runtime, put = runFilesPut): void {
  group
    .command('put <path>')
    .summary('send a file')
    .description(
      'Send a file, or standard input with -. Drive lets several files have one name: without --replace a new one is made. What breaks is taken up again, and no file is made twice.',
    )
    .option('--name <name>', 'what it is called in the folder (the file’s own name)')
    .option('--replace', 'replace the content of the one file of that name, if there is one')
    .option('--mime-type <type>', 'its media type (by the name’s extension)')
    .addHelpText('after', '\nExample:\n  $ gsac files put save.json --replace')
    .action((path: string, _options, inner: Command) => {
      const flags = inner.opts<{ name?: string; replace?: true; mimeType?: string }>();
      const { name, mimeType } = flags;
      const options = { path, name, mimeType, replace: flags.replace === true };
      return runtime.run(inner, (services) => put(options, services), renderPut);
    });
}

/** Sends a file. @throws {GsacError} exits 1 to 5. */
export async function runFilesPut(
  options: PutOptions,
  services: Services,
): Promise<Outcome<PutResult>> {
  const { path, mimeType } = options;
  const name = readName(options);
  if (mimeType !== undefined && !/^[\w.+-]+\/[\w.+-]+(; ?[\w-]+=[\w.+-]+)*$/.test(mimeType)) {
    throw new GsacError('usage', `--mime-type ${JSON.stringify(mimeType)} is no media type.`, {
      hint: 'Write it as application/json or text/plain.',
    });
  }
  const source = await (await services.localFiles()).openSource(path);
  try {
    const { folder, tokens, endpoints } = await openFolder(services);
    const replace = options.replace ? await findByName(folder, name, whereSeveral) : undefined;
    const known = replace?.['mimeType'];
    const type = mimeType ?? (typeof known === 'string' ? known : mimeTypeOf(name));
    const bar = await services.transferBar(name, source.size);
    let bytes = 0;
    try {
      const { upload } = (await services.transfers())(tokens, endpoints);
      const onProgress = (sent: number) => bar.update(sent);
      const file = await upload({ source, name, mimeType: type, replace, onProgress });
      bytes = Number(file['size'] ?? 0);
      const action = replace === undefined ? 'created' : 'replaced';
      return { result: { file, action, bytes } };
    } finally {
      bar.stop();
    }
  } finally {
    await source.close();
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

function renderPut({ file, action, bytes }: PutResult, { style }: RenderContext): string {
  return `${style().good('✓')} ${clean(String(file['name']))} is ${action} (${formatBytes(bytes)}, id ${clean(String(file['id']))}).\n`;
}
