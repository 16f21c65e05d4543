import { describe, expect, it } from 'vitest';
import type { EmulatorOptions } from '../../../src/emulator/app.js';
import { type Browse, consent, hiddenFields } from '../../support/browser-person.js';
import { claimsOf, startEmulator } from './support.js';

const appdata = 'https://www.googleapis.com/auth/drive.appdata';
const page = 'http://localhost:8080';
const relay = 'storagerelay://http/localhost:8080?id=auth1';
type Fields = Readonly<Record<string, string>>;

function start(options: EmulatorOptions = {}) {
  const started = startEmulator(options);
  const { emulator } = started;
  const clientId = emulator.clientFile().web.client_id;
  const browse: Browse = (url, form) =>
    emulator.fetch(new Request(url, form === undefined ? {} : { method: 'POST', body: form }));
  const urlOf = (path: string, fields: Fields) =>
    `${emulator.origin}${path}?${new URLSearchParams({ client_id: clientId, ...fields })}`;
  const popupUrl = (fields: Fields = {}) =>
    urlOf('/o/oauth2/v2/auth', {
      redirect_uri: relay,
      response_type: 'code',
      scope: `openid email ${appdata}`,
      access_type: 'offline',
      prompt: 'consent',
      state: 'kept',
      ...fields,
    });
  /** Signs in in a popup and returns what the page is told, and who may be told. */
  const inPopup = async (fields: Fields = {}, cancel = false) => {
    const location = await consent(popupUrl(fields), { cancel }, browse);
    return messageIn(await (await browse(location)).text());
  };
  /** Presses Google's button as a user. */
  const press = async (fields: Fields = {}, user = 'tester@example.com') => {
    const url = urlOf('/gsi/select', { origin: page, id: 'auth2', ux_mode: 'popup', ...fields });
    const form = hiddenFields(await (await browse(url)).text());
    form.set('_user', user);
    const asked = await (await browse(url, form)).text();
    if (asked.includes('data-message')) return asked;
    const answers = hiddenFields(asked);
    answers.set('_consent', 'allow');
    return (await browse(url, answers)).text();
  };
  return { ...started, clientId, browse, urlOf, popupUrl, inPopup, press };
}

