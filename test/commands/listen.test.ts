import { rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type PostedCode, readPostedCode } from '../../src/tools/listen/posted-code.js';
import { type Desk, emulatorFetch, type Ran, type RunOptions, useDesk } from '../support/run.js';
import { expectFailure, expectHumanFailure, tokenRequests } from './support.js';

const desk = useDesk();

type Post = (
  body: string,
  headers?: Record<string, string>,
  more?: { method?: string; path?: string },
) => Promise<Response>;

/** Listens over main(), has the work post to it, then ends it; gives the lines that it wrote. */
async function whileListening(
  work: (post: Post, url: string) => Promise<void>,
  argv: readonly string[] = [],
  options: RunOptions = {},
): Promise<{ ran: Ran; events: Record<string, unknown>[] }> {
  const ended = new AbortController();
  let told = '';
  const urlKnown = new Promise<string>((resolve) => {
    options.onStdout = (text) => {
      told += text;
      const url = /https?:\/\/[^"\s]+/.exec(told)?.[0];
      if (url !== undefined) resolve(url);
    };
  });
  const args = argv.includes('--human') ? [] : ['--json'];
  const more = argv.filter((one) => one !== '--human');
  const how = argv.includes('--self-signed') ? [] : ['--http'];
  const running = desk.run(['listen', ...how, ...args, ...more], {
    ...options,
    signal: ended.signal,
  });
  const url = await Promise.race([
    urlKnown,
    running.then(({ stderr }) => Promise.reject(new Error(stderr))),
  ]);
  try {
    await work(
      (body, headers = {}, { method = 'POST', path } = {}) =>
        fetch(path === undefined ? url : new URL(path, url), {
          method,
          headers: { 'x-requested-with': 'test', ...headers },
          ...(method === 'GET' ? {} : { body }),
        }),
      url,
    );
  } finally {
    ended.abort();
  }
  const ran = await running;
  const events =
    args.length === 0
      ? []
      : ran.stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line));
  return { ran, events };
}

/** Puts a file where the folder of the file store was. */
function breakStore({ home }: Desk): void {
  const vault = join(home, 'vault');
  rmSync(vault, { recursive: true });
  writeFileSync(vault, '');
}

const asForm = { 'content-type': 'application/x-www-form-urlencoded' };
const asJson = { 'content-type': 'application/json' };

