import type { ChildProcess } from 'node:child_process';
import { type Agent, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { type Finished, type Sandbox, until } from './process.js';

/** One line that `gsac listen --json` wrote. */
export type ListenEvent = { event: string } & Record<string, unknown>;

/** A running `gsac listen --json`. */
export interface RunningListener {
  readonly url: string;
  readonly fingerprint: string | null;
  readonly publicKeyPin: string | null;
  readonly child: ChildProcess;
  /** Everything after the first line. */
  events(): ListenEvent[];
  /** Posts as an app does. */
  post(body: string, more?: PostOptions): Promise<Answer>;
  /** Asks it to end and says how it did. */
  stop(signal?: NodeJS.Signals): Promise<Finished>;
  readonly ended: Promise<Finished>;
}

/** What differs from the usual post of a form. */
export interface PostOptions {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  agent?: Agent;
}

/** An answer of the listener. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  json(): Record<string, unknown>;
}

/** Starts `gsac listen --json` in a sandbox; it ends with the test. */
export async function startListener(
  box: Sandbox,
  args: readonly string[],
): Promise<RunningListener> {
  let child: ChildProcess | undefined;
  let stdout = '';
  const ended = box.run(['listen', '--json', ...args], {
    timeoutMs: 120_000,
    onStart(started) {
      child = started;
      started.stdout?.on('data', (text: string) => {
        stdout += text;
      });
    },
  });
  let finished: Finished | undefined;
  void ended.then((how) => {
    finished = how;
  });
  onTestFinished(async () => {
    child?.kill('SIGTERM');
    await ended;
  });
  await until(
    () => `the listener says where it is: ${finished?.stderr ?? ''}`,
    () => stdout.includes('\n') || finished !== undefined,
  );
  const lines = () =>
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as ListenEvent);
  const first = lines()[0];
  if (first === undefined || child === undefined) throw new Error(`no listener: ${stdout}`);
  const url = String(first['url']);
  const pin = first['fingerprint'];
  const started = child;
  return {
    url,
    fingerprint: typeof pin === 'string' ? pin : null,
    publicKeyPin: typeof first['public_key_pin'] === 'string' ? first['public_key_pin'] : null,
    child: started,
    events: () => lines().slice(1),
    post: (body, more) => post(url, typeof pin === 'string' ? pin : undefined, body, more),
    stop(signal = 'SIGINT') {
      started.kill(signal);
      return ended;
    },
    ended,
  };
}

function post(
  url: string,
  fingerprint: string | undefined,
  body: string,
  { method = 'POST', path, headers, agent }: PostOptions = {},
): Promise<Answer> {
  const target = new URL(url);
  const options: RequestOptions & { rejectUnauthorized: boolean } = {
    method,
    host: target.hostname,
    port: target.port,
    path: path ?? target.pathname,
    agent: agent ?? false,
    // The certificate is known by its fingerprint, which is compared before anything is sent.
    rejectUnauthorized: false,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-requested-with': 'XMLHttpRequest',
      'content-length': String(Buffer.byteLength(body)),
      ...headers,
    },
  };
  const isTls = target.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const sent = isTls ? requestHttps(options) : requestHttp(options);
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: () => JSON.parse(text) as Record<string, unknown>,
        }),
      );
    });
    if (!isTls) return void sent.end(body);
    sent.on('socket', (socket) => {
      const check = () => {
        const shown = (socket as TLSSocket).getPeerCertificate().fingerprint256;
        if (shown === fingerprint) sent.end(body);
        else sent.destroy(new Error(`another certificate: ${shown}`));
      };
      if (socket.connecting || (socket as TLSSocket).getPeerCertificate().raw === undefined) {
        socket.once('secureConnect', check);
      } else check();
    });
  });
}
