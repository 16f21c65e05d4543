import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { EmulatorOptions } from '../../../src/emulator/app.js';
import { type Browse, consent, hiddenFields } from '../../support/browser-person.js';
import { claimsOf, startEmulator } from './support.js';

const redirectUri = 'http://localhost:8080/oauth2callback';
const appdata = 'https://www.googleapis.com/auth/drive.appdata';
const verifier = 'v'.repeat(43);
const challenge = createHash('sha256').update(verifier).digest('base64url');

function start(options: EmulatorOptions = {}) {
  const started = startEmulator(options);
  const { emulator } = started;
  const clientId = emulator.clientFile().web.client_id;
  const browse: Browse = (url, form) =>
    emulator.fetch(new Request(url, form === undefined ? {} : { method: 'POST', body: form }));
  function urlOf(changes: Record<string, string | undefined> = {}, path = '/o/oauth2/v2/auth') {
    const url = new URL(`${emulator.origin}${path}`);
    const parameters = {
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: `openid email ${appdata}`,
      state: 's+ /&"1',
      access_type: 'offline',
      prompt: 'consent',
      ...changes,
    };
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return url.href;
  }
  const person = async (
    changes: Record<string, string | undefined> = {},
    options: Parameters<typeof consent>[1] = {},
  ) => new URL(await consent(urlOf(changes), options, browse)).searchParams;
  return { ...started, browse, urlOf, person };
}

