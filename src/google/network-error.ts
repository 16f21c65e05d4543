import { GsacError } from '../core/errors.js';

const checkLine = 'Is this machine online? Behind a proxy, set HTTPS_PROXY.';

/** What Node and OpenSSL call their failures, and what that means to a person. */
const systemFailures: readonly {
  codes: RegExp;
  code: 'network_unreachable' | 'certificate_refused' | 'network_timeout';
  what: (host: string) => string;
  hint: string;
  /** When it is sure that nothing of a request was sent: a connection that stood may end like this. */
  unsent: 'always' | 'while connecting' | 'never';
}[] = [
  {
    codes: /^(ENOTFOUND|EAI_AGAIN|EAI_FAIL|EAI_NODATA)$/,
    code: 'network_unreachable',
    what: (host) => `The name ${host} cannot be looked up.`,
    hint: checkLine,
    unsent: 'while connecting',
  },
  {
    codes: /^ECONNREFUSED$/,
    code: 'network_unreachable',
    what: (host) => `${host} refuses the connection.`,
    hint: 'Is the emulator running, on the port that the client file names? Behind a proxy, check HTTPS_PROXY.',
    unsent: 'while connecting',
  },
  {
    codes: /^(ENETUNREACH|EHOSTUNREACH|ENETDOWN|EADDRNOTAVAIL)$/,
    code: 'network_unreachable',
    what: (host) => `${host} cannot be reached.`,
    hint: checkLine,
    unsent: 'while connecting',
  },
  {
    codes: /^ETIMEDOUT$/,
    code: 'network_timeout',
    what: (host) => `${host} does not answer.`,
    hint: checkLine,
    unsent: 'never',
  },
  {
    codes: /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS|ERR_SSL|^EPROTO$/,
    code: 'certificate_refused',
    what: (host) => `The TLS certificate of ${host} is not trusted.`,
    hint: 'If a proxy inspects TLS, add its certificate authority to NODE_EXTRA_CA_CERTS. Never switch verification off.',
    // The handshake comes before the request.
    unsent: 'always',
  },
];

/** A failure before a byte of the request left this machine: a code in it is as good as before. */
export class NeverSentError extends GsacError {}

/** The code of a failure before a proxy had connected: nothing was sent to the server. */
export const PROXY_NOT_CONNECTED = 'EPROXYNOTCONNECTED';

/**
 * What a connection's failure means; a {@link NeverSentError} if it is sure that nothing was sent.
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
  const unconnected = failures.some(({ code }) => code === PROXY_NOT_CONNECTED);
  const Thrown = unconnected ? NeverSentError : GsacError;
  const atProxy = { system_code: unconnected ? PROXY_NOT_CONNECTED : undefined };
  if (cancelled) return new Thrown('cancelled', 'Cancelled.', { details: atProxy });
  if (timedOut) {
    const within = `within ${timeoutMs / 1000} seconds.`;
    const details = { host, ...atProxy };
    if (unconnected) {
      const hint = 'Check HTTPS_PROXY; NO_PROXY lists hosts that are reached without it.';
      const what = `The proxy did not connect to ${host} ${within}`;
      return new NeverSentError('proxy_failed', what, { hint, details });
    }
    const hint = 'Try again; on a slow connection, with a longer --timeout.';
    const what = `${host} did not answer ${within}`;
    return new GsacError('network_timeout', what, { hint, details });
  }
  for (const { codes, code, what, hint, unsent } of systemFailures) {
    const found = failures.find((failure) => codes.test(failure.code));
    if (found === undefined) continue;
    const isUnsent = unsent === 'always' || (unsent === 'while connecting' && !found.isConnected);
    const details = { host, system_code: found.code };
    return new (isUnsent ? NeverSentError : Thrown)(code, what(host), { hint, details });
  }
  const [first] = failures;
  return new Thrown('connection_lost', `The connection to ${host} broke.`, {
    hint: 'Try again.',
    details: { host, system_code: first?.code },
  });
}

/** The system codes of an error and of what caused it; the messages are left out, they may quote. */
function failuresOf(thrown: unknown): { code: string; isConnected: boolean }[] {
  const failures: ReturnType<typeof failuresOf> = [];
  let at: unknown = thrown;
  for (let depth = 0; depth < 5 && typeof at === 'object' && at !== null; depth += 1) {
    if ('code' in at && typeof at.code === 'string') {
      // A connection stood: it was read from or written to.
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
