import type { CommanderError } from 'commander';
import type { Runtime } from './cli/runtime.js';
import { GsacError } from './core/errors.js';
import { type ProcessSystem, systemDeps } from './system.js';
import { toJsonText } from './terminal/clean.js';
import { renderError, seeHelp, toGsacError } from './terminal/errors.js';
import { OutputClosed } from './terminal/io.js';
import { createStyle, type Style, wantsColor } from './terminal/style.js';
import { type Wired, wire } from './wiring.js';

// For what runs as a single file, which is found and read in another way.
export { systemDeps };

/**
 * Runs gsac with the arguments after the program's name and returns the exit code. The only place
 * that catches: whatever is thrown anywhere becomes a sentence on stderr and a code.
 */
export async function main(
  argv: readonly string[],
  given: ProcessSystem = systemDeps(),
): Promise<number> {
  const { system, announceSecret } = await maskLogs(given);
  const { io } = system;
  let typed = argv;
  let flags = beforeDashes(argv);
  let exitCode = 0;
  let wired: Wired | undefined;
  let called: string | undefined;

  function styleOf(isTty: boolean, columns = io.columns): Style {
    const { env } = system;
    const color = wantsColor({
      noColorFlag: flags.includes('--no-color'),
      noColor: env['NO_COLOR'],
      forceColor: env['FORCE_COLOR'],
      term: env['TERM'],
      isTty,
    });
    return createStyle(color, columns);
  }

  const errorStyle = () => styleOf(io.stderrIsTty, io.stderrColumns ?? io.columns);

  const runtime: Runtime = {
    version: () => system.version,
    columns: () => io.columns,
    argv: () => typed,
    calling(path) {
      called = path;
    },
    async stream(command, work) {
      const { readGlobals } = await import('./cli/globals.js');
      const { globals, noInput } = readGlobals(command.optsWithGlobals(), system.env);
      wired = wire({ system, globals, noInput, errorStyle, announceSecret });
      const output = {
        globals,
        write: (text: string) => io.writeStdout(text),
        conclude(code: 0 | 6) {
          exitCode = code;
        },
        style: () => styleOf(io.stdoutIsTty),
        isTty: () => io.stdoutIsTty,
      };
      exitCode = (await work(wired, output)) ?? 0;
      wired.context.notices.progress('');
    },
    async run(command, work, render) {
      await runtime.stream(command, async (given, output) => {
        const { result, exitCode: code = 0 } = await work(given);
        // The result begins where the line of progress stood.
        given.context.notices.progress('');
        output.conclude(code);
        await output.write(
          output.globals.json
            ? `${toJsonText(result, 2)}\n`
            : await render(result, {
                ...output,
                quiet: output.globals.quiet,
                now: given.context.now(),
              }),
        );
        return code;
      });
    },
  };

  /** A command may have a result although a call into the keychain never came back. */
  async function end(code: number): Promise<number> {
    const stuck = wired?.stuckKeychain();
    if (stuck !== undefined) await system.endStuckProcess(code, stuck);
    await system.finish(code);
    return code;
  }

  try {
    if (await runPlain(argv, system, runtime, styleOf)) return await end(exitCode);
    const { createProgram, readHelpCall } = await import('./program.js');
    let help: string | undefined;
    const program = await createProgram(runtime, argv, (text) => {
      help ??= text;
    });
    if (system.platform === 'win32' && !argv.includes('--')) {
      const { withDashes } = await import('./cli/lost-dashes.js');
      typed = withDashes(program, argv);
      flags = beforeDashes(typed);
    }
    try {
      await program.parseAsync(readHelpCall(program, typed), { from: 'user' });
    } catch (thrown) {
      if (!isCommanderError(thrown)) throw thrown;
      // commander ends its own help with process.exitCode, which the shim keeps at 1 until the end.
      const isDone = thrown.code === 'commander.help' ? help !== undefined : thrown.exitCode === 0;
      if (!isDone) throw new GsacError('usage', 'There is no such command.', { hint: seeHelp() });
    }
    if (help !== undefined) {
      const whole = withTopics(argv, help, system);
      await io.writeStdout(io.stdoutIsTty ? emphasise(whole, styleOf(true)) : whole);
    }
    return await end(exitCode);
  } catch (thrown) {
    wired?.context.notices.progress('');
    // `gsac files | head` is no failure: the reader has what it wants. A verdict stays what it is.
    if (thrown instanceof OutputClosed) return end(exitCode);
    const error = toGsacError(thrown);
    const json = wired?.context.globals.json ?? flags.includes('--json');
    const wish = {
      json,
      debug: flags.includes('--debug'),
      verbose: flags.includes('--verbose'),
      isTty: io.stderrIsTty,
      called,
    };
    const diagnosis = await wired?.context.diagnose.failure(error);
    io.writeStderr(renderError(thrown, wish, errorStyle(), diagnosis));
    return end(error.exitCode);
  }
}