describe('gsac listen', () => {
  it('answers a posted code with the profile and stores the account', async () => {
    const { ran, events } = await whileListening(async (post) => {
      const answer = await post(`authCode=${encodeURIComponent(desk.code())}`, asForm);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      const profile = (await answer.json()) as Record<string, unknown>;
      expect(profile).toMatchObject({ email: 'tester@example.com', given_name: 'Terry' });
      expect(Object.keys(profile)).not.toContain('aud');
    });
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(events[0]).toMatchObject({ event: 'listening', fingerprint: null, pid: 4711 });
    expect(events[1]).toMatchObject({ event: 'exchanged', id_token: 'valid' });
    expect((await desk.run(['token'])).exitCode).toBe(0);
  });

  it('says to people what it does, the address alone on the first line', async () => {
    const { ran } = await whileListening(
      async (post) => {
        await post(desk.code(), { 'content-type': 'text/plain' });
        await post('nil', { 'content-type': 'text/plain' });
      },
      ['--human'],
    );
    expect(ran.stdout).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}\nexchanged tester@example\.com \(refresh token: stored in the encrypted file store\)\n$/,
    );
    expect(ran.stderr).toContain('gsac: warning: Refused with 400: This is an empty value');
    expect(ran.stderr).toContain('Press Ctrl-C to stop');
  });

  it.each([
    ['--json', '"refresh_token_absent"'],
    ['--human', 'gsac: warning: Google gave no refresh token'],
  ])('tells what an exchange warns of: %s', async (how, told) => {
    desk.emulator.inject({ name: 'no-refresh-token' });
    const { ran } = await whileListening(
      async (post) => void (await post(desk.code(), { 'content-type': 'text/plain' })),
      how === '--human' ? [how] : [],
    );
    expect(`${ran.stdout}${ran.stderr}`).toContain(told);
  });

  it('shows a QR code on a terminal, unless no phone can follow it', async () => {
    const drawn = /[▀▄█ ]{20,}\n[▀▄█ ]{20,}\n/;
    const listen = async (...argv: string[]) =>
      (await whileListening(async () => {}, ['--human', ...argv], { tty: true })).ran;
    // The name of this machine, so that there is an address that is not on loopback.
    const named = await listen('--self-signed', '--host', hostname());
    expect(named.stdout).toMatch(drawn);
    expect(named.stderr).not.toContain('QR code');
    const local = await listen('--self-signed');
    expect(local.stdout).not.toMatch(drawn);
    expect(local.stderr).toContain('No QR code');
  });

  it('refuses by the head alone: path, method, header, size', async () => {
    const { events } = await whileListening(async (post) => {
      const [wrongPath, root] = [
        await post('', {}, { path: '/x' }),
        await post('', {}, { path: '/' }),
      ];
      expect(wrongPath.status).toBe(404);
      expect(await wrongPath.text()).toBe(await root.text());
      for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
        const answer = await post('', {}, { method });
        expect(answer.status).toBe(405);
        expect(answer.headers.get('allow')).toBe('POST');
      }
      expect((await post('code=4/0Ax', { 'x-requested-with': '' })).status).toBe(403);
      expect((await post('x'.repeat(65_537))).status).toBe(413);
    });
    expect(events.slice(1).map(({ reason }) => reason)).toEqual([
      ...['wrong_path', 'wrong_path', 'method_not_allowed', 'method_not_allowed'],
      ...['method_not_allowed', 'method_not_allowed', 'header_missing', 'body_too_large'],
    ]);
    expect(tokenRequests(desk)).toBe(0);
  });

  /** Posts a code with any headers, `host` among them, which fetch sets by itself. */
  function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const sent = request(url, {
        method: 'POST',
        headers: { 'x-requested-with': 'test', ...headers },
      });
      sent.on('error', reject);
      sent.on('response', (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode));
      });
      sent.end(desk.code());
    });
  }

  const foreign: [headers: Record<string, string>, reason: string][] = [
    [{ host: 'evil.com' }, 'host_foreign'],
    [{ host: 'evil.com', origin: 'http://evil.com' }, 'host_foreign'],
    [{ origin: 'http://evil.com' }, 'origin_foreign'],
    [{ origin: 'null' }, 'origin_foreign'],
    [{ 'sec-fetch-site': 'cross-site' }, 'origin_foreign'],
  ];
  for (const [headers, reason] of foreign) {
    it(`refuses a request of a foreign page: ${JSON.stringify(headers)}`, async () => {
      const { events } = await whileListening(
        async (_post, url) => expect(await statusOf(url, headers)).toBe(403),
        ['--path', '/code'],
      );
      expect(events.at(-1)).toMatchObject({ event: 'refused', status: 403, reason });
      expect(tokenRequests(desk)).toBe(0);
    });
  }

  it.each([
    {},
    { host: 'localhost:1' },
    { host: '[::1]' },
    { host: 'mac.local' },
    { host: 'phone.test', origin: 'https://phone.test' },
  ])('serves a request for a private name or an address: %j', async (headers) => {
    await whileListening(async (_post, url) => {
      expect(await statusOf(url, headers)).toBe(200);
    });
  });

  it('tells an app whose fault it is, without a secret', async () => {
    const code = desk.code();
    const { events } = await whileListening(async (post) => {
      const send = async (text: string) => {
        const answer = await post(text, { 'content-type': 'text/plain' });
        return { status: answer.status, body: (await answer.json()) as Record<string, string> };
      };
      expect(await send('AIzaSyAbcdefghijklmnopqrstuvwxyz')).toMatchObject({
        status: 400,
        body: { error: 'code_not_a_code' },
      });
      expect(await send('4/nobodysCode')).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      });
      expect(await send(code)).toMatchObject({ status: 200 });
      expect(await send(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    });
    expect(JSON.stringify(events)).not.toContain(code.slice(3));
    expect(tokenRequests(desk)).toBe(2);
  });

  it('502 for a network that is not there, 503 for a store that broke', async () => {
    const ask = emulatorFetch(desk.emulator);
    let isDown = true;
    const fetch: typeof ask = async (url, init) => {
      if (isDown) throw Object.assign(new TypeError('x'), { cause: { code: 'ECONNREFUSED' } });
      return ask(url, init);
    };
    const { events } = await whileListening(
      async (post) => {
        const down = await post(desk.code(), { 'content-type': 'text/plain' });
        expect(down.status).toBe(502);
        isDown = false;
        breakStore(desk);
        const broken = await post(desk.code(), { 'content-type': 'text/plain' });
        expect(broken.status).toBe(503);
        expect(await broken.text()).not.toContain(desk.home);
      },
      [],
      { fetch },
    );
    expect(events.slice(1).map(({ status }) => status)).toEqual([502, 503]);
  });

  it('an ID token that fails its checks gives the app no claims', async () => {
    desk.emulator.inject({ name: 'wrong-audience' });
    const { events } = await whileListening(async (post) => {
      const answer = await post(desk.code(), { 'content-type': 'text/plain' });
      expect(answer.status).toBe(502);
      expect(await answer.json()).toMatchObject({ error: 'id_token_invalid' });
    });
    expect(events[1]).toMatchObject({ event: 'exchanged', id_token: 'invalid' });
  });

  it('each code has circumstances of its own', async () => {
    const { events } = await whileListening(async (post) => {
      const spent = desk.code();
      await post(spent, { 'content-type': 'text/plain' });
      await Promise.all(
        [spent, '4/nobodysCode', spent].map((code) => post(code, { 'content-type': 'text/plain' })),
      );
    });
    const refused = events.filter(({ event }) => event === 'refused').map((one) => one['message']);
    expect(refused.filter((one) => /just now; nothing was sent/.test(String(one)))).toHaveLength(2);
    expect(refused).toHaveLength(3);
  });

  describe('refuses to start', () => {
    const cases: [string, string[]][] = [
      ['without a way', []],
      ['with two ways', ['--http', '--self-signed']],
      ['with a certificate alone', ['--cert', 'x.pem']],
      ['over http on the network', ['--http', '--host', '0.0.0.0']],
      ['over http on a name', ['--http', '--host', 'example.com']],
      ['on no port', ['--http', '--port', '65536']],
      ['with a path that is none', ['--http', '--path', 'auth']],
      ['with a certificate that is none', ['--cert', 'CLIENT', '--key', 'CLIENT']],
      ['with a file that is not there', ['--cert', '/nonexistent', '--key', '/nonexistent']],
    ];
    for (const [name, argv] of cases) {
      it(name, async () => {
        const args = argv.map((one) => (one === 'CLIENT' ? desk.clientFile : one));
        expectFailure(await desk.run(['listen', '--json', ...args]), 'usage');
        expectHumanFailure(await desk.run(['listen', ...args]), 'usage');
      });
    }

    it('without a store that can write', async () => {
      const env = { GSAC_FILE_KEY: undefined };
      expectFailure(await desk.run(['listen', '--json', '--http'], { env }), 'store_key_required');
    });

    it('without a client', async () => {
      const env = { GSAC_CLIENT: undefined };
      expectFailure(await desk.run(['listen', '--json', '--http'], { env }), 'client_required');
    });
  });
});

