import { Command, Option } from 'commander';
import type { Warning } from '../../accounts/book.js';
import { type Exchanged, findWarnings } from '../../accounts/exchange.js';
import { resolveClient } from '../../cli/client.js';
import { readCount } from '../../cli/flags.js';
import type { Output, Runtime } from '../../cli/runtime.js';
import {
  type AccountReference,
  describeAccount,
  type StoreKind,
  storeNames,
  toAccountReference,
} from '../../core/account.js';
import { type CodeSource, codeSources } from '../../core/auth-code.js';
import { isLoopbackHost } from '../../core/endpoints.js';
import { GsacError } from '../../core/errors.js';
import { toListenError } from '../../core/listen.js';
import { maskText } from '../../core/secret.js';
import { readNamedFile } from '../../files/named-file.js';
import { clean, toJsonText } from '../../terminal/clean.js';
import { toGsacError } from '../../terminal/errors.js';
import type { Services } from '../../wiring.js';
import { toAppError, toProfile } from './answer-app.js';
import { createCodeDesk } from './code-exchanges.js';
import type { ReceiverAnswer, TlsIdentity } from './receiver.js';

/** The flags of `gsac listen`. */
export interface ListenOptions {
  host: string;
  port: number;
  /** Undefined for one that nobody guesses. */
  path: string | undefined;
  transport:
    | { kind: 'http' }
    | { kind: 'self-signed' }
    | { kind: 'files'; cert: string; key: string };
  source: CodeSource;
  once: boolean;
}

/** One line of `gsac listen --json`. */
export type ListenEvent =
  | {
      event: 'listening';
      url: string;
      /** The same under every address of this machine. */
      urls: string[];
      fingerprint: string | null;
      public_key_pin: string | null;
      pid: number;
    }
  | {
      event: 'exchanged';
      account: AccountReference;
      scopes: string[];
      refresh_token: { status: Exchanged['status']; store: StoreKind | null };
      id_token: string | null;
      warnings: Warning[];
    }
  | { event: 'refused'; status: number; reason: string; message?: string; hint?: string };

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
      runtime.stream(command, (services, output) =>
        run(readOptions(command.opts()), services, output),
      ),
    );
}

