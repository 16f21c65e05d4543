import { GsacError } from '../core/errors.js';

/** What Node, node-fetch and undici call their failures, and what that means to a person. */
const systemFailures: readonly {
  codes: RegExp;
  code: 'network_unreachable' | 'connection_lost' | 'certificate_refused' | 'network_timeout';
  what: (host: string) => string;
  hint: string;
}[] = [
  {
    codes: /^(ENOTFOUND|EAI_AGAIN|EAI_FAIL|EAI_NODATA)$/,
    code: 'network_unreachable',
    what: (host) => `The name ${host} cannot be looked up.`,
    hint: 'Is this machine online? Behind a proxy, set HTTPS_PROXY.',
  },
  {
    codes: /^ECONNREFUSED$/,
    code: 'network_unreachable',
    what: (host) => `${host} refuses the connection.`,
    hint: 'Is the emulator running, on the port that the client file names? Behind a proxy, check HTTPS_PROXY.',
  },
  {
    codes: /^(ENETUNREACH|EHOSTUNREACH|ENETDOWN|EADDRNOTAVAIL)$/,
    code: 'network_unreachable',
    what: (host) => `${host} cannot be reached.`,
    hint: 'Is this machine online? Behind a proxy, set HTTPS_PROXY.',
  },
  {
    codes: /^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/,
    code: 'network_timeout',
    what: (host) => `${host} does not answer.`,
    hint: 'Is this machine online? Behind a proxy, set HTTPS_PROXY.',
  },
  {
    codes: /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS|ERR_SSL|^EPROTO$/,
    code: 'certificate_refused',
    what: (host) => `The TLS certificate of ${host} is not trusted.`,
    hint: 'A proxy that inspects TLS needs its authority in NODE_EXTRA_CA_CERTS; never switch verification off.',
  },
];

/** The code of a failure before a proxy had connected: nothing was sent to the server. */
export const PROXY_NOT_CONNECTED = 'EPROXYNOTCONNECTED';

/** What a connection's failure means. @param timedOut whether our own deadline ended it. */
export function toNetworkError(
  thrown: unknown,
  url: string,
  cancelled: boolean,
  timedOut: boolean,
  timeoutMs: number,
): GsacError {
  const { host } = new URL(url);
  const codes = failureCodes(thrown);
  const unsent = codes.includes(PROXY_NOT_CONNECTED);
  const unsentDetails = unsent ? { system_code: PROXY_NOT_CONNECTED } : {};
  if (cancelled) return new GsacError('cancelled', 'Cancelled.', { details: unsentDetails });
  if (timedOut && unsent) {
    return new GsacError(
      'proxy_failed',
      `The proxy did not connect to ${host} within ${timeoutMs / 1000} seconds.`,
      {
        hint: 'Check HTTPS_PROXY; NO_PROXY names hosts that are asked straight.',
        details: { host, ...unsentDetails },
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
    const found = codes.find((code) => failure.codes.test(code));
    if (found === undefined) continue;
    return new GsacError(failure.code, failure.what(host), {
      hint: failure.hint,
      details: { host, system_code: found },
    });
  }
  return new GsacError('connection_lost', `The connection to ${host} broke.`, {
    hint: 'Try again.',
    details: { host, ...(codes[0] === undefined ? {} : { system_code: codes[0] }) },
  });
}

/** The system codes of an error and of what caused it; the messages are left out, they may quote. */
function failureCodes(thrown: unknown): string[] {
  const codes: string[] = [];
  let at: unknown = thrown;
  for (let depth = 0; depth < 5 && typeof at === 'object' && at !== null; depth += 1) {
    if ('code' in at && typeof at.code === 'string') codes.push(at.code);
    if ('errors' in at && Array.isArray(at.errors)) {
      for (const inner of at.errors) codes.push(...failureCodes(inner));
    }
    at = 'cause' in at ? at.cause : undefined;
  }
  return codes;
}