/** What a page of Google's posts to the page that opened it. */
function messageIn(html: string) {
  const [, origin, message = ''] = /data-origin="([^"]*)" data-message="([^"]*)"/.exec(html) ?? [];
  return { origin, ...JSON.parse(message.replaceAll('&quot;', '"').replaceAll('&amp;', '&')) };
}

describe('A popup of Google’s script', () => {
  it.each(['postmessage', page])(
    'gets a code that is redeemed with redirect_uri=%s',
    async (uri) => {
      const { inPopup, redeem } = start();
      const { origin, id, answer } = await inPopup();
      expect({ origin, id, state: answer.state }).toEqual({
        origin: page,
        id: 'auth1',
        state: 'kept',
      });
      const refused = await redeem(answer.code, { redirect_uri: '' });
      expect(refused.json).toMatchObject({ error: 'redirect_uri_mismatch' });
      const { json } = await redeem(answer.code, { redirect_uri: uri });
      expect(json['refresh_token']).toMatch(/^1\/\/0/);
    },
  );

  it('tells the page that the person refused', async () => {
    const { answer } = await start().inPopup({}, true);
    expect(answer).toEqual({ state: 'kept', error: 'access_denied' });
  });

  it('gets an access token without a refresh token', async () => {
    const { inPopup, emulator } = start();
    const { answer } = await inPopup({ response_type: 'token' });
    expect(answer).toMatchObject({ token_type: 'Bearer', expires_in: '3599', state: 'kept' });
    expect(answer.scope.split(' ')).toContain(appdata);
    expect(answer).not.toHaveProperty('refresh_token');
    const info = `${emulator.origin}/tokeninfo?access_token=${answer.access_token}`;
    expect(await (await emulator.fetch(new Request(info))).json()).toMatchObject({
      access_type: 'online',
    });
  });

  it('meets the faults of the authorization page', async () => {
    const { emulator, browse, popupUrl, inPopup } = start();
    emulator.inject({ name: 'wrong-state', times: 'always' });
    expect((await inPopup()).answer).toMatchObject({ state: 'another-state' });
    emulator.inject({ name: 'consent-denied' });
    const location = (await browse(popupUrl())).headers.get('location') ?? '';
    const { answer } = messageIn(await (await browse(location)).text());
    expect(answer).toMatchObject({ error: 'access_denied' });
  });

  it.each([
    ['another port', 'storagerelay://http/localhost:3000?id=auth1', 'origin_mismatch'],
    ['another scheme', 'storagerelay://https/localhost:8080?id=auth1', 'origin_mismatch'],
    ['another site', 'storagerelay://https/example.org?id=auth1', 'origin_mismatch'],
    ['no page', 'storagerelay://http/localhost:8080/path?id=auth1', 'redirect_uri_mismatch'],
  ])('is refused to %s', async (_what, redirect_uri, error) => {
    const { browse, popupUrl } = start();
    const refused = await browse(popupUrl({ redirect_uri }));
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain(`Error 400: ${error}`);
  });

  it('is refused to a desktop client', async () => {
    const { emulator, browse, popupUrl } = start();
    const { client_id } = emulator.desktopClientFile().installed;
    expect(await (await browse(popupUrl({ client_id }))).text()).toContain(
      'Storagerelay URI is not allowed for &#39;NATIVE_DESKTOP&#39; client type.',
    );
  });

  it('gives no token to a redirect', async () => {
    const { browse, popupUrl } = start();
    const redirect_uri = 'http://localhost:8080/oauth2callback';
    const refused = await browse(popupUrl({ redirect_uri, response_type: 'token' }));
    expect(await refused.text()).toContain('unsupported_response_type');
  });

  it.each([
    ['https://app.example.com', 200],
    ['http://localhost:5173', 200],
    ['http://127.0.0.1:5173', 200],
    ['http://app.example.com', 403],
    ['http://localhost.example.com', 403],
  ])('comes from %s where nobody said which origins a client has: %i', async (origin, status) => {
    const clients = [{ clientId: '123456789012-a.apps.googleusercontent.com' }];
    const { emulator, urlOf } = start({ clients });
    const headers = { origin, referer: `${origin}/` };
    const request = new Request(urlOf('/gsi/status', {}), { headers });
    expect((await emulator.fetch(request)).status).toBe(status);
  });
});

describe('Google’s button', () => {
  it('gives the page an ID token', async () => {
    const { press, clientId, emulator } = start();
    const { origin, answer, id } = messageIn(await press({ nonce: 'n-1' }));
    expect([origin, id, answer.select_by]).toEqual([page, 'auth2', 'btn_confirm']);
    const claims = claimsOf(answer.credential);
    const at = Math.floor(emulator.time.now() / 1000);
    expect(claims).toMatchObject({
      iss: 'https://accounts.google.com',
      aud: clientId,
      azp: clientId,
      email: 'tester@example.com',
      email_verified: true,
      nonce: 'n-1',
      jti: expect.stringMatching(/^[\w-]{40}$/),
    });
    expect(claims).not.toHaveProperty('at_hash');
    expect(Math.abs(Number(claims['iat']) - at)).toBeLessThan(60);
    expect(messageIn(await press()).answer.select_by).toBe('btn');
  });

  it('posts it to an endpoint that is registered, and to no other', async () => {
    const { press, urlOf, browse } = start();
    const redirect = { ux_mode: 'redirect', g_csrf_token: 'c-1', state: 's"1' };
    const login_uri = 'http://localhost:8080/oauth2callback';
    const html = await press({ ...redirect, login_uri });
    const [, action] = /<form method="post" action="([^"]*)">/.exec(html) ?? [];
    expect(action).toBe(login_uri);
    expect(Object.fromEntries(hiddenFields(html))).toMatchObject({
      credential: expect.stringMatching(/^eyJ/),
      select_by: 'btn_confirm',
      g_csrf_token: 'c-1',
      state: 's"1',
    });
    const url = urlOf('/gsi/select', { origin: page, ...redirect, login_uri: `${login_uri}/` });
    const refused = await browse(url);
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('Error 400: redirect_uri_mismatch');
  });

  it('is spoilt by the faults of ID tokens', async () => {
    const { emulator, press, clientId } = start();
    emulator.inject({ name: 'wrong-audience', user: 'tester@example.com', client: clientId });
    const { answer } = messageIn(await press());
    expect(claimsOf(answer.credential)['aud']).not.toBe(clientId);
  });

  it('is shown only in pages of a registered origin', async () => {
    const { emulator, browse, urlOf } = start();
    const show = (referer: string) =>
      emulator.fetch(new Request(urlOf('/gsi/button', {}), { headers: { referer } }));
    const shown = await show(`${page}/`);
    expect(shown.headers.get('content-security-policy')).toContain(`frame-ancestors ${page}`);
    for (const referrer of ['', 'about:blank', 'http://localhost:3000/', `${page}.example.com/`]) {
      expect((await show(referrer)).status, referrer).toBe(403);
    }
    const others = ['http://localhost:3000', 'null', '', `${page}; script-src *`, `${page}/`];
    for (const origin of others) {
      expect((await browse(urlOf('/gsi/select', { origin }))).status, origin).toBe(400);
    }
  });

  it('is refused to clients that do not exist or are disabled', async () => {
    const clientId = '123456789012-a.apps.googleusercontent.com';
    const { browse, urlOf } = start({ clients: [{ clientId, status: 'disabled' }] });
    const ask = (client_id: string) => browse(urlOf('/gsi/select', { origin: page, client_id }));
    expect(await (await ask(clientId)).text()).toContain('disabled_client');
    expect(await (await ask('nobody')).text()).toContain('invalid_client');
  });
});

