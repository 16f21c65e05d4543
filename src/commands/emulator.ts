import { Command, Option } from 'commander';
import { collect } from '../cli/collect.js';
import { readCount } from '../cli/numbers.js';
import type { Outcome, Output, Runtime } from '../cli/runtime.js';
import { GsacError, systemCodeOf } from '../core/errors.js';
import { parseScopes } from '../core/scopes.js';
import type { Services } from '../core/services.js';
import { resolveClient } from '../flows/client.js';
import { clean, toJsonText } from '../terminal/clean.js';

/** The flags of `gsac emulator start`. */
export interface EmulatorStartOptions {
  port: number;
  host: string;
  clientOut: string;
  clientType: 'web' | 'desktop';
  files: number | undefined;
}

/** The flags of `gsac emulator sign-in`. */
export interface EmulatorSignInOptions {
  user: string | undefined;
  scopes: readonly string[];
  source: string;
  redirectUri: string | undefined;
}

/** The JSON document of `gsac emulator sign-in`. */
export interface EmulatorSignInResult {
  code: string;
  user: string;
  client_id: string;
  scopes: string[];
  source: string;
}

/** Declares `gsac emulator`. */
export function emulatorCommand(
  runtime: Runtime,
  start = runEmulatorStart,
  signIn = runEmulatorSignIn,
): Command {
  const command = new Command('emulator')
    .summary('Google’s endpoints on this machine')
    .description(
      'Google’s sign-in and Drive endpoints on this machine, for tests and for trying things out.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac emulator start --client-out client_secret.json &\n  $ export GSAC_CLIENT=client_secret.json\n  $ gsac emulator sign-in | gsac exchange -',
    );
  command
    .command('start')
    .summary('run it until Ctrl-C')
    .description(
      'Run the emulator until it is interrupted. The first line on stdout is its origin. It writes a ' +
        'client file whose token_uri points at itself: that file is all that makes gsac, and other ' +
        'clients, use it. Requests are logged on stderr.',
    )
    .option('--port <port>', 'the port; 0 for any that is free', '0')
    .option('--host <host>', 'the address to listen on', '127.0.0.1')
    .option('--client-out <file>', 'where to write the client file', 'client_secret_emulator.json')
    .addOption(
      new Option(
        '--client-type <type>',
        'whose file: desktop takes any loopback port at gsac login',
      )
        .choices(['web', 'desktop'])
        .default('web'),
    )
    .option('--files <count>', 'so many files more in the first user’s folder')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac emulator start --port 8085 --client-out client_secret.json',
    )
    .action((_options, inner: Command) =>
      runtime.stream(inner, (services, output) =>
        start(readStartOptions(inner.opts()), services, output),
      ),
    );
  command
    .command('sign-in')
    .summary('do what the phone does; prints a serverAuthCode')
    .description(
      'Sign a user of the running emulator in, as the app would, and print the one-time code.',
    )
    .option('--user <email>', 'who signs in (default: the first user)')
    .option(
      '--scope <scope>',
      'what to ask for, repeatable (default: openid email profile drive.appdata)',
      collect,
    )
    .addOption(
      new Option('--source <source>', 'which kind of app asks')
        .choices(['ios', 'android', 'web-popup', 'web-redirect'])
        .default('ios'),
    )
    .option('--redirect-uri <uri>', 'the redirect URI of the request, with web-redirect')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac emulator sign-in --client client_secret.json --user qa@example.org',
    )
    .action((_options, inner: Command) =>
      runtime.run(
        inner,
        (services) => signIn(readSignInOptions(inner.opts()), services),
        ({ code }) => `${clean(code)}\n`,
      ),
    );
  command.action(() => {
    throw new GsacError('usage', 'gsac emulator needs a subcommand: start or sign-in.', {
      hint: 'See `gsac emulator --help`.',
    });
  });
  return command;
}

