import { GsacError } from '../core/errors.js';

/** One of the errors that a failure is made of. */
interface Failure {
  code: string;
  /** Whether a connection stood: it was read from or written to. */
  isConnected: boolean;
}

/** A connection that stood may end for the reason for which others never come about. */
const whileConnecting = ({ isConnected }: Failure): boolean => !isConnected;

/** What Node and undici call their failures, and what that means to a person. */
const systemFailures: readonly {
  codes: RegExp;
  code: 'network_unreachable' | 'connection_lost' | 'certificate_refused' | 'network_timeout';
  what: (host: string) => string;
  hint: string;
  /** Whether it is sure that nothing of a request was sent. */
  unsent: (failure: Failure) => boolean;
}[] = [
  {
    codes: /^(ENOTFOUND|EAI_AGAIN|EAI_FAIL|EAI_NODATA)$/,
    code: 'network_unreachable',
    what: (host) => `The name ${host} cannot be looked up.`,
    hint: 'Is this machine online? Behind a proxy, set HTTPS_PROXY.',
    unsent: whileConnecting,
  },
  {
    codes: /^ECONNREFUSED$/,
    code: 'network_unreachable',
    what: (host) => `${host} refuses the connection.`,
    hint: 'Is the emulator running, on the port that the client file names? Behind a proxy, check HTTPS_PROXY.',
    unsent: whileConnecting,
  },
  {
    codes: /^(ENETUNREACH|EHOSTUNREACH|ENETDOWN|EADDRNOTAVAIL)$/,
    code: 'network_unreachable',
    what: (host) => `${host} cannot be reached.`,
    hint: 'Is this machine online? Behind a proxy, set HTTPS_PROXY.',
    unsent: whileConnecting,
  },
  {
    codes: /^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/,
    code: 'network_timeout',
    what: (host) => `${host} does not answer.`,
    hint: 'Is this machine online? Behind a proxy, set HTTPS_PROXY.',
    unsent: () => false,
  },
  {
    codes: /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS|ERR_SSL|^EPROTO$/,
    code: 'certificate_refused',
    what: (host) => `The TLS certificate of ${host} is not trusted.`,
    hint: 'A proxy that inspects TLS needs its authority in NODE_EXTRA_CA_CERTS; never switch verification off.',
    // The handshake comes before the request.
    unsent: () => true,
  },
];

/** A failure before a byte of the request left this machine: a code in it is as good as before. */
export class NeverSentError extends GsacError {}

/** The code of a failure before a proxy had connected: nothing was sent to the server. */
export const PROXY_NOT_CONNECTED = 'EPROXYNOTCONNECTED';

/**
 * What a connection's failure means; a {@link NeverSentError} where it is sure that nothing was sent.
 * @param timedOut whether our own deadline ended it.
 */
export function toNetworkError(
  thrown: unknown,
  url: string,
  cancelled: boolean,
  timedOut: boolean,
  timeoutMs: number,
): GsacError {
  const { host } = new URL(url);
  const failures = failuresOf(thrown);
  const [first] = failures;
  const unconnected = failures.some(({ code }) => code === PROXY_NOT_CONNECTED);
  if (cancelled) {
    if (!unconnected) return new GsacError('cancelled', 'Cancelled.');
    const details = { system_code: PROXY_NOT_CONNECTED };
    return new NeverSentError('cancelled', 'Cancelled.', { details });
  }
  if (timedOut && unconnected) {
    return new NeverSentError(
      'proxy_failed',
      `The proxy did not connect to ${host} within ${timeoutMs / 1000} seconds.`,
      {
        hint: 'Check HTTPS_PROXY; NO_PROXY names hosts that are asked straight.',
        details: { host, system_code: PROXY_NOT_CONNECTED },
      },
    );
  }
  if (timedOut) {
    return new GsacError(
      'network_timeout',
      `${host} did not answer within ${timeoutMs / 1000} seconds.`,
      { hint: 'Try again, with a longer --timeout where the line is slow.', details: { host } },
    );
  }
  for (const failure of systemFailures) {
    const found = failures.find(({ code }) => failure.codes.test(code));
    if (found === undefined) continue;
    const unsent = unconnected || failure.unsent(found);
    return new (unsent ? NeverSentError : GsacError)(failure.code, failure.what(host), {
      hint: failure.hint,
      details: { host, system_code: found.code },
    });
  }
  return new (unconnected ? NeverSentError : GsacError)(
    'connection_lost',
    `The connection to ${host} broke.`,
    {
      hint: 'Try again.',
      details: { host, ...(first === undefined ? {} : { system_code: first.code }) },
    },
  );
}

/** The system codes of an error and of what caused it; the messages are left out, they may quote. */
function failuresOf(thrown: unknown): Failure[] {
  const failures: Failure[] = [];
  let at: unknown = thrown;
  for (let depth = 0; depth < 5 && typeof at === 'object' && at !== null; depth += 1) {
    if ('code' in at && typeof at.code === 'string') {
      const isConnected = 'syscall' in at && (at.syscall === 'read' || at.syscall === 'write');
      failures.push({ code: at.code, isConnected });
    }
    if ('errors' in at && Array.isArray(at.errors)) {
      for (const inner of at.errors) failures.push(...failuresOf(inner));
    }
    at = 'cause' in at ? at.cause : undefined;
  }
  return failures;
}
