import { spawn } from 'node:child_process';
import { withoutOwnSecrets } from '../../core/own-secrets.js';
import { toBatchCall } from '../../files/batch-call.js';
import { isBatchFile } from '../../files/find-program.js';

/** How the programs of a credential helper are run. */
export interface HelperSurroundings {
  platform: NodeJS.Platform;
  /** What the helper gets of it lacks gsac's own secrets. */
  env: Readonly<Record<string, string | undefined>>;
  /** Aborted if the person cancels: a call then has a moment left, since it may be storing a token. */
  signal: AbortSignal;
  /** How long a call may take, in milliseconds. */
  timeoutMs: number;
}

/** How a call of a helper ended; `cut` if gsac ended it. */
export interface HelperEnd {
  cut?: 'timeout' | 'flood' | 'cancelled';
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** What a helper may print: a credential has a few hundred bytes, and some helpers keep more with it. */
export const mostHelperOutput = 1_048_576;
/** How long a call may still take after the person has cancelled; every command ends in two seconds. */
const graceMs = 700;
/** How long a program that has ended may have left its output to another one, such as an agent. */
const lingerMs = 300;

/**
 * Runs one call of a credential helper: the action is the only argument, the rest goes to its standard
 * input, which is then closed. It ends when the helper does, at the latest after `timeoutMs`.
 *
 * @throws {Error} what the system says of a program that it cannot start.
 */
export function runHelper(
  path: string,
  action: 'get' | 'store' | 'erase',
  input: string,
  { platform, env, signal, timeoutMs }: HelperSurroundings,
): Promise<HelperEnd> {
  const batch =
    platform === 'win32' && isBatchFile(path) ? toBatchCall(path, [action], env) : undefined;
  return new Promise((resolve, reject) => {
    const child = spawn(batch?.file ?? path, batch?.args ?? [action], {
      stdio: 'pipe',
      env: withoutOwnSecrets(env),
      windowsHide: true,
      windowsVerbatimArguments: batch !== undefined,
    });
    const { stdin, stdout, stderr } = child;
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let size = 0;
    let grace: NodeJS.Timeout | undefined;
    let linger: NodeJS.Timeout | undefined;

    function end(how: Pick<HelperEnd, 'cut' | 'exitCode' | 'signal'>): void {
      for (const timer of [deadline, grace, linger]) clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      for (const stream of [stdin, stdout, stderr]) stream.destroy();
      const textOf = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
      resolve({ ...how, stdout: textOf(output.stdout), stderr: textOf(output.stderr) });
    }
    function ended(exitCode: number | null, killedBy: NodeJS.Signals | null): void {
      // A terminal sends Ctrl-C to the helper as well, which may be the first to notice.
      const isInterrupted = killedBy === 'SIGINT' || exitCode === 130;
      const isCancelled = isInterrupted || (killedBy !== null && signal.aborted);
      end({ exitCode, signal: killedBy, ...(isCancelled ? { cut: 'cancelled' } : {}) });
    }
    function cut(why: NonNullable<HelperEnd['cut']>): void {
      child.kill('SIGKILL');
      // Nobody waits for what even that does not end.
      child.unref();
      end({ cut: why, exitCode: null, signal: null });
    }
    function onAbort(): void {
      grace = setTimeout(() => cut('cancelled'), graceMs);
    }
    const deadline = setTimeout(() => cut('timeout'), timeoutMs);

    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > mostHelperOutput) cut('flood');
        else output[name].push(chunk);
      });
    }
    // It may end without having read: how it ended says enough.
    stdin.on('error', () => {});
    stdin.end(input);
    child.once('error', (thrown) => {
      reject(thrown);
      end({ exitCode: null, signal: null });
    });
    child.once('exit', (exitCode, killedBy) => {
      linger = setTimeout(() => ended(exitCode, killedBy), lingerMs);
    });
    child.once('close', ended);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
  });
}