describe('a posted body', () => {
  const code = '4/0AdQt8qhXyz-_';
  const good: [string, string | undefined, string][] = [
    ['form authCode', asForm['content-type'], `idtoken=x&authCode=${encodeURIComponent(code)}`],
    ['form auth_code', asForm['content-type'], `auth_code=${code}`],
    ['form code', `${asForm['content-type']}; charset=UTF-8`, `code=${code}`],
    ['form serverAuthCode', asForm['content-type'], `serverAuthCode=${code}`],
    ['a bare code that curl calls a form', asForm['content-type'], code],
    ['JSON', asJson['content-type'], JSON.stringify({ idToken: 'x', serverAuthCode: code })],
    ['JSON with a charset', 'application/json; charset=utf-8', JSON.stringify({ code })],
    ['text', 'text/plain', `${code}\r\n`],
    ['bytes', 'application/octet-stream', code],
    ['no type', undefined, code],
  ];
  for (const [name, type, body] of good) {
    it(`gives the code: ${name}`, () => {
      expect(readPostedCode(type, Buffer.from(body))).toEqual({ code });
    });
  }

  const bad: [string, string | undefined, string | Buffer, PostedCode][] = [
    ['an empty body', 'text/plain', '', { status: 400, reason: 'code_missing' }],
    ['a form without it', asForm['content-type'], 'a=b', { status: 400, reason: 'code_missing' }],
    ['torn JSON', 'application/json', '{"code":', { status: 400, reason: 'body_unreadable' }],
    ['JSON of null', 'application/json', 'null', { status: 400, reason: 'code_missing' }],
    ['a number', 'application/json', '{"code":4}', { status: 400, reason: 'code_missing' }],
    ['no UTF-8', 'text/plain', Buffer.from([0xff]), { status: 400, reason: 'body_unreadable' }],
    [
      'a multipart form',
      'multipart/form-data; boundary=x',
      'x',
      { status: 415, reason: 'body_unsupported' },
    ],
  ];
  for (const [name, type, body, expected] of bad) {
    it(`refuses ${name}`, () => {
      expect(readPostedCode(type, Buffer.from(body))).toEqual(expected);
    });
  }
});
