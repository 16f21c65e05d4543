import { type Call, moveClock } from '../http/call.js';
import { apiError, htmlError, oauthError, withBody } from '../http/respond.js';
import type { FaultContext, FaultDefinition } from './model.js';
import { BOUNDS, parameter, retryAfterOf, valueIn } from './parameters.js';

/** Thrown in an answer's place where the connection is cut; looks like what undici throws. */
export class ConnectionResetError extends TypeError {
  readonly code = 'ECONNRESET';

  constructor() {
    const cause = Object.assign(new Error('read ECONNRESET'), {
      code: 'ECONNRESET',
      errno: -104,
      syscall: 'read',
    });
    super('fetch failed', { cause });
  }
}

const STATUS_TEXT: Readonly<Record<number, readonly [string, string, string]>> = {
  429: [
    'RESOURCE_EXHAUSTED',
    'rateLimitExceeded',
    'Resource has been exhausted (e.g. check quota).',
  ],
  500: ['INTERNAL', 'internalError', 'Internal Error'],
  502: ['UNAVAILABLE', 'backendError', 'Bad Gateway'],
  503: ['UNAVAILABLE', 'backendError', 'The service is currently unavailable.'],
  504: ['DEADLINE_EXCEEDED', 'backendError', 'Deadline exceeded'],
};

const HTML_SENTENCE =
  'The server encountered a temporary error and could not complete your request. <p>Please try again in 30 seconds.';

function refuse(
  call: Call,
  code: number,
  headers: Readonly<Record<string, string>>,
  words?: unknown,
): Response {
  const [status, reason, usual] = STATUS_TEXT[code] ?? ['UNKNOWN', 'backendError', 'Error'];
  const message = typeof words === 'string' ? words : usual;
  if (call.family === 'drive' || call.family === 'userinfo') {
    return apiError({ code, message, reason, status }, headers);
  }
  const error = code === 429 ? 'rate_limit_exceeded' : 'internal_failure';
  const isTheirs = code < 500 && code !== 429;
  const answer = oauthError(code, isTheirs ? 'invalid_request' : error, message);
  for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
  return answer;
}

function refuseBeyondQuota({ call, fault, memory }: FaultContext): Response | undefined {
  const lengthMs = valueIn(fault, 'seconds', 60) * 1000;
  const began = memory.get('began') ?? call.now;
  const isOver = call.now >= began + lengthMs;
  const count = isOver ? 1 : (memory.get('count') ?? 0) + 1;
  memory.set('began', isOver ? call.now : began);
  memory.set('count', count);
  if (count <= valueIn(fault, 'limit', 10)) return undefined;
  const left = Math.max(1, Math.ceil((began + lengthMs - call.now) / 1000));
  return refuse(call, 429, { 'retry-after': String(left) });
}

