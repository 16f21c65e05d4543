import { describe, expect, it } from 'vitest';
import { createEmulator } from '../../../src/emulator/app.js';

const ask = (url: string, init?: RequestInit) => {
  const emulator = createEmulator({ origin: 'http://127.0.0.1:8085' });
  return emulator.fetch(new Request(url, init));
};
const configuration = '/.well-known/openid-configuration';

describe('a request for Google itself', () => {
  it.each([
    ['https://sheets.googleapis.com/v4/spreadsheets', 501],
    ['https://firestore.googleapis.com/token', 501],
    ['https://www.googleapis.com/calendar/v3/users/me/calendarList', 501],
    ['https://www.googleapis.com/drive/v3/changes', 501],
    // It takes POST only, as at Google.
    ['https://oauth2.googleapis.com/token', 404],
    ['https://notgoogleapis.com/nothing', 404],
    ['http://127.0.0.1:8085/calendar/v3', 404],
  ])('%s is answered %d', async (url, status) => {
    const answer = await ask(url);
    expect(answer.status).toBe(status);
    if (status === 501) {
      expect(await answer.json()).toMatchObject({
        error: { code: 501, status: 'UNIMPLEMENTED', errors: [{ reason: 'notImplemented' }] },
      });
    }
  });

  it('is answered with Google’s addresses; one for the emulator with its own', async () => {
    expect(await (await ask(`https://accounts.google.com${configuration}`)).json()).toMatchObject({
      authorization_endpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
      token_endpoint: 'https://oauth2.googleapis.com/token',
      userinfo_endpoint: 'https://openidconnect.googleapis.com/v1/userinfo',
      revocation_endpoint: 'https://oauth2.googleapis.com/revoke',
      jwks_uri: 'https://www.googleapis.com/oauth2/v3/certs',
    });
    expect(await (await ask(`http://127.0.0.1:8085${configuration}`)).json()).toMatchObject({
      token_endpoint: 'http://127.0.0.1:8085/token',
    });
    const discovery = await ask('https://www.googleapis.com/discovery/v1/apis/drive/v3/rest');
    expect(await discovery.json()).toMatchObject({ rootUrl: 'https://www.googleapis.com/' });
  });

  it('opens an upload that goes on at Google’s address', async () => {
    const emulator = createEmulator();
    const { code } = emulator.signIn();
    const { client_id, client_secret } = emulator.clientFile().web;
    const grant = {
      grant_type: 'authorization_code',
      redirect_uri: '',
      code,
      client_id,
      client_secret,
    };
    const token = await emulator.fetch(
      new Request('https://oauth2.googleapis.com/token', {
        method: 'POST',
        body: new URLSearchParams(grant),
      }),
    );
    const { access_token: accessToken } = (await token.json()) as { access_token: string };
    const upload = 'https://www.googleapis.com/upload/drive/v3/files?uploadType=resumable';
    const opened = await emulator.fetch(
      new Request(upload, {
        method: 'POST',
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        body: '{"name":"x","parents":["appDataFolder"]}',
      }),
    );
    expect(opened.headers.get('location')).toMatch(/^https:\/\/www\.googleapis\.com\/upload\//);
  });
});
