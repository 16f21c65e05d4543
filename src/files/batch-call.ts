import { win32 } from 'node:path';
import { GsacError } from '../core/errors.js';

/** How a batch file is started: the command interpreter, and its arguments as they stand. */
export interface BatchCall {
  file: string;
  args: string[];
}

/**
 * The call that runs a batch file with arguments, of which nothing is run or expanded.
 *
 * A batch file hands its arguments on by `%*`, and the line is read once more: carets, which stand for
 * one reading, would be gone then. So nothing but double quotes guards an argument. A quote in it is
 * doubled, which ends no quoted part, and a percent sign is followed by an empty expansion.
 *
 * @param env of which `ComSpec` and `SystemRoot` are read.
 * @throws {GsacError} `command_not_executable` for an argument that no line can hold.
 */
export function toBatchCall(
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): BatchCall {
  if (args.some((arg) => /[\0\r\n]/.test(arg))) {
    throw new GsacError(
      'command_not_executable',
      `${path} is a batch file, which cannot take an argument with a line break.`,
      { hint: 'Start the program that it starts, or hand the text over in a file.' },
    );
  }
  const words = [quoteAlways(path), ...args.map(quote)];
  const named = env['ComSpec'] ?? '';
  const file = win32.isAbsolute(named)
    ? named
    : `${env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\cmd.exe`;
  // Delayed expansion would read exclamation marks; /s takes away the outer quotes and no others.
  return { file, args: ['/e:on', '/v:off', '/d', '/s', '/c', `"${words.join(' ')}"`] };
}

/** What batch files take as one plain word; the rest would be split or expanded. */
function quote(arg: string): string {
  return /^[\w#$*+\-./:?@\\]*[\w#$*+\-./:?@]$/.test(arg) ? arg : quoteAlways(arg);
}

function quoteAlways(text: string): string {
  let quoted = '';
  let backslashes = 0;
  for (const character of text) {
    // In front of a quote, programs read two backslashes as one.
    if (character === '"') quoted += `${'\\'.repeat(backslashes)}"`;
    if (character === '%') quoted += '%%cd:~,';
    backslashes = character === '\\' ? backslashes + 1 : 0;
    quoted += character;
  }
  return `"${quoted}${'\\'.repeat(backslashes)}"`;
}
