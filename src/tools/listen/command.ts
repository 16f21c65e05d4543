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
      'Act as the server that an app posts its serverAuthCode to. gsac exchanges each code as `gsac ' +
        'exchange` does and answers with the person’s profile, never with a token. On Ctrl-C, gsac ' +
        'finishes the exchanges that it has begun, then stops.',
    )
    .option('--port <port>', 'the port; 0 for any free port', '0')
    .option(
      '--host <host>',
      'the address to listen on; 0.0.0.0 for phones on the network',
      '127.0.0.1',
    )
    .option('--path <path>', 'the path that the app posts to (default: one that nobody can guess)')
    .option('--cert <file>', 'the TLS certificate, PEM, with its chain; goes with --key')
    .option('--key <file>', 'the private key of --cert, PEM')
    .option('--self-signed', 'TLS with a new certificate; gsac prints its fingerprint')
    .option('--http', 'no TLS; only on loopback, for simulators')
    .addOption(
      new Option('--source <source>', 'where the codes come from; sets redirect_uri')
        .choices(codeSources.filter((source) => source !== 'web-redirect'))
        .default('ios'),
    )
    .option('--once', 'stop after the first exchanged code')
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
      'It starts with a slash and contains no blank, ? or #, for example /auth/google.',
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
      'Give the certificate file with --cert and its private key file with --key.',
    );
  }
  const files = typeof cert === 'string' && typeof key === 'string';
  const ways = [files, selfSigned, http].filter(Boolean).length;
  if (ways === 0) {
    throw misused(
      'Choose how the app connects: --self-signed, --cert with --key, or --http.',
      'A phone needs TLS: --self-signed makes a certificate. For a simulator on this machine, --http is enough.',
    );
  }
  if (ways > 1) {
    throw misused(
      '--self-signed, --cert with --key, and --http exclude each other.',
      'Use only one of them.',
    );
  }
  if (http && !isLoopbackHost(host === '::1' ? '[::1]' : host)) {
    throw misused(
      `--http would send codes over the network unencrypted (${host}).`,
      'Without TLS, gsac listens only on 127.0.0.1. For other machines use --self-signed, or --cert with --key.',
    );
  }
  if (files) return { kind: 'files', cert, key };
  return { kind: selfSigned ? 'self-signed' : 'http' };
}

function misused(message: string, hint: string): GsacError {
  return new GsacError('usage', message, { hint });
}