describe('The authorization page', () => {
  test.each(['/o/oauth2/v2/auth', '/o/oauth2/auth'])(
    'leads through account and consent back to the app, from %s',
    async (path) => {
      const { urlOf, browse, redeem } = start();
      const location = await consent(urlOf({}, path), { user: 'qa@example.org' }, browse);
      expect(location.startsWith(`${redirectUri}?`)).toBe(true);
      const answer = new URL(location).searchParams;
      expect(answer.get('state')).toBe('s+ /&"1');
      expect(answer.get('scope')).toContain(appdata);
      expect(answer.get('hd')).toBe('example.org');
      const { json, status } = await redeem(answer.get('code') ?? '', {
        redirect_uri: redirectUri,
      });
      expect(status).toBe(200);
      expect(json['refresh_token']).toMatch(/^1\/\/0/);
      expect(claimsOf(json['id_token'])).toMatchObject({ email: 'qa@example.org' });
    },
  );

  test('takes another account, which it adds only if it is told to', async () => {
    const { emulator, urlOf, browse } = start();
    const type = async (answers: Record<string, string>) => {
      const form = hiddenFields(await (await browse(urlOf())).text());
      for (const [name, value] of Object.entries(answers)) form.set(name, value);
      return (await browse(urlOf(), form)).text();
    };
    expect(await type({ _user: ' QA@example.org ' })).toContain('wants access');
    const unknown = await type({ _user: 'new@example.com' });
    expect(unknown).toContain('The emulator has no user new@example.com.');
    expect(unknown).toContain('name="_create"');
    expect(await type({ _user: '<b>', _create: 'yes' })).toContain('&lt;b&gt; is not an email');
    expect(emulator.state.users.size).toBe(3);
    const url = urlOf();
    const body = new URLSearchParams({ _user: 'new@example.com', _create: 'yes' });
    const headers = { 'sec-fetch-site': 'cross-site' };
    await emulator.fetch(new Request(url, { method: 'POST', body, headers }));
    expect(emulator.state.users.size).toBe(3);
    const added = await type({ _user: 'new@example.com', _create: 'yes' });
    expect(added).toContain('wants access');
    expect(emulator.state.findUser('new@example.com')).toBeDefined();
    const hinted = await browse(urlOf({ login_hint: 'other@example.com' }));
    expect(await hinted.text()).toContain('value="other@example.com"');
  });

  test('binds the code to the redirect URI and the PKCE verifier', async () => {
    const { person, redeem } = start();
    const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
    const code = (await person(pkce)).get('code') ?? '';
    const send = (more: Record<string, string>) =>
      redeem(code, { redirect_uri: redirectUri, ...more });
    expect((await send({})).json['error_description']).toBe('Missing code verifier.');
    const other = await redeem(code, { redirect_uri: '', code_verifier: verifier });
    expect(other.json['error']).toBe('redirect_uri_mismatch');
    expect((await send({ code_verifier: verifier })).status).toBe(200);
  });

  test('gives what was ticked, and no more', async () => {
    const { person, redeem } = start();
    const file = 'https://www.googleapis.com/auth/drive.file';
    const answer = await person(
      { scope: `openid ${appdata} ${file}` },
      { grant: [file, 'made-up'] },
    );
    expect(answer.get('scope')).toBe(`openid ${file}`);
    const { json } = await redeem(answer.get('code') ?? '', { redirect_uri: redirectUri });
    expect(json['scope']).toBe(`openid ${file}`);
    const nothing = await person({ scope: appdata }, { grant: [] });
    expect(nothing.get('error')).toBe('access_denied');
  });

  test('include_granted_scopes adds what was granted before', async () => {
    const { person } = start();
    await person({ scope: appdata });
    expect((await person({ scope: 'openid' })).get('scope')).toBe('openid');
    const both = await person({ scope: 'openid', include_granted_scopes: 'true' });
    expect(both.get('scope')?.split(' ').sort()).toEqual([appdata, 'openid']);
  });

  test('Cancel says access_denied, with the state', async () => {
    const { person } = start();
    const answer = await person({}, { cancel: true });
    expect(Object.fromEntries(answer)).toEqual({ state: 's+ /&"1', error: 'access_denied' });
  });

  test('without prompt=consent a second time gives no refresh token and asks nothing', async () => {
    const { person, browse, urlOf, redeem } = start();
    await person();
    const hint = { prompt: undefined, login_hint: 'TESTER@example.com' };
    const again = await browse(urlOf(hint));
    expect(again.status).toBe(303);
    const code = new URL(again.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const { json } = await redeem(code, { redirect_uri: redirectUri });
    expect(json['access_token']).toBeDefined();
    expect(json['refresh_token']).toBeUndefined();
  });

  test('prompt=none never shows a page', async () => {
    const { person, browse, urlOf } = start();
    const ask = async (changes: Record<string, string>) => {
      const { headers, status } = await browse(urlOf({ prompt: 'none', ...changes }));
      expect(status).toBe(303);
      return new URL(headers.get('location') ?? '').searchParams;
    };
    expect((await ask({})).get('error')).toBe('login_required');
    const hint = { login_hint: 'tester@example.com' };
    expect((await ask(hint)).get('error')).toBe('interaction_required');
    await person();
    expect((await ask(hint)).get('code')).toMatch(/^4\/0A/);
  });

  test('access_type=online brings no refresh token', async () => {
    const { person, redeem } = start();
    const code = (await person({ access_type: undefined })).get('code') ?? '';
    const { json } = await redeem(code, { redirect_uri: redirectUri });
    expect(json['refresh_token']).toBeUndefined();
  });

  test.each<[string, Record<string, string | undefined>, number, string]>([
    ['no client', { client_id: undefined }, 400, 'Missing required parameter: client_id'],
    ['an unknown client', { client_id: 'x' }, 401, 'invalid_client'],
    [
      'no redirect URI',
      { redirect_uri: undefined },
      400,
      'Missing required parameter: redirect_uri',
    ],
    [
      'another port',
      { redirect_uri: 'http://localhost:8081/oauth2callback' },
      400,
      'redirect_uri_mismatch',
    ],
    ['a slash more', { redirect_uri: `${redirectUri}/` }, 400, 'redirect_uri_mismatch'],
    [
      'no response type',
      { response_type: undefined },
      400,
      'Missing required parameter: response_type',
    ],
    ['another response type', { response_type: 'token' }, 400, 'unsupported_response_type'],
    ['no scope', { scope: ' ' }, 400, 'Missing required parameter: scope'],
    ['a bare scope', { scope: 'openid drive.appdata' }, 400, 'invalid=[drive.appdata]'],
    ['a bad challenge', { code_challenge: 'short' }, 400, 'code_challenge'],
    [
      'a bad method',
      { code_challenge: challenge, code_challenge_method: 'S512' },
      400,
      'code_challenge',
    ],
    ['none and consent', { prompt: 'none consent' }, 400, 'invalid_request'],
  ])('refuses %s on a page of its own', async (_name, changes, status, words) => {
    const { browse, urlOf, emulator } = start();
    const answer = await browse(urlOf(changes));
    expect(answer.status).toBe(status);
    expect(answer.headers.get('location')).toBeNull();
    expect(await answer.text()).toContain(words);
    expect(emulator.state.codes).toEqual([]);
  });

  test('a desktop client may be answered at any port of this machine, and nowhere else', async () => {
    const { browse, urlOf, emulator } = start();
    const client = { client_id: emulator.desktopClientFile().installed.client_id };
    const statusOf = async (uri: string) =>
      (await browse(urlOf({ ...client, redirect_uri: uri }))).status;
    for (const uri of ['http://127.0.0.1:51234/', 'http://localhost:3/x', 'http://[::1]:4']) {
      expect(await statusOf(uri), uri).toBe(200);
    }
    for (const uri of [
      'https://127.0.0.1:51234/',
      'http://127.0.0.1.evil.test/',
      'http://user@127.0.0.1/',
      'http://example.com/',
      'javascript:alert(1)',
      'nonsense',
    ]) {
      expect(await statusOf(uri), uri).toBe(400);
    }
  });

  test('escapes whatever it was given', async () => {
    const evil = `"><script>alert(1)</script>'&`;
    const { browse, urlOf, emulator } = start({
      users: [{ email: 'a@example.com', name: evil }],
    });
    const chooser = await browse(urlOf({ state: evil, login_hint: evil, nonce: evil }));
    const page = await chooser.text();
    const form = hiddenFields(page);
    expect(form.get('state')).toBe(evil);
    form.set('_user', 'a@example.com');
    const consentPage = await (await browse(urlOf(), form)).text();
    const refusal = await (await browse(urlOf({ redirect_uri: evil }))).text();
    for (const html of [page, consentPage, refusal]) {
      expect(html).not.toContain('<script');
    }
    expect(chooser.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(chooser.headers.get('cache-control')).toContain('no-store');
    expect(emulator.requests.count('/o/oauth2/v2/auth')).toBe(3);
  });
});
