import { Command, Option } from 'commander';
import { readCount } from '../../cli/flags.js';
import type { Output, Provided, Runtime } from '../../cli/runtime.js';
import { codeSources } from '../../core/auth-code.js';
import { isLoopbackHost } from '../../core/endpoints.js';
import { GsacError } from '../../core/errors.js';
import type { ListenOptions } from './receive-codes.js';

/** Declares `gsac listen`. */
export function listenCommand(runtime: Runtime, run = runListen): Command {
  return new Command('listen')
    .summary('receive codes from an app, as its server would')
    .description(
      'Be the server that an app posts its serverAuthCode to: each code is exchanged as by `gsac ' +
        'exchange`, and the app is answered with the person’s profile, never with a token. Ends ' +
        'with Ctrl-C, which finishes what has begun.',
    )
    .option('--port <port>', 'the port; 0 for any that is free', '0')
    .option(
      '--host <host>',
      'the address to listen on; 0.0.0.0 for phones on the network',
      '127.0.0.1',
    )
    .option('--path <path>', 'the path that the app posts to (default: one that nobody guesses)')
    .option('--cert <file>', 'the TLS certificate, PEM, with its chain; goes with --key')
    .option('--key <file>', 'the private key of --cert, PEM')
    .option('--self-signed', 'TLS with a certificate made now; its fingerprint is printed')
    .option('--http', 'no TLS; on loopback only, for simulators')
    .addOption(
      new Option('--source <source>', 'where the codes come from; decides on redirect_uri')
        .choices(codeSources.filter((source) => source !== 'web-redirect'))
        .default('ios'),
    )
    .option('--once', 'end after the first code that was exchanged')
    .addHelpText(
      'after',
      '\nExample:\n  $ gsac listen --self-signed --host 0.0.0.0 --client client_secret.json\n  $ gsac listen --http --once --json | jq -r .url',
    )
    .action((_options, command: Command) =>
      runtime.stream(command, (provided, output) =>
        run(readOptions(command.opts()), provided, output),
      ),
    );
}

async function runListen(options: ListenOptions, provided: Provided, output: Output) {
  const { receiveCodes } = await import('./receive-codes.js');
  return receiveCodes(options, provided, output);
}

function readOptions(flags: Record<string, unknown>): ListenOptions {
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
  const host = String(flags['host']).replace(/^\[(.*)\]$/, '$1');
  const path = text('path');
  if (path !== undefined && !/^\/[\w.~!$&'()*+,;=:@%/-]*$/.test(path)) {
    throw misused(
      '--path is not the path of an address.',
      'It begins with a slash and has no blank, ? or #, as in /auth/google.',
    );
  }
  return {
    host,
    port: readCount(String(flags['port']), '--port', { least: 0, most: 65_535 }),
    path,
    transport: readTransport(flags, host),
    source: codeSources.find((known) => known === flags['source']) ?? 'ios',
    once: flags['once'] === true,
  };
}

function readTransport(flags: Record<string, unknown>, host: string): ListenOptions['transport'] {
  const { cert, key } = flags;
  const http = flags['http'] === true;
  const selfSigned = flags['selfSigned'] === true;
  if ((cert === undefined) !== (key === undefined)) {
    throw misused(
      '--cert and --key go together.',
      'Name the file of the certificate and that of its private key.',
    );
  }
  const files = typeof cert === 'string' && typeof key === 'string';
  const ways = [files, selfSigned, http].filter(Boolean).length;
  if (ways === 0) {
    throw misused(
      'Say how codes travel: --self-signed, --cert with --key, or --http.',
      'A phone needs TLS: --self-signed makes a certificate. A simulator on this machine can do with --http.',
    );
  }
  if (ways > 1) {
    throw misused(
      '--self-signed, --cert with --key, and --http exclude each other.',
      'Give one of them.',
    );
  }
  if (http && !isLoopbackHost(host === '::1' ? '[::1]' : host)) {
    throw misused(
      `--http would send codes over the network as they are (${host}).`,
      'Without TLS it listens on 127.0.0.1 alone. For other machines take --self-signed, or --cert with --key.',
    );
  }
  if (files) return { kind: 'files', cert, key };
  return { kind: selfSigned ? 'self-signed' : 'http' };
}

function misused(message: string, hint: string): GsacError {
  return new GsacError('usage', message, { hint });
}
