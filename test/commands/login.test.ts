import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Browse, consent, type PersonOptions } from '../support/browser-person.js';
import { type Ran, type RunOptions, useDesk } from '../support/run.js';
import { createSecretScanner } from '../support/secret-scanner.js';
import { expectFailure, expectHumanFailure, lastForm, tokenRequests } from './support.js';

const appdata = 'https://www.googleapis.com/auth/drive.appdata';

describe('gsac login', () => {
  const desk = useDesk();
  let desktop: string;
  beforeEach(() => {
    desktop = desk.file('desktop.json', JSON.stringify(desk.emulator.desktopClientFile()));
  });

  const browse: Browse = (url, form) =>
    desk.emulator.fetch(new Request(url, form === undefined ? {} : { method: 'POST', body: form }));
  const person = (url: string, options?: PersonOptions) => consent(url, options, browse);

  /** Logs in; `work` is the browser, which is given the address once it is opened. */
  async function login(
    work: (url: string) => Promise<unknown>,
    args: readonly string[] = [],
    options: RunOptions = {},
  ): Promise<Ran> {
    let browsing: Promise<unknown> = Promise.resolve();
    const ran = await desk.run(['login', '--client', desktop, '--wait', '20s', ...args], {
      env: { DISPLAY: ':0', ...options.env },
      launch: async (_file, [url = '']) => {
        browsing = work(url);
        browsing.catch(() => undefined);
        return true;
      },
      ...options,
    });
    await browsing;
    return ran;
  }

  it('signs in through a browser and stores the account', async () => {
    let landing = '';
    let landed: Response | undefined;
    let redirect = '';
    const scanner = createSecretScanner();
    const ran = await login(async (url) => {
      const asked = new URL(url).searchParams;
      expect(Object.fromEntries(asked)).toMatchObject({
        response_type: 'code',
        access_type: 'offline',
        prompt: 'consent',
        scope: `openid email profile ${appdata}`,
        code_challenge_method: 'S256',
      });
      expect(asked.has('include_granted_scopes')).toBe(false);
      expect(asked.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
      redirect = await person(url);
      scanner.add('code', new URL(redirect).searchParams.get('code') ?? '');
      landed = await fetch(redirect);
      landing = await landed.text();
    });
    expect(ran).toMatchObject({ exitCode: 0 });
    expect(ran.stdout).toMatch(/account +tester@example\.com/);
    expect(ran.stdout).toMatch(/refresh token +stored in the encrypted file store/);

    expect(landing).toContain('<h1>Signed in as tester@example.com</h1>');
    expect(new URL(landed?.url ?? '').search).toBe('');
    expect(landed?.redirected).toBe(true);
    expect(Object.fromEntries(landed?.headers ?? [])).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    const { code_verifier: verifier = '' } = lastForm(desk);
    expect(verifier).toMatch(/^[\w-]{43,128}$/);
    scanner.add('verifier', verifier);
    for (const { refreshToken } of desk.emulator.state.grants) scanner.add('refresh', refreshToken);
    expect(scanner.find(`${landing}\n${landed?.url}\n${ran.stderr}\n${ran.stdout}`)).toEqual([]);
    expect(scanner.findInFiles(desk.home)).toEqual([]);
    expect(tokenRequests(desk)).toBe(1);
    const token = await desk.run(['token'], { env: { GSAC_CLIENT: undefined } });
    expect(token.stdout).toMatch(/^ya29\./);
  });

  it('gives the JSON of exchange, and with it nothing on stderr', async () => {
    const ran = await login(async (url) => fetch(await person(url)), ['--json']);
    expect(ran.stderr).toBe('');
    expect(Object.keys(ran.json())).toEqual([
      'account',
      'scopes',
      'access_token',
      'refresh_token',
      'id_token',
      'sent',
      'warnings',
    ]);
    expect(ran.json()).toMatchObject({
      sent: { redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/) },
      warnings: [],
    });
  });

  it('takes shorthands and full names of scopes, and says which were not ticked', async () => {
    const ran = await login(
      async (url) => {
        expect(new URL(url).searchParams.get('scope')).toBe(`openid email ${appdata}`);
        expect(new URL(url).searchParams.get('login_hint')).toBe('qa@example.org');
        return fetch(await person(url.replace('login_hint', 'x'), { grant: [] }));
      },
      ['--json', '--scope', 'openid email', '--scope', appdata, '--login-hint', 'qa@example.org'],
    );
    expect(ran.json()).toMatchObject({ warnings: [{ code: 'scope_missing' }] });
  });

  it.each([
    { flags: [], brings: ['openid'] },
    { flags: ['--include-granted-scopes'], brings: ['openid', appdata] },
  ])('brings back what was granted before only if asked: $flags', async ({ flags, brings }) => {
    const agree = async (url: string) => fetch(await person(url));
    const before = await login(agree, ['--json', '--scope', `openid ${appdata}`]);
    expect(before.json()).toMatchObject({ scopes: ['openid', appdata] });
    const ran = await login(agree, ['--json', '--scope', 'openid', ...flags]);
    expect(ran.json()).toMatchObject({ scopes: brings });
  });

  it('refuses an answer with another state, and goes on waiting', async () => {
    let refused: Response | undefined;
    const ran = await login(async (url) => {
      const redirect = await person(url);
      const forged = new URL(redirect);
      for (const state of ['forged', '', undefined]) {
        if (state === undefined) forged.searchParams.delete('state');
        else forged.searchParams.set('state', state);
        refused = await fetch(forged);
        expect(refused.status).toBe(400);
        expect(await refused.text()).toContain('not the answer that gsac is waiting for');
      }
      forged.search = '?error=access_denied&state=forged';
      expect((await fetch(forged)).status).toBe(400);
      expect(tokenRequests(desk)).toBe(0);
      return fetch(redirect);
    });
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain('gsac refused an answer that belongs to another sign-in');
    expect(tokenRequests(desk)).toBe(1);
  });

  it('takes no favicon, no other path, method or host for the answer', async () => {
    const ran = await login(async (url) => {
      const redirect = new URL(await person(url));
      const { origin, search } = redirect;
      for (const [address, init] of [
        [`${origin}/favicon.ico`, {}],
        [`${origin}/favicon.ico${search}`, {}],
        [`${origin}/other${search}`, {}],
        [`${origin}/`, {}],
        [`${origin}/?state=x`, {}],
        [`${redirect.href}&code=other`, {}],
        [redirect.href, { method: 'POST' }],
        [redirect.href, { method: 'HEAD' }],
        [redirect.href.replace('127.0.0.1', 'localhost'), {}],
      ] as const) {
        const answer = await fetch(address, init).catch(() => undefined);
        // Where localhost is the other loopback, nobody listens there.
        expect(answer?.status ?? 404, address).toBe(404);
      }
      expect(tokenRequests(desk)).toBe(0);
      return fetch(redirect);
    });
    expect(ran.exitCode).toBe(0);
  });

  it('answers a second callback with a page of its own and takes nothing from it', async () => {
    let second: Response | undefined;
    let first: Response | undefined;
    const ran = await login(async (url) => {
      const redirect = await person(url);
      // Not followed, so that gsac still listens for its landing page.
      first = await fetch(redirect, { redirect: 'manual' });
      second = await fetch(redirect);
      return fetch(new URL(first.headers.get('location') ?? '', redirect));
    });
    expect(ran.exitCode).toBe(0);
    expect(first?.status).toBe(303);
    expect(second?.status).toBe(409);
    expect(await second?.text()).toContain('already has its answer');
    expect(tokenRequests(desk)).toBe(1);
  });

  it('refused consent: 4, and the page says so', async () => {
    let page = '';
    const ran = await login(
      async (url) => {
        page = await (await fetch(await person(url, { cancel: true }))).text();
      },
      ['--json'],
    );
    expectFailure(ran, 'access_denied');
    expect(page).toContain('Access was not granted');
    expect(tokenRequests(desk)).toBe(0);
  });

  it('another error of the page: 4, with its name and no word of a stranger’s', async () => {
    const ran = await login(async (url) => {
      const redirect = new URL(await person(url));
      redirect.searchParams.delete('code');
      redirect.searchParams.set('error', 'org_internal');
      return fetch(redirect);
    });
    expectHumanFailure(ran, 'request_refused');
    expect(ran.stderr).toContain('org_internal');
  });

  it('an exchange that fails: its exit code, and the page says that it failed', async () => {
    let page = '';
    desk.emulator.inject({ name: 'wrong-secret' });
    const ran = await login(
      async (url) => {
        page = await (await fetch(await person(url))).text();
      },
      ['--json'],
    );
    expectFailure(ran, 'invalid_client');
    expect(page).toContain('The sign-in did not work');
  });

  it('is cancelled: 130', async () => {
    const abort = new AbortController();
    const ran = await login(async () => abort.abort(), ['--json'], { signal: abort.signal });
    expectFailure(ran, 'cancelled');
  });

  it('prints the address where there is no browser, also with --json', async () => {
    const ran = await desk.run(['login', '--client', desktop, '--json', '--wait', '0.2s']);
    expect(ran.exitCode).toBe(3);
    const [url = ''] = ran.stderr.split('\n');
    expect(new URL(url).pathname).toBe('/o/oauth2/v2/auth');
    expect(ran.error().code).toBe('sign_in_timeout');
  });

  it.each<[string, Parameters<typeof expectFailure>[1], () => Promise<[string[], RunOptions?]>]>([
    [
      'a port that is in use',
      'address_in_use',
      async () => {
        const server = createServer();
        onTestFinished(() => void server.close());
        await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
        return [['--port', String((server.address() as AddressInfo).port)]];
      },
    ],
    [
      'a store that cannot take it',
      'store_key_required',
      async () => [[], { env: { DISPLAY: ':0', GSAC_FILE_KEY: undefined } }],
    ],
    [
      'a list of accounts that cannot take it',
      'local_file_broken',
      async () => {
        mkdirSync(desk.home, { recursive: true });
        writeFileSync(join(desk.home, 'accounts'), 'in the way');
        return [[]];
      },
    ],
  ])('%s is told before anybody signs in: %s', async (_what, code, prepare) => {
    const [args, options] = await prepare();
    const opened: string[] = [];
    const ran = await login(async (url) => opened.push(url), ['--json', ...args], options);
    expectFailure(ran, code);
    expect(opened).toEqual([]);
  });

  describe('with a web client', () => {
    it('uses the registered redirect URI on this machine', async () => {
      const { web } = desk.emulator.clientFile();
      const ran = await desk.run(['login', '--client', desk.clientFile, '--no-browser', '--json'], {
        stdin: '',
      });
      expectFailureAfterAddress(ran, 'input_required', (asked) => {
        expect(asked.get('redirect_uri')).toBe(web.redirect_uris[0]);
      });
    });

    it('says what to register where the file lists none on this machine', async () => {
      const { web } = desk.emulator.clientFile();
      const file = desk.file(
        'remote.json',
        JSON.stringify({ web: { ...web, redirect_uris: ['https://backend.example.com/cb'] } }),
      );
      const ran = await desk.run(['login', '--client', file, '--json']);
      expect(expectFailure(ran, 'redirect_uri_required').hint).toContain('http://127.0.0.1:8085/');
      // With a port the person knows better than the file.
      const told = await desk.run(['login', '--client', file, '--port', '0', '--wait', '0.1s']);
      expect(told.stderr).toContain('must be a registered redirect URI');
      expect(told.exitCode).toBe(3);
    });
  });

  describe('--no-browser', () => {
    /** Runs twice as the same person would: reads the address, signs in elsewhere, pastes. */
    async function paste(change: (redirect: string) => string): Promise<Ran> {
      let printed = (_url: string) => {};
      const url = new Promise<string>((resolve) => {
        printed = resolve;
      });
      return desk.run(['login', '--client', desktop, '--no-browser', '--json'], {
        stdin: (async function* () {
          yield Buffer.from(change(await person(await url)));
        })(),
        onStderr: (text) => {
          if (text.startsWith('http')) printed(text.trim());
        },
      });
    }

    it('takes the address that the browser ended on', async () => {
      const ran = await paste((redirect) => `  ${redirect}\n`);
      expect(ran.exitCode).toBe(0);
      expect(ran.json()).toMatchObject({ refresh_token: { status: 'stored' } });
      expect(lastForm(desk)['code_verifier']).toMatch(/^[\w-]{43,128}$/);
    });

    it.each<[string, (redirect: string) => string, Parameters<typeof expectFailure>[1]]>([
      ['another state', (url) => url.replace(/state=[^&]+/, 'state=x'), 'state_mismatch'],
      ['no state', (url) => url.replace(/state=[^&]+&/, ''), 'state_mismatch'],
      ['no code', (url) => url.replace(/code=[^&]+&/, ''), 'usage'],
      ['the code alone', (url) => new URL(url).searchParams.get('code') ?? '', 'usage'],
      ['denied', (url) => url.replace(/code=[^&]+/, 'error=access_denied'), 'access_denied'],
      ['nothing', () => '', 'input_required'],
    ])('%s: refused, nothing sent', async (_name, change, code) => {
      const ran = await paste(change);
      expectFailureAfterAddress(ran, code);
      expect(tokenRequests(desk)).toBe(0);
    });
  });

  /** The address is the one line that may stand before the error. */
  function expectFailureAfterAddress(
    ran: Ran,
    code: Parameters<typeof expectFailure>[1],
    look: (asked: URLSearchParams) => void = () => {},
  ): void {
    const [address = '', ...rest] = ran.stderr.split('\n');
    look(new URL(address).searchParams);
    expectFailure({ ...ran, stderr: rest.join('\n') }, code);
  }

  it.each([
    [['--port', '70000']],
    [['--port', 'x']],
    [['--redirect-path', 'x']],
    [['--redirect-path', '/a?b']],
    [['--wait', '5y']],
    [['--wait', '0']],
    [['--scope', ' ']],
  ])('%s: 2', async (args) => {
    expectFailure(await desk.run(['login', '--client', desktop, '--json', ...args]), 'usage');
  });
});
