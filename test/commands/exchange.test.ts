import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SignInRequest } from '../../src/emulator/oauth/sign-in.js';
import type { Fetch } from '../support/run.js';
import { emulatorFetch, useDesk } from '../support/run.js';
import { deadFetch, expectFailure, lastForm, tokenRequests, usualScopes } from './support.js';

describe('gsac exchange', () => {
  const desk = useDesk();

  it('stores the refresh token, judges the ID token and shows no secret', async () => {
    const ran = await desk.run(['exchange', desk.code(), '--json']);
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toBe('');
    const result = ran.json<{ access_token: { value: string }; id_token: { verdict: string } }>();
    const clientId = desk.emulator.clientFile().web.client_id;
    expect(result).toMatchObject({
      account: {
        key: `${clientId}/104729361850274916385`,
        sub: '104729361850274916385',
        email: 'tester@example.com',
        client_id: clientId,
      },
      scopes: usualScopes,
      access_token: { expires_at: new Date(desk.now + 3_599_000).toISOString() },
      refresh_token: { status: 'stored', store: 'file', expires_at: null },
      id_token: { verdict: 'valid', claims: { email: 'tester@example.com' } },
      sent: { token_uri: 'http://127.0.0.1:8085/token', redirect_uri: '', code_changes: [] },
      warnings: [],
    });
    expect(result.access_token.value).toMatch(/^ya29\.…\(\d+\)$/);
    expect(tokenRequests(desk)).toBe(1);
  });

  it('claims no change to a code that came as it is', async () => {
    const ran = await desk.run(['exchange', '4/AbC', '--json']);
    const { diagnosis } = expectFailure(ran, 'invalid_grant');
    expect(JSON.stringify(diagnosis)).toContain('code-whitespace');
    expect(JSON.stringify(diagnosis)).not.toMatch(/had decoded|unwrapped|was cleaned/);
  });

  describe('the redirect URI', () => {
    const uri = 'https://backend.example.com/callback';
    it.each<[string, SignInRequest, string[], string]>([
      ['empty for a phone, without being told', {}, [], ''],
      ['empty for iOS', { source: 'ios' }, ['--source', 'ios'], ''],
      ['empty for Android', { source: 'android' }, ['--source', 'android'], ''],
      [
        'postmessage for a popup',
        { source: 'web-popup' },
        ['--source', 'web-popup'],
        'postmessage',
      ],
      [
        'the given one for a redirect',
        { source: 'web-redirect', redirectUri: uri },
        ['--source', 'web-redirect', '--redirect-uri', uri],
        uri,
      ],
      [
        'the given one, whatever the source says',
        { source: 'web-redirect', redirectUri: uri },
        ['--source', 'web-popup', '--redirect-uri', uri],
        uri,
      ],
    ])('is %s', async (_what, request, flags, sent) => {
      const ran = await desk.run(['exchange', desk.code(request), ...flags, '--json']);
      expect(ran.exitCode, ran.stderr).toBe(0);
      expect(ran.json()).toMatchObject({ sent: { redirect_uri: sent } });
      expect(lastForm(desk)).toHaveProperty('redirect_uri', sent);
    });

    it('goes over the wire as `redirect_uri=` where it is empty', async () => {
      const bodies: string[] = [];
      const ask = emulatorFetch(desk.emulator);
      const fetch: Fetch = (url, init) => {
        bodies.push(String(init.body));
        return ask(url, init);
      };
      await desk.run(['exchange', desk.code(), '--json'], { fetch });
      expect(bodies[0]).toMatch(/(^|&)redirect_uri=(&|$)/);
    });

    it('is asked for where a redirect code comes without one', async () => {
      const code = desk.code({ source: 'web-redirect' });
      const ran = await desk.run(['exchange', code, '--source', 'web-redirect', '--json']);
      expectFailure(ran, 'redirect_uri_required');
      expect(desk.emulator.requests.count()).toBe(0);
    });

    it('that Google refuses is told with the flag that mends it, and the code stays good', async () => {
      const code = desk.code({ source: 'web-popup' });
      const refused = await desk.run(['exchange', code, '--json']);
      expect(expectFailure(refused, 'redirect_uri_mismatch').hint).toContain('--source');
      const ran = await desk.run(['exchange', code, '--source', 'web-popup', '--json']);
      expect(ran.exitCode).toBe(0);
    });
  });

  describe('the code', () => {
    it('is read from standard input, line end and all', async () => {
      const ran = await desk.run(['exchange', '-', '--json'], { stdin: `${desk.code()}\r\n` });
      expect(ran.json()).toMatchObject({ sent: { code_changes: [] } });
    });

    it('is asked for where it is missing, which needs a terminal', async () => {
      for (const options of [{ tty: false }, { tty: true, noInput: true }]) {
        const flags = 'noInput' in options ? ['--no-input'] : [];
        expectFailure(await desk.run(['exchange', '--json', ...flags], options), 'input_required');
      }
      expect(desk.emulator.requests.count()).toBe(0);
    });

    it('is cleaned, sent clean, and what was changed is said', async () => {
      const code = desk.code();
      const pasted = ` Optional("${encodeURIComponent(code)}")\n`;
      const ran = await desk.run(['exchange', pasted, '--json']);
      expect(ran.json<{ sent: { code_changes: string[] } }>().sent.code_changes).toEqual([
        'removed surrounding whitespace',
        'unwrapped Optional(…)',
        'removed quotes',
        'percent-decoded',
      ]);
      expect(lastForm(desk)['code']).toBe(code);
    });

    it.each([
      ['', 'code_empty'],
      ['  \n', 'code_empty'],
      ['{"serverAuthCode":', 'code_unreadable'],
      [`1//0${'x'.repeat(60)}`, 'code_not_a_code'],
      [`ya29.${'x'.repeat(60)}`, 'code_not_a_code'],
    ] as const)('%j is refused before anything is sent', async (pasted, code) => {
      expectFailure(await desk.run(['exchange', pasted, '--json']), code);
      expect(desk.emulator.requests.count()).toBe(0);
    });

    it('goes with its PKCE verifier', async () => {
      const verifier = randomBytes(32).toString('base64url');
      const codeChallenge = createHash('sha256').update(verifier).digest('base64url');
      const code = desk.code({ codeChallenge });
      const without = await desk.run(['exchange', code, '--json']);
      expectFailure(without, 'invalid_grant');
      const ran = await desk.run(['exchange', code, '--code-verifier', verifier, '--json']);
      expect(ran.exitCode).toBe(0);
      const odd = await desk.run(['exchange', code, '--code-verifier', 'short', '--json']);
      expectFailure(odd, 'usage');
    });

    it('that was used before is refused, and a person must act', async () => {
      const code = desk.code();
      await desk.run(['exchange', code]);
      expectFailure(await desk.run(['exchange', code, '--json']), 'invalid_grant');
    });
  });

  describe('sends the code exactly once', () => {
    it.each([
      ['reset', {}, 'connection_lost'],
      ['status', { status: 500 }, 'google_unavailable'],
      ['status', { status: 503, retryAfter: 0 }, 'google_unavailable'],
      ['status', { status: 429, retryAfter: 0 }, 'rate_limited'],
      ['html', {}, 'google_unavailable'],
      ['html', { status: 200 }, 'answer_unreadable'],
      ['html', { status: 404 }, 'answer_unreadable'],
      ['html-after', {}, 'answer_unreadable'],
      ['torn-body', { keep: 0.1 }, 'answer_unreadable'],
      ['torn-body', { keep: 0 }, 'answer_unreadable'],
      ['huge-body', {}, 'answer_unreadable'],
      ['redirect', {}, 'answer_unreadable'],
      ['redirect', { status: 307, location: 'http://127.0.0.1:8085/token' }, 'answer_unreadable'],
    ] as const)('after %s %j', async (name, parameters, code) => {
      desk.emulator.inject({ name, path: '/token', times: 'always', ...parameters });
      const ran = await desk.run(['exchange', desk.code(), '--json']);
      const error = expectFailure(ran, code);
      expect(error).toMatchObject({ code_sent: true });
      expect(error.hint).toContain('spent');
      expect(desk.emulator.requests.count()).toBe(1);
      const accounts = await desk.run(['accounts', '--json']);
      expect(accounts.json()).toEqual({ accounts: [] });
    });

    it('after an answer that comes later than --timeout', async () => {
      const ask = emulatorFetch(desk.emulator);
      const fetch: Fetch = async (url, init) => {
        await ask(url, { ...init, signal: new AbortController().signal });
        return new Promise((_resolve, reject) => {
          const abort = () => reject(init.signal.reason);
          if (init.signal.aborted) abort();
          init.signal.addEventListener('abort', abort);
        });
      };
      const argv = ['exchange', desk.code(), '--json', '--timeout', '0.0503'];
      const error = expectFailure(await desk.run(argv, { fetch }), 'network_timeout');
      expect(error).toMatchObject({ code_sent: true, hint: expect.stringContaining('spent') });
      expect(tokenRequests(desk)).toBe(1);
    });

    it.each([
      ...['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA'],
      ...['ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL'],
    ])('and says that it is still good where no connection came about: %s', async (reason) => {
      const fetch = deadFetch(desk, reason);
      const ran = await desk.run(['exchange', desk.code(), '--json'], { fetch });
      expect(expectFailure(ran, 'network_unreachable')).toMatchObject({
        code_sent: false,
        hint: expect.stringContaining('may still be good'),
      });
    });

    it('and says that it may be spent where a connection broke that stood', async () => {
      const fetch: Fetch = async () => {
        const cause = { code: 'EHOSTUNREACH', syscall: 'read' };
        throw Object.assign(new TypeError('fetch failed'), { cause });
      };
      const ran = await desk.run(['exchange', desk.code(), '--json'], { fetch });
      expect(expectFailure(ran, 'network_unreachable')).toMatchObject({ code_sent: true });
    });

    it('and says that it is still good where the person cancels before it is sent', async () => {
      const signal = AbortSignal.abort();
      const ran = await desk.run(['exchange', desk.code(), '--json'], { signal });
      expect(expectFailure(ran, 'cancelled')).toMatchObject({ code_sent: false });
      expect(tokenRequests(desk)).toBe(0);
    });

    it('and says that it may be spent where the person cancels meanwhile', async () => {
      const controller = new AbortController();
      const ask = emulatorFetch(desk.emulator);
      const fetch: Fetch = async (url, init) => {
        const answer = await ask(url, init);
        controller.abort();
        init.signal.throwIfAborted();
        return answer;
      };
      const { signal } = controller;
      const ran = await desk.run(['exchange', desk.code(), '--json'], { fetch, signal });
      expect(expectFailure(ran, 'cancelled')).toMatchObject({ code_sent: true });
      expect(tokenRequests(desk)).toBe(1);
    });
  });

  describe('sends nothing unless the store can write', () => {
    it('where the key is not the one of the store', async () => {
      await desk.exchange();
      const before = desk.emulator.requests.count();
      const env = { GSAC_FILE_KEY: randomBytes(32).toString('base64') };
      expectFailure(
        await desk.run(['exchange', desk.code(), '--json'], { env }),
        'store_key_wrong',
      );
      expect(desk.emulator.requests.count()).toBe(before);
    });

    it.each([
      ['no key', { GSAC_FILE_KEY: undefined }, 'store_key_required'],
      ['a key that is none', { GSAC_FILE_KEY: 'c2hvcnQ=' }, 'store_key_wrong'],
      [
        'the environment as store',
        { GSAC_STORE: 'env', GSAC_CREDENTIALS: authorizedUser },
        'store_read_only',
      ],
    ] as const)('where there is %s', async (_what, env, code) => {
      expectFailure(await desk.run(['exchange', desk.code(), '--json'], { env }), code);
      expect(desk.emulator.requests.count()).toBe(0);
    });

    it('where the home is a file', async () => {
      writeFileSync(desk.home, 'in the way');
      expectFailure(await desk.run(['exchange', desk.code(), '--json']), 'store_unavailable');
      expect(desk.emulator.requests.count()).toBe(0);
    });
  });
});

const authorizedUser = '{"type":"authorized_user","client_id":"c","refresh_token":"1//0r"}';
