import { once } from 'node:events';
import { Command, Option } from 'commander';
import { collect, readCount } from '../../cli/flags.js';
import type { Output, Provided, Runtime } from '../../cli/runtime.js';
import { parseClientFile } from '../../core/client-config.js';
import { isLoopbackHost } from '../../core/endpoints.js';
import { GsacError, systemCodeOf } from '../../core/errors.js';
import { toListenError } from '../../core/listen.js';
import { shellQuote } from '../../core/shell-quote.js';
import { readNamedFile } from '../../files/named-file.js';
import { toJsonText } from '../../terminal/clean.js';
import { USUAL_CLIENT_FILE } from './find.js';
import type { EmulatorStartOptions } from './host.js';

const maxConfigBytes = 16 * 1024 * 1024;

/** Declares `gsac emulator start`. */
export function emulatorStartCommand(runtime: Runtime, start = runEmulatorStart): Command {
  return new Command('start')
    .summary('run it until Ctrl-C')
    .description(
      'Run the emulator until Ctrl-C. The first line on stdout is its address. It writes a client ' +
        'file whose token_uri points at itself; that file makes gsac and other clients use it. ' +
        'Requests are logged on stderr.',
    )
    .option('--port <port>', 'the port; 0 for a random free one', '0')
    .option('--host <host>', 'the address to listen on', '127.0.0.1')
    .option('--client-out <file>', 'where to write the client file', USUAL_CLIENT_FILE)
    .addOption(
      new Option(
        '--client-type <type>',
        'the kind of client; desktop allows gsac login any loopback port',
      )
        .choices(['web', 'desktop'])
        .default('web'),
    )
    .option(
      '--config <file>',
      'users, clients, faults and settings, as YAML or JSON; flags override it',
    )
    .option(
      '--fault <fault>',
      'a fault from the start: name or name:parameter=value,…; repeatable',
      collect,
    )
    .option('--seed <text>', 'the same codes, tokens, IDs and keys in every run')
    .option('--clock <time>', 'a time at which the clock stands still, or an offset: +2h, -90m')
    .option('--state <file>', 'keep its state in this file; otherwise only in memory')
    .option('--files <count>', 'that many more files in the first user’s folder')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac emulator start --port 8085 --client-out client_secret.json\n  $ gsac emulator start --fault rate-limit:status=429,retry_after=2,times=3 --fault latency:ms=200,times=always\n\nA config file (gsac emulator config-schema > emulator.schema.json):\n  # yaml-language-server: $schema=./emulator.schema.json\n  seed: nightly\n  users:\n    - email: quality@example.org\n      hd: example.org\n      grants: [drive.appdata]\n      files:\n        - { name: save.json, content: "{}" }\n  clients:\n    - client_id: 123456789012-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com\n      publishing: testing\n  faults:\n    - dead-refresh-token:user=quality@example.org',
    )
    .action((_options, inner: Command) =>
      runtime.stream(inner, (provided, output) =>
        start(readStartOptions(inner.opts()), provided, output),
      ),
    );
}

function readStartOptions(flags: Record<string, unknown>): EmulatorStartOptions {
  const files = flags['files'];
  const text = (name: string) => {
    const value = flags[name];
    if (value === '') throw new GsacError('usage', `--${name} is empty.`);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    port: readCount(String(flags['port']), '--port', { least: 0, most: 65_535 }),
    host: String(flags['host']),
    clientOut: String(flags['clientOut']),
    clientType: flags['clientType'] === 'desktop' ? 'desktop' : 'web',
    files:
      files === undefined
        ? undefined
        : readCount(String(files), '--files', { least: 0, most: 1_000_000 }),
    config: text('config'),
    faults: Array.isArray(flags['fault']) ? flags['fault'].map(String) : [],
    seed: text('seed'),
    clock: text('clock'),
    state: text('state'),
  };
}

/**
 * Runs the emulator until the person or a signal ends it; that is its ordinary end.
 *
 * @throws {GsacError} `address_in_use` if the port is taken, `usage` if it cannot be had, the client
 *   file cannot be written, or config or faults make no sense, `local_file_broken` for a state file
 *   that holds something else.
 */
export async function runEmulatorStart(
  options: EmulatorStartOptions,
  { context, system }: Pick<Provided, 'context' | 'system'>,
  output: Output,
): Promise<0> {
  const { config: name, clientOut, ...settings } = options;
  const { notices } = context;
  const config =
    name === undefined
      ? undefined
      : { name, text: await readNamedFile(name, 'usage', maxConfigBytes) };
  const { startEmulator } = await import('./host.js');
  const emulator = await startEmulator({
    ...settings,
    config,
    onRequest: (line) => notices.say(line),
    onStateFailure: (sentence) => notices.warn(sentence),
    ownProcess: system.ownsProcess === true,
  }).catch((thrown) => {
    throw toListenError(thrown, options, {
      who: 'The emulator',
      hosts: 'The usual host is 127.0.0.1',
    });
  });
  try {
    await writeClientFile(clientOut, emulator.clientFile, context.signal);
    const { origin } = emulator;
    await output.write(
      output.globals.json
        ? `${toJsonText({ origin, client_file: clientOut, pid: context.pid })}\n`
        : `${origin}\n`,
    );
    notices.say(`The client file is ${clientOut}. In another terminal:`);
    notices.say(`  export GSAC_CLIENT=${shellQuote(clientOut)}`);
    notices.say('  gsac emulator sign-in | gsac exchange -   # or: gsac login');
    notices.say('  gsac emulator env [node|python|curl]      # other clients');
    notices.say(
      options.state === undefined
        ? 'Ctrl-C ends it; nothing is kept.'
        : `Ctrl-C ends it; ${options.state} keeps its state.`,
    );
    if (!isOnLoopback(options.host)) {
      notices.warn(
        'Everyone on the network can use this emulator: sign in, read its secrets, order faults.',
        'Without --host, only this machine can.',
      );
    }
    if (!context.signal.aborted) await once(context.signal, 'abort');
  } finally {
    await emulator.close();
  }
  return 0;
}

async function writeClientFile(path: string, text: string, signal: AbortSignal): Promise<void> {
  const { overwriteNamedFile } = await import('../../files/secret-file.js');
  const mayReplace = (old: string) => isOfEmulator(old, text);
  const isWritten = await overwriteNamedFile(path, text, signal, mayReplace).catch((thrown) => {
    signal.throwIfAborted();
    throw new GsacError(
      'usage',
      `${path} cannot be written (${systemCodeOf(thrown) ?? 'unknown'}).`,
      { hint: 'Name another file with --client-out.' },
    );
  });
  if (isWritten) return;
  throw new GsacError('file_exists', `${path} exists and was not written by the emulator.`, {
    hint: 'gsac left it as it is. Name another file with --client-out.',
    details: { path },
  });
}

/**
 * Whether a file may give way to an emulator's: one that has nothing in it, and an earlier emulator's
 * own, whose token_uri is on loopback or where this one's is. A client of Google's cannot be had
 * again: its secret is shown once.
 */
function isOfEmulator(old: string, ours: string): boolean {
  if (old.trim() === '') return true;
  try {
    const host = hostOf(old);
    return isLoopbackHost(host) || host === hostOf(ours);
  } catch {
    return false;
  }
}

function hostOf(clientFile: string): string {
  return new URL(parseClientFile(clientFile, '--client-out').tokenUri).hostname;
}

function isOnLoopback(host: string): boolean {
  return isLoopbackHost(host.includes(':') ? `[${host}]` : host.toLowerCase());
}
