import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { proveWritable } from '../../accounts/accounts.js';
import type { Warning } from '../../accounts/book.js';
import { type Exchanged, findWarnings } from '../../accounts/exchange.js';
import { resolveClient } from '../../cli/client.js';
import type { Output, Provided } from '../../cli/runtime.js';
import {
  type AccountReference,
  describeAccount,
  nameStore,
  type StoreKind,
  toAccountReference,
} from '../../core/account.js';
import type { CodeSource } from '../../core/auth-code.js';
import type { Context, Notices } from '../../core/context.js';
import { isLoopbackHost } from '../../core/endpoints.js';
import { toListenError } from '../../core/listen.js';
import { maskText } from '../../core/secret.js';
import { readNamedFile } from '../../files/named-file.js';
import { clean, toJsonText } from '../../terminal/clean.js';
import { toGsacError } from '../../terminal/errors.js';
import { addressesOf } from './addresses.js';
import { toAppError, toProfile } from './answer-app.js';
import { createSelfSigned, readPins } from './certificate.js';
import { createCodeExchange } from './code-exchanges.js';
import type { ReceiverAnswer, TlsIdentity } from './receiver.js';
import { startReceiver } from './server.js';

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
  | {
      event: 'refused';
      status: number;
      reason: string;
      message?: string;
      hint?: string | undefined;
    };

/**
 * Receives codes until the person or a signal ends it, or the first one is exchanged with `once`.
 *
 * @throws {GsacError} exits 2 and 5 before it listens; what comes of a code ends nothing.
 */
export async function receiveCodes(
  options: ListenOptions,
  provided: Provided,
  output: Output,
): Promise<0> {
  const { context } = provided;
  const client = await resolveClient(context);
  const exchange = createCodeExchange(provided, client, options.source);
  // A store that cannot write is found out now, not by the first person who signs in.
  await proveWritable(provided);
  const addresses = addressesOf(options.host);
  const tls = await readIdentity(options, context, addresses);
  const pins = tls === undefined ? undefined : readPins(tls);
  // 128 random bits: a path that nobody guesses.
  const path = options.path ?? `/${randomBytes(16).toString('base64url')}`;
  const ending = new AbortController();
  const end = () => ending.abort();
  if (context.signal.aborted) end();
  context.signal.addEventListener('abort', end, { once: true });
  const write = createWriter(context.notices, output, end);

  async function answer(posted: string): Promise<ReceiverAnswer> {
    try {
      const exchanged = await exchange(posted);
      write(toExchangedEvent(exchanged, options.source));
      if (options.once) end();
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
        hint: hint && maskText(hint),
      });
      return { status, body };
    }
  }

  const receiver = await startReceiver({
    host: options.host,
    port: options.port,
    path,
    tls,
    answer,
    onRefused: (status, reason) => write({ event: 'refused', status, reason }),
  }).catch((thrown: unknown) => {
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
      pid: context.pid,
    });
    if (provided.system.platform !== 'linux' && /^(0\.0\.0\.0|::)$/.test(options.host)) {
      context.notices.say(
        'If a phone does not reach it, allow Node through this computer’s firewall.',
      );
    }
    if (!output.globals.json && !output.globals.quiet && output.isTty()) {
      write({ drawn: urls[0] ?? '' });
    }
    if (!ending.signal.aborted) await once(ending.signal, 'abort');
  } finally {
    await receiver.close();
  }
  await write.done();
  return 0;
}

async function readIdentity(
  { transport }: ListenOptions,
  { now }: Context,
  addresses: readonly string[],
): Promise<TlsIdentity | undefined> {
  if (transport.kind === 'http') return undefined;
  if (transport.kind === 'self-signed') return createSelfSigned(addresses, now());
  return {
    cert: await readNamedFile(transport.cert, 'usage'),
    key: await readNamedFile(transport.key, 'usage'),
  };
}

function toUrl(tls: TlsIdentity | undefined, address: string, port: number, path: string): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return `${tls === undefined ? 'http' : 'https'}://${host}:${port}${path}`;
}

/** An address as a QR code. */
interface Drawing {
  drawn: string;
}

/** The QR code of an address; nothing if only this machine could follow it. */
async function drawAddress(url: string, notices: Notices): Promise<string> {
  const { hostname } = new URL(url);
  if (isLoopbackHost(hostname)) {
    notices.say(
      `No QR code, since a phone cannot reach ${hostname}: use --self-signed --host 0.0.0.0 for one.`,
    );
    return '';
  }
  const { renderUnicodeCompact } = await import('uqr');
  return `\n${renderUnicodeCompact(url, { border: 2 })}\n\n`;
}

/** Writes one event after the other; if nobody reads them any more, the listening ends. */
function createWriter(notices: Notices, output: Output, end: () => void) {
  let last: Promise<void> = Promise.resolve();
  let failure: { thrown: unknown } | undefined;

  const write = (event: ListenEvent | Drawing): void => {
    last = last
      .then(async () => {
        if (failure !== undefined) return;
        const text = output.globals.json ? `${toJsonText(event)}\n` : await render(event, notices);
        if (text !== '') await output.write(text);
        if ('event' in event && event.event === 'listening') describeAddress(event, notices);
      })
      .catch((thrown) => {
        failure ??= { thrown };
        end();
      });
  };
  return Object.assign(write, {
    /** Waits until all is written. @throws what a write threw. */
    async done() {
      await last;
      if (failure !== undefined) throw failure.thrown;
    },
  });
}

/** What an app has to know beside the address, which stands above. Silent with `--json`. */
function describeAddress(
  { urls, fingerprint, public_key_pin: pin }: ListenEvent & { event: 'listening' },
  notices: Notices,
): void {
  for (const url of urls.slice(1)) notices.say(`Also ${url}`);
  if (fingerprint !== null) notices.say(`SHA-256 fingerprint ${fingerprint}`);
  if (pin !== null) notices.say(`Public key pin ${pin}`);
  notices.say(
    'The app posts its code to this address, with an X-Requested-With header. Press Ctrl-C to stop.',
  );
}

const statusWords: Readonly<Record<Exchanged['status'], string>> = {
  stored: 'stored',
  kept_previous: 'none received, the previous one was kept',
  absent: 'none received',
  not_stored: 'not stored',
};

/** What goes to stdout; the rest is said on stderr. */
async function render(event: ListenEvent | Drawing, notices: Notices): Promise<string> {
  if ('drawn' in event) return drawAddress(event.drawn, notices);
  if (event.event === 'listening') return `${event.url}\n`;
  if (event.event === 'exchanged') {
    for (const { message, hint } of event.warnings) notices.warn(message, hint);
    const { status, store } = event.refresh_token;
    const words =
      status === 'stored' && store !== null ? `stored in ${nameStore(store)}` : statusWords[status];
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