/** What goes wrong on the way, or before Google looks at a request. Each can hit every path. */
export const NETWORK_FAULTS: readonly FaultDefinition[] = [
  {
    name: 'latency',
    summary: 'The response comes late.',
    source: 'Everyday networks',
    parameters: { ms: parameter('number', 'milliseconds to wait (1000)', BOUNDS.wait) },
    before: ({ fault, sleep }) => sleep(valueIn(fault, 'ms', 1000)),
  },
  {
    name: 'clock',
    summary: 'The server’s clock is ahead or behind for the request.',
    detail:
      'The whole request is answered at that time, its Date header included. A code lives for ten minutes: a clock that is an hour ahead finds even a fresh code expired (invalid_grant). Keep below 600 seconds to let codes work.',
    source: 'Machines without time synchronisation: "Token used too early" in google-auth clients',
    parameters: {
      seconds: parameter('number', 'seconds ahead, negative for behind (3600)', BOUNDS.seconds),
    },
    before: ({ call, fault, state }) =>
      moveClock(call, state, valueIn(fault, 'seconds', 3600) * 1000),
  },
  {
    name: 'status',
    summary: 'The request gets an error status and has no effect.',
    source: 'https://developers.google.com/workspace/drive/api/guides/handle-errors',
    parameters: {
      status: parameter('number', 'HTTP status (503)', BOUNDS.status),
      retryAfter: parameter('text', 'Retry-After header, seconds or a date (none)', BOUNDS.header),
      message: parameter('text', 'text of the error (the usual one)'),
    },
    answer: ({ call, fault }) => {
      const code = valueIn(fault, 'status', 503);
      return refuse(call, code, retryAfterOf(fault), fault['message']);
    },
  },
  {
    name: 'html',
    summary: 'An HTML page comes instead of JSON. The request has no effect.',
    source: "Google's front end while a backend is down, captive portals and proxies",
    parameters: { status: parameter('number', 'HTTP status (502)', BOUNDS.status) },
    answer: ({ fault }) => htmlError(valueIn(fault, 'status', 502), 'Server Error', HTML_SENTENCE),
  },
  {
    name: 'redirect',
    summary: 'The server redirects the request to another address.',
    source: 'RFC 9700 §4.12: a redirect must not carry a secret along',
    parameters: {
      location: parameter('text', 'address (https://collector.example.net/token)', BOUNDS.header),
      status: parameter('number', 'HTTP status (302)', BOUNDS.redirect),
    },
    answer: ({ fault }) =>
      new Response(null, {
        status: valueIn(fault, 'status', 302),
        headers: { location: valueIn(fault, 'location', 'https://collector.example.net/token') },
      }),
  },
  {
    name: 'reset',
    summary: 'The connection is cut after the request took effect.',
    detail: 'A one-time code is spent, and the client does not know it.',
    source: 'The case in which a one-time code is spent and nobody knows (RFC 9110 §9.2.2)',
    after: () => {
      throw new ConnectionResetError();
    },
  },
  {
    name: 'reset-before',
    summary: 'The connection is cut before the request takes effect.',
    source: 'Proxies and servers that end (RFC 9110 §9.2.2)',
    before: () => {
      throw new ConnectionResetError();
    },
  },
  {
    name: 'empty-body',
    summary: 'The response has no body. The request took effect.',
    source: 'Proxies that end early',
    after: (_context, response) => withBody(response, ''),
  },
  {
    name: 'quota',
    summary: 'Requests over a limit get 429 and Retry-After.',
    source: 'https://cloud.google.com/docs/quotas/troubleshoot',
    parameters: {
      limit: parameter('number', 'requests per window (10)', BOUNDS.count),
      seconds: parameter('number', 'seconds per window (60)', BOUNDS.window),
    },
    times: 'always',
    answer: refuseBeyondQuota,
  },
  {
    name: 'html-after',
    summary: 'An HTML page with status 200 comes. The request took effect.',
    source: 'Proxies that replace answers',
    parameters: { status: parameter('number', 'HTTP status (200)', BOUNDS.status) },
    after: ({ fault }) => htmlError(valueIn(fault, 'status', 200), 'Server Error', HTML_SENTENCE),
  },
  {
    name: 'torn-body',
    summary: 'The response body is cut short. The request took effect.',
    source: 'Connections and proxies that end early',
    parameters: { keep: parameter('number', 'share of the body that arrives (0.5)', BOUNDS.share) },
    after: async ({ fault }, response) => {
      const bytes = new Uint8Array(await response.arrayBuffer());
      const kept = Math.floor(bytes.length * valueIn(fault, 'keep', 0.5));
      return withBody(response, bytes.slice(0, kept));
    },
  },
  {
    name: 'huge-body',
    summary: 'The response is far too large. The request took effect.',
    source: 'A hostile or broken endpoint',
    parameters: { bytes: parameter('number', 'size of the body (10485760)', BOUNDS.bytes) },
    after: ({ fault }, response) => {
      const size = valueIn(fault, 'bytes', 10 * 1024 * 1024);
      return withBody(response, `{"padding":"${'x'.repeat(Math.max(0, size - 14))}"}`);
    },
  },
  {
    name: 'certs-cache',
    summary: 'The published keys have another max-age.',
    source: 'https://developers.google.com/identity/gsi/web/guides/verify-google-id-token',
    parameters: { maxAge: parameter('number', 'max-age in seconds (0)', BOUNDS.age) },
    families: ['certs'],
    after: ({ fault }, response) => {
      const headers = new Headers(response.headers);
      headers.set('cache-control', `public, max-age=${valueIn(fault, 'maxAge', 0)}`);
      return new Response(response.body, { status: response.status, headers });
    },
  },
];
