import type { ChildProcess } from 'node:child_process';
import { GsacError } from '../core/errors.js';
import { withoutOwnSecrets } from '../core/own-secrets.js';
import type { Style } from '../terminal/style.js';
import type { System } from './system.js';

/** What a page of the manual is found and shown with. */
export interface ManualPorts {
  system: Pick<System, 'env' | 'io' | 'platform' | 'onSignal'>;
  /** A file of the build, by its path below `dist/`; undefined if there is none. */
  rendered(path: string): string | undefined;
  style: () => Style;
}

/**
 * Shows the page that `gsac help <words>` names: plain in a pipe, and on a terminal with headings and
 * code in bold, through `$PAGER` or `less`. Several words name one page: `gsac help exit codes`.
 *
 * @returns false if the words name no page but may name a subcommand, or if nothing is built.
 * @throws {GsacError} `usage` if a single word names no page, with the nearest name.
 */
export async function showHelp(
  words: readonly string[],
  { system, rendered, style }: ManualPorts,
): Promise<boolean> {
  const named = words.filter((word) => !word.startsWith('-'));
  const names = rendered('help/names')?.trimEnd().split('\n') ?? [];
  if (named.length === 0 || names.length === 0) return false;
  const name = named.join('-').toLowerCase();
  if (!names.includes(name)) {
    if (named.length > 1) return false;
    const { meantTopic } = await import('./meant.js');
    const meant = meantTopic(name, names);
    throw new GsacError('usage', `There is no topic or command ${JSON.stringify(named[0])}.`, {
      hint: `${meant === undefined ? '' : `${meant} `}\`gsac help\` lists them all.`,
    });
  }
  const page = rendered(`help/${name}.txt`) ?? '';
  const { io, env } = system;
  if (!io.stdoutIsTty) {
    await io.writeStdout(page);
    return true;
  }
  const text = embolden(page, style());
  const mayPage = io.stdinIsTty && env['TERM'] !== 'dumb' && !words.includes('--no-input');
  if (!mayPage || !(await throughPager(text, system))) await io.writeStdout(text);
  return true;
}

/** Headings, code among words, and the command lines of examples in bold. */
function embolden(page: string, { heading }: Style): string {
  return page
    .split('\n')
    .map((line) => {
      if (/^[A-Z][^a-z]*$/.test(line)) return heading(line);
      if (/^ {4}/.test(line))
        return line.replace(/(?<=^ {4,7}\$ ).+/, (command) => heading(command));
      return line.replace(/`([^`]+)`/g, (whole, code: string) => {
        const bold = heading(code);
        return bold === code ? whole : bold;
      });
    })
    .join('\n');
}

/** Whether a pager took the text; it is given none of gsac's own secrets. */
async function throughPager(text: string, system: ManualPorts['system']): Promise<boolean> {
  const chosen = system.env['PAGER'];
  // Windows would look for a program in the current folder first, so none is taken unasked there.
  const pager = chosen ?? (system.platform === 'win32' ? '' : 'less');
  if (pager.trim() === '') return false;
  const { spawn } = await import('node:child_process');
  // Ctrl-C is the pager's: it must not be left behind on the terminal.
  const stop = system.onSignal?.(['SIGINT', 'SIGQUIT'], () => undefined);
  try {
    const child = spawn(pager, {
      stdio: ['pipe', 'inherit', 'inherit'],
      shell: chosen !== undefined,
      env: { LESS: 'FRX', ...withoutOwnSecrets(system.env) },
    });
    return await end(child, text);
  } finally {
    stop?.();
  }
}

function end(child: ChildProcess, text: string): Promise<boolean> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    // A shell says 127 for a program that is not there, and has said so on the terminal.
    child.once('close', (exitCode) => resolve(exitCode !== 127));
    // Who has read enough closes the pager early.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(text);
  });
}
