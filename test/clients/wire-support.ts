import { type IncomingHttpHeaders, request } from 'node:http';
import { onTestFinished } from 'vitest';
import { createEmulator, type SignInRequest } from '../../src/emulator/library.js';

/** An answer, read. */
export interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

/** What is sent. */
export interface Wish {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  /** Sends the body in pieces, without a length. */
  readonly chunked?: boolean;
}

export const FORM = 'application/x-www-form-urlencoded';

/** Sends exactly these bytes and headers, which `fetch` would not. */
export function ask(url: string, { method = 'GET', headers = {}, body = '', chunked }: Wish = {}) {
  return new Promise<Answer>((resolve, reject) => {
    const length = chunked ? {} : { 'content-length': Buffer.byteLength(body) };
    const asking = request(url, { method, headers: { ...headers, ...length } }, async (answer) => {
      const parts: Buffer[] = [];
      for await (const part of answer) parts.push(part);
      const text = Buffer.concat(parts).toString();
      const isJson = answer.headers['content-type']?.startsWith('application/json') && text !== '';
      const json = isJson ? JSON.parse(text) : {};
      resolve({ status: answer.statusCode, headers: answer.headers, text, json });
    });
    asking.once('error', reject);
    if (chunked) asking.write(body.slice(0, 5));
    asking.end(chunked ? body.slice(5) : body);
  });
}

/** Opens an emulator on a port that ends with the test. */
export async function open() {
  const google = await createEmulator().listen();
  onTestFinished(() => google.close());
  const { origin } = google;
  const { client_id, client_secret } = google.clientFile().web;
  const credentials = `client_id=${client_id}&client_secret=${client_secret}`;
  const redeem = (rest: string, request?: SignInRequest, headers: Record<string, string> = {}) => {
    const code = encodeURIComponent(google.signIn(request).code);
    const body = `grant_type=authorization_code&code=${code}&${rest}`;
    const type = { 'content-type': FORM };
    return ask(`${origin}/token`, { method: 'POST', headers: { ...type, ...headers }, body });
  };
  return { google, origin, client_id, client_secret, credentials, redeem };
}

/** The same, with a person signed in. */
export async function openDrive() {
  const opened = await open();
  const { json } = await opened.redeem(opened.credentials);
  const authorization = `Bearer ${json['access_token']}`;
  const drive = (path: string, wish: Wish = {}) =>
    ask(`${opened.origin}${path}`, { ...wish, headers: { authorization, ...wish.headers } });
  return { ...opened, drive, accessToken: String(json['access_token']), tokens: json };
}
