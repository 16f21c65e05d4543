import { Command } from 'commander';
import { finishRenewal, keepFresh, longEnoughMs } from '../accounts/keep-fresh.js';
import { type OpenAccount, openAccount } from '../accounts/open.js';
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
  metadata: boolean;
  /** Whether the command gets placeholders only, for which the tokens are put in on the way. */
  guard: boolean;
}

/** Serves an account's tokens to Google's client libraries, which find them by the environment. */
export type ServeMetadata = (
  opened: OpenAccount,
  options: { minTtlSeconds: number; guard: boolean },
  work: Provided,
) => Promise<{ env: Record<string, string | undefined>; close(): Promise<void> }>;

/** The variables that tools read an access token from. */
export const tokenVariables = [
  'CLOUDSDK_AUTH_ACCESS_TOKEN',
  'GOOGLE_OAUTH_ACCESS_TOKEN',
  'GSAC_ACCESS_TOKEN',
] as const;

/** Declares `gsac exec`. */
export function execCommand(
  runtime: Runtime,
  serveMetadata: ServeMetadata,
  run = runExec,
): Command {
  return new Command('exec')
    .summary('run a command with a fresh access token')
    .usage('[options] -- <command> [args…]')
    .description(
      `Run a command with an access token in ${tokenVariables.join(', ')}, never in its ` +
        'arguments. Signals and the exit code pass through; gsac’s own secrets are taken out of its ' +
        'environment.',
    )
    .argument('<command>', 'the program; everything after it belongs to it')
    .argument('[args...]', 'its arguments')
    .option('--min-ttl <time>', 'how long the token must still be valid', '5m')
    .option(
      '--token-file',
      'keep a fresh token in the file that GSAC_ACCESS_TOKEN_FILE names, for jobs longer than an hour',
    )
    .option(
      '--metadata',
      'serve tokens to Google’s client libraries instead, as the GCE metadata server does',
    )
    .option(
      '--guard',
      'with --metadata: hand over placeholders only, and put the tokens in on the way to Google',
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac exec -- gcloud storage ls\n  $ gsac exec --token-file -- sh -c \\\n      \'curl -H "Authorization: Bearer $(cat "$GSAC_ACCESS_TOKEN_FILE")" …\'',
    )
    .action(
      (
        command: string,
        args: string[],
        flags: { minTtl: string; tokenFile?: true; metadata?: true; guard?: true },
        inner: Command,
      ) =>
        runtime.stream(inner, (provided) => {
          // Without it, the command's own --json or --timeout would be taken for ours.
          if (!runtime.argv().includes('--')) {
            throw new GsacError('usage', 'The command must come after --.', {
              hint: `Write \`gsac exec -- ${command}\`, and its arguments after that.`,
            });
          }
          const { minTtl, tokenFile = false, metadata = false, guard = false } = flags;
          if (guard && !metadata) {
            throw new GsacError('usage', '--guard needs --metadata.', {
              hint: `Write \`gsac exec --metadata --guard -- ${command}\`.`,
            });
          }
          if (tokenFile && metadata) {
            throw new GsacError('usage', '--token-file and --metadata exclude each other.', {
              hint: '--metadata is for programs that use Google’s client libraries, --token-file for all others.',
            });
          }
          const minTtlMs = readDuration(minTtl, '--min-ttl', { most: 86_400_000 });
          return run(
            { command, args, minTtlMs, tokenFile, metadata, guard },
            provided,
            serveMetadata,
          );
        }),
    );
}

/**
 * Runs a program with an access token and returns its exit code.
 *
 * @throws {GsacError} exits 2 to 5 before it runs, 126 and 127 where it cannot be run.
 */
export async function runExec(
  options: ExecOptions,
  work: Provided,
  serveMetadata: ServeMetadata,
): Promise<number> {
  const { command, args, tokenFile } = options;
  const { context, system } = work;
  const opened = await openAccount(work);
  const env: Record<string, string | undefined> = { GSAC_CLIENT: undefined };
  for (const name of ownSecrets) env[name] = undefined;
  const { runChild } = await import('../cli/child.js');
  if (options.metadata) {
    const served = await serveMetadata(
      opened,
      { minTtlSeconds: options.minTtlMs / 1000, guard: options.guard },
      work,
    );
    try {
      return await runChild({ command, args, env: { ...env, ...served.env } }, system);
    } finally {
      await served.close();
    }
  }
  const minTtlMs = Math.max(options.minTtlMs, tokenFile ? longEnoughMs : 0);
  const session = await freshSession(work, opened, minTtlMs);
  const { accessToken } = session;
  context.announceSecret(accessToken);
  for (const name of tokenVariables) env[name] = accessToken;
  if (!tokenFile) return runChild({ command, args, env }, system);

  const { createTokenFile } = await import('../files/token-file.js');
  const file = createTokenFile(system.tmpDirectory, await system.closeToOthers());
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
    await finishRenewal(kept, cutOff);
    // A renewal that was just writing has made it anew.
    const became = await file.remove();
    if (became !== 'removed') {
      context.notices.warn(
        became === 'emptied'
          ? `${file.path} is empty now, but another program has it open, so it could not be removed.`
          : `${file.path} could not be removed: another program has it open. The access token in it lasts for an hour at most.`,
        'Remove the file when that program has ended.',
      );
    }
  }
}
