import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Session } from '../../core/account.js';
import type { Forwarder, Sent, Target } from '../../intercept/forward.js';
import type { Policy, Way } from '../../intercept/policy.js';

/** What stands for the account's secrets in a command's environment and files. */
export interface Placeholders {
  accessToken: string;
  refreshToken: string;
  clientSecret: string;
}

/** What putting secrets in takes. */
export interface GuardSettings {
  placeholders: Placeholders;
  forwarder: Forwarder;
  /** Where Google's hosts are led, if the account is an emulator's. */
  origin: string | null;
  renew: (isRefused: boolean) => Promise<Session>;
  now: () => number;
  /** Answers a request for which no token could be had. */
  refuse: (response: ServerResponse, thrown: unknown, form: 'oauth' | 'api') => void;
}

const tokenPath = /^\/(?:o\/oauth2\/|oauth2\/v\d\/)?token$/;
/** Requests of the token endpoint are far smaller. */
const mostBytes = 65_536;

/**
 * Answers a refresh with the placeholder by a refresh of gsac's own, whose result is a placeholder again,
 * and puts the real access token into the `Authorization` and the query of all other requests. What holds
 * no placeholder is passed on as it is.
 */
export function createGuardPolicy(settings: GuardSettings): Policy {
  const { placeholders, forwarder, origin, renew, now, refuse } = settings;
  /** Whether Google has refused the token that was put in last. */
  let isRefused = false;

  function send(sent: Sent, response: ServerResponse, target: Target, isPutIn: boolean): void {
    const place = origin === null ? target : toEmulator(sent, target, origin);
    forwarder
      .send(sent, response, place, ({ statusCode }) => {
        if (isPutIn) isRefused = statusCode === 401;
      })
      .catch(() => response.destroy());
  }

  async function answerToken(request: IncomingMessage, response: ServerResponse, target: Target) {
    const body = await readBody(request);
    if (body === undefined) return void response.writeHead(413).end();
    if (!holds(body.toString('latin1'), placeholders.refreshToken)) {
      const { method, headers, rawHeaders } = request;
      const head = { method, headers, rawHeaders };
      return send(Object.assign(Readable.from([body]), head), response, target, false);
    }
    try {
      const { expiresAt, scopes } = await renew(isRefused);
      isRefused = false;
      response.writeHead(200, {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
      });
      const answer = {
        access_token: placeholders.accessToken,
        expires_in: Math.max(0, Math.floor((expiresAt - now()) / 1000)),
        scope: scopes.join(' '),
        token_type: 'Bearer',
      };
      return response.end(`${JSON.stringify(answer)}\n`);
    } catch (thrown) {
      return refuse(response, thrown, 'oauth');
    }
  }

  async function answerOther(request: IncomingMessage, response: ServerResponse, target: Target) {
    const { rawHeaders } = request;
    const isPlaced = (text: string) => text.includes(placeholders.accessToken);
    const places = rawHeaders.flatMap((name, at) =>
      at % 2 === 0 && name.toLowerCase() === 'authorization' ? [at + 1] : [],
    );
    const isInHeader = places.some((at) => isPlaced(rawHeaders[at] ?? ''));
    if (!isInHeader && !isPlaced(target.path)) return send(request, response, target, false);
    try {
      const { accessToken } = await renew(false);
      const put = (text: string) => text.replaceAll(placeholders.accessToken, accessToken);
      for (const at of places) rawHeaders[at] = put(rawHeaders[at] ?? '');
      return send(request, response, { ...target, path: put(target.path) }, true);
    } catch (thrown) {
      return refuse(response, thrown, 'api');
    }
  }

  return {
    unreadable: 'tunnel',
    passesThrough: () => false,
    answer(request, response, host, way: Way) {
      const target = { ...way, host, path: request.url ?? '/' };
      const isToken = request.method === 'POST' && tokenPath.test(target.path.split('?')[0] ?? '');
      // A token never goes out in clear: what asks without TLS keeps its placeholder.
      if (way.scheme === 'http') return send(request, response, target, false);
      void (isToken ? answerToken : answerOther)(request, response, target);
    },
  };
}

/** Whether a form or a JSON document holds a value, which may be percent-encoded. */
function holds(body: string, value: string): boolean {
  return body.includes(value) || body.includes(encodeURIComponent(value));
}

/** The account's emulator, which is asked by its own name. */
function toEmulator({ rawHeaders }: Sent, { path }: Target, origin: string): Target {
  const { hostname, port, protocol, host } = new URL(origin);
  rawHeaders.forEach((name, at) => {
    if (at % 2 === 0 && name.toLowerCase() === 'host') rawHeaders[at + 1] = host;
  });
  const scheme = protocol === 'https:' ? 'https' : 'http';
  return {
    scheme,
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port) || (scheme === 'https' ? 443 : 80),
    path,
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of request) {
      const bytes = Buffer.from(part);
      length += bytes.length;
      if (length > mostBytes) return undefined;
      parts.push(bytes);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(parts);
}
