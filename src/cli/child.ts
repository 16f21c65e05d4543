import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import type { Notices } from '../core/context.js';
import { GsacError, systemCodeOf } from '../core/errors.js';
import { toBatchCall } from '../files/batch-call.js';
import { findCommand, isBatchFile } from '../files/find-program.js';
import { toJsonText } from '../terminal/clean.js';
import { OutputClosed } from '../terminal/io.js';
import type { System } from './system.js';

/** What a person or the system asks a program to end or pause with. */
const passedOn: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
/** The same on Windows, where the console tells every program of its own. */
const heardOnWindows: readonly NodeJS.Signals[] = ['SIGINT', 'SIGHUP', 'SIGBREAK'];
/** A terminal sends these to all of its foreground programs by itself. */
const fromTerminal: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];

/**
 * Runs a program with our standard streams and passes on the signals that we get. Where a terminal
 * is standard input, Ctrl-C and Ctrl-\ reach the program without us, and are not sent twice. On
 * Windows nothing is passed on: to send a signal there is to end the program at once.
 *
 * A bare name is never looked for in the current folder.
 *
 * @throws {GsacError} `command_not_found`, `command_not_executable`.
 */
export function runChild(
  { command, args, env }: ChildRequest,
  system: Pick<System, 'env' | 'io' | 'platform' | 'onSignal' | 'program'>,
): Promise<number> {
  const { stdinIsTty } = system.io;
  const { platform } = system;
  const isWindows = platform === 'win32';
  const childEnv = toEnvironment(withOwnFolder(system), env, platform);
  return new Promise((resolve, reject) => {
    let child: ChildProcess | undefined;
    let isAskedToEnd = false;
    // Before it runs: a signal may come while it is being started. It is told of afterwards.
    const stop = system.onSignal?.(isWindows ? heardOnWindows : passedOn, (signal) => {
      if (isWindows) return;
      if (fromTerminal.includes(signal)) {
        if (!stdinIsTty) child?.kill(signal);
        return;
      }
      // Whoever asks again has waited for it in vain.
      child?.kill(isAskedToEnd ? 'SIGKILL' : signal);
      isAskedToEnd = true;
    });
    const fail = (thrown: unknown) => {
      stop?.();
      reject(toSpawnError(thrown, command, isWindows));
    };
    try {
      const path = findCommand(command, { platform, env: childEnv });
      if (path === undefined) throw Object.assign(new Error('not found'), { code: 'ENOENT' });
      const batch =
        isWindows && isBatchFile(path) ? toBatchCall(path, args, system.env) : undefined;
      child = spawn(batch?.file ?? path, batch?.args ?? args, {
        stdio: 'inherit',
        env: childEnv,
        windowsVerbatimArguments: batch !== undefined,
        ...(isWindows ? {} : { argv0: command }),
      });
    } catch (thrown) {
      // Of what keeps a program from being started Node tells some later, and throws the rest.
      fail(thrown);
      return;
    }
    child.once('error', (thrown) => {
      // Also told where a signal could not be sent; then the program runs.
      if (child.pid === undefined) fail(thrown);
    });
    child.once('close', (exitCode, signal) => {
      stop?.();
      resolve(exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** Our own environment, with the folder of `gsac` at the end of PATH, so that a program finds it. */
function withOwnFolder({ env, platform, program }: Pick<System, 'env' | 'platform' | 'program'>) {
  const folder = program === undefined ? '' : dirname(program);
  const [name = 'PATH', path = ''] =
    Object.entries(env).find(([key]) => key === 'PATH' || /^path$/i.test(key)) ?? [];
  const separator = platform === 'win32' ? ';' : ':';
  const isThere = ['gsac', 'gsac.cmd'].some((file) => existsSync(join(folder, file)));
  if (folder === '' || !isThere || path.split(separator).includes(folder)) return env;
  return { ...env, [name]: path === '' ? folder : `${path}${separator}${folder}` };
}

function toEnvironment(
  ours: System['env'],
  changes: ChildRequest['env'],
  platform: NodeJS.Platform,
): System['env'] {
  // Windows takes PATH and Path for the same variable.
  const nameOf = (name: string) => (platform === 'win32' ? name.toUpperCase() : name);
  const changed = new Set(Object.keys(changes).map(nameOf));
  const kept = Object.entries(ours).filter(([name]) => !changed.has(nameOf(name)));
  return { ...Object.fromEntries(kept), ...changes };
}

/** What a shell, too, calls "not found": no file can have that path. */
const notThere: readonly (string | undefined)[] = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'];

function toSpawnError(thrown: unknown, command: string, isWindows: boolean): GsacError {
  if (thrown instanceof GsacError) return thrown;
  const code = systemCodeOf(thrown);
  if (command === '' || notThere.includes(code)) {
    return new GsacError('command_not_found', `There is no command ${JSON.stringify(command)}.`, {
      hint: isWindows
        ? 'Is it installed, and is its folder in PATH? For one in the current folder, write .\\ before its name.'
        : 'Is it installed, and is its folder in PATH? The first line of a script may also name a missing program.',
    });
  }
  return new GsacError(
    'command_not_executable',
    `${JSON.stringify(command)} cannot be run (${code ?? 'unknown'}).`,
    {
      hint: isWindows
        ? 'gsac runs .exe, .com, .bat and .cmd files. For a script, name its interpreter first, as in `powershell -File`.'
        : 'Is it a program, and executable (chmod +x)?',
    },
  );
}

/** How a wrapper ends, and where it tells what went wrong. */
export interface Ending {
  /** So far. */
  exitCode: number;
  notices: Notices;
  json: boolean;
  io: Pick<System['io'], 'writeStderr'>;
}

/**
 * Writes what a person asked of a wrapper when its command has ended. If that fails, gsac warns, with
 * `--json` by an event. The exit code stays, except that 0 becomes 1.
 *
 * @param write throws `output_failed` for what cannot be written; whatever else it throws passes through.
 * @returns the exit code.
 */
export async function writeAfterwards(
  { exitCode, notices, json, io }: Ending,
  write: () => Promise<unknown>,
): Promise<number> {
  try {
    await write();
    return exitCode;
  } catch (thrown) {
    // Nobody reads stdout any more, which is no failure.
    if (thrown instanceof OutputClosed) return exitCode;
    if (!(thrown instanceof GsacError) || thrown.code !== 'output_failed') throw thrown;
    const { code, message } = thrown;
    const why =
      exitCode === 0 ? ' The command ended with 0; exit code 1 stands for this file.' : '';
    const hint = `Check the disk and the folder of the file.${why}`;
    if (json) io.writeStderr(`${toJsonText({ event: 'warning', code, message, hint })}\n`);
    else notices.warn(message, hint);
    return exitCode === 0 ? 1 : exitCode;
  }
}

/** A program that is run in our place. */
export interface ChildRequest {
  command: string;
  args: readonly string[];
  /** Set beside our own variables; undefined takes one away. */
  env: Readonly<Record<string, string | undefined>>;
}
