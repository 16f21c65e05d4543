import { Command } from 'commander';
import { collect } from '../../cli/flags.js';
import type { Runtime } from '../../cli/runtime.js';
import { GsacError } from '../../core/errors.js';

/** Declares `gsac watch`. */
export function watchCommand(runtime: Runtime): Command {
  return new Command('watch')
    .summary('run a command and explain what Google refuses it')
    .usage('[options] -- <command> [args…]')
    .description(
      'Run a command whose requests to Google pass through gsac, unchanged. Each refusal is explained ' +
        'on stderr, with its cause and evidence; a summary follows at the end. Other hosts are passed ' +
        'on unread. Secrets are masked. The exit code is the command’s.',
    )
    .argument('<command>', 'the program; everything after it belongs to it')
    .argument('[args...]', 'its arguments')
    .option('--har <file>', 'write every request to Google as HAR, secrets masked; - for stdout')
    .option(
      '--report <format[=file]>',
      'write a report: json, junit or html; to stdout without a file; repeatable',
      collect,
    )
    .option('--ui', 'show the requests in a browser while the command runs; prints the address')
    .option('--fail', 'exit with 6 if Google refused anything and the command exits with 0')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac watch -- python3 backend.py\n  $ gsac watch --fail --report junit=google.xml -- npm test',
    )
    .action(
      (
        command: string,
        args: string[],
        flags: { har?: string; report?: string[]; fail?: true; ui?: true },
        inner: Command,
      ) =>
        runtime.stream(inner, async (provided, output) => {
          // Without it, the command's own --json or --report would be taken for ours.
          if (!runtime.argv().includes('--')) {
            throw new GsacError('usage', 'The command must come after --.', {
              hint: `Write \`gsac watch -- ${command}\`, and its arguments after that.`,
            });
          }
          const { readDocumentWishes } = await import('./documents.js');
          const documents = readDocumentWishes(flags);
          const { runWatch } = await import('./watch.js');
          const { fail = false, ui = false } = flags;
          return runWatch({ command, args, documents, fail, ui }, provided, output);
        }),
    );
}