/**
 * Runs the few calls that need no command line to be understood, since reading one takes longer than
 * all the rest of them: the version, the whole help, a page of the manual, a cached token. False if
 * the call is none of them.
 */
async function runPlain(
  argv: readonly string[],
  system: ProcessSystem,
  runtime: Runtime,
  styleOf: (isTty: boolean) => Style,
): Promise<boolean> {
  const [first, ...rest] = argv;
  if (first === 'help' && rest.length > 0) {
    const { showHelp } = await import('./cli/manual.js');
    const rendered = (path: string) => system.renderedHelp?.(path);
    const style = () => styleOf(true);
    return showHelp(rest, { system, rendered, style });
  }
  if (first === 'token') {
    const { callToken, readPlainTokenCall } = await import('./commands/token.js');
    const call = readPlainTokenCall(rest);
    if (call === undefined) return false;
    runtime.calling('gsac token');
    await callToken(call, runtime);
    return true;
  }
  if (rest.length > 0) return false;
  if (first === '--version' || first === '-V') {
    await system.io.writeStdout(`${system.version}\n`);
    return true;
  }
  const wantsHelp = first === undefined || /^(--help|-h|help)$/.test(first);
  const help =
    wantsHelp && system.io.columns === 80 ? system.renderedHelp?.('help.txt') : undefined;
  if (help !== undefined) {
    const whole = withTopics(argv, help, system);
    await system.io.writeStdout(system.io.stdoutIsTty ? emphasise(whole, styleOf(true)) : whole);
  }
  return help !== undefined;
}

/** The whole help with the topics of the manual below the commands, as `gsac help` has it. */
function withTopics(argv: readonly string[], help: string, system: ProcessSystem): string {
  const topics =
    argv.length === 1 && argv[0] === 'help' && system.renderedHelp?.('help/topics.txt');
  return topics ? `${help}\n${topics}` : help;
}

/** The headings of a help in bold. */
function emphasise(help: string, { heading }: Style): string {
  return help.replace(/^(?:[A-Z]{3,}$|Usage:|[A-Z][\w ,]+:$)/gm, (title) => heading(title));
}

/** Where our own flags are looked up by hand, since an error in the arguments leaves nothing parsed. */
function beforeDashes(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end < 0 ? argv : argv.slice(0, end);
}

/** The system with streams that tell a CI system of secrets, where one asks for it. */
async function maskLogs(
  system: ProcessSystem,
): Promise<{ system: ProcessSystem; announceSecret: (secret: string) => void }> {
  if (system.env['GITHUB_ACTIONS'] !== 'true') return { system, announceSecret: () => {} };
  const { maskInLogs } = await import('./terminal/log-masks.js');
  const { io, announce } = maskInLogs(system.io);
  return { system: Object.create(system, { io: { value: io } }), announceSecret: announce };
}

/** Told by its code, since the class is loaded with the command line only. */
function isCommanderError(thrown: unknown): thrown is CommanderError {
  return thrown instanceof Error && 'code' in thrown && /^commander\./.test(String(thrown.code));
}