describe('Revocation by Google’s script', () => {
  const post = (emulator: ReturnType<typeof start>['emulator'], fields: Fields, origin = page) =>
    emulator
      .fetch(
        new Request(`${emulator.origin}/gsi/revoke`, {
          method: 'POST',
          body: new URLSearchParams(fields),
          headers: { origin },
        }),
      )
      .then((response) => response.json());

  it('ends the access of whoever an access token belongs to', async () => {
    const { emulator, inPopup, redeem, refresh } = start();
    const { answer } = await inPopup();
    const { json } = await redeem(answer.code, { redirect_uri: 'postmessage' });
    const token = String(json['access_token']);
    expect(await post(emulator, { token })).toEqual({ successful: true });
    expect((await refresh(String(json['refresh_token']))).json).toMatchObject({
      error: 'invalid_grant',
    });
    expect(await post(emulator, { token })).toMatchObject({ error: 'invalid_token' });
  });

  it('ends the access of a user for the client of the page', async () => {
    const { emulator, press, clientId } = start();
    const fields = { client_id: clientId, login_hint: 'tester@example.com' };
    expect(await post(emulator, fields)).toMatchObject({ successful: false });
    await press();
    expect(await post(emulator, fields, 'http://localhost:3000')).toEqual({
      successful: false,
      error: 'origin_mismatch',
    });
    expect(await post(emulator, fields)).toEqual({ successful: true });
    expect(messageIn(await press()).answer.select_by).toBe('btn_confirm');
  });
});

describe('A page that calls Google’s APIs', () => {
  it('may read the answers of APIs, and not those of OAuth’s endpoints', async () => {
    const { emulator } = start();
    const ask = async (path: string, method = 'GET') => {
      const headers = { origin: page, 'access-control-request-headers': 'authorization' };
      const request = new Request(`${emulator.origin}${path}`, { method, headers });
      return (await emulator.fetch(request)).headers;
    };
    const preflight = await ask('/drive/v3/files', 'OPTIONS');
    expect(preflight.get('access-control-allow-origin')).toBe(page);
    expect(preflight.get('access-control-allow-headers')).toBe('authorization');
    for (const path of ['/drive/v3/files', '/oauth2/v3/userinfo', '/tokeninfo']) {
      expect((await ask(path)).get('access-control-allow-origin'), path).toBe(page);
    }
    for (const path of ['/token', '/revoke', '/o/oauth2/v2/auth', '/_emulator/client']) {
      expect((await ask(path)).get('access-control-allow-origin'), path).toBeNull();
    }
  });
});