function readStartOptions(flags: Record<string, unknown>): EmulatorStartOptions {
  const files = flags['files'];
  return {
    port: readCount(String(flags['port']), '--port', { least: 0, most: 65_535 }),
    host: String(flags['host']),
    clientOut: String(flags['clientOut']),
    clientType: flags['clientType'] === 'desktop' ? 'desktop' : 'web',
    files:
      files === undefined
        ? undefined
        : readCount(String(files), '--files', { least: 0, most: 1_000_000 }),
  };
}

function readSignInOptions(flags: Record<string, unknown>): EmulatorSignInOptions {
  const scopes = Array.isArray(flags['scope']) ? flags['scope'].map(String) : [];
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
  return {
    user: text('user'),
    scopes: parseScopes(scopes.join(' ')),
    source: String(flags['source']),
    redirectUri: text('redirectUri'),
  };
}

/**
 * Runs the emulator until the person or a signal ends it; that is its ordinary end.
 *
 * @throws {GsacError} `address_in_use` where the port is taken, `usage` where it cannot be had or
 *   the client file cannot be written.
 */
export async function runEmulatorStart(
  options: EmulatorStartOptions,
  services: Services,
  output: Output,
): Promise<0> {
  const emulator = await services
    .startEmulator({
      host: options.host,
      port: options.port,
      clientType: options.clientType,
      files: options.files,
      onRequest: (line) => services.notices.say(line),
    })
    .catch((thrown) => {
      throw toListenError(thrown, options);
    });
  try {
    await services.writePrivateFile(options.clientOut, emulator.clientFile).catch((thrown) => {
      throw new GsacError(
        'usage',
        `${options.clientOut} cannot be written (${systemCodeOf(thrown) ?? 'unknown'}).`,
        {
          hint: 'Name another file with --client-out.',
        },
      );
    });
    const { origin } = emulator;
    await output.write(
      output.globals.json
        ? `${toJsonText({ origin, client_file: options.clientOut, pid: services.pid })}\n`
        : `${origin}\n`,
    );
    services.notices.say(`The client file is ${options.clientOut}. In another terminal:`);
    services.notices.say(`  export GSAC_CLIENT='${options.clientOut}'`);
    services.notices.say('  gsac emulator sign-in | gsac exchange -   # or: gsac login');
    services.notices.say('Ctrl-C ends it; it remembers nothing.');
    await aborted(services.signal);
  } finally {
    await emulator.close();
  }
  return 0;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function toListenError(thrown: unknown, { host, port }: EmulatorStartOptions): unknown {
  const code = systemCodeOf(thrown);
  if (code === 'EADDRINUSE') {
    return new GsacError('address_in_use', `Port ${port} of ${host} is in use.`, {
      hint: 'Take another with --port, or any free one with --port 0.',
    });
  }
  if (code === undefined) return thrown;
  return new GsacError('usage', `The emulator cannot listen on ${host}, port ${port} (${code}).`, {
    hint: 'The usual host is 127.0.0.1; ports below 1024 may be reserved.',
  });
}

/** Signs in at the emulator that the client file points at. @throws {GsacError} exits 2 and 3. */
export async function runEmulatorSignIn(
  options: EmulatorSignInOptions,
  services: Services,
): Promise<Outcome<EmulatorSignInResult>> {
  const { client, endpoints } = await resolveClient(services);
  if (endpoints.origin === null) {
    throw new GsacError(
      'usage',
      'This client file points at Google, which signs nobody in for a test.',
      {
        hint: 'Use the client file that `gsac emulator start` wrote.',
      },
    );
  }
  const signedIn = await services.signInAtEmulator({
    origin: endpoints.origin,
    clientId: client.clientId,
    user: options.user,
    scopes: options.scopes,
    source: options.source,
    redirectUri: options.redirectUri,
  });
  const { code, user, clientId, scopes, source } = signedIn;
  services.announceSecret(code);
  return { result: { code, user, client_id: clientId, scopes, source } };
}
