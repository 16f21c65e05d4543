import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { keepFresh, longEnoughMs } from '../accounts/keep-fresh.js';
import { openAccount } from '../accounts/open.js';
import { freshSession } from '../accounts/refresh.js';
import { readDuration } from '../cli/flags.js';
import type { Provided, Runtime } from '../cli/runtime.js';
import { GsacError } from '../core/errors.js';
import { ownSecrets } from '../core/own-secrets.js';

/** The flags of `gsac exec`. */
export interface ExecOptions {
  command: string;
  args: readonly string[];
  minTtlMs: number;
  tokenFile: boolean;
}

/** The variables that tools read an access token from. */
export const tokenVariables = [
  'CLOUDSDK_AUTH_ACCESS_TOKEN',
  'GOOGLE_OAUTH_ACCESS_TOKEN',
  'GSAC_ACCESS_TOKEN',
] as const;

/** Declares `gsac exec`. */
export function execCommand(runtime: Runtime, run = runExec): Command {
  return new Command('exec')
    .summary('run a command with a fresh access token')
    .usage('[options] -- <command> [args…]')
    .description(
      `Run a command with an access token in ${tokenVariables.join(', ')}, never in its ` +
        'arguments. Signals and the exit code pass through; gsac’s own secrets are taken out of its ' +
        'environment.',
    )
    .argument('<command>', 'the program; all that follows is its own')
    .argument('[args...]', 'its arguments')
    .option('--min-ttl <time>', 'how long the token must still live', '5m')
    .option(
      '--token-file',
      'keep a fresh token in the file that GSAC_ACCESS_TOKEN_FILE names, for jobs longer than an hour',
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac exec -- gcloud storage ls\n  $ gsac exec --token-file -- sh -c \\\n      \'curl -H "Authorization: Bearer $(cat "$GSAC_ACCESS_TOKEN_FILE")" …\'',
    )
    .action(
      (
        command: string,
        args: string[],
        flags: { minTtl: string; tokenFile?: true },
        inner: Command,
      ) =>
        runtime.stream(inner, (provided) => {
          // Without it, the command's own --json or --timeout would be taken for ours.
          if (!runtime.argv().includes('--')) {
            throw new GsacError('usage', 'The command stands behind --.', {
              hint: `Write \`gsac exec -- ${command}\`, and its arguments after that.`,
            });
          }
          const { minTtl, tokenFile = false } = flags;
          const minTtlMs = readDuration(minTtl, '--min-ttl', { most: 86_400_000 });
          return run({ command, args, minTtlMs, tokenFile }, provided);
        }),
    );
}

/**
 * Runs a program with an access token and returns its exit code.
 *
 * @throws {GsacError} exits 2 to 5 before it runs, 126 and 127 where it cannot be run.
 */
export async function runExec(options: ExecOptions, work: Provided): Promise<number> {
  const { command, args, tokenFile } = options;
  const { context, system } = work;
  const opened = await openAccount(work);
  const minTtlMs = Math.max(options.minTtlMs, tokenFile ? longEnoughMs : 0);
  const session = await freshSession(work, opened, minTtlMs);
  const { accessToken } = session;
  context.announceSecret(accessToken);
  const env: Record<string, string | undefined> = {};
  for (const name of ownSecrets) env[name] = undefined;
  for (const name of tokenVariables) env[name] = accessToken;
  const { runChild } = await import('../cli/child.js');
  if (!tokenFile) return runChild({ command, args, env }, system);

  const { createTokenFile } = await import('../files/token-file.js');
  const file = createTokenFile(system.tmpDirectory);
  const ended = new AbortController();
  const cutOff = new AbortController();
  let kept: Promise<void> = Promise.resolve();
  try {
    await file.write(accessToken);
    env['GSAC_ACCESS_TOKEN_FILE'] = file.path;
    const lasting = work.withSignal(cutOff.signal);
    kept = keepFresh(context, {
      file,
      first: session,
      renew: (leastMs) => freshSession(lasting, opened, leastMs),
      ended: ended.signal,
    });
    return await runChild({ command, args, env }, system);
  } finally {
    ended.abort();
    await file.remove();
    // A rotated token may be on its way, and must be stored; yet nobody waits for a slow answer.
    await settledWithin(kept, answerMs);
    cutOff.abort();
    await settledWithin(kept, storeMs);
    // A renewal that was just writing has made it anew.
    await file.remove();
  }
}

/** How long a renewal may go on after the command, and how long until it ends once it is cut off. */
const answerMs = 1_500;
const storeMs = 300;

async function settledWithin(work: Promise<void>, milliseconds: number): Promise<void> {
  const isDone = new AbortController();
  const timer = delay(milliseconds, undefined, { signal: isDone.signal }).catch(() => {});
  await Promise.race([work, timer]);
  isDone.abort();
}