function readOptions(flags: Record<string, unknown>): ListenOptions {
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
  const host = String(flags['host']).replace(/^\[(.*)\]$/, '$1');
  const path = text('path');
  if (path !== undefined && !/^\/[\w.~!$&'()*+,;=:@%/-]*$/.test(path)) {
    throw new GsacError('usage', '--path is not the path of an address.', {
      hint: 'It begins with a slash and has no blank, ? or #, as in /auth/google.',
    });
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
  const cert = flags['cert'];
  const key = flags['key'];
  const http = flags['http'] === true;
  const selfSigned = flags['selfSigned'] === true;
  if ((cert === undefined) !== (key === undefined)) {
    throw new GsacError('usage', '--cert and --key go together.', {
      hint: 'Name the file of the certificate and that of its private key.',
    });
  }
  const files = typeof cert === 'string' && typeof key === 'string';
  const ways = [files, selfSigned, http].filter(Boolean).length;
  if (ways === 0) {
    throw new GsacError(
      'usage',
      'Say how codes travel: --self-signed, --cert with --key, or --http.',
      {
        hint: 'A phone needs TLS: --self-signed makes a certificate. A simulator on this machine can do with --http.',
      },
    );
  }
  if (ways > 1) {
    throw new GsacError(
      'usage',
      '--self-signed, --cert with --key, and --http exclude each other.',
      {
        hint: 'Give one of them.',
      },
    );
  }
  if (http && !isLoopbackHost(host === '::1' ? '[::1]' : host)) {
    throw new GsacError(
      'usage',
      `--http would send codes over the network as they are (${host}).`,
      {
        hint: 'Without TLS it listens on 127.0.0.1 alone. For other machines take --self-signed, or --cert with --key.',
      },
    );
  }
  if (files) return { kind: 'files', cert, key };
  return { kind: selfSigned ? 'self-signed' : 'http' };
}

/**
 * Receives codes until the person or a signal ends it, or the first one is exchanged with `once`.
 *
 * @throws {GsacError} exits 2 and 5 before it listens; what comes of a code ends nothing.
 */
export async function runListen(
  options: ListenOptions,
  services: Services,
  output: Output,
): Promise<0> {
  const client = await resolveClient(services);
  const desk = createCodeDesk(services, client, options.source);
  // A store that cannot write is found out now, not by the first person who signs in.
  await desk.proveWritable();
  const host = await services.receiver();
  const addresses = host.addressesOf(options.host);
  const tls = await readIdentity(options, services, addresses);
  const pins = tls === undefined ? undefined : host.readPins(tls);
  const path = options.path ?? host.randomPath();
  const stop = createStop(services.signal);
  const write = createWriter(services, output, stop);

  async function answer(posted: string): Promise<ReceiverAnswer> {
    try {
      const exchanged = await desk.exchange(posted);
      write(toExchangedEvent(exchanged, options.source));
      if (options.once) stop.now();
      return toProfile(exchanged);
    } catch (thrown) {
      const error = toGsacError(thrown);
      const { status, body } = toAppError(error);
      const { code: reason, message, hint } = error;
      write({
        event: 'refused',
        status,
        reason,
        message: maskText(message),
        ...(hint === undefined ? {} : { hint: maskText(hint) }),
      });
      return { status, body };
    }
  }

  const receiver = await host
    .start({
      host: options.host,
      port: options.port,
      path,
      tls,
      answer,
      onRefused: (status, reason) => write({ event: 'refused', status, reason }),
    })
    .catch((thrown: unknown) => {
      throw toListenError(thrown, options, {
        who: 'gsac',
        hosts: 'The usual hosts are 127.0.0.1 and 0.0.0.0',
      });
    });
  try {
    const urls = addresses.map((address) => toUrl(tls, address, receiver.port, path));
    write({
      event: 'listening',
      url: urls[0] ?? toUrl(tls, options.host, receiver.port, path),
      urls,
      fingerprint: pins?.fingerprint ?? null,
      public_key_pin: pins?.publicKeyPin ?? null,
      pid: services.pid,
    });
    if (!output.globals.json && !output.globals.quiet && output.isTty()) {
      write({ qr: await host.qrCode(urls[0] ?? '') });
    }
    await stop.asked;
  } finally {
    await receiver.close();
  }
  await write.done();
  return 0;
}

async function readIdentity(
  { transport }: ListenOptions,
  services: Services,
  addresses: readonly string[],
): Promise<TlsIdentity | undefined> {
  if (transport.kind === 'http') return undefined;
  const host = await services.receiver();
  if (transport.kind === 'self-signed') return host.selfSigned(addresses, services.now());
  return {
    cert: await readNamedFile(transport.cert, 'usage'),
    key: await readNamedFile(transport.key, 'usage'),
  };
}

function toUrl(tls: TlsIdentity | undefined, address: string, port: number, path: string): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return `${tls === undefined ? 'http' : 'https'}://${host}:${port}${path}`;
}

interface Stop {
  /** Resolves when the end was asked for, by whomever. */
  asked: Promise<void>;
  now(): void;
}

function createStop(signal: AbortSignal): Stop {
  let now = () => {};
  const asked = new Promise<void>((resolve) => {
    now = resolve;
  });
  if (signal.aborted) now();
  signal.addEventListener('abort', now, { once: true });
  return { asked, now };
}

interface Writer {
  (event: ListenEvent | { qr: string }): void;
  /** Waits until all is written. @throws what the last write threw. */
  done(): Promise<void>;
}

/** Writes one event after the other; where nobody reads them any more, the listening ends. */
function createWriter(services: Services, output: Output, stop: Stop): Writer {
  let last: Promise<void> = Promise.resolve();
  let failure: { thrown: unknown } | undefined;

  const write = (event: ListenEvent | { qr: string }): void => {
    last = last
      .then(async () => {
        if (failure !== undefined) return;
        const text = output.globals.json ? `${toJsonText(event)}\n` : render(event, services);
        if (text !== '') await output.write(text);
      })
      .catch((thrown) => {
        failure ??= { thrown };
        stop.now();
      });
  };
  return Object.assign(write, {
    async done() {
      await last;
      if (failure !== undefined) throw failure.thrown;
    },
  });
}

const statusWords: Readonly<Record<Exchanged['status'], string>> = {
  stored: 'stored',
  kept_previous: 'none came, the previous one was kept',
  absent: 'none came',
  not_stored: 'not stored',
};

/** What goes to stdout; the rest is said on stderr. */
function render(event: ListenEvent | { qr: string }, { notices }: Services): string {
  if ('qr' in event) return `\n${event.qr}\n\n`;
  if (event.event === 'listening') {
    for (const url of event.urls.slice(1)) notices.say(`Also ${url}`);
    if (event.fingerprint !== null) notices.say(`SHA-256 fingerprint ${event.fingerprint}`);
    if (event.public_key_pin !== null) notices.say(`Public key pin ${event.public_key_pin}`);
    notices.say('The app posts its code there, with an X-Requested-With header. Ctrl-C ends it.');
    return `${event.url}\n`;
  }
  if (event.event === 'exchanged') {
    for (const { message, hint } of event.warnings) notices.warn(message, hint);
    const { status, store } = event.refresh_token;
    const words =
      status === 'stored' && store !== null
        ? `stored in ${storeNames[store]}`
        : statusWords[status];
    return `exchanged ${clean(describeAccount(event.account))} (refresh token: ${words})\n`;
  }
  const { status, reason, message, hint } = event;
  if (message === undefined) notices.say(`Refused with ${status}: ${reason}.`);
  else notices.warn(`Refused with ${status}: ${message}`, hint);
  return '';
}

function toExchangedEvent(exchanged: Exchanged, source: CodeSource): ListenEvent {
  const { account, status, idToken } = exchanged;
  const { scopes, store } = account;
  const inStore = status === 'stored' || status === 'kept_previous';
  return {
    event: 'exchanged',
    account: toAccountReference(account),
    scopes,
    refresh_token: { status, store: inStore ? store : null },
    id_token: idToken?.verdict ?? null,
    warnings: findWarnings(exchanged, source, []),
  };
}
