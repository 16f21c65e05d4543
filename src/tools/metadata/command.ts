import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { Command, Option } from 'commander';
import { openAccount } from '../../accounts/open.js';
import { readCount, readDuration } from '../../cli/flags.js';
import type { Output, Provided, Runtime } from '../../cli/runtime.js';
import {
  type EnvironmentFormat,
  environmentFormats,
  renderEnvironment,
} from '../../core/environment-text.js';
import { GsacError } from '../../core/errors.js';
import { toJsonText } from '../../terminal/clean.js';

/** The flags of `gsac serve`. */
export interface ServeCommandOptions {
  host: string;
  port: number;
  format: EnvironmentFormat;
  minTtlSeconds: number;
}

/** Declares `gsac serve`. */
export function serveCommand(runtime: Runtime, run = runServe): Command {
  return new Command('serve')
    .summary('serve access tokens to Google’s client libraries')
    .description(
      'Serve the account’s access tokens to Google’s client libraries, which find them as ' +
        'application default credentials, and print the environment that makes them look here. On ' +
        'this machine gsac serves every process of the same user. Press Ctrl-C to stop.',
    )
    .requiredOption('--metadata', 'with the protocol of the GCE metadata server')
    .option('--port <port>', 'the port; 0 for any that is free', '0')
    .option(
      '--host <host>',
      'the address to listen on; on any other than 127.0.0.1, a secret path guards the server, which the libraries for Node and PHP drop',
      '127.0.0.1',
    )
    .addOption(
      new Option('--format <format>', 'how the environment is printed')
        .choices(environmentFormats)
        .default('env'),
    )
    .option('--min-ttl <time>', 'how long a token must still be valid', '5m')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac serve --metadata --format dotenv > .env &\n  $ gsac serve --metadata --host 0.0.0.0   # for containers',
    )
    .action((_options, command: Command) =>
      runtime.stream(command, (provided, output) =>
        run(readOptions(command.opts()), provided, output),
      ),
    );
}

function readOptions(flags: Record<string, unknown>): ServeCommandOptions {
  return {
    host: String(flags['host']).replace(/^\[(.*)\]$/, '$1'),
    port: readCount(String(flags['port']), '--port', { least: 0, most: 65_535 }),
    format: environmentFormats.find((format) => format === flags['format']) ?? 'env',
    minTtlSeconds: readDuration(String(flags['minTtl']), '--min-ttl', { most: 3_000_000 }) / 1000,
  };
}

/**
 * Serves until the person or a signal ends it.
 *
 * @throws {GsacError} exits 2 to 5 before it serves; what comes of a request ends nothing.
 */
async function runServe(
  { host, port, format, minTtlSeconds }: ServeCommandOptions,
  provided: Provided,
  output: Output,
): Promise<0> {
  const { context } = provided;
  const ending = new AbortController();
  context.signal.addEventListener('abort', () => ending.abort(), { once: true });
  const reachedAt = isWildcard(host) ? ownAddress(host) : host;
  const opened = await openAccount(provided);
  const { serveAccount } = await import('./serve-account.js');
  const served = await serveAccount(
    { host, port, reachedAt, forCommand: false, minTtlSeconds },
    opened,
    provided,
  );
  try {
    const { address, env } = served;
    const document = { event: 'serving', address, environment: env, pid: context.pid };
    await output.write(
      output.globals.json ? `${toJsonText(document)}\n` : renderEnvironment(env, format),
    );
    context.notices.say(
      'With this environment, Google’s client libraries find the account. Press Ctrl-C to stop.',
    );
    if (!context.signal.aborted) await once(ending.signal, 'abort');
  } finally {
    await served.close();
  }
  return 0;
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** The first address of this machine that others reach it by. */
function ownAddress(host: string): string {
  const found = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => !internal && (family === 'IPv4' || host === '::'));
  if (found !== undefined) return found.address;
  throw new GsacError(
    'usage',
    `No other machine reaches this one, so that ${host} makes no sense.`,
    {
      hint: 'Without --host, gsac serves this machine.',
    },
  );
}
