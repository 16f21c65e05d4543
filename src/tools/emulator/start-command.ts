import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Command } from 'commander';
import { readCount } from '../../cli/flags.js';
import type { Output, Provided, Runtime } from '../../cli/runtime.js';
import { isLoopbackHost } from '../../core/endpoints.js';
import { renderEnvironment } from '../../core/environment-text.js';
import { GsacError } from '../../core/errors.js';
import { toListenError } from '../../core/listen.js';
import { evaluated, shellQuote } from '../../core/shell-quote.js';
import type { StandIn } from '../../emulator/stand-in.js';
import { toProxyUrl } from '../../intercept/child-environment.js';
import { toJsonText } from '../../terminal/clean.js';
import { USUAL_CLIENT_FILE } from './find.js';
import type { EmulatorStartOptions, InterceptFlags, RunningEmulator } from './host.js';
import {
  addMakeupOptions,
  passThroughOption,
  readMakeup,
  readPassThrough,
} from './start-options.js';

/** The flags of `gsac emulator start`, with those of --intercept. */
type StartFlags = EmulatorStartOptions & { intercept?: InterceptFlags };

/** Declares `gsac emulator start`. */
export function emulatorStartCommand(runtime: Runtime): Command {
  const command = new Command('start')
    .summary('run it until Ctrl-C')
    .description(
      'Run the emulator until Ctrl-C. The first line on stdout is its address. It writes a client ' +
        'file whose token_uri points at itself; that file makes gsac and other clients use it. ' +
        'Requests are logged on stderr.',
    )
    .option('--port <port>', 'the port; 0 for a random free one', '0')
    .option('--host <host>', 'the address to listen on', '127.0.0.1')
    .option('--client-out <file>', 'where to write the client file', USUAL_CLIENT_FILE);
  return addMakeupOptions(command)
    .option('--intercept', 'also answer for Google’s own addresses: see `emulator env --intercept`')
    .option(
      '--proxy-port <port>',
      'the port of its proxy, with --intercept; 0 for any that is free',
      '0',
    )
    .addOption(passThroughOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac emulator start --port 8085 --client-out client_secret.json\n  $ gsac emulator start --fault rate-limit:status=429,retry_after=2,times=3 --fault latency:ms=200,times=always\n\nA config file (gsac emulator config-schema > emulator.schema.json):\n  # yaml-language-server: $schema=./emulator.schema.json\n  seed: nightly\n  users:\n    - email: quality@example.org\n      hd: example.org\n      grants: [drive.appdata]\n      files:\n        - { name: save.json, content: "{}" }\n  clients:\n    - client_id: 123456789012-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com\n      publishing: testing\n  faults:\n    - dead-refresh-token:user=quality@example.org',
    )
    .action((_options, inner: Command) =>
      runtime.stream(inner, (provided, output) =>
        runEmulatorStart(readStartOptions(inner.opts()), provided, output),
      ),
    );
}

function readStartOptions(flags: Record<string, unknown>): StartFlags {
  const isIntercepting = flags['intercept'] === true;
  const other = ['proxyPort', 'passThrough'].find(
    (name) => flags[name] !== undefined && flags[name] !== '0',
  );
  if (!isIntercepting && other !== undefined) {
    const name = other === 'proxyPort' ? '--proxy-port' : '--pass-through';
    throw new GsacError('usage', `${name} goes with --intercept.`);
  }
  return {
    ...readMakeup(flags),
    ...(isIntercepting
      ? {
          intercept: {
            passThrough: readPassThrough(flags),
            proxyPort: readCount(String(flags['proxyPort']), '--proxy-port', {
              least: 0,
              most: 65_535,
            }),
          },
        }
      : {}),
    port: readCount(String(flags['port']), '--port', { least: 0, most: 65_535 }),
    host: String(flags['host']),
    clientOut: String(flags['clientOut']),
  };
}

/**
 * Runs the emulator until the person or a signal ends it; that is its ordinary end.
 *
 * @throws {GsacError} `address_in_use` if the port is taken, `usage` if it cannot be had, the client
 *   file cannot be written, or config or faults make no sense, `local_file_broken` for a state file
 *   that holds something else.
 */
