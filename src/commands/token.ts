import { Command, Option } from 'commander';
import { openAccount } from '../accounts/open.js';
import { freshSession } from '../accounts/refresh.js';
import { readDuration } from '../cli/flags.js';
import { readPlainCall } from '../cli/plain-call.js';
import type { Call, Provided, Runtime } from '../cli/runtime.js';
import { toAccountReference } from '../core/account.js';
import { renderEnvironment } from '../core/environment-text.js';
import { GsacError } from '../core/errors.js';
import { isoTime } from '../core/times.js';

const formats = ['bare', 'header', 'env', 'sh', 'fish', 'powershell', 'cmd'] as const;
type TokenFormat = (typeof formats)[number];
const defaults = { minTtl: '5m', format: 'bare' } as const;

interface TokenOptions {
  minTtlMs: number;
  format: TokenFormat;
}

/** Declares `gsac token`. */
export function tokenCommand(runtime: Runtime, run = runToken): Command {
  return new Command('token')
    .summary('print a valid access token')
    .description(
      'Print an access token and a newline, nothing else. It comes from the cache while enough of ' +
        'its life is left, and is refreshed otherwise; processes that ask at once share one refresh.',
    )
    .option('--min-ttl <time>', 'how long the token must still be valid', defaults.minTtl)
    .addOption(
      new Option('--format <format>', 'bare, an HTTP header, or an assignment for a shell')
        .choices(formats)
        .default(defaults.format),
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ curl -H "$(gsac token --format header)" \\\n      "https://www.googleapis.com/drive/v3/about?fields=user"\n  $ eval "$(gsac token --format env)"   # sets GOOGLE_OAUTH_ACCESS_TOKEN',
    )
    .action((_options, command: Command) => callToken(command, runtime, run));
}

/** Runs `gsac token` as it was called. */
export function callToken(call: Call, runtime: Runtime, run = runToken): Promise<void> {
  const options = readOptions(call.opts());
  return runtime.run(
    call,
    async (provided) => {
      if (provided.context.globals.json && call.getOptionValueSource('format') === 'cli') {
        throw new GsacError('usage', '--format and --json exclude each other.');
      }
      return run(options, provided);
    },
    (result) => renderToken(result.access_token, options.format),
  );
}

/**
 * The call that arguments such as those of a script mean; undefined where they are for commander.
 * What they mean is the same either way.
 */
export function readPlainTokenCall(args: readonly string[]): Call | undefined {
  const anyValue = (value: string) => !value.startsWith('-');
  const account = { name: 'account', accepts: anyValue };
  return readPlainCall(
    args,
    {
      '--format': { name: 'format', accepts: (value) => formats.some((one) => one === value) },
      '--account': account,
      '-a': account,
      '--json': { name: 'json', value: true },
      '--no-input': { name: 'input', value: false },
    },
    defaults,
  );
}

function readOptions(flags: Record<string, unknown>): TokenOptions {
  return {
    minTtlMs: readDuration(String(flags['minTtl']), '--min-ttl', { most: 86_400_000 }),
    format: formats.find((format) => format === flags['format']) ?? 'bare',
  };
}

/** Finds a valid access token. @throws {GsacError} exits 2 to 5. */
export async function runToken(
  options: TokenOptions,
  work: Pick<Provided, 'context' | 'accounts' | 'google'>,
) {
  const { context } = work;
  const opened = await openAccount(work);
  const session = await freshSession(work, opened, options.minTtlMs);
  const leftMs = session.expiresAt - context.now();
  if (leftMs < options.minTtlMs && !context.globals.quiet) {
    context.notices.warn(
      `The token lasts ${Math.max(0, Math.floor(leftMs / 1000))} s, less than the ${options.minTtlMs / 1000} s of --min-ttl, though it was issued just now.`,
      'Ask for less: as it is, every call asks Google for another token.',
    );
  }
  context.announceSecret(session.accessToken);
  return {
    result: {
      access_token: session.accessToken,
      token_type: session.tokenType,
      expires_at: isoTime(session.expiresAt),
      // Whole seconds left.
      expires_in: Math.max(0, Math.floor((session.expiresAt - context.now()) / 1000)),
      scopes: session.scopes,
      account: toAccountReference(opened.account),
    },
  };
}

/** The token is visible ASCII, which was seen to when it came. */
function renderToken(token: string, format: TokenFormat): string {
  if (format === 'header') return `Authorization: Bearer ${token}\n`;
  if (format === 'bare') return `${token}\n`;
  return renderEnvironment({ GOOGLE_OAUTH_ACCESS_TOKEN: token }, format);
}
