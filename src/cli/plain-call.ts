import type { Call } from './runtime.js';

/** An option of a plain call: its name in `opts()`, and its values where it takes one. */
export type PlainOption =
  | { name: string; value: true | false }
  | { name: string; accepts: (value: string) => boolean };

/**
 * Reads the arguments of a command where they are nothing but such options, each spelled in full and
 * given once, as commander would. For the few calls that scripts make so often that loading
 * commander would be a good part of their time.
 *
 * @returns undefined for everything else: that is commander's to read, or to refuse in its words.
 */
export function readPlainCall(
  args: readonly string[],
  options: Readonly<Record<string, PlainOption>>,
  defaults: Readonly<Record<string, unknown>>,
): Call | undefined {
  const given: Record<string, unknown> = {};
  for (let at = 0; at < args.length; at += 1) {
    const flag = args[at] ?? '';
    const option = Object.hasOwn(options, flag) ? options[flag] : undefined;
    if (option === undefined || option.name in given) return undefined;
    if ('value' in option) {
      given[option.name] = option.value;
      continue;
    }
    at += 1;
    const value = args[at];
    if (value === undefined || !option.accepts(value)) return undefined;
    given[option.name] = value;
  }
  const values = { ...defaults, ...given };
  return {
    opts: <T>() => values as T,
    optsWithGlobals: <T>() => values as T,
    getOptionValueSource: (name) =>
      name in given ? 'cli' : name in defaults ? 'default' : undefined,
  };
}