async function runEmulatorStart(
  options: StartFlags,
  provided: Pick<Provided, 'context' | 'system'>,
  output: Output,
): Promise<0> {
  const { context, system } = provided;
  const { clientOut, serviceAccountOut, intercept, ...settings } = options;
  const { notices } = context;
  const [{ startEmulator }, { createPageParts }] = await Promise.all([
    import('./host.js'),
    import('./page-parts.js'),
  ]);
  const { shell } = context;
  const client = shellQuote(clientOut, shell);
  const interceptLine = evaluated(`gsac emulator env --intercept --client ${client}`, shell);
  const isLocal = isOnLoopback(options.host);
  // 128 random bits: a path that nobody guesses.
  const pagePath = isLocal ? undefined : `/${randomBytes(16).toString('base64url')}`;
  let mayAdminister: ((authorization: string | undefined) => boolean) | undefined;
  const emulator = await startEmulator({
    ...settings,
    mayAdminister: intercept && ((authorization) => mayAdminister?.(authorization) === true),
    page: createPageParts(context.diagnose, clientOut, intercept && interceptLine),
    pagePath,
    onRequest: (line) => notices.say(line),
    onStateFailure: (sentence) => notices.warn(sentence),
    ownProcess: system.ownsProcess === true,
  }).catch((thrown) => {
    throw toListenError(thrown, options, {
      who: 'The emulator',
      hosts: 'The usual host is 127.0.0.1',
    });
  });
  let standIn: StandIn | undefined;
  try {
    if (intercept !== undefined) {
      standIn = await startStandIn(emulator, { ...intercept, host: options.host }, provided);
      mayAdminister = standIn.interception.knowsPassword;
    }
    const { writeClientFile, writeServiceAccountFile } = await import('./client-files.js');
    await writeClientFile(clientOut, emulator.clientFile, context.signal);
    if (serviceAccountOut !== undefined) {
      const text = emulator.serviceAccountFile(false);
      await writeServiceAccountFile(serviceAccountOut, text, context.signal);
    }
    const { origin } = emulator;
    await output.write(
      output.globals.json
        ? `${toJsonText({
            origin,
            client_file: clientOut,
            service_account_file: serviceAccountOut,
            pid: context.pid,
            page: pagePath && `${origin}${pagePath}/`,
            ...describe(standIn),
          })}\n`
        : `${origin}\n`,
    );
    notices.say(`To look at it in a browser: ${origin}${pagePath ?? ''}/`);
    notices.say(`The client file is ${clientOut}. In another terminal:`);
    // cmd has no comments at the end of a line.
    const note = (text: string) => (shell === 'cmd' ? '' : `# ${text}`);
    const credentials =
      serviceAccountOut === undefined ? {} : { GOOGLE_APPLICATION_CREDENTIALS: serviceAccountOut };
    const variables = renderEnvironment({ GSAC_CLIENT: clientOut, ...credentials }, shell);
    for (const line of variables.trimEnd().split('\n')) notices.say(`  ${line}`);
    notices.say(
      `  gsac emulator sign-in | gsac exchange -   ${note(options.clientType === 'device' ? 'or: gsac login --device' : 'or: gsac login')}`.trimEnd(),
    );
    notices.say(`  gsac emulator env [node|python|curl]      ${note('other clients')}`.trimEnd());
    notices.say(
      options.state === undefined
        ? 'Ctrl-C ends it; nothing is kept.'
        : `Ctrl-C ends it; ${options.state} keeps its state.`,
    );
    if (standIn !== undefined) {
      notices.say('Programs take it for Google with these variables:');
      notices.say(`  ${interceptLine}`);
    }
    if (!isLocal) {
      notices.warn(
        'Everyone on the network can use this emulator: sign in, read its secrets, order faults.',
        'Without --host, only this machine can.',
      );
    }
    if (!context.signal.aborted) await once(context.signal, 'abort');
  } finally {
    await standIn?.interception.close();
    await emulator.close();
  }
  return 0;
}

async function startStandIn(
  emulator: RunningEmulator,
  { passThrough, proxyPort: port, host }: InterceptFlags & { host: string },
  { context, system }: Pick<Provided, 'context' | 'system'>,
): Promise<StandIn> {
  const [{ openStandIn }, { describeEvent }] = await Promise.all([
    import('./stand-in.js'),
    import('./run-report.js'),
  ]);
  const { notices } = context;
  return openStandIn(
    emulator,
    {
      passThrough,
      // The log of requests has them.
      onMissing: () => undefined,
      observe(event) {
        const sentence = describeEvent(event);
        if (sentence !== undefined) notices.warn(sentence);
      },
      host,
      port,
    },
    { system },
  ).catch((thrown) => {
    throw toListenError(
      thrown,
      { host, port },
      {
        who: 'The proxy',
        hosts: 'The usual host is 127.0.0.1',
        inUse: 'Choose another with --proxy-port, or any free one with --proxy-port 0.',
      },
    );
  });
}

function describe(standIn: StandIn | undefined) {
  if (standIn === undefined) return {};
  const { caFile, settings } = standIn.interception;
  return { proxy: toProxyUrl(settings.proxy), ca_file: caFile };
}

function isOnLoopback(host: string): boolean {
  return isLoopbackHost(host.includes(':') ? `[${host}]` : host.toLowerCase());
}
